//! Which targets know a kind, a version or a field.

use crate::admission::Served;
use crate::admission::schema::{Index, Literal, SchemaNode, Serving, Version, node_at, versions};
use crate::profile::{BUNDLES, Channel, Target};
use crate::yaml::path::{Path, Step};

/// API groups that gwc decides about.
pub const GROUPS: [&str; 2] = ["gateway.networking.k8s.io", "gateway.networking.x-k8s.io"];

/// Every bundle and channel, oldest first, standard before experimental.
pub fn targets() -> impl Iterator<Item = Target> {
    let both = |bundle| [Channel::Standard, Channel::Experimental].map(|channel| Target { bundle, channel });
    BUNDLES.into_iter().flat_map(both)
}

/// Does the target serve this apiVersion and kind?
#[must_use]
pub fn served(api_version: &str, kind: &str, target: Target) -> Served {
    let Some((group, version)) = api_version.split_once('/') else { return Served::Foreign };
    if !GROUPS.contains(&group) || kind.is_empty() {
        return Served::Foreign;
    }
    let mut rows = versions(target).iter().filter(|row| row.kind == kind && row.group == group).peekable();
    if rows.peek().is_none() {
        return Served::KindNotServed;
    }
    match rows.find(|row| row.version == version).map(|row| row.serving) {
        Some(Serving::Served | Serving::Deprecated) => Served::Yes,
        Some(Serving::Unserved) | None => Served::VersionNotServed,
    }
}

/// True where the CRD of the target marks the version as deprecated.
#[must_use]
pub fn deprecated(api_version: &str, kind: &str, target: Target) -> bool {
    let Some((group, version)) = api_version.split_once('/') else { return false };
    rows(group, kind, target).any(|row| row.version == version && row.serving == Serving::Deprecated)
}

/// Versions of a kind that a target serves, newest and most stable first.
#[must_use]
pub fn served_versions(group: &str, kind: &str, target: Target) -> Vec<&'static str> {
    let mut found: Vec<_> = rows(group, kind, target).filter(|row| is_served(row)).map(|row| row.version).collect();
    found.sort_by_key(|version| std::cmp::Reverse(rank(version)));
    found
}

/// Order of Kubernetes versions: `v1` above `v1beta1` above `v1alpha3`.
fn rank(version: &str) -> (u8, u32) {
    let number = |text: &str| text.parse().unwrap_or(0);
    let text = version.strip_prefix('v').unwrap_or(version);
    match (text.split_once("beta"), text.split_once("alpha")) {
        (Some((_, minor)), _) => (1, number(minor)),
        (_, Some((_, minor))) => (0, number(minor)),
        (None, None) => (2, number(text)),
    }
}

/// Targets that serve a kind in a version.
#[must_use]
pub fn served_in(group: &str, kind: &str, version: &str) -> Vec<Target> {
    targets().filter(|target| served(&format!("{group}/{version}"), kind, *target) == Served::Yes).collect()
}

/// Targets that serve a kind in any version.
#[must_use]
pub fn kind_in(group: &str, kind: &str) -> Vec<Target> {
    targets().filter(|target| !served_versions(group, kind, *target).is_empty()).collect()
}

/// Kinds of both groups in any target, by group and name.
#[must_use]
pub fn kinds() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> = targets().flat_map(versions_of).map(|row| (row.group, row.kind)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn is_served(row: &Version) -> bool {
    matches!(row.serving, Serving::Served | Serving::Deprecated)
}

fn versions_of(target: Target) -> &'static [Version] {
    versions(target)
}

fn rows<'a>(group: &'a str, kind: &'a str, target: Target) -> impl Iterator<Item = &'static Version> + use<'a> {
    versions(target).iter().filter(move |row| row.kind == kind && row.group == group)
}

/// Which targets know a field of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldHistory {
    /// Targets with the field in any version of the kind that they serve, oldest first.
    pub known: Vec<Target>,
}

/// Why a target does not have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldAbsence {
    /// No bundle has it.
    Unknown,
    /// The target's bundle has it in the experimental channel.
    Experimental,
    /// Only older bundles have it; the last of them.
    Removed(Target),
    /// Only newer bundles have it; the first of them, in the standard channel where there is one.
    TooNew(Target),
}

impl FieldHistory {
    /// Why `target` does not have the field.
    #[must_use]
    pub fn absence(&self, target: Target) -> FieldAbsence {
        if self.known.iter().any(|known| known.bundle == target.bundle) {
            return FieldAbsence::Experimental;
        }
        let newer = |known: &&Target| known.bundle > target.bundle;
        let same_channel = |known: &&Target| newer(known) && known.channel == target.channel;
        let first = self.known.iter().find(same_channel).or_else(|| self.known.iter().find(newer));
        let last = self.known.iter().rev().find(|known| known.bundle < target.bundle);
        match (last, first) {
            (Some(last), None) => FieldAbsence::Removed(*last),
            (_, Some(first)) => FieldAbsence::TooNew(*first),
            (None, None) => FieldAbsence::Unknown,
        }
    }
}

/// Which targets know the field at `path` of a kind.
#[must_use]
pub fn field_history(group: &str, kind: &str, path: &Path) -> FieldHistory {
    let knows = |target: &Target| rows(group, kind, *target).any(|row| is_served(row) && has_field(row, path));
    FieldHistory { known: targets().filter(knows).collect() }
}

fn has_field(row: &Version, path: &Path) -> bool {
    node_at(row.root).and_then(|root| path.0.iter().try_fold(root, step_down)).is_some()
}

fn step_down(node: &'static SchemaNode, step: &Step) -> Option<&'static SchemaNode> {
    match step {
        Step::Field(key) | Step::MapKey(key) => node.child(key),
        Step::Index(_) => node.item(),
    }
}

/// The schema node at a path of an object, where the target has one.
#[must_use]
pub fn schema_at(api_version: &str, kind: &str, target: Target, path: &Path) -> Option<&'static SchemaNode> {
    let (_, root) = crate::admission::engine::find(api_version, kind, target)?;
    path.0.iter().try_fold(root, step_down)
}

/// Targets in which the field at `path` of a kind may have the value `text`.
#[must_use]
pub fn value_history(group: &str, kind: &str, path: &Path, text: &str) -> FieldHistory {
    let allows = |row: &Version| {
        let root = node_at(row.root)?;
        let node = path.0.iter().try_fold(root, step_down)?;
        let fits = |literal: &Literal| match literal {
            Literal::Text(allowed) => *allowed == text,
            Literal::Int(allowed) => allowed.to_string() == text,
            Literal::Bool(_) | Literal::List(_) | Literal::Map(_) => false,
        };
        node.enumeration().iter().any(fits).then_some(())
    };
    let knows = |target: &Target| rows(group, kind, *target).any(|row| is_served(row) && allows(row).is_some());
    FieldHistory { known: targets().filter(knows).collect() }
}

/// Identity of the schema of `spec` of a version, in the target or else in the newest that has the version; equal
/// identities are equal schemas.
#[must_use]
pub fn spec_node(group: &str, kind: &str, version: &str, target: Target) -> Option<Index> {
    let of = |target: Target| rows(group, kind, target).find(|row| row.version == version);
    let row = of(target).or_else(|| targets().filter_map(of).last())?;
    let spec = node_at(row.root)?.properties().iter().find(|property| property.name == "spec")?;
    Some(spec.node)
}
