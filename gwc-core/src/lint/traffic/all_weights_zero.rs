//! GWC5002 `all-weights-zero`: every backend of a rule has weight 0.
//!
//! # What it checks
//! Rules whose `backendRefs` all have weight 0.
//!
//! # Why it matters
//! There is nothing to send to. Gateway API says 500; implementations answer 500 or 503, and some refuse the whole
//! configuration.
//!
//! # Example
//! ```yaml
//! backendRefs:
//! - name: store
//!   port: 80
//!   weight: 0
//! - name: store-v2
//!   port: 80
//!   weight: 0
//! ```
//!
//! # Fix
//! Give at least one backend a weight above 0.
//!
//! # Specification
//! HTTPRoute `spec.rules[].backendRefs[].weight`

use crate::api::route::{Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC5002.
pub(super) static LINT: Lint = Lint {
    code: rule::ALL_WEIGHTS_ZERO,
    docs: Docs {
        summary: "every backend of a rule has weight 0",
        what: "Rules whose `backendRefs` all have weight 0.",
        why: "There is nothing to send to. Gateway API says 500; implementations answer 500 or 503, and \
              some refuse the whole configuration.",
        bad: r#"backendRefs:
- name: store
  port: 80
  weight: 0
- name: store-v2
  port: 80
  weight: 0
"#,
        good: r#"backendRefs:
- name: store
  port: 80
  weight: 1
- name: store-v2
  port: 80
  weight: 0
"#,
        fix: "Give at least one backend a weight above 0.",
        spec: "HTTPRoute `spec.rules[].backendRefs[].weight`",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            let weights: Vec<Span> = rule.backends.iter().filter_map(|backend| backend.weight_span).collect();
            if !rule.backends.is_empty() && rule.backends.iter().all(|backend| backend.weight == 0) {
                out.push(diagnostic(route, rule, &weights));
            }
        }
    }
}

fn diagnostic(route: &Route, rule: &Rule, weights: &[Span]) -> Diagnostic {
    let (first, rest) = weights.split_first().map_or((rule.span, weights), |(first, rest)| (*first, rest));
    let mut finding = about(&route.meta, rule::ALL_WEIGHTS_ZERO, first, "every backend of the rule has weight 0")
        .primary_label("no share of the requests")
        .effect("requests that match are answered with 500 or 503, depending on the implementation")
        .help("give one of the backends a weight above 0");
    for span in rest {
        finding = finding.label(*span, "nor here");
    }
    finding
}
