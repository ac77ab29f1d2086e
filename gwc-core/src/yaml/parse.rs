//! Text to documents; never fails: trees and problems.

use crate::source::{Source, SourceId};
use crate::yaml::Document;

/// All documents of a source, as kubectl splits and reads them (dependencies.md §3).
#[must_use]
pub fn parse(id: SourceId, source: &Source) -> Vec<Document> {
    let _ = (id, source);
    Vec::new()
}
