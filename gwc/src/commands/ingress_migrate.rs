//! `gwc ingress-migrate`: Ingresses to Gateway API, what is lost, and whether the result does what the source did.
//!
//! The steps: decide, read, select, convert, write as text, check that text, report, write files. Manifests are written
//! whatever the findings (ingress-migrate.md §5.6).

use gwc_core::diagnostic::{Diagnostic, Severity};
use gwc_core::migrate::{self, code};
use gwc_core::profile::WorldMode;

use crate::cli::GlobalArgs;
use crate::cli::migrate::MigrateArgs;
use crate::failure::{Exit, Failure, Outcome};
use crate::migration::cases::Case;
use crate::migration::decide::{self, Out};
use crate::migration::folder::{self, Change, Plan};
use crate::migration::inventory::{self, Inventory};
#[cfg(feature = "serve")]
use crate::migration::replay::Replay;
use crate::migration::screen::{self, Detail, Form};
use crate::migration::{Migration, emit as files, input, json, markdown, record, report, selfcheck, twice, verify};
use crate::options::Settings;
use crate::output::grouped::object_name;
use crate::output::style::Style;
use crate::output::{self, Wanted, emit, say};

/// Formats of the report, the default first.
const FORMATS: [(&str, Format); 10] = [
    ("full", Format::Full),
    ("concise", Format::Concise),
    ("grouped", Format::Grouped),
    ("json", Format::Json),
    ("json-v1", Format::Json),
    ("jsonl", Format::JsonLines),
    ("sarif", Format::Sarif),
    ("github", Format::GitHub),
    ("junit", Format::JUnit),
    ("markdown", Format::Markdown),
];

/// A format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Full,
    Concise,
    Grouped,
    Json,
    JsonLines,
    Sarif,
    GitHub,
    JUnit,
    Markdown,
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &MigrateArgs) -> Outcome {
    let wanted = output::wanted(&args.output, &FORMATS)?;
    let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Auto)?;
    let words = decide::merged(&args.decisions, &settings.loaded, &settings.root)?;
    let mut decided = decide::decide(&words, args.input.namespace.as_deref())?;
    if args.check && decided.out == Out::Stdout {
        return Err(Failure::usage("--check compares with files: name them with --out FILE or --out DIR/"));
    }
    let stdin_name = args.input.stdin_filename.as_deref();
    decided.replays = !args.old.is_empty();
    if decided.replays && decided.verify.level.is_none() {
        return Err(Failure::usage("--old and --new need --verify fast or full"));
    }
    let input::World { run: input, exit, controller } = input::read(global, &mut settings, stdin_name, &mut decided)?;
    let is_named = args.input.world.gateway_api.is_some();
    (decided.options.target, decided.options.has_named_target) = input::target(&input, &settings, is_named, &decided);

    let selected = input::select(&input.compilation.graph, &decided);
    if let Some(class) = decided.picked.class.as_deref().filter(|_| selected.read.is_empty()) {
        return Err(Failure::input(format!("there is no Ingress of class `{class}`")));
    }
    decided.options.chosen = input::chosen(&selected, &decided)?;
    let ingresses = input::converted(&selected, decided.options.chosen.as_ref());
    let mut conversion = migrate::convert(&input.compilation.graph, &selected, &decided.options);
    twice::add(&input.compilation.graph, &input.compilation.documents, &mut conversion.report);
    if decided.no_provenance {
        conversion.manifests.iter_mut().for_each(files::strip_provenance);
    }
    let files = files::files(&conversion.manifests, &conversion.patches, &decided.out);
    let checked = selfcheck::check(&files, &input, decided.options.target);
    let graph = &input.compilation.graph;
    let cx = verify::Cx { graph, controller, selected: &selected, checked: &checked, decided: &decided };
    let verified = verify::verify(&cx, &mut conversion);
    let projection = report::project(input, &conversion.report, &decided.accepted);
    let migration = Migration { decided, conversion, ingresses, files, checked, verified, projection };
    let plan = folder::plan(&migration.files, &migration.decided.out)?;

    let inventory = args.plan.then(|| inventory::inventory(&migration, plan.as_ref()));
    print(global, &migration, &wanted, &Shown { inventory, is_piped: is_piped(args, &migration) })?;
    let exit = exit.max(verdict(&migration)).max(faults(&migration));
    let exit = exit.max(deliver(args, &migration, plan.as_ref())?);
    Ok(exit.max(after(args, &migration)?))
}

/// Tests and live requests, made of what the verification looked at.
fn after(args: &MigrateArgs, migration: &Migration) -> Outcome {
    let cases = migration.verified.as_ref().map_or(&[][..], |verified| &verified.cases);
    if let Some(path) = migration.decided.record.as_deref().filter(|_| !args.check && !args.plan) {
        record::write(cases, &migration.decided.out, path)?;
    }
    if !migration.decided.replays {
        return Ok(Exit::Success);
    }
    replay(args, cases)
}

#[cfg(feature = "serve")]
fn replay(args: &MigrateArgs, cases: &[Case]) -> Outcome {
    let replay = Replay::new(&args.old, &args.new, args.allow_unsafe_methods)?;
    Ok(if replay.run(cases) { Exit::Success } else { Exit::Bad })
}

#[cfg(not(feature = "serve"))]
fn replay(_: &MigrateArgs, _: &[Case]) -> Outcome {
    Err(Failure::usage("--old and --new: this gwc was built without the feature `serve`"))
}

/// Do manifests go to standard output?
fn is_piped(args: &MigrateArgs, migration: &Migration) -> bool {
    migration.decided.out == Out::Stdout && !args.plan
}

/// Writes the manifests, or says under `--check` what would change.
fn deliver(args: &MigrateArgs, migration: &Migration, plan: Option<&Plan>) -> Outcome {
    let Some(plan) = plan else {
        if is_piped(args, migration) {
            emit(migration.files.first().map_or("", |file| file.text.as_str()), None)?;
        }
        return Ok(Exit::Success);
    };
    if args.check {
        for entry in plan.entries.iter().filter(|entry| entry.change != Change::Same) {
            let hand = if entry.is_by_hand { ", changed by hand" } else { "" };
            say(&format!("drift: {} ({}{hand})", entry.name, entry.change.word()));
        }
        return Ok(if plan.is_drift() { Exit::Bad } else { Exit::Success });
    }
    if !args.plan {
        plan.write(&migration.files, &migration.decided.out, args.force)?;
    }
    Ok(Exit::Success)
}

/// 1 when a finding reaches the threshold; a lost access control and an unannounced difference always do.
fn verdict(migration: &Migration) -> Exit {
    let fail_on = migration.decided.fail_on;
    let is_bad = |severity: Severity| fail_on != Severity::Off && severity >= fail_on;
    let mut active = migration.projection.report.active();
    let always = [code::ACCESS_CONTROL_LOST, code::VERIFIED_DIFFERENT];
    let is_never_fine = |one: &Diagnostic| always.contains(&one.code) && one.severity == Severity::Error;
    let is_bad = active.any(|one| is_bad(one.diagnostic.severity) || is_never_fine(&one.diagnostic));
    if is_bad { Exit::Bad } else { Exit::Success }
}

/// 4 when the written manifests would be refused: a bug, which names the objects.
fn faults(migration: &Migration) -> Exit {
    let mut exit = Exit::Success;
    let texts = migration.checked.report.texts();
    for finding in migration.checked.faults() {
        let diagnostic = &finding.diagnostic;
        let object = diagnostic.object.as_ref().map(object_name).unwrap_or_default();
        let place = texts.first().map(|texts| texts.short(diagnostic.primary)).unwrap_or_default();
        let code = diagnostic.code.number;
        say(&format!("bug: {object} ({place}) would be refused: [{code}] {}", diagnostic.message));
        exit = Exit::Internal;
    }
    if exit == Exit::Internal {
        say("this is a bug in gwc; please report it with the Ingresses concerned");
    }
    exit
}

/// What is printed beside the report.
struct Shown {
    /// Of `--plan`.
    inventory: Option<Inventory>,
    /// Standard output belongs to manifests.
    is_piped: bool,
}

fn print(global: &GlobalArgs, migration: &Migration, wanted: &[Wanted<Format>], shown: &Shown) -> Result<(), Failure> {
    for one in wanted {
        if global.quiet > 1 && one.path.is_none() {
            continue;
        }
        let style = match one.path {
            Some(_) => Style::PLAIN,
            None if shown.is_piped => Style::of_stderr(global),
            None => Style::of_stdout(global),
        };
        let mut text = write(one.format, migration, (global, shown), style);
        if matches!(one.format, Format::Full | Format::Grouped) && global.quiet == 0 {
            text.push_str(&shown.inventory.as_ref().map(inventory::text).unwrap_or_default());
            text.push_str(&screen::summary(migration));
            text.push_str(&inventory::steps(migration));
        }
        match one.path.as_deref() {
            None if shown.is_piped => say(&text),
            path => emit(&text, path)?,
        }
    }
    Ok(())
}

fn write(format: Format, migration: &Migration, (global, with): (&GlobalArgs, &Shown), style: Style) -> String {
    let report = &migration.projection.report;
    let shown: Vec<&crate::findings::Finding> = report.findings.iter().collect();
    let detail = if global.verbose > 0 { Detail::All } else { Detail::Usual };
    match format {
        Format::Full => screen::write(migration, Form::Full, detail, style),
        Format::Grouped => screen::write(migration, Form::Grouped, detail, style),
        Format::Concise => output::concise::write(report, &shown, style),
        Format::Json => json::write(migration, with.inventory.clone()),
        Format::JsonLines => output::json::write_lines(report, &shown),
        Format::Sarif => output::sarif::write(report, &shown),
        Format::GitHub => output::github::write(report, &shown),
        Format::JUnit => output::junit::write(report, &shown),
        Format::Markdown => markdown::write(migration),
    }
}
