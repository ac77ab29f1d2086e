//! `status.ancestors[]` of policies (status.md §1.8, §1.9).

use crate::api::Meta;
use crate::api::policy::{BackendTlsPolicy, BackendTrafficPolicy, PolicyTarget};
use crate::eval::{PolicyAccepted, PolicyProblem, PolicyResolvedRefs, PolicyVerdict, TargetVerdict};
use crate::graph::GatewayId;
use crate::profile::Bundle;
use crate::status::condition::{self, Draft, Words};
use crate::status::node::{mapping, text};
use crate::status::{Condition, ParentStatus, Projected, Px, StatusBody, message};
use crate::value::GATEWAY_GROUP;

/// No more ancestors than the API takes (BT-9, BT-10).
const MAX_ANCESTORS: usize = 16;

pub(super) fn backend_tls(px: Px<'_>, policy: &BackendTlsPolicy, verdict: &PolicyVerdict) -> Projected {
    let words = condition::policy_accepted(&verdict.accepted.verdict);
    let (status, reason, rule) = words;
    // Before v1.4 there was no reason of its own for CA certificates, and no ResolvedRefs (status.md §9).
    let old = px.target.bundle < Bundle::V1_4;
    let words = if old && reason == "NoValidCACertificate" { (status, "Invalid", rule) } else { words };
    let resolved_refs = Draft {
        r#type: "ResolvedRefs",
        words: condition::policy_resolved_refs(verdict.resolved_refs.verdict),
        message: match verdict.resolved_refs.verdict {
            PolicyResolvedRefs::ResolvedRefs => "all references are resolved".to_owned(),
            PolicyResolvedRefs::InvalidKind | PolicyResolvedRefs::InvalidCaCertificateRef => {
                message::join(ca_causes(px, policy, verdict))
            }
        },
        location: policy.ca_refs.first().map(|ca| ca.span).or(Some(policy.validation_span)),
        support: &verdict.resolved_refs.support,
    };
    let accepted = accepted(px, (&policy.meta, &policy.targets), verdict, words, ca_causes(px, policy, verdict));
    let drafts = if old { vec![accepted] } else { vec![accepted, resolved_refs] };
    ancestors(px, &policy.meta, verdict, drafts)
}

pub(super) fn backend_traffic(px: Px<'_>, policy: &BackendTrafficPolicy, verdict: &PolicyVerdict) -> Projected {
    let words = condition::policy_accepted(&verdict.accepted.verdict);
    let accepted = accepted(px, (&policy.meta, &policy.targets), verdict, words, Vec::new());
    ancestors(px, &policy.meta, verdict, vec![accepted])
}

fn ca_causes(px: Px<'_>, policy: &BackendTlsPolicy, verdict: &PolicyVerdict) -> Vec<String> {
    let pairs = policy.ca_refs.iter().zip(&verdict.cas);
    let namespace = &policy.meta.key.namespace;
    pairs.filter_map(|(ca, judged)| message::authority(px.graph, ca, namespace, &judged.verdict)).collect()
}

fn accepted<'v>(
    px: Px<'_>,
    (meta, targets): (&Meta, &[PolicyTarget]),
    verdict: &'v PolicyVerdict,
    words: Words,
    cas: Vec<String>,
) -> Draft<'v> {
    let message = match &verdict.accepted.verdict {
        PolicyAccepted::Accepted => {
            let lost = message::join(target_causes(px, meta, targets, verdict));
            if lost.is_empty() {
                "the policy is accepted".to_owned()
            } else {
                format!("the policy is accepted, but {lost}")
            }
        }
        PolicyAccepted::TargetNotFound => message::join(target_causes(px, meta, targets, verdict)),
        PolicyAccepted::Conflicted(winners) => {
            let keys = winners.iter().map(|id| &px.graph.backend_tls_policies[*id].meta.key);
            format!("an older policy has the same target: {}", message::names(keys))
        }
        PolicyAccepted::TrafficConflicted(winners) => {
            let keys = winners.iter().map(|id| &px.graph.backend_traffic_policies[*id].meta.key);
            format!("an older policy has the same target: {}", message::names(keys))
        }
        PolicyAccepted::Invalid(problem) => problem_text(*problem).to_owned(),
        PolicyAccepted::NoValidCaCertificate => format!("no CA certificate is usable: {}", message::join(cas)),
    };
    let location = targets.first().map_or(meta.name_span, |target| target.target.span);
    Draft { r#type: "Accepted", words, message, location: Some(location), support: &verdict.accepted.support }
}

fn problem_text(problem: PolicyProblem) -> &'static str {
    match problem {
        PolicyProblem::WellKnown => "this value of `wellKnownCACertificates` is not supported",
        PolicyProblem::UdpPort => "`sectionName` selects a UDP port, which has no TLS",
        PolicyProblem::TargetKind => "the policy can only target core Services",
        PolicyProblem::SubjectAltName => "these `subjectAltNames` are not supported",
    }
}

fn target_causes(px: Px<'_>, meta: &Meta, targets: &[PolicyTarget], verdict: &PolicyVerdict) -> Vec<String> {
    let causes = targets.iter().zip(&verdict.targets).filter_map(|(target, judged)| {
        let key = format!("{}/{}", meta.key.namespace, target.target.name.value);
        match &judged.verdict {
            TargetVerdict::Found(..) | TargetVerdict::Assumed => None,
            TargetVerdict::NotFound => Some(format!("Service `{key}` does not exist")),
            TargetVerdict::Refused => Some(format!("Service `{key}` would be refused by the API server")),
            TargetVerdict::SectionNotFound(service) => {
                let section = target.section_name.as_ref().map_or("", |name| name.value.as_str());
                let ports = &px.graph.services[*service].ports;
                let named = message::names(ports.iter().filter_map(|port| port.name.as_ref()).map(|name| &name.value));
                let named = if named.is_empty() { "none".to_owned() } else { named };
                Some(format!("Service `{key}` has no port named `{section}`; it has {named}"))
            }
            TargetVerdict::UnsupportedKind => Some(format!("kind `{}` is no target", target.target.group_kind())),
        }
    });
    causes.collect()
}

fn ancestors(px: Px<'_>, meta: &Meta, verdict: &PolicyVerdict, drafts: Vec<Draft<'_>>) -> Projected {
    if verdict.ancestors.is_empty() {
        return Projected::nothing("no status will be written: no accepted route of a managed Gateway uses its target");
    }
    let conditions = |id: GatewayId| -> (Vec<Condition>, String) {
        let managed = px.evaluation.gateways.get(id.index()).map(|gateway| &gateway.managed);
        let support = managed.map_or(crate::eval::Support::spec(), crate::eval::Managed::support);
        let finished = drafts.iter().map(|draft| draft.clone().finish(&support, meta.generation));
        (finished.collect(), managed.and_then(|managed| managed.controller()).unwrap_or_default().to_owned())
    };
    let entry = |id: &GatewayId| {
        let gateway = &px.graph.gateways[*id].meta;
        let reference = mapping([
            ("group", Some(text(GATEWAY_GROUP))),
            ("kind", Some(text("Gateway"))),
            ("namespace", Some(text(&gateway.key.namespace))),
            ("name", Some(text(&gateway.key.name))),
        ]);
        let (conditions, controller_name) = conditions(*id);
        ParentStatus { reference, controller_name, conditions }
    };
    let over = verdict.ancestors.len().saturating_sub(MAX_ANCESTORS);
    let note = (over > 0).then(|| format!("{over} more Gateways are ancestors, more than the API can hold"));
    let ancestors = verdict.ancestors.iter().take(MAX_ANCESTORS).map(entry).collect();
    Projected { body: Some(StatusBody::Policy { ancestors }), note }
}
