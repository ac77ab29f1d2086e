//! `gwc ingress-migrate` on the cases of ingress-migrate.md §9: every folder of `fixtures/migrate` is an input with what
//! is expected of it, on the side of the controller and on the side of what is written.

#[path = "migrate/case.rs"]
mod case;
#[path = "migrate/fact.rs"]
mod fact;
#[path = "migrate/outcome.rs"]
mod outcome;

use case::{Run, runs};
use outcome::SourceSide;

/// The models of the controllers answer as the cases say.
#[test]
fn sources_answer_as_expected() {
    let mut wrong = Vec::new();
    for run in runs() {
        wrong.extend(source_problems(&run).into_iter().map(|problem| format!("{}: {problem}", run.id())));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn source_problems(run: &Run) -> Vec<String> {
    let source = SourceSide::new(run);
    let mut problems = Vec::new();
    for ask in &run.expect.requests {
        let actual = source.ask(ask);
        if !outcome::fits(&actual, &ask.source) {
            problems.push(format!("{} {:?}: {actual}, not {}", ask.request, ask.headers, ask.source));
        }
    }
    problems
}
