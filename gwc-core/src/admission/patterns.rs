//! Patterns of the CRDs as hand-written functions; a test compares each with its regular expression.

#[cfg(test)]
mod compare;
pub(super) mod names;
pub(super) mod text;

/// One pattern of the CRDs.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// The regular expression, as the CRDs have it; matches anywhere unless anchored.
    pub text: &'static str,
    /// The same, by hand.
    pub matches: fn(&str) -> bool,
    /// What a fitting value looks like, in words.
    pub words: &'static str,
}

/// All patterns, in the order of their text.
pub static PATTERNS: &[Pattern] = &[
    Pattern {
        text: r"(^\*$)|(^([a-zA-Z][a-zA-Z0-9+\-.]+):\/\/([^:/?#]+)(:([0-9]{1,5}))?$)",
        matches: text::origin,
        words: "`*`, or a scheme, `://`, a host and perhaps `:` and a port, such as `https://example.com`",
    },
    Pattern {
        text: r"(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)",
        matches: text::http_origin,
        words: "`*`, or `http://` or `https://`, a host name (perhaps after `*.`) and perhaps `:` and a port",
    },
    Pattern {
        text: r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        matches: names::group,
        words: "empty, or a DNS name of lower-case letters, digits, `-` and `.`, such as `gateway.networking.k8s.io`",
    },
    Pattern {
        text: r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$",
        matches: names::label_value,
        words: "empty, or letters, digits, `-`, `_` and `.`, with a letter or digit at both ends",
    },
    Pattern {
        text: r"^(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\?([^#]*))?(#(.*))?",
        matches: text::absolute_uri,
        words: "an absolute URI: a scheme, `://` and the rest, such as `spiffe://cluster.local/ns/shop`",
    },
    Pattern {
        text: r"^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$",
        matches: text::path_characters,
        words: "characters of a URL path; anything else percent-encoded, such as `%20` for a space",
    },
    Pattern {
        text: r"^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$",
        matches: names::well_known_certificates,
        words: "`System`, or a DNS name, `/` and a name of up to 63 characters",
    },
    Pattern {
        text: r"^([0-9]{1,5}(h|m|s|ms)){1,4}$",
        matches: text::duration,
        words: "one to four numbers of up to five digits, each with `h`, `m`, `s` or `ms`, such as `1m30s`",
    },
    Pattern {
        text: r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
        matches: names::condition_type,
        words: "letters, digits, `-`, `_` and `.`, perhaps after a DNS name and `/`",
    },
    Pattern {
        text: r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        matches: names::hostname,
        words: "a DNS name of lower-case letters, digits, `-` and `.`, perhaps after `*.`",
    },
    Pattern {
        text: r"^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$",
        matches: names::address_type,
        words: "`IPAddress`, `Hostname`, `NamedAddress`, or a DNS name, `/` and a name, such as `example.com/pool`",
    },
    Pattern {
        text: r"^[!-~]+([\t ]?[!-~]+)*$",
        matches: text::header_value,
        words: "visible ASCII characters with single spaces or tabs inside, none at the ends",
    },
    Pattern {
        text: r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$",
        matches: text::header_name,
        words: "letters, digits and the punctuation of header names, such as `X-Request-Id`",
    },
    Pattern {
        text: r"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
        matches: names::condition_reason,
        words: "a word in camel case: letters, digits and `_`, a letter first",
    },
    Pattern {
        text: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        matches: names::label,
        words: "lower-case letters, digits and `-`, with a letter or digit at both ends",
    },
    Pattern {
        text: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        matches: names::subdomain,
        words: "a DNS name: lower-case letters, digits, `-` and `.`, with a letter or digit at both ends of each label",
    },
    Pattern {
        text: r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$",
        matches: names::controller,
        words: "a DNS name, `/` and a path, such as `example.com/gateway-controller`",
    },
    Pattern {
        text: r"^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$",
        matches: names::protocol,
        words: "`HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP`, or a DNS name, `/` and a word, such as `example.com/quic`",
    },
    Pattern {
        text: r"^[a-zA-Z0-9]([-a-zSA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$",
        matches: names::protocol,
        words: "`HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP`, or a DNS name, `/` and a word, such as `example.com/quic`",
    },
    Pattern {
        text: r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$",
        matches: names::kind,
        words: "letters, digits and `-`, starting with a letter, such as `HTTPRoute`",
    },
];
