//! GWC3014 `policy-conflict`: two policies claim the same target.
//!
//! # What it checks
//! BackendTLSPolicies, or XBackendTrafficPolicies, that name the same Service and the same port, or the same Service
//! without a port.
//!
//! # Why it matters
//! Only the oldest counts, then the first by `namespace/name`. The other gets Accepted=False/Conflicted and has no
//! effect, whatever it says.
//!
//! # Example
//! ```yaml
//! kind: BackendTLSPolicy
//! metadata:
//!   name: store-again # store came first
//! spec:
//!   targetRefs:
//!   - group: ""
//!     kind: Service
//!     name: store
//! ```
//!
//! # Fix
//! Merge the policies, or give one of them a `sectionName`: a policy for a port overrides the one for the Service.
//!
//! # Specification
//! `PolicyReasonConflicted`; BackendTLSPolicy `spec.targetRefs`; status reference §5.6, BT-2

use crate::api::Meta;
use crate::api::policy::PolicyTarget;
use crate::diagnostic::{ConditionEffect, Diagnostic, Diagnostics, rule};
use crate::eval::{PolicyAccepted, PolicyVerdict};
use crate::lint::finding::{about, condition, is_checked, named, parent_name, resting_on};
use crate::lint::{Cx, Docs, Lint};

/// GWC3014.
pub(super) static LINT: Lint = Lint {
    code: rule::POLICY_CONFLICT,
    docs: Docs {
        summary: "two policies claim the same target",
        what: "BackendTLSPolicies, or XBackendTrafficPolicies, that name the same Service and the same \
              port, or the same Service without a port.",
        why: "Only the oldest counts, then the first by `namespace/name`. The other gets \
              Accepted=False/Conflicted and has no effect, whatever it says.",
        bad: r#"kind: BackendTLSPolicy
metadata:
  name: store-again # store came first
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: store
"#,
        good: r#"kind: BackendTLSPolicy
metadata:
  name: store-again
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: store
    sectionName: https
"#,
        fix: "Merge the policies, or give one of them a `sectionName`: a policy for a port overrides the \
              one for the Service.",
        spec: "`PolicyReasonConflicted`; BackendTLSPolicy `spec.targetRefs`; status reference §5.6, BT-2",
    },
    check: Some(check),
};

/// A policy, what it targets, and the verdict on it.
struct Policy<'w> {
    meta: &'w Meta,
    targets: &'w [PolicyTarget],
    verdict: &'w PolicyVerdict,
}

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let graph = cx.graph;
    let tls = graph.backend_tls_policies.iter().zip(&cx.evaluation.backend_tls_policies);
    let tls = tls.map(|((_, policy), verdict)| Policy { meta: &policy.meta, targets: &policy.targets, verdict });
    let traffic = graph.backend_traffic_policies.iter().zip(&cx.evaluation.backend_traffic_policies);
    let traffic =
        traffic.map(|((_, policy), verdict)| Policy { meta: &policy.meta, targets: &policy.targets, verdict });
    for policy in tls.chain(traffic).filter(|policy| is_checked(policy.meta)) {
        let winners = winners(cx, policy.verdict);
        if !winners.is_empty() {
            out.push(diagnostic(cx, &policy, &winners));
        }
    }
}

fn winners<'w>(cx: &Cx<'w>, verdict: &PolicyVerdict) -> Vec<(&'w Meta, &'w [PolicyTarget])> {
    let graph = cx.graph;
    match &verdict.accepted.verdict {
        PolicyAccepted::Conflicted(ids) => {
            let policies = ids.iter().map(|id| &graph.backend_tls_policies[*id]);
            policies.map(|policy| (&policy.meta, policy.targets.as_slice())).collect()
        }
        PolicyAccepted::TrafficConflicted(ids) => {
            let policies = ids.iter().map(|id| &graph.backend_traffic_policies[*id]);
            policies.map(|policy| (&policy.meta, policy.targets.as_slice())).collect()
        }
        PolicyAccepted::Accepted
        | PolicyAccepted::TargetNotFound
        | PolicyAccepted::Invalid(_)
        | PolicyAccepted::NoValidCaCertificate => Vec::new(),
    }
}

fn diagnostic(cx: &Cx<'_>, policy: &Policy<'_>, winners: &[(&Meta, &[PolicyTarget])]) -> Diagnostic {
    let same = |target: &&PolicyTarget| winners.iter().any(|(_, theirs)| theirs.iter().any(|own| equal(own, target)));
    let target = policy.targets.iter().find(same);
    let span = target.map_or(policy.meta.name_span, |target| target.target.span);
    let name = target.map(|target| target.target.name.value.as_str()).unwrap_or_default();
    let winner = winners.first().map(|(meta, _)| named(meta)).unwrap_or_default();
    let message = format!("Service `{name}` already has {winner}, which wins");
    let mut finding = about(policy.meta, rule::POLICY_CONFLICT, span, message)
        .primary_label("a second policy for the same target")
        .effect("this policy has no effect: Accepted=False/Conflicted")
        .help("merge the two, or limit this one to a port with `sectionName`")
        .note("the oldest policy wins, then the first by `namespace/name`");
    for (meta, theirs) in winners {
        let own = theirs.iter().find(|own| target.is_some_and(|target| equal(own, target)));
        finding = finding.label(own.map_or(meta.name_span, |own| own.target.span), "the policy that wins");
    }
    let effect = condition("Accepted", "False", "Conflicted");
    for gateway in &policy.verdict.ancestors {
        let parent = Some(parent_name(&cx.graph.gateways[*gateway].meta));
        finding = finding.condition(ConditionEffect { parent, ..effect.clone() });
    }
    resting_on(cx, finding, &policy.verdict.accepted.support)
}

/// Do both name the same object and the same port?
fn equal(a: &PolicyTarget, b: &PolicyTarget) -> bool {
    let section = |target: &PolicyTarget| target.section_name.as_ref().map(|name| name.value.clone());
    a.target.group_kind() == b.target.group_kind()
        && a.target.name.value == b.target.name.value
        && section(a) == section(b)
}
