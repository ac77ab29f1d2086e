//! `status.parents[]` of routes, in `spec.parentRefs` order (status.md §1.6).

use crate::api::reference::ParentRef;
use crate::api::route::Route;
use crate::eval::reference::written;
use crate::eval::route::reason;
use crate::eval::{
    BackendVerdict, ListenerSetOutcome, NoEntry, ParentEntry, ParentVerdict, ReferencePlace, RouteAccepted,
    RouteReference, RouteResolvedRefs, RouteVerdict, RuleProblem, RuleVerdict, Support, Tri,
};
use crate::source::Span;
use crate::status::condition::{self, Draft, TRUE};
use crate::status::node::{int, mapping, text};
use crate::status::{Condition, ParentStatus, Projected, Px, StatusBody, gateway, message};

/// No more parents than the API takes.
const MAX_PARENTS: usize = 32;

pub(super) fn project(px: Px<'_>, route: &Route, verdict: &RouteVerdict) -> Projected {
    let mut parents = Vec::new();
    let mut notes = Vec::new();
    for (parent, outcome) in route.parents.iter().zip(&verdict.parents) {
        match outcome {
            ParentVerdict::Entry(entry) => parents.push(self::parent(px, route, verdict, parent, entry)),
            ParentVerdict::NoEntry(why) => notes.push(no_entry(px, route, parent, why)),
        }
    }
    if route.parents.is_empty() {
        notes.push("the route names no parent".to_owned());
    }
    if parents.is_empty() {
        return Projected::nothing(format!("no status will be written: {}", message::join(notes)));
    }
    if parents.len() > MAX_PARENTS {
        notes.push(format!("{} more parents than the API can hold", parents.len() - MAX_PARENTS));
        parents.truncate(MAX_PARENTS);
    }
    let note = (!notes.is_empty()).then(|| format!("parents without an entry: {}", message::join(notes)));
    Projected { body: Some(StatusBody::Route { parents }), note }
}

/// Why no entry is written for a parent.
fn no_entry(px: Px<'_>, route: &Route, parent: &ParentRef, why: &NoEntry) -> String {
    let (kind, key) = (&parent.target.kind, parent.target.target(&route.meta.key.namespace));
    match why {
        NoEntry::ParentAbsent { proven: true } => format!("{kind} `{key}` does not exist"),
        NoEntry::ParentAbsent { proven: false } => format!("{kind} `{key}` is not in the input"),
        NoEntry::ParentRefused => format!("{kind} `{key}` would be refused by the API server"),
        NoEntry::UnknownKind => format!("kind `{}` is no parent of a route", parent.target.group_kind()),
        NoEntry::MeshService { absent: true } => format!("Service `{key}` does not exist"),
        NoEntry::MeshService { absent: false } => {
            format!("Service `{key}` is the parent of mesh traffic, which is not evaluated")
        }
        NoEntry::NotManaged(id) => {
            let managed = px.evaluation.gateways.get(id.index()).map(|gateway| &gateway.managed);
            let why = managed.and_then(|managed| gateway::unmanaged(&px.graph.gateways[*id], managed));
            format!("nobody manages Gateway `{key}`: {}", why.unwrap_or_default())
        }
        NoEntry::ListenerSetWithoutGateway(_) => format!("{kind} `{key}` has no Gateway that anybody manages"),
    }
}

fn parent(px: Px<'_>, route: &Route, verdict: &RouteVerdict, parent: &ParentRef, entry: &ParentEntry) -> ParentStatus {
    let managed = px.evaluation.gateways.get(entry.gateway.index()).map(|gateway| &gateway.managed);
    let support = managed.map_or(Support::spec(), crate::eval::Managed::support);
    ParentStatus {
        reference: reference(parent),
        controller_name: managed.and_then(|managed| managed.controller()).unwrap_or_default().to_owned(),
        conditions: conditions(px, route, verdict, (parent, entry), &support),
    }
}

/// The parentRef as the API server defaults it.
fn reference(parent: &ParentRef) -> crate::yaml::Node {
    let target = &parent.target;
    mapping([
        ("group", Some(text(&target.group))),
        ("kind", Some(text(&target.kind))),
        ("namespace", target.namespace.as_ref().map(|namespace| text(&namespace.value))),
        ("name", Some(text(&target.name.value))),
        ("sectionName", parent.section_name.as_ref().map(|name| text(&name.value))),
        ("port", parent.port.as_ref().map(|port| int(port.value.into()))),
    ])
}

fn conditions(
    px: Px<'_>,
    route: &Route,
    verdict: &RouteVerdict,
    (parent, entry): (&ParentRef, &ParentEntry),
    managed: &Support,
) -> Vec<Condition> {
    let (message, location) = accepted(px, route, verdict, parent, entry);
    let accepted = Draft {
        r#type: "Accepted",
        words: condition::route_accepted(&entry.accepted.verdict),
        message,
        location: Some(location),
        support: &entry.accepted.support,
    };
    let (message, location) = resolved_refs(px, route, verdict);
    let resolved_refs = Draft {
        r#type: "ResolvedRefs",
        words: condition::route_resolved_refs(verdict.resolved_refs.verdict),
        message,
        location: Some(location),
        support: &verdict.resolved_refs.support,
    };
    let mut drafts = vec![accepted, resolved_refs];
    let profile = Support::profile();
    if let Some(first) = entry.dropped_rules.first() {
        let by_filters = matches!(verdict.rules.get(*first), Some(RuleVerdict::Invalid(problem)) if problem.is_incompatible_filters());
        let causes = entry.dropped_rules.iter().map(|rule| rule_cause(route, verdict, *rule)).collect();
        drafts.push(Draft {
            r#type: "PartiallyInvalid",
            words: (TRUE, if by_filters { "IncompatibleFilters" } else { "UnsupportedValue" }, "R-9"),
            message: format!("Dropped Rule(s) {}", message::join(causes)),
            location: route.rules.get(*first).map(|rule| rule.span),
            support: &profile,
        });
    }
    drafts.into_iter().map(|draft| draft.finish(managed, route.meta.generation)).collect()
}

/// Is the parent a ListenerSet that may or may not be allowed?
fn is_undetermined_set(px: Px<'_>, entry: &ParentEntry) -> bool {
    let set = entry.listener_set.and_then(|id| px.evaluation.listener_sets.get(id.index()));
    set.is_some_and(|set| set.outcome.verdict == ListenerSetOutcome::Undetermined)
}

fn accepted(
    px: Px<'_>,
    route: &Route,
    verdict: &RouteVerdict,
    parent: &ParentRef,
    entry: &ParentEntry,
) -> (String, Span) {
    let here = parent.target.span;
    match &entry.accepted.verdict {
        RouteAccepted::Accepted => {
            let ids: Vec<_> = entry.bindings.iter().map(crate::eval::Binding::listener).collect();
            let noun = if ids.len() == 1 { "listener" } else { "listeners" };
            (format!("attached to {noun} {}", message::listeners(px.graph, &ids)), here)
        }
        RouteAccepted::NoMatchingParent => no_matching_parent(px, parent, entry),
        RouteAccepted::ListenerSetNotAllowed => (
            format!("{} `{}` is not allowed by its Gateway (NotAllowed)", parent.target.kind, parent.target.name.value),
            here,
        ),
        // The ListenerSet itself is the open question; its listeners are not.
        RouteAccepted::Undetermined if is_undetermined_set(px, entry) => {
            (format!("whether ListenerSet `{}` is allowed by its Gateway is not known", parent.target.name.value), here)
        }
        RouteAccepted::NotAllowedByListeners | RouteAccepted::Undetermined => (not_allowed(px, route, entry), here),
        RouteAccepted::NoMatchingListenerHostname => {
            let span = route.hostnames.first().map_or(here, |hostname| hostname.span);
            (no_hostname(px, route, entry), span)
        }
        RouteAccepted::UnsupportedValue | RouteAccepted::IncompatibleFilters => {
            let causes = (0..route.rules.len()).map(|rule| rule_cause(route, verdict, rule)).collect();
            let span = route.rules.first().map_or(here, |rule| rule.span);
            (format!("every rule is invalid: {}", message::join(causes)), span)
        }
        RouteAccepted::HostnameTaken(id) => {
            let other = &px.graph.routes[*id];
            (format!("{} `{}` is older and serves the same hostname", other.kind.name(), other.meta.key), here)
        }
    }
}

fn no_matching_parent(px: Px<'_>, parent: &ParentRef, entry: &ParentEntry) -> (String, Span) {
    let all = entry.candidates.iter().map(|one| px.graph.listener(one.listener));
    let known = message::names(all.map(|one| match &one.port {
        Some(port) => format!("{}:{}", one.name.value, port.value),
        None => one.name.value.to_string(),
    }));
    let (section, port) = (parent.section_name.as_ref(), parent.port.as_ref());
    let wanted = match (section, port) {
        (Some(name), Some(port)) => format!("named `{}` on port {}", name.value, port.value),
        (Some(name), None) => format!("named `{}`", name.value),
        (None, Some(port)) => format!("on port {}", port.value),
        (None, None) => "at all".to_owned(),
    };
    let span = section.map(|name| name.span).or(port.map(|port| port.span)).unwrap_or(parent.target.span);
    let known = if known.is_empty() { "none".to_owned() } else { known };
    (format!("{} `{}` has no listener {wanted}; it has {known}", parent.target.kind, parent.target.name.value), span)
}

/// Why each listener in scope keeps the route out: kind, namespace, or both.
fn not_allowed(px: Px<'_>, route: &Route, entry: &ParentEntry) -> String {
    let causes = entry.candidates.iter().filter(|one| one.section && one.port).map(|one| {
        let listener = px.graph.listener(one.listener);
        let own = &px.graph.listener_owner(one.listener).key.namespace;
        let name = &listener.name.value;
        if !one.kind {
            let protocol = &listener.protocol.value;
            return format!("listener `{name}` ({protocol}) does not serve kind {}", route.kind.name());
        }
        if one.namespace.verdict == Tri::Yes {
            return format!("listener `{name}` shares no hostname with the route");
        }
        let why = message::keeps_out(px.graph, px.profile, &listener.namespaces, own, &route.meta.key.namespace);
        format!("listener `{name}`: {why}")
    });
    message::join(causes.collect())
}

fn no_hostname(px: Px<'_>, route: &Route, entry: &ParentEntry) -> String {
    let reached = entry.candidates.iter().filter(|one| one.section && one.port && one.kind && one.hostnames.is_none());
    let hostnames = message::names(
        reached.filter_map(|one| px.graph.listener(one.listener).hostname.as_ref()).map(|name| &name.value),
    );
    let own = message::names(route.hostnames.iter().map(|hostname| &hostname.value));
    format!("hostnames {own} of the route are none of {hostnames} of the listeners")
}

/// `rules[i]`, with its name, and why it is dropped.
fn rule_cause(route: &Route, verdict: &RouteVerdict, rule: usize) -> String {
    let name = route.rules.get(rule).and_then(|rule| rule.name.as_ref());
    let name = name.map_or(String::new(), |name| format!(" `{}`", name.value));
    let why = match verdict.rules.get(rule) {
        Some(RuleVerdict::Invalid(problem)) => rule_problem(problem),
        Some(RuleVerdict::Valid) | None => String::new(),
    };
    format!("rules[{rule}]{name}: {why}")
}

fn rule_problem(problem: &RuleProblem) -> String {
    match problem {
        RuleProblem::UnknownValue(value) => format!("value `{value}` is not known"),
        RuleProblem::UnsupportedFeature(feature) => format!("feature {feature} is not supported"),
        RuleProblem::InvalidRegex { pattern, too_large: true, .. } => {
            format!("regular expression `{pattern}` is too large")
        }
        RuleProblem::InvalidRegex { pattern, too_large: false, .. } => {
            format!("regular expression `{pattern}` does not compile")
        }
        RuleProblem::PrefixRewriteWithoutPrefix => {
            "`ReplacePrefixMatch` needs exactly one match, of type `PathPrefix`".to_owned()
        }
        RuleProblem::TimeoutsInverted => "`backendRequest` timeout is longer than the `request` timeout".to_owned(),
        RuleProblem::IncompatibleFilters(first, second) if first == second => {
            format!("filter `{first}` is there more than once")
        }
        RuleProblem::IncompatibleFilters(first, second) => format!("`{first}` and `{second}` exclude each other"),
    }
}

/// Every failure in document order, and the place of the first that has the reason shown.
fn resolved_refs(px: Px<'_>, route: &Route, verdict: &RouteVerdict) -> (String, Span) {
    let shown = verdict.resolved_refs.verdict;
    if shown == RouteResolvedRefs::ResolvedRefs {
        return ("all references are resolved".to_owned(), route.spec_span);
    }
    let failing =
        || verdict.references.iter().filter(|one| reason(&one.verdict.verdict) != RouteResolvedRefs::ResolvedRefs);
    let causes = failing().map(|one| format!("{}: {}", place(one), backend_cause(px, route, one))).collect();
    let decisive = failing().find(|one| reason(&one.verdict.verdict) == shown);
    let span = decisive.and_then(|one| span(route, one)).unwrap_or(route.spec_span);
    (message::join(causes), span)
}

/// Path of a reference below the route.
fn place(reference: &RouteReference) -> String {
    let rule = reference.rule;
    match reference.place {
        ReferencePlace::Filter(filter) => format!("spec.rules[{rule}].filters[{filter}]"),
        ReferencePlace::Backend(backend) => format!("spec.rules[{rule}].backendRefs[{backend}]"),
        ReferencePlace::BackendFilter(backend, filter) => {
            format!("spec.rules[{rule}].backendRefs[{backend}].filters[{filter}]")
        }
    }
}

/// Where the reference is written.
fn span(route: &Route, reference: &RouteReference) -> Option<Span> {
    if let Some(backend) = written(route, reference) {
        return Some(backend.target.span);
    }
    let rule = route.rules.get(reference.rule)?;
    match reference.place {
        ReferencePlace::Filter(filter) => rule.filters.get(filter).map(|filter| filter.span),
        ReferencePlace::BackendFilter(backend, filter) => {
            rule.backends.get(backend)?.filters.get(filter).map(|filter| filter.span)
        }
        ReferencePlace::Backend(_) => None,
    }
}

fn backend_cause(px: Px<'_>, route: &Route, reference: &RouteReference) -> String {
    let backend = written(route, reference);
    let namespace = &route.meta.key.namespace;
    let target = backend.map(|backend| &backend.target).or_else(|| extension(route, reference));
    let (kind, key) = target.map_or((String::new(), crate::value::ObjectKey::new("", "")), |target| {
        (target.group_kind().to_string(), target.target(namespace))
    });
    let port = backend.and_then(|backend| backend.port.as_ref()).map_or(0, |port| port.value);
    let service = |id: crate::graph::ServiceId| &px.graph.services[id];
    match &reference.verdict.verdict {
        BackendVerdict::Service(..) | BackendVerdict::Other | BackendVerdict::Assumed => String::new(),
        BackendVerdict::InvalidKind => format!("kind `{kind}` is not supported here"),
        BackendVerdict::RefNotPermitted(near) => message::not_permitted(px.graph, near, &kind, &key),
        BackendVerdict::NotFound => format!("{kind} `{key}` does not exist"),
        BackendVerdict::Refused => format!("{kind} `{key}` would be refused by the API server"),
        BackendVerdict::PortMissing(_) => format!("the reference to Service `{key}` needs a `port`"),
        BackendVerdict::PortNotFound(id) => {
            format!("Service `{key}` has no port {port}; it has {}", message::ports(service(*id)))
        }
        BackendVerdict::ExternalName(_) => format!("Service `{key}` is of type ExternalName, which is not supported"),
        BackendVerdict::UnsupportedAppProtocol(id, position) => {
            let protocol = service(*id).ports.get(*position).and_then(|port| port.app_protocol.as_ref());
            let protocol = protocol.map_or("", |text| text.value.as_str());
            format!(
                "{} cannot talk `{protocol}`, the `appProtocol` of port {port} of Service `{key}`",
                route.kind.name()
            )
        }
        BackendVerdict::UnsupportedTransport(..) => {
            format!("port {port} of Service `{key}` has another transport protocol than {} needs", route.kind.name())
        }
    }
}

fn extension<'r>(route: &'r Route, reference: &RouteReference) -> Option<&'r crate::api::reference::ObjectReference> {
    use crate::api::filter::FilterKind;
    let rule = route.rules.get(reference.rule)?;
    let filter = match reference.place {
        ReferencePlace::Filter(filter) => rule.filters.get(filter),
        ReferencePlace::BackendFilter(backend, filter) => rule.backends.get(backend)?.filters.get(filter),
        ReferencePlace::Backend(_) => None,
    }?;
    if let FilterKind::ExtensionRef(target) = &filter.kind { Some(target) } else { None }
}
