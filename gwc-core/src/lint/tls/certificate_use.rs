//! Secrets with key pairs and who uses them: several rules speak about a Secret once, however many listeners serve it.
//!
//! The references with their verdicts are [`crate::lint::finding::certificate`]'s.

use std::collections::BTreeMap;

use crate::api::Meta;
use crate::api::core::Secret;
use crate::certificate::first_certificate;
use crate::diagnostic::{ConditionEffect, Diagnostic};
use crate::eval::{CertificateVerdict, GatewayResolvedRefs, ListenerProgrammed, ListenerResolvedRefs};
use crate::graph::{ListenerId, ListenerOwner, SecretId};
use crate::lint::Cx;
use crate::lint::finding::certificate::{Certificate as Use, certificates};
use crate::lint::finding::{condition, is_checked, listener_text, named};
use crate::source::Span;

/// Uses by Secret, for the verdicts that `pick` takes.
pub(super) fn by_secret<'w>(
    cx: &Cx<'w>,
    pick: impl Fn(&CertificateVerdict) -> Option<SecretId>,
) -> BTreeMap<SecretId, Vec<Use<'w>>> {
    let mut secrets: BTreeMap<SecretId, Vec<Use<'w>>> = BTreeMap::new();
    for one in certificates(cx) {
        if let Some(secret) = pick(&one.verdict.verdict) {
            secrets.entry(secret).or_default().push(one);
        }
    }
    secrets
}

/// The Secret of a usable key pair.
pub(super) fn valid(verdict: &CertificateVerdict) -> Option<SecretId> {
    match verdict {
        CertificateVerdict::Valid(secret) => Some(*secret),
        CertificateVerdict::Assumed
        | CertificateVerdict::RefNotPermitted(_)
        | CertificateVerdict::UnsupportedKind
        | CertificateVerdict::NotFound
        | CertificateVerdict::Refused
        | CertificateVerdict::Malformed(..) => None,
    }
}

/// The first certificate that a Secret holds.
pub(super) fn certificate(secret: &Secret) -> Option<crate::certificate::Certificate> {
    first_certificate(secret.value("tls.crt")?.bytes.as_deref()?)
}

/// Where a finding about a Secret belongs: the Secret itself, or, where that is only read, a reference to it.
pub(super) fn place<'w>(secret: &'w Secret, span: Span, uses: &[Use<'w>]) -> Option<(&'w Meta, Span)> {
    if is_checked(&secret.meta) {
        return Some((&secret.meta, span));
    }
    uses.first().map(|one| (one.holder, one.target.name.span))
}

/// Labels the references to the Secret and names the conditions that follow from its being unusable.
pub(super) fn with_uses(cx: &Cx<'_>, mut finding: Diagnostic, uses: &[Use<'_>], unusable: Unusable) -> Diagnostic {
    for one in uses {
        if one.target.name.span != finding.primary {
            finding = finding.label(one.target.name.span, format!("used by {}", user_text(cx, one)));
        }
        match unusable {
            Unusable::Yes => finding.conditions.extend(conditions(cx, one)),
            Unusable::No => {}
        }
    }
    finding
}

/// Does the problem change conditions?
#[derive(Debug, Clone, Copy)]
pub(super) enum Unusable {
    /// The controller does not take the key pair.
    Yes,
    /// It does; clients notice.
    No,
}

fn user_text(cx: &Cx<'_>, one: &Use<'_>) -> String {
    one.listener.map_or_else(|| format!("{} towards backends", named(one.holder)), |id| listener_text(cx, id))
}

fn conditions(cx: &Cx<'_>, one: &Use<'_>) -> Vec<ConditionEffect> {
    let Some(id) = one.listener else { return client_conditions(cx, one.holder) };
    let Some(verdict) = cx.evaluation.listeners.get(id.index()) else { return Vec::new() };
    let resolved = verdict.resolved_refs.verdict != ListenerResolvedRefs::InvalidCertificateRef;
    let programmed = verdict.programmed.verdict != ListenerProgrammed::NoUsableCertificate;
    let refs = (!resolved).then(|| condition("ResolvedRefs", "False", "InvalidCertificateRef"));
    refs.into_iter().chain((!programmed).then(|| condition("Programmed", "False", "Invalid"))).collect()
}

fn client_conditions(cx: &Cx<'_>, gateway: &Meta) -> Vec<ConditionEffect> {
    let found = cx.graph.gateways.iter().zip(&cx.evaluation.gateways).find(|((_, one), _)| one.meta.key == gateway.key);
    let reason = found.map(|(_, verdict)| &verdict.resolved_refs.verdict);
    let unresolved = reason == Some(&GatewayResolvedRefs::InvalidClientCertificateRef);
    unresolved.then(|| condition("ResolvedRefs", "False", "InvalidClientCertificateRef")).into_iter().collect()
}

/// Listeners of the Gateway that serves a listener, own ones and those of ListenerSets; empty where there is none.
pub(super) fn siblings<'w>(cx: &Cx<'w>, id: ListenerId) -> &'w [ListenerId] {
    let gateway = match cx.graph.listeners[id].owner {
        ListenerOwner::Gateway(gateway) => Some(gateway),
        ListenerOwner::ListenerSet(set) => {
            cx.evaluation.listener_sets.get(set.index()).and_then(|verdict| verdict.gateway)
        }
    };
    let verdict = gateway.and_then(|gateway| cx.evaluation.gateways.get(gateway.index()));
    verdict.map_or(&[], |verdict| verdict.merged.as_slice())
}
