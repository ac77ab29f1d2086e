//! `json` (`gwc.migrate/v1`): every fact of the source with its verdict and what it became (ingress-migrate.md §5.4).

use std::collections::BTreeMap;

use gwc_core::diagnostic::Severity;
use gwc_core::migrate::annotation::{self, Scope, Verdict};
use gwc_core::migrate::code::{self, Direction};
use gwc_core::migrate::item::{Fact, Item};
use schemars::JsonSchema;
use serde::Serialize;

use crate::mask;
use crate::migration::Migration;
use crate::migration::cutover::{self, Step};
use crate::migration::inventory::Inventory;
use crate::migration::report::{acceptance, fact_name, is_about_source};
use crate::migration::screen::verdict_name;
use crate::migration::verify::Verified;
use crate::output::json::{JsonDiagnostic, Tool, diagnostics};
use crate::selection::severity_name;
use crate::texts::Texts;

/// Name and version of the shape.
const SCHEMA: &str = "gwc.migrate/v1";

/// The whole document.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MigrationReport {
    schema: &'static str,
    tool: Tool,
    target: JsonTarget,
    summary: Summary,
    items: Vec<JsonItem>,
    /// Findings about the input that are no facts of an Ingress.
    diagnostics: Vec<JsonDiagnostic>,
    /// The way from the old controller to the new Gateways.
    cutover: Vec<Step>,
    /// With `--plan`: what there is and what would be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    inventory: Option<Inventory>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonTarget {
    gateway_api: &'static str,
    channel: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    /// Ingresses that were converted.
    ingresses: usize,
    /// Written objects by kind.
    objects: BTreeMap<&'static str, usize>,
    /// Facts by verdict.
    verdicts: BTreeMap<&'static str, usize>,
    /// Findings by severity, accepted ones apart.
    severities: BTreeMap<&'static str, usize>,
    /// Findings that were accepted.
    accepted: usize,
    /// Facts by namespace.
    namespaces: BTreeMap<String, usize>,
    /// Annotations by key.
    annotations: BTreeMap<String, usize>,
    access_controls: AccessControls,
    verification: JsonVerification,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonVerification {
    /// `off`, `fast` or `full`.
    level: &'static str,
    hosts: usize,
    path_classes: usize,
    /// Requests that were compared.
    cells: usize,
    /// Requests that there are.
    all_cells: usize,
    exhaustive: bool,
    /// Requests that differ as announced.
    explained: usize,
    /// Requests that differ otherwise.
    unexplained: usize,
}

/// Access controls of the source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct AccessControls {
    /// That there were.
    pub(crate) found: usize,
    /// That the output keeps.
    pub(crate) kept: usize,
    /// That nothing carries any more, accepted or not.
    pub(crate) lost: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonItem {
    source: JsonSource,
    /// `annotation`, `field`, `default` or `setting`.
    kind: &'static str,
    fact: String,
    value: String,
    /// `location`, `host` or `upstream`.
    scope: &'static str,
    affects: Vec<String>,
    verdict: &'static str,
    direction: Option<&'static str>,
    code: Option<&'static str>,
    name: Option<&'static str>,
    severity: Option<&'static str>,
    message: String,
    help: Option<String>,
    output: Vec<JsonOutput>,
    witness: Option<JsonWitness>,
    alternatives: Vec<JsonAlternative>,
    /// The entry of `--accept` that silenced it.
    accepted: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonSource {
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    object: String,
    pointer: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonOutput {
    file: Option<String>,
    line: Option<u32>,
    object: String,
    pointer: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonWitness {
    request: String,
    old: String,
    new: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct JsonAlternative {
    target: &'static str,
    kind: &'static str,
    field: &'static str,
    channel: &'static str,
    fidelity: &'static str,
}

/// The document.
pub(crate) fn write(migration: &Migration, inventory: Option<Inventory>) -> String {
    let report = &migration.projection.report;
    let (texts, written) = (report.texts(), migration.checked.report.texts());
    let target = migration.decided.options.target;
    let pairs = report.findings.iter().zip(&migration.projection.items);
    let others: Vec<_> = pairs.filter(|(_, at)| at.is_none()).map(|(finding, _)| finding).collect();
    let items = migration.conversion.report.items();
    let document = MigrationReport {
        schema: SCHEMA,
        tool: Tool::SELF,
        target: JsonTarget { gateway_api: target.bundle.version(), channel: target.channel.name() },
        summary: summary(migration),
        items: items.iter().map(|one| item(migration, one, texts.first(), written.first())).collect(),
        diagnostics: diagnostics(&texts, &others),
        cutover: cutover::steps(migration),
        inventory,
    };
    let mut out = serde_json::to_string_pretty(&document).unwrap_or_default();
    out.push('\n');
    out
}

fn summary(migration: &Migration) -> Summary {
    let items = migration.conversion.report.items();
    let counts = migration.projection.report.counts();
    let mut summary = Summary {
        ingresses: migration.ingresses.len(),
        objects: migration.objects(),
        verdicts: BTreeMap::new(),
        severities: [("error", counts.errors), ("warning", counts.warnings), ("info", counts.infos)].into(),
        accepted: counts.suppressed,
        namespaces: BTreeMap::new(),
        annotations: BTreeMap::new(),
        access_controls: access_controls(items, &migration.decided.options.annotation_prefix),
        verification: verification(migration),
    };
    for item in items.iter().filter(|item| is_about_source(item)) {
        *summary.verdicts.entry(verdict_name(item.verdict)).or_default() += 1;
        *summary.namespaces.entry(item.source.object.namespace.to_string()).or_default() += 1;
        if let Fact::Annotation(key) = &item.fact {
            *summary.annotations.entry(key.clone()).or_default() += 1;
        }
    }
    summary
}

fn verification(migration: &Migration) -> JsonVerification {
    let level = migration.decided.verify.name();
    let Verified { hosts, path_classes, cells, all_cells, is_exhaustive, explained, unexplained, .. } =
        migration.verified.clone().unwrap_or_default();
    JsonVerification { level, hosts, path_classes, cells, all_cells, exhaustive: is_exhaustive, explained, unexplained }
}

/// Counts access controls: what is lost has its finding, what is kept is a translated key that guards.
pub(crate) fn access_controls(items: &[Item], prefix: &str) -> AccessControls {
    let guards = |item: &&Item| {
        let Fact::Annotation(key) = &item.fact else { return false };
        let key = key.strip_prefix(prefix).and_then(|key| key.strip_prefix('/'));
        let row = key.and_then(annotation::find);
        row.is_some_and(|row| row.guards(&item.value).is_some())
    };
    let is_kept = |item: &&Item| matches!(item.verdict, Verdict::Exact | Verdict::Approx) && guards(item);
    let lost = items.iter().filter(|item| item.code == Some(code::ACCESS_CONTROL_LOST)).count();
    let kept = items.iter().filter(is_kept).count();
    AccessControls { found: lost + kept, kept, lost }
}

fn item(migration: &Migration, item: &Item, texts: Option<&Texts<'_>>, written: Option<&Texts<'_>>) -> JsonItem {
    let words = |text: &str| mask::words(text).into_owned();
    let place = |at: &gwc_core::migrate::item::Output| {
        let place = written.and_then(|texts| migration.checked.place(texts, &at.object, &at.pointer));
        let (file, line) = place.unzip();
        JsonOutput { file, line, object: at.object.clone(), pointer: at.pointer.clone() }
    };
    JsonItem {
        source: source(item, texts),
        kind: kind(&item.fact),
        fact: fact_name(&item.fact).to_owned(),
        value: words(&item.value),
        scope: scope(item.scope),
        affects: item.affects.clone(),
        verdict: verdict_name(item.verdict),
        direction: item.direction.map(direction),
        code: item.code.map(|code| code.number),
        name: item.code.map(|code| code.name),
        severity: item.code.map(|_| severity_name(item.severity)).filter(|_| item.severity != Severity::Off),
        message: words(&item.message),
        help: item.help.as_deref().map(words),
        output: item.output.iter().map(place).collect(),
        witness: item.witness.as_ref().map(|witness| JsonWitness {
            request: words(&witness.request),
            old: words(&witness.old),
            new: words(&witness.new),
        }),
        alternatives: item.alternatives.iter().map(alternative).collect(),
        accepted: acceptance(item, &migration.decided.accepted).map(|entry| entry.text.clone()),
    }
}

fn source(item: &Item, texts: Option<&Texts<'_>>) -> JsonSource {
    let place = item.source.span.zip(texts);
    let at = place.map(|(span, texts)| (texts.name(span.source).to_owned(), texts.place(span).start));
    let object = &item.source.object;
    JsonSource {
        file: at.as_ref().map(|(file, _)| file.clone()),
        line: at.as_ref().map(|(_, at)| at.line),
        column: at.as_ref().map(|(_, at)| at.column),
        object: format!("{}/{object}", item.source.kind),
        pointer: item.source.pointer.clone(),
    }
}

fn alternative(other: &gwc_core::migrate::item::Alternative) -> JsonAlternative {
    let gwc_core::migrate::item::Alternative { target, kind, field, channel, fidelity } = *other;
    JsonAlternative { target, kind, field, channel, fidelity }
}

fn kind(fact: &Fact) -> &'static str {
    match fact {
        Fact::Annotation(_) => "annotation",
        Fact::Field(_) => "field",
        Fact::Default(_) => "default",
        Fact::Setting(_) => "setting",
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Location => "location",
        Scope::Server => "host",
        Scope::Upstream => "upstream",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Widens => "widens",
        Direction::Narrows => "narrows",
        Direction::Alters => "alters",
    }
}
