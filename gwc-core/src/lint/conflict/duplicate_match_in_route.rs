//! GWC3006 `duplicate-match-in-route`: two rules of one route claim the identical match, and the first rule wins.
//!
//! # What it checks
//! Matches that an earlier rule of the same route has with the same path, method, headers and parameters. Where both
//! rules do the same it is a remark.
//!
//! # Why it matters
//! The first rule takes every request; what the later one says never happens.
//!
//! # Example
//! ```yaml
//! rules:
//! - matches:
//!   - path: {value: /cart}
//!   backendRefs:
//!   - name: store
//!     port: 80
//! - matches:
//!   - path: {value: /cart}
//!   backendRefs:
//!   - name: cart
//!     port: 80
//! ```
//!
//! # Fix
//! Remove one of the two matches, or give it a path, header or method of its own.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §3.6

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Severity, rule};
use crate::lint::finding::about;
use crate::lint::{Cx, Docs, Lint};

use super::clash::{Pair, Sort, clashes};

/// GWC3006.
pub(super) static LINT: Lint = Lint {
    code: rule::DUPLICATE_MATCH_IN_ROUTE,
    docs: Docs {
        summary: "two rules of one route claim the identical match, and the first rule wins",
        what: "Matches that an earlier rule of the same route has with the same path, method, headers and \
               parameters. Where both rules do the same it is a remark.",
        why: "The first rule takes every request; what the later one says never happens.",
        bad: r#"rules:
- matches:
  - path: {value: /cart}
  backendRefs:
  - name: store
    port: 80
- matches:
  - path: {value: /cart}
  backendRefs:
  - name: cart
    port: 80
"#,
        good: r#"rules:
- matches:
  - path: {value: /cart}
  backendRefs:
  - name: cart
    port: 80
"#,
        fix: "Remove one of the two matches, or give it a path, header or method of its own.",
        spec: "HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    out.0.extend(clashes(cx, Sort::InRoute).iter().flatten().map(|pair| diagnostic(cx, pair)));
}

fn diagnostic(cx: &Cx<'_>, Pair { winner, loser, .. }: &Pair<'_>) -> Diagnostic {
    let message = format!("{} already goes to rule {} of the route", loser.text(), winner.position + 1);
    let harmless = winner.acts_like(loser);
    let effect = if harmless { "none: both rules do the same" } else { "this rule never gets a request of this match" };
    let mut finding = about(&loser.route.meta, rule::DUPLICATE_MATCH_IN_ROUTE, loser.span(), message)
        .primary_label("gets no request")
        .label(winner.span(), "the first rule wins")
        .effect(effect)
        .help("remove one of the two, or tell them apart by path, header or method");
    if harmless {
        finding.severity = Severity::Info;
    }
    match loser.removal(cx) {
        Some(edit) => finding.fix(Applicability::Unsafe, format!("remove {}", loser.text()), vec![edit]),
        None => finding,
    }
}
