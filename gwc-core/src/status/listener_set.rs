//! Status of a ListenerSet: conditions, listeners (status.md §1.5).

use crate::eval::{GatewayAccepted, ListenerSetOutcome, ListenerSetVerdict, Support};
use crate::graph::{ListenerOwner, ListenerSetId};
use crate::status::condition::{self, Draft};
use crate::status::listener::{self, Owner};
use crate::status::{Projected, Px, StatusBody, gateway, message};

pub(super) fn project(px: Px<'_>, id: ListenerSetId, verdict: &ListenerSetVerdict) -> Projected {
    let set = &px.graph.listener_sets[id];
    let Some((accepted, programmed)) = condition::listener_set(&verdict.outcome.verdict) else {
        return Projected::nothing(format!("no status will be written: {}", orphan(px, id, verdict)));
    };
    let gateway = verdict.gateway.map(|gateway| &px.graph.gateways[gateway]);
    let above = verdict.gateway.and_then(|gateway| px.evaluation.gateways.get(gateway.index()));
    let managed = above.map_or(Support::spec(), |above| above.managed.support());
    let entries = px.graph.listeners_of(ListenerOwner::ListenerSet(id));
    let message = sentence(px, id, verdict);
    let dataplane = match verdict.outcome.verdict {
        ListenerSetOutcome::Accepted | ListenerSetOutcome::SomeListenersNotValid(_) => {
            Support::assumed(crate::eval::Fact::Dataplane).and(&verdict.outcome.support)
        }
        ListenerSetOutcome::NoneProgrammed(_)
        | ListenerSetOutcome::ParentKindUnknown
        | ListenerSetOutcome::ParentAbsent
        | ListenerSetOutcome::ParentRefused
        | ListenerSetOutcome::ParentNotManaged
        | ListenerSetOutcome::ParentNotAccepted
        | ListenerSetOutcome::NotAllowed
        | ListenerSetOutcome::Undetermined
        | ListenerSetOutcome::ListenersNotValid => verdict.outcome.support.clone(),
    };
    // The listeners that are not programmed say nothing about acceptance.
    let accepted_message = if let ListenerSetOutcome::NoneProgrammed(failing) = &verdict.outcome.verdict {
        if failing.is_empty() { "every listener is accepted".to_owned() } else { not_accepted(px, failing) }
    } else {
        message.clone()
    };
    let supports = [
        ("Accepted", accepted, accepted_message, &verdict.outcome.support),
        ("Programmed", programmed, message, &dataplane),
    ];
    let conditions = supports.map(|(r#type, words, message, support)| {
        let location = Some(set.parent.target.span);
        Draft { r#type, words, message, location, support }.finish(&managed, set.meta.generation)
    });
    let owner = Owner { meta: &set.meta, gateway, managed: &managed };
    let body = StatusBody::ListenerSet {
        conditions: conditions.to_vec(),
        listeners: entries.iter().filter_map(|entry| listener::project(px, *entry, &owner)).collect(),
    };
    Projected { body: Some(body), note: listener::undetermined_note(px, entries) }
}

/// Why nobody writes the status of a set (LS-1).
fn orphan(px: Px<'_>, id: ListenerSetId, verdict: &ListenerSetVerdict) -> String {
    let set = &px.graph.listener_sets[id];
    let target = &set.parent.target;
    let key = target.target(&set.meta.key.namespace);
    match &verdict.outcome.verdict {
        ListenerSetOutcome::ParentKindUnknown => {
            format!("kind `{}` is no parent of a ListenerSet", target.group_kind())
        }
        ListenerSetOutcome::ParentAbsent if verdict.outcome.support.missing.is_empty() => {
            format!("Gateway `{key}` does not exist")
        }
        ListenerSetOutcome::ParentAbsent => format!("Gateway `{key}` is not in the input"),
        ListenerSetOutcome::ParentRefused => format!("Gateway `{key}` would be refused by the API server"),
        ListenerSetOutcome::ParentNotManaged => unmanaged(px, verdict, &key.to_string()),
        ListenerSetOutcome::Accepted
        | ListenerSetOutcome::SomeListenersNotValid(_)
        | ListenerSetOutcome::NoneProgrammed(_)
        | ListenerSetOutcome::ParentNotAccepted
        | ListenerSetOutcome::NotAllowed
        | ListenerSetOutcome::Undetermined
        | ListenerSetOutcome::ListenersNotValid => sentence(px, id, verdict),
    }
}

fn unmanaged(px: Px<'_>, verdict: &ListenerSetVerdict, key: &str) -> String {
    let why = verdict.gateway.and_then(|id| {
        let managed = &px.evaluation.gateways.get(id.index())?.managed;
        gateway::unmanaged(&px.graph.gateways[id], managed)
    });
    format!("nobody manages Gateway `{key}`: {}", why.unwrap_or_default())
}

fn not_accepted(px: Px<'_>, ids: &[crate::graph::ListenerId]) -> String {
    format!("listeners are not accepted: {}", message::listeners(px.graph, ids))
}

fn sentence(px: Px<'_>, id: ListenerSetId, verdict: &ListenerSetVerdict) -> String {
    let set = &px.graph.listener_sets[id];
    let key = set.parent.target.target(&set.meta.key.namespace);
    match &verdict.outcome.verdict {
        ListenerSetOutcome::Accepted => format!("the listeners join Gateway `{key}`"),
        ListenerSetOutcome::SomeListenersNotValid(ids) => not_accepted(px, ids),
        ListenerSetOutcome::NoneProgrammed(_) => "no accepted listener can be programmed".to_owned(),
        ListenerSetOutcome::ParentNotAccepted => {
            format!("Gateway `{key}` is not accepted{}", parent_reason(px, verdict))
        }
        ListenerSetOutcome::NotAllowed => format!("Gateway `{key}` does not allow it: {}", refusal(px, id, verdict)),
        ListenerSetOutcome::Undetermined => {
            format!("whether Gateway `{key}` allows it is not known: {}", refusal(px, id, verdict))
        }
        ListenerSetOutcome::ListenersNotValid => {
            not_accepted(px, px.graph.listeners_of(ListenerOwner::ListenerSet(id)))
        }
        ListenerSetOutcome::ParentKindUnknown
        | ListenerSetOutcome::ParentAbsent
        | ListenerSetOutcome::ParentRefused
        | ListenerSetOutcome::ParentNotManaged => orphan_words(&key.to_string()),
    }
}

fn orphan_words(key: &str) -> String {
    format!("Gateway `{key}` is no parent that anybody manages")
}

fn parent_reason(px: Px<'_>, verdict: &ListenerSetVerdict) -> String {
    let above = verdict.gateway.and_then(|gateway| px.evaluation.gateways.get(gateway.index()));
    above.map_or(String::new(), |above| {
        let accepted: &GatewayAccepted = &above.accepted.verdict;
        format!(" ({})", condition::gateway_accepted(accepted).1)
    })
}

fn refusal(px: Px<'_>, id: ListenerSetId, verdict: &ListenerSetVerdict) -> String {
    let Some(gateway) = verdict.gateway.map(|gateway| &px.graph.gateways[gateway]) else { return String::new() };
    let namespace = &px.graph.listener_sets[id].meta.key.namespace;
    match &gateway.allowed_listeners {
        None => "`allowedListeners` is not set, which allows no namespace".to_owned(),
        Some(allowed) => message::keeps_out(px.graph, px.profile, allowed, &gateway.meta.key.namespace, namespace),
    }
}
