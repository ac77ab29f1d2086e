//! `gwc status`: the statuses a conformant controller would write, filtered and printed.

use std::path::{Path, PathBuf};

use gwc_core::diagnostic::{ObjectRef, Severity, rule};
use gwc_core::profile::WorldMode;
use gwc_core::source::Role;
use gwc_core::status::ObjectStatus;
use gwc_core::value::ObjectKey;

use crate::cli::{GlobalArgs, StatusArgs};
use crate::commands;
use crate::failure::{Exit, Failure, Outcome};
use crate::findings::Run;
use crate::object_name::ObjectName;
use crate::options::Settings;
use crate::output::status_json::{self, Shown};
use crate::output::status_table::{self, Why, Width, is_negative};
use crate::output::style::Style;
use crate::output::{self, emit, say, status_yaml};
use crate::texts::{Texts, printable};

/// Formats of statuses, the default first.
const FORMATS: [(&str, Format); 5] = [
    ("table", Format::Table),
    ("wide", Format::Wide),
    ("yaml", Format::Yaml),
    ("json", Format::Json),
    ("patch", Format::Patch),
];

/// Conditions that `--fail-on-negative` looks at.
const GATING: [&str; 3] = ["Accepted", "ResolvedRefs", "Programmed"];

/// A format of statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Table,
    Wide,
    Yaml,
    Json,
    Patch,
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &StatusArgs) -> Outcome {
    let wanted = output::wanted(&args.output, &FORMATS)?;
    let (paths, names) = split(&args.paths)?;
    let mut settings = Settings::new(global, &args.input, &paths, WorldMode::Closed)?;
    let worlds = commands::compile_worlds(global, &mut settings, args.input.stdin_filename.as_deref())?;
    let runs = worlds.runs;
    let texts: Vec<Texts<'_>> = runs.iter().map(|run| Texts::new(&run.sources, &run.compilation.documents)).collect();
    let has_several = runs.len() > 1;
    let mut shown = Vec::new();
    for (run, texts) in runs.iter().zip(&texts) {
        let world = has_several.then_some(run.spec.name.as_str());
        let picked = run.compilation.statuses.iter().filter(|status| is_picked(status, &names, args.only_negative));
        shown.extend(picked.map(|status| Shown { status, texts, world }));
    }
    let unknown = names.iter().filter(|name| !runs.iter().any(|run| holds(run, name))).map(ObjectName::to_string);
    let unknown: Vec<String> = unknown.collect();
    if !unknown.is_empty() {
        return Err(Failure::input(format!("no object {} in the input", unknown.join(", "))));
    }
    for one in &wanted {
        let style = if one.path.is_some() { Style::PLAIN } else { Style::of_stdout(global) };
        let why = if args.why { Why::Told } else { Why::Quiet };
        let text = match one.format {
            Format::Table => status_table::write(&shown, Width::Table, why, style),
            Format::Wide => status_table::write(&shown, Width::Wide, why, style),
            Format::Yaml => status_yaml::write(&shown),
            Format::Json => status_json::write(&shown),
            Format::Patch => status_yaml::write_patches(&shown),
        };
        if global.quiet < 2 || one.path.is_some() {
            emit(&text, one.path.as_deref())?;
        }
    }
    if shown.is_empty() && global.quiet == 0 {
        let what = if args.only_negative {
            "no object has a condition that is not as it should be"
        } else {
            "no object with a status"
        };
        say(what);
    }
    hints(global, &runs);
    let refused = refused(&runs, &texts, global);
    let is_bad = args.fail_on_negative && shown.iter().any(|one| is_failing(one.status));
    let verdict = if refused || is_bad { Exit::Bad } else { Exit::Success };
    Ok(worlds.exit.max(verdict))
}

/// `KIND/NS/NAME` that are no paths are filters; the rest are paths.
pub(crate) fn split(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<ObjectName>), Failure> {
    let (mut files, mut names) = (Vec::new(), Vec::new());
    for path in paths {
        match name_of(path) {
            Some(name) => names.push(name),
            None => files.push(path.clone()),
        }
    }
    Ok((files, names))
}

fn name_of(path: &Path) -> Option<ObjectName> {
    let text = path.to_str()?;
    if path.exists() { None } else { ObjectName::parse(text) }
}

fn holds(run: &Run, name: &ObjectName) -> bool {
    run.compilation.objects.iter().any(|summary| name.matches(&summary.object))
}

fn is_picked(status: &ObjectStatus, names: &[ObjectName], only_negative: bool) -> bool {
    let is_named = names.is_empty() || names.iter().any(|name| name.matches(&status.object));
    let is_bad = || match &status.body {
        None => true,
        Some(body) => {
            let conditions = status_json::conditions(body);
            conditions.is_empty() || conditions.iter().any(|(_, condition)| is_negative(condition))
        }
    };
    is_named && (!only_negative || is_bad())
}

fn is_failing(status: &ObjectStatus) -> bool {
    let Some(body) = &status.body else { return true };
    let conditions = status_json::conditions(body);
    let gating = |condition: &gwc_core::status::Condition| GATING.contains(&condition.r#type);
    conditions.is_empty() || conditions.iter().any(|(_, condition)| gating(condition) && condition.status != "True")
}

/// The `--assume` line for every GatewayClass that Gateways name and the world does not hold.
fn hints(global: &GlobalArgs, runs: &[Run]) {
    if global.quiet > 0 {
        return;
    }
    let mut names = std::collections::BTreeSet::new();
    for run in runs {
        let assumed = &run.spec.profile.world.assumptions.gateway_classes;
        let objects = &run.compilation.objects;
        let is_class = |kind: &str| kind == "GatewayClass";
        let there = objects.iter().filter(|summary| is_class(&summary.object.kind)).map(|summary| &summary.object.name);
        let there: std::collections::BTreeSet<&String> = there.collect();
        let roots = run.compilation.documents.iter().filter_map(|document| document.root.as_ref());
        let classes = roots.flat_map(classes_of);
        names.extend(classes.filter(|class| !there.contains(class) && !assumed.contains_key(class.as_str())));
    }
    for name in names {
        let name = printable(&name);
        say(&format!(
            "note: GatewayClass `{name}` is not in the input, so its Gateways have no controller; if it is there, add\n  --assume gatewayclass:{name}=example.com/controller"
        ));
    }
}

/// Class names of the Gateways of a document.
fn classes_of(root: &gwc_core::yaml::Node) -> Vec<String> {
    let kind = root.at(&["kind"]).and_then(|kind| kind.as_str()).unwrap_or_default();
    if kind.ends_with("List") {
        return root.get("items").map(|items| items.items()).unwrap_or_default().iter().flat_map(classes_of).collect();
    }
    let class = root.at(&["spec", "gatewayClassName"]).and_then(|class| class.as_str());
    class.filter(|_| kind == "Gateway").map(str::to_owned).into_iter().collect()
}

/// Says on stderr what a server would refuse; true when there is any (spec README ruling 15).
fn refused(runs: &[Run], texts: &[Texts<'_>], global: &GlobalArgs) -> bool {
    let mut lines = Vec::new();
    for (run, texts) in runs.iter().zip(texts) {
        for diagnostic in &run.compilation.diagnostics.0 {
            let group = rule::of(diagnostic.code).map(|rule| rule.group);
            // Some rules of admission stand in the group of their subject, such as TLS; nothing else is said of an object
            // that is refused.
            let is_schema = matches!(group, Some(rule::Group::Schema | rule::Group::Version))
                && diagnostic.code != rule::DUPLICATE_OBJECT
                || diagnostic.object.as_ref().is_some_and(|object| is_refused(run, object));
            let is_checked = run.sources.source(diagnostic.primary.source).role == Role::Checked;
            if is_schema && is_checked && diagnostic.severity == Severity::Error {
                let (place, code) = (texts.short(diagnostic.primary), diagnostic.code.number);
                lines.push(format!("{place}: error[{code}] {}", printable(&diagnostic.message)));
            }
        }
    }
    if global.quiet < 2 {
        lines.iter().for_each(|line| say(line));
    }
    !lines.is_empty()
}

/// Would an API server refuse the object?
fn is_refused(run: &Run, object: &ObjectRef) -> bool {
    let is_it = |kind: &str, key: &ObjectKey| {
        kind == object.kind && key.namespace == object.namespace && key.name == object.name
    };
    run.compilation.graph.refused.keys().any(|(group_kind, key)| is_it(&group_kind.kind, key))
}
