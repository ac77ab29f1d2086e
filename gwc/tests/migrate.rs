//! `gwc ingress-migrate` on the cases of ingress-migrate.md §9: every folder of `fixtures/migrate` is an input with what
//! is expected of it, on the side of the controller and on the side of what is written.

#[path = "migrate/case.rs"]
mod case;
#[path = "migrate/fact.rs"]
mod fact;
#[path = "migrate/mode.rs"]
mod mode;
#[path = "migrate/not_yet.rs"]
mod not_yet;
#[path = "migrate/outcome.rs"]
mod outcome;
#[path = "migrate/run.rs"]
mod run;

use std::collections::{BTreeMap, BTreeSet};

use case::{Run, cases, documents, entries, runs, workspace};
use not_yet::NOT_YET;
use outcome::SourceSide;
use rayon::prelude::*;
use run::Printed;

/// Rows of the table of what the known converter gets wrong that belong to other controllers.
const OTHER_CONTROLLERS: [&str; 5] = ["D10", "D11", "D12", "D13", "D32"];

fn is_not_yet(run: &Run) -> bool {
    NOT_YET.iter().any(|(id, _)| *id == run.id())
}

/// The models of the controllers answer as the cases say.
#[test]
fn sources_answer_as_expected() {
    let mut wrong = Vec::new();
    for run in runs() {
        let source = SourceSide::new(&run);
        for ask in &run.expect.requests {
            let (request, headers, expected) = (&ask.request, &ask.headers, &ask.source);
            let actual = source.ask(ask);
            if !outcome::fits(&actual, expected) {
                wrong.push(format!("{}: {request} {headers:?}: {actual}, not {expected}", run.id()));
            }
            if let Some(expected) = &ask.access {
                let passed = source.access(ask);
                wrong.extend(Some(format!("{}: {request}: {passed:?}", run.id())).filter(|_| passed != *expected));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A run with what it printed and what is wrong with it.
fn judged(run: Run) -> (Run, Printed, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let printed = run::print(&run, folder.path());
    let problems = run::problems(&run, &printed, folder.path());
    (run, printed, problems)
}

fn snapshot(run: &Run, view: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace().join("snapshots/migrate").join(&run.case));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // The version of gwc is no part of what a run says.
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    settings.bind(|| insta::assert_snapshot!(format!("{}.{view}", run.name), text));
}

/// `GWC_MIGRATE_CASE` names the beginning of the cases to run, for work on one of them.
#[test]
fn cases_are_as_expected() {
    let only = std::env::var("GWC_MIGRATE_CASE").unwrap_or_default();
    let chosen: Vec<Run> = runs().into_iter().filter(|run| run.id().starts_with(&only)).collect();
    let judged: Vec<(Run, Printed, Vec<String>)> = chosen.into_par_iter().map(judged).collect();
    let (mut wrong, mut n_wrong) = (String::new(), 0);
    for (run, _, problems) in &judged {
        match (problems.as_slice(), is_not_yet(run)) {
            ([], true) => wrong.push_str(&format!("{}: passes, and stands in NOT_YET\n", run.id())),
            ([], false) => continue,
            (problems, true) => {
                println!("{}: not yet\n  {}", run.id(), problems.join("\n  "));
                continue;
            }
            (problems, false) => wrong.push_str(&format!("{}:\n  {}\n", run.id(), problems.join("\n  "))),
        }
        n_wrong += 1;
    }
    let n_runs = judged.len();
    assert!(wrong.is_empty(), "{n_wrong} of {n_runs} runs are wrong\n{wrong}");
    if !workspace().join("snapshots/migrate").exists() {
        return;
    }
    for (run, printed, _) in judged.iter().filter(|(run, _, _)| !is_not_yet(run)) {
        snapshot(run, "yaml", &printed.manifests);
        snapshot(run, "report", &printed.report);
    }
}

#[test]
fn what_is_not_yet_right_exists() {
    let known: BTreeSet<String> = runs().iter().map(Run::id).collect();
    let unknown: Vec<_> = NOT_YET.iter().filter(|(id, _)| !known.contains(*id)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let folders = workspace().join("snapshots/migrate");
    let folders = if folders.exists() { entries("snapshots/migrate") } else { Vec::new() };
    let orphans: Vec<_> = folders.into_iter().filter(|name| !cases().contains(name)).collect();
    assert!(orphans.is_empty(), "snapshots without cases: {orphans:?}");
}

/// Rows of a table, and the cases that they name.
fn table(name: &str) -> BTreeMap<String, Vec<String>> {
    let path = workspace().join("fixtures/migrate").join(name);
    let text = std::fs::read_to_string(path).expect("a table");
    serde_json::from_value(documents(&text).remove(0)).expect("rows with cases")
}

#[test]
fn tables_name_cases_that_exist() {
    let known = cases();
    let exists = |case: &String| known.iter().any(|name| name.starts_with(&format!("{case}-")));
    let rows = table("known-converter.yaml");
    let expected = (1..=37).map(|n| format!("D{n:02}")).filter(|row| !OTHER_CONTROLLERS.contains(&row.as_str()));
    assert_eq!(rows.keys().cloned().collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert_eq!(table("mission.yaml").len(), 13, "rows of §8");
    for (row, cases) in rows.into_iter().chain(table("mission.yaml")) {
        let missing: Vec<_> = cases.iter().filter(|case| !exists(case)).collect();
        assert!(!cases.is_empty() && missing.is_empty(), "{row}: {missing:?}");
    }
}
