//! GWC4008 `passthrough-ignores-certificate`: certificateRefs on a listener that passes TLS through.
//!
//! # What it checks
//! Listeners of mode `Passthrough` with `certificateRefs`.
//!
//! # Why it matters
//! The certificates are never used: the backend ends TLS with its own. The references are not even checked, so a
//! missing Secret goes unnoticed, and readers take the listener for one that ends TLS.
//!
//! # Example
//! ```yaml
//! tls:
//!   mode: Passthrough
//!   certificateRefs:
//!   - name: shop-tls
//! ```
//!
//! # Fix
//! Remove `certificateRefs`, or use mode `Terminate` if the Gateway shall end TLS.
//!
//! # Specification
//! Gateway `spec.listeners[].tls.certificateRefs`; status reference §3.6

use crate::api::gateway::{ListenerTls, TlsMode};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::graph::ListenerId;
use crate::lint::finding::edit::{mapping_at, remove_entry, tree};
use crate::lint::finding::{about, is_checked, quoted};
use crate::lint::{Cx, Docs, Lint};

/// GWC4008.
pub(super) static LINT: Lint = Lint {
    code: rule::PASSTHROUGH_IGNORES_CERTIFICATE,
    docs: Docs {
        summary: "certificateRefs on a listener that passes TLS through",
        what: "Listeners of mode `Passthrough` with `certificateRefs`.",
        why: "The certificates are never used: the backend ends TLS with its own. The references are not \
              even checked, so a missing Secret goes unnoticed, and readers take the listener for one \
              that ends TLS.",
        bad: r#"tls:
  mode: Passthrough
  certificateRefs:
  - name: shop-tls
"#,
        good: r#"tls:
  mode: Passthrough
"#,
        fix: "Remove `certificateRefs`, or use mode `Terminate` if the Gateway shall end TLS.",
        spec: "Gateway `spec.listeners[].tls.certificateRefs`; status reference §3.6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for id in cx.graph.listeners.ids().filter(|id| is_checked(cx.graph.listener_owner(*id))) {
        let tls = cx.graph.listener(id).tls.as_ref();
        let tls = tls.filter(|tls| tls.mode == TlsMode::Passthrough && !tls.certificate_refs.is_empty());
        out.0.extend(tls.and_then(|tls| diagnostic(cx, id, tls)));
    }
}

fn diagnostic(cx: &Cx<'_>, id: ListenerId, tls: &ListenerTls) -> Option<Diagnostic> {
    let owner = cx.graph.listener_owner(id);
    let name = &cx.graph.listener(id).name.value;
    let first = tls.certificate_refs.first()?;
    let names = quoted(tls.certificate_refs.iter().map(|reference| &reference.name.value));
    let message = format!("listener `{name}` passes TLS through and never uses its certificates");
    let finding = about(owner, rule::PASSTHROUGH_IGNORES_CERTIFICATE, first.span, message)
        .primary_label("not used and not checked")
        .label(tls.mode_span, "the backend ends TLS")
        .effect(format!("none: {names} is not looked at"))
        .help("remove `certificateRefs`, or use mode `Terminate`");
    Some(match removal(cx, id, tls) {
        Some(edit) => finding.fix(Applicability::Safe, "remove `certificateRefs`", vec![edit]),
        None => finding,
    })
}

fn removal(cx: &Cx<'_>, id: ListenerId, tls: &ListenerTls) -> Option<Edit> {
    let owner = cx.graph.listener_owner(id);
    let mapping = mapping_at(tree(cx, owner)?, tls.span)?;
    remove_entry(cx, owner.source(), mapping, "certificateRefs")
}
