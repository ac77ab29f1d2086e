//! GWC0003 `yaml-ambiguous-scalar`: an unquoted value does not mean what it looks like.
//!
//! # What it checks
//! A plain scalar or key that YAML 1.1 resolves to something else than its text, where the API server takes the
//! result: octal and grouped numbers, `on` and `off`, keys that look like numbers.
//!
//! # Why it matters
//! The server stores another value than the one that is written, for example port 83 for `0123`.
//!
//! # Example
//! ```yaml
//! port: 0123
//! ```
//!
//! # Fix
//! Write the value in its plain form, or put it in quotes where text is meant.
//!
//! # Specification
//! YAML 1.1 type repository as read by sigs.k8s.io/yaml

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0003.
pub(super) static LINT: Lint = Lint {
    code: rule::YAML_AMBIGUOUS_SCALAR,
    docs: Docs {
        summary: "an unquoted value does not mean what it looks like",
        what: "A plain scalar or key that YAML 1.1 resolves to something else than its text, where the API \
              server takes the result: octal and grouped numbers, `on` and `off`, keys that look like numbers.",
        why: "The server stores another value than the one that is written, for example port 83 for `0123`.",
        bad: r#"port: 0123
"#,
        good: r#"port: 123
"#,
        fix: "Write the value in its plain form, or put it in quotes where text is meant.",
        spec: "YAML 1.1 type repository as read by sigs.k8s.io/yaml",
    },
    check: None,
};
