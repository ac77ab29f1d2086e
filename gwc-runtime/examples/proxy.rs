//! The smallest use of the library: manifests become an IR, the IR becomes a running proxy.
//!
//! `cargo run -p gwc-runtime --example proxy -- 127.0.0.1:8080 127.0.0.1:9000` serves every host on the first address
//! from the backend at the second.

use std::net::SocketAddr;
use std::sync::Arc;

use gwc_core::ir::{Endpoint, Str};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_runtime::{Load, Options, Runtime};

const MANIFESTS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: gwc.dev/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: default}
spec:
  gatewayClassName: example
  listeners:
  - {name: http, port: 80, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: all, namespace: default}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs: [{name: web, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec:
  ports: [{port: 80}]
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut address = |missing: &str| -> Result<SocketAddr, Box<dyn std::error::Error>> {
        Ok(arguments.next().as_deref().unwrap_or(missing).parse()?)
    };
    let (listen, backend) = (address("127.0.0.1:8080")?, address("127.0.0.1:9000")?);

    let mut sources = SourceMap::new();
    let text = MANIFESTS.as_bytes().to_vec();
    sources.add(Source::from_bytes("manifests.yaml", Origin::Memory, Role::Checked, true, text));
    let compilation = gwc_core::compile(&sources, &Profile::new(WorldMode::Closed, 1_780_272_000));
    let mut config = compilation.lowered.config;
    for one in &mut config.backends {
        let address = Str::from(backend.ip().to_string());
        one.endpoints = Some(vec![Endpoint { address, port: backend.port(), ready: true }]);
    }

    let runtime = Runtime::start(Options { workers: std::num::NonZeroUsize::new(1), ..Options::default() })?;
    let secrets = Arc::new(compilation.lowered.secrets);
    let applied = runtime.swap(Load { config: Arc::new(config), secrets, addresses: vec![vec![listen]] });
    for bound in &applied.bound {
        bound.result.as_ref().map_err(Arc::clone)?;
    }
    loop {
        std::thread::park();
    }
}
