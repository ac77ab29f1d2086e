//! Runs that are not as they should be, with the reason. A run that passes must not stand here: the list only shrinks.

/// Case and run, and what is wrong.
pub(crate) const NOT_YET: &[(&str, &str)] = &[
    ("T106-body-size/expect", "that zero means unlimited is not said"),
    ("T136-grpc-longer-path/expect", "the protocol to the backend counts as a difference"),
    ("T136-grpc-regex/expect", "the protocol to the backend counts as a difference"),
    ("T139-server-snippet/expect", "that the snippet reaches another Ingress is not said"),
    ("T20-alias-with-underscore/expect", "an alias that is no name of the DNS is written"),
    ("T49-host-outside-tls/expect", "a connection without a certificate counts as a difference"),
    ("T50-tls-without-secret/expect", "a connection without a certificate counts as a difference"),
    ("T57-www-not-covered/expect", "a certificate that does not cover the other name is not named"),
    ("T59-host-of-two-namespaces/expect-per-namespace", "what is refused is compared all the same"),
    ("T63-client-certificates/expect", "clear text counts as guarded by certificates of clients"),
    ("T66-default-backend-with-rules/expect-generic", "the default backend serves the hosts of its Ingress only"),
    ("T75-grpc-beside-http/expect", "the protocol to the backend counts as a difference"),
    ("T96-cors-wildcard/expect", "no witness"),
    ("annotations-all-at-once/expect", "clear text counts as guarded by certificates of clients"),
    ("backend-grpcs/expect", "the protocol to the backend counts as a difference"),
    ("option-gateway-per-ingress/expect", "the Gateway of another host is asked"),
    ("option-gateway-per-namespace/expect", "the Gateway of another host is asked"),
    ("option-plaintext/expect", "a connection without a certificate counts as a difference"),
    ("option-plaintext/expect-accepted", "a connection without a certificate counts as a difference"),
    ("option-resource-backends/expect", "resources are not written"),
];
