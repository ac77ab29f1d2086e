//! The report: one item for each fact of the source and each effect of it, with its verdict and what it became.
//!
//! Every annotation of every Ingress is in exactly one item as its fact; nothing is left out silently
//! (ingress-migrate.md §5.4).

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Severity};
use crate::migrate::annotation::{Control, Scope, Verdict};
use crate::migrate::code::{self, Direction};
use crate::prove::{Allowance, Kind, Place};
use crate::source::Span;
use crate::value::ObjectKey;

/// Position of an item in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub usize);

/// What an item is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// An annotation, by its full key.
    Annotation(String),
    /// A field, by its path as users write it (`spec.rules[].host`).
    Field(String),
    /// Something that the controller does without being told (§2.16).
    Default(&'static str),
    /// A key of the controller's ConfigMap, or one of its flags.
    Setting(String),
}

/// A place in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Kind of the object.
    pub kind: &'static str,
    /// The object.
    pub object: ObjectKey,
    /// Where it stands; `None` for what stands nowhere, like a default.
    pub span: Option<Span>,
    /// JSON pointer of the field (RFC 6901).
    pub pointer: String,
}

/// A place in the output.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Output {
    /// `Kind/namespace/name`.
    pub object: String,
    /// JSON pointer of the field.
    pub pointer: String,
}

/// A request that shows a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// As one line: method, URL and headers.
    pub request: String,
    /// What the source does.
    pub old: String,
    /// What the target does.
    pub new: String,
}

/// Something else that could carry a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alternative {
    /// The implementation, or `standard`.
    pub target: &'static str,
    /// Kind of the object.
    pub kind: &'static str,
    /// Field.
    pub field: &'static str,
    /// `standard` or `experimental`.
    pub channel: &'static str,
    /// Is it the same?
    pub fidelity: &'static str,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where the fact stands.
    pub source: Origin,
    /// The fact.
    pub fact: Fact,
    /// Its value, shortened where it is long or secret.
    pub value: String,
    /// Where it acts.
    pub scope: Scope,
    /// Objects that it reaches beside its own, as `Ingress/namespace/name` (§3.2).
    pub affects: Vec<String>,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What the difference does to requests.
    pub direction: Option<Direction>,
    /// The finding; `None` where there is nothing to say but the verdict.
    pub code: Option<Code>,
    /// Severity of the finding.
    pub severity: Severity,
    /// What is so: lower case start, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What it became; empty when dropped.
    pub output: Vec<Output>,
    /// A request that shows the difference; the verifier fills it in.
    pub witness: Option<Witness>,
    /// What else could carry it.
    pub alternatives: Vec<Alternative>,
    /// The access control that is lost with it (MIG511).
    pub control: Option<Control>,
    /// The user accepted the loss.
    pub is_accepted: bool,
}

impl Item {
    /// An item that says nothing but its verdict.
    #[must_use]
    pub fn new(source: Origin, fact: Fact, value: impl Into<String>, verdict: Verdict) -> Self {
        Self {
            source,
            fact,
            value: value.into(),
            scope: Scope::Location,
            affects: Vec::new(),
            verdict,
            direction: None,
            code: None,
            severity: Severity::Info,
            message: String::new(),
            help: None,
            output: Vec::new(),
            witness: None,
            alternatives: Vec::new(),
            control: None,
            is_accepted: false,
        }
    }

    /// Adds a finding with the severity and direction of its row.
    #[must_use]
    pub fn finding(mut self, code: Code, message: impl Into<String>) -> Self {
        let row = code::of(code);
        self.code = Some(code);
        self.severity = row.map_or(Severity::Warning, code::Finding::severity);
        self.direction = row.and_then(|row| row.direction);
        self.message = message.into();
        self
    }

    /// Says how much it weighs, where the row's severity does not fit.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says where it acts.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }
}

/// Items and the differences that they announce.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    items: Vec<Item>,
    allowances: BTreeSet<Allowance>,
}

impl Report {
    /// Adds an item.
    pub fn add(&mut self, item: Item) -> ItemId {
        self.items.push(item);
        ItemId(self.items.len() - 1)
    }

    /// Announces a difference.
    pub fn allow(&mut self, item: ItemId, place: Place, kind: Kind) {
        self.allowances.insert(Allowance { item: item.0, place, kind });
    }

    /// All items.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// An item.
    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0)
    }

    /// An item, to say more of it.
    pub fn item_mut(&mut self, id: ItemId) -> Option<&mut Item> {
        self.items.get_mut(id.0)
    }

    /// Says something else of an item than before, because more is known: what becomes of it, and why.
    pub fn restate(&mut self, id: ItemId, (verdict, code): (Verdict, Code), message: impl Into<String>) {
        let Some(item) = self.items.get_mut(id.0) else { return };
        let row = code::of(code);
        item.verdict = verdict;
        item.code = Some(code);
        item.severity = row.map_or(item.severity, |row| row.severity());
        item.direction = row.and_then(|row| row.direction);
        item.message = message.into();
        if verdict == Verdict::Inert {
            item.help = None;
        }
    }

    /// All announced differences.
    #[must_use]
    pub fn allowances(&self) -> &BTreeSet<Allowance> {
        &self.allowances
    }

    /// Appends another report; its items move by the number of those that are here.
    pub fn append(&mut self, other: Self) {
        let n = self.items.len();
        self.items.extend(other.items);
        self.allowances.extend(other.allowances.into_iter().map(|one| Allowance { item: one.item + n, ..one }));
    }
}
