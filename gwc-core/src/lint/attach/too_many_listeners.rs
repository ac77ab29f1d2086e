//! GWC2020 `too-many-listeners`: the Gateway has more listeners than the controller takes.
//!
//! # What it checks
//! The listeners of a Gateway and of its ListenerSets together exceed the limit of the profile; the entries that come
//! last are refused.
//!
//! # Why it matters
//! Accepted=False/TooManyListeners for each entry beyond the limit.
//!
//! # Example
//! ```yaml
//! # 60 listeners in the Gateway, 10 in the ListenerSet, limit 64
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: ListenerSet
//! metadata:
//!   name: shop-listeners
//!   namespace: store
//! spec:
//!   parentRef:
//!     name: shared
//!     namespace: infra
//!   listeners:
//!   - name: shop
//!     hostname: shop.example.com
//!     port: 80
//!     protocol: HTTP
//! ```
//!
//! # Fix
//! Spread the listeners over several Gateways, or use wildcard hostnames.
//!
//! # Specification
//! ListenerSet entries, `TooManyListeners`; status reference §1.5, §10

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::ListenerAccepted;
use crate::graph::{ListenerId, ListenerOwner};
use crate::lint::finding::{about, condition, is_checked, listener_names, named};
use crate::lint::{Cx, Docs, Lint};

/// GWC2020.
pub(super) static LINT: Lint = Lint {
    code: rule::TOO_MANY_LISTENERS,
    docs: Docs {
        summary: "the Gateway has more listeners than the controller takes",
        what: "The listeners of a Gateway and of its ListenerSets together exceed the limit of the profile; the \
              entries that come last are refused.",
        why: "Accepted=False/TooManyListeners for each entry beyond the limit.",
        bad: r#"# 60 listeners in the Gateway, 10 in the ListenerSet, limit 64
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata:
  name: shop-listeners
  namespace: store
spec:
  parentRef:
    name: shared
    namespace: infra
  listeners:
  - name: shop
    hostname: shop.example.com
    port: 80
    protocol: HTTP
"#,
        good: r#"# 60 listeners in the Gateway, 4 in the ListenerSet, limit 64
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata:
  name: shop-listeners
  namespace: store
spec:
  parentRef:
    name: shared
    namespace: infra
  listeners:
  - name: shop
    hostname: shop.example.com
    port: 80
    protocol: HTTP
"#,
        fix: "Spread the listeners over several Gateways, or use wildcard hostnames.",
        spec: "ListenerSet entries, `TooManyListeners`; status reference §1.5, §10",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let sets = cx.graph.listener_sets.iter().map(|(id, set)| (ListenerOwner::ListenerSet(id), &set.meta));
    let gateways = cx.graph.gateways.iter().map(|(id, gateway)| (ListenerOwner::Gateway(id), &gateway.meta));
    for (owner, _) in gateways.chain(sets).filter(|(_, meta)| is_checked(meta)) {
        let listeners = cx.graph.listeners_of(owner).iter().copied();
        let beyond: Vec<ListenerId> = listeners.filter(|id| is_beyond(cx, *id)).collect();
        if let Some(first) = beyond.first() {
            out.push(diagnostic(cx, *first, &beyond));
        }
    }
}

fn is_beyond(cx: &Cx<'_>, id: ListenerId) -> bool {
    let verdict = cx.evaluation.listeners.get(id.index());
    verdict.is_some_and(|verdict| verdict.accepted.verdict == ListenerAccepted::TooManyListeners)
}

fn diagnostic(cx: &Cx<'_>, first: ListenerId, beyond: &[ListenerId]) -> Diagnostic {
    let owner = cx.graph.listener_owner(first);
    let limit = cx.profile.knobs.max_listeners.map_or_else(String::new, |limit| format!(" of {limit}"));
    let message = format!("{} listeners of {} are beyond the limit{limit}", beyond.len(), named(owner));
    about(owner, rule::TOO_MANY_LISTENERS, cx.graph.listener(first).name.span, message)
        .effect("Accepted=False/TooManyListeners for each of them")
        .condition(condition("Accepted", "False", "TooManyListeners"))
        .help("spread the listeners over several Gateways")
        .note(format!("refused: {}", listener_names(cx, beyond.iter().copied())))
}
