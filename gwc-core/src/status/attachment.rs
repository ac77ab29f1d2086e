//! The attachment table of one route: parentRef × listener with one column for each test (`gwc explain`).

use crate::eval::{Evaluation, NoEntry, ParentVerdict, RouteAccepted, Tri};
use crate::graph::{Graph, ListenerId, RouteId};
use crate::source::Span;

/// How one parentRef of a route fared.
#[derive(Debug, Clone, PartialEq)]
pub struct ParentRow {
    /// The parentRef.
    pub parent: Span,
    /// The verdict, or why nothing is written for the parent.
    pub outcome: Result<RouteAccepted, NoEntry>,
    /// One row for each listener of the parent, in spec order.
    pub listeners: Vec<ListenerRow>,
}

/// How one listener fared; every test is shown, also after one that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct ListenerRow {
    /// The listener.
    pub listener: ListenerId,
    /// Its name.
    pub name: String,
    /// Place of the listener.
    pub span: Span,
    /// Did the listener survive all tests?
    pub attached: bool,
    /// `sectionName`: names equal, or none is asked for.
    pub section_name: Cell,
    /// `port`: equal, or none is asked for.
    pub port: Cell,
    /// Route kind among the listener's kinds.
    pub kind: Cell,
    /// Namespace of the route among the allowed ones.
    pub namespace: Cell,
    /// A hostname that both serve.
    pub hostname: Cell,
}

/// Outcome of one test.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Passed?
    pub passed: Tri,
    /// The field of the route that was looked at; of the parentRef where it has none.
    pub route: Span,
    /// The field of the listener that was looked at.
    pub listener: Span,
    /// Hostnames served, for the hostname test; `*` is any.
    pub hostnames: Vec<String>,
}

/// The table of one route, in `spec.parentRefs` order.
#[must_use]
pub fn attachment_table(graph: &Graph, evaluation: &Evaluation, id: RouteId) -> Vec<ParentRow> {
    let route = &graph.routes[id];
    let Some(verdict) = evaluation.routes.get(id.index()) else { return Vec::new() };
    let rows = route.parents.iter().zip(&verdict.parents).map(|(parent, outcome)| {
        let here = parent.target.span;
        let entry = match outcome {
            ParentVerdict::NoEntry(why) => {
                return ParentRow { parent: here, outcome: Err(why.clone()), listeners: Vec::new() };
            }
            ParentVerdict::Entry(entry) => entry,
        };
        let listeners = entry.candidates.iter().map(|candidate| {
            let listener = graph.listener(candidate.listener);
            let test = |passed: bool| if passed { Tri::Yes } else { Tri::No };
            let cell = |passed, route, listener| Cell { passed, route, listener, hostnames: Vec::new() };
            let section = parent.section_name.as_ref().map_or(here, |name| name.span);
            let port = parent.port.as_ref().map_or(here, |port| port.span);
            let port_of_listener = listener.port.as_ref().map_or(listener.span, |port| port.span);
            let hostname = route.hostnames.first().map_or(route.spec_span, |hostname| hostname.span);
            let namespace = route.meta.namespace_span.unwrap_or(route.meta.name_span);
            let any = |name: &Option<crate::value::Hostname>| name.as_ref().map_or("*".to_owned(), ToString::to_string);
            let served = candidate.hostnames.iter().flatten().map(any).collect();
            let of_listener = listener.hostname.as_ref().map_or(listener.name.span, |hostname| hostname.span);
            ListenerRow {
                listener: candidate.listener,
                name: listener.name.value.to_string(),
                span: listener.span,
                attached: candidate.attached(),
                section_name: cell(test(candidate.section), section, listener.name.span),
                port: cell(test(candidate.port), port, port_of_listener),
                kind: cell(
                    test(candidate.kind),
                    route.meta.kind.span,
                    listener.kinds.first().map_or(listener.protocol.span, |kind| kind.span),
                ),
                namespace: cell(candidate.namespace.verdict, namespace, listener.namespaces.span),
                hostname: Cell {
                    hostnames: served,
                    ..cell(test(candidate.hostnames.is_some()), hostname, of_listener)
                },
            }
        });
        ParentRow { parent: here, outcome: Ok(entry.accepted.verdict.clone()), listeners: listeners.collect() }
    });
    rows.collect()
}
