//! Attachment of one route through one parentRef (status.md §2.3): the only place that makes a [`Binding`].

use crate::api::reference::ParentRef;
use crate::api::route::Route;
use crate::eval::selector;
use crate::eval::world::Cx;
use crate::eval::{Judged, ListenerVerdict, Support, Tri};
use crate::graph::{ListenerId, ListenerOwner};
use crate::value::Hostname;
use crate::value::hostname::intersect_optional;

/// How one listener fared as a candidate (§2.3); each test is recorded even when an earlier one failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The listener.
    pub listener: ListenerId,
    /// `sectionName` fits.
    pub section: bool,
    /// `port` fits.
    pub port: bool,
    /// The kind is among the effective kinds.
    pub kind: bool,
    /// `allowedRoutes.namespaces` admits the route's namespace.
    pub namespace: Judged<Tri>,
    /// Hostnames that both serve; `None`: none. `Some([])` for L4 kinds; an entry `None` means any name.
    pub hostnames: Option<Vec<Option<Hostname>>>,
}

impl Candidate {
    /// C2: section, port, kind, namespace and hostnames fit.
    #[must_use]
    pub fn attached(&self) -> bool {
        self.section && self.port && self.kind && self.namespace.verdict == Tri::Yes && self.hostnames.is_some()
    }
}

/// Proof that a route attaches to a listener with these hostnames; only `eval/attach.rs` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    listener: ListenerId,
    hostnames: Vec<Option<Hostname>>,
}

impl Binding {
    /// The listener.
    #[must_use]
    pub fn listener(&self) -> ListenerId {
        self.listener
    }

    /// Hostnames served there; an entry `None` means any name; empty for L4 kinds.
    #[must_use]
    pub fn hostnames(&self) -> &[Option<Hostname>] {
        &self.hostnames
    }
}

/// The furthest stage that some listener of the parent reached (D13).
pub(crate) enum Attachment {
    /// C2: attached to these.
    Attached(Vec<Binding>, Support),
    /// C0 is empty.
    NoMatchingParent,
    /// C1 is empty.
    NotAllowed(Support),
    /// C2 is empty.
    NoHostname(Support),
    /// Some listener may attach, for all that is known.
    Undetermined(Support),
}

/// How every listener of the parent fares, in spec order.
pub(crate) fn candidates(
    cx: &Cx<'_>,
    route: &Route,
    parent: &ParentRef,
    owner: ListenerOwner,
    listeners: &[ListenerVerdict],
) -> Vec<Candidate> {
    let ids = cx.graph.listeners_of(owner).iter();
    let candidates = ids.filter_map(|id| {
        let verdict = listeners.get(id.index())?;
        let listener = cx.graph.listener(*id);
        let own = &cx.graph.listener_owner(*id).key.namespace;
        let port = listener.port.as_ref().map(|port| port.value);
        Some(Candidate {
            listener: *id,
            section: parent.section_name.as_ref().is_none_or(|name| name.value == listener.name.value),
            port: parent.port.as_ref().is_none_or(|wanted| port == Some(wanted.value)),
            kind: verdict.effective_kinds.contains(&route.kind),
            namespace: selector::admits(cx, &listener.namespaces, own, &route.meta.key.namespace),
            hostnames: hostnames(listener.hostname.as_ref().map(|name| &name.value), route),
        })
    });
    candidates.collect()
}

/// Names that listener and route both serve (§2.6), without repetitions, in the route's order.
fn hostnames(listener: Option<&Hostname>, route: &Route) -> Option<Vec<Option<Hostname>>> {
    if !route.kind.has_hostnames() {
        return Some(Vec::new());
    }
    if route.hostnames.is_empty() {
        return Some(vec![listener.cloned()]);
    }
    let mut names: Vec<Option<Hostname>> = Vec::new();
    for hostname in &route.hostnames {
        if let Some(name) = intersect_optional(listener, Some(&hostname.value)).filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    (!names.is_empty()).then_some(names)
}

/// The stages of §2.3.
pub(crate) fn attach(candidates: &[Candidate]) -> Attachment {
    let in_scope: Vec<_> = candidates.iter().filter(|one| one.section && one.port).collect();
    if in_scope.is_empty() {
        return Attachment::NoMatchingParent;
    }
    let attached: Vec<_> = in_scope.iter().filter(|one| one.attached()).collect();
    if !attached.is_empty() {
        let support = Support::best(attached.iter().map(|one| &one.namespace.support));
        let bindings = attached
            .iter()
            .filter_map(|one| Some(Binding { listener: one.listener, hostnames: one.hostnames.clone()? }));
        return Attachment::Attached(bindings.collect(), support);
    }
    let open: Vec<_> = in_scope.iter().filter(|one| one.kind && one.namespace.verdict == Tri::Undetermined).collect();
    let missing = || Support::all(open.iter().map(|one| &one.namespace.support));
    if open.iter().any(|one| one.hostnames.is_some()) {
        let decisive = open.iter().filter(|one| one.hostnames.is_some());
        return Attachment::Undetermined(Support::all(decisive.map(|one| &one.namespace.support)));
    }
    let allowed: Vec<_> = in_scope.iter().filter(|one| one.kind && one.namespace.verdict == Tri::Yes).collect();
    if !allowed.is_empty() {
        return Attachment::NoHostname(Support::best(allowed.iter().map(|one| &one.namespace.support)));
    }
    if !open.is_empty() {
        // No hostname fits either way, so the route is certainly not accepted; only the reason is not certain.
        let Support { basis, missing, .. } = missing();
        return Attachment::NoHostname(Support {
            basis,
            assumptions: missing,
            missing: std::collections::BTreeSet::new(),
        });
    }
    let refusing = in_scope.iter().filter(|one| one.kind).map(|one| &one.namespace.support);
    Attachment::NotAllowed(Support::all(refusing))
}

/// May the route attach to this listener, for all that is known?
pub(crate) fn is_open(candidate: &Candidate) -> bool {
    let fits = candidate.section && candidate.port && candidate.kind && candidate.hostnames.is_some();
    fits && candidate.namespace.verdict == Tri::Undetermined
}
