//! Kinds and versions that the target does not serve, or serves only for now.

use super::Cx;
use crate::admission::history::{FieldAbsence, FieldHistory, deprecated as is_deprecated, kind_in, kinds, served_versions, spec_node};
use crate::diagnostic::{Applicability, Diagnostic, Edit, rule};
use crate::source::Span;
use crate::value::name::nearest;

const REFUSED: &str = "the API server does not know the object";

fn member_span(cx: &Cx<'_>, key: &str) -> Span {
    let root = &cx.verdict.object;
    let node = root.get(key).unwrap_or(root);
    cx.span(node.start, node.end)
}

/// An edit of `apiVersion`: safe where the schemas of both versions are the same.
fn change_version(cx: &Cx<'_>, to: &str, out: Diagnostic) -> Diagnostic {
    let (group, version) = cx.group_and_version();
    let kind = &cx.object.kind;
    let same = spec_node(group, kind, version, cx.target);
    let applicability = if same.is_some() && same == spec_node(group, kind, to, cx.target) {
        Applicability::Safe
    } else {
        Applicability::Unsafe
    };
    let text = format!("{group}/{to}");
    let edit = Edit { span: member_span(cx, "apiVersion"), text: text.clone() };
    out.help(format!("use `{text}`")).fix(applicability, format!("change `apiVersion` to `{text}`"), vec![edit])
}

fn target_name(cx: &Cx<'_>) -> String {
    format!("{}, {} channel", cx.target.bundle.version(), cx.target.channel.name())
}

/// GWC9001.
pub(super) fn version_not_served(cx: &Cx<'_>) -> Diagnostic {
    let (group, version) = cx.group_and_version();
    let message = format!("`{version}` of {} is not served by {}", cx.object.kind, target_name(cx));
    let out = cx.finding(rule::VERSION_NOT_SERVED, member_span(cx, "apiVersion"), message).effect(REFUSED);
    let served = served_versions(group, &cx.object.kind, cx.target);
    let label = format!("served: {}", served.join(", "));
    match served.first() {
        Some(newest) => change_version(cx, newest, out.primary_label(label)),
        None => out,
    }
}

/// GWC9002.
pub(super) fn deprecated(cx: &Cx<'_>) -> Option<Diagnostic> {
    let (group, version) = cx.group_and_version();
    let kind = &cx.object.kind;
    if !is_deprecated(&cx.object.api_version, kind, cx.target) {
        return None;
    }
    let message = format!("the CRD of {} marks `{version}` of {kind} as deprecated", cx.target.bundle.version());
    let out = cx
        .finding(rule::VERSION_DEPRECATED, member_span(cx, "apiVersion"), message)
        .primary_label("deprecated version")
        .effect("a later release stops serving it");
    let newest = served_versions(group, kind, cx.target).into_iter().find(|served| *served != version);
    Some(match newest {
        Some(newest) => change_version(cx, newest, out),
        None => out,
    })
}

/// GWC9003, GWC9005, GWC9010, GWC0007: a kind without a CRD in the target.
pub(super) fn kind_not_served(cx: &Cx<'_>) -> Diagnostic {
    let (group, _) = cx.group_and_version();
    let kind = cx.object.kind.as_str();
    let span = member_span(cx, "kind");
    let version = cx.target.bundle.version();
    let history = FieldHistory { known: kind_in(group, kind) };
    if let Some(out) = superseded(cx) {
        return out;
    }
    match history.absence(cx.target) {
        FieldAbsence::Experimental => cx
            .finding(rule::KIND_NOT_IN_CHANNEL, span, format!("{kind} exists only in the experimental channel of {version}"))
            .primary_label("not in the standard channel")
            .effect(REFUSED)
            .help("install the experimental CRDs (`--channel experimental`)"),
        FieldAbsence::TooNew(first) => {
            let (first, channel) = (first.bundle.version(), first.channel.name());
            cx.finding(rule::KIND_NOT_IN_CHANNEL, span, format!("{kind} exists from {first} on, not yet in {version}"))
                .primary_label(format!("needs {first}, {channel} channel"))
                .effect(REFUSED)
                .help(format!("install the CRDs of {first}, {channel} channel"))
        }
        FieldAbsence::Removed(last) => {
            let last = last.bundle.version();
            cx.finding(rule::KIND_NOT_IN_CHANNEL, span, format!("{kind} existed up to {last}, no longer in {version}"))
                .primary_label(format!("removed after {last}"))
                .effect(REFUSED)
        }
        FieldAbsence::Unknown => unknown_kind(cx, span),
    }
}

/// A kind of the experimental group that moved to the standard group.
fn superseded(cx: &Cx<'_>) -> Option<Diagnostic> {
    const NEW_GROUP: &str = "gateway.networking.k8s.io";
    let kind = cx.object.kind.as_str();
    let (group, _) = cx.group_and_version();
    let successor = if group == NEW_GROUP { kind } else { kind.strip_prefix('X').unwrap_or(kind) };
    let successor = if kind == "BackendLBPolicy" { return None } else { successor };
    if group == NEW_GROUP && successor == kind {
        return None;
    }
    let version = *served_versions(NEW_GROUP, successor, cx.target).first()?;
    let message = format!("{kind} of `{group}` was superseded by {successor} of `{NEW_GROUP}`");
    let edits = vec![
        Edit { span: member_span(cx, "apiVersion"), text: format!("{NEW_GROUP}/{version}") },
        Edit { span: member_span(cx, "kind"), text: successor.to_owned() },
    ];
    let title = format!("use {successor} of `{NEW_GROUP}/{version}`");
    let out = cx.finding(rule::LEGACY_GROUP, member_span(cx, "apiVersion"), message).effect(REFUSED);
    Some(out.primary_label("superseded group").help(title.clone()).fix(Applicability::Unsafe, title, edits))
}

fn unknown_kind(cx: &Cx<'_>, span: Span) -> Diagnostic {
    let (group, _) = cx.group_and_version();
    let kind = cx.object.kind.as_str();
    let out = cx
        .finding(rule::UNKNOWN_GATEWAY_KIND, span, format!("no release has a kind `{kind}` in `{group}`"))
        .primary_label("unknown kind")
        .effect(REFUSED);
    let all = kinds();
    let here = all.iter().filter(|(other, _)| *other == group).map(|(_, kind)| *kind);
    match nearest(kind, here) {
        Some(near) => {
            let edit = Edit { span, text: near.to_owned() };
            out.help(format!("did you mean `{near}`?")).fix(Applicability::Unsafe, format!("change to `{near}`"), vec![edit])
        }
        None => match all.iter().find(|(_, other)| *other == kind) {
            Some((other, _)) => out.help(format!("{kind} is in the group `{other}`")),
            None => out,
        },
    }
}

/// GWC9010 for the group of the first releases.
pub(super) fn legacy_group(cx: &Cx<'_>) -> Option<Diagnostic> {
    const OLD_GROUP: &str = "networking.x-k8s.io";
    const NEW_GROUP: &str = "gateway.networking.k8s.io";
    let (group, _) = cx.group_and_version();
    if group != OLD_GROUP {
        return None;
    }
    let message = format!("`{OLD_GROUP}` was superseded by `{NEW_GROUP}` before v1.0");
    let span = member_span(cx, "apiVersion");
    let out = cx.finding(rule::LEGACY_GROUP, span, message).primary_label("superseded group").effect(REFUSED);
    let version = served_versions(NEW_GROUP, &cx.object.kind, cx.target).into_iter().next();
    Some(match version {
        Some(version) => {
            let text = format!("{NEW_GROUP}/{version}");
            let edit = Edit { span, text: text.clone() };
            out.help(format!("use `{text}`")).fix(Applicability::Unsafe, format!("change `apiVersion` to `{text}`"), vec![edit])
        }
        None => out.help(format!("write it anew for `{NEW_GROUP}`")),
    })
}
