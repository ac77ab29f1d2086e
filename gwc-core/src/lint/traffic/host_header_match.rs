//! GWC5010 `host-header-match`: the Host header is matched instead of the hostname.
//!
//! # What it checks
//! Header matches on `Host` or `:authority`.
//!
//! # Why it matters
//! Hosts are chosen by `hostnames` of the route and `hostname` of the listener, before any header is looked at.
//! Implementations treat a match on Host differently: some see the port in it, some have rewritten it, HTTP/2 does not
//! even send it. Such a match also escapes hostname conflicts, precedence and certificates.
//!
//! # Example
//! ```yaml
//! rules:
//! - matches:
//!   - headers:
//!     - name: Host
//!       value: shop.example.com
//! ```
//!
//! # Fix
//! Move the name to `spec.hostnames`; a rule for some of the hosts becomes a route of its own.
//!
//! # Specification
//! HTTPRoute `spec.hostnames`, `spec.rules[].matches[].headers`; status reference §2.6

use crate::api::Text;
use crate::api::route::{MatchType, Route, ValueMatch};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

use super::header_match::header_lists;

/// GWC5010.
pub(super) static LINT: Lint = Lint {
    code: rule::HOST_HEADER_MATCH,
    docs: Docs {
        summary: "the Host header is matched instead of the hostname",
        what: "Header matches on `Host` or `:authority`.",
        why: "Hosts are chosen by `hostnames` of the route and `hostname` of the listener, before any \
              header is looked at. Implementations treat a match on Host differently: some see the port \
              in it, some have rewritten it, HTTP/2 does not even send it. Such a match also escapes \
              hostname conflicts, precedence and certificates.",
        bad: r#"rules:
- matches:
  - headers:
    - name: Host
      value: shop.example.com
"#,
        good: r#"hostnames:
- shop.example.com
rules:
- backendRefs:
  - name: store
    port: 80
"#,
        fix: "Move the name to `spec.hostnames`; a rule for some of the hosts becomes a route of its \
              own.",
        spec: "HTTPRoute `spec.hostnames`, `spec.rules[].matches[].headers`; status reference §2.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        let headers = header_lists(route).flatten();
        let hosts = headers.filter(|header| is_host(&header.name));
        out.0.extend(hosts.map(|header| diagnostic(route, header)));
    }
}

fn is_host(name: &Text) -> bool {
    name.value.eq_ignore_ascii_case("host") || name.value == ":authority"
}

fn diagnostic(route: &Route, header: &ValueMatch) -> Diagnostic {
    let message = format!("a match on header `{}` stands in for a hostname", header.name.value);
    let help = match header.r#type {
        MatchType::Exact => format!("put `{}` into `spec.hostnames` and remove the match", header.value.value),
        MatchType::RegularExpression | MatchType::Unknown(_) => {
            "list the names in `spec.hostnames` and remove the match".to_owned()
        }
    };
    about(&route.meta, rule::HOST_HEADER_MATCH, header.name.span, message)
        .primary_label("decided by `hostnames` before headers are looked at")
        .effect("whether the match ever fits depends on the implementation")
        .help(help)
}
