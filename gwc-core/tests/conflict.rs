//! Findings about conflicts against brute force: what is reported as dead is never taken by any request of a small
//! alphabet, and what no request takes is reported.
//!
//! `GWC_CONFLICT_WORLDS` sets the number of generated worlds.

#[path = "suite/random.rs"]
mod random;

use std::collections::BTreeSet;
use std::fmt::Write;

use gwc_core::Compilation;
use gwc_core::diagnostic::{Applicability, Diagnostic};
use gwc_core::predict::{Outcome, Predictor, Request};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};

use random::Random;

impl Random {
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

#[expect(clippy::disallowed_methods, reason = "the number of worlds comes from outside")]
fn n_worlds() -> u64 {
    std::env::var("GWC_CONFLICT_WORLDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

const LISTENERS: [(&str, &str); 4] = [("any", ""), ("wild", "*.test"), ("deep", "*.a.test"), ("one", "a.test")];
const HOSTNAMES: [&str; 5] = ["*.test", "*.a.test", "a.test", "x.a.test", "b.test"];
const PATHS: [&str; 6] = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/a/"];
const PATTERNS: [&str; 4] = ["/a.*", "/[ab]", "/a/.+", "/(a|b)/b"];
const METHODS: [&str; 2] = ["GET", "POST"];

/// One match in flow style.
fn a_match(random: &mut Random, expressions: bool) -> String {
    let (kind, value) = match random.below(if expressions { 5 } else { 4 }) {
        0 | 1 => ("Exact", *random.pick(&PATHS)),
        2 | 3 => ("PathPrefix", *random.pick(&PATHS)),
        _ => ("RegularExpression", *random.pick(&PATTERNS)),
    };
    let mut out = format!("{{path: {{type: {kind}, value: \"{value}\"}}");
    if random.one_in(3) {
        let _ = write!(out, ", method: {}", random.pick(&METHODS));
    }
    let mut headers = Vec::new();
    for name in ["x", "z"] {
        if random.one_in(4) {
            headers.push(format!("{{name: {name}, value: \"{}\"}}", random.below(2)));
        }
    }
    if !headers.is_empty() {
        let _ = write!(out, ", headers: [{}]", headers.join(", "));
    }
    if random.one_in(6) {
        out.push_str(", queryParams: [{name: q, value: \"1\"}]");
    }
    out.push('}');
    out
}

/// A new match, or one that is written already.
fn another(random: &mut Random, expressions: bool, written: &mut Vec<String>) -> String {
    if !written.is_empty() && random.one_in(3) {
        return random.pick(written).clone();
    }
    let new = a_match(random, expressions);
    written.push(new.clone());
    new
}

/// A Gateway with one to three listeners on a port, and two or three routes whose rules all have their own backend.
fn world(random: &mut Random, expressions: bool) -> String {
    let mut out = "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: c}\nspec: \
                   {controllerName: example.com/c}\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: \
                   Gateway\nmetadata: {name: g, namespace: ns1}\nspec:\n  gatewayClassName: c\n  listeners:\n"
        .to_owned();
    let first = random.below(LISTENERS.len());
    let listeners: Vec<&(&str, &str)> = LISTENERS.iter().cycle().skip(first).take(1 + random.below(3)).collect();
    for (name, hostname) in &listeners {
        let hostname = if hostname.is_empty() { String::new() } else { format!("    hostname: \"{hostname}\"\n") };
        let _ = write!(
            out,
            "  - name: {name}\n    port: 80\n    protocol: HTTP\n{hostname}    allowedRoutes: {{namespaces: {{from: \
             All}}}}\n"
        );
    }
    let mut port = 1;
    let mut written = Vec::new();
    for route in 0..2 + random.below(2) {
        let namespace = random.pick(&["ns1", "ns1", "ns2"]);
        let _ = write!(
            out,
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: r{route}\n  namespace: \
             {namespace}\n"
        );
        if random.one_in(2) {
            let _ = writeln!(out, "  creationTimestamp: \"2026-01-0{}T00:00:00Z\"", 1 + random.below(2));
        }
        let section =
            if random.one_in(2) { format!(", sectionName: {}", random.pick(&listeners).0) } else { String::new() };
        let _ = write!(out, "spec:\n  parentRefs: [{{name: g, namespace: ns1{section}}}]\n");
        let hostnames: BTreeSet<&str> = (0..random.below(3)).map(|_| *random.pick(&HOSTNAMES)).collect();
        let hostnames: Vec<String> = hostnames.iter().map(|name| format!("\"{name}\"")).collect();
        let _ = write!(out, "  hostnames: [{}]\n  rules:\n", hostnames.join(", "));
        for _ in 0..1 + random.below(3) {
            let matches: Vec<String> =
                (0..random.below(4)).map(|_| another(random, expressions, &mut written)).collect();
            let _ = write!(out, "  - backendRefs: [{{name: s, port: {port}}}]\n    matches:\n");
            port += 1;
            if matches.is_empty() {
                out.truncate(out.len() - "    matches:\n".len());
            }
            for one in matches {
                let _ = writeln!(out, "    - {one}");
            }
        }
    }
    for namespace in ["ns1", "ns2"] {
        let _ = write!(
            out,
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: {namespace}}}\nspec:\n  ports:\n"
        );
        for port in 1..port {
            let _ = writeln!(out, "  - {{name: p{port}, port: {port}}}");
        }
    }
    out
}

fn compile(text: &str) -> Compilation {
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("world.yaml", Origin::Memory, Role::Checked, true, text.into()));
    gwc_core::compile(&sources, &Profile::new(WorldMode::Closed, 1_780_272_000))
}

/// Every request of the alphabet.
fn requests() -> Vec<Request> {
    let hosts = ["zz.other", "q.test", "a.test", "x.a.test", "q.a.test", "b.test"];
    let targets =
        ["/", "/a", "/a/", "/a/q", "/a/b", "/a/b/q", "/a/b/c", "/a/b/c/q", "/ab", "/ab/q", "/b", "/b/b", "/q"];
    let lines: [&[(&str, &str)]; 9] = [
        &[],
        &[("x", "0")],
        &[("x", "1")],
        &[("z", "0")],
        &[("z", "1")],
        &[("x", "0"), ("z", "0")],
        &[("x", "0"), ("z", "1")],
        &[("x", "1"), ("z", "0")],
        &[("x", "1"), ("z", "1")],
    ];
    let mut all = Vec::new();
    for (host, target) in hosts.iter().flat_map(|host| targets.iter().map(move |target| (host, target))) {
        for (method, query) in
            [("GET", ""), ("GET", "?q=1"), ("POST", ""), ("POST", "?q=1"), ("PUT", ""), ("PUT", "?q=1")]
        {
            all.extend(lines.iter().map(|headers| Request {
                authority: Some((*host).to_owned()),
                port: 80,
                method: method.to_owned(),
                target: format!("{target}{query}"),
                headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
                ..Request::default()
            }));
        }
    }
    all
}

/// Bytes of a match.
type Bytes = (u32, u32);

/// Places of all matches that are served, and of those that some request reaches.
fn brute_force(compilation: &Compilation, requests: &[Request]) -> (BTreeSet<Bytes>, BTreeSet<Bytes>) {
    let config = &compilation.lowered.config;
    let predictor = Predictor::new(config);
    let entries = config.sockets.iter().flat_map(|socket| &socket.listeners).flat_map(|listener| &listener.entries);
    let bytes = |entry| config.match_of(entry).map(|one| (one.place.start, one.place.end)).expect("an HTTP match");
    let all: BTreeSet<Bytes> = entries.map(bytes).collect();
    let mut taken = BTreeSet::new();
    for request in requests {
        let prediction = predictor.predict(0, request);
        if let (Some(listener), Some(entry)) = (prediction.listener, prediction.entry) {
            taken.insert(bytes(&config.sockets[0].listeners[listener].entries[entry]));
        }
    }
    (all, taken)
}

/// Who takes each request: the port of the backend.
fn answers(compilation: &Compilation, requests: &[Request]) -> Vec<Option<u32>> {
    let config = &compilation.lowered.config;
    let predictor = Predictor::new(config);
    let takes = |request: &Request| {
        let prediction = predictor.predict(0, request);
        assert!(!matches!(prediction.outcome, Outcome::Closed(_)), "{request:?}");
        let entry = &config.sockets[0].listeners[prediction.listener?].entries[prediction.entry?];
        Some(entry.rule)
    };
    requests.iter().map(takes).collect()
}

/// Matches that a finding is about: its place, and for pairs of routes the further ones.
fn subjects<'d>(finding: &'d Diagnostic) -> impl Iterator<Item = Bytes> + 'd {
    let further = finding.labels.iter().filter(|label| label.text == "the same here").map(|label| label.span);
    std::iter::once(finding.primary).chain(further).map(|span| (span.start, span.end))
}

fn inside(inner: Bytes, outer: Bytes) -> bool {
    outer.0 <= inner.0 && inner.1 <= outer.1
}

/// Rules that say that a match gets nothing.
const DEAD: [&str; 5] = ["GWC3005", "GWC3006", "GWC3007", "GWC3008", "GWC3016"];

/// Rules of which some finding is about each match that gets nothing.
const TELLS: [&str; 8] = ["GWC3005", "GWC3006", "GWC3007", "GWC3008", "GWC3009", "GWC3013", "GWC3016", "GWC8002"];

/// Findings about dead matches are true, and all of them are there where no expressions are; the numbers of each rule.
fn check(text: &str, requests: &[Request], complete: bool) -> BTreeSet<&'static str> {
    let compilation = compile(text);
    if compilation.lowered.config.sockets.is_empty() {
        return BTreeSet::new();
    }
    let (all, taken) = brute_force(&compilation, requests);
    let findings = &compilation.diagnostics.0;
    for finding in findings.iter().filter(|finding| DEAD.contains(&finding.code.number)) {
        for dead in subjects(finding) {
            let wrong = taken.iter().find(|one| inside(**one, dead));
            assert!(wrong.is_none(), "{} is wrong: {}\n{text}", finding.code.number, finding.message);
        }
    }
    if complete {
        assert_eq!(compilation.unproven_matches, 0, "{text}");
        let told: Vec<Bytes> =
            findings.iter().filter(|finding| TELLS.contains(&finding.code.number)).flat_map(subjects).collect();
        for dead in all.difference(&taken) {
            let bytes = text.get(dead.0 as usize..dead.1 as usize).unwrap_or_default();
            assert!(told.iter().any(|place| inside(*dead, *place)), "nothing tells about {bytes}\n{text}");
        }
    }
    safe_fixes_change_nothing(text, &compilation, requests);
    findings.iter().map(|finding| finding.code.number).collect()
}

fn safe_fixes_change_nothing(text: &str, compilation: &Compilation, requests: &[Request]) {
    for finding in compilation.diagnostics.0.iter().filter(|finding| finding.code.number == "GWC3009") {
        for fix in finding.fixes.iter().filter(|fix| fix.applicability == Applicability::Safe) {
            let mut edited = text.to_owned();
            for edit in &fix.edits {
                edited.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            assert_ne!(edited, text);
            let after = compile(&edited);
            assert_eq!(answers(&after, requests), answers(compilation, requests), "{}\n{text}", finding.message);
        }
    }
}

#[test]
fn findings_agree_with_every_request() {
    let requests = requests();
    let mut seen = BTreeSet::new();
    for seed in 0..n_worlds() {
        let expressions = seed % 4 == 3;
        let text = world(&mut Random(seed), expressions);
        seen.extend(check(&text, &requests, !expressions));
    }
    for number in TELLS.iter().chain(&["GWC3011", "GWC3012"]).filter(|number| **number != "GWC3016") {
        assert!(seen.contains(number), "no world shows {number}: {seen:?}");
    }
}
