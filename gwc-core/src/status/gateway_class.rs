//! Status of a GatewayClass: conditions, supported features (status.md §1.2).

use crate::api::gateway::GatewayClass;
use crate::eval::{GatewayClassAccepted, GatewayClassVerdict, ParametersProblem, Support};
use crate::profile::{Bundle, Channel};
use crate::status::condition::{self, Draft};
use crate::status::{Projected, Px, StatusBody};

pub(super) fn project(px: Px<'_>, class: &GatewayClass, verdict: &GatewayClassVerdict) -> Projected {
    let generation = class.meta.generation;
    let reference = class.parameters_ref.as_ref();
    let message = match &verdict.accepted.verdict {
        GatewayClassAccepted::Accepted => "the class is accepted by its controller".to_owned(),
        GatewayClassAccepted::InvalidParameters(problem) => {
            let target = reference.map(|reference| (reference.group_kind(), reference.target("")));
            let (kind, key) =
                target.map_or((String::new(), String::new()), |(kind, key)| (kind.to_string(), key.to_string()));
            parameters(*problem, &kind, &key)
        }
    };
    let accepted = Draft {
        r#type: "Accepted",
        words: condition::gateway_class_accepted(&verdict.accepted.verdict),
        message,
        location: Some(reference.map_or(class.controller_name.span, |reference| reference.span)),
        support: &verdict.accepted.support,
    };
    let version = if verdict.supported_version.verdict {
        ((condition::TRUE, "SupportedVersion", "GC-6"), "the version of the Gateway API CRDs is supported")
    } else {
        let text = "the version of the Gateway API CRDs is not known; what can be served is served";
        ((condition::FALSE, "UnsupportedVersion", "GC-7"), text)
    };
    let crd = px.graph.crds.iter().find_map(|(_, crd)| crd.bundle_span);
    let supported_version = Draft {
        r#type: "SupportedVersion",
        words: version.0,
        message: version.1.to_owned(),
        location: crd,
        support: &verdict.supported_version.support,
    };
    let conditions = [accepted, supported_version].map(|draft| draft.finish(&Support::spec(), generation));
    let body =
        StatusBody::GatewayClass { conditions: conditions.to_vec(), supported_features: supported_features(px, class) };
    Projected { body: Some(body), note: None }
}

/// What is wrong with a parametersRef.
pub(super) fn parameters(problem: ParametersProblem, kind: &str, key: &str) -> String {
    match problem {
        ParametersProblem::UnsupportedKind => format!("the controller takes no parameters of kind `{kind}`"),
        ParametersProblem::NotFound => format!("parameters object {kind} `{key}` does not exist"),
        ParametersProblem::NamespaceMissing => format!("parameters of kind `{kind}` need a `namespace`"),
        ParametersProblem::NamespaceGiven => {
            format!("parameters of kind `{kind}` are cluster-scoped and must have no `namespace`")
        }
    }
}

/// GC-8: only of the controller whose features are known, where the target has the field as a list of objects.
fn supported_features(px: Px<'_>, class: &GatewayClass) -> Vec<String> {
    let since = match px.target.channel {
        Channel::Standard => Bundle::V1_4,
        Channel::Experimental => Bundle::V1_2,
    };
    if class.controller_name.value != px.profile.controller_name || px.target.bundle < since {
        return Vec::new();
    }
    px.profile.knobs.features.iter().take(64).map(ToString::to_string).collect()
}
