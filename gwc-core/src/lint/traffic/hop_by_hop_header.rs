//! GWC5009 `hop-by-hop-header`: a header of the connection is changed by a filter.
//!
//! # What it checks
//! Header modifiers that name Connection, Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding, Upgrade,
//! Content-Length or Host.
//!
//! # Why it matters
//! These headers describe one connection or the framing of one message, and the proxy writes them itself.
//! Implementations ignore or refuse the change; where they obey, messages are cut or misread.
//!
//! # Example
//! ```yaml
//! requestHeaderModifier:
//!   remove:
//!   - Connection
//! ```
//!
//! # Fix
//! Remove the entry. To change the host, use the filter `URLRewrite` with `hostname`.
//!
//! # Specification
//! `HTTPHeaderFilter`; RFC 9110 §7.6.1

use crate::api::Text;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::{Cx, Docs, Lint};

use super::header_modifier::{Direction, Modifier, modifiers};

/// GWC5009.
pub(super) static LINT: Lint = Lint {
    code: rule::HOP_BY_HOP_HEADER,
    docs: Docs {
        summary: "a header of the connection is changed by a filter",
        what: "Header modifiers that name Connection, Keep-Alive, Proxy-Connection, TE, Trailer, \
              Transfer-Encoding, Upgrade, Content-Length or Host.",
        why: "These headers describe one connection or the framing of one message, and the proxy writes \
              them itself. Implementations ignore or refuse the change; where they obey, messages are \
              cut or misread.",
        bad: r#"requestHeaderModifier:
  remove:
  - Connection
"#,
        good: r#"requestHeaderModifier:
  remove:
  - X-Store
"#,
        fix: "Remove the entry. To change the host, use the filter `URLRewrite` with `hostname`.",
        spec: "`HTTPHeaderFilter`; RFC 9110 §7.6.1",
    },
    check: Some(check),
};

const HEADERS: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for one in modifiers(cx) {
        let lists = &one.modifier;
        let written = lists.set.iter().chain(&lists.add).map(|(name, _)| name).chain(&lists.remove);
        let of_connection = written.filter(|name| HEADERS.contains(&name.value.to_ascii_lowercase().as_str()));
        out.0.extend(of_connection.map(|name| diagnostic(&one, name)));
    }
}

fn diagnostic(one: &Modifier<'_>, name: &Text) -> Diagnostic {
    let is_host = name.value.eq_ignore_ascii_case("host");
    let help = match one.direction {
        Direction::Request if is_host => "use the filter `URLRewrite` with `hostname`",
        Direction::Request | Direction::Response => "remove the entry",
    };
    about(one.meta, rule::HOP_BY_HOP_HEADER, name.span, format!("header `{}` belongs to the proxy", name.value))
        .primary_label("written by the proxy itself")
        .effect("ignored or refused by most implementations; where it counts, messages may be misread")
        .help(help)
}
