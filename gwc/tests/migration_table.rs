//! The migration table of tutorials, row by row: what each promises, and what is right (ingress-migrate.md §8).

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run gave: exit code, objects as an API server would store them, codes of the report, all of the report.
struct Migrated {
    exit: Option<i32>,
    objects: Vec<Value>,
    report: Value,
}

impl Migrated {
    fn object(&self, kind: &str, name: &str) -> &Value {
        let is_it = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
        self.objects.iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {name} in {:#?}", self.names()))
    }

    fn names(&self) -> Vec<String> {
        let name = |object: &Value| format!("{} {}", object["kind"], object["metadata"]["name"]);
        self.objects.iter().map(name).collect()
    }

    fn rules(&self, route: &str) -> &[Value] {
        self.object("HTTPRoute", route)["spec"]["rules"].as_array().map_or(&[], Vec::as_slice)
    }

    fn has(&self, code: &str) -> bool {
        self.report["items"].as_array().is_some_and(|items| items.iter().any(|item| item["code"] == code))
    }

    /// The item of an annotation.
    fn item(&self, annotation: &str) -> &Value {
        let items = self.report["items"].as_array().expect("items");
        let is_it = |item: &&Value| item["fact"].as_str().is_some_and(|fact| fact.ends_with(annotation));
        items.iter().find(is_it).unwrap_or_else(|| panic!("no item for {annotation}"))
    }
}

fn gwc(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.args(arguments).arg("--no-config").arg("-").spawn().expect("gwc runs");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("input");
    let output = child.wait_with_output().expect("gwc ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn migrate(arguments: &[&str], input: &str) -> Migrated {
    let world = format!("{WORLD}---\n{input}");
    let words = ["ingress-migrate", "--class-map", "nginx=edge", "-o", "json"];
    let (exit, manifests, report) = gwc(&[&words, arguments].concat(), &world);
    let report = serde_json::from_str(&report).unwrap_or_else(|error| panic!("{error}: {report}"));
    let (_, stored, errors) =
        gwc(&["check", "--phase", "admission", "-o", "admission-jsonl", "--show-object"], &manifests);
    let lines = stored.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    // Kinds of other projects are not known to it; there the line only names the object.
    let is_own = |line: &Value| line["apiVersion"].as_str().is_some_and(|version| version.starts_with(GROUP));
    let (own, others): (Vec<Value>, Vec<Value>) = lines.partition(is_own);
    let mut objects: Vec<Value> = own.iter().map(|line| line["object"].clone()).collect();
    assert!(objects.iter().all(Value::is_object), "an API server takes all of it: {errors}{manifests}");
    objects.extend(
        others.iter().map(|line| serde_json::json!({"kind": line["kind"], "metadata": {"name": line["name"]}})),
    );
    Migrated { exit, objects, report }
}

const GROUP: &str = "gateway.networking.k8s.io/";

const WORLD: &str = "apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
  annotations:
    ingressclass.kubernetes.io/is-default-class: \"true\"
spec:
  controller: k8s.io/ingress-nginx
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  ports:
  - name: http
    port: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: next
  namespace: shop
spec:
  ports:
  - name: http
    port: 8080
";

/// An Ingress of the namespace `shop` for `shop.example.com`.
struct Source<'s> {
    name: &'s str,
    annotations: &'s [&'s str],
    path: &'s str,
    kind: &'s str,
    service: &'s str,
    has_tls: bool,
}

const WEB: Source<'_> =
    Source { name: "web", annotations: &[], path: "/", kind: "Prefix", service: "web", has_tls: false };

impl Source<'_> {
    fn text(&self) -> String {
        let line = |one: &&str| format!("    {one}\n");
        let annotations: String = self.annotations.iter().map(line).collect();
        let annotations = if annotations.is_empty() { annotations } else { format!("  annotations:\n{annotations}") };
        let tls = if self.has_tls { "  tls:\n  - hosts: [shop.example.com]\n    secretName: shop-tls\n" } else { "" };
        let Source { name, path, kind, service, .. } = self;
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {name}\n  namespace: shop\n{annotations}\
             spec:\n  ingressClassName: nginx\n{tls}  rules:\n  - host: shop.example.com\n    http:\n      paths:\n      \
             - path: '{path}'\n        pathType: {kind}\n        backend:\n          service:\n            name: \
             {service}\n            port:\n              number: 8080\n"
        )
    }
}

fn pair(one: &Source<'_>, other: &Source<'_>) -> String {
    format!("{}---\n{}", one.text(), other.text())
}

/// "Direct equivalent" holds for exact paths and prefixes of elements.
#[test]
fn host_and_path_become_hostnames_and_matches() {
    for (kind, wanted) in [("Exact", "Exact"), ("Prefix", "PathPrefix"), ("ImplementationSpecific", "PathPrefix")] {
        let got = migrate(&[], &Source { path: "/cart", kind, ..WEB }.text());
        assert_eq!(got.exit, Some(0), "{kind}");
        let route = got.object("HTTPRoute", "web");
        assert_eq!(route["spec"]["hostnames"], serde_json::json!(["shop.example.com"]));
        let path = &got.rules("web")[0]["matches"][0]["path"];
        assert_eq!((path["type"].as_str(), path["value"].as_str()), (Some(wanted), Some("/cart")), "{kind}");
        assert!(route["spec"]["parentRefs"][0]["sectionName"].is_string(), "attached to one listener by name");
    }
    // "Direct" ends at wildcards.
    let wildcard = Source { path: "/", ..WEB }.text().replace("host: shop.example.com", "host: '*.example.com'");
    assert!(migrate(&[], &wildcard).has("MIG201"), "a wildcard takes deeper names too");
}

/// A prefix is replaced only where the captures say so; without captures the whole path is.
#[test]
fn rewrite_target_is_a_rewrite_of_the_right_kind() {
    let captures = ["nginx.ingress.kubernetes.io/rewrite-target: /$2"];
    let source = Source { annotations: &captures, path: "/api(/|$)(.*)", kind: "ImplementationSpecific", ..WEB };
    let got = migrate(&[], &source.text());
    let rule = &got.rules("web")[0];
    assert_eq!(rule["matches"][0]["path"]["value"], "/api");
    assert_eq!(rule["filters"][0]["urlRewrite"]["path"]["replacePrefixMatch"], "/");

    let plain = ["nginx.ingress.kubernetes.io/rewrite-target: /"];
    let got = migrate(&[], &Source { annotations: &plain, path: "/flat", ..WEB }.text());
    let rewrites: Vec<&Value> = got.rules("web").iter().map(|rule| &rule["filters"][0]["urlRewrite"]["path"]).collect();
    assert!(rewrites.iter().all(|path| path["type"] == "ReplaceFullPath"), "every path becomes `/`: {rewrites:?}");
}

/// One route instead of two objects; the share is out of a hundred, whatever a smaller total says.
#[test]
fn a_canary_is_a_weight() {
    let prefix = "nginx.ingress.kubernetes.io/canary";
    let (flag, weight) = (format!("{prefix}: \"true\""), format!("{prefix}-weight: \"25\""));
    let total = format!("{prefix}-weight-total: \"50\"");
    for annotations in [vec![&*flag, &*weight], vec![&*flag, &*weight, &*total]] {
        let canary = Source { name: "next", annotations: &annotations, service: "next", ..WEB };
        let got = migrate(&[], &pair(&WEB, &canary));
        let routes = got.objects.iter().filter(|object| object["kind"] == "HTTPRoute").count();
        assert_eq!(routes, 1, "{:?}", got.names());
        let backends = got.rules("web")[0]["backendRefs"].as_array().expect("backends").clone();
        let share = |name: &str| {
            let own = backends.iter().find(|one| one["name"] == name).and_then(|one| one["weight"].as_u64());
            own.unwrap_or_default() * 100 / backends.iter().filter_map(|one| one["weight"].as_u64()).sum::<u64>()
        };
        assert_eq!((share("web"), share("next")), (75, 25), "{annotations:?}");
    }
    // A canary beside nothing was no canary.
    let lost = Source { name: "next", annotations: &[&flag, &weight], path: "/other", service: "next", ..WEB };
    let got = migrate(&[], &pair(&WEB, &lost));
    assert!(!got.rules("web").iter().any(|rule| rule["backendRefs"].to_string().contains("next")));
}

/// On by default with a certificate, so its absence is converted too; and the code is 308.
#[test]
fn ssl_redirect_is_a_rule_of_the_http_listener() {
    let redirect = |got: &Migrated| {
        let routes = got.objects.iter().filter(|object| object["kind"] == "HTTPRoute");
        let filters = routes.flat_map(|route| route["spec"]["rules"].as_array().cloned().unwrap_or_default());
        filters.map(|rule| rule["filters"][0]["requestRedirect"].clone()).find(Value::is_object)
    };
    let got = migrate(&[], &Source { has_tls: true, ..WEB }.text());
    let filter = redirect(&got).expect("a redirect that no annotation asked for");
    assert_eq!((filter["scheme"].as_str(), filter["statusCode"].as_u64()), (Some("https"), Some(308)));
    let parent = &got.object("HTTPRoute", "web-redirect")["spec"]["parentRefs"][0];
    assert!(parent["sectionName"].as_str().is_some_and(|name| name.starts_with("http") && !name.starts_with("https")));

    let off = ["nginx.ingress.kubernetes.io/ssl-redirect: \"false\""];
    assert!(redirect(&migrate(&[], &Source { has_tls: true, annotations: &off, ..WEB }.text())).is_none());
    assert!(redirect(&migrate(&[], &WEB.text())).is_none(), "no certificate, no redirect");
}

/// A default IngressClass has no counterpart: the Gateway names its class.
#[test]
fn a_default_class_becomes_a_named_one() {
    let unclassed = WEB.text().replace("  ingressClassName: nginx\n", "");
    let got = migrate(&[], &unclassed);
    assert_eq!(got.object("Gateway", "nginx")["spec"]["gatewayClassName"], "edge");
    assert!(got.objects.iter().all(|object| object["kind"] != "GatewayClass"), "it belongs to the platform");
}

/// Not an ExtensionRef on its own: a lost guard closes what it guarded, until somebody accepts it by name.
#[test]
fn lost_access_control_closes_its_rules() {
    for annotation in ["limit-rps: \"5\"", "auth-url: http://auth.shop.svc.cluster.local/check"] {
        let annotation = format!("nginx.ingress.kubernetes.io/{annotation}");
        let source = Source { annotations: &[&annotation], ..WEB }.text();
        let got = migrate(&[], &source);
        assert_eq!(got.exit, Some(1), "{annotation}");
        assert!(got.has("MIG511"), "{annotation}");
        assert!(got.rules("web").iter().all(|rule| rule.get("backendRefs").is_none()), "{annotation}: closed");
        assert!(!serde_json::to_string(&got.objects).expect("JSON").contains("ExtensionRef"), "{annotation}");

        let got = migrate(&["--accept", "MIG511:shop/web:a policy guards it"], &source);
        assert_eq!(got.exit, Some(0), "{annotation}: accepted");
        assert_eq!(got.rules("web")[0]["backendRefs"][0]["name"], "web", "{annotation}: open");
    }
}

/// cert-manager reads Gateways and ListenerSets beside their Secret, never HTTPRoutes, and wants the mode written out.
#[test]
fn cert_manager_reads_the_owner_of_the_listener() {
    let issuer = ["cert-manager.io/cluster-issuer: letsencrypt"];
    let source = Source { has_tls: true, annotations: &issuer, ..WEB }.text();
    let has_issuer =
        |object: &Value| object["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == "letsencrypt";

    let beside = migrate(&["--gateway-namespace", "shop"], &source);
    let gateway = beside.object("Gateway", "nginx");
    assert!(has_issuer(gateway), "{gateway:#}");
    let listeners = gateway["spec"]["listeners"].as_array().expect("listeners");
    let https = listeners.iter().find(|listener| listener["protocol"] == "HTTPS").expect("HTTPS");
    assert_eq!(https["tls"]["mode"], "Terminate");

    for arguments in [&[][..], &["--gateway-namespace", "shop"]] {
        let got = migrate(arguments, &source);
        let routes = got.objects.iter().filter(|object| object["kind"] == "HTTPRoute");
        assert!(routes.into_iter().all(|route| !has_issuer(route)), "a route is never read");
    }
    // Across namespaces cert-manager would skip the listener without a word.
    let apart = migrate(&[], &source);
    assert!(!has_issuer(apart.object("Gateway", "nginx")), "the Secret is in another namespace");
    assert!(apart.object("Certificate", "shop-tls").is_object(), "so the Certificate is written");
    assert_eq!(apart.item("cluster-issuer")["verdict"], "exact");
}

/// Versions and fields as they are in the bundle, not as old pages show them.
#[test]
fn kinds_and_fields_are_those_of_the_bundle() {
    let source = Source { has_tls: true, ..WEB }.text();
    let version = |arguments: &[&str]| {
        let got = migrate(arguments, &source);
        let grant = got.objects.iter().find(|object| object["kind"] == "ReferenceGrant").expect("a grant").clone();
        grant["apiVersion"].as_str().expect("a version").to_owned()
    };
    assert_eq!(version(&[]), "gateway.networking.k8s.io/v1beta1", "every release serves it");
    assert_eq!(version(&["--gateway-api", "v1.6.1"]), "gateway.networking.k8s.io/v1", "asked for by name");

    let sticky = ["nginx.ingress.kubernetes.io/affinity: cookie"];
    let source = Source { annotations: &sticky, ..WEB }.text();
    let standard = migrate(&[], &source);
    let code = &standard.item("affinity")["code"];
    assert!(code == "MIG802" || code == "MIG503", "only the experimental channel or a policy has it: {code}");
    assert!(standard.rules("web")[0].get("sessionPersistence").is_none());
}
