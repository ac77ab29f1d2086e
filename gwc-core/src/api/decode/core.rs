//! Kinds of Kubernetes itself: only the fields that gwc reads.

use compact_str::{CompactString, ToCompactString};

use crate::api::core::{
    ConfigMap, Crd, Endpoint, EndpointPort, EndpointSlice, EndpointSubset, Namespace, Secret, SecretValue, Service,
    ServiceImport, ServicePort, Transport, Workload,
};
use crate::api::decode::reader::Reader;
use crate::api::{Meta, Object, Text};
use crate::profile::{Bundle, Channel};
use crate::source::Spanned;
use crate::value::base64::decode_base64;
use crate::value::{GATEWAY_GROUP, X_GATEWAY_GROUP};
use crate::yaml::{Entry, Value};

/// Label that ties an EndpointSlice to its Service.
const SERVICE_NAME_LABEL: &str = "kubernetes.io/service-name";

/// Kinds of the core, `apps` and `batch` groups.
pub(super) fn core(root: Reader<'_>, meta: Meta, kind: &str) -> Option<Object> {
    let pod_labels: &[&str] = match (meta.group.as_str(), kind) {
        ("", "Namespace") => return Some(Object::Namespace(Namespace { meta })),
        ("", "Service") => return Some(Object::Service(service(root, meta))),
        ("", "Secret") => return Some(Object::Secret(secret(root, meta))),
        ("", "ConfigMap") => return Some(Object::ConfigMap(config_map(root, meta))),
        ("", "Endpoints") => return Some(Object::EndpointSlice(endpoints(root, meta))),
        ("", "Pod") => &["metadata"],
        ("", "ReplicationController")
        | ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
        | ("batch", "Job") => &["spec", "template", "metadata"],
        ("batch", "CronJob") => &["spec", "jobTemplate", "spec", "template", "metadata"],
        _ => return Some(Object::Other(meta)),
    };
    let pod_labels = root.at(pod_labels).map(|metadata| metadata.string_map("labels")).unwrap_or_default();
    Some(Object::Workload(Workload { meta, pod_labels }))
}

fn service(root: Reader<'_>, meta: Meta) -> Service {
    // The API server asks for ports and type; a tree without spec still decodes to something harmless.
    let spec = root.field("spec").unwrap_or(root);
    Service {
        meta,
        r#type: spec.text_or("type", "ClusterIP"),
        ports: service_ports(spec),
        selector: spec.string_map("selector"),
        external_name: spec.text("externalName").filter(|name| !name.value.is_empty()),
        headless: spec.field("clusterIP").and_then(Reader::string) == Some("None"),
    }
}

pub(super) fn service_import(root: Reader<'_>, meta: Meta) -> ServiceImport {
    // MCS API v1beta1 moved the ports from `spec` to the root.
    let holder = root.field("spec").filter(|spec| spec.field("ports").is_some()).unwrap_or(root);
    ServiceImport { meta, ports: service_ports(holder) }
}

fn service_ports(holder: Reader<'_>) -> Vec<ServicePort> {
    holder.items("ports").filter_map(service_port).collect()
}

fn service_port(reader: Reader<'_>) -> Option<ServicePort> {
    let port = reader.port("port")?;
    let target = reader.field("targetPort").and_then(|target| match &target.node().value {
        Value::Int(number) if *number != 0 => Some(number.to_compact_string()),
        Value::String(name) if !name.is_empty() => Some(name.clone()),
        Value::Int(_)
        | Value::String(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Float(_)
        | Value::Sequence(_)
        | Value::Mapping(_) => None,
    });
    Some(ServicePort {
        name: reader.text("name").filter(|name| !name.value.is_empty()),
        transport: transport(reader),
        app_protocol: reader.text("appProtocol").filter(|protocol| !protocol.value.is_empty()),
        target_port: target.unwrap_or_else(|| port.value.to_compact_string()),
        port,
        span: reader.span(),
    })
}

fn transport(port: Reader<'_>) -> Transport {
    match port.field("protocol").and_then(Reader::string) {
        Some("UDP") => Transport::Udp,
        Some("SCTP") => Transport::Sctp,
        Some(_) | None => Transport::Tcp,
    }
}

fn secret(root: Reader<'_>, meta: Meta) -> Secret {
    let encoded = values(root, "data", decode_base64);
    let plain = values(root, "stringData", |text| Some(text.as_bytes().to_vec()));
    let mut r#type = root.text_or("type", "Opaque");
    if r#type.value.is_empty() {
        r#type.value = CompactString::const_new("Opaque");
    }
    Secret { meta, r#type, data: merge(encoded, plain) }
}

fn config_map(root: Reader<'_>, meta: Meta) -> ConfigMap {
    let plain = values(root, "data", |text| Some(text.as_bytes().to_vec()));
    let encoded = values(root, "binaryData", decode_base64);
    ConfigMap { meta, data: merge(plain, encoded) }
}

type NamedValue = (CompactString, SecretValue);

/// Entries of the mapping under `key`; `null` is an empty value, as the API server reads it.
fn values(root: Reader<'_>, key: &str, bytes: fn(&str) -> Option<Vec<u8>>) -> Vec<NamedValue> {
    let entries = root.field(key).map_or(&[][..], Reader::entries);
    let value = |entry: &Entry| {
        let text = entry.value.as_str().or_else(|| entry.value.is_null().then_some(""))?;
        let value = SecretValue {
            bytes: bytes(text),
            span: root.place(entry.value.start, entry.value.end),
            key_span: root.place(entry.key.start, entry.key.end),
        };
        Some((entry.key.text.clone(), value))
    };
    entries.iter().filter_map(value).collect()
}

/// Both lists by key; `over` wins.
fn merge(under: Vec<NamedValue>, over: Vec<NamedValue>) -> Vec<NamedValue> {
    let kept = under.into_iter().filter(|(name, _)| !over.iter().any(|(other, _)| other == name));
    let mut merged: Vec<NamedValue> = kept.collect();
    merged.extend(over);
    merged.sort_by(|(a, _), (b, _)| a.cmp(b));
    merged
}

pub(super) fn endpoint_slice(root: Reader<'_>, meta: Meta) -> EndpointSlice {
    // An unknown readiness counts as ready (discovery/v1).
    let ready = |endpoint: &Reader<'_>| {
        let condition = endpoint.field("conditions").and_then(|conditions| conditions.bool("ready"));
        condition.is_none_or(|ready| ready.value)
    };
    let addresses = root.items("endpoints").filter(ready).flat_map(|endpoint| endpoint.texts("addresses"));
    let endpoints = root.items("endpoints").filter_map(|endpoint| {
        let condition = |name| endpoint.field("conditions").and_then(|conditions| conditions.bool(name));
        let ready = ready(&endpoint);
        Some(Endpoint {
            address: endpoint.items("addresses").find_map(Reader::string)?.into(),
            ready,
            serving: condition("serving").map_or(ready, |serving| serving.value),
            terminating: condition("terminating").is_some_and(|terminating| terminating.value),
        })
    });
    EndpointSlice {
        service: meta.label(SERVICE_NAME_LABEL).map(CompactString::from),
        addresses: addresses.collect(),
        subsets: vec![EndpointSubset { ports: endpoint_ports(root), endpoints: endpoints.collect() }],
        meta,
    }
}

fn endpoints(root: Reader<'_>, meta: Meta) -> EndpointSlice {
    let ready = root.items("subsets").flat_map(|subset| subset.items("addresses"));
    let addresses: Vec<Text> = ready.filter_map(|address| address.text("ip")).collect();
    let subset = |subset: Reader<'_>| {
        let ready = subset.items("addresses").filter_map(|address| address.text("ip"));
        let endpoint = |ip: Text| Endpoint { address: ip.value, ready: true, serving: true, terminating: false };
        EndpointSubset { ports: endpoint_ports(subset), endpoints: ready.map(endpoint).collect() }
    };
    let subsets = root.items("subsets").map(subset).collect();
    EndpointSlice { service: Some(meta.key.name.clone()), addresses, subsets, meta }
}

fn endpoint_ports(holder: Reader<'_>) -> Vec<EndpointPort> {
    let port = |port: Reader<'_>| EndpointPort {
        name: port.word_or("name", ""),
        port: port.port("port").map(|port| port.value),
        transport: transport(port),
    };
    holder.items("ports").map(port).collect()
}

pub(super) fn crd(root: Reader<'_>, meta: Meta) -> Option<Crd> {
    let spec = root.field("spec")?;
    let group = spec.word_or("group", "");
    let ours = group == GATEWAY_GROUP || group == X_GATEWAY_GROUP;
    let annotation = |name: &str| {
        let found = meta.annotations.iter().find(|(key, _)| key.value == name);
        found.map(|(_, value)| value).filter(|_| ours)
    };
    let version = annotation("gateway.networking.k8s.io/bundle-version");
    let channel = annotation("gateway.networking.k8s.io/channel").and_then(|text| match text.value.as_str() {
        "standard" => Some(Channel::Standard),
        "experimental" => Some(Channel::Experimental),
        _ => None,
    });
    let bundle = version.and_then(|text| Bundle::parse(&text.value)).map(|(bundle, _)| bundle);
    Some(Crd {
        group,
        kind: spec.at(&["names", "kind"]).and_then(Reader::string).unwrap_or_default().into(),
        namespaced: spec.field("scope").and_then(Reader::string) == Some("Namespaced"),
        bundle: bundle.zip(channel),
        bundle_span: version.map(|text| text.span),
        bundle_text: version.map(|Spanned { value, .. }| value.clone()),
        meta,
    })
}
