//! GWC0014 `pattern-mismatch`: a text does not have the needed form.
//!
//! # What it checks
//! A hostname, path, header name, duration, section name or other text that does not have the form that its field
//! asks for; the finding says in words which part is wrong.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! hostnames:
//! - shop.example.com:8080
//! ```
//!
//! # Fix
//! Bring the text into the form that the finding describes.
//!
//! # Specification
//! `pattern` of the CRD schema

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0014.
pub(super) static LINT: Lint = Lint {
    code: rule::PATTERN_MISMATCH,
    docs: Docs {
        summary: "a text does not have the needed form",
        what: "A hostname, path, header name, duration, section name or other text that does not have the form \
              that its field asks for; the finding says in words which part is wrong.",
        why: "The API server refuses the object.",
        bad: r#"hostnames:
- shop.example.com:8080
"#,
        good: r#"hostnames:
- shop.example.com
"#,
        fix: "Bring the text into the form that the finding describes.",
        spec: "`pattern` of the CRD schema",
    },
    check: None,
};
