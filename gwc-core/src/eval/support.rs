//! How well a verdict stands: facts, what is taken for granted, what is missing.
//!
//! The words for facts are in `status/message.rs`.

use std::collections::BTreeSet;

use compact_str::CompactString;

use crate::value::{Basis, GroupKind, ObjectKey};

/// A fact about the cluster that the world does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// A Secret exists and holds a usable key pair.
    Secret(ObjectKey),
    /// A ConfigMap exists and holds a usable `ca.crt`.
    ConfigMap(ObjectKey),
    /// A Service exists and has this port.
    Service(ObjectKey, Option<u16>),
    /// A GatewayClass exists and its controller is at work.
    GatewayClass(CompactString),
    /// An object of any other kind exists and is suitable.
    Object(GroupKind, ObjectKey),
    /// A kind exists and the controller understands it.
    Kind(GroupKind),
    /// Labels of a namespace, by key.
    NamespaceLabels(CompactString, Vec<CompactString>),
    /// All ReferenceGrants of a namespace were given.
    GrantsComplete(CompactString),
    /// Creation time of an object; only the order by name decided.
    Created(&'static str, ObjectKey),
    /// The data plane takes the configuration.
    Dataplane,
    /// The address pool has the requested address.
    AddressPool,
    /// The CRDs of the cluster are a supported version.
    CrdVersion,
    /// The content of a parameters object is valid.
    Parameters(GroupKind, ObjectKey),
}

/// How well a verdict stands: its basis is the weakest of its inputs, its assumptions are their union (status.md §8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// Certainty.
    pub basis: Basis,
    /// Facts taken for granted.
    pub assumptions: BTreeSet<Fact>,
    /// Facts without which nothing can be said; the verdict is then the one that says so.
    pub missing: BTreeSet<Fact>,
}

impl Support {
    /// Follows from the input and the API alone.
    #[must_use]
    pub fn spec() -> Self {
        Self { basis: Basis::Spec, assumptions: BTreeSet::new(), missing: BTreeSet::new() }
    }

    /// Follows from the input and a choice of the profile.
    #[must_use]
    pub fn profile() -> Self {
        Self { basis: Basis::Profile, assumptions: BTreeSet::new(), missing: BTreeSet::new() }
    }

    /// Rests on one fact.
    #[must_use]
    pub fn assumed(fact: Fact) -> Self {
        Self { basis: Basis::Assumed, assumptions: BTreeSet::from([fact]), missing: BTreeSet::new() }
    }

    /// Cannot be said without one fact.
    #[must_use]
    pub fn missing(fact: Fact) -> Self {
        Self { basis: Basis::Assumed, assumptions: BTreeSet::new(), missing: BTreeSet::from([fact]) }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.basis = self.basis.max(other.basis);
        self.assumptions.extend(other.assumptions.iter().cloned());
        self.missing.extend(other.missing.iter().cloned());
        self
    }

    /// The weakest of all, with the assumptions of all: what a verdict rests on that needs every input.
    #[must_use]
    pub fn all<'s>(supports: impl IntoIterator<Item = &'s Self>) -> Self {
        supports.into_iter().fold(Self::spec(), Self::and)
    }

    /// The strongest: what a verdict rests on for which any one of several witnesses is enough.
    #[must_use]
    pub fn best<'s>(supports: impl IntoIterator<Item = &'s Self>) -> Self {
        let strength = |support: &&Self| (support.basis, support.assumptions.len() + support.missing.len());
        supports.into_iter().min_by_key(strength).cloned().unwrap_or_else(Self::spec)
    }
}

/// A verdict and how well it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<V> {
    /// The decision.
    pub verdict: V,
    /// How well it stands.
    pub support: Support,
}

impl<V> Judged<V> {
    /// A verdict that follows from the input alone.
    pub fn spec(verdict: V) -> Self {
        Self { verdict, support: Support::spec() }
    }

    /// A verdict with its support.
    pub fn new(verdict: V, support: Support) -> Self {
        Self { verdict, support }
    }
}

/// Yes, no, or not to be said from this world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tri {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Undetermined.
    Undetermined,
}
