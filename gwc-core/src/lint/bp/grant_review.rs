//! GWC7003 `grant-review`: a ReferenceGrant permits more than the world uses.
//!
//! # What it checks
//! Grants that are used, but have an entry of `to` without a name although only some objects are referred to, or an
//! entry of `from` that nobody needs. Grants that nothing uses are GWC1020, those for every Secret GWC8004.
//!
//! # Why it matters
//! The owner of a namespace agreed to more than was asked for: later references need no consent, and no review.
//!
//! # Example
//! ```yaml
//! to:
//! - group: ""
//!   kind: Service
//! ```
//!
//! # Fix
//! Name the objects that are used, and remove what is not needed. The edit narrows the grant to the one object in use.
//!
//! # Specification
//! ReferenceGrant `spec.from`, `spec.to[].name`; status reference §3.5

use std::collections::BTreeSet;

use crate::api::policy::{GrantFrom, GrantTo, ReferenceGrant};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::lint::finding::edit::{insert_entry, mapping_at, tree};
use crate::lint::finding::{about, is_checked, named, quoted};
use crate::lint::refs::crossing::{Crossing, crossings};
use crate::lint::security::broad_secret_grant::is_broad;
use crate::lint::{Cx, Docs, Lint};
use crate::profile::WorldMode;
use crate::value::GroupKind;

/// GWC7003.
pub(super) static LINT: Lint = Lint {
    code: rule::GRANT_REVIEW,
    docs: Docs {
        summary: "a ReferenceGrant permits more than the world uses",
        what: "Grants that are used, but have an entry of `to` without a name although only some objects \
              are referred to, or an entry of `from` that nobody needs. Grants that nothing uses are \
              GWC1020, those for every Secret GWC8004.",
        why: "The owner of a namespace agreed to more than was asked for: later references need no \
              consent, and no review.",
        bad: r#"to:
- group: ""
  kind: Service
"#,
        good: r#"to:
- group: ""
  kind: Service
  name: stock
"#,
        fix: "Name the objects that are used, and remove what is not needed. The edit narrows the grant \
              to the one object in use.",
        spec: "ReferenceGrant `spec.from`, `spec.to[].name`; status reference §3.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let crossings = crossings(cx);
    for (_, grant) in cx.graph.grants.iter().filter(|(_, grant)| is_checked(&grant.meta)) {
        let used: Vec<&Crossing<'_>> = crossings.near(grant).filter(|one| permits(grant, one)).collect();
        for to in grant.to.iter().filter(|to| is_unnamed(to) && !is_broad(to)) {
            let names: BTreeSet<&str> =
                used.iter().filter(|one| is_for(to, one)).map(|one| one.key.name.as_str()).collect();
            if !names.is_empty() {
                out.push(with_fix(cx, (grant, to), &names, unnamed(grant, to, &names)));
            }
        }
        let idle = grant.from.iter().filter(|from| !used.is_empty() && !used.iter().any(|one| is_from(from, one)));
        out.0.extend(idle.filter(|from| is_known(cx, from)).map(|from| unneeded(grant, from)));
    }
}

fn is_unnamed(to: &GrantTo) -> bool {
    to.name.as_ref().is_none_or(|name| name.value.is_empty())
}

fn permits(grant: &ReferenceGrant, crossing: &Crossing<'_>) -> bool {
    let names = |to: &GrantTo| is_unnamed(to) || to.name.as_ref().is_some_and(|name| name.value == crossing.key.name);
    grant.meta.key.namespace == crossing.key.namespace
        && grant.from.iter().any(|from| is_from(from, crossing))
        && grant.to.iter().any(|to| is_for(to, crossing) && names(to))
}

fn is_from(from: &GrantFrom, crossing: &Crossing<'_>) -> bool {
    let holder = crossing.holder;
    from.group.value == holder.group
        && from.kind.value == holder.kind.value
        && from.namespace.value == holder.key.namespace
}

fn is_for(to: &GrantTo, crossing: &Crossing<'_>) -> bool {
    to.group.value == crossing.target.group && to.kind.value == crossing.target.kind
}

/// Are all objects that an entry speaks of in the world?
fn is_known(cx: &Cx<'_>, from: &GrantFrom) -> bool {
    match cx.profile.world.mode_of(&from.kind.value) {
        WorldMode::Closed => true,
        WorldMode::Open => false,
        WorldMode::Auto => {
            let kind = GroupKind::new(from.group.value.clone(), from.kind.value.clone());
            cx.graph.extent_known(&kind, &from.namespace.value)
        }
    }
}

fn unnamed(grant: &ReferenceGrant, to: &GrantTo, names: &BTreeSet<&str>) -> Diagnostic {
    let kind = &to.kind.value;
    let message = format!("{} permits every {kind}, used is {}", named(&grant.meta), quoted(names));
    about(&grant.meta, rule::GRANT_REVIEW, to.span, message)
        .primary_label(format!("every {kind} of the namespace"))
        .effect("later references need no consent of the namespace's owner")
        .help(format!("add `name`, one entry for each of {}", quoted(names)))
}

fn unneeded(grant: &ReferenceGrant, from: &GrantFrom) -> Diagnostic {
    let (kind, namespace) = (&from.kind.value, &from.namespace.value);
    let message = format!("no {kind} of namespace `{namespace}` needs {}", named(&grant.meta));
    about(&grant.meta, rule::GRANT_REVIEW, from.span, message)
        .primary_label("used by nothing")
        .effect("later references need no consent of the namespace's owner")
        .help("remove this entry of `from`")
}

fn with_fix(
    cx: &Cx<'_>,
    (grant, to): (&ReferenceGrant, &GrantTo),
    names: &BTreeSet<&str>,
    finding: Diagnostic,
) -> Diagnostic {
    let [name] = names.iter().copied().collect::<Vec<_>>()[..] else { return finding };
    let mapping = tree(cx, &grant.meta).and_then(|root| mapping_at(root, to.span));
    let edit = mapping.and_then(|mapping| insert_entry(cx, grant.meta.source(), mapping, "name", &[name]));
    match edit {
        Some(edit) => finding.fix(Applicability::Unsafe, format!("limit the grant to `{name}`"), vec![edit]),
        None => finding,
    }
}
