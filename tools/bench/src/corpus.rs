//! Realistic manifests: teams with Services and routes on shared Gateways, about 2 KB a file; the same for every run.

use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Teams, each with a namespace of its own.
const N_TEAMS: usize = 50;

/// Writes `n` files into `dir`: one with Gateways and namespaces, the others with an application each.
pub(crate) fn write(dir: &Path, n: usize) -> std::io::Result<()> {
    fs::create_dir_all(dir)?;
    fs::write(dir.join("platform.yaml"), platform())?;
    for app in 1..n.max(2) {
        fs::write(dir.join(format!("app-{app:06}.yaml")), application(app))?;
    }
    Ok(())
}

/// Writes applications whose routes name Services that are not there: `n` findings.
pub(crate) fn write_wrong(dir: &Path, n: usize) -> std::io::Result<()> {
    fs::create_dir_all(dir)?;
    fs::write(dir.join("platform.yaml"), platform())?;
    for file in 0..n.div_ceil(100) {
        let apps = (1..=100).map(|app| {
            application(file * 100 + app).replace("      port: 8080\n      weight", "      port: 9999\n      weight")
        });
        fs::write(dir.join(format!("apps-{file:04}.yaml")), apps.collect::<Vec<_>>().join("---\n"))?;
    }
    Ok(())
}

fn platform() -> String {
    let mut text = String::from(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata:\n  name: shared\nspec:\n  \
         controllerName: gwc.dev/gateway-controller\n",
    );
    for team in 0..N_TEAMS {
        let _ = write!(
            text,
            "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-{team}\n  labels:\n    gateway-access: \"true\"\n    \
             team: team-{team}\n"
        );
    }
    for gateway in 0..5 {
        let _ = write!(
            text,
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: shared-{gateway}\n  namespace: \
             infra\nspec:\n  gatewayClassName: shared\n  listeners:\n  - name: http\n    port: 80\n    protocol: HTTP\n    \
             hostname: \"*.example.com\"\n    allowedRoutes:\n      kinds:\n      - kind: HTTPRoute\n      namespaces:\n        \
             from: Selector\n        selector:\n          matchLabels:\n            gateway-access: \"true\"\n"
        );
    }
    text
}

/// One application; the words in braces are replaced.
const APPLICATION: &str = r#"# Application {app} of team {team}: a Service for the stable version, one for the canary, and the route to both.
apiVersion: v1
kind: Service
metadata:
  name: app-{app}
  namespace: team-{team}
  labels:
    app.kubernetes.io/name: app-{app}
    app.kubernetes.io/part-of: platform
    app.kubernetes.io/managed-by: gitops
spec:
  selector:
    app.kubernetes.io/name: app-{app}
  ports:
  - name: http
    port: 8080
    targetPort: 8080
    protocol: TCP
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: app-{app}
  namespace: team-{team}
  labels:
    app.kubernetes.io/name: app-{app}
    app.kubernetes.io/part-of: platform
  annotations:
    example.com/owner: team-{team}@example.com
    example.com/description: "Serves application {app}; the canary takes a tenth of the requests."
spec:
  parentRefs:
  - name: shared-{gateway}
    namespace: infra
    sectionName: http
  hostnames:
  - app-{app}.example.com
  rules:
  - name: api
    matches:
    - path:
        type: PathPrefix
        value: /api/v1
      method: GET
      headers:
      - name: x-tenant
        value: tenant-{team}
    - path:
        type: PathPrefix
        value: /api/v2
    filters:
    - type: RequestHeaderModifier
      requestHeaderModifier:
        set:
        - name: x-app
          value: app-{app}
        remove:
        - x-debug
    timeouts:
      request: 10s
      backendRequest: 2s
    backendRefs:
    - name: app-{app}
      port: 8080
      weight: 100
  - name: pages
    matches:
    - path:
        type: Exact
        value: /index.html
    - path:
        type: PathPrefix
        value: /static
    filters:
    - type: ResponseHeaderModifier
      responseHeaderModifier:
        set:
        - name: cache-control
          value: public, max-age=3600
    backendRefs:
    - name: app-{app}
      port: 8080
  - name: events
    matches:
    - path:
        type: PathPrefix
        value: /events
      queryParams:
      - name: version
        value: "2"
    backendRefs:
    - name: app-{app}
      port: 8080
"#;

fn application(app: usize) -> String {
    let (team, gateway) = (app % N_TEAMS, app % 5);
    let numbers = [("{app}", app), ("{team}", team), ("{gateway}", gateway)];
    numbers.iter().fold(APPLICATION.to_owned(), |text, (word, number)| text.replace(word, &number.to_string()))
}
