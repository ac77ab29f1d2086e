//! Fields that the target does not know.

use super::Cx;
use crate::admission::UnknownField;
use crate::admission::history::{FieldAbsence, field_history, schema_at};
use crate::admission::metadata::decode::member_names;
use crate::diagnostic::{Applicability, Code, Diagnostic, Edit, rule};
use crate::value::name::nearest;
use crate::yaml::path::{Path, Step};

const PRUNED: &str = "strict clients such as `kubectl apply` refuse it, others drop the field silently";

/// The finding of an unknown field: where another bundle or channel knows it, that is said instead.
pub(super) fn unknown_field(cx: &Cx<'_>, field: &UnknownField) -> Diagnostic {
    let (group, _) = cx.group_and_version();
    let history = field_history(group, &cx.object.kind, &field.path);
    let version = cx.target.bundle.version();
    let path = &field.path;
    let of_field = |code: Code, message: String| {
        cx.finding(code, cx.span(field.start, field.end), message).effect(PRUNED)
    };
    match history.absence(cx.target) {
        FieldAbsence::Unknown => misspelt(cx, field),
        FieldAbsence::Experimental => {
            of_field(rule::FIELD_NOT_IN_CHANNEL, format!("`{path}` exists only in the experimental channel of {version}"))
                .primary_label("not in the standard channel")
                .help("install the experimental CRDs (`--channel experimental`), or remove the field")
        }
        FieldAbsence::Removed(last) => {
            let last = last.bundle.version();
            let edit = of_field(rule::FIELD_REMOVED, format!("`{path}` existed up to {last}, no longer in {version}"));
            edit.primary_label(format!("removed after {last}")).help("remove the field")
        }
        FieldAbsence::TooNew(first) => {
            let (first, channel) = (first.bundle.version(), first.channel.name());
            of_field(rule::FIELD_TOO_NEW, format!("`{path}` exists from {first} on, not yet in {version}"))
                .primary_label(format!("needs {first}, {channel} channel"))
                .help(format!("install the CRDs of {first}, {channel} channel, or remove the field"))
        }
    }
}

fn misspelt(cx: &Cx<'_>, field: &UnknownField) -> Diagnostic {
    let span = cx.span(field.start, field.end);
    let path = &field.path;
    let out = cx
        .finding(rule::UNKNOWN_FIELD, span, format!("`{path}` does not exist in {}", cx.object.kind))
        .primary_label("unknown field")
        .effect(PRUNED);
    let Some((Step::Field(name), parent)) = path.0.split_last() else { return out };
    let names = sibling_names(cx, &Path(parent.to_vec()));
    match nearest(name, names.iter().copied()) {
        Some(near) => {
            let edit = Edit { span, text: near.to_owned() };
            out.help(format!("did you mean `{near}`?")).fix(Applicability::Unsafe, format!("rename to `{near}`"), vec![edit])
        }
        None => out.help("remove the field"),
    }
}

/// Fields that the parent of an unknown field knows and does not have yet.
fn sibling_names(cx: &Cx<'_>, parent: &Path) -> Vec<&'static str> {
    let known = match parent.0.as_slice() {
        [Step::Field(key)] if key == "metadata" => member_names(),
        _ => {
            let schema = schema_at(&cx.object.api_version, &cx.object.kind, cx.target, parent);
            schema.map(|schema| schema.properties().iter().map(|property| property.name).collect()).unwrap_or_default()
        }
    };
    let written = parent.resolve(&cx.verdict.object);
    // A default that was set has the place of its mapping, so it does not count as written.
    let is_written = |name: &str| {
        written.is_some_and(|node| node.entry(name).is_some_and(|entry| entry.key.start != node.start || entry.key.end != node.end))
    };
    known.into_iter().filter(|name| !is_written(name)).collect()
}
