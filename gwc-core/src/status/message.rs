//! Sentences: facts as `--assume` flags and in words, causes of certificate and reference failures, lists of names.

use std::fmt::Display;

use crate::api::core::{Secret, Service};
use crate::api::gateway::AllowedNamespaces;
use crate::api::reference::ObjectReference;
use crate::eval::selector::{self, Unmet};
use crate::eval::{CaVerdict, CertificateProblem, CertificateVerdict, Fact, GrantMismatch, NotPermitted};
use crate::graph::{Graph, ListenerId, ListenerOwner};
use crate::profile::{Assumptions, Profile};
use crate::value::ObjectKey;

/// How many names a sentence lists before it only counts.
const MAX_LISTED: usize = 8;

/// The `--assume` argument that would give a fact (cli-and-rules.md §5.4); values that only the user knows are written
/// in capitals. `None` for facts that no flag gives.
#[must_use]
pub fn assume_flag(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Secret(key) => Some(format!("secret:{key}")),
        Fact::ConfigMap(key) => Some(format!("configmap:{key}")),
        Fact::Service(key, port) => port.map(|port| format!("service:{key}:{port}")),
        Fact::GatewayClass(name) => Some(format!("gatewayclass:{name}=example.com/controller")),
        Fact::Kind(kind) => Some(format!("kind:{}/{}", kind.group, kind.kind)),
        Fact::NamespaceLabels(namespace, keys) => {
            let labels: Vec<_> = keys.iter().map(|key| format!("{key}=VALUE")).collect();
            Some(format!("namespace:{namespace}{{{}}}", labels.join(",")))
        }
        Fact::Created(kind, key) => {
            Some(format!("created:{}/{}/{}=TIME", kind.to_lowercase(), key.namespace, key.name))
        }
        Fact::Object(..)
        | Fact::GrantsComplete(_)
        | Fact::Dataplane
        | Fact::AddressPool
        | Fact::CrdVersion
        | Fact::Parameters(..) => None,
    }
}

/// The `--assume` argument by which the user gave a fact, with the values given.
#[must_use]
pub fn given_flag(fact: &Fact, assumptions: &Assumptions) -> Option<String> {
    match fact {
        Fact::GatewayClass(name) => {
            assumptions.gateway_classes.get(name).map(|controller| format!("gatewayclass:{name}={controller}"))
        }
        Fact::NamespaceLabels(namespace, _) => assumptions.namespaces.get(namespace).map(|labels| {
            let labels: Vec<_> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("namespace:{namespace}{{{}}}", labels.join(","))
        }),
        // The reader of the manifests lists creation times with their values.
        Fact::Created(..) => None,
        Fact::Service(key, None) => Some(format!("service:{key}")),
        Fact::Secret(_)
        | Fact::ConfigMap(_)
        | Fact::Service(_, Some(_))
        | Fact::Object(..)
        | Fact::Kind(_)
        | Fact::GrantsComplete(_)
        | Fact::Dataplane
        | Fact::AddressPool
        | Fact::CrdVersion
        | Fact::Parameters(..) => assume_flag(fact),
    }
}

/// A fact in words.
#[must_use]
pub fn describe(fact: &Fact) -> String {
    match fact {
        Fact::Secret(key) => format!("Secret `{key}` exists and holds a usable key pair"),
        Fact::ConfigMap(key) => format!("ConfigMap `{key}` exists and holds a usable `ca.crt`"),
        Fact::Service(key, Some(port)) => format!("Service `{key}` exists and has port {port}"),
        Fact::Service(key, None) => format!("Service `{key}` exists"),
        Fact::GatewayClass(name) => format!("GatewayClass `{name}` exists and its controller is at work"),
        Fact::Object(kind, key) => format!("{} `{key}` exists and is suitable", kind.kind),
        Fact::Kind(kind) => format!("the controller understands kind `{kind}`"),
        Fact::NamespaceLabels(namespace, keys) => format!("Namespace `{namespace}` has labels {}", names(keys)),
        Fact::GrantsComplete(namespace) => format!("all ReferenceGrants of namespace `{namespace}` were given"),
        Fact::Created(kind, key) => format!("creation time of {kind} `{key}`"),
        Fact::Dataplane => "the data plane takes the configuration".to_owned(),
        Fact::AddressPool => "the address pool has the requested address".to_owned(),
        Fact::CrdVersion => "the CRDs of the cluster are a supported version".to_owned(),
        Fact::Parameters(kind, key) => format!("the content of {} `{key}` is valid", kind.kind),
    }
}

/// The flag of a fact where there is one, else its words.
pub(crate) fn fact(fact: &Fact) -> String {
    assume_flag(fact).unwrap_or_else(|| describe(fact))
}

/// Names in backticks, separated by commas; the rest of a long list is counted.
pub(crate) fn names<N: Display>(items: impl IntoIterator<Item = N>) -> String {
    let all: Vec<_> = items.into_iter().map(|name| format!("`{name}`")).collect();
    let shown = all.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > MAX_LISTED { format!("{shown} and {} more", all.len() - MAX_LISTED) } else { shown }
}

/// Several causes as one sentence.
pub(crate) fn join(causes: Vec<String>) -> String {
    let (n, mut shown) = (causes.len(), causes);
    shown.truncate(MAX_LISTED);
    let rest = n - shown.len();
    let text = shown.join("; ");
    if rest > 0 { format!("{text}; and {rest} more") } else { text }
}

/// Listeners by name, those of ListenerSets with their set.
pub(crate) fn listeners(graph: &Graph, ids: &[ListenerId]) -> String {
    names_raw(ids.iter().map(|id| {
        let name = &graph.listener(*id).name.value;
        match graph.listeners[*id].owner {
            ListenerOwner::Gateway(_) => format!("`{name}`"),
            ListenerOwner::ListenerSet(set) => {
                format!("`{name}` of ListenerSet `{}`", graph.listener_sets[set].meta.key)
            }
        }
    }))
}

fn names_raw(items: impl Iterator<Item = String>) -> String {
    let all: Vec<_> = items.collect();
    let shown = all.iter().take(MAX_LISTED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > MAX_LISTED { format!("{shown} and {} more", all.len() - MAX_LISTED) } else { shown }
}

/// Why a reference across namespaces is refused.
pub(crate) fn not_permitted(graph: &Graph, near: &NotPermitted, kind: &str, key: &ObjectKey) -> String {
    let start = format!("no ReferenceGrant in namespace `{}` permits the reference to {kind} `{key}`", key.namespace);
    let Some((id, mismatch)) = near.near_misses.first() else { return start };
    let field = match mismatch {
        GrantMismatch::FromNamespace => "from[].namespace",
        GrantMismatch::FromKind => "from[].kind",
        GrantMismatch::FromGroup => "from[].group",
        GrantMismatch::ToKind => "to[].kind",
        GrantMismatch::ToGroup => "to[].group",
        GrantMismatch::ToName => "to[].name",
    };
    format!("{start}; ReferenceGrant `{}` would, but for its `{field}`", graph.grants[*id].meta.key.name)
}

/// What is wrong with a reference to a key pair; `None` when nothing is.
pub(crate) fn certificate(
    graph: &Graph,
    reference: &ObjectReference,
    namespace: &str,
    verdict: &CertificateVerdict,
) -> Option<String> {
    let key = reference.target(namespace);
    match verdict {
        CertificateVerdict::Valid(_) | CertificateVerdict::Assumed => None,
        CertificateVerdict::RefNotPermitted(near) => Some(not_permitted(graph, near, &reference.kind, &key)),
        CertificateVerdict::UnsupportedKind => {
            Some(format!("kind `{}` is not supported for certificates, only core Secret", reference.group_kind()))
        }
        CertificateVerdict::NotFound => Some(format!("Secret `{key}` does not exist")),
        CertificateVerdict::Refused => Some(format!("Secret `{key}` would be refused by the API server")),
        CertificateVerdict::Malformed(id, problem) => Some(malformed(&graph.secrets[*id], *problem)),
    }
}

fn malformed(secret: &Secret, problem: CertificateProblem) -> String {
    let key = &secret.meta.key;
    match problem {
        CertificateProblem::WrongType => {
            format!("Secret `{key}` has type `{}`, not `kubernetes.io/tls`", secret.r#type.value)
        }
        CertificateProblem::CertificateMissing => format!("Secret `{key}` has no `tls.crt`"),
        CertificateProblem::KeyMissing => format!("Secret `{key}` has no `tls.key`"),
        CertificateProblem::NotBase64 => format!("Secret `{key}` has data that is not base64"),
        CertificateProblem::CertificateNotPem => format!("`tls.crt` of Secret `{key}` holds no PEM certificate"),
        CertificateProblem::CertificateUnreadable => {
            format!("`tls.crt` of Secret `{key}` holds a certificate that cannot be read")
        }
        CertificateProblem::KeyNotPem => format!("`tls.key` of Secret `{key}` holds no PEM private key"),
        CertificateProblem::KeyMismatch => format!("`tls.key` of Secret `{key}` belongs to another certificate"),
    }
}

/// What is wrong with a CA reference; `None` when nothing is.
pub(crate) fn authority(
    graph: &Graph,
    reference: &ObjectReference,
    namespace: &str,
    verdict: &CaVerdict,
) -> Option<String> {
    let key = reference.target(namespace);
    match verdict {
        CaVerdict::Valid(_) | CaVerdict::Assumed => None,
        CaVerdict::RefNotPermitted(near) => Some(not_permitted(graph, near, &reference.kind, &key)),
        CaVerdict::UnsupportedKind => {
            Some(format!("kind `{}` is not supported for CA certificates, only core ConfigMap", reference.group_kind()))
        }
        CaVerdict::NotFound => Some(format!("ConfigMap `{key}` does not exist")),
        CaVerdict::Refused => Some(format!("ConfigMap `{key}` would be refused by the API server")),
        CaVerdict::Malformed(_, true) => Some(format!("ConfigMap `{key}` has no `ca.crt`, or an empty one")),
        CaVerdict::Malformed(_, false) => Some(format!("`ca.crt` of ConfigMap `{key}` holds no PEM certificate")),
    }
}

/// Ports of a Service, for people who named another.
pub(crate) fn ports(service: &Service) -> String {
    if service.ports.is_empty() { "none".to_owned() } else { names(service.ports.iter().map(|port| port.port.value)) }
}

/// Why `namespaces` keeps out an object in `namespace`.
pub(crate) fn keeps_out(
    graph: &Graph,
    profile: &Profile,
    allowed: &AllowedNamespaces,
    own: &str,
    namespace: &str,
) -> String {
    use crate::api::gateway::From;
    match (allowed.from, &allowed.selector) {
        (From::All, _) => format!("namespace `{namespace}` is allowed"),
        (From::Same, _) => format!("only namespace `{own}` is allowed, not `{namespace}`"),
        (From::None, _) => "no namespace is allowed".to_owned(),
        (From::Selector, None) => "`from: Selector` without a selector allows no namespace".to_owned(),
        (From::Selector, Some(selector)) if !selector::is_valid(selector) => {
            "the namespace selector has an operator or values that do not go together, so it selects nothing".to_owned()
        }
        (From::Selector, Some(selector)) => {
            let unmet = selector::unmet(graph, profile, selector, namespace);
            let wanted: Vec<_> = unmet.iter().map(requirement).collect();
            format!("namespace `{namespace}` {}", join(wanted))
        }
    }
}

fn requirement(unmet: &Unmet) -> String {
    let key = &unmet.key;
    let has = match (&unmet.actual, unmet.known) {
        (Some(value), _) => format!("has label `{key}={value}`"),
        (None, true) => format!("has no label `{key}`"),
        (None, false) => format!("has an unknown value of label `{key}`"),
    };
    match unmet.operator.as_str() {
        "In" => format!("{has}, the selector wants {}", names(&unmet.values)),
        "NotIn" => format!("{has}, the selector excludes {}", names(&unmet.values)),
        "Exists" => format!("{has}, the selector wants any value"),
        _ => format!("{has}, the selector wants none"),
    }
}
