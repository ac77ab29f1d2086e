//! GWC4001 `tls-listener-without-certificate`: a listener ends TLS, but has no certificate.
//!
//! # What it checks
//! Listeners that end TLS (HTTPS, or TLS with mode `Terminate`) and name neither `certificateRefs` nor `options` from
//! which the controller could take a certificate. With an empty `tls` the API server refuses the object; without `tls`
//! it accepts it, and this rule speaks.
//!
//! # Why it matters
//! No handshake can succeed: the listener gets Programmed=False/Invalid and serves nothing.
//!
//! # Example
//! ```yaml
//! - name: https
//!   port: 443
//!   protocol: HTTPS
//! ```
//!
//! # Fix
//! Add `tls.certificateRefs` with a Secret of type `kubernetes.io/tls`, or the `options` by which the controller
//! provides certificates.
//!
//! # Specification
//! Gateway `spec.listeners[].tls`; CEL rule "certificateRefs or options must be specified when mode is Terminate";
//! status reference L-22

use crate::api::gateway::Listener;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::ListenerProgrammed;
use crate::graph::ListenerId;
use crate::lint::finding::{about, condition, is_checked, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC4001.
pub(super) static LINT: Lint = Lint {
    code: rule::TLS_LISTENER_WITHOUT_CERTIFICATE,
    docs: Docs {
        summary: "a listener ends TLS, but has no certificate",
        what: "Listeners that end TLS (HTTPS, or TLS with mode `Terminate`) and name neither \
              `certificateRefs` nor `options` from which the controller could take a certificate. With \
              an empty `tls` the API server refuses the object; without `tls` it accepts it, and this \
              rule speaks.",
        why: "No handshake can succeed: the listener gets Programmed=False/Invalid and serves nothing.",
        bad: r#"- name: https
  port: 443
  protocol: HTTPS
"#,
        good: r#"- name: https
  port: 443
  protocol: HTTPS
  tls:
    certificateRefs:
    - name: shop-tls
"#,
        fix: "Add `tls.certificateRefs` with a Secret of type `kubernetes.io/tls`, or the `options` by \
              which the controller provides certificates.",
        spec: "Gateway `spec.listeners[].tls`; CEL rule \"certificateRefs or options must be specified \
              when mode is Terminate\"; status reference L-22",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (id, verdict) in cx.graph.listeners.ids().zip(&cx.evaluation.listeners) {
        let unusable = verdict.programmed.verdict == ListenerProgrammed::NoUsableCertificate;
        let listener = cx.graph.listener(id);
        let none = listener.tls.as_ref().is_none_or(|tls| tls.certificate_refs.is_empty() && tls.n_options == 0);
        if unusable && none && is_checked(cx.graph.listener_owner(id)) {
            let finding = diagnostic(cx, id, listener);
            out.push(resting_on(cx, finding, &verdict.programmed.support));
        }
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, listener: &Listener) -> Diagnostic {
    let (name, protocol) = (&listener.name.value, &listener.protocol.value);
    let message = format!("listener `{name}` ends TLS, but names no certificate");
    let span = listener.tls.as_ref().map_or(listener.protocol.span, |tls| tls.span);
    about(cx.graph.listener_owner(id), rule::TLS_LISTENER_WITHOUT_CERTIFICATE, span, message)
        .primary_label(format!("{protocol} without `certificateRefs`"))
        .effect("no handshake can succeed: Programmed=False/Invalid")
        .help("add `tls.certificateRefs` with the name of a Secret of type `kubernetes.io/tls`")
        .condition(condition("Programmed", "False", "Invalid"))
}
