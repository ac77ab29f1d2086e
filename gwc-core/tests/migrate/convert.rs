//! Whole conversions: the example of the specification, and what needs more than rules (ingress-migrate.md §5.8, §9).

use gwc_core::ingress::select::{Choice, select};
use gwc_core::migrate::options::{Choice as Wish, Comments};
use gwc_core::migrate::render::{self, Manifest};
use gwc_core::migrate::{Conversion, Options, convert};

use crate::assemble::{compiled, ingress, options};

fn conversion(text: &str, options: &Options) -> Conversion {
    let compilation = compiled(text);
    let graph = &compilation.graph;
    let ingresses: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
    convert(graph, &select(&ingresses, &classes, &Choice::default()), options)
}

/// Without provenance and comments, so that a test shows the objects.
fn bare() -> Options {
    Options { choices: [Wish::NoProvenance].into(), comments: Comments::None, ..options() }
}

fn documents(conversion: &Conversion) -> Vec<String> {
    conversion.manifests.iter().map(render::document).collect()
}

fn of_kind<'d>(documents: &'d [String], kind: &str) -> Vec<&'d String> {
    documents.iter().filter(|text| text.contains(&format!("\nkind: {kind}\n"))).collect()
}

fn codes(conversion: &Conversion) -> Vec<&str> {
    conversion.report.items().iter().filter_map(|item| item.code).map(|code| code.number).collect()
}

fn service(namespace: &str, name: &str, ports: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: \"{namespace}\"}}\nspec: {{ports: [{ports}]}}\n"
    )
}

/// An Ingress with annotations, TLS and one host.
fn annotated(annotations: &str, path: &str, tls: Option<&str>) -> String {
    let tls =
        tls.map_or(String::new(), |secret| format!("  tls: [{{hosts: [shop.example.com], secretName: {secret}}}]\n"));
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  namespace: shop\n\
         \x20 annotations: {{{annotations}}}\nspec:\n  ingressClassName: nginx\n{tls}  rules:\n  - host: shop.example.com\n\
         \x20   http:\n      paths:\n      - path: {path}\n        pathType: ImplementationSpecific\n\
         \x20       backend: {{service: {{name: api, port: {{number: 8080}}}}}}\n"
    )
}

const N: &str = "nginx.ingress.kubernetes.io";

/// §5.8.
#[test]
fn the_example_of_the_specification() {
    let text = annotated(&format!("{N}/rewrite-target: /$2"), "/api(/|$)(.*)", Some("shop-tls"))
        + &service("shop", "api", "{port: 8080}");
    let text = render::documents(&conversion(&text, &bare()).manifests);
    assert_eq!(text, EXAMPLE);
}

const EXAMPLE: &str = r#"apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: nginx
  namespace: gateway-infra
spec:
  gatewayClassName: eg
  listeners:
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
            - shop
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
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: gwc-nginx-from-gateway-infra
  namespace: shop
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
spec:
  parentRefs:
  - name: nginx
    namespace: gateway-infra
    sectionName: https-shop-example-com
  hostnames:
  - shop.example.com
  rules:
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

/// T78: the policy names the port, the CA is public, and nothing else of the Secret is written.
#[test]
fn tls_backends_get_a_policy_and_the_public_part_of_their_secret() {
    let key = rcgen::KeyPair::generate().unwrap();
    let pem = rcgen::CertificateParams::new(vec!["ca.local".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
    let indented: String = pem.lines().map(|line| format!("    {line}\n")).collect();
    let secret = format!(
        "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: api-ca, namespace: shop}}\nstringData:\n  ca.crt: |\n{indented}\
         \x20   -----BEGIN PRIVATE KEY-----\n    c2VjcmV0\n    -----END PRIVATE KEY-----\n  tls.key: hush\n"
    );
    let keys = format!(
        "{N}/backend-protocol: HTTPS, {N}/proxy-ssl-secret: shop/api-ca, {N}/proxy-ssl-verify: \"on\", {N}/proxy-ssl-name: api.local"
    );
    let text = annotated(&keys, "/", None) + &service("shop", "api", "{port: 8080, name: web}") + &secret;
    let out = conversion(&text, &bare());
    let documents = documents(&out);
    let policy = of_kind(&documents, "BackendTLSPolicy");
    assert_eq!(policy.len(), 1, "{:?}", codes(&out));
    for part in ["  name: api-web\n", "    sectionName: web\n", "    hostname: api.local\n", "      name: api-ca-ca\n"]
    {
        assert!(policy[0].contains(part), "{part} in\n{}", policy[0]);
    }
    let map = of_kind(&documents, "ConfigMap");
    assert!(map[0].contains("  ca.crt: |\n    -----BEGIN CERTIFICATE-----\n"), "{}", map[0]);
    let all = documents.concat();
    assert!(!all.contains("PRIVATE") && !all.contains("c2VjcmV0") && !all.contains("hush"), "{all}");
    // Before 1.4 no policy can say it: the rule is closed.
    let target = gwc_core::profile::Target { bundle: gwc_core::profile::Bundle::V1_2, ..bare().target };
    let old = conversion(&text, &Options { target, ..bare() });
    assert!(codes(&old).contains(&"MIG802"));
    let texts = self::documents(&old);
    let route = of_kind(&texts, "HTTPRoute");
    assert!(!route[0].contains("backendRefs") && route[0].contains("lint.gwc/ignore: GWC5001=MIG802"), "{}", route[0]);
}

/// T75: a Service is patched, never written.
#[test]
fn http2_in_clear_is_a_patch_of_the_service() {
    let mixed = annotated(&format!("{N}/backend-protocol: GRPC"), "/", None)
        + &ingress("shop/other", &[("shop.example.com", &["/x"])])
        + &service("shop", "api", "{port: 8080}");
    let out = conversion(&mixed, &bare());
    let [patch] = &out.patches[..] else { panic!("{:?}", out.patches) };
    assert_eq!(patch.path, "patches/service-shop-api.patch");
    assert!(patch.text.ends_with("  - port: 8080\n    appProtocol: kubernetes.io/h2c\n"), "{}", patch.text);
    assert!(out.manifests.iter().all(|one| !matches!(one, Manifest::GrpcRoute(_))));
    let says = mixed.replace("{port: 8080}", "{port: 8080, appProtocol: kubernetes.io/h2c}");
    assert_eq!(conversion(&says, &bare()).patches, []);
}

/// T113.
#[test]
fn streams_get_listeners_and_routes() {
    let map = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: tcp-services, namespace: ingress-nginx}\n\
               data: {\"5432\": \"shop/db:5432\", \"9000\": \"shop/log:9000:PROXY\", \"1\": nonsense}\n";
    let text = annotated("", "/", None) + map;
    let out = conversion(&text, &bare());
    let documents = documents(&out);
    let gateway = of_kind(&documents, "Gateway");
    assert!(gateway[0].contains("  - name: tcp-5432\n    port: 5432\n    protocol: TCP\n"), "{}", gateway[0]);
    let routes = of_kind(&documents, "TCPRoute");
    assert_eq!(routes.len(), 2);
    assert!(
        routes[0].contains("sectionName: tcp-5432\n  rules:\n  - backendRefs:\n    - name: db\n      port: 5432\n")
    );
    let found = codes(&out);
    assert!(found.contains(&"MIG504") && found.contains(&"MIG507"), "{found:?}");
    let target = gwc_core::profile::Target { bundle: gwc_core::profile::Bundle::V1_5, ..bare().target };
    assert!(codes(&conversion(&text, &Options { target, ..bare() })).contains(&"MIG802"));
}

/// T124, T125: cert-manager passes over listeners whose Secret is elsewhere.
#[test]
fn certificates_are_asked_for_where_cert_manager_looks() {
    let issuer = "cert-manager.io/cluster-issuer: main, cert-manager.io/duration: 2160h";
    let text = annotated(issuer, "/", Some("shop-tls"));
    let documents = documents(&conversion(&text, &bare()));
    assert!(!of_kind(&documents, "Gateway")[0].contains("cert-manager"));
    let certificate = of_kind(&documents, "Certificate");
    assert!(certificate[0].starts_with("apiVersion: cert-manager.io/v1\n"), "{}", certificate[0]);
    let spec = "spec:\n  secretName: shop-tls\n  dnsNames:\n  - shop.example.com\n  duration: \"2160h\"\n  issuerRef:\n\
                \x20   name: main\n    kind: ClusterIssuer\n";
    assert!(certificate[0].contains(spec), "{}", certificate[0]);
    // In the namespace of the Secret the annotation works, with the mode written out.
    let near = annotated("cert-manager.io/cluster-issuer: main", "/", Some("shop-tls"));
    let sets = Options { listeners: gwc_core::migrate::options::Listeners::ListenerSet, ..bare() };
    let documents = self::documents(&conversion(&near, &sets));
    let set = of_kind(&documents, "ListenerSet");
    assert!(
        set[0].contains("    cert-manager.io/cluster-issuer: main\n") && set[0].contains("mode: Terminate"),
        "{}",
        set[0]
    );
    assert!(of_kind(&documents, "Certificate").is_empty());
}

/// T126.
#[test]
fn annotations_of_external_dns_go_where_it_looks() {
    let dns = "external-dns.alpha.kubernetes.io";
    let text = annotated(&format!("{dns}/target: lb.example.com, {dns}/ttl: \"60\""), "/", None);
    let documents = documents(&conversion(&text, &bare()));
    let (gateway, route) = (of_kind(&documents, "Gateway")[0], of_kind(&documents, "HTTPRoute")[0]);
    assert!(gateway.contains("/target: lb.example.com") && !gateway.contains("/ttl"), "{gateway}");
    assert!(route.contains("/ttl: \"60\"") && !route.contains("/target"), "{route}");
}

/// The order of documents says nothing (§5.3).
#[test]
fn shuffled_input_gives_the_same_bytes() {
    let mut parts = Vec::new();
    for at in 0..30 {
        let host = format!("h{}.example.com", at % 7);
        let path = format!("/p{}", at % 5);
        parts.push(ingress(&format!("ns{}/i{at}", at % 3), &[(&host, &[&path, "/x"]), ("*.example.com", &[&path])]));
    }
    parts.push(annotated("cert-manager.io/cluster-issuer: main", "/a(/|$)(.*)", Some("shop-tls")));
    parts.push(service("shop", "api", "{port: 8080}"));
    let text = |parts: &[String]| render::documents(&conversion(&parts.concat(), &options()).manifests);
    let expected = text(&parts);
    let mut state: u64 = 5;
    for round in 0..12 {
        for at in (1..parts.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            parts.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        assert!(text(&parts) == expected, "round {round}");
    }
}

/// §5.1, `--gateway`: what the Gateway has is used, what it lacks is a patch or a ListenerSet.
#[test]
fn an_existing_gateway_is_never_written() {
    let gateway = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n\
                   metadata: {name: edge, namespace: infra}\nspec:\n  gatewayClassName: eg\n  listeners:\n\
                   \x20 - {name: web, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}\n";
    let text = annotated("", "/", Some("shop-tls")) + gateway;
    let mode = gwc_core::migrate::options::GatewayMode::Existing(gwc_core::value::ObjectKey::new("infra", "edge"));
    let existing = Options { gateways: mode, ..bare() };
    let out = conversion(&text, &existing);
    let documents = documents(&out);
    assert!(of_kind(&documents, "Gateway").is_empty());
    let redirect = documents.iter().find(|text| text.contains("name: web-redirect")).expect("a redirect");
    assert!(redirect.contains("  - name: edge\n    namespace: infra\n    sectionName: web\n"), "{redirect}");
    let [patch] = &out.patches[..] else { panic!("{:?}", out.patches) };
    assert_eq!(patch.path, "patches/gateway-listeners.patch");
    let start = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: edge\n  namespace: infra\n\
                 spec:\n  listeners:\n  - name: https-shop-example-com\n";
    assert!(patch.text.starts_with(start), "{}", patch.text);
    // A listener that covers the host does, whatever its name.
    let wide = text.replace(
        "spec:\n  gatewayClassName: eg\n  listeners:\n",
        "spec:\n  gatewayClassName: eg\n  listeners:\n  \
        - {name: wide, hostname: \"*.example.com\", port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: w}]}}\n",
    );
    let out = conversion(&wide, &existing);
    assert_eq!(out.patches, []);
    assert!(self::documents(&out).concat().contains("sectionName: wide\n"));
    // The same port cannot speak two protocols.
    let other = wide
        .replace("*.example.com", "shop.example.com")
        .replace("protocol: HTTPS, tls: {certificateRefs: [{name: w}]}", "protocol: TLS, tls: {mode: Passthrough}");
    assert!(codes(&conversion(&other, &existing)).contains(&"MIG403"));
    // ListenerSets are in the namespaces of the Ingresses.
    let sets = Options { listeners: gwc_core::migrate::options::Listeners::ListenerSet, ..existing };
    let documents = self::documents(&conversion(&text, &sets));
    let set = of_kind(&documents, "ListenerSet");
    assert!(
        set[0].contains("  namespace: shop\n") && set[0].contains("    name: edge\n    namespace: infra\n"),
        "{}",
        set[0]
    );
}

/// T59: a host of two namespaces cannot have a Gateway for each; the others can.
#[test]
fn gateways_per_namespace_and_per_ingress() {
    let mode = |gateways| Options { gateways, ..bare() };
    let per_namespace = mode(gwc_core::migrate::options::GatewayMode::PerNamespace);
    let two = ingress("one/web", &[("a.io", &["/"])]) + &ingress("two/web", &[("a.io", &["/x"])]);
    let out = conversion(&two, &per_namespace);
    assert!(out.manifests.is_empty() && codes(&out).contains(&"MIG208"));
    let apart = two.replace("\"a.io\", http: {paths: [{path: \"/x\"", "\"b.io\", http: {paths: [{path: \"/x\"");
    let documents = documents(&conversion(&apart, &per_namespace));
    let gateways = of_kind(&documents, "Gateway");
    assert!(gateways[0].contains("  name: nginx\n  namespace: one\n"), "{}", gateways[0]);
    assert!(gateways.len() == 2 && gateways.iter().all(|text| !text.contains("allowedRoutes")), "{gateways:?}");
    let per_ingress = mode(gwc_core::migrate::options::GatewayMode::PerIngress);
    let text = ingress("one/web", &[("a.io", &["/"])]) + &ingress("one/api", &[("b.io", &["/"])]);
    let documents = self::documents(&conversion(&text, &per_ingress));
    let names: Vec<bool> = of_kind(&documents, "Gateway").iter().map(|text| text.contains("name: web\n")).collect();
    assert_eq!(names, [false, true], "{documents:?}");
}

/// §2.6, `--https-listeners cert`.
#[test]
fn hosts_of_one_wildcard_certificate_may_share_a_listener() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["*.a.io".to_owned()]).unwrap().self_signed(&key).unwrap();
    let indent = |text: &str| -> String { text.lines().map(|line| format!("    {line}\n")).collect() };
    let secret = format!(
        "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: wild, namespace: shop}}\ntype: kubernetes.io/tls\n\
         stringData:\n  tls.crt: |\n{}  tls.key: |\n{}",
        indent(&certificate.pem()),
        indent(&key.serialize_pem())
    );
    let tls = "spec:\n  tls: [{hosts: [x.a.io, y.a.io], secretName: wild}]\n";
    let hosts = ingress("shop/web", &[("x.a.io", &["/"]), ("y.a.io", &["/y"])]).replace("spec:\n", tls);
    let options = Options { https_listeners: gwc_core::migrate::options::HttpsListeners::Certificate, ..bare() };
    let documents = documents(&conversion(&(hosts + &secret), &options));
    let gateway = of_kind(&documents, "Gateway")[0];
    assert!(gateway.contains("name: https-wildcard-a-io\n") && !gateway.contains("https-x-a-io"), "{gateway}");
    let routes = of_kind(&documents, "HTTPRoute");
    assert_eq!(routes.iter().filter(|text| text.contains("sectionName: https-wildcard-a-io")).count(), 2, "{routes:?}");
}

/// §2.8, §2.11: objects of the cluster only where they are asked for.
#[test]
fn classes_and_namespaces_are_written_on_request() {
    let asked = [Wish::NoProvenance, Wish::EmitGatewayClass, Wish::EmitNamespace].into();
    let out = conversion(&annotated("", "/", None), &Options { choices: asked, ..bare() });
    let text = render::documents(&out.manifests);
    let start = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: eg\nspec:\n  \
                 controllerName: gateway.envoyproxy.io/gatewayclass-controller\n---\napiVersion: v1\nkind: Namespace\n\
                 metadata:\n  name: gateway-infra\n---\n";
    assert!(text.starts_with(start), "{text}");
    let plain = conversion(&annotated("", "/", None), &bare());
    assert!(plain.manifests.iter().all(|one| !["GatewayClass", "Namespace"].contains(&one.kind())));
}
