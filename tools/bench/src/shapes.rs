//! Shapes that are cheap only where nothing compares all with all: many routes on one Gateway, many grants, one long
//! file, many listeners.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A shape.
pub(crate) struct Shape {
    /// Folder.
    pub(crate) slug: &'static str,
    /// Row of the table.
    pub(crate) name: &'static str,
    /// Objects (or listeners) of the full size.
    pub(crate) size: usize,
    text: fn(usize) -> String,
}

/// Every shape.
pub(crate) const ALL: [Shape; 4] = [
    Shape { slug: "routes", name: "20,000 routes of one namespace on one Gateway", size: 20_000, text: routes },
    Shape { slug: "grants", name: "5,000 ReferenceGrants, each for one route", size: 5_000, text: grants },
    Shape { slug: "documents", name: "one file with 50,000 documents", size: 50_000, text: documents },
    Shape { slug: "listeners", name: "5,000 listeners in ListenerSets of one Gateway", size: 5_000, text: listeners },
];

impl Shape {
    /// Writes the shape with this size.
    pub(crate) fn write(&self, dir: &Path, size: usize) -> std::io::Result<()> {
        fs::create_dir_all(dir)?;
        fs::write(dir.join("all.yaml"), (self.text)(size))
    }
}

const GATEWAY_API: &str = "apiVersion: gateway.networking.k8s.io/v1\n";

/// A class, a Gateway that is open to all, and a Service.
fn base() -> String {
    format!(
        "{GATEWAY_API}kind: GatewayClass\nmetadata:\n  name: shared\nspec:\n  controllerName: gwc.dev/gateway-controller\n\
         ---\n{GATEWAY_API}kind: Gateway\nmetadata:\n  name: edge\n  namespace: shop\nspec:\n  gatewayClassName: shared\n  \
         allowedListeners:\n    namespaces:\n      from: All\n  listeners:\n  - name: http\n    port: 80\n    protocol: HTTP\n    \
         allowedRoutes:\n      namespaces:\n        from: All\n\
         ---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  ports:\n  - port: 80\n"
    )
}

/// A route of `namespace` to the Service of namespace `shop`.
fn route(text: &mut String, n: usize, namespace: &str) {
    let _ = write!(
        text,
        "---\n{GATEWAY_API}kind: HTTPRoute\nmetadata:\n  name: route-{n}\n  namespace: {namespace}\nspec:\n  parentRefs:\n  - \
         name: edge\n    namespace: shop\n    sectionName: http\n  hostnames:\n  - route-{n}.example.com\n  rules:\n  - \
         backendRefs:\n    - name: web\n      namespace: shop\n      port: 80\n"
    );
}

fn routes(size: usize) -> String {
    let mut text = base();
    (0..size).for_each(|n| route(&mut text, n, "shop"));
    text
}

fn grants(size: usize) -> String {
    let mut text = base();
    for n in 0..size {
        route(&mut text, n, &format!("team-{n}"));
        let _ = write!(
            text,
            "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata:\n  name: grant-{n}\n  namespace: \
             shop\nspec:\n  from:\n  - group: gateway.networking.k8s.io\n    kind: HTTPRoute\n    namespace: team-{n}\n  to:\n  - \
             group: \"\"\n    kind: Service\n    name: web\n"
        );
    }
    text
}

fn documents(size: usize) -> String {
    let document = |n| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-{n}\n  namespace: shop\ndata:\n  a: b\n"
        )
    };
    (0..size).map(document).collect()
}

fn listeners(size: usize) -> String {
    const PER_SET: usize = 50;
    let mut text = base();
    for set in 0..size.div_ceil(PER_SET) {
        let _ = write!(
            text,
            "---\n{GATEWAY_API}kind: ListenerSet\nmetadata:\n  name: set-{set}\n  namespace: shop\nspec:\n  parentRef:\n    \
             name: edge\n  listeners:\n"
        );
        for n in 0..PER_SET {
            let _ = write!(
                text,
                "  - name: listener-{n}\n    port: 80\n    protocol: HTTP\n    hostname: host-{set}-{n}.example.com\n"
            );
        }
    }
    text
}
