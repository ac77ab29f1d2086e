//! Header matches of a route, whatever its kind.

use crate::api::route::{Matches, Route, Rule, ValueMatch};

/// The header list of every match of a route.
pub(super) fn header_lists(route: &Route) -> impl Iterator<Item = &[ValueMatch]> {
    route.rules.iter().flat_map(of_rule)
}

fn of_rule(rule: &Rule) -> Vec<&[ValueMatch]> {
    match &rule.matches {
        Matches::Http(matches) => matches.iter().map(|one| one.headers.as_slice()).collect(),
        Matches::Grpc(matches) => matches.iter().map(|one| one.headers.as_slice()).collect(),
        Matches::None => Vec::new(),
    }
}
