//! The vocabulary shared by every later layer: hostnames and object keys. Knows neither YAML nor Kubernetes objects.

use std::fmt;

use compact_str::CompactString;

pub(crate) mod base64;
pub mod hostname;
pub mod name;
pub mod pattern;
mod route_kind;

pub use hostname::Hostname;
pub use route_kind::{ROUTE_KINDS, RouteKind};

/// Namespace and name of an object; the namespace of a cluster-scoped object is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// Namespace; empty for cluster-scoped kinds.
    pub namespace: CompactString,
    /// Name.
    pub name: CompactString,
}

impl ObjectKey {
    /// The key of `namespace/name`.
    pub fn new(namespace: impl Into<CompactString>, name: impl Into<CompactString>) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() { f.write_str(&self.name) } else { write!(f, "{}/{}", self.namespace, self.name) }
    }
}

/// API group and kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupKind {
    /// Group; empty for core.
    pub group: CompactString,
    /// Kind.
    pub kind: CompactString,
}

impl GroupKind {
    /// The pair of group and kind.
    pub fn new(group: impl Into<CompactString>, kind: impl Into<CompactString>) -> Self {
        Self { group: group.into(), kind: kind.into() }
    }
}

impl fmt::Display for GroupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.group.is_empty() { f.write_str(&self.kind) } else { write!(f, "{}/{}", self.group, self.kind) }
    }
}

/// The greatest common divisor; of 0 and a number, the number.
pub fn gcd(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { gcd(other, one % other) }
}

/// Group of Gateway API.
pub const GATEWAY_GROUP: &str = "gateway.networking.k8s.io";

/// Group of Ingress and IngressClass.
pub const INGRESS_GROUP: &str = "networking.k8s.io";

/// Group of experimental Gateway API kinds.
pub const X_GATEWAY_GROUP: &str = "gateway.networking.x-k8s.io";

/// How certain a finding or a condition is (spec README ruling 3, cli-and-rules.md §5.7).
/// The order is from the strongest to the weakest; a derived fact has the weakest of its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Follows from the CRD schema, CEL or a MUST of the API.
    Spec,
    /// Provable from the compiled graph or match IR.
    Derived,
    /// From an implementation's published data.
    Profile,
    /// As `Spec`, but rests on named assumptions.
    Assumed,
    /// Opinion or pattern; lints only.
    Heuristic,
}
