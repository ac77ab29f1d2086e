//! GWC3016 `contradictory-match`: no request can satisfy a match.
//!
//! # What it checks
//! Matches with a condition that nothing fulfils: a regular expression for the empty set, or one that no normalised
//! path fits. Paths that normalisation itself removes are GWC5014.
//!
//! # Why it matters
//! The match never takes a request, on whichever listener.
//!
//! # Example
//! ```yaml
//! matches:
//! - path:
//!     type: RegularExpression
//!     value: /cart$/items
//! ```
//!
//! # Fix
//! Correct the condition, or remove the match.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches`; routing reference §3.1–§3.5

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::exchange::normalise::{self, EncodedSlash};
use crate::ir::{Match, PathMatch};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};

use super::subject::Subject;

/// GWC3016.
pub(super) static LINT: Lint = Lint {
    code: rule::CONTRADICTORY_MATCH,
    docs: Docs {
        summary: "no request can satisfy a match",
        what: "Matches with a condition that nothing fulfils: a regular expression for the empty set, or one that no \
               normalised path fits. Paths that normalisation itself removes are GWC5014.",
        why: "The match never takes a request, on whichever listener.",
        bad: r#"matches:
- path:
    type: RegularExpression
    value: /cart$/items
"#,
        good: r#"matches:
- path:
    type: RegularExpression
    value: /cart/items
"#,
        fix: "Correct the condition, or remove the match.",
        spec: "HTTPRoute `spec.rules[].matches`; routing reference §3.1–§3.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let all = cx.reach.contradictory().filter_map(|id| Subject::new(cx, id));
    let ours = all.filter(|one| is_checked(&one.route.meta) && !one.conditions.is_some_and(is_told));
    out.0.extend(ours.map(|one| diagnostic(cx, &one)));
}

/// Is the path the reason, and GWC5014 about it?
fn is_told(conditions: &Match) -> bool {
    match &conditions.path {
        PathMatch::Exact(path) | PathMatch::Prefix(path) => {
            !normalise::path(path, EncodedSlash::Keep).is_ok_and(|normal| normal == **path)
        }
        PathMatch::Regex(_) => false,
    }
}

fn diagnostic(cx: &Cx<'_>, own: &Subject<'_>) -> Diagnostic {
    let message = format!("no request satisfies {}", own.text());
    let finding = about(&own.route.meta, rule::CONTRADICTORY_MATCH, own.span(), message)
        .primary_label("cannot be fulfilled")
        .effect("the match gets no request")
        .help("correct the condition that nothing fulfils, or remove the match");
    match own.removal(cx) {
        Some(edit) => finding.fix(Applicability::Unsafe, format!("remove {}", own.text()), vec![edit]),
        None => finding,
    }
}
