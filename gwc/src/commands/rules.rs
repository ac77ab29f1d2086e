//! `gwc rules`: the catalogue with its state in the current configuration; `md` is the source of docs/rules.md.

use std::fmt::Write;
use std::path::Path;

use gwc_core::diagnostic::Severity;
use gwc_core::diagnostic::rule::{RULES, Rule};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::{GlobalArgs, RulesArgs};
use crate::commands::explain::fix_name;
use crate::compile;
use crate::config::load;
use crate::failure::{Exit, Outcome};
use crate::options;
use crate::output::style::{Ink, Style, ink};
use crate::output::{self, emit};
use crate::selection::{Selection, basis_name, group_name, severity_name};

/// Formats of the catalogue, the default first.
const FORMATS: [(&str, Format); 3] = [("table", Format::Table), ("json", Format::Json), ("md", Format::Markdown)];

#[derive(Debug, Clone, Copy)]
enum Format {
    Table,
    Json,
    Markdown,
}

/// One rule in JSON.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct JsonRule {
    code: &'static str,
    name: &'static str,
    group: &'static str,
    default_severity: &'static str,
    severity: &'static str,
    basis: &'static str,
    fix: &'static str,
    built: bool,
    summary: Option<&'static str>,
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &RulesArgs) -> Outcome {
    let loaded = load::load(Path::new("."), &global.config, global.no_config)?;
    let selection = options::selection(&args.lint, &loaded)?;
    for wanted in output::wanted(&args.output, &FORMATS)? {
        let style = if wanted.path.is_some() { Style::PLAIN } else { Style::of_stdout(global) };
        let text = match wanted.format {
            Format::Table => table(&selection, style),
            Format::Json => json(&selection),
            Format::Markdown => markdown(),
        };
        emit(&text, wanted.path.as_deref())?;
    }
    Ok(Exit::Success)
}

fn table(selection: &Selection, style: Style) -> String {
    let mut out = String::new();
    let widest = RULES.iter().map(|rule| rule.code.name.len()).max().unwrap_or(0);
    let _ = writeln!(out, "CODE     {:widest$}  SEVERITY  BASIS      FIX          GROUP", "NAME");
    for rule in RULES {
        let severity = selection.state(rule.code).severity;
        let padded = format!("{:8}", severity_name(severity));
        let ink = if severity == Severity::Off { Ink::Dim } else { ink(severity) };
        let severity = style.paint(ink, &padded);
        let _ = writeln!(
            out,
            "{}  {:widest$}  {severity}  {:9}  {:11}  {}",
            rule.code.number,
            rule.code.name,
            basis_name(rule.basis),
            fix_name(rule.fix),
            group_name(rule.group)
        );
    }
    out
}

fn json(selection: &Selection) -> String {
    let rule = |rule: &Rule| JsonRule {
        code: rule.code.number,
        name: rule.code.name,
        group: group_name(rule.group),
        default_severity: severity_name(rule.severity),
        severity: severity_name(selection.state(rule.code).severity),
        basis: basis_name(rule.basis),
        fix: fix_name(rule.fix),
        built: compile::docs(rule.code).is_some(),
        summary: compile::docs(rule.code).map(|docs| docs.summary),
    };
    let rules: Vec<JsonRule> = RULES.iter().map(rule).collect();
    let mut out = serde_json::to_string_pretty(&rules).unwrap_or_default();
    out.push('\n');
    out
}

/// docs/rules.md: every rule that is built, by group; independent of any configuration.
fn markdown() -> String {
    let mut out = String::from("# Rules\n\nWritten by `gwc rules -o md`; do not edit.\n");
    let mut group = None;
    for rule in RULES {
        let Some(docs) = compile::docs(rule.code) else { continue };
        if group != Some(rule.group) {
            group = Some(rule.group);
            let _ = writeln!(out, "\n## Group `{}`", group_name(rule.group));
        }
        let code = rule.code.number;
        let _ = writeln!(out, "\n### <a id=\"{}\"></a>{code} {}\n", code.to_lowercase(), rule.code.name);
        let _ = writeln!(out, "{}\n", docs.summary);
        let drops = if rule.drops_when_assumed { " (warning where the world is not fully known)" } else { "" };
        let _ = writeln!(
            out,
            "Severity: {}{drops}. Basis: {}. Fix: {}.",
            severity_name(rule.severity),
            basis_name(rule.basis),
            fix_name(rule.fix)
        );
        let parts = [("What", docs.what), ("Why it matters", docs.why), ("Fix", docs.fix)];
        for (title, text) in parts.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
            let _ = writeln!(out, "\n**{title}.** {}", text.trim());
        }
        for (title, text) in [("Bad", docs.bad), ("Good", docs.good)] {
            if !text.trim().is_empty() {
                let _ = writeln!(out, "\n{title}:\n\n```yaml\n{}\n```", text.trim_matches('\n'));
            }
        }
        if !docs.spec.trim().is_empty() {
            let _ = writeln!(out, "\nSpecification: {}", docs.spec.trim());
        }
    }
    out
}
