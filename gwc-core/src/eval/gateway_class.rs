//! GatewayClass: `accepted`, `supported_version`; who manages a Gateway (status.md §1.2).

use compact_str::CompactString;

use crate::api::gateway::{Gateway, GatewayClass};
use crate::eval::parameters::{self, ParametersProblem, Vocabulary};
use crate::eval::world::{Cx, Missing};
use crate::eval::{Fact, Judged, Support};
use crate::graph::{GatewayClassId, Resolution};
use crate::value::{GATEWAY_GROUP, GroupKind, ObjectKey, X_GATEWAY_GROUP};

/// `SupportedVersion`, `Accepted` of a GatewayClass (status.md §1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayClassVerdict {
    /// GC-2 to GC-5.
    pub accepted: Judged<GatewayClassAccepted>,
    /// GC-6, GC-7; true: supported.
    pub supported_version: Judged<bool>,
}

/// `Accepted` of a GatewayClass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayClassAccepted {
    /// GC-5.
    Accepted,
    /// GC-4.
    InvalidParameters(ParametersProblem),
}

/// Who, if anyone, writes the status of a Gateway and what attaches to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Managed {
    /// The class exists (or is assumed with its controller).
    By {
        /// `controllerName`; `None`: the class is only assumed and its controller is not known.
        controller: Option<CompactString>,
        /// The class, where it is in the world.
        class: Option<GatewayClassId>,
        /// How well that stands.
        support: Support,
    },
    /// The class does not exist (GW-1): nothing is ever written.
    ClassAbsent,
    /// The class is there, but an API server would refuse it.
    ClassRefused,
}

impl Managed {
    /// Does anybody write its status?
    #[must_use]
    pub fn is_managed(&self) -> bool {
        match self {
            Self::By { .. } => true,
            Self::ClassAbsent | Self::ClassRefused => false,
        }
    }

    /// The controller, where it is known.
    #[must_use]
    pub fn controller(&self) -> Option<&str> {
        match self {
            Self::By { controller, .. } => controller.as_deref(),
            Self::ClassAbsent | Self::ClassRefused => None,
        }
    }

    /// How well it stands that somebody manages it.
    #[must_use]
    pub fn support(&self) -> Support {
        match self {
            Self::By { support, .. } => support.clone(),
            Self::ClassAbsent | Self::ClassRefused => Support::spec(),
        }
    }
}

/// Verdicts on one class, for the controller that it names.
pub(crate) fn evaluate(cx: &Cx<'_>, class: &GatewayClass) -> GatewayClassVerdict {
    GatewayClassVerdict { accepted: accepted(cx, class), supported_version: supported_version(cx) }
}

/// `Accepted` (GC-4, GC-5); an unknown version of the CRDs is served as well as can be (GC-7).
fn accepted(cx: &Cx<'_>, class: &GatewayClass) -> Judged<GatewayClassAccepted> {
    let Some(reference) = &class.parameters_ref else { return Judged::spec(GatewayClassAccepted::Accepted) };
    let vocabulary = Vocabulary::of(cx, Some(class.controller_name.value.as_str()));
    let Judged { verdict, support } = parameters::of_class(cx, reference, vocabulary);
    Judged::new(verdict.map_or(GatewayClassAccepted::Accepted, GatewayClassAccepted::InvalidParameters), support)
}

/// `SupportedVersion` (GC-6, GC-7): the bundle annotation of the CRDs in the world, else the target that was named.
fn supported_version(cx: &Cx<'_>) -> Judged<bool> {
    let crds = cx.graph.crds.iter().map(|(_, crd)| crd);
    let mut ours = crds.filter(|crd| crd.group == GATEWAY_GROUP || crd.group == X_GATEWAY_GROUP).peekable();
    if ours.peek().is_some() {
        return Judged::spec(ours.all(|crd| crd.bundle.is_some()));
    }
    let support = if cx.profile.target.is_some() { Support::spec() } else { Support::assumed(Fact::CrdVersion) };
    Judged::new(true, support)
}

/// Who manages a Gateway (GW-1).
pub(crate) fn managed(cx: &Cx<'_>, gateway: &Gateway) -> Managed {
    let name = gateway.class_name.value.as_str();
    let fact = || Fact::GatewayClass(name.into());
    match cx.graph.gateway_class(name) {
        Resolution::Found(id) => {
            let controller = cx.graph.gateway_classes[id].controller_name.value.clone();
            Managed::By { controller: Some(controller), class: Some(id), support: Support::spec() }
        }
        Resolution::Refused(_) => Managed::ClassRefused,
        Resolution::Absent => {
            let given = cx.assumptions().gateway_classes.get(name);
            let group_kind = GroupKind::new(GATEWAY_GROUP, "GatewayClass");
            match cx.missing(&group_kind, &ObjectKey::new("", name), fact(), given.is_some()) {
                Missing::Proven => Managed::ClassAbsent,
                Missing::Assumed(support) => Managed::By { controller: given.cloned(), class: None, support },
            }
        }
    }
}
