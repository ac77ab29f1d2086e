//! Turns a verdict into findings: one finding for one mistake, with the code that names it best.
//!
//! What each error says is in `words`; versions are in `versions`, unknown fields in `unknown`.

use std::collections::BTreeMap;

use crate::admission::rules::RULES;
use crate::admission::{Check, FieldError, Served, Verdict};
use crate::diagnostic::{Basis, Code, Diagnostic, ObjectRef, Severity, rule};
use crate::profile::Target;
use crate::source::{SourceId, Span};
use crate::yaml::path::Path;

mod limits;
mod unknown;
mod versions;
mod words;

/// What every finding of one object needs to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cx<'v> {
    verdict: &'v Verdict,
    source: SourceId,
    object: &'v ObjectRef,
    target: Target,
}

impl Cx<'_> {
    fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.source, start, end)
    }

    fn finding(&self, code: Code, span: Span, message: String) -> Diagnostic {
        let severity = rule::of(code).map_or(Severity::Error, |row| row.severity);
        Diagnostic::new(code, severity, Basis::Spec, span, message).object(self.object.clone())
    }

    fn group_and_version(&self) -> (&str, &str) {
        self.object.api_version.split_once('/').unwrap_or(("", &self.object.api_version))
    }
}

/// The findings that a verdict gives: what the server refuses, what strict clients refuse, what is deprecated.
#[must_use]
pub fn diagnose(verdict: &Verdict, source: SourceId, object: &ObjectRef, target: Target) -> Vec<Diagnostic> {
    let cx = Cx { verdict, source, object, target };
    match verdict.served {
        Served::VersionNotServed => return vec![versions::version_not_served(&cx)],
        Served::KindNotServed => return vec![versions::kind_not_served(&cx)],
        Served::Foreign => {
            let mut out: Vec<_> = versions::legacy_group(&cx).into_iter().collect();
            out.extend(errors(&cx));
            return out;
        }
        Served::Yes => {}
    }
    let mut out: Vec<_> = versions::deprecated(&cx).into_iter().collect();
    out.extend(verdict.unknown.iter().map(|field| unknown::unknown_field(&cx, field)));
    out.extend(errors(&cx));
    out
}

fn errors(cx: &Cx<'_>) -> Vec<Diagnostic> {
    let mistakes = mistakes(&cx.verdict.errors);
    mistakes.into_iter().map(|(error, consequences)| words::finding(cx, error, &consequences)).collect()
}

/// Errors that are mistakes of their own, each with the errors that only follow from it.
fn mistakes(errors: &[FieldError]) -> Vec<(&FieldError, Vec<&FieldError>)> {
    let mut by_path: Vec<&FieldError> = errors.iter().collect();
    by_path.sort_by(|a, b| a.path.cmp(&b.path));
    let mut out: Vec<(&FieldError, Vec<&FieldError>)> = Vec::new();
    let mut heads: BTreeMap<(&Path, u32), Vec<usize>> = BTreeMap::new();
    let mut following = Vec::new();
    for error in errors {
        if let Some(cause) = cause_of(error, &by_path) {
            following.push((cause, error));
            continue;
        }
        let here = heads.entry((&error.path, error.start)).or_default();
        let first = here.iter().copied().find(|at| out.get(*at).is_some_and(|(first, _)| same_mistake(first, error)));
        match first.and_then(|at| out.get_mut(at)) {
            Some((_, consequences)) => consequences.push(error),
            None => {
                here.push(out.len());
                out.push((error, Vec::new()));
            }
        }
    }
    for (cause, error) in following {
        let places = heads.get(&(&cause.path, cause.start)).into_iter().flatten().copied();
        let at = places.into_iter().find(|at| out.get(*at).is_some_and(|(first, _)| std::ptr::eq(*first, cause)));
        if let Some((_, consequences)) = at.and_then(|at| out.get_mut(at)) {
            consequences.push(error);
        }
    }
    out
}

/// The error that `error` only follows from; it is at the same place or below.
fn cause_of<'e>(error: &FieldError, by_path: &[&'e FieldError]) -> Option<&'e FieldError> {
    let from = by_path.partition_point(|other| other.path < error.path);
    let below = by_path.iter().skip(from).take_while(|other| is_below(&other.path, &error.path));
    below.copied().find(|other| !std::ptr::eq(*other, error) && follows(error, other))
}

/// Strength of a check where several fail at one place; the lowest is reported.
fn rank(check: &Check) -> u8 {
    match check {
        Check::Type(_) => 0,
        Check::Required(_) | Check::Metadata(_) | Check::Core(_) => 1,
        Check::Format(_) => 2,
        Check::Enum(_) => 3,
        Check::MaxLength(_) | Check::MinLength(_) | Check::MaxItems(_) | Check::MinItems(_) => 4,
        Check::Maximum(_) | Check::Minimum(_) => 1,
        Check::Pattern(_) => 5,
        Check::DuplicateItem => 6,
        Check::AnyOf => 7,
        Check::Cel(_) | Check::CelError(_) => 8,
        Check::CelNotChecked => 9,
    }
}

fn is_below(path: &Path, other: &Path) -> bool {
    path.0.starts_with(&other.0)
}

/// Does `error` only follow from `cause`?
fn follows(error: &FieldError, cause: &FieldError) -> bool {
    match (&error.check, &cause.check) {
        (Check::CelNotChecked, _) | (_, Check::CelNotChecked | Check::AnyOf) => false,
        // Whatever made every alternative fail is said by the errors inside.
        (Check::AnyOf, _) => is_below(&cause.path, &error.path),
        (Check::Cel(index), Check::DuplicateItem) => {
            sub_id(*index).is_some_and(|id| id.ends_with("name-repeated")) && is_below(&cause.path, &error.path)
        }
        (Check::Cel(_) | Check::CelError(_), Check::Cel(_)) => false,
        (Check::CelError(_), _) => is_below(&cause.path, &error.path),
        (Check::Metadata(_) | Check::Core(_), _) | (_, Check::Metadata(_) | Check::Core(_)) => false,
        (Check::Cel(_) | Check::DuplicateItem, _) | (_, Check::Cel(_) | Check::CelError(_) | Check::DuplicateItem) => {
            false
        }
        (a, b) => error.path == cause.path && rank(a) > rank(b),
    }
}

/// Are two errors at one place one mistake seen twice?
fn same_mistake(first: &FieldError, error: &FieldError) -> bool {
    if first.path != error.path || first.start != error.start {
        return false;
    }
    match (&first.check, &error.check) {
        (Check::Cel(a) | Check::CelError(a), Check::Cel(b) | Check::CelError(b)) => {
            let (Some(a), Some(b)) = (sub_id(*a), sub_id(*b)) else { return false };
            words::promoted(a).is_some_and(|code| words::promoted(b) == Some(code)) || is_wrong_member(a, b)
        }
        (Check::Metadata(_), Check::Metadata(_)) | (Check::AnyOf, Check::AnyOf) => true,
        _ => false,
    }
}

/// A member of another `type` in place of the one that the `type` needs: two rules, one mistake.
fn is_wrong_member(a: &str, b: &str) -> bool {
    let other = |id: &str| id.ends_with("-with-other-type") || id.ends_with("-with-other-protocol");
    let missing = |id: &str| id.ends_with("-missing");
    (other(a) && missing(b)) || (missing(a) && other(b))
}

/// The stable name of a rule.
fn sub_id(index: usize) -> Option<&'static str> {
    RULES.get(index).map(|rule| rule.id)
}
