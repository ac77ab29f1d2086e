//! GWC4009 `apex-not-covered`: a certificate names the bare domain, its wildcard listener does not serve it.
//!
//! # What it checks
//! Listeners with a hostname like `*.example.com` whose certificate also names `example.com`, where no listener of the
//! Gateway on that port serves the bare domain. A route that names the bare domain is found by GWC2003 or GWC2004.
//!
//! # Why it matters
//! A wildcard covers one or more labels, never the bare domain: requests for `example.com` are refused although the
//! certificate was issued for it.
//!
//! # Example
//! ```yaml
//! - name: https
//!   hostname: "*.example.com" # the certificate is for example.com, too
//!   port: 443
//!   protocol: HTTPS
//! ```
//!
//! # Fix
//! Add a listener for the bare domain, or have the certificate issued without it.
//!
//! # Specification
//! Gateway `spec.listeners[].hostname`; status reference §2.6

use crate::certificate::AlternativeName;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::graph::ListenerId;
use crate::lint::finding::{about, is_checked, named};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Spanned;
use crate::value::Hostname;

use super::certificate_use::{certificate, siblings, valid};

/// GWC4009.
pub(super) static LINT: Lint = Lint {
    code: rule::APEX_NOT_COVERED,
    docs: Docs {
        summary: "a certificate names the bare domain, its wildcard listener does not serve it",
        what: "Listeners with a hostname like `*.example.com` whose certificate also names `example.com`, \
              where no listener of the Gateway on that port serves the bare domain. A route that names \
              the bare domain is found by GWC2003 or GWC2004.",
        why: "A wildcard covers one or more labels, never the bare domain: requests for `example.com` \
              are refused although the certificate was issued for it.",
        bad: r#"- name: https
  hostname: "*.example.com" # the certificate is for example.com, too
  port: 443
  protocol: HTTPS
"#,
        good: r#"- name: https
  hostname: "*.example.com"
  port: 443
  protocol: HTTPS
- name: apex
  hostname: example.com
  port: 443
  protocol: HTTPS
"#,
        fix: "Add a listener for the bare domain, or have the certificate issued without it.",
        spec: "Gateway `spec.listeners[].hostname`; status reference §2.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for id in cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id))) {
        let hostname = cx.graph.listener(id).hostname.as_ref().filter(|hostname| hostname.value.is_wildcard());
        out.0.extend(hostname.and_then(|hostname| diagnostic(cx, id, hostname)));
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, hostname: &Spanned<Hostname>) -> Option<Diagnostic> {
    let apex = hostname.value.apex();
    let verdict = cx.evaluation.listeners.get(id.index())?;
    let secrets = verdict.certificates.iter().filter_map(|judged| valid(&judged.verdict));
    let mut named_there = secrets.map(|secret| &cx.graph.secrets[secret]).filter(|secret| {
        let names = certificate(secret).map(|certificate| certificate.names).unwrap_or_default();
        names.iter().any(|name| matches!(name, AlternativeName::Dns(name) if name == apex))
    });
    let secret = named_there.next().filter(|_| !is_served(cx, id, apex))?;
    let name = &cx.graph.listener(id).name.value;
    let message = format!("listener `{name}` does not serve `{apex}`, which its certificate names");
    Some(
        about(cx.graph.listener_owner(id), rule::APEX_NOT_COVERED, hostname.span, message)
            .primary_label("covers one or more labels, never the bare domain")
            .label(secret.meta.name_span, format!("{} is for `{apex}`, too", named(&secret.meta)))
            .effect(format!("requests for `{apex}` find no listener"))
            .help(format!("add a listener with `hostname: {apex}` if the bare domain shall be served")),
    )
}

/// Does a listener on the same port serve the name?
fn is_served(cx: &Cx<'_>, id: ListenerId, apex: &str) -> bool {
    let port = |id: ListenerId| cx.graph.listener(id).port.as_ref().map(|port| port.value);
    let apex = Hostname::new(apex);
    let mut on_port = siblings(cx, id).iter().copied().filter(|other| port(*other) == port(id));
    on_port.any(|other| cx.graph.listener(other).hostname.as_ref().is_none_or(|name| name.value.contains(&apex)))
}
