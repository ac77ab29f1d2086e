//! `parametersRef` of a GatewayClass (GC-4) and of a Gateway's infrastructure (GW-3), and kinds that only a controller
//! knows (status.md §10).

use crate::api::reference::ObjectReference;
use crate::eval::world::{Cx, Missing, is_foreign_group};
use crate::eval::{Fact, Judged, Support};
use crate::graph::Resolution;
use crate::value::{GroupKind, ObjectKey};

/// What is wrong with a parametersRef (GC-4, GW-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParametersProblem {
    /// Group and kind are not supported.
    UnsupportedKind,
    /// The object is not there.
    NotFound,
    /// A namespaced kind without namespace.
    NamespaceMissing,
    /// A cluster-scoped kind with namespace.
    NamespaceGiven,
}

/// Do we know what a controller understands?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vocabulary {
    /// Our own controller: exactly what the profile lists.
    Known,
    /// A controller without a profile: kinds of foreign groups may be its own.
    Open,
}

impl Vocabulary {
    /// The vocabulary of a controller; one without a name is not known either.
    pub(crate) fn of(cx: &Cx<'_>, controller: Option<&str>) -> Self {
        if controller == Some(cx.profile.controller_name.as_str()) { Self::Known } else { Self::Open }
    }

    /// How well it stands that the controller understands a kind that the API does not define for the purpose; `None`
    /// when it does not.
    pub(crate) fn understands(self, cx: &Cx<'_>, group_kind: &GroupKind) -> Option<Support> {
        if let Some(given) = cx.kind_given(group_kind) {
            return Some(given);
        }
        let open = self == Self::Open && is_foreign_group(&group_kind.group);
        open.then(|| Support::assumed(Fact::Kind(group_kind.clone())))
    }
}

/// A parametersRef of a GatewayClass: the namespace must be there exactly for namespaced kinds.
pub(crate) fn of_class(
    cx: &Cx<'_>,
    reference: &ObjectReference,
    vocabulary: Vocabulary,
) -> Judged<Option<ParametersProblem>> {
    let group_kind = reference.group_kind();
    let Some(support) = understands(cx, &group_kind, vocabulary) else {
        return Judged::new(Some(ParametersProblem::UnsupportedKind), Support::profile());
    };
    match (is_namespaced(cx, &group_kind), &reference.namespace) {
        (Some(true), None) => return Judged::spec(Some(ParametersProblem::NamespaceMissing)),
        (Some(false), Some(_)) => return Judged::spec(Some(ParametersProblem::NamespaceGiven)),
        (Some(_) | None, _) => {}
    }
    object(cx, &group_kind, &reference.target(""), support)
}

/// A parametersRef of a Gateway: always in the Gateway's namespace.
pub(crate) fn of_gateway(
    cx: &Cx<'_>,
    reference: &ObjectReference,
    namespace: &str,
    vocabulary: Vocabulary,
) -> Judged<Option<ParametersProblem>> {
    let group_kind = reference.group_kind();
    let Some(support) = understands(cx, &group_kind, vocabulary) else {
        return Judged::new(Some(ParametersProblem::UnsupportedKind), Support::profile());
    };
    object(cx, &group_kind, &ObjectKey::new(namespace, reference.name.value.clone()), support)
}

/// The API names ConfigMaps as a kind of parameters, so a controller without a profile may take them.
fn understands(cx: &Cx<'_>, group_kind: &GroupKind, vocabulary: Vocabulary) -> Option<Support> {
    let config_map = group_kind.group.is_empty() && group_kind.kind == "ConfigMap";
    if config_map && vocabulary == Vocabulary::Open {
        return Some(Support::assumed(Fact::Kind(group_kind.clone())));
    }
    vocabulary.understands(cx, group_kind)
}

/// Scope of a kind: of ConfigMaps, and of what a CustomResourceDefinition in the world defines.
fn is_namespaced(cx: &Cx<'_>, group_kind: &GroupKind) -> Option<bool> {
    if group_kind.group.is_empty() && group_kind.kind == "ConfigMap" {
        return Some(true);
    }
    let mut crds = cx.graph.crds.iter().map(|(_, crd)| crd);
    crds.find(|crd| crd.group == group_kind.group && crd.kind == group_kind.kind).map(|crd| crd.namespaced)
}

/// Presence; the content is taken for granted.
fn object(cx: &Cx<'_>, group_kind: &GroupKind, key: &ObjectKey, support: Support) -> Judged<Option<ParametersProblem>> {
    let valid = Support::assumed(Fact::Parameters(group_kind.clone(), key.clone()));
    match cx.graph.exists(group_kind, key) {
        Resolution::Found(_) => Judged::new(None, support.and(&valid)),
        Resolution::Refused(_) => Judged::spec(Some(ParametersProblem::NotFound)),
        Resolution::Absent => match cx.missing_object(group_kind, key) {
            Missing::Proven => Judged::spec(Some(ParametersProblem::NotFound)),
            Missing::Assumed(missing) => Judged::new(None, support.and(&missing).and(&valid)),
        },
    }
}
