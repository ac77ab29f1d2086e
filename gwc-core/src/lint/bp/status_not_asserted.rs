//! GWC7006 `status-not-asserted`: no route test asserts the status of a route.
//!
//! # What it checks
//! Routes beside test files (`*.gwc-test.yaml`) of which no `status` entry asserts both `Accepted` and `ResolvedRefs`.
//! Input without test files is not reported on.
//!
//! # Why it matters
//! A route that stops to attach, or loses a reference, changes nothing that its tests look at until a request fails.
//!
//! # Example
//! ```yaml
//! kind: HTTPRoute
//! metadata:
//!   name: window
//! ```
//!
//! # Fix
//! Assert both conditions in the `status` list of a test file; `gwc test --record` writes them.
//!
//! # Specification
//! cli-and-rules.md §10

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC7006. Test files are no part of a world, so the command line raises it.
pub(super) static LINT: Lint = Lint {
    code: rule::STATUS_NOT_ASSERTED,
    docs: Docs {
        summary: "no route test asserts the status of a route",
        what: "Routes beside test files (`*.gwc-test.yaml`) of which no `status` entry asserts both `Accepted` \
              and `ResolvedRefs`. Input without test files is not reported on.",
        why: "A route that stops to attach, or loses a reference, changes nothing that its tests look at until a \
              request fails.",
        bad: r#"# a test file
version: 1
tests:
  - request: https://www.shop.example.com/
    expect: {route: store/window}
"#,
        good: r#"# a test file
version: 1
tests:
  - request: https://www.shop.example.com/
    expect: {route: store/window}
status:
  - object: httproute/store/window
    expect: {Accepted: True, ResolvedRefs: True}
"#,
        fix: "Assert both conditions in the `status` list of a test file; `gwc test --record` writes them. On a \
              cluster, `kubectl wait` for the same conditions.",
        spec: "cli-and-rules.md §10",
    },
    check: None,
};
