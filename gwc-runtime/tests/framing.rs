//! Requests and answers that could be read in two ways: rules S1 to S28 of runtime-design.md §3.4, one test per rule.
//!
//! Bytes go in over TCP, a strict backend records. A request is refused with the code of the rule, or closed, or the
//! backend sees exactly one well-formed request, and never two. After each payload comes a second request: it must be
//! read as itself or not at all.

use std::collections::BTreeMap;

use support::client::{self, Response};
use support::wire::Wire;
use support::world::World;

#[expect(dead_code, reason = "each test uses its part")]
#[path = "support/all.rs"]
mod support;

#[path = "framing/answers.rs"]
mod answers;
#[path = "framing/forwarding.rs"]
mod forwarding;
#[path = "framing/heads.rs"]
mod heads;
#[path = "framing/http2.rs"]
mod http2;
#[path = "framing/judge.rs"]
mod judge;
#[path = "framing/lengths.rs"]
mod lengths;
#[path = "framing/splits.rs"]
mod splits;

const MANIFESTS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: gwc}
spec: {controllerName: gwc.dev/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: gwc
  listeners:
  - {name: http, port: 80, protocol: HTTP}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec:
  ports: [{name: web, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: h2, namespace: shop}
spec:
  ports: [{name: web, port: 80, appProtocol: kubernetes.io/h2c}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs: [{name: a, port: 80}]
  - matches: [{path: {value: /h2}}]
    backendRefs: [{name: h2, port: 80}]
  - matches: [{path: {value: /filtered}}]
    filters:
    - type: RequestHeaderModifier
      requestHeaderModifier:
        set: [{name: X-Forwarded-Proto, value: https}, {name: X-Forwarded-Host, value: own.test}]
        remove: [X-Forwarded-Port]
    backendRefs: [{name: a, port: 80}]
";

/// A gateway that gives up on slow clients soon, since some payloads leave it waiting.
fn world() -> World {
    let (mut options, log) = support::world::options();
    options.limits.head = std::time::Duration::from_secs(1);
    options.limits.stall = std::time::Duration::from_secs(1);
    World::start(MANIFESTS, &BTreeMap::new(), (options, log))
}

/// Sends bytes on a new connection and reads one answer.
fn ask(world: &World, bytes: &str, method: &str) -> std::io::Result<Response> {
    let mut wire = Wire::new(client::connect(world.addresses[0])?);
    wire.send(&support::wire::bytes(bytes))?;
    client::response(&mut wire, method)
}

/// A plain request.
fn get(world: &World, path: &str) -> std::io::Result<Response> {
    ask(world, &format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"), "GET")
}
