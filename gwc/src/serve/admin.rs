//! The admin endpoint of a run: where it listens, and the facts that only manifests tell.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gwc_core::ir::Config;
use gwc_core::status::{Condition, ObjectStatus, ParentStatus, StatusBody};
use gwc_core::yaml::Node;
use gwc_runtime::admin::{Admin, AdminFacts, ConditionFact, ConditionKind, Facts};
use gwc_runtime::{Applied, Runtime};

use crate::failure::Failure;
use crate::output::say;

/// Where it listens unless something else is asked for.
const DEFAULT: &str = "127.0.0.1:9901";

/// Facts that are shared with the endpoint.
pub(crate) fn facts() -> Facts {
    Arc::new(Mutex::new(AdminFacts::default()))
}

/// Changes facts.
pub(crate) fn update(facts: &Facts, change: impl FnOnce(&mut AdminFacts)) {
    change(&mut facts.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Starts the endpoint of `--admin`; without a wish it is left out where its port is taken.
pub(crate) fn start(wish: Option<&str>, runtime: &Runtime, facts: &Facts) -> Result<Option<Admin>, Failure> {
    if wish == Some("off") {
        return Ok(None);
    }
    let text = wish.unwrap_or(DEFAULT);
    let address: SocketAddr = text
        .parse()
        .map_err(|_| Failure::usage(format!("--admin `{text}`: write an address with a port, as {DEFAULT}, or off")))?;
    match Admin::start(address, runtime.clone(), Arc::clone(facts), None) {
        Ok(admin) => Ok(Some(admin)),
        Err(error) if wish.is_some() => Err(Failure::input(format!("--admin {address}: {error}"))),
        Err(error) => {
            say(&format!("note: no admin endpoint at {address}: {error}; --admin ADDR names another"));
            Ok(None)
        }
    }
}

/// What statuses say of Gateways and HTTPRoutes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    gateways: BTreeMap<String, u64>,
    routes: u64,
    conditions: BTreeSet<ConditionFact>,
}

impl Judged {
    /// Of the objects of a load; classes stand in the IR.
    pub(crate) fn new(statuses: &[ObjectStatus], config: &Config) -> Self {
        let mut all = Self::default();
        let classes: BTreeMap<(&str, &str), &str> = config
            .gateways
            .iter()
            .map(|one| ((one.namespace.as_str(), one.name.as_str()), one.class.as_str()))
            .collect();
        for status in statuses {
            let (namespace, name) = (status.object.namespace.as_str(), status.object.name.as_str());
            match &status.body {
                Some(StatusBody::Gateway { conditions, .. }) => {
                    let class = classes.get(&(namespace, name)).copied();
                    all.gateway(status, class, conditions);
                }
                Some(StatusBody::Route { parents }) if status.object.kind == "HTTPRoute" => all.route(status, parents),
                Some(
                    StatusBody::Route { .. }
                    | StatusBody::GatewayClass { .. }
                    | StatusBody::ListenerSet { .. }
                    | StatusBody::Policy { .. },
                )
                | None => {}
            }
        }
        all
    }

    fn gateway(&mut self, status: &ObjectStatus, class: Option<&str>, conditions: &[Condition]) {
        if let Some(class) = class.filter(|_| is_true(conditions, "Programmed")) {
            *self.gateways.entry(class.to_owned()).or_default() += 1;
        }
        self.add(ConditionKind::Gateway, status, "", conditions);
    }

    fn route(&mut self, status: &ObjectStatus, parents: &[ParentStatus]) {
        self.routes += u64::from(parents.iter().any(|parent| is_true(&parent.conditions, "Accepted")));
        for parent in parents {
            let name = parent_name(parent, &status.object.namespace);
            self.add(ConditionKind::HttpRoute, status, &name, &parent.conditions);
        }
    }

    fn add(&mut self, kind: ConditionKind, status: &ObjectStatus, parent: &str, conditions: &[Condition]) {
        self.conditions.extend(conditions.iter().map(|condition| ConditionFact {
            kind,
            namespace: status.object.namespace.clone(),
            name: status.object.name.clone(),
            parent: parent.to_owned(),
            condition: condition.r#type.to_owned(),
            status: condition.status.to_owned(),
        }));
    }

    /// Tells the endpoint that a load is served, and what is known of it.
    pub(crate) fn tell(self, facts: &Facts, applied: &Applied, took: Duration) {
        update(facts, |facts| {
            facts.gateways_programmed = self.gateways;
            facts.http_routes_accepted = self.routes;
            facts.conditions = self.conditions;
            let bound = applied.bound.iter().filter_map(|one| Some((*one.result.as_ref().ok()?, one.socket)));
            facts.bound = bound.collect();
            facts.served(took);
        });
    }
}

fn is_true(conditions: &[Condition], r#type: &str) -> bool {
    conditions.iter().any(|condition| condition.r#type == r#type && condition.status == "True")
}

/// `namespace/name`, with section and port where given.
fn parent_name(parent: &ParentStatus, namespace: &str) -> String {
    let field = |key: &str| parent.reference.field(key).and_then(Node::as_str);
    let section = field("sectionName").map(|section| format!("/{section}")).unwrap_or_default();
    let port = parent.reference.field("port").and_then(Node::as_int).map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}/{}{section}{port}", field("namespace").unwrap_or(namespace), field("name").unwrap_or_default())
}
