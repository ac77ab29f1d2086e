//! What several rules need to put a finding together: identity, severity, conditions, names of things in messages.
//!
//! Words and decisions of a single rule live with the rule; nothing here judges. References and parentRefs with their
//! places are in `reference`, objects as trees in [`object`], facts in `--assume` form in [`fact`], text edits in [`edit`].

use crate::api::Meta;
use crate::diagnostic::{Basis, Code, ConditionEffect, Diagnostic, ObjectRef, Severity, rule};
use crate::eval::{
    Fact, GatewayAccepted, ListenerAccepted, ParentEntry, ParentVerdict, RouteResolvedRefs, RouteVerdict, Support,
};
use crate::graph::{ListenerId, ListenerOwner, RouteId};
use crate::lint::Cx;
use crate::profile::WorldMode;
use crate::source::{Role, Span};

pub mod certificate;
pub mod edit;
pub mod fact;
pub mod missing;
pub mod object;
pub mod policy;
pub mod reference;

/// Identity of an object as findings carry it.
#[must_use]
pub fn object_ref(meta: &Meta) -> ObjectRef {
    ObjectRef {
        api_version: meta.api_version.value.to_string(),
        kind: meta.kind.value.to_string(),
        namespace: meta.key.namespace.to_string(),
        name: meta.key.name.to_string(),
    }
}

/// Is the object reported on?
#[must_use]
pub fn is_checked(meta: &Meta) -> bool {
    meta.role == Role::Checked
}

/// An object in a message: ``Gateway `infra/shared` ``.
#[must_use]
pub fn named(meta: &Meta) -> String {
    format!("{} `{}`", meta.kind.value, meta.key)
}

/// An object as the parent of a condition: `Gateway/infra/shared`.
#[must_use]
pub fn parent_name(meta: &Meta) -> String {
    if meta.key.namespace.is_empty() {
        format!("{}/{}", meta.kind.value, meta.key.name)
    } else {
        format!("{}/{}/{}", meta.kind.value, meta.key.namespace, meta.key.name)
    }
}

/// A finding about an object with severity and basis of the rule's row.
#[must_use]
pub fn about(meta: &Meta, code: Code, primary: Span, message: impl Into<String>) -> Diagnostic {
    let (severity, basis) = rule::of(code).map_or((Severity::Warning, Basis::Spec), |row| (row.severity, row.basis));
    Diagnostic::new(code, severity, basis, primary, message).object(object_ref(meta))
}

/// Weakens a finding to what its verdict rests on: basis and facts, and for the rules that drop when assumed
/// (cli-and-rules.md §12, `†`) the severity. Facts that `--assume` gave count as known.
#[must_use]
pub fn resting_on(cx: &Cx<'_>, mut diagnostic: Diagnostic, support: &Support) -> Diagnostic {
    let open: Vec<&Fact> = open_facts(cx, support).collect();
    if support.basis == Basis::Assumed && open.is_empty() {
        return diagnostic;
    }
    diagnostic.basis = diagnostic.basis.max(support.basis);
    if support.basis == Basis::Assumed {
        let drops = rule::of(diagnostic.code).is_some_and(|row| row.drops_when_assumed);
        if drops {
            diagnostic.severity = diagnostic.severity.min(Severity::Warning);
        }
        diagnostic.assumptions.extend(open.into_iter().map(fact::text));
    }
    diagnostic
}

/// A finding about an object that the world does not hold and whose absence nothing proves: a warning in a world
/// `auto`, a remark in a world `open` (cli-and-rules.md §5.3).
#[must_use]
pub fn unproven(cx: &Cx<'_>, mut diagnostic: Diagnostic, missing: &Fact) -> Diagnostic {
    let open = cx.profile.world.mode_of(fact::kind(missing)) == WorldMode::Open;
    diagnostic.severity = diagnostic.severity.min(if open { Severity::Info } else { Severity::Warning });
    diagnostic.basis = diagnostic.basis.max(Basis::Assumed);
    diagnostic.assumptions.push(fact::text(missing));
    diagnostic
}

/// Facts that a verdict takes for granted or misses, without those that `--assume` gave.
pub fn open_facts<'s>(cx: &Cx<'s>, support: &'s Support) -> impl Iterator<Item = &'s Fact> {
    let given = &cx.evaluation.used_assumptions;
    support.assumptions.iter().chain(&support.missing).filter(|fact| !given.contains(*fact))
}

/// A listener in a message: ``listener `https` of Gateway `infra/shared` ``.
#[must_use]
pub fn listener_text(cx: &Cx<'_>, id: ListenerId) -> String {
    format!("listener `{}` of {}", cx.graph.listener(id).name.value, named(cx.graph.listener_owner(id)))
}

/// Names of listeners: `` `http`, `https` ``.
#[must_use]
pub fn listener_names(cx: &Cx<'_>, ids: impl IntoIterator<Item = ListenerId>) -> String {
    quoted(ids.into_iter().map(|id| cx.graph.listener(id).name.value.as_str()))
}

/// Words in backticks with commas between: `` `a`, `b` ``; at most eight, then how many more there are.
#[must_use]
pub fn quoted<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    let (shown, rest) = all.split_at(all.len().min(8));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    format!("{}{more}", shown.join(", "))
}

/// Most characters of a message (cli-and-rules.md §16).
const MESSAGE_LIMIT: usize = 120;

/// A kind with its article, as it is spoken: `an HTTPRoute`, `a UDPRoute`.
pub(crate) fn with_article(kind: &str) -> String {
    let mut letters = kind.chars();
    let (first, is_spelt) = (letters.next(), letters.next().is_some_and(|second| second.is_ascii_uppercase()));
    // Letters that are spelt out begin with their names: aitch, ex.
    let sounds: &[char] =
        if is_spelt { &['A', 'E', 'F', 'H', 'I', 'L', 'M', 'N', 'O', 'R', 'S', 'X'] } else { &['A', 'E', 'I', 'O'] };
    let article = if first.is_some_and(|letter| sounds.contains(&letter)) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// Shortens the longest names of a message in their middle until it is short enough; places and objects of the finding
/// still name them in full.
#[must_use]
pub fn fit(message: &str) -> String {
    let mut text = message.to_owned();
    while text.chars().count() > MESSAGE_LIMIT {
        let excess = text.chars().count() - MESSAGE_LIMIT;
        let names = text.split('`').enumerate().filter(|(at, _)| at % 2 == 1).map(|(_, name)| name);
        let Some(longest) = names.max_by_key(|name| name.chars().count()) else { break };
        let length = longest.chars().count();
        // Names that are short already say nothing when they lose more.
        if length <= SHORT_NAME {
            break;
        }
        let keep = length.saturating_sub(excess + 1).max(SHORT_NAME - 1);
        let head: String = longest.chars().take(keep.div_ceil(2)).collect();
        let tail: String = longest.chars().skip(length - keep / 2).collect();
        text = text.replace(&format!("`{longest}`"), &format!("`{head}…{tail}`"));
    }
    text
}

/// Names are not shortened below this many characters.
const SHORT_NAME: usize = 24;

/// A condition without a parent.
#[must_use]
pub fn condition(r#type: &'static str, status: &'static str, reason: &'static str) -> ConditionEffect {
    ConditionEffect { r#type, status, reason, parent: None }
}

/// `Accepted=False` of a route for one parent.
#[must_use]
pub fn not_accepted(cx: &Cx<'_>, entry: &ParentEntry, reason: &'static str) -> ConditionEffect {
    ConditionEffect { parent: Some(entry_parent(cx, entry)), ..condition("Accepted", "False", reason) }
}

/// `ResolvedRefs=False` of a route in each of its entries, where `reason` is the one that the route gets (status.md
/// §3.4); empty where a higher reason hides it or there is no entry.
#[must_use]
pub fn not_resolved(cx: &Cx<'_>, route: RouteId, reason: RouteResolvedRefs) -> Vec<ConditionEffect> {
    let Some(verdict) = route_verdict(cx, route) else { return Vec::new() };
    if verdict.resolved_refs.verdict != reason {
        return Vec::new();
    }
    let effect = condition("ResolvedRefs", "False", resolved_refs_reason(reason));
    entries(verdict).map(|entry| ConditionEffect { parent: Some(entry_parent(cx, entry)), ..effect.clone() }).collect()
}

/// The API's word for a reason of `ResolvedRefs`.
#[must_use]
pub fn resolved_refs_reason(reason: RouteResolvedRefs) -> &'static str {
    match reason {
        RouteResolvedRefs::RefNotPermitted => "RefNotPermitted",
        RouteResolvedRefs::InvalidKind => "InvalidKind",
        RouteResolvedRefs::BackendNotFound => "BackendNotFound",
        RouteResolvedRefs::UnsupportedProtocol => "UnsupportedProtocol",
        RouteResolvedRefs::UnsupportedValue => "UnsupportedValue",
        RouteResolvedRefs::ResolvedRefs => "ResolvedRefs",
    }
}

/// The verdict on a route.
#[must_use]
pub fn route_verdict<'w>(cx: &Cx<'w>, route: RouteId) -> Option<&'w RouteVerdict> {
    cx.evaluation.routes.get(route.index())
}

/// Entries of `status.parents`.
pub fn entries(verdict: &RouteVerdict) -> impl Iterator<Item = &ParentEntry> {
    verdict.parents.iter().filter_map(|parent| match parent {
        ParentVerdict::Entry(entry) => Some(entry),
        ParentVerdict::NoEntry(_) => None,
    })
}

/// The object that a parentRef names, as the parent of a condition.
fn entry_parent(cx: &Cx<'_>, entry: &ParentEntry) -> String {
    let set = entry.listener_set.map(|set| &cx.graph.listener_sets[set].meta);
    parent_name(set.unwrap_or(&cx.graph.gateways[entry.gateway].meta))
}

/// What a listener that is not accepted does to the Gateway that declares it; a note for the listener's finding
/// (one mistake, one finding). `None` for an accepted listener and for entries of ListenerSets.
#[must_use]
pub fn gateway_note(cx: &Cx<'_>, id: ListenerId) -> Option<String> {
    let ListenerOwner::Gateway(gateway) = cx.graph.listeners[id].owner else { return None };
    let listener = cx.evaluation.listeners.get(id.index())?;
    if listener.accepted.verdict == ListenerAccepted::Accepted {
        return None;
    }
    let name = named(&cx.graph.gateways[gateway].meta);
    match &cx.evaluation.gateways.get(gateway.index())?.accepted.verdict {
        GatewayAccepted::ListenersNotValid(_) => {
            Some(format!("no listener of {name} is valid: Accepted=False/ListenersNotValid"))
        }
        GatewayAccepted::SomeListenersNotValid(_) => {
            Some(format!("{name} stays accepted with its other listeners: Accepted=True/ListenersNotValid"))
        }
        GatewayAccepted::Accepted
        | GatewayAccepted::ClassNotAccepted
        | GatewayAccepted::InvalidParameters(_)
        | GatewayAccepted::UnsupportedAddress(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn long_names_lose_their_middle() {
        let short = "Service `shop/store` does not exist";
        assert_eq!(fit(short), short);
        let long = format!("Service `{}/{}` does not exist", "n".repeat(63), "s".repeat(63));
        let fitted = fit(&long);
        assert_eq!(fitted.chars().count(), 120);
        assert!(fitted.starts_with("Service `nnn") && fitted.contains('…') && fitted.ends_with("sss` does not exist"));
        let two = format!("listener `{}` of Gateway `{}` refuses", "l".repeat(100), "g".repeat(100));
        assert!(fit(&two).chars().count() <= 120, "{}", fit(&two));
        let wordy = "word ".repeat(40);
        assert_eq!(fit(&wordy), wordy, "only names are shortened");
    }
}
