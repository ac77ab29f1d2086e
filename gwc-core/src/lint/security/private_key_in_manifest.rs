//! GWC8006 `private-key-in-manifest`: a manifest contains a private key.
//!
//! # What it checks
//! Secrets in files and on standard input, with a value that holds a PEM private key. Objects read from a cluster are
//! left alone.
//!
//! # Why it matters
//! Whoever can read the repository, its history or its backups has the key, and a rotation has to be a commit.
//!
//! # Example
//! ```yaml
//! kind: Secret
//! stringData:
//!   tls.key: |
//!     -----BEGIN PRIVATE KEY-----
//!     ...
//! ```
//!
//! # Fix
//! Let an issuer in the cluster write the Secret, or keep it sealed or encrypted in the repository. Replace the key: it
//! counts as published.
//!
//! # Specification
//! Kubernetes good practices for Secrets

use crate::api::core::{Secret, SecretValue};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Origin;

/// GWC8006.
pub(super) static LINT: Lint = Lint {
    code: rule::PRIVATE_KEY_IN_MANIFEST,
    docs: Docs {
        summary: "a manifest contains a private key",
        what: "Secrets in files and on standard input, with a value that holds a PEM private key. Objects \
              read from a cluster are left alone.",
        why: "Whoever can read the repository, its history or its backups has the key, and a rotation \
              has to be a commit.",
        bad: r#"kind: Secret
stringData:
  tls.key: |
    -----BEGIN PRIVATE KEY-----
    ...
"#,
        good: r#"kind: Certificate # cert-manager writes the Secret
spec:
  secretName: shop-tls
"#,
        fix: "Let an issuer in the cluster write the Secret, or keep it sealed or encrypted in the \
              repository. Replace the key: it counts as published.",
        spec: "Kubernetes good practices for Secrets",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, secret) in cx.graph.secrets.iter().filter(|(_, secret)| is_checked(&secret.meta)) {
        let written = match cx.sources.source(secret.meta.source()).origin {
            Origin::File | Origin::Stdin => true,
            Origin::Cluster | Origin::Memory => false,
        };
        let keys = secret.data.iter().filter(|(_, value)| written && is_private_key(value));
        out.0.extend(keys.map(|(key, value)| diagnostic(secret, key, value)));
    }
}

fn is_private_key(value: &SecretValue) -> bool {
    const MARK: &[u8] = b"PRIVATE KEY-----";
    value.bytes.as_ref().is_some_and(|bytes| bytes.windows(MARK.len()).any(|window| window == MARK))
}

fn diagnostic(secret: &Secret, key: &str, value: &SecretValue) -> Diagnostic {
    let message = format!("`{key}` of {} is a private key", named(&secret.meta));
    about(&secret.meta, rule::PRIVATE_KEY_IN_MANIFEST, value.key_span, message)
        .primary_label("readable for everybody who can read this file")
        .effect("none in the cluster; the key counts as published")
        .help("replace the key, and let an issuer write the Secret or keep it encrypted")
}
