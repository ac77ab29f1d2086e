//! GWC1015 `extension-ref-not-found`: an ExtensionRef filter leads to nothing.
//!
//! # What it checks
//! An `ExtensionRef` filter names an object that the world does not hold, or a kind that the controller does not
//! understand. The object is looked for in the namespace of the route.
//!
//! # Why it matters
//! ResolvedRefs=False; the filter must not be skipped, so requests of the rule are answered with 500.
//!
//! # Example
//! ```yaml
//! filters:
//! - type: ExtensionRef
//!   extensionRef:
//!     group: example.com
//!     kind: RateLimit
//!     name: per-clinet
//! ```
//!
//! # Fix
//! Correct the name, or add the object; a kind of your controller is given by `--assume kind:GROUP/KIND`.
//!
//! # Specification
//! `filters[].extensionRef`; status reference §3.3, R-21, R-22

use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, ReferenceRole};
use crate::lint::finding::missing::{self, Place, assumed_object};
use crate::lint::finding::reference::{Reference, reason, references};
use crate::lint::finding::{about, not_resolved, resolved_refs_reason, resting_on};
use crate::lint::{Cx, Docs, Lint};
use crate::value::name::nearest;

/// GWC1015.
pub(super) static LINT: Lint = Lint {
    code: rule::EXTENSION_REF_NOT_FOUND,
    docs: Docs {
        summary: "an ExtensionRef filter leads to nothing",
        what: "An `ExtensionRef` filter names an object that the world does not hold, or a kind that the \
              controller does not understand. The object is looked for in the namespace of the route.",
        why: "ResolvedRefs=False; the filter must not be skipped, so requests of the rule are answered with \
              500.",
        bad: r#"filters:
- type: ExtensionRef
  extensionRef:
    group: example.com
    kind: RateLimit
    name: per-clinet
"#,
        good: r#"filters:
- type: ExtensionRef
  extensionRef:
    group: example.com
    kind: RateLimit
    name: per-client
"#,
        fix: "Correct the name, or add the object; a kind of your controller is given by `--assume \
              kind:GROUP/KIND`.",
        spec: "`filters[].extensionRef`; status reference §3.3, R-21, R-22",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let mut assumed = Vec::new();
    for reference in references(cx).filter(|reference| reference.verdict.role == ReferenceRole::Extension) {
        match &reference.verdict.verdict.verdict {
            BackendVerdict::NotFound | BackendVerdict::InvalidKind => out.push(diagnostic(cx, &reference)),
            BackendVerdict::Assumed => {
                assumed.extend(assumed_object(cx, &reference.verdict.verdict.support).map(|fact| Place {
                    meta: &reference.route.meta,
                    span: reference.name_span(),
                    fact,
                }))
            }
            BackendVerdict::Service(..)
            | BackendVerdict::Other
            | BackendVerdict::RefNotPermitted(_)
            | BackendVerdict::Refused
            | BackendVerdict::PortMissing(_)
            | BackendVerdict::PortNotFound(_)
            | BackendVerdict::ExternalName(_)
            | BackendVerdict::UnsupportedAppProtocol(..)
            | BackendVerdict::UnsupportedTransport(..) => {}
        }
    }
    let consequence = "ResolvedRefs=False/BackendNotFound, and requests of the rule answer 500";
    missing::report(cx, rule::EXTENSION_REF_NOT_FOUND, consequence, assumed, out);
}

fn diagnostic(cx: &Cx<'_>, reference: &Reference<'_>) -> Diagnostic {
    let (target, key) = (reference.target, reference.key());
    let verdict = &reference.verdict.verdict;
    let unknown_kind = verdict.verdict == BackendVerdict::InvalidKind;
    let (span, message, help) = if unknown_kind {
        let help = format!("a kind that your controller understands: --assume 'kind:{}/{}'", target.group, target.kind);
        (target.kind_span, format!("`{}` is no kind of filter that is known", target.group_kind()), help)
    } else {
        let others = cx.graph.others.iter().map(|(_, meta)| meta);
        let siblings = others.filter(|meta| meta.kind.value == target.kind && meta.key.namespace == key.namespace);
        let help = match nearest(&key.name, siblings.map(|meta| meta.key.name.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add the object in namespace `{}`, or correct the name", key.namespace),
        };
        (target.name.span, format!("{} `{key}` does not exist", target.kind), help)
    };
    let mut finding = about(&reference.route.meta, rule::EXTENSION_REF_NOT_FOUND, span, message).help(help);
    if let Some(reason) = reason(&verdict.verdict) {
        let name = resolved_refs_reason(reason);
        finding = finding.effect(format!("ResolvedRefs=False/{name}; requests of the rule answer 500"));
        finding.conditions = not_resolved(cx, reference.id, reason);
    }
    resting_on(cx, finding, &verdict.support)
}
