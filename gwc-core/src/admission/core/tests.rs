//! Tests of the checks of core kinds: what the API server takes and what it refuses.

use super::*;
use crate::source::{Origin, Role, Source, SourceMap};

/// Paths and causes of all errors, with the text they point at.
fn errors(text: &str) -> Vec<String> {
    let mut sources = SourceMap::new();
    let id = sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
    let documents = crate::yaml::parse::parse(id, sources.source(id));
    let root = documents[0].root.as_ref().expect("parses");
    let show = |error: FieldError| {
        assert!(!error.detail.is_empty());
        format!("{} {}", error.path, error.cause.name().trim_start_matches("FieldValue"))
    };
    check(root).unwrap_or_default().into_iter().map(show).collect()
}

#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    assert_eq!(errors(text), expected, "{text}");
}

fn service(spec: &str) -> String {
    format!("apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n")
}

#[test]
fn services() {
    for fine in [
        "{ports: [{port: 80}]}",
        "{clusterIP: None}",
        "{type: ExternalName, externalName: a.example.}",
        "{ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}]}",
        "{ports: [{port: 80, targetPort: http, appProtocol: kubernetes.io/h2c}], selector: {app: x}}",
        "{ports: [{port: 80, targetPort: 0}], selector: null}",
    ] {
        refused(&service(fine), &[]);
    }
    refused(&service("{}"), &["spec.ports Required"]);
    refused(&service("{ports: [{port: 0}]}"), &["spec.ports[0].port Invalid"]);
    refused(&service("{ports: [{port: 65536}]}"), &["spec.ports[0].port Invalid"]);
    refused(&service("{ports: [{name: a}]}"), &["spec.ports[0].port Required"]);
    refused(&service("{ports: [{port: '80'}]}"), &["spec.ports[0].port TypeInvalid"]);
    refused(
        &service("{ports: [{port: 1}, {port: 2}]}"),
        &["spec.ports[0].name Required", "spec.ports[1].name Required"],
    );
    refused(&service("{ports: [{name: a, port: 1}, {name: a, port: 2}]}"), &["spec.ports[1].name Duplicate"]);
    refused(&service("{ports: [{name: a, port: 1}, {name: b, port: 1}]}"), &["spec.ports[1] Duplicate"]);
    refused(&service("{ports: [{port: 1, protocol: tcp}]}"), &["spec.ports[0].protocol NotSupported"]);
    refused(&service("{ports: [{port: 1, targetPort: UPPER}]}"), &["spec.ports[0].targetPort Invalid"]);
    refused(&service("{ports: [{port: 1, name: A}]}"), &["spec.ports[0].name Invalid"]);
    refused(&service("{type: Clusterip, ports: [{port: 1}]}"), &["spec.type NotSupported"]);
    refused(&service("{type: ExternalName}"), &["spec.externalName Required"]);
    refused(&service("{ports: [{port: 1}], selector: {app: 'a b'}}"), &["spec.selector[app] Invalid"]);
}

#[test]
fn names() {
    let named = |kind: &str, name: &str| {
        errors(&format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{ports: [{{port: 1}}]}}\n"))
    };
    assert!(
        named("Service", "a-1").is_empty()
            && named("ConfigMap", "1.b").is_empty()
            && named("Namespace", "1a").is_empty()
    );
    for (kind, name) in
        [("Service", "1a"), ("Service", "a.b"), ("Namespace", "a.b"), ("ConfigMap", "A"), ("Secret", "a_b")]
    {
        assert_eq!(named(kind, name), ["metadata.name Invalid"], "{kind} {name}");
    }
    refused("apiVersion: v1\nkind: Namespace\n", &["metadata.name Required"]);
    refused(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {a: 1}}\n",
        &["metadata.labels.a TypeInvalid"],
    );
    refused("apiVersion: example.com/v1\nkind: Thing\nmetadata: 7\n", &[]);
}

#[test]
fn secrets_and_config_maps() {
    let secret = |rest: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{rest}\n");
    refused(&secret("type: kubernetes.io/tls\ndata: {tls.crt: ''}\nstringData: {tls.key: x}"), &[]);
    refused(&secret("type: kubernetes.io/tls"), &["data[tls.crt] Required", "data[tls.key] Required"]);
    refused(&secret("data:\n  a: |\n    aGVs\n    bG8=\n"), &[]);
    refused(&secret("data: {a: '%'}"), &["data[a] TypeInvalid"]);
    refused(&secret("data: {a: 5}"), &["data[a] TypeInvalid"]);
    refused(&secret("stringData: {a/b: x}"), &["stringData[a/b] Invalid"]);
    let map = |rest: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{rest}\n");
    refused(&map("data: {a: x, b: }\nbinaryData: {c: aGk=}"), &[]);
    refused(&map("data: {a: true}"), &["data[a] TypeInvalid"]);
    refused(&map("data: {a: x, ..b: x}\nbinaryData: {a: aGk=}"), &["data[..b] Invalid", "binaryData[a] Invalid"]);
    refused(&map("data: []"), &["data TypeInvalid"]);
    refused(&map(&format!("data: {{a: {}}}", "x".repeat(1024 * 1024 + 1))), &[" TooLong"]);
}

#[test]
fn endpoint_slices() {
    let slice =
        |rest: &str| format!("apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: a}}\n{rest}\n");
    refused(&slice("addressType: IPv4\nendpoints: [{addresses: [10.0.0.1]}]"), &[]);
    refused(&slice("endpoints: []"), &["addressType Required"]);
    refused(&slice("addressType: IPv5\nendpoints: []"), &["addressType NotSupported"]);
    refused(&slice("addressType: IPv4\nendpoints: [{addresses: ['::1']}]"), &["endpoints[0].addresses[0] Invalid"]);
    refused(&slice("addressType: IPv6\nendpoints: [{addresses: []}]"), &["endpoints[0].addresses Required"]);
}

#[test]
fn ingresses() {
    let ingress =
        |spec: &str| format!("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: a}}\nspec: {spec}\n");
    let backend = "{service: {name: s, port: {number: 80}}}";
    let path = |rest: &str| {
        ingress(&format!("{{rules: [{{host: '*.a.example', http: {{paths: [{{backend: {backend}, {rest}}}]}}}}]}}"))
    };
    let at = "spec.rules[0].http.paths[0]";
    refused(&ingress(&format!("{{defaultBackend: {backend}}}")), &[]);
    refused(&path("pathType: Prefix, path: /"), &[]);
    refused(&path("pathType: ImplementationSpecific"), &[]);
    refused(&ingress("{}"), &["spec Invalid"]);
    refused(&path("path: /"), &[&format!("{at}.pathType Required")]);
    refused(&path("pathType: prefix, path: /"), &[&format!("{at}.pathType NotSupported")]);
    refused(&path("pathType: Exact, path: x"), &[&format!("{at}.path Invalid")]);
    refused(&path("pathType: Exact, path: /a//b"), &[&format!("{at}.path Invalid")]);
    refused(&path("pathType: Exact"), &[&format!("{at}.path Required")]);
    refused(&ingress("{rules: [{host: 10.0.0.1}]}"), &["spec.rules[0].host Invalid"]);
    refused(&ingress("{rules: [{http: {paths: []}}]}"), &["spec.rules[0].http.paths Required"]);
    let default = |backend: &str| ingress(&format!("{{defaultBackend: {backend}}}"));
    refused(&default("{}"), &["spec.defaultBackend Required"]);
    refused(&default("{service: {name: s}}"), &["spec.defaultBackend.service.port Required"]);
    refused(
        &default("{service: {name: s, port: {number: 70000}}}"),
        &["spec.defaultBackend.service.port.number Invalid"],
    );
    refused(
        &default("{service: {name: s, port: {name: a, number: 1}}}"),
        &["spec.defaultBackend.service.port.name Invalid"],
    );
}
