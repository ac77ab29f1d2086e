//! Matches of an HTTPRoute: effective entries only, in a fixed order (routing.md §3.1 to §3.5).

use crate::api::route::{HttpMatch, MatchType, PathType, ValueMatch};
use crate::ir::rule::{self, Match, PathMatch};
use crate::ir::{Place, Str};
use crate::lower::place::place;

/// The match of a rule that names none.
pub(super) fn any(place: Place) -> Match {
    Match {
        path: PathMatch::Prefix("/".into()),
        method: None,
        headers: Vec::new(),
        query_params: Vec::new(),
        grpc: None,
        place,
    }
}

/// One match.
pub(super) fn lower(one: &HttpMatch) -> Match {
    let value = Str::from(&one.path.value.value);
    let path = match one.path.r#type {
        PathType::Exact => PathMatch::Exact(value),
        PathType::RegularExpression => PathMatch::Regex(value),
        // A rule with an unknown type is dropped, so it does not come here.
        PathType::PathPrefix | PathType::Unknown(_) => PathMatch::Prefix(value),
    };
    Match {
        path,
        method: one.method.as_ref().map(|method| Str::from(&method.value)),
        headers: headers(&one.headers),
        query_params: effective(&one.query_params, |name| Str::from(name)),
        grpc: None,
        place: place(one.span),
    }
}

/// Conditions on headers: of names that differ in case only the first counts.
pub(super) fn headers(written: &[ValueMatch]) -> Vec<rule::ValueMatch> {
    effective(written, |name| {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Str::from(name.to_ascii_lowercase())
        } else {
            Str::from(name)
        }
    })
}

/// The first entry of each name, by name.
fn effective(written: &[ValueMatch], name: impl Fn(&str) -> Str) -> Vec<rule::ValueMatch> {
    let mut kept: Vec<rule::ValueMatch> = Vec::with_capacity(written.len());
    for one in written {
        let name = name(&one.name.value);
        if kept.iter().all(|other| other.name != name) {
            let regex = one.r#type == MatchType::RegularExpression;
            kept.push(rule::ValueMatch { name, value: Str::from(&one.value.value), regex });
        }
    }
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    kept
}
