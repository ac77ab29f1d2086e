//! Findings about test files and about routes that they leave out: GWC7006, GWC9011.
//!
//! Test files are no part of a world, so these are made here and join the findings of the compilation.

use std::collections::BTreeSet;
use std::path::Path;

use gwc_core::diagnostic::{Basis, Code, Diagnostic, ObjectRef, Severity, rule};
use gwc_core::source::{Role, Source, Span};
use gwc_core::yaml::parse;

use crate::findings::Run;
use crate::suite::read::{StatusCase, Suite};

/// Conditions of older releases, whether a listener alone has them, and what is to be asserted instead.
const LEGACY: [(&str, bool, &str); 3] = [
    ("Scheduled", false, "assert `Accepted` instead"),
    ("Detached", true, "assert the opposite of it as `Accepted`"),
    ("Ready", false, "assert `Programmed` instead"),
];

/// What a route test is to assert of a route.
const ASSERTED: [&str; 2] = ["Accepted", "ResolvedRefs"];

/// Kinds of routes.
const ROUTES: [&str; 5] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

/// Adds the findings that the test files beside a world give; rules in `off` are not run.
pub(crate) fn add(run: &mut Run, tests: Vec<Source>, off: &BTreeSet<&'static str>) {
    let is_on = |code: Code| !off.contains(code.number);
    if tests.is_empty() || !(is_on(rule::STATUS_NOT_ASSERTED) || is_on(rule::LEGACY_CONDITION)) {
        return;
    }
    let suites: Vec<Suite> = tests.into_iter().map(|source| Suite::new(Path::new(""), source)).collect();
    if is_on(rule::STATUS_NOT_ASSERTED) {
        not_asserted(run, &suites);
    }
    if is_on(rule::LEGACY_CONDITION) {
        suites.into_iter().for_each(|suite| legacy(run, suite));
    }
}

fn severity(code: Code) -> Severity {
    rule::of(code).map_or(Severity::Info, |rule| rule.severity)
}

/// Routes of which a condition is asserted nowhere.
fn not_asserted(run: &mut Run, suites: &[Suite]) {
    let code = rule::STATUS_NOT_ASSERTED;
    let cases: Vec<&StatusCase> = suites.iter().flat_map(|suite| &suite.statuses).collect();
    let mut found = Vec::new();
    for (_, route) in run.compilation.graph.routes.iter().filter(|(_, route)| route.meta.role == Role::Checked) {
        let meta = &route.meta;
        let object = ObjectRef {
            api_version: meta.api_version.value.to_string(),
            kind: meta.kind.value.to_string(),
            namespace: meta.key.namespace.to_string(),
            name: meta.key.name.to_string(),
        };
        let has = |r#type: &str| {
            cases.iter().any(|case| case.object.matches(&object) && case.test.expect.contains_key(r#type))
        };
        let missing: Vec<&str> = ASSERTED.into_iter().filter(|r#type| !has(r#type)).collect();
        if missing.is_empty() || !ROUTES.contains(&object.kind.as_str()) {
            continue;
        }
        let message = format!("no test asserts {} of {} `{}`", missing.join(" and "), object.kind, object.name);
        let help =
            format!("add `object: {}/{}/{}` to `status`", object.kind.to_lowercase(), object.namespace, object.name);
        let finding = Diagnostic::new(code, severity(code), Basis::Heuristic, meta.name_span, message);
        found.push(
            finding
                .help(help)
                .effect("a route that stops to attach goes unnoticed until a request fails")
                .object(object),
        );
    }
    run.compilation.diagnostics.0.extend(found);
}

/// Conditions of older releases that a file asserts, with their places in it.
pub(crate) fn legacy_conditions(suite: &Suite) -> Vec<(Span, String, &'static str)> {
    let mut all = Vec::new();
    for case in suite.statuses.iter().filter(|case| case.object.has_listeners()) {
        let used = LEGACY.iter().filter(|(_, of_listener, _)| !of_listener || case.listener.is_some());
        for (r#type, _, help) in used.filter(|(r#type, ..)| case.test.expect.contains_key(*r#type)) {
            let span = suite.place("status", case.position, &["expect", r#type], case.span);
            all.push((span, format!("no current release writes the condition `{type}`"), *help));
        }
    }
    all
}

fn legacy(run: &mut Run, suite: Suite) {
    let code = rule::LEGACY_CONDITION;
    let found = legacy_conditions(&suite);
    let Some(source) = suite.sources.iter().next().map(|(_, source)| source.clone()).filter(|_| !found.is_empty())
    else {
        return;
    };
    let id = run.sources.add(source);
    run.compilation.documents.extend(parse::parse(id, run.sources.source(id)));
    let diagnostics = found.into_iter().map(|(span, message, help)| {
        let span = Span::new(id, span.start, span.end);
        let effect = "a conformant controller never sets it";
        Diagnostic::new(code, severity(code), Basis::Spec, span, message).effect(effect).help(help)
    });
    run.compilation.diagnostics.0.extend(diagnostics);
}
