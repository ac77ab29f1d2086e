//! Laws of the whole compiler: the same input gives the same answer, whatever the order of files or the number of
//! threads; no bytes make it panic; every status that it predicts is one that the API server would store.

#![expect(clippy::disallowed_methods, reason = "tests read the files of the repository")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use gwc_core::admission::{Operation, admit};
use gwc_core::profile::{Placement, Profile, WorldMode};
use gwc_core::source::{LineIndex, Origin, Role, Source, SourceMap};
use gwc_core::status::StatusBody;
use gwc_core::value::ObjectKey;
use gwc_core::{Compilation, compile};

/// 2026-06-01T00:00:00Z.
const NOW: i64 = 1_780_272_000;

/// A small, seeded generator (xorshift), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or(0)
    }
}

fn yaml_files(dir: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            yaml_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            out.push(path);
        }
    }
    out.sort();
}

fn fixture(name: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
    let mut files = Vec::new();
    yaml_files(&root, &mut files);
    assert!(!files.is_empty(), "no fixture {name}");
    let read = |path: PathBuf| {
        let shown = path.strip_prefix(&root).expect("a file below the fixture").to_string_lossy().into_owned();
        (shown, std::fs::read(path).expect("a file that was just listed"))
    };
    files.into_iter().map(read).collect()
}

fn run(files: &[(String, Vec<u8>)]) -> (SourceMap, Compilation) {
    let mut sources = SourceMap::new();
    for (name, bytes) in files {
        sources.add(Source::from_bytes(name.clone(), Origin::File, Role::Checked, false, bytes.clone()));
    }
    let compilation = compile(&sources, &Profile::new(WorldMode::Auto, NOW));
    (sources, compilation)
}

/// Everything that is said, with places by file name instead of by number, sorted.
fn said(sources: &SourceMap, compilation: &Compilation) -> String {
    let mut lines = Vec::new();
    for diagnostic in &compilation.diagnostics.0 {
        let source = sources.source(diagnostic.primary.source);
        let at = LineIndex::new(&source.text).line_column(&source.text, diagnostic.primary.start);
        let place = format!("{}:{}:{}", source.name, at.line, at.column);
        let rest =
            (&diagnostic.message, &diagnostic.effect, &diagnostic.help, &diagnostic.notes, &diagnostic.conditions);
        lines.push(format!(
            "{place} {} {:?} {:?} {rest:?}",
            diagnostic.code.number, diagnostic.severity, diagnostic.basis
        ));
    }
    lines.sort();
    let mut out = lines.join("\n");
    for status in &compilation.statuses {
        let node = status.body.as_ref().map(|body| body.to_node("1970-01-01T00:00:00Z"));
        let _ = write!(out, "\n{:?} {} {:?} {:?}", status.object, status.generation, status.note, node);
    }
    out
}

#[test]
fn order_of_files_changes_nothing() {
    let mut files = fixture("shop");
    let (sources, compilation) = run(&files);
    let expected = said(&sources, &compilation);
    assert!(expected.contains("GWC2001"), "the shop has findings:\n{expected}");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..10 {
        for position in (1..files.len()).rev() {
            files.swap(position, random.below(position + 1));
        }
        let (sources, compilation) = run(&files);
        assert_eq!(said(&sources, &compilation), expected);
    }
}

#[test]
fn number_of_threads_changes_nothing() {
    let files = fixture("shop");
    let on = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("a thread pool");
        let (sources, compilation) = pool.install(|| run(&files));
        (said(&sources, &compilation), compilation.diagnostics)
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
}

#[test]
fn broken_bytes_never_panic() {
    let files = fixture("shop");
    let mut random = Random(42);
    let pieces: [&[u8]; 14] =
        [b":", b"- ", b"\n", b"  ", b"{", b"]", b"\"", b"&a ", b"*a", b"<<: ", b"!!int ", b"\t", b"\xff", b"---\n"];
    for _ in 0..300 {
        let mut changed = files.clone();
        for _ in 0..4 {
            let bytes = &mut changed[random.below(files.len())].1;
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => drop(bytes.drain(at..(at + 1 + random.below(40)).min(bytes.len()))),
                1 => bytes.insert(at, u8::try_from(random.below(256)).unwrap_or(0)),
                _ => drop(bytes.splice(at..at, pieces[random.below(pieces.len())].iter().copied())),
            }
        }
        let (sources, compilation) = run(&changed);
        for diagnostic in &compilation.diagnostics.0 {
            let text = &sources.source(diagnostic.primary.source).text;
            assert!(diagnostic.primary.start <= diagnostic.primary.end, "{diagnostic:?}");
            assert!(diagnostic.primary.end as usize <= text.len(), "{diagnostic:?}");
        }
    }
}

#[test]
fn every_predicted_status_passes_admission() {
    let (_, compilation) = run(&fixture("shop"));
    let mut checked = 0;
    for status in &compilation.statuses {
        let Some(body) = &status.body else { continue };
        let document = compilation.objects.iter().find(|object| object.object == status.object);
        let root = document.and_then(|object| compilation.documents[object.document].root.as_ref());
        let old = root.expect("a status belongs to an object that was read");
        let mut with_status = old.clone();
        let key = gwc_core::yaml::Key { text: "status".into(), start: 0, end: 0 };
        let value = body.to_node("1970-01-01T00:00:00Z");
        with_status.replace("status", Some(gwc_core::yaml::Entry { key, value }));
        let verdict = admit(&with_status, compilation.target, Operation::StatusUpdate { old });
        assert!(verdict.errors.is_empty(), "{:?}: {:?}", status.object, verdict.errors);
        assert!(verdict.unknown.is_empty(), "{:?}: {:?}", status.object, verdict.unknown);
        checked += 1;
    }
    assert!(checked >= 6, "only {checked} statuses were checked");
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words that begin with their reason; none where the text is something else.
fn words_of(status: &'static str, rest: &str) -> Vec<(&'static str, String, String)> {
    // A conflict's reason is a parameter with two values.
    let reasons = match rest.strip_prefix("conflict(reason), \"") {
        Some(_) => vec!["ProtocolConflict", "HostnameConflict"],
        None => rest.strip_prefix('"').and_then(|rest| rest.split('"').next()).into_iter().collect(),
    };
    let rule = rest.split(['(', ')', ';']).find_map(|part| part.rsplit_once(", \"")).map(|(_, rule)| rule);
    let rule = rule.and_then(|rule| rule.strip_suffix('"'));
    let pair = |reason: &str| rule.map(|rule| (status, reason.to_owned(), rule.to_owned()));
    reasons.into_iter().filter_map(pair).collect()
}

/// `(STATUS, "Reason", "RULE")` in the projection of statuses: everything that it can write.
fn written_words() -> Vec<(&'static str, String, String)> {
    let folder = repository("gwc-core/src/status");
    let mut words = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let text = text_of(&entry.path());
        for (name, status) in [("TRUE", "True"), ("FALSE", "False"), ("UNKNOWN", "Unknown")] {
            words.extend(text.split(&format!("{name}, ")).skip(1).flat_map(|rest| words_of(status, rest)));
        }
    }
    words.sort();
    words.dedup();
    words
}

/// Words without a case: what they need is a knob of a profile, which the command line cannot name (the next test has
/// them), or an input that admission refuses in every bundled version.
const NO_CASE: [(&str, &str); 9] = [
    ("AddressNotUsable", "GW-13"),
    ("AddressNotAssigned", "GW-14"),
    ("PortUnavailable", "L-5"),
    ("TooManyListeners", "L-5"),
    ("PortUnavailable", "L-21"),
    ("HostnameConflict", "R-4"),
    ("IncompatibleFilters", "R-6"),
    // Each conflict has a rule of its own for `Conflicted`; the reader of the words pairs all reasons with all rules.
    ("HostnameConflict", "L-30"),
    ("ProtocolConflict", "L-31"),
];

#[test]
fn every_reason_that_can_be_written_has_a_snapshot() {
    let words = written_words();
    assert!(words.len() > 50, "the reader of the words finds only {words:?}");
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(repository("snapshots/status")).expect("snapshots/status").flatten() {
        cases.push((text_of(&entry.path().join("yaml.snap")), text_of(&entry.path().join("why.snap"))));
    }
    let has = |status: &str, reason: &str, rule: &str| {
        let (rule, reason) = (format!("rule {rule})"), format!("reason: {reason}"));
        let status = [format!("status: \"{status}\""), format!("status: {status}")];
        cases.iter().any(|(yaml, why)| {
            let lines: Vec<&str> = yaml.lines().map(str::trim).collect();
            why.contains(&rule)
                && lines.windows(2).any(|pair| status.iter().any(|line| line == pair[0]) && pair[1] == reason)
        })
    };
    let missing: Vec<_> = words
        .iter()
        .filter(|(status, reason, rule)| !has(status, reason, rule))
        .filter(|(_, reason, rule)| !NO_CASE.contains(&(reason.as_str(), rule.as_str())))
        .collect();
    assert!(missing.is_empty(), "no case in fixtures/status shows {missing:?}");
}

#[test]
fn every_rule_is_documented_and_has_fixtures() {
    let mut problems = Vec::new();
    for lint in gwc_core::lint::lints() {
        let (docs, name) = (&lint.docs, lint.code.name);
        let texts = [docs.summary, docs.what, docs.why, docs.bad, docs.good, docs.fix, docs.spec];
        if texts.iter().any(|text| text.trim().is_empty()) {
            problems.push(format!("{name}: a part of the documentation is empty"));
        }
        if lint.check.is_none() {
            continue;
        }
        for case in ["invalid", "valid", "suppressed"] {
            if !repository("fixtures/lint").join(name).join(format!("{case}.yaml")).is_file() {
                problems.push(format!("{name}: no fixtures/lint/{name}/{case}.yaml"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A Gateway with a ListenerSet, and an HTTPRoute and a GRPCRoute of one hostname.
const PROFILED: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: shop}
spec: {controllerName: example.com/gateway}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: infra, namespace: infra}
spec:
  gatewayClassName: shop
  allowedListeners: {namespaces: {from: Same}}
  addresses:
  - ADDRESS
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: other, port: 8080, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: store, namespace: infra}
spec:
  parentRef: {name: infra}
  listeners:
  - {name: store, port: 8081, protocol: HTTP}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: store, namespace: infra, creationTimestamp: 2026-01-01T00:00:00Z}
spec:
  parentRefs: [{name: infra, sectionName: http}]
  hostnames: [shop.example.com]
  rules: [{}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: search, namespace: infra, creationTimestamp: 2026-02-01T00:00:00Z}
spec:
  parentRefs: [{name: infra, sectionName: http}]
  hostnames: [shop.example.com]
  rules: [{}]
";

/// A proxy that serves the Gateway of [`PROFILED`] on one address, but for a port.
fn placed(refused: u16) -> BTreeMap<ObjectKey, Placement> {
    let addresses = vec![std::net::IpAddr::from([192, 0, 2, 1])];
    let placement = Placement { addresses, refused_tcp: BTreeSet::from([refused]), refused_udp: BTreeSet::new() };
    BTreeMap::from([(ObjectKey::new("infra", "infra"), placement)])
}

#[test]
fn a_proxy_at_work_tells_its_addresses() {
    let mut sources = SourceMap::new();
    let text = PROFILED.replace("ADDRESS", "type: IPAddress").replace("example.com/gateway", "example.com/own");
    sources.add(Source::from_bytes("profiled.yaml", Origin::Memory, Role::Checked, true, text.into_bytes()));
    let mut profile = Profile::new(WorldMode::Closed, NOW);
    profile.placements = Some(placed(1));
    let addresses = |profile: &Profile| {
        let statuses = compile(&sources, profile).statuses;
        statuses.into_iter().find_map(|status| match status.body {
            Some(StatusBody::Gateway { addresses, .. }) => Some(addresses),
            _ => None,
        })
    };
    assert_eq!(addresses(&profile), Some(Vec::new()), "of another controller nothing is known");
    profile.controller_name = "example.com/own".into();
    assert_eq!(addresses(&profile), Some(vec![("IPAddress".to_owned(), "192.0.2.1".to_owned())]));
}

#[test]
fn reasons_that_need_a_profile_are_written_with_it_and_not_without() {
    type Turn = fn(&mut Profile);
    let cases: [(&str, &str, Turn); 10] = [
        ("AddressNotUsable", "GW-13", |profile| profile.knobs.usable_addresses = Some(Vec::new())),
        ("AddressNotAssigned", "GW-14", |profile| profile.knobs.allocates_addresses = false),
        ("PortUnavailable", "L-5", |profile| profile.knobs.unusable_ports = vec![8080]),
        ("PortUnavailable", "L-21", |profile| profile.knobs.unusable_ports = vec![8081]),
        ("TooManyListeners", "L-5", |profile| profile.knobs.max_listeners = Some(2)),
        ("AddressNotUsable", "GW-13", |profile| profile.placements = Some(BTreeMap::new())),
        ("AddressNotAssigned", "GW-14", |profile| profile.placements = Some(BTreeMap::new())),
        ("PortUnavailable", "L-5", |profile| profile.placements = Some(placed(8080))),
        ("PortUnavailable", "L-21", |profile| profile.placements = Some(placed(8081))),
        ("HostnameConflict", "R-4", |profile| profile.knobs.grpc_http_same_host_rejects = true),
    ];
    for (reason, rule, turn) in cases {
        assert!(NO_CASE.contains(&(reason, rule)), "{reason} has a case now");
        let address = if rule == "GW-14" { "type: IPAddress" } else { "{type: IPAddress, value: 192.0.2.1}" };
        let written = |profile: &Profile| {
            let mut sources = SourceMap::new();
            let bytes = PROFILED.replace("ADDRESS", address).into_bytes();
            sources.add(Source::from_bytes("profiled.yaml", Origin::File, Role::Checked, false, bytes));
            let statuses = compile(&sources, profile).statuses;
            let all = statuses.iter().filter_map(|status| status.body.as_ref()).map(|body| format!("{body:?}"));
            let all = all.collect::<String>();
            let conditions = all.split("Condition {").map(str::to_owned).collect::<Vec<_>>();
            let has = |text: &String| {
                text.contains(&format!("reason: \"{reason}\"")) && text.contains(&format!("rule: \"{rule}\""))
            };
            conditions.iter().any(has)
        };
        let mut profile = Profile::new(WorldMode::Closed, NOW);
        assert!(!written(&profile), "{reason} by {rule} without the knob");
        turn(&mut profile);
        assert!(written(&profile), "{reason} by {rule} is not written");
    }
}
