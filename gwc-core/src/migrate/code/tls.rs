//! Certificates, redirects to HTTPS and client certificates: MIG4.
//!
//! One page for each finding; number, name and severity are its row of the registry.

use crate::diagnostic::rule::{self, Docs};
use crate::migrate::code::{Direction, Finding, PAGE};

/// By number.
pub(super) static ALL: &[Finding] = &[
    Finding {
        code: rule::DEFAULT_CERTIFICATE,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "the host was served with the default certificate of the controller",
            what: "The Ingress has TLS, but none of its certificates is for this host. The controller used its \
                   default certificate.",
            why: "A Gateway has no default certificate, so no HTTPS listener can be written, and the redirect to \
                  HTTPS would lead nowhere.",
            fix: "Name the certificate with `--default-certificate NAMESPACE/SECRET`, or add the host to \
                  `spec.tls[].hosts` with a Secret that covers it.",
            spec: "`spec.tls`; migration reference §2.6",
            ..PAGE
        },
    },
    Finding {
        code: rule::SECRET_ACROSS_NAMESPACES,
        direction: None,
        docs: Docs {
            summary: "a Secret of another namespace is used, with a ReferenceGrant",
            what: "The Gateway uses a certificate of another namespace, and the output has a ReferenceGrant for \
                   exactly this Gateway namespace and this Secret.",
            why: "Without the grant the listener is not programmed. The owner of the Secret's namespace should know \
                  of it.",
            fix: "Nothing. With `--listeners listenerset` the listeners live beside their Secrets and need no grant.",
            spec: "ReferenceGrant; migration reference §2.6, §2.11",
            ..PAGE
        },
    },
    Finding {
        code: rule::PASSTHROUGH_AND_TERMINATION,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "one host and port is both passed through and terminated",
            what: "`ssl-passthrough` hands the connections of a host through, and other paths of the host need TLS \
                   to end here.",
            why: "The controller passed all TLS connections of the host through, so the other paths were reachable \
                  by HTTP only. The output does the same.",
            fix: "Serve what has to be terminated on a host of its own.",
            spec: "TLSRoute; migration reference §3.8",
            ..PAGE
        },
    },
    Finding {
        code: rule::CLIENT_CERTIFICATE_SCOPE,
        direction: Some(Direction::Widens),
        docs: Docs {
            summary: "client certificates were asked for per host, Gateway API asks for them per port",
            what: "`auth-tls-secret` asks for client certificates on one host. Gateway API asks for them on a port, \
                   for all hosts of it.",
            why: "On a shared port the demand would reach hosts that never had it, or be missing where it is needed. \
                  It is lost, and the rules that it guarded are closed (see MIG511).",
            fix: "Give these hosts a Gateway or a port of their own with `tls.frontend`, or use the policy of the \
                  implementation.",
            spec: "`Gateway.spec.tls.frontend`; migration reference §3.8",
            ..PAGE
        },
    },
    Finding {
        code: rule::CERTIFICATE_MISFIT,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "the certificate does not cover the host",
            what: "The names in the certificate do not cover the host, or the Secret is no usable certificate.",
            why: "The controller fell back to its default certificate. A Gateway serves the certificate as it is, \
                  and clients refuse it.",
            fix: "Let the certificate cover the host, or take the host out of the TLS block.",
            spec: "migration reference §2.6",
            ..PAGE
        },
    },
    Finding {
        code: rule::REDIRECT_WITHOUT_LISTENER,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "HTTP is redirected to HTTPS, and no HTTPS listener can be written",
            what: "`force-ssl-redirect` sends clients to HTTPS, but the host has no certificate.",
            why: "TLS ended somewhere before the controller, which told by `X-Forwarded-Proto`. A Gateway would \
                  redirect every request again and again, so no redirect was written.",
            fix: "Say that TLS ends before the Gateway with `--external-tls`, or give the host a certificate.",
            spec: "migration reference §3.7",
            ..PAGE
        },
    },
];
