//! Manifests that the migration writes: read back they say the same, the API server takes them, and their bytes are
//! those that a person would have written.

#[path = "migrate/assemble.rs"]
mod assemble;
#[path = "migrate/convert.rs"]
mod convert;

use std::collections::BTreeMap;

use gwc_core::admission::{Operation, Served, admit};
use gwc_core::migrate::render::model::{
    Backend, BackendTlsPolicy, Cors, Filter, Gateway, Grant, GrpcRoute, GrpcRule, HeaderChange, HeaderMatch, HttpRoute,
    Listener, ListenerSet, Manifest, Match, Meta, Namespaces, Parent, PathChange, PathKind, Protocol, Provenance,
    Redirect, Rule, TlsRoute,
};
use gwc_core::migrate::render::{self, Tree, text};
use gwc_core::profile::{Bundle, Channel, Target};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::yaml::{Document, Node, Value, parse};

fn read(text: &str) -> Vec<Document> {
    let mut sources = SourceMap::new();
    let source = Source::from_bytes("out.yaml", Origin::Memory, Role::Checked, true, text.as_bytes().to_vec());
    let id = sources.add(source);
    parse::parse(id, sources.source(id))
}

/// The node as a tree, without places and comments.
fn plain(node: &Node) -> Tree {
    match &node.value {
        Value::Bool(value) => Tree::Bool(*value),
        Value::Int(value) => Tree::Int(*value),
        Value::String(text) => Tree::Text(text.to_string()),
        Value::Sequence(items) => Tree::list(items.iter().map(plain)),
        Value::Mapping(entries) => {
            Tree::Map(entries.iter().map(|entry| (entry.key.text.to_string(), plain(&entry.value))).collect())
        }
        Value::Null | Value::Float(_) => panic!("never written: {node:?}"),
    }
}

fn without_comments(tree: Tree) -> Tree {
    match tree {
        Tree::List(items) => Tree::list(items.into_iter().map(|(_, item)| without_comments(item))),
        Tree::Map(fields) => Tree::Map(fields.into_iter().map(|(key, value)| (key, without_comments(value))).collect()),
        Tree::Text(_) | Tree::Int(_) | Tree::Bool(_) => tree,
    }
}

fn meta(namespace: &str, name: &str) -> Meta {
    let sources = ["Ingress/shop/web".to_owned()].into();
    let provenance = Some(Provenance { sources, hash: "0011223344556677".into() });
    Meta { namespace: namespace.into(), name: name.into(), provenance, ..Meta::default() }
}

fn named(names: &[&str]) -> Namespaces {
    Namespaces::Named(names.iter().map(|name| (*name).to_owned()).collect())
}

fn http(host: Option<&str>, name: &str) -> Listener {
    let routes = named(&["shop", "blog"]);
    Listener { name: name.into(), hostname: host.map(str::to_owned), port: 80, protocol: Protocol::Http, routes }
}

fn https(host: &str, name: &str, namespace: Option<&str>) -> Listener {
    let certificate = (namespace.map(str::to_owned), "shop-tls".to_owned());
    let protocol = Protocol::Https { certificate, is_mode_written: namespace.is_none() };
    let routes = if namespace.is_none() { Namespaces::Same } else { named(&["shop"]) };
    Listener { name: name.into(), hostname: Some(host.into()), port: 443, protocol, routes }
}

fn backend(name: &str, weight: Option<u32>) -> Backend {
    Backend { namespace: None, name: name.into(), port: 8080, weight }
}

fn at(kind: PathKind, path: &str) -> Match {
    Match { path: (kind, path.into()), headers: Vec::new(), method: None }
}

fn parent(section: &str) -> Parent {
    Parent { is_listener_set: false, namespace: "gateway-infra".into(), name: "nginx".into(), section: section.into() }
}

/// The worked example of ingress-migrate.md §5.8.
fn worked_example() -> Vec<Manifest> {
    let gateway = Gateway {
        meta: meta("gateway-infra", "nginx"),
        class: "eg".into(),
        listeners: vec![https("shop.example.com", "https-shop-example-com", Some("shop")), http(None, "http")],
        listener_sets: None,
    };
    let grant = Grant {
        meta: meta("shop", "gwc-nginx-from-gateway-infra"),
        is_v1: false,
        from: [("Gateway".to_owned(), "gateway-infra".to_owned())].into(),
        to: [("Secret".to_owned(), "shop-tls".to_owned())].into(),
    };
    let rewrite = Filter::Rewrite { hostname: None, path: Some(PathChange::Prefix("/".into())) };
    let main = Rule {
        comments: vec!["shop/web /api(/|$)(.*)   MIG306".into()],
        matches: vec![at(PathKind::Prefix, "/api")],
        filters: vec![rewrite],
        backends: vec![backend("api", None)],
        ..Rule::default()
    };
    let redirect = Redirect { scheme: Some("https".into()), status: Some(308), ..Redirect::default() };
    let redirecting =
        Rule { matches: vec![at(PathKind::Prefix, "/")], filters: vec![Filter::Redirect(redirect)], ..Rule::default() };
    let route = |name: &str, section: &str, rule: Rule| {
        Manifest::HttpRoute(HttpRoute {
            meta: meta("shop", name),
            parents: vec![parent(section)],
            hostnames: vec!["shop.example.com".into()],
            rules: vec![rule],
        })
    };
    vec![
        Manifest::Gateway(gateway),
        Manifest::Grant(grant),
        route("web", "https-shop-example-com", main),
        route("web-redirect", "http", redirecting),
    ]
}

fn other_kinds() -> Vec<Manifest> {
    let call = |service: &str, method: Option<&str>| Some((service.to_owned(), method.map(str::to_owned)));
    let rule = |call| GrpcRule {
        comments: vec!["shop/api /".into()],
        call,
        filters: Vec::new(),
        backends: vec![backend("api", None)],
    };
    let grpc = GrpcRoute {
        meta: meta("shop", "api"),
        parents: vec![parent("https-api-example-com")],
        hostnames: vec!["api.example.com".into()],
        rules: vec![rule(call("pkg.Orders", Some("List"))), rule(call("pkg.Orders", None)), rule(None)],
    };
    let tls = TlsRoute {
        meta: meta("shop", "db"),
        parents: vec![parent("tls-db-example-com")],
        hostnames: vec!["db.example.com".into()],
        backend: backend("db", None),
    };
    let policy = |name: &str, port: Option<&str>, ca: Option<&str>| {
        Manifest::BackendTlsPolicy(BackendTlsPolicy {
            meta: meta("shop", name),
            target: ("api".into(), port.map(str::to_owned)),
            hostname: "api.shop.svc".into(),
            ca: ca.map(str::to_owned),
        })
    };
    let policies = [policy("api-https", Some("https"), Some("api-ca")), policy("api", None, None)];
    [Manifest::GrpcRoute(grpc), Manifest::TlsRoute(tls)].into_iter().chain(policies).collect()
}

fn everything() -> Vec<Manifest> {
    let mut all = worked_example();
    all.append(&mut other_kinds());
    let passthrough = Listener {
        name: "tls-db-example-com".into(),
        hostname: Some("db.example.com".into()),
        port: 443,
        protocol: Protocol::Passthrough,
        routes: Namespaces::Same,
    };
    all.push(Manifest::ListenerSet(ListenerSet {
        meta: meta("shop", "nginx"),
        gateway: ("gateway-infra".into(), "nginx".into()),
        listeners: vec![https("*.example.com", "https-wildcard-example-com", None), passthrough],
    }));
    all.push(Manifest::Gateway(Gateway {
        meta: Meta { provenance: None, ..meta("gateway-infra", "sets") },
        class: "eg".into(),
        listeners: vec![http(Some("a.io"), "http-a-io")],
        listener_sets: Some(named(&["shop"])),
    }));
    all.push(canary());
    all
}

/// A route with every field of the model.
fn canary() -> Manifest {
    let change = HeaderChange {
        set: vec![("X-A".into(), "say \"hi\"".into())],
        add: vec![("X-B".into(), "1.0".into())],
        remove: vec!["X-C".into()],
    };
    let cors = Cors {
        origins: vec!["https://*.a.io".into()],
        has_credentials: true,
        methods: vec!["GET".into()],
        headers: vec!["DNT".into()],
        exposed: vec!["X-Total".into()],
        max_age: Some(1_728_000),
    };
    let header = HeaderMatch { is_regex: true, name: "X-Canary".into(), value: "^(a|b)\\d+$".into() };
    let canary = Match {
        path: (PathKind::Regex, "(?i)/api/v[0-9]+\\..*".into()),
        headers: vec![header],
        method: Some("GET".into()),
    };
    let rewrite = Filter::Rewrite { hostname: Some("b.io".into()), path: Some(PathChange::Full("/x".into())) };
    let mut mirror = backend("m", None);
    mirror.namespace = Some("other".into());
    let rule = Rule {
        comments: vec!["two\nlines: and a key".into(), "second".into()],
        matches: vec![canary, at(PathKind::Exact, "/é")],
        filters: vec![
            Filter::RequestHeaders(change.clone()),
            Filter::ResponseHeaders(change),
            Filter::Mirror(mirror),
            rewrite,
            Filter::Cors(cors),
        ],
        backends: vec![backend("api", Some(75)), backend("canary", Some(25))],
        timeouts: (Some("0s".into()), Some("60s".into())),
        session: None,
    };
    let rule = Rule { matches: vec![rule.matches[0].clone()], ..rule };
    let mut to_set = parent("https-wildcard-example-com");
    to_set.is_listener_set = true;
    to_set.namespace = "shop".into();
    let mut meta = meta("shop", "canary");
    meta.labels = BTreeMap::from([("app".into(), "on".into()), ("tier".into(), "1".into())]);
    meta.provenance =
        Some(Provenance { sources: (0..11).map(|i| format!("Ingress/shop/i{i:02}")).collect(), hash: "7".repeat(16) });
    let closed = Rule { matches: vec![at(PathKind::Prefix, "/admin")], ..Rule::default() };
    Manifest::HttpRoute(HttpRoute { meta, parents: vec![to_set], hostnames: Vec::new(), rules: vec![rule, closed] })
}

/// The bytes of [`worked_example`].
const WORKED_EXAMPLE: &str = r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: nginx
  namespace: gateway-infra
  labels:
    migrate.gwc/generated: "true"
  annotations:
    migrate.gwc/source: Ingress/shop/web
    migrate.gwc/source-hash: "0011223344556677"
spec:
  gatewayClassName: eg
  listeners:
  - name: https-shop-example-com
    hostname: shop.example.com
    port: 443
    protocol: HTTPS
    tls:
      certificateRefs:
      - name: shop-tls
        namespace: shop
    allowedRoutes:
      namespaces:
        from: Selector
        selector:
          matchExpressions:
          - key: kubernetes.io/metadata.name
            operator: In
            values:
            - shop
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: Selector
        selector:
          matchExpressions:
          - key: kubernetes.io/metadata.name
            operator: In
            values:
            - blog
            - shop
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: gwc-nginx-from-gateway-infra
  namespace: shop
  labels:
    migrate.gwc/generated: "true"
  annotations:
    migrate.gwc/source: Ingress/shop/web
    migrate.gwc/source-hash: "0011223344556677"
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: Gateway
    namespace: gateway-infra
  to:
  - group: ""
    kind: Secret
    name: shop-tls
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
  namespace: shop
  labels:
    migrate.gwc/generated: "true"
  annotations:
    migrate.gwc/source: Ingress/shop/web
    migrate.gwc/source-hash: "0011223344556677"
spec:
  parentRefs:
  - name: nginx
    namespace: gateway-infra
    sectionName: https-shop-example-com
  hostnames:
  - shop.example.com
  rules:
  # shop/web /api(/|$)(.*)   MIG306
  - matches:
    - path:
        type: PathPrefix
        value: /api
    filters:
    - type: URLRewrite
      urlRewrite:
        path:
          type: ReplacePrefixMatch
          replacePrefixMatch: /
    backendRefs:
    - name: api
      port: 8080
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web-redirect
  namespace: shop
  labels:
    migrate.gwc/generated: "true"
  annotations:
    migrate.gwc/source: Ingress/shop/web
    migrate.gwc/source-hash: "0011223344556677"
spec:
  parentRefs:
  - name: nginx
    namespace: gateway-infra
    sectionName: http
  hostnames:
  - shop.example.com
  rules:
  - matches:
    - path:
        type: PathPrefix
        value: /
    filters:
    - type: RequestRedirect
      requestRedirect:
        scheme: https
        statusCode: 308
"#;

#[test]
fn the_worked_example_reads_like_one() {
    let text = render::documents(&worked_example());
    assert_eq!(text, WORKED_EXAMPLE);
}

#[test]
fn manifests_read_back_as_they_were_meant() {
    let manifests = everything();
    let documents = read(&render::documents(&manifests));
    assert_eq!(documents.len(), manifests.len());
    for (document, manifest) in documents.iter().zip(&manifests) {
        assert_eq!(document.problems, [], "{}", render::document(manifest));
        let root = document.root.as_ref().expect("a tree");
        assert_eq!(plain(root), without_comments(render::tree(manifest)));
    }
}

#[test]
fn the_api_server_takes_every_manifest() {
    let target = Target { bundle: Bundle::V1_6, channel: Channel::Standard };
    for document in read(&render::documents(&everything())) {
        let root = document.root.expect("a tree");
        let verdict = admit(&root, target, Operation::Create);
        assert!(verdict.allowed() && verdict.unknown.is_empty(), "{:?} {:?}", verdict.errors, verdict.unknown);
    }
    // Older bundles have grants of v1beta1 alone, and no 308.
    let old = Target { bundle: Bundle::V1_1, channel: Channel::Standard };
    for document in read(&render::documents(&worked_example())) {
        let verdict = admit(&document.root.expect("a tree"), old, Operation::Create);
        let pointers: Vec<String> = verdict.errors.iter().map(|error| error.path.pointer()).collect();
        let is_status = |pointer: &String| pointer.is_empty() || pointer.ends_with("/requestRedirect/statusCode");
        assert!(verdict.served == Served::Yes && pointers.iter().all(is_status), "{pointers:?}");
    }
}

#[test]
fn grpc_and_policies_have_the_fields_of_their_kind() {
    let text = render::documents(&other_kinds());
    let parts = [
        "  - matches:\n    - method:\n        service: pkg.Orders\n        method: List\n    backendRefs:\n",
        "  # shop/api /\n  - backendRefs:\n    - name: api\n      port: 8080\n---\n",
        "  targetRefs:\n  - group: \"\"\n    kind: Service\n    name: api\n    sectionName: https\n",
        "    caCertificateRefs:\n    - group: \"\"\n      kind: ConfigMap\n      name: api-ca\n    hostname: api.shop.svc\n",
        "  validation:\n    wellKnownCACertificates: System\n    hostname: api.shop.svc\n",
    ];
    for part in parts {
        assert!(text.contains(part), "{part}\nin\n{text}");
    }
}

#[test]
fn defaults_of_the_api_are_not_repeated() {
    let redirect = Redirect { status: Some(302), ..Redirect::default() };
    let rule = Rule {
        matches: vec![at(PathKind::Prefix, "/")],
        filters: vec![Filter::Redirect(redirect), Filter::Cors(Cors { max_age: Some(5), ..Cors::default() })],
        backends: vec![backend("api", Some(1))],
        ..Rule::default()
    };
    let route = HttpRoute {
        meta: meta("gateway-infra", "r"),
        parents: vec![parent("http")],
        hostnames: Vec::new(),
        rules: vec![rule],
    };
    let text = render::document(&Manifest::HttpRoute(route));
    for word in ["statusCode", "maxAge", "weight", "group", "hostnames", "allowCredentials"] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
    let namespaces = text.matches("namespace: gateway-infra").count();
    assert_eq!(namespaces, 1, "a parent in the route's own namespace needs none:\n{text}");
}

#[test]
fn many_sources_are_cut_to_eight() {
    let text = render::documents(&everything());
    let expected = "Ingress/shop/i00,Ingress/shop/i01,Ingress/shop/i02,Ingress/shop/i03,Ingress/shop/i04,\
                    Ingress/shop/i05,Ingress/shop/i06,Ingress/shop/i07,+3";
    assert!(text.contains(&format!("migrate.gwc/source: {expected}\n")), "{text}");
}

#[test]
fn scalars_are_quoted_only_where_they_must_be() {
    for text in ["gateway.networking.k8s.io/v1", "/api", "a b", "https://a.io/x", "DNT,Keep-Alive", "x=1", "nginx"] {
        assert_eq!(text::scalar(text), text);
    }
    let odd = ["1.10", "", "*.a.io", "- x", "a\nb", "#x", "a: b", "a:", "null", "é", "Yes", "~", "80", "x #y", " x"];
    for text in odd {
        assert!(text::scalar(text).starts_with('"'), "{text}");
    }
    assert_eq!(text::scalar(r"^/a\.b$"), r"'^/a\.b$'");
    assert_eq!(text::scalar("it's \"so\""), "'it''s \"so\"'");
}

#[test]
fn any_text_survives_the_way_through_yaml() {
    let alphabet: Vec<char> =
        " \t\n\r\u{7}\u{85}\u{2028}\u{feff}\u{1f600}é\"'\\#:-?,[]{}&*!|>%@`~0123456789abEeXxyYnNoOtfru./=<+$^()_"
            .chars()
            .collect();
    let mut state: u64 = 9;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    for round in 0..4000 {
        let word = |next: &mut dyn FnMut(usize) -> usize| -> String {
            let n = next(7);
            (0..n).map(|_| alphabet[next(alphabet.len())]).collect()
        };
        let (key, one, two) = (word(&mut next), word(&mut next), word(&mut next));
        let list = Tree::List(vec![(vec![one.clone()], Tree::Text(two.clone())), (Vec::new(), Tree::Map(Vec::new()))]);
        let inner = Tree::Map(vec![("k".into(), Tree::Text(one.clone())), ("l".into(), list)]);
        let tree = Tree::Map(vec![(format!("x{key}"), Tree::Text(two)), ("m".into(), Tree::list([inner]))]);
        let text = text::yaml(&tree);
        let documents = read(&text);
        let root = documents.first().and_then(|document| document.root.as_ref());
        let root = root.unwrap_or_else(|| panic!("{round}: {text:?}: {:?}", documents[0].problems));
        assert_eq!(plain(root), without_comments(tree), "{round}: {text:?}");
        let other: yaml_serde::Value = yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(other["m"][0]["k"].as_str(), Some(one.as_str()), "{text:?}");
    }
}
