//! What a controller would write: [`ObjectStatus`] per object, projected from the evaluation.
//!
//! Decides nothing: a `match` on verdicts is all that this module and its children may do (style.md §7.1).

use crate::diagnostic::{Basis, ObjectRef};
use crate::source::Span;
use crate::yaml::Node;

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
