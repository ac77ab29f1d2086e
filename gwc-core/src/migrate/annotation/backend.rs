//! Keys about backends: protocol, TLS, choice of endpoints.

use crate::diagnostic::Severity;
use crate::migrate::annotation::{Annotation, Scope, ValueKind, Verdict};

/// By key.
pub(super) static KEYS: &[Annotation] = &[
    Annotation::new(
        "backend-protocol",
        Scope::Location,
        Verdict::Approx,
        ValueKind::Enum(&["HTTP", "HTTPS", "AUTO_HTTP", "GRPC", "GRPCS", "FCGI"]),
        "chooses what is spoken with the backend",
        "give the CA of a TLS backend as a ConfigMap, and set `appProtocol` on the port of a gRPC Service",
    ),
    Annotation::new(
        "fastcgi-index",
        Scope::Location,
        Verdict::None,
        ValueKind::Text,
        "is the file that a FastCGI request for a folder means",
        "put a web server in front of the FastCGI backend",
    )
    .helper_of(&["backend-protocol"])
    .loss(Severity::Error),
    Annotation::new(
        "fastcgi-params-configmap",
        Scope::Location,
        Verdict::None,
        ValueKind::ConfigMapName,
        "holds parameters of FastCGI requests",
        "put a web server in front of the FastCGI backend",
    )
    .helper_of(&["backend-protocol"])
    .loss(Severity::Error),
    Annotation::new(
        "load-balance",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Enum(&["round_robin", "ewma"]),
        "chooses how endpoints are picked",
        "choose the algorithm in a policy of the implementation",
    ),
    Annotation::new(
        "proxy-http-version",
        Scope::Location,
        Verdict::None,
        ValueKind::Enum(&["1.0", "1.1"]),
        "chooses the version of HTTP towards the backend",
        "nothing, unless the backend speaks only 1.0",
    )
    .loss(Severity::Info),
    Annotation::new(
        "proxy-ssl-ciphers",
        Scope::Server,
        Verdict::Policy,
        ValueKind::Text,
        "chooses the ciphers towards the backend",
        "set them in a policy of the implementation",
    )
    .helper_of(&["proxy-ssl-secret"]),
    Annotation::new(
        "proxy-ssl-name",
        Scope::Server,
        Verdict::Approx,
        ValueKind::Hosts,
        "is the name that the backend's certificate must have",
        "name it in the BackendTLSPolicy",
    )
    .helper_of(&["proxy-ssl-secret"]),
    Annotation::new(
        "proxy-ssl-protocols",
        Scope::Server,
        Verdict::Policy,
        ValueKind::List,
        "chooses the TLS versions towards the backend",
        "set them in a policy of the implementation",
    )
    .helper_of(&["proxy-ssl-secret"]),
    Annotation::new(
        "proxy-ssl-secret",
        Scope::Server,
        Verdict::Approx,
        ValueKind::SecretName,
        "holds the CA that signs the backend's certificate, and the client certificate shown to it",
        "give the CA as a ConfigMap; a client certificate is set for the whole Gateway",
    )
    .denied_when_invalid(),
    Annotation::new(
        "proxy-ssl-server-name",
        Scope::Server,
        Verdict::Approx,
        ValueKind::OnOff,
        "sends the name to the backend when the connection begins",
        "nothing; a Gateway always sends it",
    )
    .helper_of(&["proxy-ssl-secret"]),
    Annotation::new(
        "proxy-ssl-verify",
        Scope::Server,
        Verdict::Policy,
        ValueKind::OnOff,
        "verifies the certificate of the backend",
        "let the backend have a certificate that can be verified: a BackendTLSPolicy always verifies",
    )
    .helper_of(&["proxy-ssl-secret"]),
    Annotation::new(
        "proxy-ssl-verify-depth",
        Scope::Server,
        Verdict::None,
        ValueKind::Integer,
        "limits the length of the backend's certificate chain",
        "nothing, unless a chain must be refused",
    )
    .helper_of(&["proxy-ssl-secret"])
    .loss(Severity::Info),
    Annotation::new(
        "service-upstream",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Bool,
        "sends to the address of the Service, not to its endpoints",
        "choose that in a policy of the implementation, if the Service's address matters",
    ),
    Annotation::new(
        "upstream-hash-by",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Text,
        "picks endpoints by a hash of these variables",
        "choose consistent hashing in a policy of the implementation",
    ),
    Annotation::new(
        "upstream-hash-by-subset",
        Scope::Upstream,
        Verdict::None,
        ValueKind::Bool,
        "picks a subset of endpoints by the hash",
        "do without subsets, or change the application",
    )
    .helper_of(&["upstream-hash-by"]),
    Annotation::new(
        "upstream-hash-by-subset-size",
        Scope::Upstream,
        Verdict::None,
        ValueKind::Integer,
        "sets the size of a subset",
        "do without subsets, or change the application",
    )
    .helper_of(&["upstream-hash-by-subset"]),
];
