//! What gwc says about a place: [`Diagnostic`], its [`Code`], labels and fixes.
//!
//! Plain data; rendering, colours and JSON shapes live at the edge (`gwc/src/output`).
//! A code is a row of the registry in [`crate::lint`]; nothing here knows the catalogue.

pub use crate::value::Basis;

use crate::source::Span;

pub mod rule;

/// Severity of a finding, as configured (cli-and-rules.md §12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Not reported.
    Off,
    /// A remark.
    Info,
    /// Unwise or uncertain.
    Warning,
    /// Refused, or traffic is lost.
    Error,
}

/// A rule of the registry: number (`GWC1009`) and kebab-case name (`ref-not-permitted`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// Stable identity, for example `GWC1009`.
    pub number: &'static str,
    /// Readable alias, for example `ref-not-permitted`.
    pub name: &'static str,
}

/// A further place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

/// May a fix be applied without a second look (cli-and-rules.md §7)?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// Provably changes nothing but the finding.
    Safe,
    /// Plausible intent; changes behaviour.
    Unsafe,
    /// Needs a human value; shown only.
    Suggestion,
}

/// A text edit: replace `span` by `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Bytes to replace; empty to insert.
    pub span: Span,
    /// New text.
    pub text: String,
}

/// A cure as text edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// May it be applied blindly?
    pub applicability: Applicability,
    /// What it does, in a few words.
    pub title: String,
    /// The edits; empty for a pure suggestion.
    pub edits: Vec<Edit>,
}

/// Identity of the object that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ObjectRef {
    /// `apiVersion` as written.
    pub api_version: String,
    /// `kind` as written.
    pub kind: String,
    /// Namespace after defaulting; empty for cluster-scoped kinds.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
}

/// A predicted condition that a finding explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionEffect {
    /// Condition type, for example `ResolvedRefs`.
    pub r#type: &'static str,
    /// `True`, `False` or `Unknown`.
    pub status: &'static str,
    /// Reason, for example `BackendNotFound`.
    pub reason: &'static str,
    /// The parent or ancestor, `kind/namespace/name`, for route and policy conditions.
    pub parent: Option<String>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// Stable sub-id, for example `httproute.redirect-with-backends` of GWC0017.
    pub sub_id: Option<&'static str>,
    /// Severity before configuration: the rule's default, or weaker where the basis is assumed.
    pub severity: Severity,
    /// Certainty.
    pub basis: Basis,
    /// What is wrong: lower case start, no full stop, identifiers in backticks, at most 120 characters.
    pub message: String,
    /// The main place.
    pub primary: Span,
    /// Text beside the main place.
    pub primary_label: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// What will happen: condition or HTTP outcome.
    pub effect: Option<String>,
    /// How to cure it.
    pub help: Option<String>,
    /// More to know, consequences included (one mistake, one finding).
    pub notes: Vec<String>,
    /// Conditions that this finding explains.
    pub conditions: Vec<ConditionEffect>,
    /// Cures as edits.
    pub fixes: Vec<Fix>,
    /// Facts the finding rests on when the basis is assumed, in `--assume` form where there is one.
    pub assumptions: Vec<String>,
    /// The object, where there is one.
    pub object: Option<ObjectRef>,
}

impl Diagnostic {
    /// A finding with everything optional left empty.
    #[must_use]
    pub fn new(code: Code, severity: Severity, basis: Basis, primary: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            sub_id: None,
            severity,
            basis,
            message: message.into(),
            primary,
            primary_label: String::new(),
            labels: Vec::new(),
            effect: None,
            help: None,
            notes: Vec::new(),
            conditions: Vec::new(),
            fixes: Vec::new(),
            assumptions: Vec::new(),
            object: None,
        }
    }

    /// Adds the text beside the main place.
    #[must_use]
    pub fn primary_label(mut self, text: impl Into<String>) -> Self {
        self.primary_label = text.into();
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what will happen.
    #[must_use]
    pub fn effect(mut self, text: impl Into<String>) -> Self {
        self.effect = Some(text.into());
        self
    }

    /// Says how to cure it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Names a condition that this finding explains.
    #[must_use]
    pub fn condition(mut self, condition: ConditionEffect) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Adds a cure as edits.
    #[must_use]
    pub fn fix(mut self, applicability: Applicability, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix { applicability, title: title.into(), edits });
        self
    }

    /// Names the object.
    #[must_use]
    pub fn object(mut self, object: ObjectRef) -> Self {
        self.object = Some(object);
        self
    }
}

/// Findings in the order they were found; sorted once at the end of [`crate::compile`].
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Sorts by source, offset, code, object, message (cli-and-rules.md §1, principle 5) and drops exact repeats.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.primary.source, d.primary.start, d.code.number, d.primary.end);
            key(a).cmp(&key(b)).then_with(|| a.object.cmp(&b.object)).then_with(|| a.message.cmp(&b.message))
        });
        self.0.dedup();
    }
}
