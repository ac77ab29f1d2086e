//! The comparison: rule texts against functions, value by value.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::iter::Sum;

use cel::Program;
use gwc_core::admission::rules::{CelRule, RuleCx, RuleError};
use gwc_core::yaml::Node;

use crate::crds::{self, Bundle, Instance, Kind};
use crate::dice::Dice;
use crate::generate::{Care, value};
use crate::hash;
use crate::host::{Host, Truth};
use crate::objects::Sample;
use crate::shape::{Hints, Shape, shape};
use crate::values::{complete, conforms, places, to_cel};

/// Generated values for each rule at each place.
const N_GENERATED: u64 = 320;

/// How often a rule gave which answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// The object passes.
    pub(crate) trues: u64,
    /// The object is refused.
    pub(crate) falses: u64,
    /// The rule cannot be evaluated.
    pub(crate) errors: u64,
}

impl Tally {
    fn add(&mut self, truth: Truth) {
        match truth {
            Truth::True => self.trues += 1,
            Truth::False => self.falses += 1,
            Truth::Error => self.errors += 1,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, tally| Self {
            trues: sum.trues + tally.trues,
            falses: sum.falses + tally.falses,
            errors: sum.errors + tally.errors,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trues, falses, errors } = self;
        write!(f, "{} evaluations: {trues} true, {falses} false, {errors} errors", trues + falses + errors)
    }
}

/// Compares and keeps count.
pub(crate) struct Prover<'p> {
    /// Answers by sub-id.
    pub(crate) tallies: BTreeMap<&'static str, Tally>,
    /// Where text and function differ.
    pub(crate) differences: Vec<String>,
    rules: BTreeMap<&'static str, &'static CelRule>,
    programs: BTreeMap<String, Program>,
    samples: &'p [Sample],
    host: Host,
    seed: u64,
}

/// A rule at a place, ready to compare.
struct Case<'c> {
    rule: &'static CelRule,
    hash: String,
    instance: &'c Instance<'c>,
}

impl<'p> Prover<'p> {
    /// A prover of `rules` (by hash of their text) on `samples`.
    pub(crate) fn new(
        rules: BTreeMap<&'static str, &'static CelRule>,
        samples: &'p [Sample],
    ) -> Result<Self, Box<dyn Error>> {
        let host = Host::new().map_err(|error| format!("{error:?}"))?;
        let (tallies, differences, programs) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        Ok(Self { tallies, differences, rules, programs, samples, host, seed: 0 })
    }

    /// All rules of a bundle: how many, and their answers.
    pub(crate) fn bundle(&mut self, bundle: &Bundle) -> (usize, Tally) {
        let before: Tally = self.tallies.values().copied().sum();
        let n_rules = bundle.kinds.iter().map(|kind| self.kind(kind)).sum();
        let after: Tally = self.tallies.values().copied().sum();
        let tally = Tally {
            trues: after.trues - before.trues,
            falses: after.falses - before.falses,
            errors: after.errors - before.errors,
        };
        (n_rules, tally)
    }

    fn kind(&mut self, kind: &Kind) -> usize {
        let objects = self.objects(kind);
        let instances = crds::instances(&kind.schema);
        for instance in &instances {
            let hash = hash(instance.text);
            let Some(rule) = self.rules.get(hash.as_str()).copied() else { continue };
            if let Err(error) = self.compile(&hash, instance.text) {
                self.differences.push(format!("{}: does not compile: {error}", rule.id));
                continue;
            }
            let case = Case { rule, hash, instance };
            self.real_values(&case, &objects);
            self.generated_values(&case);
        }
        instances.len()
    }

    /// Objects of the kind, with defaults.
    fn objects(&self, kind: &Kind) -> Vec<(Node, Option<Node>)> {
        let completed = |node: &Node| {
            let mut node = node.clone();
            complete(&mut node, &kind.schema);
            node
        };
        let of_kind = |sample: &&Sample| {
            let text = |key| sample.object.field(key).and_then(Node::as_str);
            text("kind") == Some(&kind.kind) && text("apiVersion") == Some(&kind.api_version)
        };
        let samples = self.samples.iter().filter(of_kind);
        samples.map(|sample| (completed(&sample.object), sample.old.as_ref().map(completed))).collect()
    }

    fn compile(&mut self, hash: &str, text: &str) -> Result<(), String> {
        if !self.programs.contains_key(hash) {
            self.programs.insert(hash.to_owned(), self.host.compile(text)?);
        }
        Ok(())
    }

    fn real_values(&mut self, case: &Case<'_>, objects: &[(Node, Option<Node>)]) {
        for (object, old) in objects {
            let old = old.as_ref().and_then(|old| places(old, &case.instance.path).into_iter().next());
            let values = places(object, &case.instance.path).into_iter();
            for value in values.filter(|value| conforms(value, case.instance.schema)) {
                self.compare(case, value, old);
            }
        }
    }

    fn generated_values(&mut self, case: &Case<'_>) {
        let shape: Shape = shape(case.instance.schema, &Hints::new(case.instance.text));
        self.seed += 1;
        let mut dice = Dice::new(self.seed);
        for round in 0..N_GENERATED {
            let care = if round % 8 == 7 { Care::Careless } else { Care::Assured };
            let old = value(&shape, care, &mut dice);
            let new = if round % 3 == 0 { old.clone() } else { value(&shape, care, &mut dice) };
            self.compare(case, &new, Some(&old));
        }
    }

    /// Is this the first difference of the rule? One is enough to see what is wrong.
    fn first_of(&self, case: &Case<'_>) -> bool {
        !self.differences.iter().any(|difference| difference.starts_with(case.rule.id))
    }

    /// Text and function on one value.
    fn compare(&mut self, case: &Case<'_>, value: &Node, old: Option<&Node>) {
        let old = old.filter(|_| case.rule.transition);
        if case.rule.transition && old.is_none() {
            return;
        }
        let Some(program) = self.programs.get(&case.hash) else { return };
        let schema = case.instance.schema;
        let wanted = self.host.evaluate(program, to_cel(value, schema), old.map(|old| to_cel(old, schema)));
        let given = match (case.rule.check)(RuleCx { value, old }) {
            Ok(true) => Truth::True,
            Ok(false) => Truth::False,
            Err(RuleError) => Truth::Error,
        };
        self.tallies.entry(case.rule.id).or_default().add(wanted);
        if wanted != given && self.first_of(case) {
            let value = to_cel(value, schema);
            let path = &case.instance.path;
            self.differences.push(format!("{} at {path:?}: text {wanted:?}, ours {given:?}: {value:?}", case.rule.id));
        }
    }
}
