//! The written text, read again: what `gwc check` says about it, and the compilation that the verifier compares.
//!
//! A manifest that the API server or a controller would refuse is a bug of gwc, never the user's (§5.6).

use std::collections::BTreeMap;

use gwc_core::diagnostic::rule::{self, Group};
use gwc_core::diagnostic::{Code, Severity};
use gwc_core::profile::{Statuses, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceId, SourceMap, Span};
use gwc_core::yaml::Node;

use crate::compile as compiler;
use crate::findings::{Finding, Report, Run, SuppressionMode};
use crate::migration::emit::File;
use crate::migration::input;
use crate::selection::{Selection, Wishes};
use crate::texts::{self, Texts};

/// Findings that the source has brought along: what it names is not there, or not as it should be.
const OF_THE_SOURCE: [Code; 5] = [
    rule::BACKEND_NOT_FOUND,
    rule::BACKEND_PORT_NOT_FOUND,
    rule::CERTIFICATE_NOT_FOUND,
    rule::CERTIFICATE_REF_KIND,
    rule::CA_REF_NOT_FOUND,
];

/// The written manifests after compilation.
pub(crate) struct Checked {
    /// Findings and texts; one run.
    pub(crate) report: Report,
    /// Places of objects by `Kind/namespace/name`.
    places: BTreeMap<String, (Span, usize)>,
}

/// Compiles the files beside the world that they were made from.
pub(crate) fn check(files: &[File], world: &Run, target: Target) -> Checked {
    let mut sources = SourceMap::new();
    let mut ingresses: BTreeMap<SourceId, Vec<Span>> = BTreeMap::new();
    for object in world.compilation.objects.iter().filter(|object| object.object.kind == "Ingress") {
        ingresses.entry(object.span.source).or_default().push(object.span);
    }
    let texts = files.iter().filter(|file| file.is_manifest);
    for file in texts {
        let bytes = file.text.clone().into_bytes();
        sources.add(Source::from_bytes(file.name.clone(), Origin::Memory, Role::Checked, true, bytes));
    }
    for (id, source) in world.sources.iter() {
        let mut source = Source { role: Role::Context, ..source.clone() };
        // Nothing that is written refers to Ingresses; they are most of the text.
        let own = ingresses.get(&id).map(Vec::as_slice).unwrap_or_default();
        own.iter().for_each(|span| input::blank(&mut source.text, span.start as usize..span.end as usize));
        sources.add(source);
    }
    let mut spec = world.spec.clone();
    spec.profile.target = Some(target);
    spec.profile.statuses = Statuses::LeftOut;
    // Services and Secrets that were not given are a finding of the conversion already.
    spec.profile.world.mode = WorldMode::Open;
    spec.profile.world.per_kind.clear();
    spec.facts.clear();
    let compilation = compiler::compile(&sources, &spec.profile);
    let mut places = BTreeMap::new();
    for object in compilation.objects.iter().filter(|object| object.role == Role::Checked) {
        let one = &object.object;
        places.insert(format!("{}/{}/{}", one.kind, one.namespace, one.name), (object.span, object.document));
    }
    // Presets of the user are for manifests of the user.
    let selection = Selection::new(&Wishes::default());
    let runs = vec![Run { spec, sources, compilation }];
    let report = match selection {
        Ok(selection) => Report::new(runs, &selection, SuppressionMode::Apply),
        Err(_) => Report { runs, findings: Vec::new() },
    };
    Checked { report, places }
}

impl Checked {
    /// What must not be: findings that only a bug explains.
    pub(crate) fn faults(&self) -> impl Iterator<Item = &Finding> {
        self.report.active().filter(|finding| is_fault(finding))
    }

    /// The compiled text.
    pub(crate) fn run(&self) -> Option<&Run> {
        self.report.runs.first()
    }

    /// Place of a field of a written object: name of the file, line; `texts` are those of [`Checked::report`].
    pub(crate) fn place(&self, texts: &Texts<'_>, object: &str, pointer: &str) -> Option<(String, u32)> {
        let (span, document) = self.places.get(object)?;
        let root = self.run()?.compilation.documents.get(*document)?.root.as_ref()?;
        let object = texts::node_of_span(root, *span).unwrap_or(root);
        let start = follow(object, pointer);
        let line = texts.place(Span::new(span.source, start, start)).start.line;
        Some((texts.name(span.source).to_owned(), line))
    }
}

/// First byte of the field that a pointer leads to, or of the last one on the way that there is.
fn follow(object: &Node, pointer: &str) -> u32 {
    let mut start = object.start;
    let mut node = object;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let item = part.parse::<usize>().ok().and_then(|index| node.items().get(index));
        let entry = node.entry(&part);
        let Some(next) = item.or(entry.map(|entry| &entry.value)) else { break };
        start = entry.filter(|_| item.is_none()).map_or(next.start, |entry| entry.key.start);
        node = next;
    }
    start
}

fn is_fault(finding: &Finding) -> bool {
    let code = finding.diagnostic.code;
    if finding.diagnostic.severity != Severity::Error || OF_THE_SOURCE.contains(&code) {
        return false;
    }
    let group = rule::of(code).map(|rule| rule.group);
    let is_ours = |group: Group| {
        matches!(group, Group::Schema | Group::Refs | Group::Attach | Group::Conflict | Group::Traffic | Group::Version)
    };
    group.is_some_and(is_ours)
}
