//! GWC0001 `yaml-syntax`: the document does not parse as kubectl reads it.
//!
//! # What it checks
//! Every document is read with the rules of kubectl: YAML 1.1 scalars, no tabs as indentation, aliases only to
//! anchors that exist.
//!
//! # Why it matters
//! kubectl refuses the whole file; nothing in it reaches the cluster.
//!
//! # Example
//! ```yaml
//! hostnames:
//! - *.example.com
//! ```
//!
//! # Fix
//! Correct the token that the finding points at; put quotes around a value that begins with `*`, `&`, `!`, `%`, `@`
//! or a backquote.
//!
//! # Specification
//! YAML 1.2 with the scalar rules of sigs.k8s.io/yaml

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0001.
pub(super) static LINT: Lint = Lint {
    code: rule::YAML_SYNTAX,
    docs: Docs {
        summary: "the document does not parse as kubectl reads it",
        what: "Every document is read with the rules of kubectl: YAML 1.1 scalars, no tabs as indentation, \
              aliases only to anchors that exist.",
        why: "kubectl refuses the whole file; nothing in it reaches the cluster.",
        bad: r#"hostnames:
- *.example.com
"#,
        good: r#"hostnames:
- "*.example.com"
"#,
        fix: "Correct the token that the finding points at; put quotes around a value that begins with `*`, \
              `&`, `!`, `%`, `@` or a backquote.",
        spec: "YAML 1.2 with the scalar rules of sigs.k8s.io/yaml",
    },
    check: None,
};
