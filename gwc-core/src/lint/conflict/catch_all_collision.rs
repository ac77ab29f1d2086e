//! GWC3013 `catch-all-collision`: several routes own `/` for one hostname.
//!
//! # What it checks
//! Routes of one namespace that have prefix `/` without other conditions for the same hostname of a listener, and do
//! different things with it. It takes the place of GWC3005 and GWC3011 for this match. Across namespaces it is GWC8002,
//! unless the listener and the routes name no host.
//!
//! # Why it matters
//! One route answers everything that nothing else matches, the others answer none of it: the oldest wins, then the
//! first by `namespace/name`.
//!
//! # Example
//! ```yaml
//! # HTTPRoute shop/store, created first, has the same hostname and also no matches
//! kind: HTTPRoute
//! metadata:
//!   name: beta
//! spec:
//!   hostnames:
//!   - shop.example.com
//!   rules:
//!   - backendRefs:
//!     - name: beta
//!       port: 80
//! ```
//!
//! # Fix
//! Keep `/` in one route and give the other ones paths or hostnames of their own, or put the backends into one rule
//! with weights.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §2.4, §3.6

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, named};
use crate::lint::{Cx, Docs, Lint};

use super::clash::{Pair, Sort, clashes, described};
use super::subject::hosts_text;

/// GWC3013.
pub(super) static LINT: Lint = Lint {
    code: rule::CATCH_ALL_COLLISION,
    docs: Docs {
        summary: "several routes own `/` for one hostname",
        what: "Routes of one namespace that have prefix `/` without other conditions for the same hostname of a \
               listener, and do different things with it. It takes the place of GWC3005 and GWC3011 for this match. \
               Across namespaces it is GWC8002, unless the listener and the routes name no host.",
        why: "One route answers everything that nothing else matches, the others answer none of it: the oldest wins, \
              then the first by `namespace/name`.",
        bad: r#"# HTTPRoute shop/store, created first, has the same hostname and also no matches
kind: HTTPRoute
metadata:
  name: beta
spec:
  hostnames:
  - shop.example.com
  rules:
  - backendRefs:
    - name: beta
      port: 80
"#,
        good: r#"kind: HTTPRoute
metadata:
  name: beta
spec:
  hostnames:
  - shop.example.com
  rules:
  - matches:
    - path: {value: /beta}
    backendRefs:
    - name: beta
      port: 80
"#,
        fix: "Keep `/` in one route and give the other ones paths or hostnames of their own, or put the backends \
              into one rule with weights.",
        spec: "HTTPRoute `spec.rules[].matches` (precedence of matches); routing reference §2.4, §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for pairs in clashes(cx, Sort::CatchAll) {
        out.0.extend(diagnostic(cx, &pairs));
    }
}

fn diagnostic(cx: &Cx<'_>, pairs: &[Pair<'_>]) -> Option<Diagnostic> {
    let Pair { winner, loser, places } = pairs.first()?;
    let hosts = hosts_text(&cx.lowered.config, places);
    let message = format!("`/` of {hosts} already belongs to {}", named(&winner.route.meta));
    let finding = about(&loser.route.meta, rule::CATCH_ALL_COLLISION, loser.span(), message)
        .effect(format!("all requests on {hosts} that no other match takes go to {}", named(&winner.route.meta)))
        .help("give one of the routes paths or hostnames of its own, or use one rule with weighted backendRefs");
    Some(described(cx, finding, pairs))
}
