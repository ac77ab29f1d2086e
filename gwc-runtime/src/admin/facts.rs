//! What only the edge knows: how manifests were judged, and what became of reloads.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

/// Facts beside the counters; the edge keeps them up to date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdminFacts {
    /// Gateways with Programmed=True, by GatewayClass.
    pub gateways_programmed: BTreeMap<String, u64>,
    /// HTTPRoutes with Accepted=True for some parent.
    pub http_routes_accepted: u64,
    /// Conditions of Gateways and HTTPRoutes.
    pub conditions: BTreeSet<ConditionFact>,
    /// Addresses that are bound, with the position of their socket in the IR.
    pub bound: Vec<(SocketAddr, usize)>,
    /// Loads and reloads that are or were served.
    pub reloads: u64,
    /// Reloads that were refused.
    pub reloads_refused: u64,
    /// Why the last reload was refused; `None`: it was not.
    pub last_error: Option<String>,
    /// From reading the manifests to the moment at which all workers served them, of the last load that is served.
    pub last_duration: Duration,
    /// When this was.
    pub last_served: Option<SystemTime>,
    /// Is the end near? Then no traffic should be sent here, although what comes is still served.
    pub is_stopping: bool,
}

/// Whose condition it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionKind {
    /// A Gateway.
    Gateway,
    /// An HTTPRoute.
    HttpRoute,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionFact {
    /// Whose.
    pub kind: ConditionKind,
    /// Namespace of the object.
    pub namespace: String,
    /// Name of the object.
    pub name: String,
    /// The parent that it is about, `namespace/name` with section or port where given; empty for Gateways.
    pub parent: String,
    /// Type of the condition, such as `Accepted`.
    pub condition: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
}

impl AdminFacts {
    /// A load is served.
    pub fn served(&mut self, duration: Duration) {
        self.reloads += 1;
        self.last_duration = duration;
        self.last_served = Some(SystemTime::now());
        self.last_error = None;
    }

    /// A reload was refused; what was served before stays.
    pub fn refused(&mut self, error: impl Into<String>) {
        self.reloads_refused += 1;
        self.last_error = Some(error.into());
    }
}
