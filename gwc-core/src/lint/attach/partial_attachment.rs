//! GWC2006 `partial-attachment`: only some listeners of the parent take the route.
//!
//! # What it checks
//! A parentRef without `sectionName` and `port` reaches several listeners; some accept the route, others refuse it.
//! Not reported where the route reaches both plain and TLS listeners, which has a rule of its own.
//!
//! # Why it matters
//! Accepted=True hides the refusals: no condition says which listeners do not serve the route.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata:
//!   name: shared
//!   namespace: infra
//! spec:
//!   gatewayClassName: example
//!   listeners:
//!   - name: http
//!     hostname: "*.example.com"
//!     port: 80
//!     protocol: HTTP
//!     allowedRoutes:
//!       namespaces:
//!         from: All
//!   - name: other
//!     hostname: shop.example.org
//!     port: 80
//!     protocol: HTTP
//!     allowedRoutes:
//!       namespaces:
//!         from: All
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - name: shared
//!     namespace: infra
//!   hostnames:
//!   - shop.example.com
//! ```
//!
//! # Fix
//! Write the `sectionName` of the listener that is meant.
//!
//! # Specification
//! `spec.parentRefs[].sectionName`; status reference §2.3, R-32

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, ParentEntry, ParentVerdict, RouteAccepted};
use crate::lint::attach::attaches_to_plain_and_tls::reaches_both;
use crate::lint::attach::refusal::{Cause, cause, text};
use crate::lint::finding::reference::{Parent, parents};
use crate::lint::finding::{about, listener_names};
use crate::lint::{Cx, Docs, Lint};

/// GWC2006.
pub(super) static LINT: Lint = Lint {
    code: rule::PARTIAL_ATTACHMENT,
    docs: Docs {
        summary: "only some listeners of the parent take the route",
        what: "A parentRef without `sectionName` and `port` reaches several listeners; some accept the route, \
              others refuse it. Not reported where the route reaches both plain and TLS listeners, which has a \
              rule of its own.",
        why: "Accepted=True hides the refusals: no condition says which listeners do not serve the route.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    hostname: "*.example.com"
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All
  - name: other
    hostname: shop.example.org
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
  hostnames:
  - shop.example.com
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    hostname: "*.example.com"
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
    sectionName: http
  hostnames:
  - shop.example.com
"#,
        fix: "Write the `sectionName` of the listener that is meant.",
        spec: "`spec.parentRefs[].sectionName`; status reference §2.3, R-32",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx) {
        let ParentVerdict::Entry(entry) = parent.verdict else { continue };
        let whole = parent.reference.section_name.is_none() && parent.reference.port.is_none();
        if !whole || entry.accepted.verdict != RouteAccepted::Accepted || reaches_both(cx, parent.route, entry) {
            continue;
        }
        let refusing: Vec<(&Candidate, Cause)> =
            entry.candidates.iter().filter_map(|candidate| Some((candidate, cause(candidate)?))).collect();
        if !refusing.is_empty() {
            out.push(diagnostic(cx, &parent, entry, &refusing));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry, refusing: &[(&Candidate, Cause)]) -> Diagnostic {
    let target = &parent.reference.target;
    let taking: Vec<_> = entry.candidates.iter().filter(|one| one.attached()).map(|one| one.listener).collect();
    let (some, all) = (taking.len(), taking.len() + refusing.len());
    let message = format!("{some} of {all} listeners of {} `{}` take the route", target.kind, parent.key());
    let names = listener_names(cx, taking.iter().copied());
    let mut finding = about(&parent.route.meta, rule::PARTIAL_ATTACHMENT, target.name.span, message)
        .effect("Accepted=True; no condition tells about the listeners that refuse")
        .help(format!("if only {names} is meant, write it as `sectionName`"));
    for (candidate, cause) in refusing.iter().take(6) {
        let span = cx.graph.listener(candidate.listener).name.span;
        finding = finding.label(span, text(cx, parent, candidate, *cause));
    }
    finding
}
