//! `admission-jsonl`: the API server's verdict, one JSON line per document or list item.

use gwc_core::admission::{Served, Verdict};
use gwc_core::source::Source;
use gwc_core::yaml::{Document, Node, Problem, ProblemKind, Value};
use serde::Serialize;

use crate::findings::identity;
use crate::mask;
use crate::output::value;

/// Fields that the server sets, left out of `object`.
const SERVER_METADATA: [&str; 3] = ["uid", "creationTimestamp", "generation"];

/// One line.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    file: String,
    document: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<usize>,
    #[serde(rename = "apiVersion")]
    api_version: Option<String>,
    kind: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    served: Option<bool>,
    /// The server's verdict; `None` for kinds that gwc does not decide about.
    pub(crate) allowed: Option<bool>,
    allowed_strict: Option<bool>,
    errors: Vec<LineError>,
    strict: Vec<LineStrict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<serde_json::Value>,
}

#[derive(Debug, Serialize)]
struct LineError {
    field: String,
    r#type: &'static str,
    detail: String,
}

#[derive(Debug, Serialize)]
struct LineStrict {
    field: String,
    r#type: &'static str,
    message: String,
}

/// Whether the stored object is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// `--show-object`.
    Object,
    /// The verdict alone.
    Verdict,
}

impl Line {
    /// A document that cannot be decoded.
    pub(crate) fn undecodable(source: &Source, document: &Document, detail: &str) -> Self {
        let root = document.root.as_ref();
        let mut line = Self::blank(source, document, root);
        (line.allowed, line.allowed_strict) = (Some(false), Some(false));
        let detail = mask::words(detail).into_owned();
        line.errors.push(LineError { field: String::new(), r#type: "Decode", detail });
        line
    }

    /// The verdict on one object.
    pub(crate) fn decided(
        source: &Source,
        document: &Document,
        (object, item): (&Node, Option<usize>),
        verdict: &Verdict,
        show: Show,
    ) -> Self {
        let mut line = Self::blank(source, document, Some(object));
        line.item = item;
        line.strict = strict(source, document, object, verdict);
        match verdict.served {
            Served::Foreign => {
                line.strict.clear();
                return line;
            }
            Served::Yes => {
                line.served = Some(true);
                line.errors = verdict.errors.iter().map(LineError::new).collect();
            }
            Served::VersionNotServed | Served::KindNotServed => {
                line.served = Some(false);
                line.strict.clear();
                let what = if verdict.served == Served::KindNotServed { "kind" } else { "version" };
                let detail = format!("the target's CRDs do not serve this {what}");
                line.errors.push(LineError { field: "apiVersion".to_owned(), r#type: "NotServed", detail });
            }
        }
        let allowed = line.errors.is_empty();
        line.allowed = Some(allowed);
        line.allowed_strict = Some(allowed && line.strict.is_empty());
        if show == Show::Object && allowed {
            line.object = Some(stored(&verdict.object));
        }
        line
    }

    /// The line as text, with its line break.
    pub(crate) fn text(&self) -> String {
        let mut text = serde_json::to_string(self).unwrap_or_default();
        text.push('\n');
        text
    }

    fn blank(source: &Source, document: &Document, object: Option<&Node>) -> Self {
        let text = |keys: &[&str]| object.and_then(|node| node.at(keys)).and_then(Node::as_str).map(str::to_owned);
        Self {
            file: source.name.clone(),
            document: document.index,
            item: None,
            api_version: text(&["apiVersion"]),
            kind: text(&["kind"]),
            namespace: text(&["metadata", "namespace"]),
            name: text(&["metadata", "name"]),
            served: None,
            allowed: None,
            allowed_strict: None,
            errors: Vec::new(),
            strict: Vec::new(),
            object: None,
        }
    }
}

impl LineError {
    fn new(error: &gwc_core::admission::FieldError) -> Self {
        Self {
            field: error.path.to_string(),
            r#type: error.cause.name(),
            detail: mask::words(&error.detail).into_owned(),
        }
    }
}

/// Unknown and repeated fields, in the order of the text.
fn strict(source: &Source, document: &Document, object: &Node, verdict: &Verdict) -> Vec<LineStrict> {
    let mut found: Vec<(u32, LineStrict)> = Vec::new();
    for unknown in &verdict.unknown {
        let field = unknown.path.to_string();
        let message = format!("unknown field `{field}`");
        found.push((unknown.start, LineStrict { field, r#type: "UnknownField", message }));
    }
    let is_here = |problem: &&Problem| {
        problem.kind == ProblemKind::DuplicateKey
            && object.start <= problem.span.start
            && problem.span.end <= object.end
    };
    for problem in document.problems.iter().filter(is_here) {
        let field = repeated_field(source, object, problem);
        let message = format!("duplicate field `{field}`");
        found.push((problem.span.start, LineStrict { field, r#type: "DuplicateField", message }));
    }
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, line)| line).collect()
}

/// The path of a key that is there twice; the tree holds only one of the two.
fn repeated_field(source: &Source, object: &Node, problem: &Problem) -> String {
    let key = source.text.get(problem.span.start as usize..problem.span.end as usize).unwrap_or_default();
    let key = key.trim_matches(['"', '\'']);
    let mut path = identity::path_of(object, problem.span);
    let ends_with_key = |path: &gwc_core::yaml::path::Path| match path.0.last() {
        Some(gwc_core::yaml::path::Step::Field(last)) => last == key,
        _ => false,
    };
    if !ends_with_key(&path) {
        path = path.field(key);
    }
    path.to_string()
}

/// The object as stored, without what the server sets.
fn stored(object: &Node) -> serde_json::Value {
    let mut copy = mask::object(object).into_owned();
    copy.replace("status", None);
    if let Value::Mapping(entries) = &mut copy.value {
        for metadata in entries.iter_mut().filter(|entry| entry.key.text == "metadata") {
            SERVER_METADATA.iter().for_each(|key| metadata.value.replace(key, None));
        }
    }
    value::json(&copy)
}
