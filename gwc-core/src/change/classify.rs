//! How bad a difference is, by what happens to its witness on both sides (cli-and-rules.md §11).

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::change::content::{self, Content, Contents};
use crate::change::{Aspect, Class};
use crate::ir::{Config, Target};
use crate::predict::{AnsweredBy, ChainEnd, Outcome, Prediction, Predictor, Request};

/// The verdict on a witness.
pub(super) struct Judged {
    pub(super) class: Class,
    pub(super) aspects: Vec<Aspect>,
    pub(super) is_new_loop: bool,
    pub(super) largest_move: Option<(String, f64, f64)>,
}

/// How a request fares.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// Nobody takes it.
    Nobody,
    /// It fails, for this part of the requests.
    Fails(f64),
    /// It is answered or sent.
    Served,
}

/// Judges a witness.
pub(super) fn judge(
    contents: &RefCell<Contents>,
    (old, new): (&Predictor<'_>, &Predictor<'_>),
    (before, now): (&Prediction, &Prediction),
    request: &Request,
) -> Judged {
    let is_new_loop = loops(new, now, request) && !loops(old, before, request);
    let moved = largest_move(&shares(old.config(), before), &shares(new.config(), now));
    let elsewhere = site(before, request) != site(now, request);
    let class = match (fate(before), fate(now)) {
        _ if is_new_loop => Class::Break,
        (Fate::Served, Fate::Nobody | Fate::Fails(_)) => Class::Break,
        (Fate::Fails(old), Fate::Fails(new)) if new > old => Class::Break,
        (Fate::Fails(part), Fate::Nobody) if part < 1.0 => Class::Break,
        (Fate::Served, Fate::Served) if elsewhere && is_redirect(before) && is_redirect(now) => Class::Break,
        (Fate::Nobody, Fate::Served) => Class::Add,
        (Fate::Nobody, Fate::Fails(part)) if part < 1.0 => Class::Add,
        (_, _) => Class::Shift,
    };
    let aspects = aspects(contents, (old.config(), new.config()), (before, now));
    Judged { class, aspects, is_new_loop, largest_move: moved }
}

fn fate(prediction: &Prediction) -> Fate {
    match &prediction.outcome {
        Outcome::Closed(_) if prediction.entry.is_none() => Fate::Nobody,
        Outcome::Closed(_) => Fate::Fails(1.0),
        Outcome::Answered(answer) => match answer.by {
            AnsweredBy::Redirect | AnsweredBy::Preflight => Fate::Served,
            AnsweredBy::NoListener | AnsweredBy::NoRule => Fate::Nobody,
            AnsweredBy::BadRequest | AnsweredBy::Misdirected | AnsweredBy::Filter | AnsweredBy::NoBackend => {
                Fate::Fails(1.0)
            }
        },
        Outcome::Forwarded(forward) => {
            let failing = forward.shares.iter().filter(|share| share.status.is_some_and(|status| status >= 400));
            let weight: u64 = failing.map(|share| u64::from(share.weight)).sum();
            if weight == 0 { Fate::Served } else { Fate::Fails(part(weight, total(prediction))) }
        }
    }
}

fn total(prediction: &Prediction) -> u64 {
    match &prediction.outcome {
        Outcome::Forwarded(forward) => forward.shares.iter().map(|share| u64::from(share.weight)).sum(),
        Outcome::Closed(_) | Outcome::Answered(_) => 0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "weights are far below 2^52")]
fn part(weight: u64, total: u64) -> f64 {
    if total == 0 { 0.0 } else { weight as f64 / total as f64 }
}

fn is_redirect(prediction: &Prediction) -> bool {
    matches!(&prediction.outcome, Outcome::Answered(answer) if answer.by == AnsweredBy::Redirect)
}

/// Host of the site that a client ends up with after one answer.
fn site(prediction: &Prediction, request: &Request) -> Option<String> {
    let location = match &prediction.outcome {
        Outcome::Answered(answer) => answer.location.as_deref(),
        Outcome::Closed(_) | Outcome::Forwarded(_) => None,
    };
    let Some(location) = location else { return request.authority.clone() };
    let (_, rest) = location.split_once("://")?;
    rest.split(['/', '?', ':']).next().map(str::to_owned)
}

fn loops(predictor: &Predictor<'_>, prediction: &Prediction, request: &Request) -> bool {
    is_redirect(prediction)
        && matches!(predictor.follow(prediction.socket, request).end, ChainEnd::Loop(_) | ChainEnd::Endless)
}

/// Shares by the names of backends, as parts of one.
fn shares(config: &Config, prediction: &Prediction) -> BTreeMap<String, f64> {
    let mut shares = BTreeMap::new();
    if let Outcome::Forwarded(forward) = &prediction.outcome {
        for share in &forward.shares {
            let name = config.key(&share.target).map(ToString::to_string);
            *shares.entry(name.unwrap_or_default()).or_insert(0.0) += part(u64::from(share.weight), total(prediction));
        }
    }
    shares
}

/// The backend whose share moves most, in percent before and after; none unless both sides send to backends.
fn largest_move(old: &BTreeMap<String, f64>, new: &BTreeMap<String, f64>) -> Option<(String, f64, f64)> {
    if old.is_empty() || new.is_empty() {
        return None;
    }
    let names = old.keys().chain(new.keys());
    let part = |shares: &BTreeMap<String, f64>, name: &str| shares.get(name).copied().unwrap_or(0.0) * 100.0;
    let moves = names.map(|name| (name.clone(), part(old, name), part(new, name)));
    let largest = moves.max_by(|one, two| (one.1 - one.2).abs().total_cmp(&(two.1 - two.2).abs()));
    largest.filter(|(_, old, new)| (old - new).abs() > f64::EPSILON)
}

/// What differs, from the contents of the two rules.
fn aspects(
    contents: &RefCell<Contents>,
    (old, new): (&Config, &Config),
    (before, now): (&Prediction, &Prediction),
) -> Vec<Aspect> {
    let number = |config: &Config, prediction: &Prediction| {
        let (listener, entry) = (prediction.listener(config)?, prediction.entry(config)?);
        Some(contents.borrow_mut().number(config, Some(listener), Some(entry)))
    };
    let (Some(one), Some(two)) = (number(old, before), number(new, now)) else { return vec![Aspect::Answer] };
    let contents = contents.borrow();
    match (contents.get(one), contents.get(two)) {
        (Some(Content::Rule(one)), Some(Content::Rule(two))) => {
            let mut found = content::aspects(one, two);
            // The same names reached in another way.
            let names = |content: &content::RuleContent| {
                let key = |target: &Target| match target {
                    Target::Backend(at) => contents.keys.get(*at as usize).map(ToString::to_string),
                    Target::Invalid(invalid) => Some(invalid.reference.to_string()),
                };
                let mut names: Vec<_> = content.shares.iter().map(|share| key(&share.target)).collect();
                names.sort_unstable();
                names
            };
            if found.contains(&Aspect::Backends) && names(one) == names(two) {
                found.retain(|aspect| *aspect != Aspect::Backends);
                found.push(Aspect::BackendConnection);
            }
            found
        }
        (_, _) => vec![Aspect::Answer],
    }
}
