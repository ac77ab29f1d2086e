//! Ingress of every version, and IngressClass.
//!
//! `v1beta1` names a backend by `serviceName` and `servicePort`, and calls the default backend `backend`.

use compact_str::CompactString;

use crate::api::Meta;
use crate::api::decode::reader::Reader;
use crate::api::ingress::{Backend, Ingress, IngressClass, Path, PathType, Port, Rule, Target, Tls};
use crate::source::Spanned;
use crate::yaml::Value;

pub(super) fn ingress(root: Reader<'_>, written: Reader<'_>, meta: Meta) -> Ingress {
    let spec = root.field("spec");
    let default = spec.and_then(|spec| spec.field("defaultBackend").or_else(|| spec.field("backend")));
    Ingress {
        class: spec.and_then(|spec| spec.text("ingressClassName")),
        default_backend: default.and_then(backend),
        tls: spec.map(|spec| spec.items("tls").map(tls).collect()).unwrap_or_default(),
        rules: spec.map(|spec| spec.items("rules").map(rule).collect()).unwrap_or_default(),
        addresses: addresses(written),
        meta,
    }
}

pub(super) fn ingress_class(root: Reader<'_>, meta: Meta) -> IngressClass {
    let spec = root.field("spec");
    IngressClass {
        controller: spec.and_then(|spec| spec.text("controller")),
        parameters: spec.and_then(|spec| spec.field("parameters")).map(Reader::span),
        meta,
    }
}

fn tls(tls: Reader<'_>) -> Tls {
    let secret = tls.text("secretName").filter(|name| !name.value.is_empty());
    Tls { hosts: tls.texts("hosts"), secret, span: tls.span() }
}

fn rule(rule: Reader<'_>) -> Rule {
    Rule {
        host: rule.text("host").filter(|host| !host.value.is_empty()),
        paths: rule.field("http").map(|http| http.items("paths").map(path).collect()),
        span: rule.span(),
    }
}

fn path(path: Reader<'_>) -> Path {
    let path_type = match path.field("pathType").and_then(Reader::string) {
        Some("Exact") => PathType::Exact,
        Some("Prefix") => PathType::Prefix,
        Some(_) | None => PathType::ImplementationSpecific,
    };
    Path {
        path: path.text("path"),
        path_type: Spanned::new(path_type, path.place_of("pathType")),
        backend: path.field("backend").and_then(backend),
        span: path.span(),
    }
}

fn backend(backend: Reader<'_>) -> Option<Backend> {
    let target = match (backend.field("service"), backend.field("resource")) {
        (Some(service), _) => v1_service(service)?,
        (None, Some(resource)) => Target::Resource {
            group: resource.word_or("apiGroup", ""),
            kind: resource.word_or("kind", ""),
            name: resource.text("name")?,
        },
        (None, None) => Target::Service { name: backend.text("serviceName")?, port: number_or_name(backend)? },
    };
    Some(Backend { target, span: backend.span() })
}

fn v1_service(service: Reader<'_>) -> Option<Target> {
    let port = service.field("port")?;
    let number = port.port("number").map(|number| Spanned::new(Port::Number(number.value), number.span));
    let name = || port.text("name").map(|name| Spanned::new(Port::Name(name.value), name.span));
    Some(Target::Service { name: service.text("name")?, port: number.or_else(name)? })
}

/// `servicePort` is a number or a name.
fn number_or_name(backend: Reader<'_>) -> Option<Spanned<Port>> {
    let port = backend.field("servicePort")?;
    let value = match &port.node().value {
        Value::Int(number) => Port::Number(u16::try_from(*number).ok().filter(|number| *number > 0)?),
        Value::String(name) => match name.parse() {
            Ok(number) => Port::Number(number),
            Err(_) => Port::Name(name.clone()),
        },
        Value::Null | Value::Bool(_) | Value::Float(_) | Value::Sequence(_) | Value::Mapping(_) => return None,
    };
    Some(Spanned::new(value, port.span()))
}

/// Admission drops a status that is written beside a spec, therefore from the tree as written.
fn addresses(written: Reader<'_>) -> Vec<CompactString> {
    let Some(balancer) = written.at(&["status", "loadBalancer"]) else { return Vec::new() };
    let address = |one: Reader<'_>| one.text("ip").or_else(|| one.text("hostname")).map(|text| text.value);
    balancer.items("ingress").filter_map(address).collect()
}
