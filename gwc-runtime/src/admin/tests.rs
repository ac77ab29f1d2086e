//! The endpoint through real sockets, beside a proxy that serves echo backends.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroUsize;

use gwc_core::ir::{BackendProtocol, Endpoint, Str};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use serde_json::Value;

use super::*;
use crate::echo::{Echo, EchoService};
use crate::{Load, Options};

const MANIFESTS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: example
  listeners:
  - {name: http, port: 80, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: store, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [a.test, '*.b.test']
  rules:
  - name: all
    backendRefs: [{name: web, port: 80}]
  - matches:
    - path: {type: Exact, value: /private}
      headers: [{name: x-api-key, value: hunter2}]
    filters:
    - type: RequestHeaderModifier
      requestHeaderModifier: {set: [{name: Authorization, value: Bearer hunter2}, {name: X-Env, value: live}]}
    backendRefs: [{name: web, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  ports: [{port: 80}]
";

/// A proxy with its endpoint.
struct Served {
    runtime: Runtime,
    facts: Facts,
    admin: Admin,
    echo: Echo,
}

impl Served {
    fn start(trace: Option<Trace>) -> Self {
        let options = Options { workers: NonZeroUsize::new(2), ..Options::default() };
        let runtime = Runtime::start(options).unwrap();
        let facts = Facts::default();
        let any = "127.0.0.1:0".parse().unwrap();
        let admin = Admin::start(any, runtime.clone(), Arc::clone(&facts), trace).unwrap();
        Self { runtime, facts, admin, echo: Echo::start().unwrap() }
    }

    /// Serves the manifests; the address of the listener.
    fn load(&self) -> SocketAddr {
        let mut sources = SourceMap::new();
        let text = MANIFESTS.as_bytes().to_vec();
        sources.add(Source::from_bytes("m.yaml", Origin::Memory, Role::Checked, true, text));
        let compilation = gwc_core::compile(&sources, &Profile::new(WorldMode::Closed, 0));
        let mut config = compilation.lowered.config;
        assert_eq!((config.rules.len(), config.sockets.len()), (2, 1), "{:?}", compilation.diagnostics);
        for backend in &mut config.backends {
            let service = EchoService {
                namespace: backend.key.namespace.to_string(),
                service: backend.key.name.to_string(),
                port: 80,
                protocol: BackendProtocol::Http1,
            };
            let at = self.echo.add(service).unwrap();
            let address = Str::from(at.ip().to_string());
            backend.endpoints = Some(vec![Endpoint { address, port: at.port(), ready: true }]);
        }
        let addresses = vec![vec!["127.0.0.1:0".parse().unwrap()]];
        let load = Load { config: Arc::new(config), secrets: Arc::new(compilation.lowered.secrets), addresses };
        let applied = self.runtime.swap(load);
        let at = *applied.bound[0].result.as_ref().unwrap();
        let mut facts = self.facts.lock().unwrap();
        facts.served(applied.duration);
        facts.bound = vec![(at, 0)];
        at
    }

    fn ask(&self, path: &str) -> (u16, String) {
        talk(self.admin.address(), &format!("GET {path} HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
    }

    fn json(&self, path: &str) -> Value {
        let (status, body) = self.ask(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.admin.shutdown();
        self.runtime.shutdown();
    }
}

/// Status and body of the answer.
fn talk(address: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

fn get(address: SocketAddr, host: &str, path: &str) -> u16 {
    talk(address, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).0
}

#[test]
fn metrics_count_what_was_served() {
    let served = Served::start(None);
    let address = served.load();
    for (host, path, status) in
        [("a.test", "/", 200), ("x.b.test", "/?status=404", 404), ("a.test", "/?status=503", 503), ("c.test", "/", 404)]
    {
        assert_eq!(get(address, host, path), status, "{host}{path}");
    }
    let (status, text) = served.ask("/metrics");
    assert_eq!(status, 200);
    let series = metrics::tests::read(&text);
    let requests = |class: &str| {
        let labels = "namespace=\"shop\",route=\"store\",service=\"web\"";
        let host = "host=\"*.b.test,a.test\"";
        format!("nginx_ingress_controller_requests{{{host},status=\"{class}\",{labels}}}")
    };
    let expected = [
        (requests("2xx").as_str(), 1.0),
        (requests("4xx").as_str(), 1.0),
        (requests("5xx").as_str(), 1.0),
        ("envoy_cluster_upstream_rq_total{envoy_cluster_name=\"shop/web/80\"}", 3.0),
        ("envoy_cluster_upstream_rq_time_count{envoy_cluster_name=\"shop/web/80\"}", 3.0),
        ("envoy_http_downstream_rq_total{listener=\"shop/edge/http\"}", 4.0),
        ("envoy_http_downstream_rq_5xx{listener=\"shop/edge/http\"}", 1.0),
        ("gwc_answers_total{cause=\"NoRule\"}", 1.0),
        ("gwc_generation", 1.0),
        ("gwc_reload_successful", 1.0),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    for (name, value) in expected {
        assert_eq!(series.get(&name), Some(&value), "{name} in\n{text}");
    }
}

#[test]
fn ready_from_the_first_configuration_to_the_drain() {
    let served = Served::start(None);
    assert_eq!(served.ask("/readyz").0, 503);
    assert_eq!(served.ask("/healthz").0, 200);
    assert_eq!(served.ask("/routes").0, 503);
    assert_eq!(served.ask("/metrics").0, 200);
    served.load();
    assert_eq!(served.ask("/readyz").0, 200);
    served.facts.lock().unwrap().is_stopping = true;
    assert_eq!(served.ask("/readyz").0, 503);
    served.facts.lock().unwrap().is_stopping = false;
    assert_eq!(served.ask("/readyz").0, 200);
    served.runtime.drain(Duration::ZERO);
    assert_eq!(served.ask("/readyz").0, 503);
    served.runtime.shutdown();
    assert_eq!(served.ask("/healthz").0, 503);
    assert_eq!(served.ask("/metrics").0, 503);
}

#[test]
fn only_questions_are_answered_and_only_to_those_who_mean_it() {
    let served = Served::start(None);
    served.load();
    let ask = |head: &str| talk(served.admin.address(), &format!("{head}Connection: close\r\n\r\n")).0;
    assert_eq!(ask("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"), 405);
    assert_eq!(ask("DELETE /config HTTP/1.1\r\nHost: localhost\r\n"), 405);
    assert_eq!(ask("GET /config HTTP/1.1\r\nHost: evil.example\r\n"), 403);
    assert_eq!(ask("GET /config HTTP/1.1\r\nHost: evil.example:9901\r\n"), 403);
    assert_eq!(ask("GET /readyz HTTP/1.1\r\nHost: [::1]:9901\r\n"), 200);
    assert_eq!(ask("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:9901\r\n"), 200);
    assert_eq!(ask("HEAD / HTTP/1.1\r\nHost: localhost\r\n"), 200);
    assert_eq!(served.ask("/other").0, 404);
}

#[test]
fn the_configuration_is_shown_without_credentials() {
    let served = Served::start(None);
    served.load();
    let (_, text) = served.ask("/config");
    assert!(!text.contains("hunter2") && text.contains("\"(hidden)\""), "{text}");
    let config: Config = serde_json::from_str(&text).unwrap();
    assert_eq!(config.rules.len(), 2);
    assert!(text.contains("\"live\""));
    assert!(!served.ask("/routes").1.contains("hunter2"));
    assert!(!served.ask("/trace?url=http://a.test/private&header=x-api-key:hunter2").1.contains("hunter2"));
}

#[test]
fn routes_stand_in_match_order_with_counters() {
    let served = Served::start(None);
    let address = served.load();
    get(address, "a.test", "/");
    get(address, "a.test", "/?status=500");
    let routes = served.json("/routes");
    let listener = &routes["listeners"][0];
    assert_eq!((&listener["listener"], &listener["port"]), (&"shop/edge/http".into(), &80.into()));
    let rules = listener["rules"].as_array().unwrap();
    let seen: Vec<_> = rules.iter().map(|one| (&one["host"], &one["rule"], &one["path"]["value"])).collect();
    let values = [("a.test", 1, "/private"), ("a.test", 0, "/"), ("*.b.test", 1, "/private"), ("*.b.test", 0, "/")]
        .map(|(host, rule, path)| (Value::from(host), Value::from(rule), Value::from(path)));
    assert_eq!(seen, values.iter().map(|(host, rule, path)| (host, rule, path)).collect::<Vec<_>>());
    assert_eq!(rules[1]["requests"], json!({"2xx": 1, "5xx": 1}));
    assert_eq!(rules[0]["requests"], json!({}));
    assert_eq!(rules[1]["backends"], json!([{"backend": "shop/web:80", "weight": 1}]));
}

#[test]
fn a_trace_predicts_on_what_is_served() {
    let served = Served::start(None);
    let address = served.load();
    let answer = |query: &str| served.json(&format!("/trace?{query}"))["answers"][0].clone();
    let taken = answer("url=http%3A%2F%2Fa.test%2Fprivate%3Fq&header=X-API-Key%3A+hunter2");
    assert_eq!(
        (&taken["rule"]["rule"], &taken["match"], &taken["listener"]),
        (&1.into(), &0.into(), &"shop/edge/http".into())
    );
    assert_eq!(taken["outcome"]["backends"][0]["target"], "/private?q");
    assert_eq!(answer("url=http://a.test/private")["rule"]["rule"], 0);
    assert_eq!(answer("url=http://c.test/")["outcome"]["status"], 404);
    let other_port = format!("url=http://a.test:{}/", address.port());
    assert_eq!(answer(&other_port)["rule"]["rule"], 0, "the port that is bound");
    assert_eq!(served.json("/trace?url=http://a.test:1/")["notes"], json!(["nothing listens at port 1"]));
    for wrong in ["", "url=a.test", "url=http://a.test:x/", "url=http://a/&body=1", "url=http://a/&header=x", "url=%"] {
        assert_eq!(served.ask(&format!("/trace?{wrong}")).0, 400, "{wrong}");
    }
}

#[test]
fn an_edge_may_render_traces_itself() {
    let render = |config: &Config, query: &TraceQuery| match query.url.as_str() {
        "no" => Err("no such host".to_owned()),
        _ => Ok(format!("{} {:?} {:?} {}", query.url, query.method, query.headers, config.rules.len())),
    };
    let served = Served::start(Some(Arc::new(render)));
    served.load();
    let (status, text) = served.ask("/trace?url=a&method=PUT&header=a:1&header=b:%202");
    let headers = "[(\"a\", \"1\"), (\"b\", \"2\")]";
    assert_eq!((status, text), (200, format!("a Some(\"PUT\") {headers} 2")));
    assert_eq!(served.ask("/trace?url=no"), (400, "no such host\n".to_owned()));
}

#[test]
fn the_account_of_the_snapshot_tells_of_a_refused_reload() {
    let served = Served::start(None);
    let address = served.load();
    served.facts.lock().unwrap().refused("m.yaml: no object");
    let shown = served.json("/snapshot");
    assert_eq!((&shown["generation"], &shown["workers"], &shown["rules"]), (&1.into(), &2.into(), &2.into()));
    let bound = json!([{"address": address.to_string(), "gateway": "shop/edge", "port": 80}]);
    assert_eq!(shown["bound"], bound);
    assert_eq!((&shown["lastReload"]["error"], &shown["draining"]), (&"m.yaml: no object".into(), &false.into()));
    assert!(shown["ageSeconds"].is_u64());
}

#[test]
fn the_endpoint_ends() {
    let served = Served::start(None);
    served.admin.shutdown();
    assert!(TcpStream::connect(served.admin.address()).is_err());
}
