//! `gwc diff OLD NEW`: what a change of manifests does to traffic, statuses and findings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gwc_core::change::{self, Aspect, Class};
use gwc_core::diagnostic::Severity;
use gwc_core::profile::WorldMode;

use crate::cli::{DiffArgs, GlobalArgs, InputArgs};
use crate::commands;
use crate::compile as compiler;
use crate::difference::{Cutover, Findings, Report, conditions, json, markdown, place, shown_url, text};
use crate::failure::{Exit, Failure, Outcome};
use crate::findings::Run;
use crate::input::git::Reference;
use crate::input::stdin::Stdin;
use crate::input::{self, Order};
use crate::nearest;
use crate::options::Settings;
use crate::output::style::Style;
use crate::output::{self, counted, emit, say};
use crate::route::World;

/// Formats, the default first.
const FORMATS: [(&str, Format); 3] = [("text", Format::Text), ("markdown", Format::Markdown), ("json", Format::Json)];

#[derive(Debug, Clone, Copy)]
enum Format {
    Text,
    Markdown,
    Json,
}

/// Largest move of a share that is no hard cutover, in percent points, unless configured.
const MAX_WEIGHT_STEP: u32 = 50;

/// Classes by what `--fail-on` calls them.
const THRESHOLDS: [(&str, &[Class]); 4] = [
    ("break", &[Class::Break]),
    ("shift", &[Class::Break, Class::Unproven, Class::Shift]),
    ("add", &[Class::Break, Class::Unproven, Class::Shift, Class::Add]),
    ("never", &[]),
];

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &DiffArgs) -> Outcome {
    let wanted = output::wanted(&args.output, &FORMATS)?;
    let (old, settings) = operand(global, args, &args.old)?;
    let (new, _) = operand(global, args, &args.new)?;
    let table = &settings.loaded.config.diff;
    let failing = threshold(args.fail_on.as_deref().or(table.fail_on.as_deref()).unwrap_or("break"))?;
    let step = f64::from(table.max_weight_step.unwrap_or(MAX_WEIGHT_STEP));
    for (what, run) in [("OLD", &old), ("NEW", &new)] {
        let refused = run.compilation.graph.refused.len();
        if refused > 0 && global.quiet < 2 {
            let count = counted(refused, "object");
            say(&format!("note: {what} has {count} that the API server would refuse; they serve nothing"));
        }
    }
    let mut report = Report {
        changes: change::diff(side(&old), side(&new)),
        findings: findings(&old, &new),
        old: World::new(&old, None),
        new: World::new(&new, None),
        cutovers: Vec::new(),
    };
    report.cutovers = cutovers(&report, step);
    for one in &wanted {
        let style = if one.path.is_some() { Style::PLAIN } else { Style::of_stdout(global) };
        let text = match one.format {
            Format::Text => text::write(&report, style),
            Format::Markdown => markdown::write(&report),
            Format::Json => json::write(&report),
        };
        if global.quiet < 2 || one.path.is_some() {
            emit(&text, one.path.as_deref())?;
        }
    }
    let is_bad = failing.iter().any(|class| report.changes.count(*class) > 0);
    Ok(if is_bad { Exit::Bad } else { Exit::Success })
}

fn side(run: &Run) -> change::World<'_> {
    change::World { sources: &run.sources, compilation: &run.compilation }
}

fn threshold(word: &str) -> Result<&'static [Class], Failure> {
    let found = THRESHOLDS.iter().find(|(known, _)| *known == word).map(|(_, classes)| *classes);
    found.ok_or_else(|| {
        let names = THRESHOLDS.map(|(name, _)| name);
        let hint = nearest::hint(word, names);
        Failure::usage(format!("--fail-on: `{word}` is no class{hint}; there are {}", names.join(", ")))
    })
}

/// One side: a path, `git:REF[:PATH]`, or the name of a world of the configuration.
fn operand(global: &GlobalArgs, args: &DiffArgs, text: &str) -> Result<(Run, Settings), Failure> {
    if let Some(reference) = Reference::parse(text) {
        return committed(global, args, &reference?);
    }
    let mut input = args.input.clone();
    let mut paths = vec![PathBuf::from(text)];
    if let Some(name) = text.strip_prefix("env:") {
        input.env = vec![name.to_owned()];
        paths.clear();
    }
    let mut settings = Settings::new(global, &input, &paths, WorldMode::Auto)?;
    let worlds = commands::compile_worlds(global, &mut settings, input.stdin_filename.as_deref())?;
    if worlds.exit != Exit::Success {
        return Err(Failure::input(format!("`{text}` cannot be compared: not all of it could be read")));
    }
    let run = worlds.runs.into_iter().next();
    let run = run.ok_or_else(|| Failure::input(format!("`{text}` holds no manifests")))?;
    Ok((run, settings))
}

/// The world of a commit, with the configuration of the current folder.
fn committed(global: &GlobalArgs, args: &DiffArgs, reference: &Reference) -> Result<(Run, Settings), Failure> {
    let input: &InputArgs = &args.input;
    let mut settings = Settings::new(global, input, &[PathBuf::from(".")], WorldMode::Auto)?;
    let spec = settings.worlds.drain(..).next().ok_or_else(|| Failure::internal("no world"))?;
    let mut sources = reference.read(&settings.filter)?;
    let (filter, root): (&_, &Path) = (&settings.filter, &settings.root);
    let request = input::Request { paths: &[], context: &spec.context, root, filter, order: Order::ByName };
    let context = input::load(&request, &mut Stdin::new(None));
    if let Some(problem) = context.problems.first() {
        return Err(Failure::input(problem.clone()));
    }
    for (_, source) in context.sources.iter() {
        let _ = sources.add(source.clone());
    }
    let compilation = compiler::compile(&sources, &spec.profile);
    Ok((Run { spec, sources, compilation }, settings))
}

/// GWC7007: shares that move by more than the step.
fn cutovers(report: &Report<'_>, step: f64) -> Vec<Cutover> {
    let config = report.new.config();
    let mut found: Vec<Cutover> = Vec::new();
    for traffic in &report.changes.traffic {
        let Some((backend, old, new)) = &traffic.largest_move else { continue };
        // Requests that other conditions take move with those, not with weights.
        let before = conditions(report.old.config(), &traffic.old);
        if conditions(config, &traffic.new) != before || traffic.aspects.contains(&Aspect::Answer) {
            continue;
        }
        let place = traffic.new.rule(config).and_then(|rule| place(&report.new, rule));
        let known = found.iter().any(|one| one.backend == *backend && one.place == place);
        if (old - new).abs() > step && !known {
            let request = shown_url(&traffic.request);
            found.push(Cutover { backend: backend.clone(), old: *old, new: *new, request, place });
        }
    }
    found
}

/// Errors that came and went, by code, object and message.
fn findings(old: &Run, new: &Run) -> Findings {
    let errors = |run: &Run| -> BTreeSet<String> {
        let all = run.compilation.diagnostics.0.iter().filter(|one| one.severity == Severity::Error);
        let name = |one: &gwc_core::diagnostic::Diagnostic| {
            one.object.as_ref().map(|object| format!(" {} {}/{}", object.kind, object.namespace, object.name))
        };
        all.map(|one| format!("{}{}: {}", one.code.number, name(one).unwrap_or_default(), one.message)).collect()
    };
    let (before, now) = (errors(old), errors(new));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect();
    Findings { new: only(&now, &before), fixed: only(&before, &now) }
}
