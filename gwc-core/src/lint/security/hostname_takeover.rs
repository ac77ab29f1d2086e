//! GWC8002 `hostname-takeover`: a route claims a host and path that another namespace already serves.
//!
//! # What it checks
//! Matches that a route of another namespace has with the same path, method, headers and parameters, for the same named
//! host of a listener. Routes that name no host, on a listener that names none, have GWC3005 or GWC3013; inside a
//! namespace it is those too.
//!
//! # Why it matters
//! Age decides whose backends get the requests. The younger claim gets nothing today; once the older route is deleted
//! or created anew, requests with their cookies and credentials go to the other namespace.
//!
//! # Example
//! ```yaml
//! # HTTPRoute shop/store serves shop.example.com already
//! kind: HTTPRoute
//! metadata:
//!   name: store
//!   namespace: guest
//! spec:
//!   parentRefs:
//!   - name: edge
//!     namespace: infra
//!   hostnames:
//!   - shop.example.com
//! ```
//!
//! # Fix
//! Use a hostname or path of its own, or let one namespace own the hostname: a listener for each with `allowedRoutes`,
//! or `options.domains`.
//!
//! # Specification
//! HTTPRoute `spec.hostnames`, Gateway `spec.listeners[].allowedRoutes`; routing reference §2.4, §3.6

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::conflict::clash::{Pair, Sort, clashes, described};
use crate::lint::conflict::subject::hosts_text;
use crate::lint::finding::about;
use crate::lint::{Cx, Docs, Lint};

/// GWC8002.
pub(super) static LINT: Lint = Lint {
    code: rule::HOSTNAME_TAKEOVER,
    docs: Docs {
        summary: "a route claims a host and path that another namespace already serves",
        what: "Matches that a route of another namespace has with the same path, method, headers and parameters, for \
               the same named host of a listener. Routes that name no host, on a listener that names none, have \
               GWC3005 or GWC3013; inside a namespace it is those too.",
        why: "Age decides whose backends get the requests. The younger claim gets nothing today; once the older \
              route is deleted or created anew, requests with their cookies and credentials go to the other \
              namespace.",
        bad: r#"# HTTPRoute shop/store serves shop.example.com already
kind: HTTPRoute
metadata:
  name: store
  namespace: guest
spec:
  parentRefs:
  - name: edge
    namespace: infra
  hostnames:
  - shop.example.com
"#,
        good: r#"kind: HTTPRoute
metadata:
  name: store
  namespace: guest
spec:
  parentRefs:
  - name: edge
    namespace: infra
  hostnames:
  - guest.example.com
"#,
        fix: "Use a hostname or path of its own, or let one namespace own the hostname: a listener for each with \
              `allowedRoutes`, or `options.domains`.",
        spec: "HTTPRoute `spec.hostnames`, Gateway `spec.listeners[].allowedRoutes`; routing reference §2.4, §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for pairs in clashes(cx, Sort::Takeover) {
        out.0.extend(diagnostic(cx, &pairs));
    }
}

fn diagnostic(cx: &Cx<'_>, pairs: &[Pair<'_>]) -> Option<Diagnostic> {
    let Pair { winner, loser, places } = pairs.first()?;
    let hosts = hosts_text(&cx.lowered.config, places);
    let owner = &winner.route.meta.key.namespace;
    let message = format!("{} on {hosts} already belongs to namespace `{owner}`", loser.text());
    let finding = about(&loser.route.meta, rule::HOSTNAME_TAKEOVER, loser.span(), message)
        .effect("the older route gets the requests; should it go, this one takes them over")
        .help("use a hostname of its own, or listeners whose `allowedRoutes` admit one namespace each");
    Some(described(cx, finding, pairs))
}
