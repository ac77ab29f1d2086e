//! Worlds of HTTPRoutes on one Gateway, and the same with twenty changes: what `gwc diff` is timed on.

use std::fmt::Write;
use std::path::Path;

use crate::{io_error, measure, path_text, report, sibling};

/// How many names the routes of a world are spread over.
#[derive(Clone, Copy)]
pub(crate) enum Hosts {
    /// All on one.
    Same,
    /// This many.
    Some(usize),
    /// Each on its own.
    Own,
}

const BASE: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: shared
spec:
  controllerName: gwc.dev/gateway-controller
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
  namespace: shop
spec:
  gatewayClassName: shared
  listeners:
  - name: http
    port: 80
    protocol: HTTP
";

/// Services that the routes share.
const SERVICES: usize = 100;

/// Distance of changed routes: twenty of ten thousand.
const STRIDE: usize = 500;

/// `n` routes with one rule and one match each; of ten, two exact paths, one prefix with a method, one with a header,
/// the others plain prefixes.
pub(crate) fn world(n: usize, hosts: Hosts, is_changed: bool) -> String {
    let mut text = String::from(BASE);
    for service in 0..=SERVICES {
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web-{service}\n  namespace: shop\nspec:\n  ports:\n  \
             - port: 80\n"
        );
    }
    for number in 0..n {
        route(&mut text, number, hosts, is_changed && number % STRIDE == STRIDE / 2);
    }
    text
}

/// A route; changed ones take turns in what is other about them: the backend, the path, the rewrite, the header.
fn route(text: &mut String, number: usize, hosts: Hosts, is_changed: bool) {
    let host = match hosts {
        Hosts::Same => 0,
        Hosts::Some(n) => number % n,
        Hosts::Own => number,
    };
    let change = is_changed.then_some(number / STRIDE % 4);
    let (kind, condition) = match number % 10 {
        0 | 1 => ("Exact", ""),
        2 => ("PathPrefix", "      method: GET\n"),
        3 => ("PathPrefix", "      headers:\n      - name: x-stage\n        value: canary\n"),
        _ => ("PathPrefix", ""),
    };
    let path = if change == Some(1) { "moved" } else { "service" };
    let service = if change == Some(0) { SERVICES } else { number % SERVICES };
    let condition =
        if change == Some(3) { "      headers:\n      - name: x-new\n        value: b\n" } else { condition };
    let filters = if change == Some(2) {
        "    filters:\n    - type: URLRewrite\n      urlRewrite:\n        hostname: inner.example.com\n"
    } else {
        ""
    };
    let _ = write!(
        text,
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: route-{number}\n  \
         namespace: shop\nspec:\n  parentRefs:\n  - name: edge\n  hostnames:\n  - shop-{host}.example.com\n  rules:\n  \
         - matches:\n    - path:\n        type: {kind}\n        value: /team-{}/{path}-{number}\n{condition}{filters}    \
         backendRefs:\n    - name: web-{service}\n      port: 80\n",
        number % 50,
    );
}

/// Routes of the worlds that are compared.
const ROUTES: usize = 10_000;

/// Prints the table of `gwc diff`.
pub(crate) fn run() -> std::io::Result<()> {
    let root = std::env::temp_dir().join(format!("gwc-bench-diff-{}", std::process::id()));
    std::fs::create_dir_all(&root)?;
    let outcome = rows(&root);
    std::fs::remove_dir_all(&root)?;
    outcome
}

fn rows(root: &Path) -> std::io::Result<()> {
    let gwc = sibling("gwc")?;
    report("| gwc diff, 10,000 routes, 20 changes | CPU s | wall s | peak RSS MB |");
    report("|---|---|---|---|");
    for (name, hosts) in
        [("one hostname", Hosts::Same), ("100 hostnames", Hosts::Some(100)), ("a hostname each", Hosts::Own)]
    {
        let (old, new) = (root.join("old.yaml"), root.join("new.yaml"));
        std::fs::write(&old, world(ROUTES, hosts, false))?;
        std::fs::write(&new, world(ROUTES, hosts, true))?;
        let words = ["diff", "--no-config", "--threads", "1"].map(str::to_owned);
        let arguments: Vec<String> = words.into_iter().chain([path_text(&old), path_text(&new)]).collect();
        let cost = measure::median(&gwc, &arguments, 3).map_err(io_error)?;
        report(&format!("| {name} | {:.2} | {:.2} | {} |", cost.cpu, cost.wall, cost.peak_rss / 1_000_000));
    }
    Ok(())
}
