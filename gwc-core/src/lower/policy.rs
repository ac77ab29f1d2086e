//! What policies say about a backend: TLS, sessions, retries (routing.md §5.5, §5.7, §5.9).

use rustc_hash::FxHashMap;

use crate::api::policy::{BackendTlsPolicy, PolicyTarget};
use crate::eval::{PolicyAccepted, PolicyVerdict};
use crate::graph::{BackendTlsPolicyId, BackendTrafficPolicyId};
use crate::ir::Str;
use crate::ir::backend::{BackendKey, RetryBudget};
use crate::ir::rule::SessionPersistence;
use crate::ir::secret::SecretStore;
use crate::ir::tls::{BackendTls, SubjectAltName, Trust};
use crate::lower::{Cx, session, tls};

/// Policies that count, by namespace and name of the Service: port name (`None`: every port) and policy.
type ByService<'g, P> = FxHashMap<(&'g str, &'g str), Vec<(Option<&'g str>, P)>>;

/// All policies that count.
pub(super) struct Policies<'g> {
    tls: ByService<'g, BackendTlsPolicyId>,
    traffic: ByService<'g, BackendTrafficPolicyId>,
}

impl<'g> Policies<'g> {
    /// Policies that win a target.
    pub(super) fn new(cx: Cx<'g>) -> Self {
        let mut policies = Self { tls: FxHashMap::default(), traffic: FxHashMap::default() };
        for ((id, policy), verdict) in cx.graph.backend_tls_policies.iter().zip(&cx.evaluation.backend_tls_policies) {
            if policy.meta.served {
                add(&mut policies.tls, &policy.meta.key.namespace, won(&policy.targets, verdict), id);
            }
        }
        let traffic = cx.graph.backend_traffic_policies.iter().zip(&cx.evaluation.backend_traffic_policies);
        for ((id, policy), verdict) in traffic {
            if policy.meta.served && verdict.accepted.verdict == PolicyAccepted::Accepted {
                add(&mut policies.traffic, &policy.meta.key.namespace, won(&policy.targets, verdict), id);
            }
        }
        policies
    }

    /// TLS towards a Service port; an invalid policy trusts nobody.
    pub(super) fn tls(
        &self,
        cx: Cx<'_>,
        service: &BackendKey,
        port: Option<&str>,
        secrets: &mut SecretStore,
    ) -> Option<BackendTls> {
        let id = chosen(&self.tls, service, port)?;
        let policy = &cx.graph.backend_tls_policies[id];
        let verdict = cx.evaluation.backend_tls_policies.get(id.index())?;
        let names = policy.subject_alt_names.iter().map(|(kind, name)| match kind.as_str() {
            "URI" => SubjectAltName::Uri(Str::from(&name.value)),
            _ => SubjectAltName::Hostname(Str::from(&name.value)),
        });
        Some(BackendTls {
            policy: Str::from(policy.meta.key.to_string()),
            hostname: policy.hostname.as_ref().map_or_else(Str::default, |name| Str::from(&name.value)),
            subject_alt_names: names.collect(),
            trust: trust(cx, policy, verdict, secrets),
        })
    }

    /// Sessions and retries of a Service port.
    pub(super) fn traffic(
        &self,
        cx: Cx<'_>,
        service: &BackendKey,
        port: Option<&str>,
    ) -> Option<(Option<SessionPersistence>, Option<RetryBudget>)> {
        let policy = &cx.graph.backend_traffic_policies[chosen(&self.traffic, service, port)?];
        let name = || format!("{}/{}", policy.meta.kind.value, policy.meta.key);
        let sticky = policy.session_persistence.as_ref().map(|written| session::lower(written, &name()));
        let budget = policy.retry_constraint.as_ref().map(|written| RetryBudget {
            percent: written.percent,
            interval: written.interval,
            min_count: written.min_count,
            min_interval: written.min_interval,
        });
        Some((sticky, budget))
    }
}

/// Services among the targets that the policy does not lose to an older one.
fn won<'g>(targets: &'g [PolicyTarget], verdict: &'g PolicyVerdict) -> impl Iterator<Item = &'g PolicyTarget> {
    let pairs = targets.iter().zip(&verdict.wins);
    let is_service = |target: &PolicyTarget| target.target.group.is_empty() && target.target.kind == "Service";
    pairs.filter(move |(target, wins)| **wins && is_service(target)).map(|(target, _)| target)
}

fn add<'g, P: Copy>(
    policies: &mut ByService<'g, P>,
    namespace: &'g str,
    targets: impl Iterator<Item = &'g PolicyTarget>,
    id: P,
) {
    for target in targets {
        let section = target.section_name.as_ref().map(|name| name.value.as_str());
        policies.entry((namespace, target.target.name.value.as_str())).or_default().push((section, id));
    }
}

/// The policy for the port alone goes before the one for the whole Service.
fn chosen<P: Copy>(policies: &ByService<'_, P>, service: &BackendKey, port: Option<&str>) -> Option<P> {
    let own = policies.get(&(service.namespace.as_str(), service.name.as_str()))?;
    let of_port = own.iter().find(|(section, _)| section.is_some() && *section == port);
    of_port.or_else(|| own.iter().find(|(section, _)| section.is_none())).map(|(_, id)| *id)
}

fn trust(cx: Cx<'_>, policy: &BackendTlsPolicy, verdict: &PolicyVerdict, secrets: &mut SecretStore) -> Trust {
    if verdict.accepted.verdict != PolicyAccepted::Accepted || policy.hostname.is_none() {
        return Trust::Nobody;
    }
    if policy.ca_refs.is_empty() {
        return if policy.well_known.is_some() { Trust::System } else { Trust::Nobody };
    }
    let namespace = &policy.meta.key.namespace;
    let pairs = policy.ca_refs.iter().zip(&verdict.cas);
    let usable = pairs.filter_map(|(reference, one)| tls::authority(cx, reference, namespace, &one.verdict, secrets));
    Trust::Authorities(usable.collect())
}
