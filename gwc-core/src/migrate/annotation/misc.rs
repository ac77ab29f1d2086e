//! Keys about TLS of the host, headers, errors, logs and raw configuration.

use crate::diagnostic::Severity;
use crate::migrate::annotation::{Annotation, Control, Scope, ValueKind, Verdict};

/// By key.
pub(super) static KEYS: &[Annotation] = &[
    Annotation::new(
        "configuration-snippet",
        Scope::Location,
        Verdict::None,
        ValueKind::Snippet,
        "is raw configuration of the location",
        "find out what it does; common lines are recognised on request",
    )
    .control(Control::Snippet)
    .denied_when_invalid(),
    Annotation::new(
        "custom-headers",
        Scope::Location,
        Verdict::Exact,
        ValueKind::ConfigMapName,
        "sets headers of answers",
        "give the ConfigMap with the input",
    )
    .denied_when_invalid(),
    Annotation::new(
        "custom-http-errors",
        Scope::Location,
        Verdict::Policy,
        ValueKind::List,
        "answers these statuses with the default backend",
        "let the backend answer with its own pages, or use a policy of the implementation",
    ),
    Annotation::new(
        "disable-proxy-intercept-errors",
        Scope::Location,
        Verdict::Inert,
        ValueKind::Bool,
        "keeps the answers of the backend",
        "nothing",
    )
    .helper_of(&["custom-http-errors"])
    .loss(Severity::Info),
    Annotation::new(
        "enable-access-log",
        Scope::Location,
        Verdict::None,
        ValueKind::Bool,
        "writes requests to the access log",
        "choose logging in the implementation's settings",
    )
    .loss(Severity::Info),
    Annotation::new(
        "enable-opentelemetry",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Bool,
        "traces requests",
        "choose tracing in a policy of the implementation",
    ),
    Annotation::new(
        "enable-rewrite-log",
        Scope::Location,
        Verdict::None,
        ValueKind::Bool,
        "writes rewrites to the error log",
        "nothing",
    )
    .loss(Severity::Info),
    Annotation::new(
        "opentelemetry-operation-name",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Text,
        "names the spans",
        "choose it in a policy of the implementation",
    )
    .helper_of(&["enable-opentelemetry"]),
    Annotation::new(
        "opentelemetry-trust-incoming-span",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Bool,
        "continues the traces of clients",
        "choose it in a policy of the implementation",
    )
    .helper_of(&["enable-opentelemetry"]),
    Annotation::new(
        "proxy-cookie-domain",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "rewrites the domain of the backend's cookies",
        "let the backend set the right domain",
    ),
    Annotation::new(
        "proxy-cookie-path",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "rewrites the path of the backend's cookies",
        "let the backend set the right path",
    ),
    Annotation::new(
        "proxy-redirect-from",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "is what is replaced in redirects of the backend",
        "let the backend send the right redirects",
    ),
    Annotation::new(
        "proxy-redirect-to",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "is what it is replaced by in redirects of the backend",
        "let the backend send the right redirects",
    )
    .helper_of(&["proxy-redirect-from"]),
    Annotation::new(
        "server-snippet",
        Scope::Server,
        Verdict::None,
        ValueKind::Snippet,
        "is raw configuration of the host, from the first Ingress that has one",
        "find out what it does, and write rules or a policy for that",
    )
    .control(Control::Snippet)
    .denied_when_invalid(),
    Annotation::new(
        "ssl-ciphers",
        Scope::Server,
        Verdict::Policy,
        ValueKind::Text,
        "chooses the ciphers of the host",
        "set them in the listener's TLS options or a policy of the implementation",
    ),
    Annotation::new(
        "ssl-passthrough",
        Scope::Server,
        Verdict::Exact,
        ValueKind::Bool,
        "passes TLS connections of the host to the backend of `/`",
        "check that the controller had passthrough enabled; without it the annotation does nothing",
    ),
    Annotation::new(
        "ssl-prefer-server-ciphers",
        Scope::Server,
        Verdict::Policy,
        ValueKind::Bool,
        "lets the server choose among the ciphers",
        "set it in a policy of the implementation",
    ),
    Annotation::new(
        "stream-snippet",
        Scope::Server,
        Verdict::None,
        ValueKind::Snippet,
        "is raw configuration of TCP and UDP proxies",
        "write TCP or UDP listeners and routes by hand",
    )
    .denied_when_invalid(),
];
