//! GWC1020 `grant-unused`: a ReferenceGrant permits no reference.
//!
//! # What it checks
//! No reference of the world needs the grant. Reported only where all objects that it names in `from` are known.
//!
//! # Why it matters
//! A grant that nobody uses is an open door: the next reference through it needs no review of the owner of the
//! target.
//!
//! # Example
//! ```yaml
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: ReferenceGrant
//! metadata:
//!   name: store-to-orders
//!   namespace: backend
//! spec:
//!   from:
//!   - group: gateway.networking.k8s.io
//!     kind: HTTPRoute
//!     namespace: store
//!   to:
//!   - group: ""
//!     kind: Service
//!     name: orders
//! # and no HTTPRoute of namespace store refers to it
//! ```
//!
//! # Fix
//! Remove the grant, or the entries that are not needed.
//!
//! # Specification
//! ReferenceGrant; status reference §1.7

use std::collections::BTreeSet;

use crate::api::policy::ReferenceGrant;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::eval::{BackendVerdict, CertificateVerdict};
use crate::graph::GrantId;
use crate::lint::finding::certificate::certificates;
use crate::lint::finding::reference::references;
use crate::lint::finding::{about, is_checked, named};
use crate::lint::refs::crossing::{Crossing, crossings};
use crate::lint::{Cx, Docs, Lint};
use crate::profile::WorldMode;
use crate::value::GroupKind;

/// GWC1020.
pub(super) static LINT: Lint = Lint {
    code: rule::GRANT_UNUSED,
    docs: Docs {
        summary: "a ReferenceGrant permits no reference",
        what: "No reference of the world needs the grant. Reported only where all objects that it names in \
              `from` are known.",
        why: "A grant that nobody uses is an open door: the next reference through it needs no review of the \
              owner of the target.",
        bad: r#"apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata:
  name: store-to-orders
  namespace: backend
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: store
  to:
  - group: ""
    kind: Service
    name: orders
# and no HTTPRoute of namespace store refers to it
"#,
        good: r#"apiVersion: gateway.networking.k8s.io/v1
kind: ReferenceGrant
metadata:
  name: store-to-orders
  namespace: backend
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: store
  to:
  - group: ""
    kind: Service
    name: orders
# and an HTTPRoute of namespace store refers to Service backend/orders
"#,
        fix: "Remove the grant, or the entries that are not needed.",
        spec: "ReferenceGrant; status reference §1.7",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let crossings = crossings(cx);
    let explained = near_misses(cx);
    for (id, grant) in cx.graph.grants.iter().filter(|(_, grant)| is_checked(&grant.meta)) {
        // A grant that can permit nothing at all has a finding that says why.
        let reachable = grant.from.iter().any(|from| from.namespace.value != grant.meta.key.namespace);
        if reachable
            && !explained.contains(&id)
            && extent_known(cx, grant)
            && !crossings.near(grant).any(|crossing| permits(grant, crossing))
        {
            out.push(diagnostic(grant));
        }
    }
}

/// Grants that a refused reference names as a near miss (GWC1009): those are wrong, not unused.
fn near_misses(cx: &Cx<'_>) -> BTreeSet<GrantId> {
    let refused = references(cx).filter_map(|reference| {
        let BackendVerdict::RefNotPermitted(why) = &reference.verdict.verdict.verdict else { return None };
        Some(why)
    });
    let certificates = certificates(cx).filter_map(|certificate| {
        let CertificateVerdict::RefNotPermitted(why) = &certificate.verdict.verdict else { return None };
        Some(why)
    });
    refused.chain(certificates).flat_map(|why| &why.near_misses).map(|(grant, _)| *grant).collect()
}

/// Are all objects that could use the grant in the world?
fn extent_known(cx: &Cx<'_>, grant: &ReferenceGrant) -> bool {
    grant.from.iter().all(|from| match cx.profile.world.mode_of(&from.kind.value) {
        WorldMode::Closed => true,
        WorldMode::Open => false,
        WorldMode::Auto => {
            let kind = GroupKind::new(from.group.value.clone(), from.kind.value.clone());
            cx.graph.extent_known(&kind, &from.namespace.value)
        }
    })
}

/// Does the grant fit the reference (status.md §3.5)?
fn permits(grant: &ReferenceGrant, crossing: &Crossing<'_>) -> bool {
    let Crossing { holder, target, key } = crossing;
    let from = grant.from.iter().any(|from| {
        from.group.value == holder.group
            && from.kind.value == holder.kind.value
            && from.namespace.value == holder.key.namespace
    });
    let to = grant.to.iter().any(|to| {
        let name = to.name.as_ref().is_none_or(|name| name.value.is_empty() || name.value == key.name);
        to.group.value == target.group && to.kind.value == target.kind && name
    });
    from && to && grant.meta.key.namespace == key.namespace
}

fn diagnostic(grant: &ReferenceGrant) -> Diagnostic {
    let message = format!("{} permits no reference that exists", named(&grant.meta));
    about(&grant.meta, rule::GRANT_UNUSED, grant.meta.name_span, message)
        .effect("whoever may write the kinds in `from` can refer here without asking")
        .help("remove the grant, or what it lists too much")
}
