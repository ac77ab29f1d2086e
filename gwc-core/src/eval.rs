//! What is decided: one verdict per object and condition, with the evidence for it.
//!
//! The only place where a decision lives (style.md §4, law 2): status, diagnostics, exit code and IR are projections.
//! Emits no diagnostics and builds no sentences. The verdict types of a kind stand beside the functions that decide it.

use std::collections::BTreeSet;

use crate::graph::Graph;
use crate::profile::{Profile, Target};

pub mod attach;
pub mod certificate;
pub mod conflict;
pub mod gateway;
pub mod gateway_class;
pub mod grant;
pub mod listener;
pub mod listener_set;
pub mod overlap;
pub mod parameters;
pub mod policy;
pub mod precedence;
pub mod reference;
pub mod route;
pub mod rule;
mod same_host;
pub mod selector;
pub mod support;
pub mod world;

pub use attach::{Binding, Candidate};
pub use certificate::{CaVerdict, CertificateProblem, CertificateVerdict};
pub use conflict::{Conflict, ConflictReason};
pub use gateway::{GatewayAccepted, GatewayProgrammed, GatewayResolvedRefs, GatewayVerdict};
pub use gateway_class::{GatewayClassAccepted, GatewayClassVerdict, Managed};
pub use grant::{GrantMismatch, NotPermitted};
pub use listener::{ListenerAccepted, ListenerProgrammed, ListenerResolvedRefs, ListenerVerdict};
pub use listener_set::{ListenerSetOutcome, ListenerSetVerdict};
pub use overlap::Overlap;
pub use parameters::ParametersProblem;
pub use policy::{PolicyAccepted, PolicyProblem, PolicyResolvedRefs, PolicyVerdict, TargetVerdict};
pub use reference::{BackendVerdict, ReferencePlace, ReferenceRole, RouteReference};
pub use route::{NoEntry, ParentEntry, ParentVerdict, RouteAccepted, RouteResolvedRefs, RouteVerdict};
pub use rule::{RuleProblem, RuleVerdict};
pub use support::{Fact, Judged, Support, Tri};

use route::Below;
use world::Cx;

/// Every verdict of a world; vectors are indexed by the arena ids of the graph.
#[derive(Debug, Default, PartialEq)]
pub struct Evaluation {
    /// By [`crate::graph::GatewayClassId`].
    pub gateway_classes: Vec<GatewayClassVerdict>,
    /// By [`crate::graph::GatewayId`].
    pub gateways: Vec<GatewayVerdict>,
    /// By [`crate::graph::ListenerSetId`].
    pub listener_sets: Vec<ListenerSetVerdict>,
    /// By [`crate::graph::ListenerId`]; evaluated for every listener, also of Gateways that nobody manages (lints read them).
    pub listeners: Vec<ListenerVerdict>,
    /// By [`crate::graph::RouteId`].
    pub routes: Vec<RouteVerdict>,
    /// By [`crate::graph::BackendTlsPolicyId`].
    pub backend_tls_policies: Vec<PolicyVerdict>,
    /// By [`crate::graph::BackendTrafficPolicyId`].
    pub backend_traffic_policies: Vec<PolicyVerdict>,
    /// Facts that were given by `--assume` and read.
    pub used_assumptions: BTreeSet<Fact>,
}

/// Decides everything about a world, in the order of status.md §0.
#[must_use]
pub fn evaluate(graph: &Graph, profile: &Profile, target: Target) -> Evaluation {
    let cx = Cx::new(graph, profile, target);
    let gateway_classes: Vec<_> =
        graph.gateway_classes.iter().map(|(_, class)| gateway_class::evaluate(&cx, class)).collect();
    let managed: Vec<_> = graph.gateways.iter().map(|(_, gateway)| gateway_class::managed(&cx, gateway)).collect();
    let admissions = listener_set::admissions(&cx, &managed);
    let owners = listener_set::owners(&cx, &admissions);
    let drafts = listener::drafts(&cx, &admissions);
    let contests = conflict::contests(&cx, &owners, &drafts);
    let overlaps = overlap::overlaps(&cx, &owners, &drafts, &contests);
    let accepted = listener::acceptances(&cx, &admissions, &drafts, &contests);
    let gateways = gateway::drafts(&cx, &managed, &gateway_classes, &accepted);
    let parts = listener::Parts { drafts, contests, overlaps, accepted };
    let mut listeners = listener::finish(&cx, parts, &admissions, &gateways);
    let listener_sets = listener_set::outcomes(&cx, admissions, &gateways, &listeners);
    let routes = route::evaluate(&cx, &Below { managed, listener_sets: &listener_sets, listeners: &listeners });
    route::count(&cx, &routes, &mut listeners);
    let gateways = gateway::finish(&cx, gateways, &listeners, &listener_sets, &owners);
    let uses = policy::Uses::new(&cx, &routes);
    Evaluation {
        gateway_classes,
        gateways,
        backend_tls_policies: policy::backend_tls(&cx, &uses),
        backend_traffic_policies: policy::backend_traffic(&cx, &uses),
        listener_sets,
        listeners,
        routes,
        used_assumptions: cx.into_used(),
    }
}
