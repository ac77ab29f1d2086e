//! Facts about the cluster in words and, where there is one, as the `--assume` flag that gives them.

use crate::eval::Fact;
use crate::value::ObjectKey;

/// The flag value that gives a fact, for example `service:store/web:8080`; `None` where no flag gives it.
#[must_use]
pub fn assume_flag(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Secret(key) => Some(format!("secret:{key}")),
        Fact::ConfigMap(key) => Some(format!("configmap:{key}")),
        Fact::Service(key, Some(port)) => Some(format!("service:{key}:{port}")),
        Fact::GatewayClass(name) => Some(format!("gatewayclass:{name}=example.com/controller")),
        Fact::Kind(kind) => Some(format!("kind:{}/{}", kind.group, kind.kind)),
        Fact::NamespaceLabels(name, keys) => {
            let labels: Vec<String> = keys.iter().map(|key| format!("{key}=VALUE")).collect();
            Some(format!("namespace:{name}{{{}}}", labels.join(",")))
        }
        Fact::Created(kind, key) => {
            let kind = kind.to_ascii_lowercase();
            Some(format!("created:{kind}/{}/{}=TIME", key.namespace, key.name))
        }
        Fact::Service(_, None)
        | Fact::Object(..)
        | Fact::GrantsComplete(_)
        | Fact::Dataplane
        | Fact::AddressPool
        | Fact::CrdVersion
        | Fact::Parameters(..) => None,
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
        Fact::Kind(kind) => format!("kind `{kind}` exists and the controller understands it"),
        Fact::NamespaceLabels(name, keys) => {
            format!("labels of Namespace `{name}`: {}", super::quoted(keys))
        }
        Fact::GrantsComplete(namespace) => format!("all ReferenceGrants of namespace `{namespace}` are given"),
        Fact::Created(kind, key) => format!("creation time of {kind} `{key}`"),
        Fact::Dataplane => "the data plane takes the configuration".to_owned(),
        Fact::AddressPool => "the address pool has the requested address".to_owned(),
        Fact::CrdVersion => "the CRDs of the cluster are a supported version".to_owned(),
        Fact::Parameters(kind, key) => format!("the content of {} `{key}` is valid", kind.kind),
    }
}

/// The flag where there is one, else the words.
#[must_use]
pub fn text(fact: &Fact) -> String {
    assume_flag(fact).unwrap_or_else(|| describe(fact))
}

/// The flag as an option on a command line, for help texts: `--assume 'service:store/web:8080'`.
#[must_use]
pub fn option(fact: &Fact) -> Option<String> {
    assume_flag(fact).map(|flag| format!("--assume '{flag}'"))
}

/// The kind whose world mode decides about a fact (cli-and-rules.md §5.3).
#[must_use]
pub fn kind(fact: &Fact) -> &str {
    match fact {
        Fact::Secret(_) => "Secret",
        Fact::ConfigMap(_) => "ConfigMap",
        Fact::Service(..) => "Service",
        Fact::GatewayClass(_) => "GatewayClass",
        Fact::Object(kind, _) | Fact::Kind(kind) | Fact::Parameters(kind, _) => &kind.kind,
        Fact::NamespaceLabels(..) => "Namespace",
        Fact::GrantsComplete(_) => "ReferenceGrant",
        Fact::Created(kind, _) => kind,
        Fact::Dataplane | Fact::AddressPool | Fact::CrdVersion => "",
    }
}

/// Kind and key of the object that a fact says exists; `None` for facts of another sort.
#[must_use]
pub fn subject(fact: &Fact) -> Option<(String, ObjectKey)> {
    let key = match fact {
        Fact::Secret(key) | Fact::ConfigMap(key) | Fact::Service(key, _) | Fact::Object(_, key) => key.clone(),
        Fact::GatewayClass(name) => ObjectKey::new("", name.clone()),
        Fact::Kind(_)
        | Fact::NamespaceLabels(..)
        | Fact::GrantsComplete(_)
        | Fact::Created(..)
        | Fact::Dataplane
        | Fact::AddressPool
        | Fact::CrdVersion
        | Fact::Parameters(..) => return None,
    };
    Some((kind(fact).to_owned(), key))
}
