//! Backends of Ingresses as ports of Services (ingress-migrate.md §2.9).

use crate::api::core::{self as api, Service};
use crate::api::ingress::{Backend, Port, Target};
use crate::diagnostic::Severity;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, ItemId, Origin};
use crate::migrate::site::{ServicePort, To};
use crate::source::Span;
use crate::value::ObjectKey;

/// Who names a backend: the Ingress, and the JSON pointer of the backend.
#[derive(Clone, Copy)]
pub(super) struct Named<'n> {
    pub(super) ingress: &'n ObjectKey,
    pub(super) span: Span,
    pub(super) pointer: &'n str,
    /// The item that stands for all findings about an Ingress that is not to be converted.
    pub(super) silent: Option<ItemId>,
}

impl Named<'_> {
    fn add(self, item: Item, cx: &mut Cx<'_, '_>) -> ItemId {
        self.silent.unwrap_or_else(|| cx.report.add(item))
    }
}

/// Finds the Service port of a backend.
pub(super) fn resolve(backend: &Backend, named: Named<'_>, cx: &mut Cx<'_, '_>) -> To {
    match &backend.target {
        Target::Service { name, port } => {
            let key = ObjectKey::new(named.ingress.namespace.clone(), name.value.clone());
            found(key, &port.value, named, cx)
        }
        Target::Resource { kind, name, .. } => {
            let message = format!("the backend is the {kind} `{}`, which no Gateway takes as a backend", name.value);
            To::Closed(named.add(item(named, &name.value).finding(code::RESOURCE_BACKEND, message), cx))
        }
    }
}

fn item(named: Named<'_>, value: &str) -> Item {
    let origin = Origin {
        kind: "Ingress",
        object: named.ingress.clone(),
        span: Some(named.span),
        pointer: named.pointer.to_owned(),
    };
    Item::new(origin, Fact::Field("backend".into()), value, Verdict::None)
}

fn found(key: ObjectKey, written: &Port, named: Named<'_>, cx: &mut Cx<'_, '_>) -> To {
    let Some(service) = cx.services.get(&key).copied() else { return unknown(key, written, named, cx) };
    if service.r#type.value == "ExternalName" {
        return external(service, named, cx);
    }
    let Some(port) = port_of(service, written) else {
        let message = format!("the Service `{}` has no port `{written}`: the controller answers 503", key.name);
        let item = item(named, &written.to_string()).finding(code::SERVICE_NOT_GIVEN, message);
        let item = if matches!(written, Port::Name(_)) { item.severity(Severity::Error) } else { item };
        return To::Closed(named.add(item.help("name a port that the Service has"), cx));
    };
    let is_literal = match written {
        Port::Number(number) => *number == port.port.value,
        Port::Name(name) => port.name.as_ref().is_some_and(|own| own.value == *name),
    };
    let port = port.port.value;
    if !is_literal {
        let message =
            format!("`{written}` is a target port of the Service `{}`; a route names its port {port}", key.name);
        let item = item(named, &written.to_string()).finding(code::PORT_RESOLVED, message);
        named.add(Item { verdict: Verdict::Exact, ..item }, cx);
    }
    To::Service(ServicePort { service: key, port, written: written.clone() })
}

/// A name of another DNS zone: no Gateway should send requests there (MIG206).
fn external(service: &Service, named: Named<'_>, cx: &mut Cx<'_, '_>) -> To {
    let target = service.external_name.as_ref().map_or("", |name| name.value.as_str());
    let name = &service.meta.key.name;
    let message = format!("the Service `{name}` is of type ExternalName, which a Gateway should not send requests to");
    let item = item(named, target).finding(code::EXTERNAL_NAME_SERVICE, message);
    let help = "give the Service endpoints, or use the implementation's own kind of backend for the name";
    To::Closed(named.add(item.help(help), cx))
}

/// The Service is not in the input: a number is taken as it is, a name cannot be.
fn unknown(key: ObjectKey, written: &Port, named: Named<'_>, cx: &mut Cx<'_, '_>) -> To {
    let message = format!("the Service `{}` is not in the input", key.name);
    let finding = item(named, &written.to_string()).finding(code::SERVICE_NOT_GIVEN, message);
    match written {
        Port::Number(number) => {
            let finding = finding.help("give the Service with the input, so that its port can be checked");
            named.add(Item { verdict: Verdict::Exact, ..finding }, cx);
            To::Service(ServicePort { service: key, port: *number, written: written.clone() })
        }
        Port::Name(name) => {
            let help = format!("give the Service with the input: a route needs the number of `{name}`");
            To::Closed(named.add(finding.severity(Severity::Error).help(help), cx))
        }
    }
}

/// The first port whose number, target or name is the text, as ingress-nginx compares them.
fn port_of<'s>(service: &'s Service, written: &Port) -> Option<&'s api::ServicePort> {
    let text = written.to_string();
    let is_meant = |port: &&api::ServicePort| {
        let name = port.name.as_ref().map(|name| name.value.as_str());
        port.port.value.to_string() == text || port.target_port == text || name == Some(text.as_str())
    };
    service.ports.iter().find(is_meant)
}
