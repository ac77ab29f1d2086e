//! The official conformance suite's expectations about status, checked offline on its own manifests (status.md §6).
//!
//! `conformance/table.txt` holds one line for each object and what the suite asserts of it; the manifests come from
//! `../shared`, and the test says so and passes where they are absent. Comparison follows status.md §6.1.

use std::collections::BTreeMap;

use gwc_core::admission::{Operation, admit};
use gwc_core::profile::{Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::status::ObjectStatus;
use gwc_core::yaml::{Entry, Key, Node, Value};
use gwc_core::{Compilation, compile};

use manifests::{INFRA, key, manifest, runs, world};

#[path = "suite/manifests.rs"]
mod manifests;

const TABLE: &str = include_str!("conformance/table.txt");

const TIME: &str = "1970-01-01T00:00:00Z";

/// Statuses of one run by kind, namespace and name.
struct World<'c> {
    statuses: BTreeMap<(String, String, String), (&'c ObjectStatus, Option<Node>)>,
}

impl<'c> World<'c> {
    fn new(compilation: &'c Compilation) -> Self {
        let statuses = compilation.statuses.iter().map(|status| {
            let object = &status.object;
            let node = status.body.as_ref().map(|body| body.to_node(TIME));
            ((object.kind.clone(), object.namespace.clone(), object.name.clone()), (status, node))
        });
        Self { statuses: statuses.collect() }
    }

    fn get(&self, kind: &str, name: &str) -> &(&'c ObjectStatus, Option<Node>) {
        let (namespace, name) = key(name);
        let found = self.statuses.get(&(kind.to_owned(), namespace.clone(), name.clone()));
        found.unwrap_or_else(|| panic!("no {kind} {namespace}/{name}"))
    }
}

fn text<'n>(node: &'n Node, key: &str) -> &'n str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

fn items<'n>(node: Option<&'n Node>, key: &str) -> &'n [Node] {
    node.and_then(|node| node.get(key)).map_or(&[], Node::items)
}

/// A condition among others, `Type=Status/Reason`; `*` and an absent reason are any.
fn has_condition(conditions: &[Node], wanted: &str) -> Result<(), String> {
    let (r#type, rest) = wanted.split_once('=').expect("Type=Status");
    let found = conditions.iter().find(|condition| text(condition, "type") == r#type);
    if rest == "absent" {
        return found.map_or(Ok(()), |found| Err(format!("{found:?}")));
    }
    let (status, reason) = rest.split_once('/').map_or((rest, None), |(status, reason)| (status, Some(reason)));
    let found = found.ok_or_else(|| format!("no condition {}", r#type))?;
    let fits = (status == "*" || text(found, "status") == status) && reason.is_none_or(|r| text(found, "reason") == r);
    let actual = format!("{}/{}: {}", text(found, "status"), text(found, "reason"), text(found, "message"));
    if fits { Ok(()) } else { Err(actual) }
}

/// Every condition below a node is of the current generation.
fn current(node: &Node, generation: i64) -> bool {
    let own = node.get("observedGeneration").is_none_or(|seen| seen.as_int() == Some(generation));
    own && node.items().iter().all(|item| current(item, generation))
        && node.entries().iter().all(|entry| current(&entry.value, generation))
}

/// One assertion of one line.
fn check(world: &World<'_>, words: &Line<'_>, assertion: &str) -> Result<(), String> {
    let (status, node) = world.get(words.kind, words.name);
    let node = node.as_ref();
    if assertion == "no-accepted-parents" {
        let parents = items(node, "parents");
        let refused = |parent: &Node| has_condition(items(Some(parent), "conditions"), "Accepted=False").is_ok();
        let passes = parents.is_empty() || (parents.len() == 1 && parents.iter().all(refused));
        return if passes { Ok(()) } else { Err(format!("{parents:?}")) };
    }
    if status.body.is_none() {
        return Err(format!("no status: {:?}", status.note));
    }
    match (assertion.split_once('='), words.selector) {
        (None, _) if assertion == "current" => {
            let passes = node.is_some_and(|node| current(node, status.generation));
            if passes { Ok(()) } else { Err("a condition is stale".to_owned()) }
        }
        (None, _) if assertion == "ready" => {
            let conditions = items(node, "conditions");
            has_condition(conditions, "Accepted=True").and_then(|()| has_condition(conditions, "Programmed=True"))
        }
        (None, _) if assertion == "zero-routes" => {
            let listeners = items(node, "listeners");
            let none = listeners.len() == 1 && listeners[0].get("attachedRoutes").and_then(Node::as_int) == Some(0);
            if none || listeners.is_empty() { Ok(()) } else { Err(format!("{listeners:?}")) }
        }
        (None, Some(selector)) => generic(world, words, selector, node, assertion),
        (Some(("listeners", wanted)), None) => {
            let names: Vec<_> = items(node, "listeners").iter().map(|listener| text(listener, "name")).collect();
            same(&names.join(","), wanted)
        }
        (Some(("sets", wanted)), None) => {
            let count = node.and_then(|node| node.get("attachedListenerSets")).and_then(Node::as_int).unwrap_or(0);
            same(&count.to_string(), wanted)
        }
        (Some(("addresses", wanted)), None) => same(&items(node, "addresses").len().to_string(), wanted),
        (Some(("parents", wanted)), None) => same(&items(node, "parents").len().to_string(), wanted),
        (Some(_), None) => has_condition(items(node, "conditions"), assertion),
        (Some(pair), Some(selector)) => selected(node, words, selector, pair, assertion),
        (None, None) => panic!("unknown assertion {assertion}"),
    }
}

fn same(actual: &str, wanted: &str) -> Result<(), String> {
    if actual == wanted { Ok(()) } else { Err(format!("it is {actual}")) }
}

/// An assertion about a listener, a parent or an ancestor.
fn selected(
    node: Option<&Node>,
    words: &Line<'_>,
    selector: &str,
    (name, wanted): (&str, &str),
    assertion: &str,
) -> Result<(), String> {
    if let Some(listener) = selector.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let found = items(node, "listeners").iter().find(|one| text(one, "name") == listener);
        let found = found.ok_or_else(|| format!("no listener {listener}"))?;
        return match name {
            "kinds" => kinds(found, wanted),
            "attached" => {
                let count = found.get("attachedRoutes").and_then(Node::as_int).unwrap_or(-1);
                same(&count.to_string(), wanted)
            }
            _ => has_condition(items(Some(found), "conditions"), assertion),
        };
    }
    let entry = entry(node, words, selector)?;
    has_condition(items(Some(entry), "conditions"), assertion)
}

/// An expected empty list must be empty; any other is a subset of the actual one.
fn kinds(listener: &Node, wanted: &str) -> Result<(), String> {
    let actual: Vec<_> = items(Some(listener), "supportedKinds").iter().map(|kind| text(kind, "kind")).collect();
    let passes =
        if wanted == "none" { actual.is_empty() } else { wanted.split(',').all(|kind| actual.contains(&kind)) };
    if passes { Ok(()) } else { Err(format!("kinds are {actual:?}")) }
}

/// The entry of a parent or ancestor: group and kind set, namespace equal or left out, sections not compared.
fn entry<'n>(node: Option<&'n Node>, words: &Line<'_>, selector: &str) -> Result<&'n Node, String> {
    let name = selector.trim_start_matches('<').trim_end_matches('>');
    let (list, field, kind, name) = match name.split_once('/') {
        Some((kind, name)) => ("parents", "parentRef", kind, name),
        None => ("ancestors", "ancestorRef", "Gateway", name),
    };
    // A parent is in the suite's namespace, in that of the route, or in the one that the selector names.
    let (namespace, name) = if name.contains('/') { key(name) } else { (key(words.name).0, name.to_owned()) };
    let fits = |entry: &&Node| {
        let Some(reference) = entry.get(field) else { return false };
        let in_namespace = reference
            .get("namespace")
            .is_none_or(|node| node.as_str().is_some_and(|ns| ns == INFRA || ns == namespace));
        text(entry, "controllerName") == "gwc.dev/gateway-controller"
            && text(reference, "group") == "gateway.networking.k8s.io"
            && text(reference, "kind") == kind
            && text(reference, "name") == name.as_str()
            && in_namespace
    };
    items(node, list).iter().find(fits).ok_or_else(|| format!("no entry for {selector}"))
}

/// `G`, `G@listeners`, `RR`.
fn generic(
    world: &World<'_>,
    words: &Line<'_>,
    selector: &str,
    node: Option<&Node>,
    assertion: &str,
) -> Result<(), String> {
    let conditions = items(Some(entry(node, words, selector)?), "conditions");
    if assertion == "RR" {
        return has_condition(conditions, "ResolvedRefs=True/ResolvedRefs");
    }
    has_condition(conditions, "Accepted=True/Accepted")?;
    let parent = selector.trim_start_matches('<').trim_end_matches('>');
    let (kind, name) = parent.split_once('/').expect("Kind/name");
    let local = world.statuses.contains_key(&(kind.to_owned(), INFRA.to_owned(), name.to_owned()));
    let full = if local { name.to_owned() } else { format!("@{}/{name}", key(words.name).0) };
    let (_, parent) = world.get(kind, &full);
    let named: Option<Vec<&str>> = assertion.strip_prefix("G@").map(|list| list.split(',').collect());
    assert!(named.is_some() || assertion == "G", "unknown assertion {assertion}");
    let listeners = items(parent.as_ref(), "listeners").iter();
    let looked_at: Vec<_> =
        listeners.filter(|one| named.as_ref().is_none_or(|named| named.contains(&text(one, "name")))).collect();
    if looked_at.is_empty() || named.is_some_and(|named| named.len() != looked_at.len()) {
        return Err("a listener is missing".to_owned());
    }
    for listener in looked_at {
        for wanted in ["Accepted=True", "Programmed=True", "ResolvedRefs=True"] {
            has_condition(items(Some(listener), "conditions"), wanted)
                .map_err(|why| format!("listener {}: {wanted}: {why}", text(listener, "name")))?;
        }
    }
    Ok(())
}

/// The words of a line before its assertions.
struct Line<'l> {
    kind: &'l str,
    name: &'l str,
    selector: Option<&'l str>,
}

#[test]
fn statuses_are_what_the_suite_expects() {
    let Some(base) = manifest("base/manifests.yaml") else {
        println!("skipped: the conformance manifests are not there");
        return;
    };
    let (mut n_checked, mut n_stored, mut failures) = (0, 0, Vec::new());
    for run in runs(TABLE) {
        let (compilation, target) = world(&run, &run.words, &base);
        let place = format!("{} {}", run.words.join(" "), run.step.as_deref().unwrap_or_default());
        failures.extend(compilation.graph.refused.keys().map(|refused| format!("{place}: refused {refused:?}")));
        n_stored += storable(&compilation, target, &place, &mut failures);
        let world = World::new(&compilation);
        for line in &run.lines {
            n_checked += check_line(&world, line, &place, &mut failures);
        }
    }
    println!("{n_checked} assertions, {n_stored} statuses that an API server stores");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert!(n_checked >= 306, "the table lost rows: {n_checked}");
}

/// Checks every assertion of a line; tells how many there are.
fn check_line(world: &World<'_>, line: &str, place: &str, failures: &mut Vec<String>) -> usize {
    let mut words = line.split(' ').peekable();
    let (kind, name) = (words.next().expect("a kind"), words.next().expect("a name"));
    let selector = words.next_if(|word| word.starts_with(['[', '<']));
    let about = Line { kind, name, selector };
    let assertions: Vec<_> = words.collect();
    for assertion in &assertions {
        if let Err(why) = check(world, &about, assertion) {
            failures.push(format!("{place}: {kind} {name} {} {assertion}: {why}", selector.unwrap_or_default()));
        }
    }
    assertions.len()
}

/// Every status passes the schema of the target; tells how many.
fn storable(compilation: &Compilation, target: Target, place: &str, failures: &mut Vec<String>) -> usize {
    let mut n_stored = 0;
    for status in &compilation.statuses {
        let Some(body) = &status.body else { continue };
        let object = compilation.objects.iter().find(|one| one.span == status.span).expect("the object");
        let root = compilation.documents[object.document].root.as_ref().expect("a tree");
        let stored = admit(root, target, Operation::Create).object;
        let updated = with_status(&stored, body.to_node(TIME));
        let verdict = admit(&updated, target, Operation::StatusUpdate { old: &stored });
        if !verdict.allowed() || !verdict.unknown.is_empty() {
            let errors: Vec<_> =
                verdict.errors.iter().map(|error| format!("{}: {}", error.path, error.detail)).collect();
            let unknown: Vec<_> = verdict.unknown.iter().map(|field| field.path.to_string()).collect();
            failures.push(format!("{place}: status of {:?}: {errors:?} {unknown:?}", status.object));
        }
        n_stored += 1;
    }
    n_stored
}

fn with_status(object: &Node, status: Node) -> Node {
    let mut entries: Vec<Entry> = object.entries().iter().filter(|entry| entry.key.text != "status").cloned().collect();
    entries.push(Entry { key: Key { text: "status".into(), start: 0, end: 0 }, value: status });
    Node::new(Value::Mapping(entries.into()), 0, 0)
}

/// What a Gateway with an accepted and a refused route looks like to every release.
const SMALL: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: gwc}
spec: {controllerName: gwc.dev/gateway-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec:
  gatewayClassName: gwc
  addresses: [{value: 192.0.2.1}]
  listeners:
  - {name: a, port: 80, protocol: HTTP}
  - {name: b, port: 80, protocol: TCP}
  - {name: c, port: 81, protocol: HTTP, hostname: a.example.com}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: infra}
spec: {parentRefs: [{name: gw, sectionName: c}, {name: gw, sectionName: nope}], rules: [{backendRefs: [{name: x, port: 80}]}]}
";

#[test]
fn statuses_fit_the_schema_of_every_release() {
    let mut failures = Vec::new();
    for bundle in gwc_core::profile::BUNDLES {
        for channel in [Channel::Standard, Channel::Experimental] {
            let target = Target { bundle, channel };
            let mut profile = Profile::new(WorldMode::Closed, 0);
            profile.target = Some(target);
            let mut sources = SourceMap::new();
            sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, SMALL.into()));
            let compilation = compile(&sources, &profile);
            let place = format!("{} {}", bundle.version(), channel.name());
            assert_eq!(storable(&compilation, target, &place, &mut failures), 3, "{place}");
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
