//! `change::diff` against random search: what it calls unchanged, no request may show to be changed.
//!
//! `GWC_DIFF_PAIRS` sets the number of generated pairs of worlds.

#[path = "suite/random.rs"]
mod random;

use std::collections::BTreeSet;

use gwc_core::change::{Class, World, diff};
use gwc_core::ir::{Config, Target};
use gwc_core::predict::{Outcome, Prediction, Predictor, Request, Scheme};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::{Compilation, compile};

use random::Random;

impl Random {
    fn word<'a>(&mut self, all: &[&'a str]) -> &'a str {
        self.pick::<&'a str>(all)
    }
}

#[expect(clippy::disallowed_methods, reason = "the number of pairs comes from outside")]
fn n_pairs(default: usize) -> usize {
    std::env::var("GWC_DIFF_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

const HOSTS: [&str; 5] = ["", "a.test", "*.test", "x.a.test", "*.a.test"];
const PATHS: [&str; 6] = ["/", "/a", "/a/b", "/ab", "/b", "/a/b/c"];

/// One rule, in flow style on one line.
fn a_rule(random: &mut Random) -> String {
    let kind = random.word(&["Exact", "PathPrefix", "PathPrefix", "PathPrefix"]);
    let path = random.word(&PATHS);
    let mut found = format!("path: {{type: {kind}, value: {path}}}");
    if random.below(4) == 0 {
        found.push_str(&format!(", method: {}", random.word(&["GET", "POST"])));
    }
    if random.below(3) == 0 {
        found.push_str(&format!(", headers: [{{name: x, value: \"{}\"}}]", random.word(&["1", "2"])));
    }
    if random.below(5) == 0 {
        found.push_str(&format!(", queryParams: [{{name: q, value: \"{}\"}}]", random.word(&["1", "2"])));
    }
    let filter = match random.below(8) {
        0 => "filters: [{type: RequestRedirect, requestRedirect: {hostname: r.test}}]".to_owned(),
        1 if kind == "PathPrefix" => format!(
            "filters: [{{type: URLRewrite, urlRewrite: {{path: {{type: ReplacePrefixMatch, replacePrefixMatch: {}}}}}}}], {}",
            random.word(&["/", "/n"]),
            backends(random)
        ),
        2 => format!(
            "filters: [{{type: RequestHeaderModifier, requestHeaderModifier: {{set: [{{name: h, value: \"{}\"}}]}}}}], {}",
            random.word(&["1", "2"]),
            backends(random)
        ),
        _ => backends(random),
    };
    format!("{{matches: [{{{found}}}], {filter}}}")
}

fn backends(random: &mut Random) -> String {
    let one = |random: &mut Random| {
        let filter = match random.below(10) {
            0 => ", filters: [{type: RequestRedirect, requestRedirect: {hostname: r.test}}]",
            1 => ", filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: b, value: c}]}}]",
            _ => "",
        };
        format!(
            "{{name: {}, port: 80, weight: {}{filter}}}",
            random.word(&["one", "two", "none"]),
            random.word(&["1", "2", "0"])
        )
    };
    let all: Vec<String> = (0..1 + random.below(2)).map(|_| one(random)).collect();
    format!("backendRefs: [{}]", all.join(", "))
}

/// Listener hostnames, and routes with hostname and rules.
#[derive(Clone)]
struct Draft {
    listeners: Vec<&'static str>,
    routes: Vec<(&'static str, Vec<String>)>,
}

fn a_draft(random: &mut Random) -> Draft {
    let listeners = if random.below(2) == 0 { vec![""] } else { vec!["a.test", "*.test"] };
    let routes = (0..1 + random.below(3))
        .map(|_| (random.word(&HOSTS), (0..1 + random.below(3)).map(|_| a_rule(random)).collect()))
        .collect();
    Draft { listeners, routes }
}

fn mutated(draft: &Draft, random: &mut Random) -> Draft {
    let mut draft = draft.clone();
    for _ in 0..=random.below(2) {
        let at = random.below(draft.routes.len());
        let n_rules = draft.routes[at].1.len();
        match random.below(6) {
            0 => draft.routes[at].0 = random.word(&HOSTS),
            1 => {
                let rule = random.below(n_rules);
                draft.routes[at].1[rule] = a_rule(random);
            }
            2 => draft.routes[at].1.insert(random.below(n_rules + 1), a_rule(random)),
            3 if n_rules > 1 => drop(draft.routes[at].1.remove(random.below(n_rules))),
            4 => draft.routes[at].1.reverse(),
            _ => {
                let other = random.below(draft.routes.len());
                draft.routes.swap(at, other);
            }
        }
    }
    draft
}

fn yaml(draft: &Draft) -> String {
    let quoted = |host: &str| if host.is_empty() { String::new() } else { format!("hostname: \"{host}\", ") };
    let listeners: Vec<String> = draft
        .listeners
        .iter()
        .enumerate()
        .map(|(at, host)| format!("{{name: l{at}, {}port: 80, protocol: HTTP}}", quoted(host)))
        .collect();
    let mut text = format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {{name: c}}\nspec: {{controllerName: example.com/c}}\n---\n\
         apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: g, namespace: ns}}\nspec: {{gatewayClassName: c, listeners: [{}]}}\n",
        listeners.join(", ")
    );
    for (at, (host, rules)) in draft.routes.iter().enumerate() {
        let hosts = if host.is_empty() { String::new() } else { format!("hostnames: [\"{host}\"], ") };
        text.push_str(&format!(
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: r{at}, namespace: ns}}\n\
             spec: {{parentRefs: [{{name: g}}], {hosts}rules: [{}]}}\n",
            rules.join(", ")
        ));
    }
    for service in ["one", "two"] {
        text.push_str(&format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {service}, namespace: ns}}\nspec: {{ports: [{{port: 80}}]}}\n"
        ));
    }
    text
}

fn world(text: &str) -> (SourceMap, Compilation) {
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("world.yaml", Origin::Memory, Role::Checked, true, text.as_bytes().to_vec()));
    let compilation = compile(&sources, &Profile::new(WorldMode::Closed, 0));
    (sources, compilation)
}

/// What a client and the backends can see of a request.
fn seen(config: &Config, prediction: &Prediction) -> String {
    match &prediction.outcome {
        Outcome::Closed(_) => "closed".to_owned(),
        Outcome::Answered(answer) => format!("{} {:?} {:?}", answer.status, answer.location, answer.headers),
        Outcome::Forwarded(forward) => {
            let mut parts: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
            for share in &forward.shares {
                let name = match &share.target {
                    Target::Backend(at) => config.backends[*at as usize].key.to_string(),
                    Target::Invalid(_) => "invalid".to_owned(),
                };
                // What is answered instead of sent has no backend and no upstream request.
                let key = match share.status {
                    Some(status) => format!("answered {status}"),
                    None => format!("{name} {:?} {:?}", share.upstream, share.response),
                };
                *parts.entry(key).or_default() += u64::from(share.weight);
            }
            // Rounded once, so that equal ratios are equal.
            let total = forward.shares.first().map_or(1, |share| share.total);
            parts.values_mut().for_each(|part| *part = *part * 1_000_000 / total);
            format!("{parts:?}")
        }
    }
}

/// Route and position of the rule that takes a request.
fn rule(config: &Config, prediction: &Prediction) -> Option<(String, u32)> {
    let listener = &config.sockets[prediction.socket].listeners[prediction.listener?];
    let trace = &config.rule(&listener.entries[prediction.entry?]).trace;
    Some((trace.name.to_string(), trace.rule))
}

fn a_request(random: &mut Random) -> Request {
    let host = random.word(&["a.test", "x.a.test", "y.x.a.test", "b.test", "other.name", "192.0.2.7"]);
    let path = random.word(&["/", "/a", "/a/", "/a/b", "/a/b/c", "/a/c", "/ab", "/b", "/b/x", "/c"]);
    let query = random.word(&["", "", "?q=1", "?q=2", "?q=2&q=1"]);
    let mut headers = Vec::new();
    if random.below(2) == 0 {
        headers.push(("x".to_owned(), random.word(&["1", "2", "3"]).to_owned()));
    }
    Request {
        scheme: Scheme::Http,
        authority: Some(host.to_owned()),
        port: 80,
        sni: None,
        method: random.word(&["GET", "POST", "PUT"]).to_owned(),
        target: format!("{path}{query}"),
        headers,
    }
}

#[test]
fn no_request_contradicts_a_verdict() {
    let (mut n_equal, mut n_different, mut n_probes) = (0, 0, 0usize);
    for seed in 0..n_pairs(400) {
        let mut random = Random(u64::try_from(seed).expect("small"));
        let draft = a_draft(&mut random);
        let other = mutated(&draft, &mut random);
        let (old_text, new_text) = (yaml(&draft), yaml(&other));
        let (old, new) = (world(&old_text), world(&new_text));
        for (_, compilation) in [&old, &new] {
            assert!(compilation.graph.refused.is_empty(), "{:?}\n{old_text}", compilation.diagnostics.0.first());
            assert_eq!(compilation.lowered.config.sockets.len(), 1, "{old_text}");
        }
        let changes =
            diff(World { sources: &old.0, compilation: &old.1 }, World { sources: &new.0, compilation: &new.1 });
        let (first, second) = (&old.1.lowered.config, &new.1.lowered.config);
        let predictors = (Predictor::new(first), Predictor::new(second));
        let both = |request: &Request| {
            (seen(first, &predictors.0.predict(0, request)), seen(second, &predictors.1.predict(0, request)))
        };
        for traffic in &changes.traffic {
            let (one, two) = both(&traffic.request);
            assert_ne!(
                one, two,
                "seed {seed}: {:?} {:?} shows nothing\n{one}\n{old_text}\n{new_text}",
                traffic.request, traffic.aspects
            );
        }
        assert!(changes.unproven.is_empty(), "seed {seed}: {:?}", changes.unproven);
        // The rules that take a request on both sides.
        let rules = |one: &Prediction, two: &Prediction| (rule(first, one), rule(second, two));
        let reported: BTreeSet<_> = changes.traffic.iter().map(|one| rules(&one.old, &one.new)).collect();
        let differing = (0..300).map(|_| a_request(&mut random)).find(|request| {
            n_probes += 1;
            let (one, two) = both(request);
            one != two
        });
        if let Some(request) = differing {
            let pair = rules(&predictors.0.predict(0, &request), &predictors.1.predict(0, &request));
            assert!(
                reported.contains(&pair),
                "seed {seed}: {pair:?} is not reported: {request:?} {:?}\n{old_text}\n{new_text}",
                both(&request)
            );
        }
        if changes.traffic.is_empty() { n_equal += 1 } else { n_different += 1 }
    }
    println!("diff: {n_equal} pairs equal, {n_different} different, {n_probes} requests");
    assert!(n_equal > 10 && n_different > 10);
}

/// A Gateway whose only backend is verified by the authorities of a ConfigMap.
fn verified(authority: &str) -> String {
    let draft =
        Draft { listeners: vec![""], routes: vec![("", vec!["{backendRefs: [{name: one, port: 80}]}".to_owned()])] };
    format!(
        "{}---\napiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: {{name: p, namespace: ns}}\n\
         spec: {{targetRefs: [{{group: \"\", kind: Service, name: one}}], validation: {{hostname: one.test, \
         caCertificateRefs: [{{group: \"\", kind: ConfigMap, name: ca}}]}}}}\n---\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: ca, namespace: ns}}\ndata:\n  ca.crt: |\n{authority}",
        yaml(&draft)
    )
}

#[test]
fn renewed_authorities_of_backends_are_changes() {
    let fixture = include_str!("../../fixtures/ir/backend-tls.yaml");
    let blocks: Vec<&str> = fixture.split_inclusive("-----END CERTIFICATE-----\n").collect();
    let certificate = |at: usize| blocks[at].find("    -----BEGIN CERTIFICATE").map(|start| &blocks[at][start..]);
    let (old_text, new_text) = (verified(certificate(1).expect("a PEM")), verified(certificate(0).expect("a PEM")));
    let (old, new) = (world(&old_text), world(&new_text));
    let trusts = |compilation: &Compilation| compilation.lowered.secrets.authorities().len();
    let side = |(sources, compilation): &(SourceMap, Compilation)| (trusts(compilation), sources.iter().count());
    assert_eq!((side(&old), side(&new)), ((1, 1), (1, 1)), "{:?}", old.1.diagnostics.0);
    let changes = diff(World { sources: &old.0, compilation: &old.1 }, World { sources: &new.0, compilation: &new.1 });
    let said: Vec<&str> = changes.structure.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(said, ["is verified by other authorities under the same names"]);
    assert_eq!(changes.worst(), Some(Class::Shift));
}
