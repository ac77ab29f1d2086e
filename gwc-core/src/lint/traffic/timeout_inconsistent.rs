//! GWC5007 `timeout-inconsistent`: timeouts and retries of a rule do not fit together.
//!
//! # What it checks
//! Rules whose retries cannot run within `timeouts.request`, because the tries with their waits need longer, and
//! timeouts of `0s`. That `backendRequest` is not longer than `request` is a rule of the API server and is reported
//! under this code too.
//!
//! # Why it matters
//! When `request` expires the client gets 504, whatever is still to be tried: the last retries never happen. And `0s`
//! does not mean at once, it means no limit.
//!
//! # Example
//! ```yaml
//! timeouts:
//!   request: 3s
//!   backendRequest: 2s
//! retry:
//!   attempts: 3
//! ```
//!
//! # Fix
//! Make `request` at least as long as all tries and the waits between them, or try less often. Leave a timeout out
//! instead of writing `0s`.
//!
//! # Specification
//! HTTPRoute `spec.rules[].timeouts`, `spec.rules[].retry`; GEP-1742; routing reference §5.6, §5.7

use crate::api::route::{Retry, Route, Rule, Timeouts};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Spanned;

/// GWC5007.
pub(super) static LINT: Lint = Lint {
    code: rule::TIMEOUT_INCONSISTENT,
    docs: Docs {
        summary: "timeouts and retries of a rule do not fit together",
        what: "Rules whose retries cannot run within `timeouts.request`, because the tries with \
               their waits need longer, and timeouts of `0s`. That `backendRequest` is not longer \
               than `request` is a rule of the API server and is reported under this code too.",
        why: "When `request` expires the client gets 504, whatever is still to be tried: the last \
              retries never happen. And `0s` does not mean at once, it means no limit.",
        bad: r#"timeouts:
  request: 3s
  backendRequest: 2s
retry:
  attempts: 3
"#,
        good: r#"timeouts:
  request: 10s
  backendRequest: 2s
retry:
  attempts: 3
"#,
        fix: "Make `request` at least as long as all tries and the waits between them, or try less \
              often. Leave a timeout out instead of writing `0s`.",
        spec: "HTTPRoute `spec.rules[].timeouts`, `spec.rules[].retry`; GEP-1742; routing reference \
               §5.6, §5.7",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            let Some(timeouts) = &rule.timeouts else { continue };
            out.0.extend(zeros(timeouts).map(|(field, timeout)| no_limit(route, field, timeout)));
            out.0.extend(retries_cut_short(route, rule, timeouts));
        }
    }
}

/// Timeouts that are switched off.
fn zeros(timeouts: &Timeouts) -> impl Iterator<Item = (&'static str, &Spanned<u64>)> {
    let fields = [("request", &timeouts.request), ("backendRequest", &timeouts.backend_request)];
    let written = fields.into_iter().filter_map(|(field, timeout)| Some((field, timeout.as_ref()?)));
    written.filter(|(_, timeout)| timeout.value == 0)
}

fn no_limit(route: &Route, field: &str, timeout: &Spanned<u64>) -> Diagnostic {
    let message = format!("`{field}: 0s` switches the limit off");
    about(&route.meta, rule::TIMEOUT_INCONSISTENT, timeout.span, message)
        .primary_label("no limit, not an immediate one")
        .effect("a request may take as long as the backend likes")
        .help(format!("leave `{field}` out if no limit is meant, else write one, for example `10s`"))
}

/// `request` is shorter than all tries with the waits between them.
fn retries_cut_short(route: &Route, rule: &Rule, timeouts: &Timeouts) -> Option<Diagnostic> {
    let (request, backend) = (timeouts.request.as_ref()?, timeouts.backend_request.as_ref()?);
    let retry = rule.retry.as_ref()?;
    let needed = needed(retry, backend.value);
    if request.value == 0 || backend.value == 0 || backend.value > request.value || needed <= request.value {
        return None;
    }
    let tries = attempts(retry).saturating_add(1);
    let message = format!("{tries} tries of {} do not fit into `request`", shown(backend.value));
    let finding = about(&route.meta, rule::TIMEOUT_INCONSISTENT, request.span, message)
        .primary_label(format!("all tries with their waits need {}", shown(needed)))
        .label(backend.span, "for one try")
        .label(retry.span, format!("{} after the first try", retries(attempts(retry))))
        .effect("when the backend hangs, clients get 504 before the last retry has ended")
        .help(format!("raise `request` to {} or more, or lower `attempts` or `backendRequest`", shown(needed)));
    Some(finding)
}

/// Retries after the first try; one unless written (routing.md §5.7).
fn attempts(retry: &Retry) -> u64 {
    retry.attempts.and_then(|attempts| u64::try_from(attempts).ok()).unwrap_or(1)
}

fn retries(number: u64) -> String {
    if number == 1 { "1 retry".to_owned() } else { format!("{number} retries") }
}

/// Milliseconds that all tries need when each expires; `backoff` is the least wait before a retry.
fn needed(retry: &Retry, backend: u64) -> u64 {
    let waits = attempts(retry).saturating_mul(retry.backoff.unwrap_or(0));
    attempts(retry).saturating_add(1).saturating_mul(backend).saturating_add(waits)
}

/// Milliseconds as a duration of the API.
fn shown(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1000) { format!("{}s", milliseconds / 1000) } else { format!("{milliseconds}ms") }
}
