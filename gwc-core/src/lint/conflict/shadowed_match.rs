//! GWC3007 `shadowed-match`: every request that a match accepts is taken by matches of higher precedence.
//!
//! # What it checks
//! Matches of which it is proven, on every listener and hostname where their rule is served, that matches of higher
//! precedence take each request they accept; the finding shows these. A match that an identical one hides has GWC3005,
//! GWC3006, GWC3013 or GWC8002, one that only its own rule hides GWC3009, and a rule without any match that is reached
//! GWC3008. Where all of them do the same it is a remark. What cannot be proven, because of regular expressions, is not
//! reported.
//!
//! # Why it matters
//! The match never takes part: its rule serves less than it says.
//!
//! # Example
//! ```yaml
//! rules:
//! - matches:
//!   - path: {type: Exact, value: /cart}
//! - matches:
//!   - path: {type: Exact, value: /cart} # all of it goes to the rule above
//!     method: GET
//!     headers:
//!     - name: version
//!       value: "2"
//!   - path: {value: /beta}
//! ```
//!
//! # Fix
//! Remove the match, or make it more specific than those that stand before it.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §2.4, §3.6

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Severity, rule};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};

use super::cause::{Cause, Covered, labels, lost_matches};
use super::reach::MatchId;
use super::subject::{Subject, attached, host_text};

/// GWC3007.
pub(super) static LINT: Lint = Lint {
    code: rule::SHADOWED_MATCH,
    docs: Docs {
        summary: "every request that a match accepts is taken by matches of higher precedence",
        what: "Matches of which it is proven, on every listener and hostname where their rule is served, that \
               matches of higher precedence take each request they accept; the finding shows these. A match that an \
               identical one hides has GWC3005, GWC3006, GWC3013 or GWC8002, one that only its own rule hides \
               GWC3009, and a rule without any match that is reached GWC3008. Where all of them do the same it is a \
               remark. What cannot be proven, because of regular expressions, is not reported.",
        why: "The match never takes part: its rule serves less than it says.",
        bad: r#"rules:
- matches:
  - path: {type: Exact, value: /cart}
- matches:
  - path: {type: Exact, value: /cart} # all of it goes to the rule above
    method: GET
    headers:
    - name: version
      value: "2"
  - path: {value: /beta}
"#,
        good: r#"rules:
- matches:
  - path: {value: /cart}
- matches:
  - path: {value: /cart}
    headers:
    - name: version
      value: "2"
  - path: {value: /beta}
"#,
        fix: "Remove the match, or make it more specific than those that stand before it.",
        spec: "HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §2.4, §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, own, cause) in lost_matches(cx) {
        if let (Cause::Covered(covered), true) = (&cause, is_checked(&own.route.meta)) {
            out.push(diagnostic(cx, id, &own, covered));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: MatchId, own: &Subject<'_>, covered: &Covered<'_>) -> Diagnostic {
    let hosts = host_text(covered.place.host(&cx.lowered.config));
    let message = format!("no request on {hosts} reaches {}", own.text());
    let effect = if covered.harmless { "none: the matches before it do the same" } else { "the match gets no request" };
    let mut finding = about(&own.route.meta, rule::SHADOWED_MATCH, own.span(), message)
        .primary_label("others take all of it")
        .effect(effect)
        .help("remove it, or make it more specific than what stands before it");
    for (span, text) in labels(&covered.by) {
        finding = finding.label(span, text);
    }
    if covered.harmless {
        finding.severity = Severity::Info;
    }
    if cx.reach.preflights.contains(&id) {
        finding = finding.note("CORS preflights still reach it");
    }
    if let Some(edit) = own.removal(cx) {
        finding = finding.fix(Applicability::Unsafe, format!("remove {}", own.text()), vec![edit]);
    }
    attached(cx, finding, &[own], covered.place)
}
