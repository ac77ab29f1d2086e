//! GWC3008 `unreachable-rule`: no match of a rule gets any request.
//!
//! # What it checks
//! Rules of which every match is hidden by matches of higher precedence on every listener and hostname where the rule
//! is served, and rules whose hostnames all belong to a narrower listener of the same port. Where identical matches are
//! the whole cause, GWC3005, GWC3006, GWC3013 or GWC8002 says so instead. Where the matches that stand before do the
//! same it is a remark.
//!
//! # Why it matters
//! The rule is dead: its backends get no traffic by it, although the route is Accepted=True.
//!
//! # Example
//! ```yaml
//! # Gateway shop/edge: listener all without a hostname, listener shop for shop.example.com
//! parentRefs:
//! - name: edge
//!   sectionName: all
//! hostnames:
//! - shop.example.com # requests for it go to the listener shop
//! ```
//!
//! # Fix
//! Remove the rule, make it more specific than what stands before it, or attach the route to the listener that has its
//! hostnames.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches` (precedence of matches), Gateway `spec.listeners`; routing reference §1.2, §2.4,
//! §3.6

use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Severity, rule};
use crate::lint::finding::{about, is_checked, listener_text, named};
use crate::lint::{Cx, Docs, Lint};

use super::cause::{Cause, Covered, DeadRule, dead_rules, labels};
use super::reach::At;
use super::subject::{attached, host_text};

/// GWC3008.
pub(super) static LINT: Lint = Lint {
    code: rule::UNREACHABLE_RULE,
    docs: Docs {
        summary: "no match of a rule gets any request",
        what: "Rules of which every match is hidden by matches of higher precedence on every listener and hostname \
               where the rule is served, and rules whose hostnames all belong to a narrower listener of the same \
               port. Where identical matches are the whole cause, GWC3005, GWC3006, GWC3013 or GWC8002 says so \
               instead. Where the matches that stand before do the same it is a remark.",
        why: "The rule is dead: its backends get no traffic by it, although the route is Accepted=True.",
        bad: r#"# Gateway shop/edge: listener all without a hostname, listener shop for shop.example.com
parentRefs:
- name: edge
  sectionName: all
hostnames:
- shop.example.com # requests for it go to the listener shop
"#,
        good: r#"parentRefs:
- name: edge
  sectionName: shop
hostnames:
- shop.example.com
"#,
        fix: "Remove the rule, make it more specific than what stands before it, or attach the route to the listener \
              that has its hostnames.",
        spec: "HTTPRoute `spec.rules[].matches` (precedence of matches), Gateway `spec.listeners`; routing reference \
               §1.2, §2.4, §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for dead in dead_rules(cx).iter().filter(|dead| is_checked(&dead.subject.route.meta)) {
        out.0.extend(diagnostic(cx, dead));
    }
}

fn diagnostic(cx: &Cx<'_>, dead: &DeadRule<'_>) -> Option<Diagnostic> {
    let own = &dead.subject;
    let covers: Vec<&Covered<'_>> = dead.causes.iter().filter_map(covered).collect();
    let place = dead.causes.iter().find_map(place)?;
    let only = own.route.rules.len() == 1;
    let which = if only { "the only rule".to_owned() } else { format!("rule {}", own.position + 1) };
    let message = format!("no request reaches {which} of {}", named(&own.route.meta));
    let harmless = covers.len() == dead.causes.len() && covers.iter().all(|one| one.harmless);
    let effect = if harmless { "none: the matches before it do the same" } else { "the rule gets no request" };
    let mut finding = about(&own.route.meta, rule::UNREACHABLE_RULE, own.rule_span(), message)
        .primary_label(if covers.is_empty() { "served nowhere" } else { "others take all of it" })
        .effect(effect)
        .help(help(cx, dead, !covers.is_empty()));
    for (span, text) in labels(covers.iter().flat_map(|one| &one.by)) {
        finding = finding.label(span, text);
    }
    for cause in &dead.causes {
        if let Cause::Listener(at, listener) = cause {
            let host = host_text(at.host(&cx.lowered.config));
            let note = format!("requests for {host} go to {}", listener_text(cx, *listener));
            finding = if finding.notes.contains(&note) { finding } else { finding.note(note) };
        }
    }
    if harmless {
        finding.severity = Severity::Info;
    }
    if let Some(edit) = own.rule_removal(cx).filter(|_| !covers.is_empty()) {
        finding = finding.fix(Applicability::Unsafe, "remove the rule", vec![edit]);
    }
    Some(attached(cx, finding, &[own], place))
}

fn help(cx: &Cx<'_>, dead: &DeadRule<'_>, covered: bool) -> String {
    let listener = dead.causes.iter().find_map(|cause| match cause {
        Cause::Listener(_, listener) => Some(*listener),
        Cause::Covered(_) | Cause::OwnRule | Cause::Told => None,
    });
    match listener {
        Some(listener) if !covered => format!("attach the route to {}", listener_text(cx, listener)),
        Some(_) | None => "remove it, or make it more specific than what stands before it".to_owned(),
    }
}

fn covered<'c, 'w>(cause: &'c Cause<'w>) -> Option<&'c Covered<'w>> {
    match cause {
        Cause::Covered(covered) => Some(covered),
        Cause::Told | Cause::OwnRule | Cause::Listener(..) => None,
    }
}

fn place(cause: &Cause<'_>) -> Option<At> {
    match cause {
        Cause::Covered(covered) => Some(covered.place),
        Cause::Listener(at, _) => Some(*at),
        Cause::Told | Cause::OwnRule => None,
    }
}
