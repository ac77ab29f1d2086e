//! The one place that calls the compiler: everything that the rest of the program knows of `gwc_core`'s façade.

use gwc_core::diagnostic::Code;
use gwc_core::diagnostic::rule::Docs;
use gwc_core::eval::{NoEntry, RouteAccepted, Tri};
use gwc_core::source::Span;
use gwc_core::status::attachment::{Cell, ListenerRow, ParentRow, attachment_table};

pub(crate) use gwc_core::{Compilation, ObjectSummary, compile};

/// The page of a rule or of a finding of a migration.
pub(crate) fn docs(code: Code) -> Option<&'static Docs> {
    gwc_core::lint::docs(code).or_else(|| gwc_core::migrate::code::docs(code))
}

/// One test that decides whether a route attaches to a listener.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentCell {
    /// `sectionName`, `port`, `kind`, `namespace` or `hostname`.
    pub(crate) test: &'static str,
    /// Did it pass? `None`: depends on facts that are not in the world.
    pub(crate) passed: Option<bool>,
    /// Hostnames served, for the hostname test.
    pub(crate) hostnames: Vec<String>,
    /// The field of the route that was looked at.
    pub(crate) route: Span,
    /// The field of the listener that was looked at.
    pub(crate) listener: Span,
}

/// One row of the attachment table: a parent reference against one listener.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentRow {
    /// The reference, for example `parentRefs[0]`.
    pub(crate) parent: String,
    /// Its place.
    pub(crate) place: Span,
    /// The listener; empty where there is none in scope.
    pub(crate) listener: String,
    /// One cell per test, in the order in which they are made.
    pub(crate) cells: Vec<AttachmentCell>,
    /// The verdict in words.
    pub(crate) verdict: String,
}

/// The attachment table of a route; empty for anything else.
pub(crate) fn attachment(compilation: &Compilation, summary: &ObjectSummary) -> Vec<AttachmentRow> {
    let (graph, object) = (&compilation.graph, &summary.object);
    let is_it = |meta: &gwc_core::api::Meta| {
        meta.kind.value == object.kind && meta.key.namespace == object.namespace && meta.key.name == object.name
    };
    let Some((id, _)) = graph.routes.iter().find(|(_, route)| is_it(&route.meta)) else { return Vec::new() };
    let table = attachment_table(graph, &compilation.evaluation, id);
    table.iter().enumerate().flat_map(|(index, parent)| rows(index, parent)).collect()
}

fn rows(index: usize, parent: &ParentRow) -> Vec<AttachmentRow> {
    let row = |listener: &str, cells, verdict| AttachmentRow {
        parent: format!("parentRefs[{index}]"),
        place: parent.parent,
        listener: listener.to_owned(),
        cells,
        verdict,
    };
    let verdict = match &parent.outcome {
        Ok(accepted) => reason(accepted).to_owned(),
        Err(none) => format!("no status is written: {}", no_entry(none)),
    };
    if parent.listeners.is_empty() {
        return vec![row("", Vec::new(), verdict)];
    }
    let of_listener = |listener: &ListenerRow| {
        let verdict = if listener.attached { "attached".to_owned() } else { "not attached".to_owned() };
        row(&listener.name, cells(listener), verdict)
    };
    parent.listeners.iter().map(of_listener).collect()
}

/// The reason of the parent's `Accepted` condition.
fn reason(accepted: &RouteAccepted) -> &'static str {
    match accepted {
        RouteAccepted::Accepted => "Accepted",
        RouteAccepted::NoMatchingParent => "NoMatchingParent",
        RouteAccepted::ListenerSetNotAllowed => "the Gateway does not allow the ListenerSet",
        RouteAccepted::NotAllowedByListeners => "NotAllowedByListeners",
        RouteAccepted::NoMatchingListenerHostname => "NoMatchingListenerHostname",
        RouteAccepted::UnsupportedValue => "UnsupportedValue",
        RouteAccepted::IncompatibleFilters => "IncompatibleFilters",
        RouteAccepted::HostnameTaken(_) => "a route of the other kind has the hostname",
        RouteAccepted::Undetermined => "unknown",
    }
}

fn no_entry(why: &NoEntry) -> &'static str {
    match why {
        NoEntry::ParentAbsent { proven: true } => "the parent does not exist",
        NoEntry::ParentAbsent { proven: false } => "the parent is not in the input",
        NoEntry::ParentRefused => "the API server refuses the parent",
        NoEntry::UnknownKind => "this kind is no parent",
        NoEntry::MeshService { .. } => "a Service is a mesh parent, which gwc does not evaluate",
        NoEntry::NotManaged(_) => "no controller manages the Gateway",
        NoEntry::ListenerSetWithoutGateway(_) => "the ListenerSet has no Gateway that a controller manages",
    }
}

/// The tests in the order in which a controller makes them.
fn cells(listener: &ListenerRow) -> Vec<AttachmentCell> {
    let tests = [
        ("sectionName", &listener.section_name),
        ("port", &listener.port),
        ("kind", &listener.kind),
        ("namespace", &listener.namespace),
        ("hostname", &listener.hostname),
    ];
    let cell = |(test, cell): (&'static str, &Cell)| AttachmentCell {
        test,
        passed: match cell.passed {
            Tri::Yes => Some(true),
            Tri::No => Some(false),
            Tri::Undetermined => None,
        },
        hostnames: cell.hostnames.clone(),
        route: cell.route,
        listener: cell.listener,
    };
    tests.into_iter().map(cell).collect()
}
