//! Two lists of conjunctions, each read from the top until one holds: for which truth values do they end differently?
//!
//! Branches on the first condition that is open, as a solver does; what both lists have left in common is not looked at,
//! and a state that was seen is not seen again.

use std::collections::BTreeSet;

use crate::region::MOST_BRANCHES;
use crate::region::condition::{Conditions, Conjunction, Id};

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What must hold.
    pub(super) conjunction: Conjunction,
    /// What comes of it; equal numbers mean equal behaviour.
    pub(super) outcome: u32,
    /// Whose line it is.
    pub(super) entry: usize,
}

/// One side.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'l> {
    /// Lines in order of precedence.
    pub(super) lines: &'l [Line],
    /// What comes of it when no line holds.
    pub(super) otherwise: u32,
}

/// Truth values: `None` is open.
pub(super) type Truth = Vec<Option<bool>>;

/// Told about truth values for which the lists end differently, with the lines where they end.
pub(super) type Tell<'t> = &'t mut dyn FnMut(&Truth, Option<&Line>, Option<&Line>);

/// Places on both sides, and what is known of the conditions that can still matter.
type State = (usize, usize, Vec<(Id, bool)>);

struct Branch {
    truth: Truth,
    /// Lines above these do not hold.
    old: usize,
    new: usize,
}

enum Read {
    /// This line holds, or none.
    Ends(usize),
    /// The line at this place depends on an open condition.
    Open(usize, Id),
}

/// Calls `tell` for each way in which the lists differ; false: the budget ended before all were seen.
pub(super) fn differences(conditions: &Conditions, (old, new): (List<'_>, List<'_>), tell: Tell<'_>) -> bool {
    let last = (last_places(old, conditions.len()), last_places(new, conditions.len()));
    let mut open = vec![Branch { truth: vec![None; conditions.len()], old: 0, new: 0 }];
    let mut seen: BTreeSet<State> = BTreeSet::new();
    let mut n_branches = 0usize;
    while let Some(branch) = open.pop() {
        n_branches += 1;
        if n_branches > MOST_BRANCHES {
            return false;
        }
        let (first, second) = (read(old, branch.old, &branch.truth), read(new, branch.new, &branch.truth));
        let (at_old, at_new) = (place(&first), place(&second));
        let id = match (&first, &second) {
            (Read::Open(..), _) | (_, Read::Open(..)) if same_tail((at_old, at_new), (old, new)) => continue,
            (Read::Open(_, id), _) | (Read::Ends(_), Read::Open(_, id)) => *id,
            (Read::Ends(one), Read::Ends(two)) => {
                let (one, two) = (old.lines.get(*one), new.lines.get(*two));
                let outcome = |line: Option<&Line>, list: List<'_>| line.map_or(list.otherwise, |line| line.outcome);
                if outcome(one, old) != outcome(two, new) {
                    tell(&branch.truth, one, two);
                }
                continue;
            }
        };
        if !seen.insert((at_old, at_new, relevant(&branch.truth, &last, (at_old, at_new)))) {
            continue;
        }
        for value in [false, true] {
            let mut truth = branch.truth.clone();
            if set(conditions, &mut truth, id, value) {
                open.push(Branch { truth, old: at_old, new: at_new });
            }
        }
    }
    true
}

fn place(read: &Read) -> usize {
    match read {
        Read::Ends(at) | Read::Open(at, _) => *at,
    }
}

/// Reads on from a place.
fn read(list: List<'_>, from: usize, truth: &Truth) -> Read {
    for (at, line) in list.lines.iter().enumerate().skip(from) {
        let value = |id: &Id| truth.get(*id as usize).copied().flatten();
        if line.conjunction.iter().any(|id| value(id) == Some(false)) {
            continue;
        }
        match line.conjunction.iter().find(|id| value(id).is_none()) {
            Some(id) => return Read::Open(at, *id),
            None => return Read::Ends(at),
        }
    }
    Read::Ends(list.lines.len())
}

/// Sets a condition with everything that follows; false: a contradiction.
fn set(conditions: &Conditions, truth: &mut Truth, id: Id, value: bool) -> bool {
    let mut open = vec![(id, value)];
    while let Some((id, value)) = open.pop() {
        let Some(own) = truth.get_mut(id as usize) else { continue };
        match *own {
            Some(known) if known == value => continue,
            Some(_) => return false,
            None => *own = Some(value),
        }
        if value {
            open.extend(conditions.implied(id).iter().map(|id| (*id, true)));
            open.extend(conditions.excluded(id).map(|id| (id, false)));
        } else {
            open.extend(conditions.implied_by(id).iter().map(|id| (*id, false)));
        }
    }
    true
}

/// Do both lists go on with the same lines? Then they end alike, whatever holds.
fn same_tail(at: (usize, usize), lists: (List<'_>, List<'_>)) -> bool {
    let (one, two) = (lists.0.lines.get(at.0..).unwrap_or_default(), lists.1.lines.get(at.1..).unwrap_or_default());
    let same = |(one, two): (&Line, &Line)| one.outcome == two.outcome && one.conjunction == two.conjunction;
    one.len() == two.len() && lists.0.otherwise == lists.1.otherwise && one.iter().zip(two).all(same)
}

/// For each condition the place after the last line that has it.
fn last_places(list: List<'_>, n_conditions: usize) -> Vec<usize> {
    let mut last = vec![0; n_conditions];
    for (at, line) in list.lines.iter().enumerate() {
        for id in &line.conjunction {
            last.get_mut(*id as usize).into_iter().for_each(|place| *place = at + 1);
        }
    }
    last
}

/// What is known of the conditions that can still matter. The others can be dropped because [`set`] has followed up
/// everything that they say about these.
fn relevant(truth: &Truth, last: &(Vec<usize>, Vec<usize>), at: (usize, usize)) -> Vec<(Id, bool)> {
    let places = last.0.iter().zip(&last.1).map(|(old, new)| *old > at.0 || *new > at.1);
    let known = (0..).zip(truth).zip(places).filter(|(_, matters)| *matters);
    known.filter_map(|((id, value), _)| Some((id, (*value)?))).collect()
}
