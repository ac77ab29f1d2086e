//! core Service.

use crate::admission::core::{At, label_errors};
use crate::admission::metadata::names;
use crate::admission::{Cause, FieldError};

const TYPES: &[&str] = &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PROTOCOLS: &[&str] = &["SCTP", "TCP", "UDP"];
const PORT_RANGE: &str = "must be between 1 and 65535";

pub(super) fn check(root: &At<'_>) -> Vec<FieldError> {
    let Some(spec) = root.field("spec") else {
        return vec![root.missing("spec", "a Service needs `spec.ports`")];
    };
    let mut errors: Vec<FieldError> = spec
        .one_of("type", TYPES, "must be `ClusterIP`, `ExternalName`, `LoadBalancer` or `NodePort`")
        .into_iter()
        .collect();
    let external = spec.text("type").is_some_and(|(_, r#type)| r#type == "ExternalName");
    let headless = spec.text("clusterIP").is_some_and(|(_, address)| address == "None");
    if external {
        errors.extend(external_name(&spec));
    }
    let n_ports = spec.items("ports").count();
    if n_ports == 0 && !external && !headless {
        errors.push(
            spec.missing("ports", "a Service needs at least one port unless it is headless or of type `ExternalName`"),
        );
    }
    let mut names_seen: Vec<&str> = Vec::new();
    let mut ports_seen: Vec<(i64, &str)> = Vec::new();
    for port in spec.items("ports") {
        check_port(&port, n_ports > 1, &mut errors);
        if let Some((field, name)) = port.text("name") {
            if names_seen.contains(&name) {
                errors.push(field.error(Cause::Duplicate, "another port of the Service has this name"));
            }
            names_seen.push(name);
        }
        let number = port.field("port").and_then(|field| field.node.as_int()).unwrap_or_default();
        let key = (number, port.text("protocol").map_or("TCP", |(_, protocol)| protocol));
        if ports_seen.contains(&key) {
            errors.push(port.error(Cause::Duplicate, "another port of the Service has this number and protocol"));
        }
        ports_seen.push(key);
    }
    errors.extend(label_errors(&spec, "selector"));
    errors
}

fn external_name(spec: &At<'_>) -> Vec<FieldError> {
    let Some((field, name)) = spec.text("externalName") else {
        return vec![spec.missing("externalName", "a Service of type `ExternalName` needs `externalName`")];
    };
    // One dot at the end says that the name is complete.
    let name = name.strip_suffix('.').unwrap_or(name);
    names::is_subdomain(name).into_iter().map(|words| field.error(Cause::Invalid, words)).collect()
}

fn check_port(port: &At<'_>, name_required: bool, errors: &mut Vec<FieldError>) {
    match port.text("name") {
        Some((field, name)) => {
            errors.extend(names::is_label(name).into_iter().map(|words| field.error(Cause::Invalid, words)));
        }
        None if name_required => errors.push(port.missing("name", "every port needs a name where there are several")),
        None => {}
    }
    match port.field("port") {
        Some(field) if !is_port(field.node.as_int()) => errors.push(field.error(Cause::Invalid, PORT_RANGE)),
        Some(_) => {}
        // The server decodes a missing number as 0, which is out of range.
        None => errors.push(port.missing("port", "a port needs `port`, a number between 1 and 65535")),
    }
    errors.extend(port.one_of("protocol", PROTOCOLS, "must be `SCTP`, `TCP` or `UDP`"));
    if let Some(target) = port.field("targetPort") {
        // 0 and the empty text are as good as absent.
        let fits = target.node.as_str().map_or_else(
            || target.node.as_int() == Some(0) || is_port(target.node.as_int()),
            |name| name.is_empty() || is_port_name(name),
        );
        if !fits {
            errors.push(
                target.error(Cause::Invalid, "must be a number between 1 and 65535 or the name of a container port"),
            );
        }
    }
    if let Some((field, protocol)) = port.text("appProtocol") {
        errors.extend(names::is_qualified(protocol).into_iter().map(|words| field.error(Cause::Invalid, words)));
    }
}

pub(super) fn is_port(number: Option<i64>) -> bool {
    number.is_some_and(|number| (1..=65_535).contains(&number))
}

/// Name of a port (RFC 6335): at most 15 lower-case letters, digits and single inner dashes, at least one letter.
pub(super) fn is_port_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let fits = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    bytes.len() <= 15
        && bytes.iter().all(fits)
        && bytes.iter().any(u8::is_ascii_lowercase)
        && !text.contains("--")
        && !text.starts_with('-')
        && !text.ends_with('-')
}
