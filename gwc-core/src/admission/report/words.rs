//! The finding of one error: code, message, help, cure.

use super::{Cx, limits};
use crate::admission::history::{FieldAbsence, value_history};
use crate::admission::patterns::PATTERNS;
use crate::admission::rules::RULES;
use crate::admission::{Cause, Check, FieldError};
use crate::diagnostic::{Applicability, Code, Diagnostic, Edit, rule};
use crate::value::name::nearest;
use crate::yaml::{Node, Value};

const REFUSED: &str = "the API server refuses the object";

/// The finding of an error and the errors that follow from it.
pub(super) fn finding(cx: &Cx<'_>, error: &FieldError, consequences: &[&FieldError]) -> Diagnostic {
    let mut out = match &error.check {
        Check::Type(wanted) => wrong_type(cx, error, wanted),
        Check::Format(_) => format(cx, error),
        Check::Required(name) => missing(cx, error, name),
        Check::Enum(allowed) => not_allowed(cx, error, allowed),
        Check::Pattern(index) => pattern(cx, error, *index),
        Check::MinLength(_)
        | Check::MaxLength(_)
        | Check::MinItems(_)
        | Check::MaxItems(_)
        | Check::Minimum(_)
        | Check::Maximum(_) => limits::exceeded(cx, error),
        Check::AnyOf => said(cx, rule::PATTERN_MISMATCH, error),
        Check::DuplicateItem => said(cx, rule::DUPLICATE_LIST_KEY, error).help("give each item its own key, or remove one"),
        Check::Cel(index) => broken_rule(cx, error, *index),
        Check::CelError(_) => said(cx, rule::CEL_RULE, error).help("correct the other errors first"),
        Check::CelNotChecked => return not_checked(cx, error),
        Check::Metadata(_) => said(cx, rule::INVALID_NAME_OR_LABEL, error),
        Check::Core(_) => said(cx, code_of(error.cause), error),
    };
    let notes = consequences.iter().map(|other| format!("`{}`: {}", other.path, other.detail));
    for note in notes {
        if !out.notes.contains(&note) {
            out.notes.push(note);
        }
    }
    out.effect(REFUSED)
}

/// The code that names an error without a check of its own best.
fn code_of(cause: Cause) -> Code {
    match cause {
        Cause::Required => rule::MISSING_REQUIRED_FIELD,
        Cause::TypeInvalid => rule::WRONG_TYPE,
        Cause::NotSupported => rule::INVALID_ENUM_VALUE,
        Cause::TooLong | Cause::TooMany => rule::LIMIT_EXCEEDED,
        Cause::Duplicate => rule::DUPLICATE_LIST_KEY,
        Cause::Invalid | Cause::Forbidden => rule::PATTERN_MISMATCH,
    }
}

/// `path detail`, the path shortened where the line would get long.
pub(super) fn sentence(error: &FieldError, detail: &str) -> String {
    let path = error.path.to_string();
    if path.is_empty() {
        return format!("the object {detail}");
    }
    let tail = path.char_indices().rev().filter(|(_, c)| *c == '.').nth(1).map(|(at, _)| format!("…{}", &path[at..]));
    match tail {
        Some(tail) if path.len() + detail.len() > 110 => format!("`{tail}` {detail}"),
        Some(_) | None => format!("`{path}` {detail}"),
    }
}

/// A value for a message, cut where it is long.
fn shown(node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => return None,
    };
    let short: String = text.chars().take(40).collect();
    Some(if short.len() < text.len() { format!("{short}…") } else { short })
}

fn value<'v>(cx: &Cx<'v>, error: &FieldError) -> Option<&'v Node> {
    error.path.resolve(&cx.verdict.object)
}

/// A finding in the words of the error.
pub(super) fn said(cx: &Cx<'_>, code: Code, error: &FieldError) -> Diagnostic {
    let span = cx.span(error.start, error.end);
    cx.finding(code, span, sentence(error, &error.detail)).primary_label(error.detail.clone())
}

fn missing(cx: &Cx<'_>, error: &FieldError, name: &str) -> Diagnostic {
    let span = cx.span(error.start, error.end);
    let message = sentence(error, "is missing");
    cx.finding(rule::MISSING_REQUIRED_FIELD, span, message)
        .primary_label(format!("`{name}` is missing here"))
        .help(format!("add `{name}`"))
}

fn wrong_type(cx: &Cx<'_>, error: &FieldError, wanted: &str) -> Diagnostic {
    let out = said(cx, rule::WRONG_TYPE, error);
    let Some(node) = value(cx, error) else { return out };
    match lossless(cx, node, wanted) {
        Some((title, edits)) => out.help(title.clone()).fix(Applicability::Safe, title, edits),
        None if wanted == "array" => out.help("write a list: `- item` on a line of its own, or `[item]`"),
        None => out,
    }
}

/// Edits that keep the meaning of a scalar and give it the wanted type; only where the text is plainly the value.
fn lossless(cx: &Cx<'_>, node: &Node, wanted: &str) -> Option<(String, Vec<Edit>)> {
    let length = usize::try_from(node.end.checked_sub(node.start)?).ok()?;
    let whole = cx.span(node.start, node.end);
    match (wanted, &node.value) {
        ("integer", Value::String(text)) if length == text.len() + 2 => {
            let number: i64 = text.parse().ok().filter(|number: &i64| number.to_string() == *text)?;
            Some(("remove the quotes".to_owned(), vec![Edit { span: whole, text: number.to_string() }]))
        }
        ("boolean", Value::String(text)) if length == text.len() + 2 && matches!(text.as_str(), "true" | "false") => {
            Some(("remove the quotes".to_owned(), vec![Edit { span: whole, text: text.to_string() }]))
        }
        ("string", Value::Int(_) | Value::Bool(_)) => {
            let text = shown(node).filter(|text| text.len() == length)?;
            Some((format!("quote it: `\"{text}\"`"), vec![Edit { span: whole, text: format!("\"{text}\"") }]))
        }
        ("array", Value::String(text)) => {
            let plain = !text.contains(['[', ']', '{', '}', ',', '\n', '#']) && (length == text.len() || length == text.len() + 2);
            let edit = |at, text: &str| Edit { span: cx.span(at, at), text: text.to_owned() };
            plain.then(|| ("make it a list of one item".to_owned(), vec![edit(node.start, "["), edit(node.end, "]")]))
        }
        _ => None,
    }
}

fn format(cx: &Cx<'_>, error: &FieldError) -> Diagnostic {
    let code = if error.cause == Cause::TypeInvalid { rule::PATTERN_MISMATCH } else { rule::LIMIT_EXCEEDED };
    let out = said(cx, code, error);
    match &error.check {
        Check::Format("ipv4" | "ipv6") => out.help("write an IPv4 or IPv6 address without mask or port, or another `type`"),
        _ => out,
    }
}

fn pattern(cx: &Cx<'_>, error: &FieldError, index: usize) -> Diagnostic {
    let span = cx.span(error.start, error.end);
    let message = match value(cx, error).and_then(shown) {
        Some(text) if text.is_empty() => sentence(error, "cannot be empty"),
        Some(text) => sentence(error, &format!("cannot be `{text}`")),
        None => sentence(error, "cannot have this value"),
    };
    let words = PATTERNS.get(index).map_or("another value", |pattern| pattern.words);
    cx.finding(rule::PATTERN_MISMATCH, span, message)
        .primary_label("has a form that is not allowed here")
        .help(format!("write {words}"))
}

fn not_allowed(cx: &Cx<'_>, error: &FieldError, allowed: &[String]) -> Diagnostic {
    let span = cx.span(error.start, error.end);
    let Some(text) = value(cx, error).and_then(shown) else { return said(cx, rule::INVALID_ENUM_VALUE, error) };
    let names: Vec<String> = allowed.iter().map(|name| format!("`{name}`")).collect();
    let one_of = format!("allowed: {}", names.join(", "));
    let (group, _) = cx.group_and_version();
    let history = value_history(group, &cx.object.kind, &error.path, &text);
    if let Some(out) = elsewhere(cx, error, &text, history.absence(cx.target)) {
        return out.primary_label(one_of);
    }
    let message = sentence(error, &format!("cannot be `{text}`"));
    let out = cx.finding(rule::INVALID_ENUM_VALUE, span, message).primary_label(one_of.clone());
    let Some(near) = nearest(&text, allowed.iter().map(String::as_str)) else { return out.help(one_of) };
    let out = out.help(format!("did you mean `{near}`?"));
    if near.eq_ignore_ascii_case(&text) {
        let edit = Edit { span, text: near.to_owned() };
        return out.fix(Applicability::Safe, format!("write `{near}`"), vec![edit]);
    }
    out
}

/// A value that another bundle or channel allows.
fn elsewhere(cx: &Cx<'_>, error: &FieldError, text: &str, absence: FieldAbsence) -> Option<Diagnostic> {
    let span = cx.span(error.start, error.end);
    let version = cx.target.bundle.version();
    let (code, words, help) = match absence {
        FieldAbsence::Unknown => return None,
        FieldAbsence::Experimental => (
            rule::FIELD_NOT_IN_CHANNEL,
            format!("can be `{text}` only in the experimental channel of {version}"),
            "install the experimental CRDs, or use another value".to_owned(),
        ),
        FieldAbsence::Removed(last) => (
            rule::FIELD_REMOVED,
            format!("could be `{text}` up to {}, no longer in {version}", last.bundle.version()),
            "use another value".to_owned(),
        ),
        FieldAbsence::TooNew(first) => (
            rule::FIELD_TOO_NEW,
            format!("can be `{text}` from {} on, not yet in {version}", first.bundle.version()),
            format!("install the CRDs of {}, {} channel, or use another value", first.bundle.version(), first.channel.name()),
        ),
    };
    Some(cx.finding(code, span, sentence(error, &words)).help(help))
}

fn broken_rule(cx: &Cx<'_>, error: &FieldError, index: usize) -> Diagnostic {
    let Some(row) = RULES.get(index) else { return said(cx, rule::CEL_RULE, error) };
    let code = promoted(row.id).unwrap_or(rule::CEL_RULE);
    let span = cx.span(error.start, error.end);
    let place = if error.path.0.is_empty() { row.words.to_owned() } else { format!("{} in `{}`", row.words, error.path) };
    let message = if place.chars().count() > 120 { row.words.to_owned() } else { place };
    let mut out = cx.finding(code, span, message).primary_label(row.words).help(row.help);
    out.sub_id = Some(row.id);
    out
}

/// The dedicated code of a rule that the catalogue restates (cli-and-rules.md §12, "Promotion").
pub(super) fn promoted(id: &str) -> Option<Code> {
    let code = match id {
        "backendref.service-port-missing" => rule::BACKEND_PORT_MISSING,
        "listener.certificate-refs-missing" | "listener.certificate-refs-or-options-missing" => {
            rule::TLS_LISTENER_WITHOUT_CERTIFICATE
        }
        "listener.https-not-terminated" => rule::PASSTHROUGH_ON_HTTPS,
        "filter.request-header-modifier-repeated"
        | "filter.response-header-modifier-repeated"
        | "httproute.cors-repeated"
        | "httproute.request-redirect-repeated"
        | "httproute.url-rewrite-repeated"
        | "httproute.redirect-and-rewrite" => rule::INCOMPATIBLE_FILTERS,
        "httproute.backend-request-above-request" => rule::TIMEOUT_INCONSISTENT,
        "pathmatch.dot-dot-segment"
        | "pathmatch.dot-segment"
        | "pathmatch.double-slash"
        | "pathmatch.encoded-slash-lower"
        | "pathmatch.encoded-slash-upper"
        | "pathmatch.ends-in-dot"
        | "pathmatch.ends-in-dot-dot"
        | "pathmatch.fragment"
        | "pathmatch.not-absolute"
        | "pathmatch.text" => rule::PATH_NOT_NORMALISED,
        "httproute.cors-wildcard-among-others" => rule::CORS_INCONSISTENT,
        "httproute.too-many-matches" | "grpcroute.too-many-matches" => rule::LIMIT_EXCEEDED,
        _ => return None,
    };
    Some(code)
}

fn not_checked(cx: &Cx<'_>, error: &FieldError) -> Diagnostic {
    let kind = cx.verdict.object.entry("kind").map(|entry| (entry.value.start, entry.value.end));
    let (start, end) = kind.unwrap_or((error.start, error.end));
    cx.finding(rule::CEL_NOT_EVALUATED, cx.span(start, end), error.detail.clone())
        .primary_label("further errors may follow")
        .help("correct the other errors of the object first")
}
