//! GWC7007 `hard-cutover`: the share of a backend moves far in one change.
//!
//! # What it checks
//! Rules whose backends change their shares, between the two sides of `gwc diff`, by more than `max-weight-step`
//! percent points (50 unless `[diff]` of the configuration says otherwise). Raised by `gwc diff` only: it takes two
//! versions to see it.
//!
//! # Why it matters
//! A backend that suddenly gets most of the traffic has cold caches and perhaps too few replicas, and a mistake in it
//! hits everybody at once.
//!
//! # Example
//! ```yaml
//! # before: weight 100 and 0
//! backendRefs:
//! - name: store
//!   port: 80
//!   weight: 0
//! - name: store-next
//!   port: 80
//!   weight: 100
//! ```
//!
//! # Fix
//! Move traffic in steps, and look at the error rate between them.
//!
//! # Specification
//! HTTPRoute `spec.rules[].backendRefs[].weight`; routing reference §5.1

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC7007.
pub(super) static LINT: Lint = Lint {
    code: rule::HARD_CUTOVER,
    docs: Docs {
        summary: "the share of a backend moves far in one change",
        what: "Rules whose backends change their shares, between the two sides of `gwc diff`, by \
               more than `max-weight-step` percent points (50 unless `[diff]` of the configuration \
               says otherwise). Raised by `gwc diff` only: it takes two versions to see it.",
        why: "A backend that suddenly gets most of the traffic has cold caches and perhaps too few \
              replicas, and a mistake in it hits everybody at once.",
        bad: r#"# before: weight 100 and 0
backendRefs:
- name: store
  port: 80
  weight: 0
- name: store-next
  port: 80
  weight: 100
"#,
        good: r#"# before: weight 100 and 0
backendRefs:
- name: store
  port: 80
  weight: 75
- name: store-next
  port: 80
  weight: 25
"#,
        fix: "Move traffic in steps, and look at the error rate between them.",
        spec: "HTTPRoute `spec.rules[].backendRefs[].weight`; routing reference §5.1",
    },
    check: None,
};
