//! What a controller would write: [`ObjectStatus`] per object, projected from the evaluation.
//!
//! Decides nothing: a `match` on verdicts is all that this module and its children may do (style.md §7.1).

use rayon::prelude::*;

use crate::api::Meta;
use crate::diagnostic::{Basis, ObjectRef};
use crate::eval::Evaluation;
use crate::graph::Graph;
use crate::profile::{Profile, Target};
use crate::source::{Role, Span};
use crate::yaml::Node;

pub mod attachment;
mod condition;
mod gateway;
mod gateway_class;
mod listener;
mod listener_set;
pub mod message;
mod node;
mod policy;
mod route;

/// The predicted status of one object.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectStatus {
    /// Which object.
    pub object: ObjectRef,
    /// Its document.
    pub span: Span,
    /// `metadata.generation`, 1 where the manifest has none.
    pub generation: i64,
    /// The status; `None` where nobody would write one.
    pub body: Option<StatusBody>,
    /// Why there is no status, or what is not in it (ruling 15).
    pub note: Option<String>,
}

/// Status by kind; field order is that of the API.
#[derive(Debug, Clone, PartialEq)]
pub enum StatusBody {
    /// GatewayClass.
    GatewayClass {
        /// Conditions.
        conditions: Vec<Condition>,
        /// Names, ascending (GC-8); empty: not written.
        supported_features: Vec<String>,
    },
    /// Gateway.
    Gateway {
        /// `(type, value)` of assigned addresses (GW-31).
        addresses: Vec<(String, String)>,
        /// GW-32; `None` where the target has no such field.
        attached_listener_sets: Option<u32>,
        /// Conditions.
        conditions: Vec<Condition>,
        /// One per `spec.listeners` (GW-33).
        listeners: Vec<ListenerStatus>,
    },
    /// ListenerSet.
    ListenerSet {
        /// Conditions.
        conditions: Vec<Condition>,
        /// One per entry; empty for LS-3.
        listeners: Vec<ListenerStatus>,
    },
    /// Any route.
    Route {
        /// In `spec.parentRefs` order.
        parents: Vec<ParentStatus>,
    },
    /// BackendTLSPolicy, XBackendTrafficPolicy.
    Policy {
        /// Per Gateway (BT-9).
        ancestors: Vec<ParentStatus>,
    },
}

/// `status.listeners[]`.
#[derive(Debug, Clone, PartialEq)]
pub struct ListenerStatus {
    /// Listener name.
    pub name: String,
    /// Port, which XListenerSet repeats in its status.
    pub port: Option<u16>,
    /// `(group, kind)` (L-40).
    pub supported_kinds: Vec<(String, String)>,
    /// L-44.
    pub attached_routes: u32,
    /// Conditions.
    pub conditions: Vec<Condition>,
}

/// `status.parents[]` or `status.ancestors[]`.
#[derive(Debug, Clone, PartialEq)]
pub struct ParentStatus {
    /// The reference as the API holds it after defaulting, a mapping.
    pub reference: Node,
    /// Controller name.
    pub controller_name: String,
    /// Conditions.
    pub conditions: Vec<Condition>,
}

/// One condition with what it rests on. There is no transition time: core has no clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Type.
    pub r#type: &'static str,
    /// `True`, `False` or `Unknown`.
    pub status: &'static str,
    /// Reason.
    pub reason: &'static str,
    /// Sentence for people.
    pub message: String,
    /// `metadata.generation` of the object that owns the status (ST-1).
    pub observed_generation: i64,
    /// Certainty.
    pub basis: Basis,
    /// Rule id of the status reference, for example `R-3`.
    pub rule: &'static str,
    /// Facts taken for granted.
    pub assumptions: Vec<String>,
    /// Facts that are missing, as `--assume` flags where there is one; only with status `Unknown`.
    pub missing: Vec<String>,
    /// The field that decided it.
    pub location: Option<Span>,
}

impl StatusBody {
    /// The status as the Kubernetes API holds it, with `transition_time` in every condition; fields that the object
    /// would not have are left out.
    #[must_use]
    pub fn to_node(&self, transition_time: &str) -> Node {
        node::body(self, transition_time)
    }
}

/// What the projection reads.
#[derive(Clone, Copy)]
pub(crate) struct Px<'w> {
    pub(crate) graph: &'w Graph,
    pub(crate) evaluation: &'w Evaluation,
    pub(crate) profile: &'w Profile,
    pub(crate) target: Target,
}

/// A status with its note, or a note alone.
pub(crate) struct Projected {
    pub(crate) body: Option<StatusBody>,
    pub(crate) note: Option<String>,
}

impl Projected {
    /// Nobody writes a status.
    pub(crate) fn nothing(why: impl Into<String>) -> Self {
        Self { body: None, note: Some(why.into()) }
    }
}

/// Statuses of all checked objects that have one: by kind in the order of the graph, then namespace and name.
#[must_use]
pub fn project(graph: &Graph, evaluation: &Evaluation, profile: &Profile, target: Target) -> Vec<ObjectStatus> {
    let px = Px { graph, evaluation, profile, target };
    let mut all = Vec::new();
    let classes = graph.gateway_classes.iter().zip(&evaluation.gateway_classes);
    all.push(kind(classes.map(|((_, class), verdict)| (&class.meta, (class, verdict))), |(class, verdict)| {
        gateway_class::project(px, class, verdict)
    }));
    let gateways = graph.gateways.iter().zip(&evaluation.gateways);
    all.push(kind(gateways.map(|((id, gateway), verdict)| (&gateway.meta, (id, verdict))), |(id, verdict)| {
        gateway::project(px, id, verdict)
    }));
    let sets = graph.listener_sets.iter().zip(&evaluation.listener_sets);
    all.push(kind(sets.map(|((id, set), verdict)| (&set.meta, (id, verdict))), |(id, verdict)| {
        listener_set::project(px, id, verdict)
    }));
    for route_kind in crate::api::route::ROUTE_KINDS {
        let routes = graph.routes.iter().zip(&evaluation.routes).filter(|((_, route), _)| route.kind == route_kind);
        all.push(kind(routes.map(|((_, route), verdict)| (&route.meta, (route, verdict))), |(route, verdict)| {
            route::project(px, route, verdict)
        }));
    }
    let policies = graph.backend_tls_policies.iter().zip(&evaluation.backend_tls_policies);
    all.push(kind(policies.map(|((_, policy), verdict)| (&policy.meta, (policy, verdict))), |(policy, verdict)| {
        policy::backend_tls(px, policy, verdict)
    }));
    let policies = graph.backend_traffic_policies.iter().zip(&evaluation.backend_traffic_policies);
    all.push(kind(policies.map(|((_, policy), verdict)| (&policy.meta, (policy, verdict))), |(policy, verdict)| {
        policy::backend_traffic(px, policy, verdict)
    }));
    all.into_iter().flatten().collect()
}

/// Statuses of the checked objects of one kind, by namespace and name.
fn kind<'w, T: Send>(
    objects: impl Iterator<Item = (&'w Meta, T)>,
    project: impl Fn(T) -> Projected + Sync,
) -> Vec<ObjectStatus> {
    let mut checked: Vec<_> = objects.filter(|(meta, _)| meta.role == Role::Checked).collect();
    checked.sort_by(|(a, _), (b, _)| a.key.cmp(&b.key));
    let status = |(meta, object): (&Meta, T)| {
        let Projected { body, note } = project(object);
        ObjectStatus { object: object_ref(meta), span: meta.span, generation: meta.generation, body, note }
    };
    checked.into_par_iter().map(status).collect()
}

fn object_ref(meta: &Meta) -> ObjectRef {
    ObjectRef {
        api_version: meta.api_version.value.to_string(),
        kind: meta.kind.value.to_string(),
        namespace: meta.key.namespace.to_string(),
        name: meta.key.name.to_string(),
    }
}
