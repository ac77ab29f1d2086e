//! Targets of checked policies, each with its verdict.

use crate::api::Meta;
use crate::api::policy::PolicyTarget;
use crate::eval::{Judged, TargetVerdict};
use crate::lint::Cx;
use crate::lint::finding::is_checked;
use crate::value::ObjectKey;

/// A target of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Target<'w> {
    /// The policy.
    pub policy: &'w Meta,
    /// `targetRefs[]`.
    pub reference: &'w PolicyTarget,
    /// The verdict.
    pub verdict: &'w Judged<TargetVerdict>,
}

impl Target<'_> {
    /// Namespace and name of the target; policies target their own namespace.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        ObjectKey::new(self.policy.key.namespace.clone(), self.reference.target.name.value.clone())
    }
}

/// Targets of checked BackendTLSPolicies and XBackendTrafficPolicies.
pub fn targets<'w>(cx: &Cx<'w>) -> impl Iterator<Item = Target<'w>> {
    let Cx { graph, evaluation, .. } = *cx;
    let tls = graph.backend_tls_policies.iter().map(|(id, policy)| {
        let verdicts = evaluation.backend_tls_policies.get(id.index()).map_or(&[][..], |verdict| &verdict.targets);
        (&policy.meta, &policy.targets, verdicts)
    });
    let traffic = graph.backend_traffic_policies.iter().map(|(id, policy)| {
        let verdicts = evaluation.backend_traffic_policies.get(id.index()).map_or(&[][..], |verdict| &verdict.targets);
        (&policy.meta, &policy.targets, verdicts)
    });
    tls.chain(traffic).filter(|(meta, ..)| is_checked(meta)).flat_map(|(policy, targets, verdicts)| {
        targets.iter().zip(verdicts).map(move |(reference, verdict)| Target { policy, reference, verdict })
    })
}
