//! A cursor on the admitted tree that keeps the places: field to value, default and span.
//!
//! Knows no kind of object. A value that a default supplied has the place of the nearest mapping that is written.

use compact_str::CompactString;

use crate::api::Text;
use crate::api::reference::ObjectReference;
use crate::source::{SourceId, Span, Spanned};
use crate::value::Hostname;
use crate::yaml::{Entry, Node};

/// Group and kind of a reference that names none.
#[derive(Debug, Clone, Copy)]
pub(super) struct DefaultKind {
    /// Group.
    pub(super) group: &'static str,
    /// Kind.
    pub(super) kind: &'static str,
}

/// References whose group and kind are required.
pub(super) const EXPLICIT: DefaultKind = DefaultKind { group: "", kind: "" };
/// References to Services.
pub(super) const SERVICE: DefaultKind = DefaultKind { group: "", kind: "Service" };
/// References to Secrets.
pub(super) const SECRET: DefaultKind = DefaultKind { group: "", kind: "Secret" };
/// References to parents.
pub(super) const GATEWAY: DefaultKind = DefaultKind { group: crate::value::GATEWAY_GROUP, kind: "Gateway" };

/// A node and its source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'n> {
    node: &'n Node,
    source: SourceId,
}

impl<'n> Reader<'n> {
    /// A cursor on a node of `source`.
    pub(super) fn new(node: &'n Node, source: SourceId) -> Self {
        Self { node, source }
    }

    /// The node.
    pub(super) fn node(self) -> &'n Node {
        self.node
    }

    /// Place of the node.
    pub(super) fn span(self) -> Span {
        self.node.span(self.source)
    }

    /// The value under a key; `null` counts as absent.
    pub(super) fn field(self, key: &str) -> Option<Self> {
        self.node.field(key).map(|node| Self::new(node, self.source))
    }

    /// Follows keys downwards.
    pub(super) fn at(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |reader, key| reader.field(key))
    }

    /// Items of the list under a key.
    pub(super) fn items(self, key: &str) -> impl Iterator<Item = Self> + use<'n> {
        let items = self.node.get(key).map_or(&[][..], Node::items);
        items.iter().map(move |node| Self::new(node, self.source))
    }

    /// Entries of this mapping.
    pub(super) fn entries(self) -> &'n [Entry] {
        self.node.entries()
    }

    /// Place of a node or key range of the same source.
    pub(super) fn place(self, start: u32, end: u32) -> Span {
        Span::new(self.source, start, end)
    }

    /// Place of the value under a key where the author wrote it; a default has the place of the mapping around it.
    pub(super) fn written(self, key: &str) -> Option<Span> {
        let span = self.field(key)?.span();
        (span != self.span()).then_some(span)
    }

    /// Place of the value under a key, else of the mapping.
    pub(super) fn place_of(self, key: &str) -> Span {
        self.field(key).map_or_else(|| self.span(), Self::span)
    }

    /// The text of this node.
    pub(super) fn string(self) -> Option<&'n str> {
        self.node.as_str()
    }

    /// The text of this node with its place.
    pub(super) fn as_text(self) -> Option<Text> {
        self.string().map(|text| Spanned::new(text.into(), self.span()))
    }

    /// The text under a key.
    pub(super) fn text(self, key: &str) -> Option<Text> {
        self.field(key)?.as_text()
    }

    /// The text under a key, else the default at the place of the mapping.
    pub(super) fn text_or(self, key: &str, default: &'static str) -> Text {
        self.text(key).unwrap_or_else(|| Spanned::new(CompactString::const_new(default), self.span()))
    }

    /// The bare text under a key, else the default.
    pub(super) fn word_or(self, key: &str, default: &'static str) -> CompactString {
        let word = self.field(key).and_then(Self::string);
        word.map_or_else(|| CompactString::const_new(default), CompactString::from)
    }

    /// All texts of the list under a key.
    pub(super) fn texts(self, key: &str) -> Vec<Text> {
        self.items(key).filter_map(Self::as_text).collect()
    }

    /// The whole number under a key.
    pub(super) fn int(self, key: &str) -> Option<i64> {
        self.field(key)?.node.as_int()
    }

    /// The port under a key; 0 (the default of old XListenerSets) counts as absent.
    pub(super) fn port(self, key: &str) -> Option<Spanned<u16>> {
        let field = self.field(key)?;
        let number = u16::try_from(field.node.as_int()?).ok().filter(|number| *number > 0)?;
        Some(Spanned::new(number, field.span()))
    }

    /// The boolean under a key.
    pub(super) fn bool(self, key: &str) -> Option<Spanned<bool>> {
        let field = self.field(key)?;
        field.node.as_bool().map(|value| Spanned::new(value, field.span()))
    }

    /// The hostname under a key; an empty one counts as absent.
    pub(super) fn hostname(self, key: &str) -> Option<Spanned<Hostname>> {
        self.field(key)?.as_hostname()
    }

    /// The hostname that this node is; an empty one counts as absent.
    pub(super) fn as_hostname(self) -> Option<Spanned<Hostname>> {
        let text = self.string().filter(|text| !text.is_empty())?;
        Some(Spanned::new(Hostname::new(text), self.span()))
    }

    /// Text entries of the mapping under a key, sorted by key.
    pub(super) fn string_map(self, key: &str) -> Vec<(CompactString, CompactString)> {
        let entries = self.field(key).map_or(&[][..], Self::entries);
        let pairs = entries.iter().filter_map(|entry| Some((entry.key.text.clone(), entry.value.as_str()?.into())));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort();
        pairs
    }

    /// Milliseconds of the Gateway API duration under a key.
    pub(super) fn duration(self, key: &str) -> Option<Spanned<u64>> {
        let field = self.field(key)?;
        super::time::milliseconds(field.string()?).map(|value| Spanned::new(value, field.span()))
    }

    /// This node as a reference.
    pub(super) fn reference(self, default: DefaultKind) -> ObjectReference {
        ObjectReference {
            group: self.word_or("group", default.group),
            kind: self.word_or("kind", default.kind),
            namespace: self.text("namespace"),
            name: self.text_or("name", ""),
            span: self.span(),
            kind_span: self.written("kind").unwrap_or_else(|| self.span()),
        }
    }

    /// The reference under a key.
    pub(super) fn reference_at(self, key: &str, default: DefaultKind) -> Option<ObjectReference> {
        self.field(key).map(|field| field.reference(default))
    }

    /// The references of the list under a key.
    pub(super) fn references(self, key: &str, default: DefaultKind) -> Vec<ObjectReference> {
        self.items(key).map(|item| item.reference(default)).collect()
    }
}
