//! Tests of decoding, kind by kind, with defaults and places.

use super::*;
use crate::api::decode::meta::{Scope, Scopes};
use crate::api::filter::{FilterKind, PathModifier};
use crate::api::gateway::{From, TlsMode};
use crate::api::ingress;
use crate::api::route::{MatchType, Matches, PathType};
use crate::profile::{Bundle, Channel};
use crate::source::{Origin, Source, SourceMap, Span};
use crate::value::{GroupKind, Hostname};

struct Decoded {
    sources: SourceMap,
    object: Object,
}

impl Decoded {
    #[track_caller]
    fn shows(&self, span: Span, text: &str) {
        assert_eq!(self.sources.slice(span).trim_end(), text);
    }
}

fn try_decode(text: &str) -> (SourceMap, Option<Object>) {
    let mut sources = SourceMap::new();
    let id = sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
    let documents = crate::yaml::parse::parse(id, sources.source(id));
    let Some(root) = documents[0].root.as_ref() else { return (sources, None) };
    let mut scopes = Scopes::new();
    scopes.insert(GroupKind::new("x.example", "Wide"), Scope::Cluster);
    let cx = DecodeCx {
        source: id,
        role: Role::Checked,
        document: 0,
        default_namespace: "fallback",
        served: true,
        scopes: &scopes,
        written: root,
    };
    let object = decode(root, &cx);
    (sources, object)
}

#[track_caller]
fn decoded(text: &str) -> Decoded {
    let (sources, object) = try_decode(text);
    Decoded { sources, object: object.expect("decodes") }
}

macro_rules! decoded_as {
    ($variant:ident, $text:expr) => {{
        let all = decoded($text);
        let Object::$variant(object) = all.object.clone() else { panic!("another kind: {:?}", all.object) };
        (all, object)
    }};
}

#[test]
fn metadata_has_places_and_defaults() {
    let text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  namespace: gone\n  labels: {b: x, a: w}\n  annotations:\n    k: v\n  generation: 7\n  creationTimestamp: 2024-01-01T00:00:00Z\n";
    let (all, namespace) = decoded_as!(Namespace, text);
    let meta = namespace.meta;
    assert_eq!((meta.key.namespace.as_str(), meta.key.name.as_str()), ("", "shop"));
    assert_eq!((meta.label("a"), meta.label("b"), meta.label("c")), (Some("w"), Some("x"), None));
    assert_eq!((meta.generation, meta.created), (7, Some(1_704_067_200)));
    all.shows(meta.name_span, "shop");
    all.shows(meta.namespace_span.unwrap(), "gone");
    all.shows(meta.annotations[0].0.span, "k");
    let (_, other) = decoded_as!(Other, "apiVersion: x.example/v1\nkind: Narrow\nmetadata: {name: a}\n");
    assert_eq!((other.key.namespace.as_str(), other.namespace_span, other.generation), ("fallback", None, 1));
    let (_, wide) = decoded_as!(Other, "apiVersion: x.example/v1\nkind: Wide\nmetadata: {name: a}\n");
    assert_eq!(wide.key.namespace, "");
}

#[test]
fn gateway_class_reads_status_of_every_version() {
    let head = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: a}\nspec:\n  controllerName: x.example/c\n  parametersRef: {group: g.example, kind: P, name: p, namespace: ns}\n";
    for status in ["status: {supportedFeatures: [{name: Gateway}]}\n", "status: {supportedFeatures: [Gateway]}\n"] {
        let (all, class) = decoded_as!(GatewayClass, &format!("{head}{status}"));
        assert_eq!(class.supported_features, ["Gateway"]);
        all.shows(class.controller_name.span, "x.example/c");
        assert_eq!(class.parameters_ref.unwrap().target("").to_string(), "ns/p");
    }
}

const GATEWAY: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: a, namespace: infra}
spec:
  gatewayClassName: c
  addresses: [{value: 10.0.0.1}, {type: Hostname}]
  infrastructure: {parametersRef: {group: g, kind: P, name: p}}
  allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {b: x, a: w}, matchExpressions: [{key: k, operator: In, values: [v]}]}}}
  tls:
    backend: {clientCertificateRef: {name: client}}
    frontend:
      default: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}}
      perPort: [{port: 8443}, {port: 9443, tls: {validation: {mode: AllowInsecureFallback}}}]
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - name: https
    port: 443
    protocol: HTTPS
    hostname: '*.Example.com'
    tls: {certificateRefs: [{name: cert}], options: {a: b}}
    allowedRoutes: {namespaces: {from: All}, kinds: [{kind: HTTPRoute}]}
  - {name: tls, port: 444, protocol: TLS, tls: {mode: Passthrough}}
";

#[test]
fn gateway_has_defaults_and_places() {
    let (all, gateway) = decoded_as!(Gateway, GATEWAY);
    let [http, https, tls] = gateway.listeners.as_slice() else { panic!("three listeners") };
    assert_eq!((http.namespaces.from, http.namespaces.written, http.allowed_routes_span), (From::Same, false, None));
    assert_eq!(http.namespaces.span, http.span);
    assert_eq!((https.namespaces.from, https.namespaces.written), (From::All, true));
    all.shows(https.namespaces.span, "All");
    assert_eq!(https.hostname.as_ref().unwrap().value, Hostname::Wildcard(".example.com".into()));
    assert_eq!(https.kinds[0].group, GATEWAY_GROUP);
    let https_tls = https.tls.as_ref().unwrap();
    assert_eq!((&https_tls.mode, https_tls.n_options), (&TlsMode::Terminate, 1));
    assert_eq!(https_tls.mode_span, https_tls.span);
    assert_eq!(https_tls.certificate_refs[0].kind, "Secret");
    assert_eq!(https_tls.certificate_refs[0].target("infra").to_string(), "infra/cert");
    assert_eq!(tls.tls.as_ref().unwrap().mode, TlsMode::Passthrough);
    assert_eq!(gateway.addresses[0].r#type.value, "IPAddress");
    assert_eq!(gateway.addresses[1].value, None);
}

#[test]
fn gateway_wide_tls_and_selectors() {
    let (all, gateway) = decoded_as!(Gateway, GATEWAY);
    assert_eq!(gateway.client_certificate_ref.unwrap().kind, "Secret");
    let frontend = gateway.frontend_tls.unwrap();
    assert_eq!(frontend.validation(443).unwrap().mode.value, "AllowValidOnly");
    assert_eq!(frontend.validation(8443), None);
    assert_eq!(frontend.validation(9443).unwrap().mode.value, "AllowInsecureFallback");
    let allowed = gateway.allowed_listeners.unwrap();
    assert_eq!(allowed.from, From::Selector);
    let selector = allowed.selector.unwrap();
    assert_eq!(selector.match_labels[0].0, "a");
    all.shows(selector.match_labels[0].2, "a: w");
    assert_eq!(selector.expressions[0].values, ["v"]);
}

#[test]
fn listener_sets_of_both_groups() {
    let spec =
        "metadata: {name: a}\nspec:\n  parentRef: {name: gw}\n  listeners:\n  - {name: l, protocol: HTTP, port: 0}\n";
    for head in
        ["gateway.networking.k8s.io/v1\nkind: ListenerSet", "gateway.networking.x-k8s.io/v1alpha1\nkind: XListenerSet"]
    {
        let (_, set) = decoded_as!(ListenerSet, &format!("apiVersion: {head}\n{spec}"));
        assert_eq!(set.parent.target.group_kind(), GroupKind::new(GATEWAY_GROUP, "Gateway"));
        assert_eq!(set.listeners[0].port, None);
    }
    let (_, other) =
        decoded_as!(Other, &format!("apiVersion: gateway.networking.x-k8s.io/v1\nkind: ListenerSet\n{spec}"));
    assert_eq!(other.kind.value, "ListenerSet");
}

const HTTP_ROUTE: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  parentRefs: [{name: gw, sectionName: https, port: 443}, {name: svc, kind: Service, group: ''}]
  hostnames: [A.example, '*.b.example']
  rules:
  - name: first
    matches:
    - path: {type: Exact, value: /x}
      method: GET
      headers: [{name: h, value: v}]
      queryParams: [{name: q, value: v, type: RegularExpression}]
    - headers: [{name: h, value: v, type: Fuzzy}]
    timeouts: {request: 10s, backendRequest: 1m30s}
    retry: {codes: [500], attempts: 2, backoff: 100ms}
    sessionPersistence: {sessionName: s}
    filters:
    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}], remove: [c]}}
    - {type: RequestMirror, requestMirror: {backendRef: {name: m, port: 1}, fraction: {numerator: 5}}}
    - {type: RequestMirror, requestMirror: {backendRef: {name: m, port: 1}, percent: 7}}
    - {type: RequestRedirect, requestRedirect: {scheme: https, path: {type: ReplaceFullPath, replaceFullPath: /y}}}
    - {type: URLRewrite, urlRewrite: {hostname: c.example, path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}
    - {type: CORS, cors: {allowOrigins: ['*'], allowCredentials: true}}
    - {type: ExternalAuth, externalAuth: {protocol: GRPC, backendRef: {name: auth, port: 9}}}
    - {type: ExtensionRef, extensionRef: {group: g, kind: K, name: n}}
    - {type: Teleport}
    backendRefs:
    - {name: one, port: 80}
    - {name: two, port: 80, weight: 0, filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: a, value: b}]}}]}
  - backendRefs: [{name: one, port: 80}]
";

#[test]
fn http_route_matches_and_defaults() {
    let (all, route) = decoded_as!(Route, HTTP_ROUTE);
    assert_eq!(route.kind, RouteKind::Http);
    assert_eq!(route.parents[0].port.as_ref().unwrap().value, 443);
    assert_eq!(route.parents[1].target.group_kind(), GroupKind::new("", "Service"));
    assert_eq!(route.hostnames[0].value, Hostname::Exact("a.example".into()));
    let Matches::Http(matches) = &route.rules[0].matches else { panic!("HTTP") };
    assert_eq!((&matches[0].path.r#type, matches[0].path.value.value.as_str()), (&PathType::Exact, "/x"));
    assert_eq!(matches[0].query_params[0].r#type, MatchType::RegularExpression);
    assert_eq!((&matches[1].path.r#type, matches[1].path.value.value.as_str()), (&PathType::PathPrefix, "/"));
    assert_eq!(matches[1].path.value.span, matches[1].span);
    assert_eq!(matches[1].headers[0].r#type, MatchType::Unknown("Fuzzy".into()));
    let Matches::Http(default) = &route.rules[1].matches else { panic!("HTTP") };
    assert_eq!((default.len(), default[0].span), (1, route.rules[1].span));
    let timeouts = route.rules[0].timeouts.as_ref().unwrap();
    assert_eq!(timeouts.backend_request.as_ref().unwrap().value, 90_000);
    all.shows(timeouts.request.as_ref().unwrap().span, "10s");
    let retry = route.rules[0].retry.as_ref().unwrap();
    assert_eq!((retry.codes.as_slice(), retry.attempts, retry.backoff), (&[500][..], Some(2), Some(100)));
    let backends = &route.rules[0].backends;
    assert_eq!((backends[0].weight, backends[0].weight_span), (1, None));
    all.shows(backends[1].weight_span.unwrap(), "0");
    assert_eq!(backends[1].filters[0].kind.name(), "ResponseHeaderModifier");
    assert_eq!(backends[0].target.kind_span, backends[0].target.span);
}

#[test]
fn http_filters_are_variants() {
    let (all, route) = decoded_as!(Route, HTTP_ROUTE);
    let filters = &route.rules[0].filters;
    let names: Vec<&str> = filters.iter().map(|filter| filter.kind.name()).collect();
    let expected = "RequestHeaderModifier RequestMirror RequestMirror RequestRedirect URLRewrite CORS ExternalAuth ExtensionRef Teleport";
    assert_eq!(names.join(" "), expected);
    all.shows(filters[8].type_span, "Teleport");
    let shares: Vec<_> = filters
        .iter()
        .filter_map(|filter| if let FilterKind::RequestMirror(mirror) = &filter.kind { mirror.share } else { None })
        .collect();
    assert_eq!(shares, [(5, 100), (7, 100)]);
    let FilterKind::RequestRedirect(redirect) = &filters[3].kind else { panic!("redirect") };
    assert_eq!(redirect.status_code, 302);
    assert!(matches!(&redirect.path, Some(PathModifier::ReplaceFullPath(path)) if path.value == "/y"));
    let FilterKind::Cors(cors) = &filters[5].kind else { panic!("cors") };
    assert_eq!((cors.max_age, cors.allow_credentials.as_ref().unwrap().value), (Some(5), true));
    let FilterKind::ExternalAuth(auth) = &filters[6].kind else { panic!("auth") };
    assert_eq!((auth.protocol.value.as_str(), auth.backend.target.kind.as_str()), ("GRPC", "Service"));
}

#[test]
fn routes_of_every_kind() {
    for (kind, version) in [
        ("GRPCRoute", "v1alpha2"),
        ("TLSRoute", "v1alpha3"),
        ("TCPRoute", "v1"),
        ("UDPRoute", "v1alpha2"),
        ("HTTPRoute", "v1beta1"),
    ] {
        let text = format!(
            "apiVersion: gateway.networking.k8s.io/{version}\nkind: {kind}\nmetadata: {{name: a}}\nspec:\n  hostnames: [a.example]\n  rules:\n  - backendRefs: [{{name: s, port: 1}}]\n"
        );
        let (_, route) = decoded_as!(Route, &text);
        assert_eq!(route.kind.name(), kind);
        assert_eq!(route.hostnames.len(), usize::from(route.kind.has_hostnames()));
        assert_eq!(route.rules[0].backends.len(), 1);
    }
    let (_, empty) =
        decoded_as!(Route, "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\n");
    assert_eq!(empty.rules.len(), 1);
}

#[test]
fn grpc_matches() {
    let text = "apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: {name: a}\nspec:\n  rules:\n  - matches: [{method: {service: s.v1}}, {headers: [{name: h, value: v}]}]\n";
    let (_, route) = decoded_as!(Route, text);
    let Matches::Grpc(matches) = &route.rules[0].matches else { panic!("gRPC") };
    let method = matches[0].method.as_ref().unwrap();
    assert_eq!((&method.r#type, method.service.as_ref().unwrap().value.as_str()), (&MatchType::Exact, "s.v1"));
    assert!(method.method.is_none() && matches[1].method.is_none());
}

#[test]
fn policies_of_every_version() {
    let head = "apiVersion: gateway.networking.k8s.io";
    let old = format!(
        "{head}/v1alpha2\nkind: BackendTLSPolicy\nmetadata: {{name: a}}\nspec:\n  targetRef: {{group: '', kind: Service, name: s, sectionName: p}}\n  tls: {{caCertRefs: [{{group: '', kind: ConfigMap, name: c}}], hostname: h.example}}\n"
    );
    let new = format!(
        "{head}/v1\nkind: BackendTLSPolicy\nmetadata: {{name: a}}\nspec:\n  targetRefs: [{{group: '', kind: Service, name: s, sectionName: p}}]\n  validation: {{caCertificateRefs: [{{group: '', kind: ConfigMap, name: c}}], hostname: h.example, subjectAltNames: [{{type: URI, uri: 'spiffe://a'}}]}}\n"
    );
    for text in [old, new] {
        let (_, policy) = decoded_as!(BackendTlsPolicy, &text);
        assert_eq!(policy.targets[0].section_name.as_ref().unwrap().value, "p");
        assert_eq!(
            (policy.ca_refs[0].name.value.as_str(), policy.hostname.unwrap().value.as_str()),
            ("c", "h.example")
        );
        assert!(policy.subject_alt_names.iter().all(|(kind, value)| kind == "URI" && value.value == "spiffe://a"));
    }
    for head in [
        "gateway.networking.k8s.io/v1alpha2\nkind: BackendLBPolicy",
        "gateway.networking.x-k8s.io/v1alpha1\nkind: XBackendTrafficPolicy",
    ] {
        let text = format!(
            "apiVersion: {head}\nmetadata: {{name: a}}\nspec:\n  targetRefs: [{{group: '', kind: Service, name: s}}]\n  sessionPersistence: {{}}\n"
        );
        let (all, policy) = decoded_as!(BackendTrafficPolicy, &text);
        assert_eq!(policy.targets.len(), 1);
        all.shows(policy.session_persistence.unwrap().span, "{}");
    }
}

#[test]
fn reference_grants() {
    let text = "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: a}\nspec:\n  from: [{group: g, kind: K, namespace: ns}]\n  to: [{group: '', kind: Secret}, {group: '', kind: Secret, name: ''}, {group: '', kind: Secret, name: s}]\n";
    let (all, grant) = decoded_as!(ReferenceGrant, text);
    all.shows(grant.from[0].namespace.span, "ns");
    let names: Vec<_> = grant.to.iter().map(|to| to.name.as_ref().map(|name| name.value.as_str())).collect();
    assert_eq!(names, [None, None, Some("s")]);
}

#[test]
fn services_and_imports() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  clusterIP: None\n  selector: {b: x, a: w}\n  ports: [{port: 80}, {name: dns, port: 53, protocol: UDP, targetPort: named, appProtocol: kubernetes.io/h2c}]\n";
    let (_, service) = decoded_as!(Service, text);
    assert!(service.headless);
    assert_eq!((service.r#type.value.as_str(), service.ports[0].target_port.as_str()), ("ClusterIP", "80"));
    assert_eq!(
        (service.ports[1].target_port.as_str(), service.ports[1].transport),
        ("named", crate::api::core::Transport::Udp)
    );
    assert_eq!(service.selector[0].0, "a");
    let text = "apiVersion: multicluster.x-k8s.io/v1alpha1\nkind: ServiceImport\nmetadata: {name: a}\nspec: {type: ClusterSetIP, ports: [{port: 8080, protocol: TCP}]}\n";
    let (_, import) = decoded_as!(ServiceImport, text);
    assert_eq!(import.ports[0].port.value, 8080);
}

#[test]
fn secrets_and_config_maps() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\ndata:\n  a: |\n    aGVs\n    bG8=\n  b: '%%'\n  c: b2xk\nstringData: {c: new}\n";
    let (all, secret) = decoded_as!(Secret, text);
    let bytes = |key: &str| secret.value(key).unwrap().bytes.as_deref();
    assert_eq!((bytes("a"), bytes("b"), bytes("c")), (Some(&b"hello"[..]), None, Some(&b"new"[..])));
    all.shows(secret.value("c").unwrap().span, "new");
    assert!(!format!("{secret:?}").contains("hello"));
    let (_, map) = decoded_as!(
        ConfigMap,
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {ca.crt: pem, empty: }\nbinaryData: {b: aGVsbG8=}\n"
    );
    let bytes = |key: &str| map.value(key).unwrap().bytes.as_deref();
    assert_eq!((bytes("ca.crt"), bytes("empty"), bytes("b")), (Some(&b"pem"[..]), Some(&b""[..]), Some(&b"hello"[..])));
}

#[test]
fn endpoints_and_slices() {
    let text = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a, labels: {kubernetes.io/service-name: s}}\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2], conditions: {ready: false}}]\n";
    let (_, slice) = decoded_as!(EndpointSlice, text);
    assert_eq!((slice.service.as_deref(), slice.addresses.len()), (Some("s"), 1));
    let (_, endpoints) = decoded_as!(
        EndpointSlice,
        "apiVersion: v1\nkind: Endpoints\nmetadata: {name: s}\nsubsets: [{addresses: [{ip: 10.0.0.1}]}]\n"
    );
    assert_eq!((endpoints.service.as_deref(), endpoints.addresses[0].value.as_str()), (Some("s"), "10.0.0.1"));
}

#[test]
fn workloads_ingresses_and_crds() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {k: v}}\n".to_owned();
    let template = "{template: {metadata: {labels: {k: v}}}}";
    let deployment = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\nspec: {template}\n");
    let cron = format!(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: a}}\nspec: {{jobTemplate: {{spec: {template}}}}}\n"
    );
    for text in [pod, deployment, cron] {
        let (_, workload) = decoded_as!(Workload, &text);
        assert_eq!(workload.pod_labels, [("k".into(), "v".into())]);
    }
    let (_, ingress) = decoded_as!(
        Ingress,
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [{host: a.example}, {}]}\n"
    );
    assert_eq!(ingress.hosts().count(), 1);
    let text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: gateways.gateway.networking.k8s.io\n  annotations:\n    gateway.networking.k8s.io/bundle-version: v1.2.0\n    gateway.networking.k8s.io/channel: experimental\nspec: {group: gateway.networking.k8s.io, names: {kind: Gateway}, scope: Namespaced}\n";
    let (all, crd) = decoded_as!(Crd, text);
    assert_eq!(crd.bundle, Some((Bundle::V1_2, Channel::Experimental)));
    assert!(crd.namespaced);
    all.shows(crd.bundle_span.unwrap(), "v1.2.0");
}

#[test]
fn ingresses_of_every_version() {
    let v1 = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: {k: v}}\nspec:\n  ingressClassName: nginx\n  defaultBackend: {resource: {apiGroup: x.io, kind: Bucket, name: b}}\n  tls: [{hosts: [a.io], secretName: cert}, {secretName: ''}]\n  rules:\n  - host: a.io\n    http:\n      paths:\n      - {path: /x, pathType: Exact, backend: {service: {name: s, port: {name: web}}}}\n  - {}\nstatus: {loadBalancer: {ingress: [{ip: 10.0.0.1}, {hostname: lb.io}]}}\n";
    let (all, one) = decoded_as!(Ingress, v1);
    assert!(one.is_current());
    assert_eq!(one.annotation("k").unwrap().value, "v");
    all.shows(one.annotation("k").unwrap().span, "v");
    assert_eq!(one.class.as_ref().unwrap().value, "nginx");
    assert_eq!(one.addresses, ["10.0.0.1", "lb.io"]);
    assert_eq!((one.tls.len(), one.tls[1].secret.is_none()), (2, true));
    let default = &one.default_backend.as_ref().unwrap().target;
    assert!(matches!(default, ingress::Target::Resource { kind, .. } if kind == "Bucket"));
    assert_eq!((one.rules.len(), one.rules[1].paths.is_none()), (2, true));
    let path = &one.rules[0].paths.as_ref().unwrap()[0];
    assert_eq!(path.path_type.value, ingress::PathType::Exact);
    all.shows(path.path_type.span, "Exact");
    let ingress::Target::Service { name, port } = &path.backend.as_ref().unwrap().target else { panic!("a Service") };
    all.shows(name.span, "s");
    assert_eq!(port.value, ingress::Port::Name("web".into()));

    for group in ["extensions", "networking.k8s.io"] {
        let old = format!(
            "apiVersion: {group}/v1beta1\nkind: Ingress\nmetadata: {{name: a}}\nspec:\n  backend: {{serviceName: d, servicePort: '80'}}\n  rules: [{{http: {{paths: [{{backend: {{serviceName: s, servicePort: web}}}}]}}}}]\n"
        );
        let (_, one) = decoded_as!(Ingress, &old);
        assert_eq!(one.is_current(), group == "networking.k8s.io");
        let target = |backend: &ingress::Backend| match &backend.target {
            ingress::Target::Service { name, port } => format!("{}:{}", name.value, port.value),
            ingress::Target::Resource { .. } => String::new(),
        };
        assert_eq!(target(one.default_backend.as_ref().unwrap()), "d:80");
        let path = &one.rules[0].paths.as_ref().unwrap()[0];
        assert_eq!((path.path.as_ref(), path.path_type.value), (None, ingress::PathType::ImplementationSpecific));
        assert_eq!(target(path.backend.as_ref().unwrap()), "s:web");
    }
}

#[test]
fn ingress_classes() {
    let text = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata:\n  name: nginx\n  annotations: {ingressclass.kubernetes.io/is-default-class: \"true\"}\nspec: {controller: k8s.io/ingress-nginx, parameters: {kind: X, name: p}}\n";
    let (all, class) = decoded_as!(IngressClass, text);
    assert!(class.is_default() && class.parameters.is_some() && class.meta.key.namespace.is_empty());
    all.shows(class.controller.unwrap().span, "k8s.io/ingress-nginx");
}

#[test]
fn odd_trees_never_panic() {
    let kinds = [
        "GatewayClass",
        "Gateway",
        "ListenerSet",
        "HTTPRoute",
        "GRPCRoute",
        "ReferenceGrant",
        "BackendTLSPolicy",
        "Service",
        "Secret",
        "ConfigMap",
        "EndpointSlice",
        "Endpoints",
        "Ingress",
        "IngressClass",
        "Pod",
        "CustomResourceDefinition",
    ];
    let groups = [
        "gateway.networking.k8s.io/v1",
        "v1",
        "discovery.k8s.io/v1",
        "networking.k8s.io/v1",
        "apiextensions.k8s.io/v1",
    ];
    let bodies = [
        "spec: 1",
        "spec: []",
        "spec: {rules: {}, listeners: 7, ports: [a, {port: -1}, {port: 99999}], from: x}",
        "data: []",
        "metadata: []",
    ];
    let all = kinds.iter().flat_map(|kind| groups.iter().map(move |group| (kind, group)));
    for ((kind, group), body) in all.flat_map(|pair| bodies.iter().map(move |body| (pair, body))) {
        let metadata = "{name: [], labels: [], annotations: {a: 1}}";
        let text = format!("apiVersion: {group}\nkind: {kind}\nmetadata: {metadata}\n{body}\n");
        assert!(try_decode(&text).1.is_none_or(|object| object.meta().kind.value == *kind), "{text}");
    }
}
