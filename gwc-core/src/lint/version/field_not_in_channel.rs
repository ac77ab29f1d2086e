//! GWC9004 `field-not-in-channel`: the field is only in the experimental channel.
//!
//! # What it checks
//! The target is the standard channel, and the field exists at this place in the experimental channel of the same
//! release only.
//!
//! # Why it matters
//! Strict clients refuse the object; otherwise the field is dropped without a word and has no effect.
//!
//! # Example
//! ```yaml
//! rules:
//! - retry:
//!     attempts: 3
//! ```
//!
//! # Fix
//! Install the experimental CRDs and check with that channel, or remove the field.
//!
//! # Specification
//! Release channels of Gateway API, structural pruning

use crate::diagnostic::rule;
use crate::lint::{Docs, Lint};

/// GWC9004.
pub(super) static LINT: Lint = Lint {
    code: rule::FIELD_NOT_IN_CHANNEL,
    docs: Docs {
        summary: "the field is only in the experimental channel",
        what: "The target is the standard channel, and the field exists at this place in the experimental \
              channel of the same release only.",
        why: "Strict clients refuse the object; otherwise the field is dropped without a word and has no \
              effect.",
        bad: r#"rules:
- retry:
    attempts: 3
"#,
        good: r#"rules:
- timeouts:
    request: 10s
"#,
        fix: "Install the experimental CRDs and check with that channel, or remove the field.",
        spec: "Release channels of Gateway API, structural pruning",
    },
    check: None,
};
