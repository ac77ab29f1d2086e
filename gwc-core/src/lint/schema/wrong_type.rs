//! GWC0012 `wrong-type`: a value has the wrong type.
//!
//! # What it checks
//! A value has another JSON type than the schema asks for, for example text where a number is needed.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! port: "8080"
//! ```
//!
//! # Fix
//! Write the value in the wanted type; where no information is lost gwc shows the edit.
//!
//! # Specification
//! `type` of the CRD schema

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0012.
pub(super) static LINT: Lint = Lint {
    code: rule::WRONG_TYPE,
    docs: Docs {
        summary: "a value has the wrong type",
        what: "A value has another JSON type than the schema asks for, for example text where a number is \
              needed.",
        why: "The API server refuses the object.",
        bad: r#"port: "8080"
"#,
        good: r#"port: 8080
"#,
        fix: "Write the value in the wanted type; where no information is lost gwc shows the edit.",
        spec: "`type` of the CRD schema",
    },
    check: None,
};
