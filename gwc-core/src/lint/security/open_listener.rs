//! GWC8001 `open-listener`: every namespace may claim any hostname of a listener.
//!
//! # What it checks
//! Listeners of protocol HTTP, HTTPS or TLS with `allowedRoutes.namespaces.from: All` and no hostname, or a wildcard.
//!
//! # Why it matters
//! Whoever may create a route anywhere in the cluster can take over a hostname: one without a route yet, or paths of
//! one that has routes. The certificate of the listener vouches for it.
//!
//! # Example
//! ```yaml
//! - name: http
//!   port: 80
//!   protocol: HTTP
//!   allowedRoutes:
//!     namespaces:
//!       from: All
//! ```
//!
//! # Fix
//! Give the listener a hostname, one listener for each tenant, or select the namespaces that may attach.
//!
//! # Specification
//! Gateway `spec.listeners[].allowedRoutes.namespaces.from`; status reference §2.5

use crate::api::gateway::{From, Listener};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::ListenerId;
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};

/// GWC8001.
pub(super) static LINT: Lint = Lint {
    code: rule::OPEN_LISTENER,
    docs: Docs {
        summary: "every namespace may claim any hostname of a listener",
        what: "Listeners of protocol HTTP, HTTPS or TLS with `allowedRoutes.namespaces.from: All` and no \
              hostname, or a wildcard.",
        why: "Whoever may create a route anywhere in the cluster can take over a hostname: one without a \
              route yet, or paths of one that has routes. The certificate of the listener vouches for \
              it.",
        bad: r#"- name: http
  port: 80
  protocol: HTTP
  allowedRoutes:
    namespaces:
      from: All
"#,
        good: r#"- name: http
  hostname: shop.example.com
  port: 80
  protocol: HTTP
  allowedRoutes:
    namespaces:
      from: All
"#,
        fix: "Give the listener a hostname, one listener for each tenant, or select the namespaces that \
              may attach.",
        spec: "Gateway `spec.listeners[].allowedRoutes.namespaces.from`; status reference §2.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for id in cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id))) {
        let listener = cx.graph.listener(id);
        let any_host = listener.hostname.as_ref().is_none_or(|hostname| hostname.value.is_wildcard());
        let has_hosts = matches!(listener.protocol.value.as_str(), "HTTP" | "HTTPS" | "TLS");
        if listener.namespaces.from == From::All && has_hosts && any_host {
            out.push(diagnostic(cx, id, listener));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, listener: &Listener) -> Diagnostic {
    let name = &listener.name.value;
    let hosts =
        listener.hostname.as_ref().map_or("any hostname".to_owned(), |host| format!("any name of `{}`", host.value));
    let message = format!("every namespace may claim {hosts} on listener `{name}`");
    let finding = about(cx.graph.listener_owner(id), rule::OPEN_LISTENER, listener.namespaces.span, message)
        .primary_label("routes of every namespace attach")
        .effect("a route of any tenant can take over traffic of another")
        .help(format!("give `{name}` a hostname, or use `from: Selector` with `kubernetes.io/metadata.name`"));
    match &listener.hostname {
        Some(hostname) => finding.label(hostname.span, "and for every name below it"),
        None => finding.label(listener.name.span, "and for every hostname"),
    }
}
