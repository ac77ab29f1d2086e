//! `gwc route -o table`: one line per answer.

use std::fmt::Write;

use crate::output::route_tree::{candidate_name, grpc_status, request_line};
use crate::output::style::{Ink, Style};
use crate::route::model::{Answer, RouteReport};
use crate::texts::printable;

const HEADS: [&str; 5] = ["GATEWAY", "LISTENER", "REQUEST", "RULE", "RESULT"];

/// The table.
pub(crate) fn write(report: &RouteReport, style: Style) -> String {
    let rows: Vec<[String; 5]> = report.answers.iter().map(row).collect();
    let mut out = String::new();
    if !rows.is_empty() {
        let widest = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain(HEADS.get(column).map(|head| head.len())).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..HEADS.len()).map(widest).collect();
        let line = |cells: [&str; 5]| {
            let padded = cells
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell}{:1$}", "", width.saturating_sub(cell.chars().count())));
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let _ = writeln!(out, "{}", style.paint(Ink::Dim, &line(HEADS)));
        for row in &rows {
            let _ = writeln!(out, "{}", line(row.each_ref().map(String::as_str)));
        }
    }
    report.notes.iter().for_each(|note| out.push_str(&format!("{}\n", printable(note))));
    out
}

fn row(answer: &Answer) -> [String; 5] {
    let world = answer.world.as_ref().map(|world| format!("{world}: ")).unwrap_or_default();
    let gateway = format!("{world}{}/{}:{}", answer.gateway.namespace, answer.gateway.name, answer.socket.port);
    let listener = answer.listeners.iter().find(|step| step.chosen).map_or("-", |step| &step.name);
    let rule = answer.rule.as_ref().map_or_else(|| "-".to_owned(), candidate_name);
    [gateway, listener.to_owned(), request_line(answer), rule, result(answer)].map(|cell| printable(&cell))
}

/// Status, Location or backends.
fn result(answer: &Answer) -> String {
    let end = &answer.outcome;
    let assumed = if answer.assumptions.is_empty() { "" } else { " (assumed)" };
    let text = match (end.status, &end.location, end.grpc_status) {
        (Some(status), Some(location), _) => format!("{status} {location}"),
        (Some(status), None, Some(grpc)) => format!("{status}, grpc-status {}: {}", grpc_status(grpc), end.text),
        (Some(status), None, None) => format!("{status}: {}", end.text),
        (None, ..) if end.kind == "forwarded" => {
            let share = |share: &crate::route::model::BackendShare| {
                let status = share.status.map(|status| format!(" = {status}")).unwrap_or_default();
                format!("{} {} %{status}", share.backend, share.percent)
            };
            answer.backends.iter().map(share).collect::<Vec<_>>().join(", ")
        }
        (None, ..) => format!("{}: {}", end.kind, end.text),
    };
    format!("{text}{assumed}")
}
