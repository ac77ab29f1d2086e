//! GWC5017 `mirror-to-self`: requests are mirrored to a backend that serves them anyway.
//!
//! # What it checks
//! RequestMirror filters whose target is one of the backends of the same rule, with the same port.
//!
//! # Why it matters
//! The backend gets the request twice: once to answer and once as a copy. What the request does, it does twice, and
//! the comparison of two versions that mirroring is for compares nothing.
//!
//! # Example
//! ```yaml
//! filters:
//! - type: RequestMirror
//!   requestMirror:
//!     backendRef:
//!       name: store
//!       port: 80
//! backendRefs:
//! - name: store
//!   port: 80
//! ```
//!
//! # Fix
//! Mirror to the Service that is to be tried, or remove the filter.
//!
//! # Specification
//! HTTPRoute `spec.rules[].filters[].requestMirror.backendRef`; routing reference §4.5

use crate::api::filter::{Filter, FilterKind, Mirror};
use crate::api::reference::BackendRef;
use crate::api::route::{Route, Rule};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC5017.
pub(super) static LINT: Lint = Lint {
    code: rule::MIRROR_TO_SELF,
    docs: Docs {
        summary: "requests are mirrored to a backend that serves them anyway",
        what: "RequestMirror filters whose target is one of the backends of the same rule, with the \
               same port.",
        why: "The backend gets the request twice: once to answer and once as a copy. What the \
              request does, it does twice, and the comparison of two versions that mirroring is for \
              compares nothing.",
        bad: r#"filters:
- type: RequestMirror
  requestMirror:
    backendRef:
      name: store
      port: 80
backendRefs:
- name: store
  port: 80
"#,
        good: r#"filters:
- type: RequestMirror
  requestMirror:
    backendRef:
      name: store-next
      port: 80
backendRefs:
- name: store
  port: 80
"#,
        fix: "Mirror to the Service that is to be tried, or remove the filter.",
        spec: "HTTPRoute `spec.rules[].filters[].requestMirror.backendRef`; routing reference §4.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            out.0.extend(mirrors(rule).into_iter().filter_map(|(mirror, primaries)| {
                let namespace = &route.meta.key.namespace;
                let twin = primaries.iter().find(|primary| is_same(namespace, &mirror.backend, primary))?;
                Some(diagnostic(route, mirror, twin))
            }));
        }
    }
}

/// Mirrors with the backends whose requests they copy.
fn mirrors(rule: &Rule) -> Vec<(&Mirror, &[BackendRef])> {
    let of_rule = rule.filters.iter().filter_map(|filter| Some((mirror(filter)?, rule.backends.as_slice())));
    let of_backends = rule.backends.iter().flat_map(|backend| {
        backend.filters.iter().filter_map(move |filter| Some((mirror(filter)?, std::slice::from_ref(backend))))
    });
    of_rule.chain(of_backends).collect()
}

fn mirror(filter: &Filter) -> Option<&Mirror> {
    match &filter.kind {
        FilterKind::RequestMirror(mirror) => Some(mirror),
        FilterKind::RequestHeaderModifier(_)
        | FilterKind::ResponseHeaderModifier(_)
        | FilterKind::RequestRedirect(_)
        | FilterKind::UrlRewrite(_)
        | FilterKind::Cors(_)
        | FilterKind::ExternalAuth(_)
        | FilterKind::ExtensionRef(_)
        | FilterKind::Unknown(_) => None,
    }
}

fn is_same(namespace: &str, mirror: &BackendRef, primary: &BackendRef) -> bool {
    let port = |backend: &BackendRef| backend.port.as_ref().map(|port| port.value);
    primary.weight > 0
        && mirror.target.group_kind() == primary.target.group_kind()
        && mirror.target.target(namespace) == primary.target.target(namespace)
        && port(mirror) == port(primary)
}

fn diagnostic(route: &Route, mirror: &Mirror, primary: &BackendRef) -> Diagnostic {
    let key = mirror.backend.target.target(&route.meta.key.namespace);
    let message = format!("requests to `{key}` are mirrored to `{key}`");
    about(&route.meta, rule::MIRROR_TO_SELF, mirror.backend.target.name.span, message)
        .primary_label("the copy")
        .label(primary.target.name.span, "the request itself")
        .effect("the backend gets each mirrored request twice")
        .help("mirror to the Service that is to be tried, or remove the filter")
}
