//! Reload, drain and shutdown under traffic (runtime-design.md §2.4, §2.5): what changes takes effect at once, what does
//! not is not touched, and no request is lost.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use gwc_core::ir::Config;
use support::client;
use support::wire::Wire;
use support::world::{World, compiled};

#[expect(dead_code, reason = "each test uses its part")]
#[path = "support/all.rs"]
mod support;

#[path = "reload/drain.rs"]
mod drain;
#[path = "reload/sockets.rs"]
mod sockets;
#[path = "reload/storm.rs"]
mod storm;

const HEAD: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: gwc}
spec: {controllerName: gwc.dev/gateway-controller}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec:
  ports: [{name: web, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: b, namespace: shop}
spec:
  ports: [{name: web, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: calls, namespace: shop}
spec:
  ports: [{name: web, port: 80, appProtocol: kubernetes.io/h2c}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: gwc
  listeners:
";

/// Manifests of a Gateway with these ports in clear text, and of a route with these rules.
fn manifests(ports: &[u16], rules: &str) -> String {
    let listener = |port: &u16| format!("  - {{name: p{port}, port: {port}, protocol: HTTP}}\n");
    let listeners: String = ports.iter().map(listener).collect();
    format!(
        "{HEAD}{listeners}---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n\
         metadata: {{name: r, namespace: shop}}\nspec:\n  parentRefs: [{{name: edge}}]\n  rules:\n{rules}"
    )
}

/// A rule for everything.
fn to(service: &str) -> String {
    format!("  - backendRefs: [{{name: {service}, port: 80}}]\n")
}

fn config(ports: &[u16], rules: &str) -> Config {
    compiled(&manifests(ports, rules)).0
}

fn start(ports: &[u16], rules: &str) -> World {
    World::start(&manifests(ports, rules), &BTreeMap::new(), support::world::options())
}

impl World {
    fn reload(&mut self, config: Config) -> gwc_runtime::Applied {
        self.load(config, &BTreeMap::new())
    }
}

/// A connection that is kept.
struct Kept(Wire<std::net::TcpStream>);

impl Kept {
    fn new(address: SocketAddr) -> Self {
        Self(Wire::new(client::connect(address).expect("a connection")))
    }

    /// Status, and who answered.
    fn get(&mut self, path: &str) -> (u16, String) {
        self.try_get(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn try_get(&mut self, path: &str) -> std::io::Result<(u16, String)> {
        self.0.send(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())?;
        let response = client::response(&mut self.0, "GET")?;
        Ok((response.status, response.header("x-backend").unwrap_or_default().to_owned()))
    }
}

fn get(address: SocketAddr, path: &str) -> (u16, String) {
    Kept::new(address).get(path)
}

const A: &str = "shop/a:80";
const B: &str = "shop/b:80";

fn ok(backend: &str) -> (u16, String) {
    (200, backend.to_owned())
}
