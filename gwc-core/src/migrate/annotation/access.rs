//! Keys that decide who is let in, and how often.

use crate::diagnostic::Severity;
use crate::migrate::annotation::{Annotation, Control, Scope, ValueKind, Verdict};

/// By key.
pub(super) static KEYS: &[Annotation] = &[
    Annotation::new(
        "allowlist-source-range",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Cidrs,
        "lets in only clients from these addresses",
        "attach an address policy of the implementation, and check which client address it sees",
    )
    .control(Control::Addresses)
    .denied_when_invalid(),
    Annotation::new(
        "auth-always-set-cookie",
        Scope::Location,
        Verdict::None,
        ValueKind::Bool,
        "passes cookies of the service on with every status",
        "set session cookies in the application or at sign-in",
    )
    .helper_of(&["auth-url"]),
    Annotation::new(
        "auth-cache-duration",
        Scope::Location,
        Verdict::None,
        ValueKind::List,
        "says how long answers of the service are kept",
        "check that the service can stand a question for each request",
    )
    .helper_of(&["auth-cache-key"]),
    Annotation::new(
        "auth-cache-key",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "keeps answers of the service under this key",
        "check that the service can stand a question for each request",
    )
    .helper_of(&["auth-url"]),
    Annotation::new(
        "auth-keepalive",
        Scope::Location,
        Verdict::None,
        ValueKind::Integer,
        "keeps connections to the service open",
        "nothing",
    )
    .helper_of(&["auth-url"])
    .loss(Severity::Info),
    Annotation::new(
        "auth-keepalive-requests",
        Scope::Location,
        Verdict::None,
        ValueKind::Integer,
        "limits the questions on one connection",
        "nothing",
    )
    .helper_of(&["auth-keepalive"])
    .loss(Severity::Info),
    Annotation::new(
        "auth-keepalive-share-vars",
        Scope::Location,
        Verdict::None,
        ValueKind::Bool,
        "shares variables with the question",
        "nothing",
    )
    .helper_of(&["auth-keepalive"])
    .loss(Severity::Info),
    Annotation::new(
        "auth-keepalive-timeout",
        Scope::Location,
        Verdict::None,
        ValueKind::Integer,
        "limits the life of an idle connection, in seconds",
        "nothing",
    )
    .helper_of(&["auth-keepalive"])
    .loss(Severity::Info),
    Annotation::new(
        "auth-method",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Text,
        "is the method of the question",
        "let the service accept the method of the original request",
    )
    .helper_of(&["auth-url"]),
    Annotation::new(
        "auth-proxy-set-headers",
        Scope::Location,
        Verdict::None,
        ValueKind::ConfigMapName,
        "holds headers of the question",
        "let the service do without them",
    )
    .helper_of(&["auth-url"]),
    Annotation::new(
        "auth-realm",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Text,
        "is the text that a browser shows when it asks for a password",
        "set it in the policy, where it has one",
    )
    .helper_of(&["auth-type"]),
    Annotation::new(
        "auth-request-redirect",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "tells the service where to send the client afterwards",
        "let the service read the forwarded headers",
    )
    .helper_of(&["auth-url"]),
    Annotation::new(
        "auth-response-headers",
        Scope::Location,
        Verdict::Approx,
        ValueKind::List,
        "lists headers that are copied from the service's answer to the request",
        "list the headers in the external authentication",
    )
    .helper_of(&["auth-url"])
    .experimental_field(),
    Annotation::new(
        "auth-secret",
        Scope::Location,
        Verdict::Policy,
        ValueKind::SecretName,
        "holds the users and their password hashes",
        "write the users in the form that the policy reads: hashes cannot be converted",
    )
    .helper_of(&["auth-type"])
    .denied_when_invalid(),
    Annotation::new(
        "auth-secret-type",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Enum(&["auth-file", "auth-map"]),
        "says in which form the Secret holds the users",
        "write the users in the form that the policy reads",
    )
    .helper_of(&["auth-type"])
    .denied_when_invalid(),
    Annotation::new(
        "auth-signin",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Url,
        "is where clients are sent to sign in",
        "let the service answer with the redirect itself",
    )
    .helper_of(&["auth-url"]),
    Annotation::new(
        "auth-signin-redirect-param",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "names the parameter that holds the original URL",
        "let the service build the URL from the forwarded headers",
    )
    .helper_of(&["auth-signin"]),
    Annotation::new(
        "auth-snippet",
        Scope::Location,
        Verdict::None,
        ValueKind::Snippet,
        "is raw configuration of the question",
        "find out what it does, and write a policy for that",
    )
    .helper_of(&["auth-url"])
    .denied_when_invalid(),
    Annotation::new(
        "auth-tls-error-page",
        Scope::Server,
        Verdict::None,
        ValueKind::Url,
        "is where clients without a valid certificate are sent",
        "nothing can answer before the handshake is over",
    )
    .helper_of(&["auth-tls-secret"]),
    Annotation::new(
        "auth-tls-match-cn",
        Scope::Server,
        Verdict::None,
        ValueKind::Regex,
        "refuses certificates whose subject does not fit",
        "check the subject in the backend, or use a CA that signs only such subjects",
    )
    .helper_of(&["auth-tls-secret"])
    .control(Control::ClientCertificate),
    Annotation::new(
        "auth-tls-pass-certificate-to-upstream",
        Scope::Server,
        Verdict::Policy,
        ValueKind::Bool,
        "tells the backend the client's certificate",
        "let the backend read the header that the implementation sends",
    )
    .helper_of(&["auth-tls-secret"]),
    Annotation::new(
        "auth-tls-secret",
        Scope::Server,
        Verdict::Approx,
        ValueKind::SecretName,
        "asks clients for a certificate signed by this CA",
        "give hosts with client certificates a Gateway or a port of their own",
    )
    .control(Control::ClientCertificate)
    .denied_when_invalid(),
    Annotation::new(
        "auth-tls-verify-client",
        Scope::Server,
        Verdict::Approx,
        ValueKind::Enum(&["on", "off", "optional", "optional_no_ca"]),
        "says whether a client certificate must be shown and must be valid",
        "check what clients without a certificate get: a Gateway ends the handshake",
    )
    .helper_of(&["auth-tls-secret"])
    .control(Control::ClientCertificate),
    Annotation::new(
        "auth-tls-verify-depth",
        Scope::Server,
        Verdict::None,
        ValueKind::Integer,
        "limits the length of the client's certificate chain",
        "let the CA itself limit the length of chains",
    )
    .helper_of(&["auth-tls-secret"]),
    Annotation::new(
        "auth-type",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Enum(&["basic", "digest"]),
        "asks for a user name and a password",
        "attach an authentication policy of the implementation",
    )
    .control(Control::Authentication)
    .denied_when_invalid(),
    Annotation::new(
        "auth-url",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Url,
        "asks this service whether a request may pass",
        "attach an external authentication of the implementation",
    )
    .control(Control::Authentication)
    .denied_when_invalid()
    .experimental_field(),
    Annotation::new(
        "denylist-source-range",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Cidrs,
        "keeps out clients from these addresses",
        "attach an address policy of the implementation, and check which client address it sees",
    )
    .control(Control::Addresses)
    .denied_when_invalid(),
    Annotation::new(
        "enable-global-auth",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Bool,
        "takes part in the authentication that the controller asks for everywhere",
        "attach an external authentication where the controller had one",
    ),
    Annotation::new(
        "enable-modsecurity",
        Scope::Location,
        Verdict::None,
        ValueKind::Bool,
        "filters requests through a web application firewall",
        "put a firewall in front of the Gateway, or use one of the implementation",
    )
    .control(Control::Waf),
    Annotation::new(
        "enable-owasp-core-rules",
        Scope::Location,
        Verdict::None,
        ValueKind::Bool,
        "loads the common rules of the firewall",
        "put a firewall in front of the Gateway, or use one of the implementation",
    )
    .control(Control::Waf),
    Annotation::new(
        "limit-allowlist",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Cidrs,
        "lists clients that no rate limit holds for",
        "exempt the addresses in the rate limit",
    )
    .helper_of(&["limit-connections", "limit-rpm", "limit-rps"])
    .denied_when_invalid(),
    Annotation::new(
        "limit-burst-multiplier",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "says how far a burst may go over the rate",
        "set the burst in the rate limit, where it has one",
    )
    .helper_of(&["limit-rps", "limit-rpm"]),
    Annotation::new(
        "limit-connections",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "limits connections per client",
        "attach a connection limit of the implementation",
    )
    .control(Control::RateLimit),
    Annotation::new(
        "limit-rate",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "limits the bandwidth of an answer, in KiB per second",
        "set it in a policy of the implementation",
    ),
    Annotation::new(
        "limit-rate-after",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "is how much of an answer is sent before its bandwidth is limited, in KiB",
        "set it in a policy of the implementation",
    )
    .helper_of(&["limit-rate"]),
    Annotation::new(
        "limit-rpm",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "limits requests per minute and client",
        "attach a rate limit of the implementation",
    )
    .control(Control::RateLimit),
    Annotation::new(
        "limit-rps",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "limits requests per second and client",
        "attach a rate limit of the implementation",
    )
    .control(Control::RateLimit),
    Annotation::new(
        "modsecurity-snippet",
        Scope::Location,
        Verdict::None,
        ValueKind::Snippet,
        "is raw configuration of the firewall",
        "move the rules to the firewall that you will use",
    )
    .control(Control::Waf),
    Annotation::new(
        "modsecurity-transaction-id",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "names requests in the firewall's log",
        "nothing",
    )
    .helper_of(&["enable-modsecurity"]),
    Annotation::new(
        "satisfy",
        Scope::Location,
        Verdict::None,
        ValueKind::Enum(&["any", "all"]),
        "with `any`, lets in who passes one of address list and authentication",
        "decide which of the two is to hold, and attach a policy for it",
    )
    .control(Control::Authentication),
];
