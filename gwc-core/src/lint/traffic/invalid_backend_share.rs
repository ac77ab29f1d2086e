//! GWC5003 `invalid-backend-share`: part of a weighted split fails.
//!
//! # What it checks
//! Rules with several weighted backends of which some cannot be resolved and others can. Why a backend cannot be
//! resolved is said by the finding of the reference itself.
//!
//! # Why it matters
//! The weights stay as they are: the share of the failing backends is answered with 500, at random. The route is
//! Accepted=True, and retries hide the fault.
//!
//! # Example
//! ```yaml
//! backendRefs:
//! - name: store
//!   port: 80
//!   weight: 75
//! - name: store-v2 # does not exist
//!   port: 80
//!   weight: 25
//! ```
//!
//! # Fix
//! Cure the reference, or set its weight to 0 until it exists.
//!
//! # Specification
//! HTTPRoute `spec.rules[].backendRefs`; status reference B-16, B-19

use std::collections::BTreeSet;

use crate::api::route::{Matches, Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferencePlace, RouteVerdict};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC5003.
pub(super) static LINT: Lint = Lint {
    code: rule::INVALID_BACKEND_SHARE,
    docs: Docs {
        summary: "part of a weighted split fails",
        what: "Rules with several weighted backends of which some cannot be resolved and others can. Why \
              a backend cannot be resolved is said by the finding of the reference itself.",
        why: "The weights stay as they are: the share of the failing backends is answered with 500, at \
              random. The route is Accepted=True, and retries hide the fault.",
        bad: r#"backendRefs:
- name: store
  port: 80
  weight: 75
- name: store-v2 # does not exist
  port: 80
  weight: 25
"#,
        good: r#"backendRefs:
- name: store
  port: 80
  weight: 75
- name: store-v1
  port: 80
  weight: 25
"#,
        fix: "Cure the reference, or set its weight to 0 until it exists.",
        spec: "HTTPRoute `spec.rules[].backendRefs`; status reference B-16, B-19",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, verdict) in routes(cx) {
        for (position, rule) in route.rules.iter().enumerate() {
            let broken = broken_backends(verdict, position);
            out.0.extend(diagnostic(route, rule, &broken));
        }
    }
}

/// Positions of the backends that cannot be resolved.
fn broken_backends(verdict: &RouteVerdict, rule: usize) -> BTreeSet<usize> {
    let of_rule = verdict.references.iter().filter(|reference| reference.rule == rule);
    let broken = of_rule.filter(|reference| is_broken(&reference.verdict.verdict));
    broken
        .filter_map(|reference| match reference.place {
            ReferencePlace::Backend(at) => Some(at),
            ReferencePlace::Filter(_) | ReferencePlace::BackendFilter(..) => None,
        })
        .collect()
}

fn is_broken(verdict: &BackendVerdict) -> bool {
    match verdict {
        BackendVerdict::Service(..) | BackendVerdict::Other | BackendVerdict::Assumed => false,
        BackendVerdict::InvalidKind
        | BackendVerdict::RefNotPermitted(_)
        | BackendVerdict::NotFound
        | BackendVerdict::Refused
        | BackendVerdict::PortMissing(_)
        | BackendVerdict::PortNotFound(_)
        | BackendVerdict::ExternalName(_)
        | BackendVerdict::UnsupportedAppProtocol(..)
        | BackendVerdict::UnsupportedTransport(..) => true,
    }
}

fn diagnostic(route: &Route, rule: &Rule, broken: &BTreeSet<usize>) -> Option<Diagnostic> {
    let weight = |at: usize| rule.backends.get(at).map_or(0, |backend| u64::from(backend.weight));
    let total: u64 = rule.backends.iter().map(|backend| u64::from(backend.weight)).sum();
    let lost: u64 = broken.iter().map(|at| weight(*at)).sum();
    if lost == 0 || lost == total {
        return None;
    }
    let mut places = broken.iter().filter(|at| weight(**at) > 0).filter_map(|at| rule.backends.get(*at));
    let first = places.next()?;
    let share = share(lost, total);
    let (message, effect) = match rule.matches {
        Matches::Http(_) | Matches::Grpc(_) => {
            (format!("{share} of the requests of this rule fail"), format!("{share} of the requests answer 500"))
        }
        Matches::None => {
            (format!("{share} of the connections of this rule fail"), format!("{share} of the connections are closed"))
        }
    };
    let mut finding = about(&route.meta, rule::INVALID_BACKEND_SHARE, first.target.name.span, message)
        .primary_label(format!("weight {} of {total}", first.weight))
        .effect(effect)
        .help(format!("set the weight of `{}` to 0 until it can be reached", first.target.name.value));
    for other in places {
        finding = finding.label(other.target.name.span, format!("weight {} of {total}", other.weight));
    }
    Some(finding)
}

/// Percentage without a fraction; below one per cent in words.
fn share(lost: u64, total: u64) -> String {
    let percent = (lost.saturating_mul(100) + total / 2) / total.max(1);
    if percent == 0 { "less than 1 %".to_owned() } else { format!("{percent} %") }
}
