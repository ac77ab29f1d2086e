//! GWC0005 `template-not-rendered`: the file holds template markers.
//!
//! # What it checks
//! A file holds markers of a template language, such as double curly braces, and no rendered manifests.
//!
//! # Why it matters
//! A template is no manifest: what it renders to depends on values that are not here, so the file is not analysed.
//!
//! # Example
//! ```yaml
//! metadata:
//!   name: {{ .Values.name }}
//! ```
//!
//! # Fix
//! Render first and check the result: `helm template . | gwc check -`.
//!
//! # Specification
//! cli-and-rules.md §5.1

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0005.
pub(super) static LINT: Lint = Lint {
    code: rule::TEMPLATE_NOT_RENDERED,
    docs: Docs {
        summary: "the file holds template markers",
        what: "A file holds markers of a template language, such as double curly braces, and no rendered \
              manifests.",
        why: "A template is no manifest: what it renders to depends on values that are not here, so the file \
              is not analysed.",
        bad: r#"metadata:
  name: {{ .Values.name }}
"#,
        good: r#"metadata:
  name: shop
"#,
        fix: "Render first and check the result: `helm template . | gwc check -`.",
        spec: "cli-and-rules.md §5.1",
    },
    check: None,
};
