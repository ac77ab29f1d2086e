//! GWC5020 `match-explosion`: a hostname of a listener has very many matches.
//!
//! # What it checks
//! Hostnames of listeners for which the routes together give more than `max` compiled matches (option `max`, 10000
//! unless set). A rule with several matches counts once for each, a route with several hostnames once for each.
//!
//! # Why it matters
//! Implementations that try matches one after the other answer each request more slowly the more there are, and all of
//! them take longer to load a change. Limits of the configuration may be reached first.
//!
//! # Example
//! ```yaml
//! # a thousand HTTPRoutes for one hostname, each with
//! rules:
//! - matches:
//!   - {path: {value: /a}, headers: [{name: version, value: one}]}
//!   - {path: {value: /a}, headers: [{name: version, value: two}]}
//!   # and eleven more
//! ```
//!
//! # Fix
//! Divide the routes over several hostnames or listeners, or replace rows of matches by a prefix or an expression.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches`; routing reference §3.6

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::ListenerId;
use crate::ir::Host;
use crate::lint::finding::{about, is_checked, listener_text};
use crate::lint::{Cx, Docs, Lint};

/// GWC5020.
pub(super) static LINT: Lint = Lint {
    code: rule::MATCH_EXPLOSION,
    docs: Docs {
        summary: "a hostname of a listener has very many matches",
        what: "Hostnames of listeners for which the routes together give more than `max` compiled \
               matches (option `max`, 10000 unless set). A rule with several matches counts once for \
               each, a route with several hostnames once for each.",
        why: "Implementations that try matches one after the other answer each request more slowly \
              the more there are, and all of them take longer to load a change. Limits of the \
              configuration may be reached first.",
        bad: r#"# a thousand HTTPRoutes for one hostname, each with
rules:
- matches:
  - {path: {value: /a}, headers: [{name: version, value: one}]}
  - {path: {value: /a}, headers: [{name: version, value: two}]}
  # and eleven more
"#,
        good: r#"rules:
- matches:
  - path: {value: /a}
    headers: [{name: version, type: RegularExpression, value: ^(one|two)$}]
"#,
        fix: "Divide the routes over several hostnames or listeners, or replace rows of matches by a \
              prefix or an expression.",
        spec: "HTTPRoute `spec.rules[].matches`; routing reference §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let max = cx.profile.rule_options.max_matches;
    for (socket, ids) in cx.lowered.config.sockets.iter().zip(&cx.lowered.listeners) {
        for (listener, id) in socket.listeners.iter().zip(ids) {
            // Entries of one host are a run.
            for run in listener.entries.chunk_by(|one, next| one.host == next.host).filter(|run| run.len() > max) {
                let host = run.first().and_then(|entry| listener.hosts.get(entry.host as usize));
                out.0.extend(host.and_then(|host| diagnostic(cx, *id, host, run.len())));
            }
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, host: &Host, n_matches: usize) -> Option<Diagnostic> {
    let owner = cx.graph.listener_owner(id);
    let name = host.written.as_ref().map_or_else(|| "any hostname".to_owned(), |name| format!("`{name}`"));
    let message = format!("{n_matches} matches for {name} on {}", listener_text(cx, id));
    let finding = about(owner, rule::MATCH_EXPLOSION, cx.graph.listener(id).name.span, message)
        .primary_label(format!("more than {}", cx.profile.rule_options.max_matches))
        .effect("requests and changes get slow with implementations that try one match after the other")
        .help("divide the routes over hostnames or listeners, or merge matches into a prefix or an expression");
    is_checked(owner).then_some(finding)
}
