//! Objects as the server holds them: texts for the compiler, statuses for the comparison with what should be there.
//!
//! A change of a status alone is no change: a status is never an input of a decision (runtime-design.md §7.3).

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::value::ObjectKey;
use serde_json::{Value, json};

use crate::cluster::kind::{self, KINDS, Kind, Part, Served};
use crate::cluster::watch::Update;

/// Which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// Position of the kind in [`KINDS`].
    kind: usize,
    /// Namespace; empty for objects of the cluster.
    pub(crate) namespace: String,
    /// Name.
    pub(crate) name: String,
}

impl Key {
    /// The object of a kind; `None`: the kind is not watched.
    pub(crate) fn new(kind: &Kind, namespace: &str, name: &str) -> Option<Self> {
        let kind = KINDS.iter().position(|one| one == kind)?;
        Some(Self { kind, namespace: namespace.to_owned(), name: name.to_owned() })
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> &'static Kind {
        &KINDS[self.kind]
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let slash = if self.namespace.is_empty() { "" } else { "/" };
        write!(f, "{} {}{slash}{}", self.kind().name, self.namespace, self.name)
    }
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// What the compiler reads: everything but the status and what the server notes down for itself.
    text: String,
    /// `spec.controllerName` of a GatewayClass, `spec.gatewayClassName` of a Gateway, the Service of an EndpointSlice.
    owner: Option<String>,
    /// `status`.
    pub(crate) status: Value,
    /// `metadata.resourceVersion`.
    pub(crate) resource_version: String,
}

/// What an update changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing that is looked at.
    Nothing,
    /// The status of one object, which others may have written.
    Status(Key),
    /// What is served.
    World,
}

/// Everything that the watches told.
#[derive(Debug)]
pub(crate) struct Store {
    controller_name: String,
    served: Vec<Served>,
    objects: BTreeMap<Key, Held>,
    /// Kinds whose first list has not ended.
    pending: BTreeSet<&'static str>,
    /// What the world refers to; `None`: not known yet.
    referenced: Option<BTreeSet<Key>>,
}

impl Store {
    /// A store without kinds.
    pub(crate) fn new(controller_name: &str) -> Self {
        let controller_name = controller_name.to_owned();
        let (served, objects, pending) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        Self { controller_name, served, objects, pending, referenced: None }
    }

    /// Expects the objects of a kind; false: it is known already.
    pub(crate) fn add(&mut self, served: Served) -> bool {
        if self.served(served.kind).is_some() {
            return false;
        }
        self.pending.insert(served.kind.name);
        self.served.push(served);
        true
    }

    /// Are there kinds that the server does not have?
    pub(crate) fn lacks_any(&self) -> bool {
        self.served.len() < KINDS.len()
    }

    /// Our controller name.
    pub(crate) fn controller_name(&self) -> &str {
        &self.controller_name
    }

    /// Kinds that are not known yet; nothing may be decided before this is empty.
    pub(crate) fn pending(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.pending.iter().copied()
    }

    /// A kind as the server has it.
    pub(crate) fn served(&self, kind: &Kind) -> Option<&Served> {
        self.served.iter().find(|served| served.kind == kind)
    }

    /// One object.
    pub(crate) fn get(&self, key: &Key) -> Option<&Held> {
        self.objects.get(key)
    }

    /// Says what the world refers to: from now on other Services, Secrets and the like may change as they like.
    pub(crate) fn refer(&mut self, referenced: BTreeSet<Key>) {
        self.referenced = Some(referenced);
    }

    /// Takes an update over.
    pub(crate) fn apply(&mut self, update: Update) -> Change {
        match update {
            Update::Listed(kind, objects) => self.listed(kind, objects),
            Update::Applied(kind, object) => self.applied(kind, object),
            Update::Deleted(kind, object) => {
                let gone = key_of(kind, &object).and_then(|key| self.objects.remove_entry(&key));
                match gone.filter(|(key, held)| self.is_read(key, held)) {
                    Some(_) => Change::World,
                    None => Change::Nothing,
                }
            }
        }
    }

    fn listed(&mut self, kind: &'static Kind, objects: Vec<Value>) -> Change {
        let first = self.pending.remove(kind.name);
        let Some(api_version) = self.served(kind).map(|served| served.api_version.clone()) else {
            return Change::Nothing;
        };
        let mut now = BTreeMap::new();
        for object in objects {
            let Some(key) = key_of(kind, &object) else { continue };
            now.insert(key, held(kind, &api_version, object));
        }
        let all = std::mem::take(&mut self.objects);
        let (before, others): (BTreeMap<Key, Held>, BTreeMap<Key, Held>) =
            all.into_iter().partition(|(key, _)| key.kind() == kind);
        self.objects = others;
        let differs = |a: &BTreeMap<Key, Held>, b: &BTreeMap<Key, Held>| {
            let is_other = |key: &Key, held: &Held| b.get(key).is_none_or(|other| other.text != held.text);
            a.iter().any(|(key, held)| self.is_read(key, held) && is_other(key, held))
        };
        let same = !differs(&before, &now) && !differs(&now, &before);
        self.objects.append(&mut now);
        if same && !first { Change::Nothing } else { Change::World }
    }

    fn applied(&mut self, kind: &'static Kind, object: Value) -> Change {
        let (Some(key), Some(served)) = (key_of(kind, &object), self.served(kind)) else { return Change::Nothing };
        let held = held(kind, &served.api_version, object);
        let change = match self.objects.get(&key) {
            // A late message of the past.
            Some(before) if is_older(&held.resource_version, &before.resource_version) => return Change::Nothing,
            Some(before) if before.text != held.text => {
                let is_read = self.is_read(&key, &held) || self.is_read(&key, before);
                if is_read { Change::World } else { Change::Nothing }
            }
            Some(before) if before.status != held.status => Change::Status(key.clone()),
            Some(_) => Change::Nothing,
            None if self.is_read(&key, &held) => Change::World,
            None => Change::Nothing,
        };
        self.objects.insert(key, held);
        change
    }

    /// Does anything depend on an object?
    fn is_read(&self, key: &Key, held: &Held) -> bool {
        let is_referenced = |key: &Key| self.referenced.as_ref().is_none_or(|referenced| referenced.contains(key));
        match key.kind().part {
            Part::Referenced => is_referenced(key),
            Part::Endpoints => {
                let service = held.owner.as_deref().and_then(|name| Key::new(kind::service(), &key.namespace, name));
                service.is_some_and(|service| is_referenced(&service))
            }
            Part::Definition => is_of_gateway_api(&key.name),
            Part::Class | Part::Gateway | Part::Other => true,
        }
    }

    /// What the compiler reads: everything but what belongs to other controllers.
    pub(crate) fn sources(&self) -> SourceMap {
        let mut sources = SourceMap::new();
        for (key, held) in self.ours() {
            let name = match key.namespace.as_str() {
                "" => format!("{}/{}", key.kind().name, key.name),
                namespace => format!("{}/{namespace}/{}", key.kind().name, key.name),
            };
            let text = held.text.clone();
            let (origin, role) = (Origin::Cluster, Role::Checked);
            sources.add(Source { name, origin, role, named: true, text, utf8_error: None });
        }
        sources
    }

    /// Addresses that the statuses of our Gateways say they have: the one thing that is read from a status (§7.4).
    pub(crate) fn addresses(&self) -> BTreeMap<ObjectKey, Vec<IpAddr>> {
        let gateways = self.ours().filter(|(key, _)| key.kind().part == Part::Gateway);
        let of = |held: &Held| {
            let all = held.status.get("addresses").and_then(Value::as_array).into_iter().flatten();
            all.filter_map(|one| one.get("value")?.as_str()?.parse().ok()).collect()
        };
        gateways.map(|(key, held)| (ObjectKey::new(key.namespace.as_str(), key.name.as_str()), of(held))).collect()
    }

    fn ours(&self) -> impl Iterator<Item = (&Key, &Held)> {
        let class = |part: Part, held: &Held| match part {
            Part::Class => held.owner.as_deref() == Some(self.controller_name.as_str()),
            Part::Gateway | Part::Definition | Part::Referenced | Part::Endpoints | Part::Other => false,
        };
        let classes = self.objects.iter().filter(|(key, held)| class(key.kind().part, held));
        let classes: BTreeSet<&str> = classes.map(|(key, _)| key.name.as_str()).collect();
        self.objects.iter().filter(move |(key, held)| match key.kind().part {
            Part::Class => classes.contains(key.name.as_str()),
            Part::Gateway => held.owner.as_deref().is_some_and(|class| classes.contains(class)),
            Part::Definition => is_of_gateway_api(&key.name),
            Part::Referenced | Part::Endpoints | Part::Other => true,
        })
    }
}

/// Is a version older than another? Versions count up (and where they are no numbers, what comes later is newer).
fn is_older(version: &str, than: &str) -> bool {
    match (version.parse::<u64>(), than.parse::<u64>()) {
        (Ok(version), Ok(than)) => version < than,
        (Ok(_) | Err(_), Ok(_) | Err(_)) => false,
    }
}

fn key_of(kind: &'static Kind, object: &Value) -> Option<Key> {
    let metadata = object.get("metadata")?;
    let text = |key: &str| metadata.get(key).and_then(Value::as_str);
    Key::new(kind, text("namespace").unwrap_or_default(), text("name")?)
}

/// CRDs are named `plural.group`.
fn is_of_gateway_api(name: &str) -> bool {
    name.ends_with(".gateway.networking.k8s.io") || name.ends_with(".gateway.networking.x-k8s.io")
}

/// What the server notes down for itself, and what kubectl does.
const NOTES: [&str; 2] = ["managedFields", "resourceVersion"];
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn held(kind: &'static Kind, api_version: &str, mut object: Value) -> Held {
    let at = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let owner = match kind.part {
        Part::Class => at("/spec/controllerName"),
        Part::Gateway => at("/spec/gatewayClassName"),
        Part::Endpoints => at("/metadata/labels/kubernetes.io~1service-name"),
        Part::Definition | Part::Referenced | Part::Other => None,
    };
    let (name, resource_version) = (at("/metadata/name"), at("/metadata/resourceVersion"));
    let (name, resource_version) = (name.unwrap_or_default(), resource_version.unwrap_or_default());
    let mut status = Value::Null;
    if let Some(map) = object.as_object_mut() {
        status = map.remove("status").unwrap_or_default();
        // Items of lists do not repeat what they are.
        map.insert("apiVersion".to_owned(), api_version.into());
        map.insert("kind".to_owned(), kind.name.into());
        if kind.part == Part::Definition {
            let group = name.split_once('.').map_or("", |(_, group)| group);
            map.insert("spec".to_owned(), json!({"group": group}));
        }
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !NOTES.contains(&key.as_str()));
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove(LAST_APPLIED);
        }
    }
    Held { text: object.to_string(), owner, status, resource_version }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::kind::named;

    const GROUP: &str = "gateway.networking.k8s.io";

    fn kind(name: &str) -> &'static Kind {
        named(GROUP, name).unwrap()
    }

    fn store() -> Store {
        let served = |name: &str| Served {
            kind: kind(name),
            api_version: format!("{GROUP}/v1"),
            plural: format!("{}s", name.to_lowercase()),
            namespaced: name != "GatewayClass",
        };
        let mut store = Store::new("example.com/own");
        for name in ["GatewayClass", "Gateway", "HTTPRoute"] {
            assert!(store.add(served(name)));
        }
        assert!(!store.add(served("Gateway")) && store.lacks_any());
        store
    }

    fn class(name: &str, controller: &str) -> Value {
        json!({"metadata": {"name": name}, "spec": {"controllerName": controller}})
    }

    fn gateway(name: &str, class: &str, version: u64, port: u16) -> Value {
        json!({
            "metadata": {
                "namespace": "infra",
                "name": name,
                "resourceVersion": version.to_string(),
                "managedFields": [{"manager": version}],
                "annotations": {LAST_APPLIED: format!("{version}")},
            },
            "spec": {"gatewayClassName": class, "listeners": [{"name": "http", "port": port}]},
            "status": {"addresses": [{"type": "IPAddress", "value": "10.0.0.1"}]},
        })
    }

    fn names(store: &Store) -> Vec<String> {
        store.sources().iter().map(|(_, source)| source.name.clone()).collect()
    }

    #[test]
    fn nothing_is_known_before_every_list_ended() {
        let mut store = store();
        assert_eq!(store.pending().collect::<Vec<_>>(), ["Gateway", "GatewayClass", "HTTPRoute"]);
        assert_eq!(store.apply(Update::Listed(kind("HTTPRoute"), Vec::new())), Change::World);
        assert_eq!(store.apply(Update::Listed(kind("Gateway"), Vec::new())), Change::World);
        assert_eq!(store.pending().collect::<Vec<_>>(), ["GatewayClass"]);
        assert_eq!(store.apply(Update::Listed(kind("Gateway"), Vec::new())), Change::Nothing);
    }

    #[test]
    fn what_belongs_to_other_controllers_is_left_out() {
        let mut store = store();
        let classes = vec![class("own", "example.com/own"), class("other", "example.com/other")];
        store.apply(Update::Listed(kind("GatewayClass"), classes));
        store.apply(Update::Listed(kind("Gateway"), vec![gateway("a", "own", 1, 80), gateway("b", "other", 1, 80)]));
        assert_eq!(names(&store), ["GatewayClass/own", "Gateway/infra/a"]);
        let addresses = store.addresses();
        assert_eq!(addresses.get(&ObjectKey::new("infra", "a")), Some(&vec!["10.0.0.1".parse().unwrap()]));
        assert_eq!(addresses.len(), 1);
        // The class changes hands.
        store.apply(Update::Applied(kind("GatewayClass"), class("own", "example.com/other")));
        assert!(names(&store).is_empty());
    }

    #[test]
    fn texts_say_what_they_are_and_hold_no_status_and_no_notes() {
        let mut store = store();
        store.apply(Update::Applied(kind("GatewayClass"), class("own", "example.com/own")));
        store.apply(Update::Applied(kind("Gateway"), gateway("a", "own", 7, 80)));
        let sources = store.sources();
        let text: Value = serde_json::from_str(&sources.iter().last().unwrap().1.text).unwrap();
        assert_eq!(text["apiVersion"], "gateway.networking.k8s.io/v1");
        assert_eq!(text["kind"], "Gateway");
        assert_eq!(text["metadata"], json!({"namespace": "infra", "name": "a", "annotations": {}}));
        assert!(text.get("status").is_none());
        let key = Key::new(kind("Gateway"), "infra", "a").unwrap();
        assert_eq!(store.get(&key).unwrap().resource_version, "7");
        assert_eq!(key.to_string(), "Gateway infra/a");
    }

    #[test]
    fn changes_are_told_apart() {
        let mut store = store();
        let kind = kind("Gateway");
        let key = Key::new(kind, "infra", "a").unwrap();
        assert_eq!(store.apply(Update::Applied(kind, gateway("a", "own", 2, 80))), Change::World);
        assert_eq!(store.apply(Update::Applied(kind, gateway("a", "own", 3, 80))), Change::Nothing);
        let mut status = gateway("a", "own", 4, 80);
        status["status"] = json!({});
        assert_eq!(store.apply(Update::Applied(kind, status)), Change::Status(key.clone()));
        // A late message of the past.
        assert_eq!(store.apply(Update::Applied(kind, gateway("a", "own", 1, 81))), Change::Nothing);
        assert_eq!(store.get(&key).unwrap().resource_version, "4");
        assert_eq!(store.apply(Update::Applied(kind, gateway("a", "own", 5, 81))), Change::World);
        assert_eq!(store.apply(Update::Deleted(kind, gateway("a", "own", 6, 81))), Change::World);
        assert_eq!(store.apply(Update::Deleted(kind, gateway("a", "own", 6, 81))), Change::Nothing);
        // After a gap in the watch: the same objects are no change, others are.
        store.apply(Update::Listed(kind, vec![gateway("a", "own", 7, 80)]));
        assert_eq!(store.apply(Update::Listed(kind, vec![gateway("a", "own", 8, 80)])), Change::Nothing);
        assert_eq!(store.apply(Update::Listed(kind, vec![gateway("b", "own", 8, 80)])), Change::World);
        assert!(store.get(&key).is_none());
    }

    #[test]
    fn what_nothing_refers_to_may_change() {
        let mut store = Store::new("example.com/own");
        let (service, slice) = (kind::service(), named("discovery.k8s.io", "EndpointSlice").unwrap());
        for kind in [service, slice] {
            let (api_version, plural) = ("v1".to_owned(), kind.name.to_lowercase());
            store.add(Served { kind, api_version, plural, namespaced: true });
        }
        let object = |name: &str, version: u64, of: &str| {
            let labels = json!({"kubernetes.io/service-name": of});
            json!({"metadata": {"namespace": "shop", "name": name, "labels": labels, "resourceVersion": version.to_string()},
                "spec": version})
        };
        // Nothing is known of the world: everything counts.
        assert_eq!(store.apply(Update::Applied(service, object("web", 1, ""))), Change::World);
        store.refer(BTreeSet::from([Key::new(service, "shop", "web").unwrap()]));
        assert_eq!(store.apply(Update::Applied(service, object("web", 2, ""))), Change::World);
        assert_eq!(store.apply(Update::Applied(service, object("other", 2, ""))), Change::Nothing);
        assert_eq!(store.apply(Update::Applied(service, object("other", 3, ""))), Change::Nothing);
        assert_eq!(store.apply(Update::Applied(slice, object("a", 1, "web"))), Change::World);
        assert_eq!(store.apply(Update::Applied(slice, object("b", 1, "other"))), Change::Nothing);
        // A slice that leaves its Service changes it.
        assert_eq!(store.apply(Update::Applied(slice, object("a", 2, "other"))), Change::World);
        assert_eq!(store.apply(Update::Deleted(slice, object("a", 3, "other"))), Change::Nothing);
        store.apply(Update::Listed(service, vec![object("web", 4, ""), object("other", 4, "")]));
        let listed = vec![object("web", 4, ""), object("other", 5, "")];
        assert_eq!(store.apply(Update::Listed(service, listed)), Change::Nothing);
        assert_eq!(store.apply(Update::Listed(service, Vec::new())), Change::World);
        // What was not looked at is there all the same.
        store.apply(Update::Applied(service, object("late", 6, "")));
        store.refer(BTreeSet::from([Key::new(service, "shop", "late").unwrap()]));
        assert!(names(&store).contains(&"Service/shop/late".to_owned()));
    }
}
