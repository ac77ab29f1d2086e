//! `gwc check`: compile, select, suppress, report, exit code.

use std::collections::BTreeSet;
use std::time::Instant;

use gwc_core::diagnostic::{Severity, rule};
use gwc_core::profile::{Statuses, WorldMode};

use crate::cli::{CheckArgs, GlobalArgs, Phase};
use crate::commands::{self, Worlds, admission};
use crate::failure::{Exit, Failure, Outcome};
use crate::findings::{Finding, Report, SuppressionMode, is_undetermined};
use crate::options::{self, Settings, Threshold};
use crate::output::style::Style;
use crate::output::{self, Wanted, emit, say};
use crate::suite;

/// Formats of findings, the default first.
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
    ("admission-jsonl", Format::Admission),
];

/// A format of findings.
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
    Admission,
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &CheckArgs) -> Outcome {
    let mut wanted = output::wanted(&args.report.output, &FORMATS)?;
    let is_admission = wanted.iter().any(|wanted| wanted.format == Format::Admission);
    match args.report.phase {
        Some(Phase::Admission) => {
            let given = args.report.output.is_empty() || (is_admission && wanted.len() == 1);
            let path = wanted.first().and_then(|wanted| wanted.path.clone());
            return if given { admission::run(global, args, path.as_deref()) } else { Err(needs_format()) };
        }
        None if is_admission => return Err(Failure::usage("-o admission-jsonl needs --phase admission")),
        None => {}
    }
    let start = Instant::now();
    let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Auto)?;
    let selection = options::selection(&args.lint, &settings.loaded)?;
    let threshold = options::threshold(&args.lint, &settings.loaded, &selection)?;
    let is_off = |rule: &&rule::Rule| selection.state(rule.code).severity == Severity::Off;
    let off: BTreeSet<&'static str> = rule::RULES.iter().filter(is_off).map(|rule| rule.code.number).collect();
    for world in &mut settings.worlds {
        world.profile.skipped_rules.clone_from(&off);
        world.profile.statuses = Statuses::LeftOut;
    }
    let worlds = commands::compile_worlds(global, &mut settings, args.input.stdin_filename.as_deref())?;
    let Worlds { mut runs, exit, tests, reading, compiling } = worlds;
    for (run, tests) in runs.iter_mut().zip(tests) {
        // A test file that cannot be read is for `gwc test` to report.
        let tests = tests.into_iter().filter_map(|file| file.read().ok()).collect();
        suite::lint::add(run, tests, &off);
    }
    let mode = if args.report.no_suppressions { SuppressionMode::Ignore } else { SuppressionMode::Apply };
    let reporting = Instant::now();
    let report = Report::new(runs, &selection, mode);
    if args.report.output.is_empty() && std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        wanted.push(Wanted { format: Format::GitHub, path: None });
    }
    print(global, args, &report, &wanted)?;
    if args.report.timings {
        let times = [("reading", reading), ("compiling", compiling), ("reporting", reporting.elapsed())];
        let lines = times.iter().map(|(name, time)| format!("{:>9.1} ms  {name}\n", time.as_secs_f64() * 1e3));
        let total = format!("{:>9.1} ms  total", start.elapsed().as_secs_f64() * 1e3);
        say(&(lines.collect::<String>() + &total));
    }
    let exit = exit.max(verdict(&report, threshold, args.report.exit_zero));
    // The process ends here: taking a large world apart is work for nothing.
    std::mem::forget(report);
    Ok(exit)
}

fn needs_format() -> Failure {
    Failure::usage("--phase admission prints one format: -o admission-jsonl")
}

/// 1 when a finding reaches the threshold.
fn verdict(report: &Report, threshold: Threshold, exit_zero: bool) -> Exit {
    let is_bad = |finding: &Finding| {
        let severity = finding.diagnostic.severity;
        let counts = threshold.fail_on != Severity::Off && severity >= threshold.fail_on;
        counts || (threshold.on_undetermined && is_undetermined(&finding.diagnostic))
    };
    let warnings = report.counts().warnings;
    let is_bad = report.active().any(is_bad) || threshold.max_warnings.is_some_and(|most| warnings > most);
    if is_bad && !exit_zero { Exit::Bad } else { Exit::Success }
}

fn print(global: &GlobalArgs, args: &CheckArgs, report: &Report, wanted: &[Wanted<Format>]) -> Result<(), Failure> {
    let (shown, left_out) = pick(report, args);
    for one in wanted {
        // Quiet twice leaves the exit code and the files that were asked for.
        if global.quiet > 1 && one.path.is_none() {
            continue;
        }
        let style = if one.path.is_some() { Style::PLAIN } else { Style::of_stdout(global) };
        let mut text = write(one.format, report, &shown, style);
        let is_human = matches!(one.format, Format::Full | Format::Grouped);
        if global.quiet == 0 && is_human && !shown.is_empty() {
            if left_out > 0 {
                text.push_str(&format!("{left_out} more findings are not shown (--max-per-rule)\n"));
            }
            text.push_str(&output::summary::write(report));
        }
        if args.report.statistics && matches!(one.format, Format::Full | Format::Grouped | Format::Concise) {
            text.push_str(&output::statistics::write(report));
        }
        emit(&text, one.path.as_deref())?;
    }
    let is_said = wanted.iter().any(|one| one.path.is_none() && matches!(one.format, Format::Full | Format::Grouped));
    let is_machine = wanted.iter().any(|one| one.path.is_none() && !is_human(one.format));
    let is_empty = report.runs.iter().all(|run| run.sources.is_empty());
    if global.quiet == 0 && !is_machine && !is_empty && (shown.is_empty() || !is_said) {
        say(&output::summary::write(report));
    }
    Ok(())
}

fn is_human(format: Format) -> bool {
    matches!(format, Format::Full | Format::Grouped | Format::Concise)
}

fn write(format: Format, report: &Report, shown: &[&Finding], style: Style) -> String {
    match format {
        Format::Full => output::text::write(report, shown, style),
        Format::Concise => output::concise::write(report, shown, style),
        Format::Grouped => output::grouped::write(report, shown, style),
        Format::Json => output::json::write(report, shown),
        Format::JsonLines => output::json::write_lines(report, shown),
        Format::Sarif => output::sarif::write(report, shown),
        Format::GitHub => output::github::write(report, shown),
        Format::JUnit => output::junit::write(report, shown),
        Format::Admission => String::new(),
    }
}

/// The findings to print and how many `--max-per-rule` leaves out.
fn pick<'r>(report: &'r Report, args: &CheckArgs) -> (Vec<&'r Finding>, usize) {
    let mut per_rule: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    let most = args.report.max_per_rule.unwrap_or(usize::MAX);
    let visible = |finding: &&Finding| finding.suppressed.is_none() || args.report.show_suppressed;
    let mut left_out = 0;
    let mut shown = Vec::new();
    for finding in report.findings.iter().filter(visible) {
        let count = per_rule.entry(finding.diagnostic.code.number).or_default();
        *count += 1;
        if *count <= most {
            shown.push(finding);
        } else {
            left_out += 1;
        }
    }
    (shown, left_out)
}
