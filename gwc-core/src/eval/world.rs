//! What the evaluation looks at, and what a missing object means in this world (cli-and-rules.md §5.3, §5.4).
//!
//! `Cx` also holds what is read more than once: parsed certificates, grants by reader, facts given by `--assume`.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use compact_str::{CompactString, ToCompactString};

use crate::certificate::{self, Certificate};
use crate::eval::{CertificateProblem, Fact, Support};
use crate::graph::{ConfigMapId, Graph, SecretId};
use crate::profile::{Assumptions, Bundle, Profile, Target, WorldMode};
use crate::value::{GATEWAY_GROUP, GroupKind, ObjectKey};

use super::grant::GrantIndex;

/// Everything an evaluation reads.
pub(crate) struct Cx<'w> {
    pub(crate) graph: &'w Graph,
    pub(crate) profile: &'w Profile,
    pub(crate) target: Target,
    pub(crate) grants: GrantIndex<'w>,
    key_pairs: Vec<OnceLock<Result<Certificate, CertificateProblem>>>,
    authorities: Vec<OnceLock<Authority>>,
    used: Mutex<BTreeSet<Fact>>,
}

/// What `ca.crt` of a ConfigMap holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authority {
    /// At least one certificate.
    Usable,
    /// No such key, or an empty value.
    Missing,
    /// Something else.
    Unreadable,
}

/// What stands for an object that the world does not hold.
pub(crate) enum Missing {
    /// The extent of the world proves that it does not exist.
    Proven,
    /// It is taken to exist and to be suitable.
    Assumed(Support),
}

impl<'w> Cx<'w> {
    pub(crate) fn new(graph: &'w Graph, profile: &'w Profile, target: Target) -> Self {
        Self {
            graph,
            profile,
            target,
            grants: GrantIndex::new(graph),
            key_pairs: graph.secrets.ids().map(|_| OnceLock::new()).collect(),
            authorities: graph.config_maps.ids().map(|_| OnceLock::new()).collect(),
            used: Mutex::new(BTreeSet::new()),
        }
    }

    /// Does the controller support a feature, by its conformance name?
    pub(crate) fn feature(&self, name: &str) -> bool {
        self.profile.knobs.features.contains(name)
    }

    /// Is the target this release or a newer one?
    pub(crate) fn since(&self, bundle: Bundle) -> bool {
        self.target.bundle >= bundle
    }

    pub(crate) fn assumptions(&self) -> &'w Assumptions {
        &self.profile.world.assumptions
    }

    /// Does absence from the world prove that there is no such object?
    pub(crate) fn absence_proven(&self, group_kind: &GroupKind, namespace: &str) -> bool {
        match self.profile.world.mode_of(&group_kind.kind) {
            WorldMode::Closed => true,
            WorldMode::Open => false,
            WorldMode::Auto => self.graph.extent_known(group_kind, namespace),
        }
    }

    /// Are all ReferenceGrants of a namespace known?
    pub(crate) fn grants_known(&self, namespace: &str) -> bool {
        self.absence_proven(&GroupKind::new(GATEWAY_GROUP, "ReferenceGrant"), namespace)
    }

    /// What stands for an object that is not there; `given` tells whether the user vouches for it.
    pub(crate) fn missing(&self, group_kind: &GroupKind, key: &ObjectKey, fact: Fact, given: bool) -> Missing {
        if given {
            return Missing::Assumed(self.given(fact));
        }
        if self.absence_proven(group_kind, &key.namespace) {
            return Missing::Proven;
        }
        Missing::Assumed(Support::assumed(fact))
    }

    /// What stands for a Secret that is not there.
    pub(crate) fn missing_secret(&self, key: &ObjectKey) -> Missing {
        let given = self.assumptions().secrets.contains_key(&name_of(key));
        self.missing(&GroupKind::new("", "Secret"), key, Fact::Secret(key.clone()), given)
    }

    /// What stands for a ConfigMap that is not there.
    pub(crate) fn missing_config_map(&self, key: &ObjectKey) -> Missing {
        let given = self.assumptions().config_maps.contains(&name_of(key));
        self.missing(&GroupKind::new("", "ConfigMap"), key, Fact::ConfigMap(key.clone()), given)
    }

    /// What stands for a Service that is not there, for a reader that needs `port`.
    pub(crate) fn missing_service(&self, key: &ObjectKey, port: Option<u16>) -> Missing {
        let fact = Fact::Service(key.clone(), port);
        match self.assumptions().services.get(&name_of(key)) {
            Some(ports) if ports.is_empty() || port.is_none_or(|port| ports.contains(&port)) => {
                Missing::Assumed(self.given(fact))
            }
            // The user listed the ports of that Service, and this is none of them.
            Some(_) => Missing::Proven,
            None => self.missing(&GroupKind::new("", "Service"), key, fact, false),
        }
    }

    /// What stands for an object of any other kind that is not there.
    pub(crate) fn missing_object(&self, group_kind: &GroupKind, key: &ObjectKey) -> Missing {
        self.missing(group_kind, key, Fact::Object(group_kind.clone(), key.clone()), false)
    }

    /// Does the user vouch for a kind?
    pub(crate) fn kind_given(&self, group_kind: &GroupKind) -> Option<Support> {
        let given = self.assumptions().kinds.contains(&group_kind.to_compact_string());
        given.then(|| self.given(Fact::Kind(group_kind.clone())))
    }

    /// Remembers that a fact given by `--assume` was read.
    pub(crate) fn given(&self, fact: Fact) -> Support {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(fact.clone());
        Support::assumed(fact)
    }

    /// Every fact given by `--assume` that was read.
    pub(crate) fn into_used(self) -> BTreeSet<Fact> {
        self.used.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key pair of a Secret, parsed once.
    pub(crate) fn key_pair(&self, id: SecretId) -> Result<&Certificate, CertificateProblem> {
        let parse = || super::certificate::read_key_pair(&self.graph.secrets[id]);
        let Some(slot) = self.key_pairs.get(id.index()) else { return Err(CertificateProblem::CertificateMissing) };
        slot.get_or_init(parse).as_ref().map_err(|problem| *problem)
    }

    /// What `ca.crt` of a ConfigMap holds, parsed once.
    pub(crate) fn authority(&self, id: ConfigMapId) -> Authority {
        let read = || {
            let value = self.graph.config_maps[id].value("ca.crt").and_then(|value| value.bytes.as_deref());
            match value {
                None | Some([]) => Authority::Missing,
                Some(bytes) if certificate::ca_certificates(bytes) == 0 => Authority::Unreadable,
                Some(_) => Authority::Usable,
            }
        };
        self.authorities.get(id.index()).map_or(Authority::Missing, |slot| *slot.get_or_init(read))
    }
}

/// `NS/NAME`, the key of assumptions.
fn name_of(key: &ObjectKey) -> CompactString {
    key.to_compact_string()
}

/// Groups that Kubernetes itself or Gateway API defines: their kinds are backends, extensions or parameters only where
/// the profile says so. Kinds of any other group may be known to a controller without a profile.
#[must_use]
pub fn is_foreign_group(group: &str) -> bool {
    let built_in = ["", "apps", "autoscaling", "batch", "policy", "extensions"].contains(&group);
    let gateway_api = group == GATEWAY_GROUP || group == crate::value::X_GATEWAY_GROUP;
    !built_in && !gateway_api && !KUBERNETES_GROUPS.contains(&group)
}

/// API groups with a dot that a plain API server serves.
const KUBERNETES_GROUPS: [&str; 19] = [
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io",
    "metrics.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];
