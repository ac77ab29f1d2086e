//! GWC2018 `attachment-undetermined`: whether the route attaches depends on facts that are not given.
//!
//! # What it checks
//! The listeners that a parentRef selects admit namespaces by labels, and the labels of the namespace of the route
//! are not among the inputs. The same for a ListenerSet and `allowedListeners`.
//!
//! # Why it matters
//! The status cannot be predicted; other findings about this parentRef may be missing.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata:
//!   name: shared
//!   namespace: infra
//! spec:
//!   gatewayClassName: example
//!   listeners:
//!   - name: http
//!     port: 80
//!     protocol: HTTP
//!     allowedRoutes:
//!       namespaces:
//!         from: Selector
//!         selector:
//!           matchLabels:
//!             team: store
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: shop
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - name: shared
//!     namespace: infra
//! # and no Namespace store
//! ```
//!
//! # Fix
//! Give the Namespace as context (`-C`), or its labels by `--assume`; the finding prints the flag.
//!
//! # Specification
//! Status reference R-1, §2.5, D28

use crate::api::Meta;
use crate::diagnostic::{Basis, Diagnostic, Diagnostics, rule};
use crate::eval::{Candidate, Fact, ListenerSetOutcome, ParentVerdict, Support, Tri};
use crate::lint::finding::fact;
use crate::lint::finding::reference::{Parent, parents};
use crate::lint::finding::{about, is_checked, listener_names, open_facts};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC2018.
pub(super) static LINT: Lint = Lint {
    code: rule::ATTACHMENT_UNDETERMINED,
    docs: Docs {
        summary: "whether the route attaches depends on facts that are not given",
        what: "The listeners that a parentRef selects admit namespaces by labels, and the labels of the \
              namespace of the route are not among the inputs. The same for a ListenerSet and \
              `allowedListeners`.",
        why: "The status cannot be predicted; other findings about this parentRef may be missing.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: Selector
        selector:
          matchLabels:
            team: store
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
# and no Namespace store
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: shared
  namespace: infra
spec:
  gatewayClassName: example
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: Selector
        selector:
          matchLabels:
            team: store
---
apiVersion: v1
kind: Namespace
metadata:
  name: store
  labels:
    team: store
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: store
spec:
  parentRefs:
  - name: shared
    namespace: infra
"#,
        fix: "Give the Namespace as context (`-C`), or its labels by `--assume`; the finding prints the flag.",
        spec: "Status reference R-1, §2.5, D28",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for parent in parents(cx) {
        let ParentVerdict::Entry(entry) = parent.verdict else { continue };
        let open: Vec<&Candidate> = entry.candidates.iter().filter(|candidate| undetermined(candidate)).collect();
        if !open.is_empty() {
            out.push(route(cx, &parent, &open));
        }
    }
    for (id, set) in cx.graph.listener_sets.iter().filter(|(_, set)| is_checked(&set.meta)) {
        let Some(verdict) = cx.evaluation.listener_sets.get(id.index()) else { continue };
        if verdict.outcome.verdict == ListenerSetOutcome::Undetermined {
            let message = format!(
                "whether {} `{}` admits the ListenerSet is not known",
                set.parent.target.kind, set.parent.target.name.value
            );
            out.push(diagnostic(cx, &set.meta, set.parent.target.name.span, (message, &verdict.outcome.support)));
        }
    }
}

/// All that is open is the namespace.
fn undetermined(candidate: &Candidate) -> bool {
    let fits = candidate.section && candidate.port && candidate.kind && candidate.hostnames.is_some();
    fits && candidate.namespace.verdict == Tri::Undetermined
}

fn route(cx: &Cx<'_>, parent: &Parent<'_>, open: &[&Candidate]) -> Diagnostic {
    let target = &parent.reference.target;
    let names = listener_names(cx, open.iter().map(|candidate| candidate.listener));
    let message = format!("whether {names} of {} `{}` admits the route is not known", target.kind, parent.key());
    let support = open.iter().fold(Support::spec(), |support, one| support.and(&one.namespace.support));
    let mut finding = diagnostic(cx, &parent.route.meta, target.name.span, (message, &support));
    for candidate in open.iter().take(4) {
        let namespaces = &cx.graph.listener(candidate.listener).namespaces;
        let span = namespaces.selector.as_ref().map_or(namespaces.span, |selector| selector.span);
        finding = finding.label(span, format!("the labels of `{}` decide here", parent.route.meta.key.namespace));
    }
    finding
}

fn diagnostic(cx: &Cx<'_>, meta: &Meta, span: Span, (message, support): (String, &Support)) -> Diagnostic {
    let facts: Vec<&Fact> = open_facts(cx, support).collect();
    let options: Vec<String> = facts.iter().filter_map(|fact| fact::option(fact)).collect();
    let mut finding = about(meta, rule::ATTACHMENT_UNDETERMINED, span, message)
        .effect("Accepted is Unknown until the facts are given")
        .help(format!("give the Namespace as context (`-C PATH`), or its labels: {}", options.join(" ")));
    finding.basis = Basis::Assumed;
    finding.assumptions = facts.into_iter().map(fact::text).collect();
    finding
}
