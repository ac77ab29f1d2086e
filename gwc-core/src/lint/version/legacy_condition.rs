//! GWC9011 `legacy-condition`: a test asserts a condition that current releases do not write.
//!
//! # What it checks
//! `Scheduled` and `Ready` of Gateways, `Detached` and `Ready` of listeners in the `status` list of test files
//! (`*.gwc-test.yaml`).
//!
//! # Why it matters
//! No conformant controller of a current release sets the condition, so the assertion says nothing or always fails.
//!
//! # Example
//! ```yaml
//! status:
//!   - object: gateway/infra/shared
//!     expect: {Scheduled: True}
//! ```
//!
//! # Fix
//! Assert the successor: `Accepted` for `Scheduled`, the opposite of `Accepted` for `Detached`, `Programmed` for `Ready`.
//!
//! # Specification
//! `apis/v1/gateway_types.go`, condition types of Gateways and listeners

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9011. Test files are no part of a world, so the command line raises it.
pub(super) static LINT: Lint = Lint {
    code: rule::LEGACY_CONDITION,
    docs: Docs {
        summary: "a test asserts a condition that current releases do not write",
        what: "`Scheduled` and `Ready` of Gateways, `Detached` and `Ready` of listeners in the `status` list of \
              test files (`*.gwc-test.yaml`).",
        why: "No conformant controller of a current release sets the condition, so the assertion says nothing or \
              always fails.",
        bad: r#"# a test file
status:
  - object: gateway/infra/shared
    expect: {Scheduled: True}
"#,
        good: r#"# a test file
status:
  - object: gateway/infra/shared
    expect: {Accepted: True}
"#,
        fix: "Assert the successor: `Accepted` for `Scheduled`, the opposite of `Accepted` for `Detached`, \
              `Programmed` for `Ready`.",
        spec: "`apis/v1/gateway_types.go`, condition types of Gateways and listeners",
    },
    check: None,
};
