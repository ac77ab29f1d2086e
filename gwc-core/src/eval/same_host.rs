//! HTTPRoute and GRPCRoute on one hostname, where the profile rejects the newer (status.md §5.3).

use std::collections::BTreeMap;

use crate::api::route::RouteKind;
use crate::eval::attach::Binding;
use crate::eval::precedence::{self, Age};
use crate::eval::route::{ParentVerdict, RouteAccepted, RouteVerdict};
use crate::eval::world::Cx;
use crate::eval::{Judged, Support};
use crate::graph::{ListenerId, RouteId};
use crate::value::Hostname;

/// Hostnames that routes of one kind serve on a listener.
type Held = BTreeMap<(ListenerId, RouteKind), Vec<(Option<Hostname>, RouteId)>>;

/// §5.3 with the knob that rejects: of HTTPRoute and GRPCRoute on one listener and hostname the older stays.
pub(crate) fn reject_newer_kind(cx: &Cx<'_>, routes: &mut [RouteVerdict]) {
    let mut order: Vec<RouteId> = cx.graph.routes.ids().collect();
    order.retain(|id| matches!(cx.graph.routes[*id].kind, RouteKind::Http | RouteKind::Grpc));
    order.sort_by_cached_key(|id| Age::of(&cx.graph.routes[*id].meta));
    let mut held = Held::new();
    for id in order {
        let kind = cx.graph.routes[id].kind;
        let other = if kind == RouteKind::Http { RouteKind::Grpc } else { RouteKind::Http };
        let Some(verdict) = routes.get_mut(id.index()) else { continue };
        for parent in &mut verdict.parents {
            let ParentVerdict::Entry(entry) = parent else { continue };
            if let Some(winner) = entry.bindings.iter().find_map(|binding| holder(&held, binding, other)) {
                let support =
                    precedence::support(cx, kind.name(), &cx.graph.routes[winner].meta, &cx.graph.routes[id].meta);
                entry.accepted = Judged::new(RouteAccepted::HostnameTaken(winner), Support::profile().and(&support));
                entry.bindings.clear();
                entry.dropped_rules.clear();
            }
            for binding in &entry.bindings {
                let names = binding.hostnames().iter().map(|name| (name.clone(), id));
                held.entry((binding.listener(), kind)).or_default().extend(names);
            }
        }
    }
}

/// The older route of the other kind on an intersecting hostname of the listener.
fn holder(held: &Held, binding: &Binding, other: RouteKind) -> Option<RouteId> {
    let taken = held.get(&(binding.listener(), other))?;
    let meets = |a: &Option<Hostname>, b: &Option<Hostname>| {
        crate::value::hostname::intersect_optional(a.as_ref(), b.as_ref()).is_some()
    };
    let mut taken = taken.iter();
    taken.find(|(name, _)| binding.hostnames().iter().any(|own| meets(own, name))).map(|(_, id)| *id)
}
