//! Status of a Gateway: addresses, conditions, listeners (status.md §1.3).

use crate::api::gateway::Gateway;
use crate::eval::{GatewayAccepted, GatewayProgrammed, GatewayResolvedRefs, GatewayVerdict, Managed, Support};
use crate::graph::{GatewayId, ListenerId, ListenerOwner};
use crate::profile::Bundle;
use crate::source::Span;
use crate::status::condition::{self, Draft, TRUE};
use crate::status::gateway_class::parameters;
use crate::status::listener::{self, Owner};
use crate::status::{Condition, Projected, Px, StatusBody, message};

pub(super) fn project(px: Px<'_>, id: GatewayId, verdict: &GatewayVerdict) -> Projected {
    let gateway = &px.graph.gateways[id];
    if let Some(why) = unmanaged(gateway, &verdict.managed) {
        return Projected::nothing(format!("no status will be written: {why}"));
    }
    let managed = verdict.managed.support();
    let own = px.graph.listeners_of(ListenerOwner::Gateway(id));
    let owner = Owner { meta: &gateway.meta, gateway: Some(gateway), managed: &managed };
    let known = verdict.managed.controller() == Some(px.profile.controller_name.as_str());
    let with_sets = px.target.bundle >= Bundle::V1_5;
    let n_sets = u32::try_from(verdict.attached_listener_sets.len()).unwrap_or(u32::MAX);
    let body = StatusBody::Gateway {
        addresses: if known { addresses(px, gateway, verdict) } else { Vec::new() },
        attached_listener_sets: with_sets.then_some(n_sets),
        conditions: conditions(px, gateway, verdict, &managed),
        listeners: own.iter().filter_map(|listener| listener::project(px, *listener, &owner)).collect(),
    };
    Projected { body: Some(body), note: listener::undetermined_note(px, own) }
}

/// Why nobody writes the status of a Gateway; `None` when somebody does.
pub(super) fn unmanaged(gateway: &Gateway, managed: &Managed) -> Option<String> {
    let class = &gateway.class_name.value;
    match managed {
        Managed::By { .. } => None,
        Managed::ClassAbsent => Some(format!(
            "GatewayClass `{class}` does not exist; `--assume gatewayclass:{class}=example.com/controller` says that it does"
        )),
        Managed::ClassRefused => Some(format!("GatewayClass `{class}` would be refused by the API server")),
    }
}

/// GW-31: the addresses that the Gateway has; without a proxy at work those that it asks for.
fn addresses(px: Px<'_>, gateway: &Gateway, verdict: &GatewayVerdict) -> Vec<(String, String)> {
    if let Some(placement) = px.profile.placement(&gateway.meta.key) {
        // Served even where another address that was asked for is not to be had.
        let served = placement.addresses.iter().filter(|_| verdict.accepted.verdict.is_true());
        return served.take(16).map(|address| ("IPAddress".to_owned(), address.to_string())).collect();
    }
    if verdict.programmed.verdict != GatewayProgrammed::Programmed {
        return Vec::new();
    }
    let requested = gateway.addresses.iter();
    let with_value =
        requested.filter_map(|one| Some((one.r#type.value.to_string(), one.value.as_ref()?.value.to_string())));
    with_value.take(16).collect()
}

fn conditions(px: Px<'_>, gateway: &Gateway, verdict: &GatewayVerdict, managed: &Support) -> Vec<Condition> {
    let mut drafts = vec![accepted(px, gateway, verdict), programmed(px, gateway, verdict)];
    // ResolvedRefs and the frontend mode are of v1.5 (status.md §9).
    if px.target.bundle >= Bundle::V1_5 {
        drafts.push(resolved_refs(px, gateway, verdict));
    }
    let spec = Support::spec();
    if px.target.bundle >= Bundle::V1_5 && verdict.insecure_frontend {
        let mut validations = gateway.frontend_tls.iter().flat_map(|tls| tls.validations());
        let insecure = validations.find(|validation| validation.mode.value == "AllowInsecureFallback");
        drafts.push(Draft {
            r#type: "InsecureFrontendValidationMode",
            words: (TRUE, "ConfigurationChanged", "GW-30"),
            message: "clients without a valid certificate are let in: `mode: AllowInsecureFallback`".to_owned(),
            location: insecure.map(|validation| validation.mode.span),
            support: &spec,
        });
    }
    drafts.into_iter().map(|draft| draft.finish(managed, gateway.meta.generation)).collect()
}

fn accepted<'v>(px: Px<'_>, gateway: &Gateway, verdict: &'v GatewayVerdict) -> Draft<'v> {
    let (message, location) = match &verdict.accepted.verdict {
        GatewayAccepted::Accepted => ("the Gateway is accepted".to_owned(), gateway.meta.name_span),
        GatewayAccepted::SomeListenersNotValid(ids) => {
            (listeners_message(px, ids, "not accepted"), span_of(px, gateway, ids))
        }
        GatewayAccepted::ClassNotAccepted => {
            (format!("GatewayClass `{}` is not accepted", gateway.class_name.value), gateway.class_name.span)
        }
        GatewayAccepted::InvalidParameters(problem) => {
            let reference = gateway.parameters_ref.as_ref();
            let namespace = &gateway.meta.key.namespace;
            let target = reference.map(|one| (one.group_kind().to_string(), one.target(namespace).to_string()));
            let (kind, key) = target.unwrap_or_default();
            (parameters(*problem, &kind, &key), reference.map_or(gateway.meta.name_span, |one| one.span))
        }
        GatewayAccepted::UnsupportedAddress(positions) => {
            let types = at(gateway, positions).map(|address| address.r#type.value.clone());
            (format!("address types are not supported: {}", message::names(types)), address_span(gateway, positions))
        }
        GatewayAccepted::ListenersNotValid(ids) if ids.is_empty() => {
            ("the Gateway has no listener".to_owned(), gateway.meta.name_span)
        }
        GatewayAccepted::ListenersNotValid(ids) => {
            (listeners_message(px, ids, "not accepted"), span_of(px, gateway, ids))
        }
    };
    let words = condition::gateway_accepted(&verdict.accepted.verdict);
    Draft { r#type: "Accepted", words, message, location: Some(location), support: &verdict.accepted.support }
}

fn listeners_message(px: Px<'_>, ids: &[ListenerId], what: &str) -> String {
    format!("listeners are {what}: {}", message::listeners(px.graph, ids))
}

fn span_of(px: Px<'_>, gateway: &Gateway, ids: &[ListenerId]) -> Span {
    ids.first().map_or(gateway.meta.name_span, |id| px.graph.listener(*id).name.span)
}

fn at<'g>(gateway: &'g Gateway, positions: &[usize]) -> impl Iterator<Item = &'g crate::api::gateway::Address> {
    positions.iter().filter_map(|position| gateway.addresses.get(*position))
}

fn address_span(gateway: &Gateway, positions: &[usize]) -> Span {
    at(gateway, positions).next().map_or(gateway.meta.name_span, |address| address.span)
}

fn programmed<'v>(px: Px<'_>, gateway: &Gateway, verdict: &'v GatewayVerdict) -> Draft<'v> {
    let (message, location) = match &verdict.programmed.verdict {
        GatewayProgrammed::Programmed => {
            ("the configuration goes to the data plane".to_owned(), gateway.meta.name_span)
        }
        GatewayProgrammed::NotAccepted => ("the Gateway is not accepted".to_owned(), gateway.meta.name_span),
        GatewayProgrammed::NoListenerProgrammed => {
            let own = px.graph.gateway(&gateway.meta.key);
            let ids = match own {
                crate::graph::Resolution::Found(id) => px.graph.listeners_of(ListenerOwner::Gateway(id)),
                crate::graph::Resolution::Refused(_) | crate::graph::Resolution::Absent => &[],
            };
            (listeners_message(px, ids, "not programmed"), span_of(px, gateway, ids))
        }
        GatewayProgrammed::AddressNotUsable(positions) => {
            let values = at(gateway, positions).filter_map(|address| address.value.as_ref()).map(|text| &text.value);
            (format!("addresses cannot be used: {}", message::names(values)), address_span(gateway, positions))
        }
        GatewayProgrammed::AddressNotAssigned(positions) => {
            let text = match px.profile.placements {
                Some(_) => "the controller has no address left",
                None => "the controller cannot choose an address for an entry without `value`",
            };
            (text.to_owned(), address_span(gateway, positions))
        }
    };
    let words = condition::gateway_programmed(&verdict.programmed.verdict);
    Draft { r#type: "Programmed", words, message, location: Some(location), support: &verdict.programmed.support }
}

fn resolved_refs<'v>(px: Px<'_>, gateway: &Gateway, verdict: &'v GatewayVerdict) -> Draft<'v> {
    let certificate = || {
        let reference = gateway.client_certificate_ref.as_ref()?;
        let verdict = &verdict.client_certificate.as_ref()?.verdict;
        let cause = message::certificate(px.graph, reference, &gateway.meta.key.namespace, verdict)?;
        Some((format!("`tls.backend.clientCertificateRef`: {cause}"), reference.span))
    };
    let (message, location) = match &verdict.resolved_refs.verdict {
        GatewayResolvedRefs::ResolvedRefs => ("all references are resolved".to_owned(), gateway.meta.name_span),
        GatewayResolvedRefs::RefNotPermitted | GatewayResolvedRefs::InvalidClientCertificateRef => {
            certificate().unwrap_or_else(|| ("the client certificate is not usable".to_owned(), gateway.meta.name_span))
        }
        GatewayResolvedRefs::ListenersNotResolved(ids) => {
            (listeners_message(px, ids, "without resolved references"), span_of(px, gateway, ids))
        }
    };
    let words = condition::gateway_resolved_refs(&verdict.resolved_refs.verdict);
    Draft { r#type: "ResolvedRefs", words, message, location: Some(location), support: &verdict.resolved_refs.support }
}
