//! Ingresses as clusters have them: mostly plain, some with rewrites, expressions, canaries, CORS, redirects, limits or
//! guards; several on one host, and fifty namespaces. The same number gives the same text, on every machine.
//!
//! The timing of `bench migrate` and the acceptance tests of `gwc` use the same worlds; a test includes this file, so it
//! stands for itself.

use std::fmt::Write;

/// Teams, each with a namespace of its own.
const N_TEAMS: usize = 50;

/// Of five Ingresses, four open a host of their own and one joins the host before it.
const HOSTS_OF_FIVE: usize = 4;

/// Paths that teams like.
const PATHS: &[&str] = &[
    "/",
    "/api",
    "/api/v1",
    "/api/v2/",
    "/static",
    "/login",
    "/assets/img",
    "/health",
    "/cart",
    "/a-b_c.d",
    "/search",
];

/// A file: name and text.
pub(crate) struct File {
    /// Its name.
    pub(crate) name: String,
    /// Its documents.
    pub(crate) text: String,
}

/// `n` Ingresses with their Services, one file each, and one file for the class and the controller's settings.
pub(crate) fn world(n: usize) -> Vec<File> {
    let mut primary = None;
    let mut files = vec![File { name: "controller.yaml".to_owned(), text: CONTROLLER.to_owned() }];
    files.extend((0..n).map(|number| {
        let draft = Draft::new(number, primary.as_ref());
        if !draft.is_canary {
            primary = Some(draft.clone());
        }
        File { name: format!("ingress-{number:06}.yaml"), text: draft.text() }
    }));
    files
}

/// What every world shares.
const CONTROLLER: &str = "apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
spec:
  controller: k8s.io/ingress-nginx
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata:
  name: edge
spec:
  controllerName: gwc.dev/gateway-controller
";

/// A generator of numbers whose whole state is one number (the finaliser of SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list.get(self.below(list.len())).copied().unwrap_or_default()
    }
}

/// A path with its type.
#[derive(Clone)]
struct Path {
    text: String,
    kind: &'static str,
}

fn path(text: impl Into<String>, kind: &'static str) -> Path {
    Path { text: text.into(), kind }
}

/// One Ingress before it is written.
#[derive(Clone)]
struct Draft {
    number: usize,
    namespace: String,
    host: String,
    paths: Vec<Path>,
    /// Keys without the prefix of the controller, and their values.
    annotations: Vec<(&'static str, String)>,
    /// Annotations of other tools.
    foreign: Vec<(&'static str, &'static str)>,
    has_tls: bool,
    is_canary: bool,
    has_default_backend: bool,
}

impl Draft {
    fn new(number: usize, primary: Option<&Self>) -> Self {
        let mut dice = Dice(u64::try_from(number).unwrap_or(0));
        let host = number * HOSTS_OF_FIVE / 5;
        // One in twelve of those that join a host does so from another namespace.
        let guest = if number % 5 == 1 && number.is_multiple_of(12) { 7 } else { 0 };
        let mut draft = Self {
            number,
            namespace: format!("team-{}", (host + guest) % N_TEAMS),
            host: format!("app-{host}.example.com"),
            paths: plain(&mut dice),
            annotations: Vec::new(),
            foreign: Vec::new(),
            has_tls: host.is_multiple_of(2),
            is_canary: false,
            has_default_backend: false,
        };
        let share = dice.below(100);
        match share {
            0..60 => draft.everyday(&mut dice),
            60..70 => draft.rewrite(&mut dice),
            70..74 => draft.expression(&mut dice),
            74..80 => draft.canary(&mut dice, primary),
            80..85 => draft.cors(&mut dice),
            85..91 => draft.redirect(&mut dice),
            91..95 => draft.limits(&mut dice),
            95..97 => draft.guard(&mut dice),
            _ => draft.rare(&mut dice),
        }
        draft
    }

    fn set(&mut self, key: &'static str, value: impl Into<String>) {
        self.annotations.push((key, value.into()));
    }

    /// Of the plain ones, some turn the redirect to HTTPS off, and some have their certificate renewed.
    fn everyday(&mut self, dice: &mut Dice) {
        match dice.below(10) {
            0 => self.set("ssl-redirect", "false"),
            1 => self.set("proxy-body-size", "8m"),
            2 if self.has_tls => self.foreign.push(("cert-manager.io/cluster-issuer", "letsencrypt")),
            _ => {}
        }
    }

    fn rewrite(&mut self, dice: &mut Dice) {
        let base = dice.pick(&["/api", "/v1", "/svc/orders", "/app"]);
        let (target, paths) = match dice.below(6) {
            0 | 1 => ("/$2".to_owned(), vec![path(format!("{base}(/|$)(.*)"), "ImplementationSpecific")]),
            2 => ("/internal/$2".to_owned(), vec![path(format!("{base}(/|$)(.*)"), "ImplementationSpecific")]),
            3 => ("/$1".to_owned(), vec![path(format!("{base}/(.*)"), "ImplementationSpecific")]),
            4 => ("/".to_owned(), vec![path(base, "Prefix")]),
            _ => ("/$1/$2".to_owned(), vec![path(format!("{base}/([a-z]+)/(.*)"), "ImplementationSpecific")]),
        };
        self.set("rewrite-target", target);
        self.paths = paths;
    }

    fn expression(&mut self, dice: &mut Dice) {
        let text = dice.pick(&[r"/items/[0-9]+", r"/(en|fr|de)/.*", r"/img/.*\.(png|jpg)$", r"/v[12]/users"]);
        self.set("use-regex", "true");
        self.paths = vec![path(text, "ImplementationSpecific"), path("/", "Prefix")];
    }

    /// Takes a share of the path of the Ingress before it.
    fn canary(&mut self, dice: &mut Dice, primary: Option<&Self>) {
        let Some(primary) = primary else { return };
        self.namespace.clone_from(&primary.namespace);
        self.host.clone_from(&primary.host);
        self.paths = primary.paths.iter().take(1).cloned().collect();
        self.has_tls = false;
        self.is_canary = true;
        self.set("canary", "true");
        match dice.below(4) {
            0 => self.set("canary-by-header", "x-canary"),
            1 => {
                self.set("canary-by-header", "x-stage");
                self.set("canary-by-header-value", "beta");
            }
            2 => self.set("canary-by-cookie", "stage"),
            _ => {}
        }
        let weight = dice.pick(&["5", "10", "25", "50"]);
        self.set("canary-weight", weight);
    }

    fn cors(&mut self, dice: &mut Dice) {
        self.set("enable-cors", "true");
        match dice.below(3) {
            0 => {}
            1 => self.set("cors-allow-origin", "https://www.example.com"),
            _ => {
                self.set("cors-allow-origin", "https://*.example.com, https://partner.example.org");
                self.set("cors-allow-methods", "GET, POST");
                self.set("cors-max-age", "600");
            }
        }
    }

    fn redirect(&mut self, dice: &mut Dice) {
        match dice.below(6) {
            0 | 1 => self.set("permanent-redirect", format!("https://new-{}.example.com", self.number)),
            2 => self.set("temporal-redirect", "https://www.example.com/soon"),
            3 => self.set("app-root", "/home"),
            4 => {
                self.host = format!("www.{}", self.host);
                self.set("from-to-www-redirect", "true");
            }
            _ => {
                self.set("permanent-redirect", "http://www.example.com/moved");
                self.set("permanent-redirect-code", "308");
            }
        }
    }

    fn limits(&mut self, dice: &mut Dice) {
        let seconds = dice.pick(&["10", "30", "120", "300"]);
        self.set("proxy-read-timeout", seconds);
        match dice.below(4) {
            0 => self.set("proxy-send-timeout", seconds),
            1 => self.set("proxy-buffering", "on"),
            2 => self.set("proxy-connect-timeout", "3"),
            _ => self.set("proxy-body-size", "50m"),
        }
    }

    fn guard(&mut self, dice: &mut Dice) {
        match dice.below(4) {
            0 => self.set("whitelist-source-range", "10.0.0.0/8,192.0.2.0/24"),
            1 => {
                self.set("auth-type", "basic");
                self.set("auth-secret", "staff");
                self.set("auth-realm", "staff only");
            }
            2 => self.set("limit-rps", "20"),
            _ => self.set("denylist-source-range", "198.51.100.0/24"),
        }
    }

    fn rare(&mut self, dice: &mut Dice) {
        match dice.below(5) {
            0 => {
                self.set("backend-protocol", "GRPC");
                self.paths = vec![path("/", "Prefix")];
            }
            1 => self.set("server-alias", format!("alias-{}.example.org", self.number)),
            2 => {
                self.host = format!("*.tenants-{}.example.com", self.number);
                self.paths = vec![path("/", "Prefix"), path("/admin", "Exact")];
            }
            3 => {
                self.has_default_backend = true;
                self.paths.retain(|one| one.text != "/");
            }
            _ => self.set("upstream-vhost", "internal.example.net"),
        }
    }

    fn text(&self) -> String {
        let mut out = format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: app-{}\n  namespace: {}\n  labels:\n    \
             app.kubernetes.io/name: app-{}\n",
            self.number, self.namespace, self.number
        );
        if !self.annotations.is_empty() || !self.foreign.is_empty() {
            out.push_str("  annotations:\n");
        }
        for (key, value) in &self.foreign {
            let _ = writeln!(out, "    {key}: {value}");
        }
        for (key, value) in &self.annotations {
            let _ = writeln!(out, "    nginx.ingress.kubernetes.io/{key}: \"{value}\"");
        }
        out.push_str("spec:\n  ingressClassName: nginx\n");
        if self.has_tls {
            let _ = write!(
                out,
                "  tls:\n  - hosts:\n    - \"{}\"\n    secretName: tls-{}\n",
                self.host,
                self.number * HOSTS_OF_FIVE / 5
            );
        }
        if self.has_default_backend {
            let _ = write!(
                out,
                "  defaultBackend:\n    service:\n      name: app-{}\n      port:\n        number: 80\n",
                self.number
            );
        }
        self.rules(&mut out);
        out.push_str(&self.service());
        out
    }

    fn rules(&self, out: &mut String) {
        let _ = write!(out, "  rules:\n  - host: \"{}\"\n", self.host);
        if !self.paths.is_empty() {
            out.push_str("    http:\n      paths:\n");
        }
        for one in &self.paths {
            let port = if self.number.is_multiple_of(7) { "name: http" } else { "number: 80" };
            let _ = write!(
                out,
                "      - path: '{}'\n        pathType: {}\n        backend:\n          service:\n            name: app-{}\n            \
                 port:\n              {port}\n",
                one.text, one.kind, self.number
            );
        }
    }

    fn service(&self) -> String {
        format!(
            "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: app-{}\n  namespace: {}\nspec:\n  selector:\n    app: \
             app-{}\n  ports:\n  - name: http\n    port: 80\n    targetPort: 8080\n",
            self.number, self.namespace, self.number
        )
    }
}

/// One to three different paths.
fn plain(dice: &mut Dice) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    for _ in 0..=dice.below(3) {
        let text = dice.pick(PATHS);
        let kind = if dice.below(5) == 0 { "Exact" } else { "Prefix" };
        if paths.iter().all(|one| one.text != text) {
            paths.push(path(text, kind));
        }
    }
    paths
}
