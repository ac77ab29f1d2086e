//! GWC0015 `limit-exceeded`: a list, text or number is beyond its limit.
//!
//! # What it checks
//! More or fewer items, characters, or a larger or smaller number than the schema allows, for example more than 16
//! rules, 16 backendRefs, 32 parentRefs or 16 hostnames.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! hostnames: []   # of a TLSRoute, which needs one
//! ```
//!
//! # Fix
//! Split the object where the finding says, or change the number.
//!
//! # Specification
//! `minItems`, `maxItems`, `minLength`, `maxLength`, `minimum`, `maximum` of the CRD schema

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0015.
pub(super) static LINT: Lint = Lint {
    code: rule::LIMIT_EXCEEDED,
    docs: Docs {
        summary: "a list, text or number is beyond its limit",
        what: "More or fewer items, characters, or a larger or smaller number than the schema allows, for \
              example more than 16 rules, 16 backendRefs, 32 parentRefs or 16 hostnames.",
        why: "The API server refuses the object.",
        bad: r#"hostnames: []   # of a TLSRoute, which needs one
"#,
        good: r#"hostnames:
- db.example.com
"#,
        fix: "Split the object where the finding says, or change the number.",
        spec: "`minItems`, `maxItems`, `minLength`, `maxLength`, `minimum`, `maximum` of the CRD schema",
    },
    check: None,
};
