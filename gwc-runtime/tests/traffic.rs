//! Traffic through real sockets: manifests and requests in, what clients get and backends see as snapshots.
//!
//! One test per folder of `fixtures/traffic`. Every exchange is also compared with the prediction of `gwc route`: line
//! of the access log, status, forwarded head. So are requests that fit the entries of its listeners, or almost do.

use std::path::{Path, PathBuf};

use support::world::World;

#[expect(dead_code, reason = "each test uses its part")]
#[path = "support/all.rs"]
mod support;

#[path = "traffic/case.rs"]
mod case;
#[path = "traffic/compare.rs"]
mod compare;
#[path = "traffic/exchange.rs"]
mod exchange;
#[path = "traffic/probes.rs"]
mod probes;
#[path = "traffic/show.rs"]
mod show;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The manifests of a case, with what its area and all cases have in common before them.
fn manifests(folder: &Path) -> String {
    let area = folder.parent().expect("an area");
    let common = [area.parent().expect("the root").join("common.yaml"), area.join("common.yaml")];
    let common = common.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    let own = std::fs::read_to_string(folder.join("manifests.yaml")).ok();
    let all: Vec<String> = common.chain(own).collect();
    all.join("---\n")
}

fn run(file: &Path) -> datatest_stable::Result<()> {
    let folder = file.parent().expect("a folder");
    let case: case::Case = yaml_serde::from_str(&std::fs::read_to_string(file)?)?;
    let world = World::start(&manifests(folder), &case.endpoints, exchange::options(&case.options));
    let mut runner = exchange::Runner::new(&world, &case);
    let mut text = format!("{}\n", case.about);
    let mut problems = Vec::new();
    for step in &case.requests {
        let exchanges = runner.run(step);
        match exchanges {
            Ok(exchanges) => {
                text.push_str(&show::step(&world, step, &exchanges));
                problems.extend(compare::step(&runner, step, &exchanges));
            }
            Err(problem) => problems.push(format!("{}: {problem}", step.name)),
        }
    }
    problems.extend(probes::run(&mut runner));
    problems.extend(world.log.rest().iter().map(|line| format!("logged besides: {line}")));
    if !problems.is_empty() {
        return Err(format!("{}\n{text}", problems.join("\n")).into());
    }
    let names = folder.components().rev().take(2).collect::<Vec<_>>();
    let name: PathBuf = names.into_iter().rev().collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(workspace().join("snapshots/traffic").join(name));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("responses", text));
    Ok(())
}

/// A world of another kind of test: only probes.
fn probe(file: &Path) -> datatest_stable::Result<()> {
    let case = case::Case::default();
    let world = World::start(&std::fs::read_to_string(file)?, &case.endpoints, exchange::options(&case.options));
    let mut problems = probes::run(&mut exchange::Runner::new(&world, &case));
    problems.extend(world.log.rest().iter().map(|line| format!("logged besides: {line}")));
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

datatest_stable::harness! {
    { test = run, root = "../fixtures/traffic", pattern = r"requests\.yaml$" },
    { test = probe, root = "../fixtures/ir", pattern = r"\.yaml$" },
}
