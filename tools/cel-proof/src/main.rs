//! Proves the CEL rules of `gwc-core` equal to the texts of the CRDs, bundle by bundle.
//!
//! Every rule of every CRD runs twice, as the text in the `cel` crate and as our function, on real objects of the
//! shared folder and on generated values; the answers (true, false, error) must be the same.
//! Also: each text has its sub-id, each sub-id its text, and the patterns of the CRDs are ours.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use gwc_core::admission::patterns::PATTERNS;
use gwc_core::admission::rules::{CelRule, RULES};
use sha2::{Digest, Sha256};

mod crds;
mod dice;
mod generate;
mod host;
mod objects;
mod prove;
mod shape;
mod values;

use crds::Bundle;
use prove::{Prover, Tally};

const RULE_IDS: &str = include_str!("../../admission-tables/src/rule_ids.tsv");

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]
fn main() -> ExitCode {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    if !shared.join("crds").is_dir() {
        println!("cel-proof: skipped, ../shared/crds is absent");
        return ExitCode::SUCCESS;
    }
    match run(shared) {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("cel-proof: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Proves all bundles and prints a line for each; gives what is wrong.
#[expect(clippy::print_stdout, reason = "a command-line tool")]
fn run(shared: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let bundles = crds::load(&shared.join("crds"))?;
    let samples = objects::load(shared)?;
    let ids = rule_ids();
    let mut problems = check_tables(&bundles, &ids);
    let mut prover = Prover::new(ids, &samples)?;
    for bundle in &bundles {
        let (n_rules, tally) = prover.bundle(bundle);
        println!("{}: {n_rules} rules, {tally}", bundle.name);
    }
    println!("all: {} distinct rules, {}", prover.tallies.len(), prover.tallies.values().copied().sum::<Tally>());
    problems.extend(
        prover
            .tallies
            .iter()
            .filter(|(_, tally)| tally.trues == 0 || tally.falses == 0)
            .map(|(id, tally)| format!("{id}: not seen both true and false ({tally})")),
    );
    problems.append(&mut prover.differences);
    Ok(problems)
}

/// Rules by the hash of their text.
fn rule_ids() -> BTreeMap<&'static str, &'static CelRule> {
    let lines = RULE_IDS.lines().filter_map(|line| line.split_once('\t'));
    lines.filter_map(|(hash, id)| Some((hash, RULES.iter().find(|rule| rule.id == id)?))).collect()
}

/// The first 16 hexadecimal digits of the SHA-256 of a rule's text.
fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Texts, sub-ids, functions and patterns belong together, each exactly once.
fn check_tables(bundles: &[Bundle], ids: &BTreeMap<&str, &CelRule>) -> Vec<String> {
    let kinds = || bundles.iter().flat_map(|bundle| &bundle.kinds);
    let texts: BTreeSet<_> =
        kinds().flat_map(|kind| crds::instances(&kind.schema)).map(|rule| hash(rule.text)).collect();
    let known: BTreeSet<_> = ids.keys().map(|hash| (*hash).to_owned()).collect();
    let wanted: BTreeSet<_> = kinds().flat_map(|kind| crds::patterns(&kind.schema)).collect();
    let ours: BTreeSet<_> = PATTERNS.iter().map(|pattern| pattern.text).collect();
    let used: BTreeSet<_> = ids.values().map(|rule| rule.id).collect();

    let mut problems = Vec::new();
    problems.extend(texts.difference(&known).map(|hash| format!("rule {hash} has no function")));
    problems.extend(known.difference(&texts).map(|hash| format!("no CRD has the rule {hash}")));
    problems.extend(wanted.difference(&ours).map(|text| format!("pattern {text} has no function")));
    problems.extend(ours.difference(&wanted).map(|text| format!("no CRD has the pattern {text}")));
    problems.extend(RULES.iter().filter(|rule| !used.contains(rule.id)).map(|rule| format!("{} has no text", rule.id)));
    if ids.len() != RULE_IDS.lines().count() || used.len() != ids.len() {
        problems.push("rule_ids.tsv: a line without rule, or two lines for one".to_owned());
    }
    problems
}
