//! GWC3005 `duplicate-match-across-routes`: two routes claim the identical match, and one of them gets no traffic.
//!
//! # What it checks
//! Matches that an older route has with the same path, method, headers and parameters, for the same hostname of a
//! listener, where the two rules do different things and the match of the younger route gets no request on any listener
//! or hostname. Inside one route GWC3006 says so, across namespaces GWC8002, for prefix `/` GWC3013, for routes of
//! different kinds GWC3004. Rules that do the same are no conflict.
//!
//! # Why it matters
//! Both routes are Accepted=True and counted, yet every request goes to the older one, or where that does not decide to
//! the first by `namespace/name`. Nothing in a status shows it.
//!
//! # Example
//! ```yaml
//! # HTTPRoute shop/store, created first, has the same hostname and match
//! kind: HTTPRoute
//! metadata:
//!   name: beta
//! spec:
//!   hostnames:
//!   - shop.example.com
//!   rules:
//!   - matches:
//!     - path: {value: /cart}
//! ```
//!
//! # Fix
//! Change the match or the hostname of one route, or put both backends into one rule with weights.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §2.4, §3.6

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, named};
use crate::lint::{Cx, Docs, Lint};

use super::clash::{Pair, Sort, clashes, described};
use super::subject::hosts_text;

/// GWC3005.
pub(super) static LINT: Lint = Lint {
    code: rule::DUPLICATE_MATCH_ACROSS_ROUTES,
    docs: Docs {
        summary: "two routes claim the identical match, and one of them gets no traffic",
        what: "Matches that an older route has with the same path, method, headers and parameters, for the same \
               hostname of a listener, where the two rules do different things and the match of the younger route \
               gets no request on any listener or hostname. Inside one route GWC3006 says so, across namespaces \
               GWC8002, for prefix `/` GWC3013, for routes of different kinds GWC3004. Rules that do the same are no \
               conflict.",
        why: "Both routes are Accepted=True and counted, yet every request goes to the older one, or where that does \
              not decide to the first by `namespace/name`. Nothing in a status shows it.",
        bad: r#"# HTTPRoute shop/store, created first, has the same hostname and match
kind: HTTPRoute
metadata:
  name: beta
spec:
  hostnames:
  - shop.example.com
  rules:
  - matches:
    - path: {value: /cart}
"#,
        good: r#"# HTTPRoute shop/store, created first, has the same hostname and match
kind: HTTPRoute
metadata:
  name: beta
spec:
  hostnames:
  - shop.example.com
  rules:
  - matches:
    - path: {value: /beta}
"#,
        fix: "Change the match or the hostname of one route, or put both backends into one rule with weights.",
        spec: "HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §2.4, §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for pairs in clashes(cx, Sort::Duplicate) {
        out.0.extend(diagnostic(cx, &pairs));
    }
}

fn diagnostic(cx: &Cx<'_>, pairs: &[Pair<'_>]) -> Option<Diagnostic> {
    let Pair { winner, loser, places } = pairs.first()?;
    let hosts = hosts_text(&cx.lowered.config, places);
    let message = format!("{} on {hosts} already goes to {}", loser.text(), named(&winner.route.meta));
    let finding = about(&loser.route.meta, rule::DUPLICATE_MATCH_ACROSS_ROUTES, loser.span(), message)
        .effect("both routes are Accepted=True; this match gets no request")
        .help("change the match or hostname of one route, or use one rule with weighted backendRefs");
    Some(described(cx, finding, pairs))
}
