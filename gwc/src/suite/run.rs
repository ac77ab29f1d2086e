//! Runs the tests of files on one world: predictions, comparison, the account of what failed.

use gwc_core::predict::{self, Prediction, Predictor};

use crate::route::World;
use crate::route::answer::{Extent, answer};
use crate::route::model::Answer;
use crate::route::why_not::{self, why_not};
use crate::suite::coverage::Reached;
use crate::suite::expect::{self, Happened, Mismatch};
use crate::suite::file::value::Code;
use crate::suite::read::{Case, StatusCase, Suite};
use crate::suite::request::Asked;
use crate::suite::{name, status};

/// What became of a test.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Everything holds.
    Passed,
    /// Something does not.
    Failed(Failed),
    /// It was left out, for this reason (which may be empty).
    Skipped(String),
}

/// What does not hold, and how the request went.
#[derive(Debug)]
pub(crate) struct Failed {
    /// At least one.
    pub(crate) mismatches: Vec<Mismatch>,
    /// The way of the request at each Gateway in question; empty for status assertions.
    pub(crate) answers: Vec<Answer>,
    /// Why there is no way to show.
    pub(crate) note: Option<String>,
}

/// Which test of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Test {
    /// Position in [`Suite::cases`].
    Route(usize),
    /// Position in [`Suite::statuses`].
    Status(usize),
}

/// A test with its verdict.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Position of the file.
    pub(crate) suite: usize,
    /// Which test.
    pub(crate) test: Test,
    /// Name of the world; empty for the only one.
    pub(crate) world: String,
    /// What became of it.
    pub(crate) verdict: Verdict,
}

/// Runs tests on a world.
pub(crate) struct Runner<'w> {
    world: &'w World<'w>,
    predictor: Predictor<'w>,
    /// A running gateway that is asked too.
    #[cfg(feature = "serve")]
    pub(crate) live: Option<&'w crate::suite::live::Live>,
    /// What requests reached so far.
    pub(crate) reached: Reached,
}

impl<'w> Runner<'w> {
    /// On this world, whose listeners are compiled once.
    pub(crate) fn new(world: &'w World<'w>) -> Self {
        Self {
            world,
            predictor: Predictor::new(world.config()),
            #[cfg(feature = "serve")]
            live: None,
            reached: Reached::default(),
        }
    }

    /// Runs the tests of a file that `picks` wants.
    pub(crate) fn run(&mut self, at: usize, suite: &Suite, picks: &dyn Fn(&str) -> bool, out: &mut Vec<Outcome>) {
        let world = self.world.name.unwrap_or_default();
        for (position, case) in suite.cases.iter().enumerate().filter(|(_, case)| picks(&case.name)) {
            let verdict = match &case.skip {
                Some(reason) => Verdict::Skipped(reason.clone()),
                None => self.route(case),
            };
            out.push(Outcome { suite: at, test: Test::Route(position), world: world.to_owned(), verdict });
        }
        for (position, case) in suite.statuses.iter().enumerate().filter(|(_, case)| picks(&case.name)) {
            let verdict = self.status(case);
            out.push(Outcome { suite: at, test: Test::Status(position), world: world.to_owned(), verdict });
        }
    }

    fn status(&self, case: &StatusCase) -> Verdict {
        let mismatches = status::mismatches(case, &self.world.run.compilation);
        match mismatches.is_empty() {
            true => Verdict::Passed,
            false => Verdict::Failed(Failed { mismatches, answers: Vec::new(), note: None }),
        }
    }

    fn route(&mut self, case: &Case) -> Verdict {
        let config = self.world.config();
        let gateway = case.expect.gateway.as_ref().map(|name| name.0.as_str());
        let predictions = self.predict(&case.asked, gateway);
        let same: Vec<Prediction> = case.same_as.iter().flat_map(|asked| self.predict(asked, gateway)).collect();
        let same: Vec<Happened<'_>> = match &case.same_as {
            Some(asked) => same.iter().map(|one| Happened::new(config, &asked.request, one)).collect(),
            None => Vec::new(),
        };
        let mut mismatches: Vec<Mismatch> = Vec::new();
        for prediction in &predictions {
            let happened = Happened::new(config, &case.asked.request, prediction);
            self.reached.add(happened);
            let new = expect::mismatches(&case.expect, happened, &same);
            new.into_iter().for_each(|mismatch| add_new(&mut mismatches, mismatch));
        }
        same.into_iter().for_each(|happened| self.reached.add(happened));
        let note = predictions.is_empty().then(|| self.nowhere(&case.asked));
        if let Some(note) = &note
            && case.expect.not_routed != Some(Code::Closed)
        {
            mismatches.push(Mismatch::new(&["request"], "a Gateway that takes it", note));
        }
        #[cfg(feature = "serve")]
        match self.ask(case, &predictions) {
            Ok(more) => mismatches.extend(more),
            Err(why) if mismatches.is_empty() => return Verdict::Skipped(why),
            Err(_) => {}
        }
        if mismatches.is_empty() {
            return Verdict::Passed;
        }
        let answers = predictions.iter().filter_map(|prediction| self.answer(case, prediction)).collect();
        Verdict::Failed(Failed { mismatches, answers, note })
    }

    /// What a running gateway answers otherwise; the error says why it is not asked.
    #[cfg(feature = "serve")]
    fn ask(&self, case: &Case, predictions: &[Prediction]) -> Result<Vec<Mismatch>, String> {
        let Some(live) = self.live else { return Ok(Vec::new()) };
        let happened = |one| Happened::new(self.world.config(), &case.asked.request, one);
        let happened: Vec<Happened<'_>> = predictions.iter().map(happened).collect();
        live.mismatches(&happened)
    }

    /// What happens at each Gateway in question: the one that is named; else those where a rule takes the request; else
    /// those where a listener does; else all that listen on the port.
    fn predict(&self, asked: &Asked, expected: Option<&str>) -> Vec<Prediction> {
        let config = self.world.config();
        let named = asked.gateway.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str()));
        let sockets = predict::sockets(config, &asked.request, named);
        let mut all: Vec<Prediction> =
            sockets.into_iter().map(|socket| self.predictor.predict(socket, &asked.request)).collect();
        if let Some(name) = expected {
            let is_it = |one: &Prediction| {
                config.sockets.get(one.socket).is_some_and(|socket| name::is_gateway(name, config, socket))
            };
            if all.iter().any(is_it) {
                all.retain(is_it);
            }
        }
        let stages: [fn(&Prediction) -> bool; 2] = [|one| one.entry.is_some(), |one| one.listener.is_some()];
        if let Some(stage) = stages.into_iter().find(|stage| all.iter().any(stage)) {
            all.retain(stage);
        }
        all
    }

    /// Why no socket takes a request.
    fn nowhere(&self, asked: &Asked) -> String {
        let gateway = asked.gateway.as_ref().map(|(namespace, name)| format!(" of Gateway {namespace}/{name}"));
        format!("nothing listens on port {}{}", asked.request.port, gateway.unwrap_or_default())
    }

    /// The way of a request, with what kept the expected route from it.
    fn answer(&self, case: &Case, prediction: &Prediction) -> Option<Answer> {
        let request = &case.asked.request;
        let mut answer = answer(self.world, request, prediction, Extent::Near)?;
        answer.world = None;
        let happened = Happened::new(self.world.config(), request, prediction);
        let wanted = case.expect.route.as_ref().map(|route| route.0.as_str());
        let is_taken = |text: &str| happened.rule().is_some_and(|rule| name::is_route(text, &rule.trace));
        if let Some(text) = wanted.filter(|text| !is_taken(text))
            && let Ok(wanted) = why_not::Wanted::parse(text)
        {
            let routes = wanted.routes(self.world);
            answer.why_not = routes.into_iter().map(|route| why_not(self.world, request, prediction, route)).collect();
        }
        Some(answer)
    }
}

/// Adds a mismatch, unless another Gateway gave the same.
fn add_new(mismatches: &mut Vec<Mismatch>, mismatch: Mismatch) {
    if !mismatches.contains(&mismatch) {
        mismatches.push(mismatch);
    }
}
