//! Laws: whatever the Ingresses are, the verifier finds no difference between them and what they became that was not
//! announced. The verifier shares no code with the converter (ingress-migrate.md §7).

use std::collections::BTreeSet;

use gwc_core::ingress::select::{Choice, select};
use gwc_core::migrate::options::SimplifyRegex;
use gwc_core::migrate::render;
use gwc_core::migrate::{Conversion, Options, convert};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};

use crate::case::options;
use crate::pair::{Pair, words};
use crate::random::Random;

fn converted(text: &str, options: &Options) -> Conversion {
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
    let graph = gwc_core::compile(&sources, &Profile::new(WorldMode::Open, 0)).graph;
    let ingresses: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
    convert(&graph, &select(&ingresses, &classes, &Choice::default()), options)
}

/// Differences that nobody announced.
fn unexplained(text: &str, options: &Options) -> Vec<String> {
    let conversion = converted(text, options);
    let manifests = render::documents(&conversion.manifests);
    let allowances: Vec<_> = conversion.report.allowances().iter().cloned().collect();
    let mut found = words(&Pair::new(text, &manifests).fast(&allowances));
    if !found.is_empty() {
        found.push(manifests);
    }
    found
}

#[track_caller]
fn holds(text: &str, options: &Options) {
    let found = unexplained(text, options);
    assert!(found.is_empty(), "{text}\n{}", found.join("\n"));
}

const PLAIN: [&str; 12] = [
    "/",
    "/foo",
    "/foo/",
    "/foo/bar",
    "/foo/bar/",
    "/foobar",
    "/f",
    "/api",
    "/api/v1",
    "/a b",
    "/ü",
    "/.well-known/acme-challenge",
];

const EXPRESSIONS: [&str; 14] = [
    "/api(/|$)(.*)",
    "/api/(.*)",
    "/api/?(.*)",
    "/api(.*)",
    "/(.*)",
    "/a.*",
    "/a|/b",
    r"/img/.*\.(png|jpg)$",
    "/foo/[a-z]+",
    "/foo/[a-z]{3}",
    "/v[0-9]+/x$",
    r"/u/(\d+)/(.*)",
    "/foo",
    "/",
];

const TARGETS: [&str; 8] = ["/", "/$2", "/$1", "/v2/$2", "/v2/$1", "/new", "/v2$1$2", "/x/$2/$1"];

/// Annotations that decide about requests, with values.
const ROUTING: [(&str, &str); 14] = [
    ("ssl-redirect", "false"),
    ("force-ssl-redirect", "true"),
    ("permanent-redirect", "https://b.io/x"),
    ("temporal-redirect", "http://b.io"),
    ("app-root", "/home"),
    ("from-to-www-redirect", "true"),
    ("enable-cors", "true"),
    ("upstream-vhost", "inner.io"),
    ("preserve-trailing-slash", "true"),
    ("whitelist-source-range", "10.0.0.0/8"),
    ("whitelist-source-range", "10.0.0.0/33"),
    ("backend-protocol", "FCGI"),
    ("backend-protocol", "HTTPS"),
    ("backend-protocol", "GRPC"),
];

/// Annotations of one Ingress; `text` holds those before it.
fn annotations(random: &mut Random, (canary, is_regex): (bool, bool), text: &str) -> Vec<(&'static str, String)> {
    let mut annotations: Vec<(&'static str, String)> = Vec::new();
    if canary {
        annotations.push(("canary", "true".into()));
        annotations.push(("canary-weight", ["0", "20", "100"][random.below(3)].into()));
        if random.below(2) == 0 {
            annotations.push(("canary-by-header", "X-C".into()));
        }
        // Odd cookies and lost redirects at once are two differences that hide each other.
        if random.below(3) == 0 && !text.contains("force-ssl-redirect") {
            annotations.push(("canary-by-cookie", "c".into()));
        }
    }
    for _ in 0..random.below(3) {
        let (key, value) = ROUTING[random.below(ROUTING.len())];
        if key == "force-ssl-redirect" && text.contains("canary-by-cookie") {
            continue;
        }
        annotations.push((key, value.into()));
    }
    if is_regex && random.below(3) > 0 {
        annotations.push(("use-regex", "true".into()));
    }
    if is_regex && random.below(2) == 0 {
        annotations.push(("rewrite-target", (*random.pick(&TARGETS)).into()));
    }
    annotations.sort();
    annotations.dedup_by(|one, other| one.0 == other.0);
    annotations
}

/// Ingresses of one namespace on two hosts.
fn world(random: &mut Random, is_regex: bool) -> String {
    let mut text = String::new();
    for at in 0..=random.below(3) {
        let canary = at > 0 && random.below(5) == 0;
        let annotations = annotations(random, (canary, is_regex), &text);
        text.push_str(&format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: i{at}\n  namespace: ns\n  annotations:\n    k: v\n"
        ));
        for (key, value) in annotations {
            text.push_str(&format!("    nginx.ingress.kubernetes.io/{key}: '{value}'\n"));
        }
        text.push_str("spec:\n  ingressClassName: nginx\n");
        let host = ["a.io", "a.io", "a.io", "b.io", ""][random.below(5)];
        if random.below(3) == 0 && !host.is_empty() {
            text.push_str(&format!("  tls: [{{hosts: [{host}], secretName: cert}}]\n"));
        }
        if random.below(6) == 0 {
            text.push_str("  defaultBackend: {service: {name: d, port: {number: 80}}}\n");
        }
        let host = if host.is_empty() { String::new() } else { format!("host: {host}\n    ") };
        text.push_str(&format!("  rules:\n  - {host}http:\n      paths:\n"));
        for _ in 0..=random.below(3) {
            let pool: &[&str] = if is_regex && random.below(3) > 0 { &EXPRESSIONS } else { &PLAIN };
            let path = pool[random.below(pool.len())];
            let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.-".contains(&byte));
            let kind = if is_plain {
                ["Prefix", "Exact", "ImplementationSpecific"][random.below(3)]
            } else {
                "ImplementationSpecific"
            };
            let service = ["s", "t", "u"][random.below(3)];
            let service = if canary { "c" } else { service };
            text.push_str(&format!(
                "      - {{path: '{path}', pathType: {kind}, backend: {{service: {{name: {service}, port: {{number: 80}}}}}}}}\n"
            ));
        }
    }
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {{name: nginx}}\nspec: {{controller: k8s.io/ingress-nginx}}\n{text}"
    )
}

fn run(is_regex: bool, rounds: u64, options: &Options) {
    let (mut failures, mut n_failures) = (Vec::new(), 0);
    let mut seen = BTreeSet::new();
    for seed in 0..rounds {
        let text = world(&mut Random(seed), is_regex);
        let found = unexplained(&text, options);
        if let Some(first) = found.first() {
            n_failures += 1;
            if seen.insert(first.split(':').next().unwrap_or_default().to_owned()) && failures.len() < 5 {
                failures.push(format!("seed {seed}\n{text}\n{}", found.join("\n")));
            }
        }
    }
    assert!(failures.is_empty(), "{n_failures} of {rounds}\n{}", failures.join("\n========\n"));
}

#[test]
fn plain_hosts_route_as_before() {
    run(false, 80, &options());
}

#[test]
fn hosts_of_expressions_route_as_before() {
    run(true, 60, &options());
}

#[test]
fn simplified_literals_differ_as_announced() {
    let mut options = options();
    options.simplify_regex = SimplifyRegex::On;
    run(true, 40, &options);
}

#[test]
fn what_is_left_out_is_announced() {
    let mut options = options();
    options.choices.insert(gwc_core::migrate::options::Choice::OmitUnconvertible);
    run(false, 40, &options);
    holds(&crate::case::text(&[crate::case::ing("web").path("P /foo s")]), &options);
}
