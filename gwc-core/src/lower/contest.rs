//! Rules whose order rests on the age of routes that have no creation time.

use crate::eval::{Fact, Support};
use crate::ir::Trace;
use crate::ir::rule::Rule;
use crate::lower::Origin;
use crate::lower::table::Pair;
use crate::value::ObjectKey;

/// Marks both rules of each pair that only the name puts in order.
pub(super) fn mark(pairs: Vec<Pair>, rules: &mut [Rule], origins: &mut [Origin]) {
    for (winner, loser) in pairs {
        let traces = [winner, loser].map(|slot| rules.get(slot as usize).map(|rule| &rule.trace));
        let [Some(first), Some(second)] = traces else { continue };
        if !only_name_decides(first, second) {
            continue;
        }
        let support = Support::assumed(created(first)).and(&Support::assumed(created(second)));
        for slot in [winner, loser] {
            if let Some(rule) = rules.get_mut(slot as usize) {
                rule.assumed = true;
            }
            if let Some(origin) = origins.get_mut(slot as usize) {
                origin.support = std::mem::replace(&mut origin.support, Support::spec()).and(&support);
            }
        }
    }
}

/// Both without a creation time, and both new or both not (cli-and-rules.md §5.4).
fn only_name_decides(first: &Trace, second: &Trace) -> bool {
    first.created.is_none() && second.created.is_none() && first.new == second.new
}

fn created(trace: &Trace) -> Fact {
    Fact::Created(trace.kind.name(), ObjectKey::new(trace.namespace.as_str(), trace.name.as_str()))
}
