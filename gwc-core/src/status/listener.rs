//! `status.listeners[]` of Gateways and ListenerSets (status.md §1.4).

use crate::api::Meta;
use crate::api::gateway::{self, Gateway, TlsMode};
use crate::eval::{
    ConflictReason, ListenerAccepted, ListenerProgrammed, ListenerResolvedRefs, ListenerVerdict, Support,
};
use crate::graph::ListenerId;
use crate::source::Span;
use crate::status::condition::{self, Draft, TRUE};
use crate::status::{Condition, ListenerStatus, Px, message};
use crate::value::{GATEWAY_GROUP, X_GATEWAY_GROUP};

/// The object whose status has the listener.
pub(super) struct Owner<'o> {
    pub(super) meta: &'o Meta,
    /// The Gateway whose frontend validation applies.
    pub(super) gateway: Option<&'o Gateway>,
    pub(super) managed: &'o Support,
}

/// The entry of one listener; `None` where nothing is written for it.
pub(super) fn project(px: Px<'_>, id: ListenerId, owner: &Owner<'_>) -> Option<ListenerStatus> {
    let verdict = px.evaluation.listeners.get(id.index())?;
    if verdict.accepted.verdict == ListenerAccepted::SetNotAdmitted {
        return None;
    }
    let listener = px.graph.listener(id);
    let port = listener.port.as_ref().map(|port| port.value);
    Some(ListenerStatus {
        name: listener.name.value.to_string(),
        port: port.filter(|_| owner.meta.group == X_GATEWAY_GROUP),
        supported_kinds: verdict
            .supported_kinds
            .iter()
            .map(|kind| (GATEWAY_GROUP.into(), kind.name().into()))
            .collect(),
        attached_routes: u32::try_from(verdict.attached_routes.len()).unwrap_or(u32::MAX),
        conditions: conditions(px, id, verdict, owner),
    })
}

fn conditions(px: Px<'_>, id: ListenerId, verdict: &ListenerVerdict, owner: &Owner<'_>) -> Vec<Condition> {
    let listener = px.graph.listener(id);
    let causes = causes(px, listener, verdict, owner);
    let spec = Support::spec();
    let mut drafts = vec![
        accepted(px, id, verdict, &causes),
        programmed(px, id, verdict, &causes),
        resolved_refs(listener, verdict, &causes),
    ];
    if let Some(conflict) = &verdict.conflicted {
        drafts.push(Draft {
            r#type: "Conflicted",
            words: condition::listener_conflicted(conflict.verdict.reason),
            message: conflict_message(px, verdict),
            location: Some(listener.name.span),
            support: &conflict.support,
        });
    }
    if let Some(overlap) = &verdict.overlapping_tls {
        let (reason, rule, what) = if overlap.certificates {
            ("OverlappingCertificates", "L-34", "certificates overlap")
        } else {
            ("OverlappingHostnames", "L-35", "hostnames overlap")
        };
        drafts.push(Draft {
            r#type: "OverlappingTLSConfig",
            words: (TRUE, reason, rule),
            message: format!("{what} with listeners on the same port: {}", message::listeners(px.graph, &overlap.with)),
            location: Some(listener.hostname.as_ref().map_or(listener.name.span, |hostname| hostname.span)),
            support: &spec,
        });
    }
    drafts.into_iter().map(|draft| draft.finish(owner.managed, owner.meta.generation)).collect()
}

/// What is wrong with the certificates, CAs and kinds of a listener.
struct Causes {
    certificates: Vec<(String, Span)>,
    authorities: Vec<(String, Span)>,
    kinds: Option<(String, Span)>,
}

impl Causes {
    fn first_span(&self) -> Option<Span> {
        self.certificates.iter().chain(&self.authorities).chain(&self.kinds).map(|(_, span)| *span).next()
    }

    fn all(&self) -> Vec<String> {
        self.certificates.iter().chain(&self.authorities).chain(&self.kinds).map(|(text, _)| text.clone()).collect()
    }
}

fn causes(px: Px<'_>, listener: &gateway::Listener, verdict: &ListenerVerdict, owner: &Owner<'_>) -> Causes {
    let references = listener.tls.iter().flat_map(|tls| &tls.certificate_refs);
    let certificates = references.zip(&verdict.certificates).filter_map(|(reference, judged)| {
        let cause = message::certificate(px.graph, reference, &owner.meta.key.namespace, &judged.verdict)?;
        Some((cause, reference.span))
    });
    let port = listener.port.as_ref().map(|port| port.value);
    let frontend = owner.gateway.and_then(|gateway| Some((gateway, gateway.frontend_tls.as_ref()?.validation(port?)?)));
    let authorities = frontend.into_iter().flat_map(|(gateway, validation)| {
        let namespace = gateway.meta.key.namespace.as_str();
        validation.ca_refs.iter().zip(&verdict.frontend_cas).filter_map(move |(reference, judged)| {
            let cause = message::authority(px.graph, reference, namespace, &judged.verdict)?;
            Some((cause, reference.span))
        })
    });
    let invalid: Vec<_> = verdict.invalid_kinds.iter().filter_map(|position| listener.kinds.get(*position)).collect();
    let kinds = invalid.first().map(|first| {
        let names = message::names(invalid.iter().map(|one| kind_name(one)));
        let mode = match listener.tls.as_ref().map(|tls| &tls.mode) {
            Some(TlsMode::Passthrough) => " with TLS passthrough",
            Some(TlsMode::Terminate | TlsMode::Unknown(_)) | None => "",
        };
        (format!("protocol {}{mode} cannot serve kinds {names}", listener.protocol.value), first.span)
    });
    Causes { certificates: certificates.collect(), authorities: authorities.collect(), kinds }
}

fn kind_name(kind: &gateway::RouteGroupKind) -> String {
    if kind.group == GATEWAY_GROUP {
        kind.kind.value.to_string()
    } else {
        format!("{}/{}", kind.group, kind.kind.value)
    }
}

fn conflict_message(px: Px<'_>, verdict: &ListenerVerdict) -> String {
    let Some(conflict) = verdict.conflicted.as_ref().map(|judged| &judged.verdict) else { return String::new() };
    let what = match conflict.reason {
        ConflictReason::ProtocolConflict => "protocols cannot share the port with",
        ConflictReason::HostnameConflict => "port, protocol and hostname are those of",
    };
    let end = if conflict.lost { ", which has precedence" } else { "; inside one object none has precedence" };
    format!("{what} {}{end}", message::listeners(px.graph, &conflict.with))
}

fn accepted<'v>(px: Px<'_>, id: ListenerId, verdict: &'v ListenerVerdict, causes: &Causes) -> Draft<'v> {
    let listener = px.graph.listener(id);
    let port = listener.port.as_ref();
    let tls = listener.tls.as_ref();
    let (message, location) = match verdict.accepted.verdict {
        ListenerAccepted::Accepted => ("the listener is accepted".to_owned(), listener.name.span),
        ListenerAccepted::UnsupportedProtocol => {
            (format!("protocol `{}` is not supported", listener.protocol.value), listener.protocol.span)
        }
        ListenerAccepted::UnsupportedValue => {
            let mode = match tls.map(|tls| &tls.mode) {
                Some(TlsMode::Passthrough) => "Passthrough",
                Some(TlsMode::Unknown(mode)) => mode.as_str(),
                Some(TlsMode::Terminate) | None => "Terminate",
            };
            let text = format!("TLS mode `{mode}` is not supported for protocol {}", listener.protocol.value);
            (text, tls.map_or(listener.protocol.span, |tls| tls.mode_span))
        }
        ListenerAccepted::Conflicted(_) => (conflict_message(px, verdict), listener.name.span),
        ListenerAccepted::PortUnavailable => {
            let number = port.map_or(0, |port| port.value);
            (format!("port {number} cannot be bound"), port.map_or(listener.name.span, |port| port.span))
        }
        ListenerAccepted::NoValidCaCertificate => {
            let texts = causes.authorities.iter().map(|(text, _)| text.clone()).collect();
            let span = causes.authorities.first().map_or(listener.name.span, |(_, span)| *span);
            (format!("no CA for client certificates is usable: {}", message::join(texts)), span)
        }
        ListenerAccepted::RefNotPermitted => {
            let texts = causes.certificates.iter().map(|(text, _)| text.clone()).collect();
            let span = causes.certificates.first().map_or(listener.name.span, |(_, span)| *span);
            (message::join(texts), span)
        }
        ListenerAccepted::TooManyListeners => {
            let limit = px.profile.knobs.max_listeners.unwrap_or(usize::MAX);
            (format!("the Gateway takes no more than {limit} listeners"), listener.name.span)
        }
        ListenerAccepted::SetNotAdmitted => ("the ListenerSet takes no part".to_owned(), listener.name.span),
    };
    let words = condition::listener_accepted(verdict.accepted.verdict);
    Draft { r#type: "Accepted", words, message, location: Some(location), support: &verdict.accepted.support }
}

fn programmed<'v>(px: Px<'_>, id: ListenerId, verdict: &'v ListenerVerdict, causes: &Causes) -> Draft<'v> {
    let listener = px.graph.listener(id);
    let name = listener.name.span;
    let (message, location) = match verdict.programmed.verdict {
        ListenerProgrammed::Programmed => ("the configuration goes to the data plane".to_owned(), name),
        ListenerProgrammed::Conflicted(_) => (conflict_message(px, verdict), name),
        ListenerProgrammed::PortUnavailable => {
            let port = listener.port.as_ref();
            (format!("port {} cannot be bound", port.map_or(0, |port| port.value)), port.map_or(name, |port| port.span))
        }
        ListenerProgrammed::NotAccepted if verdict.accepted.verdict == ListenerAccepted::Accepted => {
            ("the Gateway is not accepted".to_owned(), name)
        }
        ListenerProgrammed::NotAccepted => ("the listener is not accepted".to_owned(), name),
        ListenerProgrammed::NoUsableCertificate => match causes.certificates.first() {
            Some((_, span)) => {
                let texts = causes.certificates.iter().map(|(text, _)| text.clone()).collect();
                (format!("no certificate is usable: {}", message::join(texts)), *span)
            }
            None => {
                let text = "TLS ends at the listener, but it has no certificate (InvalidTLSConfig)";
                (text.to_owned(), listener.tls.as_ref().map_or(listener.protocol.span, |tls| tls.span))
            }
        },
        ListenerProgrammed::NoUsableKinds => {
            let (text, span) = causes.kinds.clone().unwrap_or_else(|| ("no kind can be served".to_owned(), name));
            (format!("no route can attach: {text}"), span)
        }
    };
    let words = condition::listener_programmed(verdict.programmed.verdict);
    Draft { r#type: "Programmed", words, message, location: Some(location), support: &verdict.programmed.support }
}

fn resolved_refs<'v>(listener: &gateway::Listener, verdict: &'v ListenerVerdict, causes: &Causes) -> Draft<'v> {
    let message = match verdict.resolved_refs.verdict {
        ListenerResolvedRefs::ResolvedRefs => "all references are resolved".to_owned(),
        ListenerResolvedRefs::RefNotPermitted
        | ListenerResolvedRefs::InvalidCertificateRef
        | ListenerResolvedRefs::InvalidCaCertificateKind
        | ListenerResolvedRefs::InvalidCaCertificateRef
        | ListenerResolvedRefs::InvalidRouteKinds => message::join(causes.all()),
    };
    let words = condition::listener_resolved_refs(verdict.resolved_refs.verdict);
    let location = decisive(listener, verdict).or_else(|| causes.first_span()).or(Some(listener.name.span));
    Draft { r#type: "ResolvedRefs", words, message, location, support: &verdict.resolved_refs.support }
}

/// The first reference of the reason that won.
fn decisive(listener: &gateway::Listener, verdict: &ListenerVerdict) -> Option<Span> {
    let references = listener.tls.iter().flat_map(|tls| &tls.certificate_refs);
    let refused = |verdict: &crate::eval::CertificateVerdict| {
        matches!(verdict, crate::eval::CertificateVerdict::RefNotPermitted(_))
    };
    let wants_refused = match verdict.resolved_refs.verdict {
        ListenerResolvedRefs::RefNotPermitted => true,
        ListenerResolvedRefs::InvalidCertificateRef => false,
        ListenerResolvedRefs::ResolvedRefs
        | ListenerResolvedRefs::InvalidCaCertificateKind
        | ListenerResolvedRefs::InvalidCaCertificateRef
        | ListenerResolvedRefs::InvalidRouteKinds => return None,
    };
    let mut failing = references.zip(&verdict.certificates).filter(|(_, judged)| !judged.verdict.is_usable());
    failing.find(|(_, judged)| refused(&judged.verdict) == wants_refused).map(|(reference, _)| reference.span)
}

/// Routes that may attach as well, for lack of facts (spec README ruling 15).
pub(super) fn undetermined_note(px: Px<'_>, listeners: &[ListenerId]) -> Option<String> {
    let notes = listeners.iter().filter_map(|id| {
        let verdict = px.evaluation.listeners.get(id.index())?;
        let routes = verdict.undetermined_routes.iter().map(|route| &px.graph.routes[*route].meta.key);
        let (n, name) = (verdict.undetermined_routes.len(), &px.graph.listener(*id).name.value);
        (n > 0).then(|| format!("listener `{name}`: {n} more may attach: {}", message::names(routes)))
    });
    let notes: Vec<_> = notes.collect();
    (!notes.is_empty()).then(|| message::join(notes))
}
