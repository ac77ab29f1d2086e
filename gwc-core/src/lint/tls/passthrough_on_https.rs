//! GWC4007 `passthrough-on-https`: HTTP is expected from a listener that does not end TLS.
//!
//! # What it checks
//! TLS mode `Passthrough` on a listener of protocol HTTPS, which the API server refuses, and HTTPRoutes or GRPCRoutes
//! whose parentRef leads to nothing but listeners of mode `Passthrough`.
//!
//! # Why it matters
//! A listener that passes TLS through never sees a request: it can choose by server name only. The route gets
//! Accepted=False/NotAllowedByListeners.
//!
//! # Example
//! ```yaml
//! # the listener has protocol TLS and mode Passthrough
//! kind: HTTPRoute
//! spec:
//!   parentRefs:
//!   - name: edge
//!     sectionName: passthrough
//! ```
//!
//! # Fix
//! Use protocol TLS with a TLSRoute where TLS shall reach the backend; use protocol HTTPS with mode `Terminate` and a
//! certificate where the Gateway shall route requests.
//!
//! # Specification
//! Gateway `spec.listeners[].tls.mode`; CEL rule "tls mode must be Terminate for protocol HTTPS"; status reference
//! §2.4, R-3

use crate::api::gateway::TlsMode;
use crate::api::route::RouteKind;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, ParentEntry, ParentVerdict};
use crate::graph::ListenerId;
use crate::lint::finding::reference::{Parent, parents};
use crate::lint::finding::{about, listener_text, not_accepted, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC4007.
pub(super) static LINT: Lint = Lint {
    code: rule::PASSTHROUGH_ON_HTTPS,
    docs: Docs {
        summary: "HTTP is expected from a listener that does not end TLS",
        what: "TLS mode `Passthrough` on a listener of protocol HTTPS, which the API server refuses, and \
              HTTPRoutes or GRPCRoutes whose parentRef leads to nothing but listeners of mode \
              `Passthrough`.",
        why: "A listener that passes TLS through never sees a request: it can choose by server name \
              only. The route gets Accepted=False/NotAllowedByListeners.",
        bad: r#"# the listener has protocol TLS and mode Passthrough
kind: HTTPRoute
spec:
  parentRefs:
  - name: edge
    sectionName: passthrough
"#,
        good: r#"kind: TLSRoute
spec:
  parentRefs:
  - name: edge
    sectionName: passthrough
  hostnames:
  - shop.example.com
"#,
        fix: "Use protocol TLS with a TLSRoute where TLS shall reach the backend; use protocol HTTPS \
              with mode `Terminate` and a certificate where the Gateway shall route requests.",
        spec: "Gateway `spec.listeners[].tls.mode`; CEL rule \"tls mode must be Terminate for protocol \
              HTTPS\"; status reference §2.4, R-3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx).filter(|parent| matches!(parent.route.kind, RouteKind::Http | RouteKind::Grpc)) {
        if let ParentVerdict::Entry(entry) = parent.verdict
            && let Some(listener) = only_passthrough(cx, entry)
        {
            let finding = diagnostic(cx, &parent, entry, listener);
            out.push(resting_on(cx, finding, &entry.accepted.support));
        }
    }
}

/// The first listener that the parentRef names, when every one of them passes TLS through.
pub(in crate::lint) fn only_passthrough(cx: &Cx<'_>, entry: &ParentEntry) -> Option<ListenerId> {
    let named: Vec<&Candidate> = entry.candidates.iter().filter(|one| one.section && one.port).collect();
    let passes = |one: &&Candidate| {
        let tls = cx.graph.listener(one.listener).tls.as_ref();
        !one.kind && tls.is_some_and(|tls| tls.mode == TlsMode::Passthrough)
    };
    named.first().filter(|_| named.iter().all(passes)).map(|first| first.listener)
}

fn diagnostic(cx: &Cx<'_>, parent: &Parent<'_>, entry: &ParentEntry, id: ListenerId) -> Diagnostic {
    let kind = parent.route.kind.name();
    let listener = cx.graph.listener(id);
    let mode = listener.tls.as_ref().map_or(listener.protocol.span, |tls| tls.mode_span);
    let message = format!("{} passes TLS through and cannot serve {kind}s", listener_text(cx, id));
    about(&parent.route.meta, rule::PASSTHROUGH_ON_HTTPS, parent.reference.target.name.span, message)
        .primary_label("leads to a listener that never sees a request")
        .label(mode, "TLS goes through to the backend")
        .effect("the route is not attached: Accepted=False/NotAllowedByListeners")
        .help(format!(
            "make this a TLSRoute, or make `{}` an HTTPS listener with mode `Terminate` and a certificate",
            listener.name.value
        ))
        .condition(not_accepted(cx, entry, "NotAllowedByListeners"))
}
