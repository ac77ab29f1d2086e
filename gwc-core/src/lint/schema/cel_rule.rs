//! GWC0017 `cel-rule`: a validation rule of the CRD is violated.
//!
//! # What it checks
//! A rule of `x-kubernetes-validations` is false for the object; each rule has a sub-id, such as
//! `httproute.redirect-with-backends`, and its own explanation.
//!
//! # Why it matters
//! The API server refuses the object.
//!
//! # Example
//! ```yaml
//! rules:
//! - filters:
//!   - type: RequestRedirect
//!     requestRedirect:
//!       scheme: https
//!   backendRefs:
//!   - name: web
//!     port: 8080
//! ```
//!
//! # Fix
//! Follow the explanation of the sub-id that the finding names.
//!
//! # Specification
//! `x-kubernetes-validations` of the CRD of the target

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC0017.
pub(super) static LINT: Lint = Lint {
    code: rule::CEL_RULE,
    docs: Docs {
        summary: "a validation rule of the CRD is violated",
        what: "A rule of `x-kubernetes-validations` is false for the object; each rule has a sub-id, such as \
              `httproute.redirect-with-backends`, and its own explanation.",
        why: "The API server refuses the object.",
        bad: r#"rules:
- filters:
  - type: RequestRedirect
    requestRedirect:
      scheme: https
  backendRefs:
  - name: web
    port: 8080
"#,
        good: r#"rules:
- filters:
  - type: RequestRedirect
    requestRedirect:
      scheme: https
"#,
        fix: "Follow the explanation of the sub-id that the finding names.",
        spec: "`x-kubernetes-validations` of the CRD of the target",
    },
    check: None,
};
