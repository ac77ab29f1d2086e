//! Certificate references of listeners and of Gateways as clients, each with the verdict on it.
//!
//! Several rules speak about a Secret once, however many listeners use it; this is where the uses are gathered.

use std::collections::BTreeMap;

use crate::api::core::Secret;
use crate::api::reference::ObjectReference;
use crate::api::{Meta, Text};
use crate::certificate::{Certificate, first_certificate};
use crate::diagnostic::{ConditionEffect, Diagnostic};
use crate::eval::{CertificateVerdict, GatewayResolvedRefs, ListenerProgrammed, ListenerResolvedRefs};
use crate::graph::{GatewayId, ListenerId, ListenerOwner, SecretId};
use crate::lint::Cx;
use crate::lint::finding::{condition, is_checked, named};
use crate::source::Span;

/// Who uses a certificate.
#[derive(Debug, Clone, Copy)]
pub(super) enum User {
    /// A listener serves it.
    Listener(ListenerId),
    /// A Gateway shows it to backends.
    Client(GatewayId),
}

/// One reference to a certificate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use<'w> {
    /// Who uses it.
    pub(super) user: User,
    /// The object that holds the reference.
    pub(super) owner: &'w Meta,
    /// The reference.
    pub(super) reference: &'w ObjectReference,
    /// The verdict.
    pub(super) verdict: &'w CertificateVerdict,
}

/// All uses: listeners in graph order, then Gateways as clients.
pub(super) fn uses<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Use<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    let listeners = graph.listeners.ids().zip(&evaluation.listeners).flat_map(move |(id, verdict)| {
        let references = graph.listener(id).tls.iter().flat_map(|tls| &tls.certificate_refs);
        references.zip(&verdict.certificates).map(move |(reference, judged)| Use {
            user: User::Listener(id),
            owner: graph.listener_owner(id),
            reference,
            verdict: &judged.verdict,
        })
    });
    let clients = graph.gateways.iter().zip(&evaluation.gateways).filter_map(|((id, gateway), verdict)| {
        let reference = gateway.client_certificate_ref.as_ref()?;
        let verdict = &verdict.client_certificate.as_ref()?.verdict;
        Some(Use { user: User::Client(id), owner: &gateway.meta, reference, verdict })
    });
    listeners.chain(clients)
}

/// Uses by Secret, for the verdicts that `pick` takes.
pub(super) fn by_secret<'w>(
    cx: &Cx<'w>,
    pick: impl Fn(&CertificateVerdict) -> Option<SecretId>,
) -> BTreeMap<SecretId, Vec<Use<'w>>> {
    let mut secrets: BTreeMap<SecretId, Vec<Use<'w>>> = BTreeMap::new();
    for one in uses(cx) {
        if let Some(secret) = pick(one.verdict) {
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
pub(super) fn certificate(secret: &Secret) -> Option<Certificate> {
    first_certificate(secret.value("tls.crt")?.bytes.as_deref()?)
}

/// Where a finding about a Secret belongs: the Secret itself, or, where that is only read, a reference to it.
pub(super) fn place<'w>(secret: &'w Secret, span: Span, uses: &[Use<'w>]) -> Option<(&'w Meta, Span)> {
    if is_checked(&secret.meta) {
        return Some((&secret.meta, span));
    }
    let user = uses.iter().find(|one| is_checked(one.owner))?;
    Some((user.owner, user.reference.name.span))
}

/// Labels the references to the Secret and names the conditions that follow from its being unusable.
pub(super) fn with_uses(cx: &Cx<'_>, mut finding: Diagnostic, uses: &[Use<'_>], unusable: Unusable) -> Diagnostic {
    for one in uses {
        if one.reference.name.span != finding.primary {
            finding = finding.label(one.reference.name.span, format!("used by {}", user_text(cx, one)));
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
    match one.user {
        User::Listener(id) => {
            let Text { value: name, .. } = &cx.graph.listener(id).name;
            format!("listener `{name}` of {}", named(one.owner))
        }
        User::Client(_) => format!("{} towards backends", named(one.owner)),
    }
}

fn conditions(cx: &Cx<'_>, one: &Use<'_>) -> Vec<ConditionEffect> {
    let mut conditions = Vec::new();
    match one.user {
        User::Listener(id) => {
            let Some(verdict) = cx.evaluation.listeners.get(id.index()) else { return conditions };
            if verdict.resolved_refs.verdict == ListenerResolvedRefs::InvalidCertificateRef {
                conditions.push(condition("ResolvedRefs", "False", "InvalidCertificateRef"));
            }
            if verdict.programmed.verdict == ListenerProgrammed::NoUsableCertificate {
                conditions.push(condition("Programmed", "False", "Invalid"));
            }
        }
        User::Client(id) => {
            let verdict = cx.evaluation.gateways.get(id.index()).map(|gateway| &gateway.resolved_refs.verdict);
            if verdict == Some(&GatewayResolvedRefs::InvalidClientCertificateRef) {
                conditions.push(condition("ResolvedRefs", "False", "InvalidClientCertificateRef"));
            }
        }
    }
    conditions
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
