//! `gwc check --phase admission`: the API server as a command, one JSON line per document or list item.

use std::path::Path;

use gwc_core::admission::{self, Operation};
use gwc_core::profile::{Target, WorldMode};
use gwc_core::source::{Role, Source};
use gwc_core::yaml::{Document, Node, ProblemKind, parse};

use crate::cli::{CheckArgs, GlobalArgs};
use crate::commands;
use crate::failure::{Exit, Outcome};
use crate::input::Order;
use crate::input::stdin::Stdin;
use crate::options::Settings;
use crate::output::admission::{Line, Show};
use crate::output::emit;

/// Prints the verdicts.
pub(crate) fn run(global: &GlobalArgs, args: &CheckArgs, path: Option<&Path>) -> Outcome {
    let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Auto)?;
    commands::remarks(global, &settings);
    let mut stdin = Stdin::new(args.input.stdin_filename.as_deref());
    let mut exit = Exit::Success;
    let mut lines = Vec::new();
    let show = if args.report.show_object { Show::Object } else { Show::Verdict };
    for spec in std::mem::take(&mut settings.worlds) {
        let (sources, _) = commands::read(&settings, &spec, Order::AsGiven, &mut stdin, &mut exit);
        let documents: Vec<Document> = sources.iter().flat_map(|(id, source)| parse::parse(id, source)).collect();
        let detected = || gwc_core::detected_target(&sources, &documents);
        let target = spec.profile.target.or_else(detected).unwrap_or_default();
        for document in &documents {
            let source = sources.source(document.source);
            if source.role == Role::Checked {
                of_document(source, document, (target, show), &mut lines);
            }
        }
    }
    if lines.is_empty() && exit == Exit::Success && !settings.allow_empty {
        let message = "no documents found; name other paths, or allow it with --allow-empty";
        return Err(crate::failure::Failure::input(message));
    }
    let is_refused = lines.iter().any(|line| line.allowed == Some(false));
    if is_refused && !args.report.exit_zero {
        exit = exit.max(Exit::Bad);
    }
    if global.quiet < 2 || path.is_some() {
        emit(&lines.iter().map(Line::text).collect::<String>(), path)?;
    }
    Ok(exit)
}

fn of_document(source: &Source, document: &Document, (target, show): (Target, Show), lines: &mut Vec<Line>) {
    let fatal = document.problems.iter().find(|problem| problem.kind == ProblemKind::Syntax);
    let Some(root) = document.root.as_ref().filter(|root| !root.is_null()) else {
        lines.extend(fatal.map(|problem| Line::undecodable(source, document, &problem.message)));
        return;
    };
    let text = |key: &str| root.field(key).and_then(Node::as_str);
    let kind = text("kind").filter(|kind| !kind.is_empty());
    let is_versioned = text("apiVersion").is_some_and(|version| !version.is_empty());
    match kind {
        Some(kind) if is_versioned => {
            let list = root.field("items").filter(|items| kind.ends_with("List") && items.type_name() == "array");
            let objects: Vec<(&Node, Option<usize>)> = match list {
                Some(items) => items.items().iter().enumerate().map(|(item, node)| (node, Some(item))).collect(),
                None => vec![(root, None)],
            };
            for object in objects {
                let verdict = admission::admit(object.0, target, Operation::Create);
                lines.push(Line::decided(source, document, object, &verdict, show));
            }
        }
        // A file that was only found in a folder need not be a manifest (spec README ruling 16).
        _ if !source.named && kind.is_none() && !is_versioned => {}
        _ => {
            let missing = if is_versioned { "kind" } else { "apiVersion" };
            let detail = match root.type_name() {
                "object" => format!("`{missing}` is missing, so this is no Kubernetes object"),
                other => format!("an object is wanted, this is of type {other}"),
            };
            lines.push(Line::undecodable(source, document, &detail));
        }
    }
}
