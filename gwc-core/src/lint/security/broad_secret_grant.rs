//! GWC8004 `broad-secret-grant`: a ReferenceGrant opens every Secret of its namespace.
//!
//! # What it checks
//! Entries of `to` for core Secrets without a name.
//!
//! # Why it matters
//! Every present and future Secret of the namespace can be served as a certificate by the objects listed in `from`, and
//! whoever writes those objects learns which Secrets exist and hold a key pair.
//!
//! # Example
//! ```yaml
//! to:
//! - group: ""
//!   kind: Secret
//! ```
//!
//! # Fix
//! Name the Secrets, one entry each.
//!
//! # Specification
//! ReferenceGrant `spec.to[].name`; status reference §3.5

use std::collections::BTreeSet;

use crate::api::policy::{GrantTo, ReferenceGrant};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::lint::finding::edit::{insert_entry, mapping_at, tree};
use crate::lint::finding::{about, is_checked, quoted};
use crate::lint::refs::crossing::crossings;
use crate::lint::{Cx, Docs, Lint};

/// GWC8004.
pub(super) static LINT: Lint = Lint {
    code: rule::BROAD_SECRET_GRANT,
    docs: Docs {
        summary: "a ReferenceGrant opens every Secret of its namespace",
        what: "Entries of `to` for core Secrets without a name.",
        why: "Every present and future Secret of the namespace can be served as a certificate by the \
              objects listed in `from`, and whoever writes those objects learns which Secrets exist and \
              hold a key pair.",
        bad: r#"to:
- group: ""
  kind: Secret
"#,
        good: r#"to:
- group: ""
  kind: Secret
  name: shop-tls
"#,
        fix: "Name the Secrets, one entry each.",
        spec: "ReferenceGrant `spec.to[].name`; status reference §3.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let crossings = crossings(cx);
    for (_, grant) in cx.graph.grants.iter().filter(|(_, grant)| is_checked(&grant.meta)) {
        for to in grant.to.iter().filter(|to| is_broad(to)) {
            let used = crossings.towards(&grant.meta.key.namespace);
            let used = used.filter(|one| one.target.kind == "Secret" && one.target.group.is_empty());
            let used: BTreeSet<&str> = used.map(|one| one.key.name.as_str()).collect();
            let finding = diagnostic(grant, &used, to);
            out.push(with_fix(cx, grant, (to, &used), finding));
        }
    }
}

/// A core Secret without a name.
pub(in crate::lint) fn is_broad(to: &GrantTo) -> bool {
    let unnamed = to.name.as_ref().is_none_or(|name| name.value.is_empty());
    unnamed && to.kind.value == "Secret" && to.group.value.is_empty()
}

fn diagnostic(grant: &ReferenceGrant, used: &BTreeSet<&str>, to: &GrantTo) -> Diagnostic {
    let namespace = &grant.meta.key.namespace;
    let message = format!("the grant opens every Secret of namespace `{namespace}`");
    let help = if used.is_empty() {
        "add `name` with the one Secret that is meant".to_owned()
    } else {
        format!("name what is used: {}", quoted(used))
    };
    about(&grant.meta, rule::BROAD_SECRET_GRANT, to.span, message)
        .primary_label("every Secret, those of tomorrow included")
        .effect("objects listed in `from` can serve any key pair of the namespace")
        .help(help)
}

fn with_fix(
    cx: &Cx<'_>,
    grant: &ReferenceGrant,
    (to, used): (&GrantTo, &BTreeSet<&str>),
    finding: Diagnostic,
) -> Diagnostic {
    let [name] = used.iter().copied().collect::<Vec<_>>()[..] else { return finding };
    let mapping = tree(cx, &grant.meta).and_then(|root| mapping_at(root, to.span));
    let edit = mapping.and_then(|mapping| insert_entry(cx, grant.meta.source(), mapping, "name", &[name]));
    match edit {
        Some(edit) => finding.fix(Applicability::Unsafe, format!("limit the grant to `{name}`"), vec![edit]),
        None => finding,
    }
}
