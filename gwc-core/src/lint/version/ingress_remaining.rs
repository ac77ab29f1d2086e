//! GWC9012 `ingress-remaining`: an Ingress remains beside Gateway API.
//!
//! # What it checks
//! Ingress objects in a world that holds Gateways or routes.
//!
//! # Why it matters
//! Both may answer for one hostname on different addresses; which one clients reach depends on DNS.
//!
//! # Example
//! ```yaml
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata:
//!   name: shop
//!   namespace: store
//! ```
//!
//! # Fix
//! Convert the Ingress with `gwc ingress-migrate`, and remove it once traffic has moved.
//!
//! # Specification
//! `networking.k8s.io` Ingress

use crate::api::ingress::Ingress;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked, named, quoted};
use crate::lint::{Cx, Docs, Lint};

/// GWC9012.
pub(super) static LINT: Lint = Lint {
    code: rule::INGRESS_REMAINING,
    docs: Docs {
        summary: "an Ingress remains beside Gateway API",
        what: "Ingress objects in a world that holds Gateways or routes.",
        why: "Both may answer for one hostname on different addresses; which one clients reach depends on DNS.",
        bad: r#"apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: store
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
"#,
        fix: "Convert the Ingress with `gwc ingress-migrate`, and remove it once traffic has moved.",
        spec: "`networking.k8s.io` Ingress",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    if cx.graph.gateways.is_empty() && cx.graph.routes.is_empty() {
        return;
    }
    for (_, ingress) in
        cx.graph.ingresses.iter().filter(|(_, ingress)| ingress.is_current() && is_checked(&ingress.meta))
    {
        out.push(diagnostic(cx, ingress));
    }
}

fn diagnostic(cx: &Cx<'_>, ingress: &Ingress) -> Diagnostic {
    let message = format!("{} remains beside Gateway API objects", named(&ingress.meta));
    let mut finding = about(&ingress.meta, rule::INGRESS_REMAINING, ingress.meta.name_span, message)
        .effect("both may answer for a hostname; DNS decides which one clients reach")
        .help("convert it with `gwc ingress-migrate`, and remove it once traffic has moved");
    if ingress.hosts().next().is_some() {
        finding = finding.note(format!("it serves {}", quoted(ingress.hosts().map(|host| &host.value))));
    }
    for (_, route) in cx.graph.routes.iter() {
        let same = route.hostnames.iter().find(|own| ingress.hosts().any(|host| own.value.to_string() == *host.value));
        if let Some(hostname) = same {
            return finding.label(hostname.span, format!("{} serves this hostname too", named(&route.meta)));
        }
    }
    finding
}
