//! Where in its object a finding is, and its fingerprint (cli-and-rules.md §6.2).

use std::fmt::Write;

use gwc_core::diagnostic::{Diagnostic, ObjectRef};
use gwc_core::source::Span;
use gwc_core::yaml::Node;
use gwc_core::yaml::path::{Path, Step};
use sha2::{Digest, Sha256};

use crate::compile::ObjectSummary;
use crate::texts::{self, Texts};

/// Pointer and fingerprint of a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    /// RFC 6901 pointer into the object; of the document where there is no object.
    pub(crate) pointer: String,
    /// `gwc1:` and 32 hex digits.
    pub(crate) fingerprint: String,
}

/// Objects by place.
pub(crate) struct Objects<'r> {
    by_place: Vec<&'r ObjectSummary>,
}

impl<'r> Objects<'r> {
    /// Indexes the objects of a run.
    pub(crate) fn new(objects: &'r [ObjectSummary]) -> Self {
        let mut by_place: Vec<&ObjectSummary> = objects.iter().collect();
        by_place.sort_by_key(|object| (object.span.source, object.span.start));
        Self { by_place }
    }

    /// The object that holds a place.
    pub(crate) fn at(&self, span: Span) -> Option<&'r ObjectSummary> {
        let before = |object: &&ObjectSummary| (object.span.source, object.span.start) <= (span.source, span.start);
        let position = self.by_place.partition_point(before).checked_sub(1)?;
        let object = self.by_place.get(position)?;
        (object.span.source == span.source && span.start <= object.span.end).then_some(object)
    }

    /// Pointer and fingerprint of a finding.
    pub(crate) fn identity(&self, texts: &Texts<'_>, diagnostic: &Diagnostic) -> Identity {
        let span = diagnostic.primary;
        let holder = self.at(span);
        let root = texts.document_at(span.source, span.start).and_then(|document| document.root.as_ref());
        let node = match (root, holder) {
            (Some(root), Some(holder)) => texts::node_of_span(root, holder.span).or(Some(root)),
            (root, _) => root,
        };
        let path = node.map(|node| path_of(node, span)).unwrap_or_default();
        let object = diagnostic.object.as_ref().or(holder.map(|holder| &holder.object));
        let keyed = node.map(|node| keyed(node, &path)).unwrap_or_default();
        Identity { pointer: path.pointer(), fingerprint: fingerprint(diagnostic, object, &keyed) }
    }
}

/// The path of the innermost node that holds the whole span; a span that is a whole node means that node.
pub(crate) fn path_of(root: &Node, span: Span) -> Path {
    let mut path = Path::root();
    let mut node = root;
    let holds = |start: u32, end: u32| start <= span.start && span.end <= end && span.start < end.max(start + 1);
    while (node.start, node.end) != (span.start, span.end) {
        let entry = node.entries().iter().find(|entry| holds(entry.key.start, entry.value.end.max(entry.key.end)));
        let item = node.items().iter().enumerate().find(|(_, item)| holds(item.start, item.end));
        match (entry, item) {
            (Some(entry), _) => {
                path.0.push(Step::Field(entry.key.text.clone()));
                node = &entry.value;
            }
            (None, Some((index, item))) => {
                path.0.push(Step::Index(index));
                node = item;
            }
            (None, None) => break,
        }
    }
    path
}

/// The path with list items named by their `name`, so that a new neighbour changes nothing.
fn keyed(root: &Node, path: &Path) -> String {
    let mut out = String::new();
    let mut node = Some(root);
    for step in &path.0 {
        out.push('/');
        match step {
            Step::Field(key) | Step::MapKey(key) => {
                out.push_str(key);
                node = node.and_then(|node| node.get(key));
            }
            Step::Index(index) => {
                node = node.and_then(|node| node.items().get(*index));
                match node.and_then(|item| item.at(&["name"])).and_then(Node::as_str) {
                    Some(name) => out.push_str(&format!("name={name}")),
                    None => out.push_str(&index.to_string()),
                }
            }
        }
    }
    out
}

fn fingerprint(diagnostic: &Diagnostic, object: Option<&ObjectRef>, keyed: &str) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    add(diagnostic.code.number);
    add(diagnostic.sub_id.unwrap_or_default());
    if let Some(object) = object {
        // The version is no part of the identity: `v1beta1` and `v1` are the same object.
        add(object.api_version.rsplit_once('/').map_or("", |(group, _)| group));
        add(&object.kind);
        add(&object.namespace);
        add(&object.name);
    }
    add(keyed);
    diagnostic.message.split('`').skip(1).step_by(2).for_each(add);
    let digest = hash.finalize();
    digest.iter().take(16).fold(String::from("gwc1:"), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
