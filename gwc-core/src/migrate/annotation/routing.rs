//! Keys that choose paths, hosts, redirects and rewrites.

use crate::diagnostic::Severity;
use crate::migrate::annotation::{Annotation, Scope, ValueKind, Verdict};

/// By key.
pub(super) static KEYS: &[Annotation] = &[
    Annotation::new(
        "app-root",
        Scope::Server,
        Verdict::Exact,
        ValueKind::Path,
        "redirects `/` of the host to this path with 302",
        "nothing; a redirect rule for `/` does the same",
    ),
    Annotation::new(
        "canary",
        Scope::Upstream,
        Verdict::Exact,
        ValueKind::Bool,
        "makes the Ingress a canary of the one with the same host and path",
        "nothing; weights and header matches do the same",
    ),
    Annotation::new(
        "canary-by-cookie",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Header,
        "sends requests with this cookie to the canary",
        "use a header for the canary, or a policy that matches cookies",
    )
    .helper_of(&["canary"]),
    Annotation::new(
        "canary-by-header",
        Scope::Upstream,
        Verdict::Exact,
        ValueKind::Header,
        "sends requests with this header to the canary",
        "nothing; a header match does the same",
    )
    .helper_of(&["canary"]),
    Annotation::new(
        "canary-by-header-pattern",
        Scope::Upstream,
        Verdict::Approx,
        ValueKind::Regex,
        "sends requests to the canary whose header fits this regular expression",
        "name the values instead, where there are few: regular expressions differ between implementations",
    )
    .helper_of(&["canary-by-header"]),
    Annotation::new(
        "canary-by-header-value",
        Scope::Upstream,
        Verdict::Exact,
        ValueKind::Text,
        "sends requests to the canary whose header has this value",
        "nothing; a header match does the same",
    )
    .helper_of(&["canary-by-header"]),
    Annotation::new(
        "canary-weight",
        Scope::Upstream,
        Verdict::Exact,
        ValueKind::Integer,
        "sends this share of requests to the canary",
        "nothing; backend weights do the same",
    )
    .helper_of(&["canary"]),
    Annotation::new(
        "canary-weight-total",
        Scope::Upstream,
        Verdict::Exact,
        ValueKind::Integer,
        "sets the number that the canary's weight is a share of",
        "nothing; backend weights do the same",
    )
    .helper_of(&["canary-weight"]),
    Annotation::new(
        "connection-proxy-header",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "sets the `Connection` header towards the backend",
        "nothing; the Gateway owns that header",
    )
    .loss(Severity::Info),
    Annotation::new(
        "default-backend",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Name,
        "serves requests while the Service has no ready endpoints, and intercepted errors",
        "use a policy of the implementation for fail-over, or make the Service answer itself",
    ),
    Annotation::new(
        "force-ssl-redirect",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Bool,
        "redirects HTTP to HTTPS even without a certificate",
        "give the host a certificate, or say that TLS ends in front of the Gateway",
    ),
    Annotation::new(
        "from-to-www-redirect",
        Scope::Server,
        Verdict::Exact,
        ValueKind::Bool,
        "redirects the host to or from its name with `www.` in front",
        "let the certificate cover both names",
    ),
    Annotation::new(
        "http2-push-preload",
        Scope::Location,
        Verdict::Inert,
        ValueKind::Bool,
        "pushed what the answer's `Link` headers named; nginx no longer does",
        "remove it",
    )
    .loss(Severity::Info),
    Annotation::new(
        "mirror-host",
        Scope::Location,
        Verdict::None,
        ValueKind::Hosts,
        "sets the host name of the copies",
        "let the mirror accept the original host name",
    )
    .helper_of(&["mirror-target"]),
    Annotation::new(
        "mirror-request-body",
        Scope::Location,
        Verdict::None,
        ValueKind::OnOff,
        "sends copies with or without the body",
        "let the mirror ignore the body",
    )
    .helper_of(&["mirror-target"]),
    Annotation::new(
        "mirror-target",
        Scope::Location,
        Verdict::Approx,
        ValueKind::Url,
        "sends a copy of each request to this URL",
        "check which path the mirror sees; only a Service of the cluster can be a mirror",
    ),
    Annotation::new(
        "permanent-redirect",
        Scope::Location,
        Verdict::Approx,
        ValueKind::Url,
        "answers every request with a redirect to this URL, without the path and query of the request",
        "check links that carry a query: a Gateway usually keeps it",
    )
    .denied_when_invalid(),
    Annotation::new(
        "permanent-redirect-code",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Status,
        "sets the status of the permanent redirect",
        "choose 301, 302, 303, 307 or 308; a Gateway has no others",
    )
    .helper_of(&["permanent-redirect"]),
    Annotation::new(
        "preserve-trailing-slash",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Bool,
        "keeps the final slash in the redirect to HTTPS",
        "nothing; a Gateway always keeps it",
    ),
    Annotation::new(
        "relative-redirects",
        Scope::Location,
        Verdict::None,
        ValueKind::Bool,
        "writes redirects without scheme and host",
        "nothing, unless clients depend on relative redirects",
    )
    .loss(Severity::Info),
    Annotation::new(
        "rewrite-target",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Path,
        "replaces the path sent to the backend, and makes every path of the host a regular expression",
        "read the report of the host's paths: rewrites that no filter can express are listed there",
    ),
    Annotation::new(
        "server-alias",
        Scope::Server,
        Verdict::Exact,
        ValueKind::Hosts,
        "adds names to the host, from the first Ingress that has aliases",
        "check that the certificate covers the aliases; an alias that is a regular expression must become a list of names",
    ),
    Annotation::new(
        "ssl-redirect",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Bool,
        "redirects HTTP to HTTPS where the host has a certificate",
        "nothing; a redirect rule on the HTTP listener does the same",
    ),
    Annotation::new(
        "temporal-redirect",
        Scope::Location,
        Verdict::Approx,
        ValueKind::Url,
        "answers every request with a redirect to this URL, and wins over a permanent redirect",
        "check links that carry a query: a Gateway usually keeps it",
    )
    .denied_when_invalid(),
    Annotation::new(
        "temporal-redirect-code",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Status,
        "sets the status of the temporary redirect",
        "choose 301, 302, 303 or 307; a Gateway has no others",
    )
    .helper_of(&["temporal-redirect"]),
    Annotation::new(
        "upstream-vhost",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Hosts,
        "sets the host name that the backend sees",
        "nothing, if it is a plain host name; one with a variable or a port has no counterpart",
    ),
    Annotation::new(
        "use-port-in-redirects",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Bool,
        "names the port in redirects",
        "nothing; the redirect names the port",
    ),
    Annotation::new(
        "use-regex",
        Scope::Server,
        Verdict::Approx,
        ValueKind::Bool,
        "makes every path of the host a regular expression that ignores case, those of other Ingresses included",
        "replace regular expressions by Exact and PathPrefix matches where the paths allow it",
    ),
    Annotation::new(
        "x-forwarded-prefix",
        Scope::Location,
        Verdict::Exact,
        ValueKind::Text,
        "tells the backend the prefix that a rewrite removed",
        "nothing; a header filter does the same",
    )
    .helper_of(&["rewrite-target"]),
];
