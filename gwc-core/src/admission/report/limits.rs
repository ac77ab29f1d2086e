//! Words for what is too long, too many, too small.

use super::Cx;
use super::words::said;
use crate::admission::{Check, FieldError};
use crate::diagnostic::{Diagnostic, rule};
use crate::yaml::path::Step;

/// The finding of a broken bound.
pub(super) fn exceeded(cx: &Cx<'_>, error: &FieldError) -> Diagnostic {
    let out = said(cx, rule::LIMIT_EXCEEDED, error);
    match split(cx, error) {
        Some(help) => out.help(help),
        None => out,
    }
}

/// How to cure it, where there is more to say than the bound.
fn split(cx: &Cx<'_>, error: &FieldError) -> Option<&'static str> {
    let Some(Step::Field(name)) = error.path.0.last() else { return None };
    let route = cx.object.kind.ends_with("Route");
    let in_rule = error.path.0.iter().any(|step| *step == Step::Field("rules".into()));
    match (&error.check, name.as_str()) {
        (Check::MaxItems(_), "rules") if route => Some("move rules to a second route with the same `parentRefs` and `hostnames`"),
        (Check::MaxItems(_), "matches") if route => Some("move matches to a second rule with the same filters and `backendRefs`"),
        (Check::MaxItems(_), "hostnames") if route => Some("move hostnames to a second route with the same rules"),
        (Check::MaxItems(_), "parentRefs") => Some("move parents to a second route with the same rules"),
        (Check::MaxItems(_), "backendRefs") if in_rule => Some("put several backends behind one Service"),
        (Check::MaxItems(_), "filters") => Some("merge filters of one type, or move some to the backends"),
        (Check::MaxItems(_), "listeners") => Some("move listeners to a ListenerSet or to a second Gateway"),
        (Check::MaxItems(_), "certificateRefs") => Some("move certificates to a second listener"),
        (Check::MaxItems(_), "targetRefs") => Some("move targets to a second policy"),
        (Check::MinItems(_), _) => Some("add an item, or remove the field where it is optional"),
        _ => None,
    }
}
