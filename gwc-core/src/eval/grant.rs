//! Does a ReferenceGrant permit a reference (status.md §3.5)?

use std::collections::BTreeMap;

use crate::api::policy::{GrantFrom, GrantTo, ReferenceGrant};
use crate::graph::{GrantId, Graph};
use crate::value::{GroupKind, ObjectKey};

/// Why no grant permits a reference, with the grants that come near.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotPermitted {
    /// Grants of the target namespace that would apply but for one field, and which.
    pub near_misses: Vec<(GrantId, GrantMismatch)>,
}

/// Which part of a grant does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantMismatch {
    /// `from[].namespace`.
    FromNamespace,
    /// `from[].kind`.
    FromKind,
    /// `from[].group`.
    FromGroup,
    /// `to[].kind`.
    ToKind,
    /// `to[].group`.
    ToGroup,
    /// `to[].name`.
    ToName,
}

/// A reference that may need a grant: who asks for what.
#[derive(Debug, Clone, Copy)]
pub struct Crossing<'a> {
    /// Group and kind that hold the reference.
    pub from: &'a GroupKind,
    /// Namespace of the holder.
    pub namespace: &'a str,
    /// Group and kind of the target.
    pub to: &'a GroupKind,
    /// The target.
    pub target: &'a ObjectKey,
}

/// Grants by target namespace and reader.
pub(crate) struct GrantIndex<'w> {
    graph: &'w Graph,
    by_reader: BTreeMap<Reader<'w>, Vec<GrantId>>,
}

/// Target namespace; group, kind and namespace of the reader.
type Reader<'w> = (&'w str, &'w str, &'w str, &'w str);

impl<'w> GrantIndex<'w> {
    pub(crate) fn new(graph: &'w Graph) -> Self {
        let mut by_reader: BTreeMap<Reader<'w>, Vec<GrantId>> = BTreeMap::new();
        for (id, grant) in graph.grants.iter() {
            for from in &grant.from {
                let key = (
                    grant.meta.key.namespace.as_str(),
                    from.group.value.as_str(),
                    from.kind.value.as_str(),
                    from.namespace.value.as_str(),
                );
                by_reader.entry(key).or_default().push(id);
            }
        }
        Self { graph, by_reader }
    }

    /// Is the reference permitted? References inside one namespace always are.
    pub(crate) fn permits(&self, crossing: Crossing<'_>) -> Result<(), NotPermitted> {
        if crossing.namespace == crossing.target.namespace {
            return Ok(());
        }
        let reader = (
            crossing.target.namespace.as_str(),
            crossing.from.group.as_str(),
            crossing.from.kind.as_str(),
            crossing.namespace,
        );
        let grants = self.by_reader.get(&reader).map_or(&[][..], Vec::as_slice);
        if grants.iter().any(|id| applies(&self.graph.grants[*id], crossing)) {
            return Ok(());
        }
        let nearby = self.graph.grants_in(&crossing.target.namespace).iter();
        let near_misses = nearby.filter_map(|id| Some((*id, near_miss(&self.graph.grants[*id], crossing)?)));
        Err(NotPermitted { near_misses: near_misses.take(MAX_NEAR_MISSES).collect() })
    }
}

/// Near misses explain; a handful is enough.
const MAX_NEAR_MISSES: usize = 8;

/// Does this grant permit the reference? Its namespace, one `from` and one `to` must fit exactly.
#[must_use]
pub fn applies(grant: &ReferenceGrant, crossing: Crossing<'_>) -> bool {
    grant.meta.key.namespace == crossing.target.namespace
        && grant.from.iter().any(|from| from_mismatches(from, crossing).is_empty())
        && grant.to.iter().any(|to| to_mismatches(to, crossing).is_empty())
}

/// The one field that keeps a grant from permitting the reference; `None` when it is none, or more than one.
#[must_use]
pub fn near_miss(grant: &ReferenceGrant, crossing: Crossing<'_>) -> Option<GrantMismatch> {
    let from = grant.from.iter().map(|from| from_mismatches(from, crossing)).min_by_key(Vec::len)?;
    let to = grant.to.iter().map(|to| to_mismatches(to, crossing)).min_by_key(Vec::len)?;
    let mut mismatches = from.into_iter().chain(to);
    let first = mismatches.next()?;
    mismatches.next().is_none().then_some(first)
}

fn from_mismatches(from: &GrantFrom, crossing: Crossing<'_>) -> Vec<GrantMismatch> {
    let mut mismatches = Vec::new();
    if from.namespace.value != crossing.namespace {
        mismatches.push(GrantMismatch::FromNamespace);
    }
    if from.kind.value != crossing.from.kind {
        mismatches.push(GrantMismatch::FromKind);
    }
    if from.group.value != crossing.from.group {
        mismatches.push(GrantMismatch::FromGroup);
    }
    mismatches
}

fn to_mismatches(to: &GrantTo, crossing: Crossing<'_>) -> Vec<GrantMismatch> {
    let mut mismatches = Vec::new();
    if to.kind.value != crossing.to.kind {
        mismatches.push(GrantMismatch::ToKind);
    }
    if to.group.value != crossing.to.group {
        mismatches.push(GrantMismatch::ToGroup);
    }
    let named = to.name.as_ref().filter(|name| !name.value.is_empty());
    if named.is_some_and(|name| name.value != crossing.target.name) {
        mismatches.push(GrantMismatch::ToName);
    }
    mismatches
}
