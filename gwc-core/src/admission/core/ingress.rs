//! `networking.k8s.io` Ingress.

use std::net::IpAddr;

use crate::admission::core::service::{is_port, is_port_name};
use crate::admission::core::{At, service_name};
use crate::admission::metadata::names;
use crate::admission::{Cause, FieldError};

const PATH_TYPES: &[&str] = &["Exact", "ImplementationSpecific", "Prefix"];
const PATH_TYPE_WORDS: &str = "must be `Exact`, `ImplementationSpecific` or `Prefix`";

pub(super) fn check(root: &At<'_>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let spec = root.field("spec");
    let has_rules = spec.as_ref().is_some_and(|spec| spec.items("rules").next().is_some());
    let default = spec.as_ref().and_then(|spec| spec.field("defaultBackend"));
    if !has_rules && default.is_none() {
        let place = spec.clone().unwrap_or_else(|| root.clone());
        errors.push(place.error(Cause::Invalid, "an Ingress needs `rules` or `defaultBackend`"));
    }
    if let Some(backend) = default {
        check_backend(&backend, &mut errors);
    }
    let Some(spec) = spec else { return errors };
    if let Some((field, class)) = spec.text("ingressClassName") {
        errors.extend(names::is_subdomain(class).into_iter().map(|words| field.error(Cause::Invalid, words)));
    }
    for tls in spec.items("tls") {
        tls.items("hosts").for_each(|host| check_host(&host, &mut errors));
    }
    for rule in spec.items("rules") {
        if let Some((host, _)) = rule.text("host") {
            check_host(&host, &mut errors);
        }
        let Some(http) = rule.field("http") else { continue };
        if http.items("paths").next().is_none() {
            errors.push(http.missing("paths", "`http` needs at least one path"));
        }
        http.items("paths").for_each(|path| check_path(&path, &mut errors));
    }
    errors
}

fn check_host(host: &At<'_>, errors: &mut Vec<FieldError>) {
    let text = host.node.as_str().unwrap_or_default();
    if text.parse::<IpAddr>().is_ok() {
        errors.push(host.error(Cause::Invalid, "must be a DNS name, not an IP address"));
        return;
    }
    let name = text.strip_prefix("*.").unwrap_or(text);
    errors.extend(names::is_subdomain(name).into_iter().map(|words| host.error(Cause::Invalid, words)));
}

fn check_path(path: &At<'_>, errors: &mut Vec<FieldError>) {
    let path_type = path.text("pathType").map(|(_, text)| text);
    if path_type.is_none() {
        errors.push(path.missing("pathType", "a path needs `pathType`"));
    }
    errors.extend(path.one_of("pathType", PATH_TYPES, PATH_TYPE_WORDS));
    let written = path.text("path");
    match (path_type, &written) {
        (Some("Exact" | "Prefix"), Some((field, text))) => errors.extend(literal_path(field, text)),
        (Some("Exact" | "Prefix"), None) => errors.push(path.missing("path", "`Exact` and `Prefix` need a `path`")),
        (_, Some((field, text))) if !text.starts_with('/') => {
            errors.push(field.error(Cause::Invalid, "must start with `/`"));
        }
        (_, Some(_) | None) => {}
    }
    match path.field("backend") {
        Some(backend) => check_backend(&backend, errors),
        None => errors.push(path.missing("backend", "a path needs a `backend`")),
    }
}

/// Paths of `Exact` and `Prefix`: absolute, without anything that another reader would resolve.
fn literal_path(field: &At<'_>, text: &str) -> Option<FieldError> {
    let lower = text.to_ascii_lowercase();
    let inside = ["//", "/./", "/../", "%2f"].iter().any(|part| lower.contains(part));
    let words = if !text.starts_with('/') {
        "must start with `/`"
    } else if inside || lower.ends_with("/..") || lower.ends_with("/.") {
        "must not contain `//`, `/./`, `/../` or `%2f`"
    } else {
        return None;
    };
    Some(field.error(Cause::Invalid, words))
}

fn check_backend(backend: &At<'_>, errors: &mut Vec<FieldError>) {
    let (service, resource) = (backend.field("service"), backend.field("resource"));
    let service = match (service, resource) {
        (Some(_), Some(_)) => {
            errors.push(backend.error(Cause::Invalid, "a backend is either a `service` or a `resource`"));
            return;
        }
        (None, None) => {
            errors.push(backend.error(Cause::Required, "a backend needs a `service` or a `resource`"));
            return;
        }
        (None, Some(_)) => return,
        (Some(service), None) => service,
    };
    match service.text("name") {
        Some((field, name)) => {
            errors.extend(service_name(name).into_iter().map(|words| field.error(Cause::Invalid, words)));
        }
        None => errors.push(service.missing("name", "a backend Service needs its `name`")),
    }
    let port = service.field("port");
    let name = port.as_ref().and_then(|port| port.text("name"));
    let number = port.as_ref().and_then(|port| port.field("number")).filter(|number| number.node.as_int() != Some(0));
    match (name, number) {
        (Some((field, _)), Some(_)) => {
            errors.push(field.error(Cause::Invalid, "a port is either a `name` or a `number`"))
        }
        (None, None) => errors.push(service.missing("port", "a backend Service needs `port.name` or `port.number`")),
        (Some((field, name)), None) if !is_port_name(name) => {
            errors.push(
                field
                    .error(Cause::Invalid, "must be the name of a port: at most 15 lower-case letters, digits and `-`"),
            );
        }
        (None, Some(number)) if !is_port(number.node.as_int()) => {
            errors.push(number.error(Cause::Invalid, "must be between 1 and 65535"));
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
}
