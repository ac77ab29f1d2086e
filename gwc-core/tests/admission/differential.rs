//! The engine against the API server's own code, on generated objects.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gwc_core::admission::{Cause, FieldError, Operation, Served, Verdict, admit, history};
use gwc_core::profile::Target;
use serde_json::{Value, json};

use super::{cases, server_field, shared, tree, untree, without_server_fields};

/// A small generator of numbers; the same objects in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Pointers of all nodes below a value.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => {
            map.iter().map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (step, child) in children {
        let pointer = format!("{at}/{step}");
        out.push(pointer.clone());
        pointers(child, &pointer, out);
    }
}

fn odd_value(random: &mut Random) -> Value {
    let texts = [
        "",
        "*",
        "a",
        "A_b",
        "x y",
        "http",
        "HTTP",
        "10.0.0.1",
        "300.1.1.1",
        "fe80::1",
        "/a//b",
        "/..",
        "1h",
        "5s",
        "-1",
        "é",
        "UPPER.example.com",
        "*.example.com",
        "example.com",
        "System",
    ];
    match random.below(16) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!([]),
        3 => json!({}),
        4 => json!(["a"]),
        5 => json!({"zz": 1}),
        6 => json!(1.5),
        7 => json!(-1),
        8 => json!(0),
        9 => json!(65_536),
        10 => json!(99_999_999_999_i64),
        11 => json!("x".repeat(300)),
        12 => json!("é".repeat(64)),
        13 => json!([null, {"a": [{"b": 1}]}]),
        _ => json!(*random.pick(&texts)),
    }
}

fn mutate(object: &mut Value, random: &mut Random) {
    let mut all = Vec::new();
    pointers(object, "", &mut all);
    all.retain(|pointer| {
        pointer != "/apiVersion" && pointer != "/kind" && (!pointer.starts_with("/metadata") || pointer.len() > 9)
    });
    if all.is_empty() {
        return;
    }
    let pointer = random.pick(&all).clone();
    let (parent, step) = pointer.rsplit_once('/').unwrap_or(("", ""));
    let step = step.replace("~1", "/").replace("~0", "~");
    match random.below(8) {
        0 => {
            if let Some(map) = object.pointer_mut(parent).and_then(Value::as_object_mut) {
                map.remove(&step);
            }
        }
        1 => {
            if let Some(items) = object.pointer_mut(parent).and_then(Value::as_array_mut) {
                let at = step.parse().unwrap_or(0);
                let copy = items[at].clone();
                items.push(copy);
            }
        }
        2 => {
            if let Some(map) = object.pointer_mut(&pointer).and_then(Value::as_object_mut) {
                map.insert(
                    (*random.pick(&["zz", "name", "type", "port", "value", "namespace", "a/b", "group"])).to_owned(),
                    odd_value(random),
                );
            }
        }
        3 => {
            if let Some(items) = object.pointer_mut(&pointer).and_then(Value::as_array_mut) {
                let many = items.first().cloned().unwrap_or(json!("a"));
                items.extend(std::iter::repeat_n(many, random.below(70)));
            }
        }
        4 => {
            let other = random.pick(&all).clone();
            let copy = object.pointer(&other).cloned().unwrap_or(Value::Null);
            let apart = !other.starts_with(&pointer) && !pointer.starts_with(&other);
            if let Some(place) = object.pointer_mut(&pointer).filter(|_| apart && !copy.is_null()) {
                *place = copy;
            }
        }
        _ => {
            if let Some(place) = object.pointer_mut(&pointer) {
                *place = odd_value(random);
            }
        }
    }
}

fn mutate_metadata(object: &mut Value, random: &mut Random) {
    let long = "a".repeat(254);
    let choices = [
        json!({"name": "Bad_Name"}),
        json!({"name": long}),
        json!({"name": "a.b.c", "namespace": "x.y"}),
        json!({"name": "a", "namespace": "UP"}),
        json!({"generateName": "abc-"}),
        json!({"generateName": "Abc-"}),
        json!({}),
        json!(null),
        json!([]),
        json!("x"),
        json!({"name": 5}),
        json!({"name": "a", "labels": {"a/b/c": "x", "ok": "bad value!", "": "y"}}),
        json!({"name": "a", "labels": {"x": null}, "annotations": {"Up.Per/X": "1", "/x": "2"}}),
        json!({"name": "a", "annotations": {"x": "y".repeat(262_145)}}),
        json!({"name": "a", "labels": {"x": 1}}),
        json!({"name": "a", "labels": {}, "foo": 1, "annotations": null}),
        json!({"name": "a", "finalizers": ["x", "Bad!", "foregroundDeletion", "orphan"]}),
        json!({"name": "a", "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "x", "uid": "1", "controller": true, "zz": 1}, {"controller": true}]}),
        json!({"name": "a", "ownerReferences": [{"apiVersion": "a/b/c", "kind": "Event", "name": "x", "uid": "1"}, {"apiVersion": "v1", "kind": "Event", "name": "x", "uid": "1"}]}),
        json!({"name": "a", "creationTimestamp": null, "generation": 7, "resourceVersion": "12", "uid": "u", "selfLink": "x"}),
        json!({"name": "a", "creationTimestamp": "yesterday"}),
        json!({"name": "a", "deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 3}),
        json!({"name": "a", "managedFields": [{"manager": "x", "operation": "Update", "apiVersion": "v1", "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": {}}}, {"operation": "x", "bogus": 1}]}),
        json!({"name": "a", "clusterName": "x", "generation": 1.5}),
    ];
    object["metadata"] = random.pick(&choices).clone();
}

/// One request to both sides.
struct Request {
    object: Value,
    old: Option<Value>,
    status: bool,
}

impl Request {
    fn json(&self, id: usize) -> Value {
        let mut row = json!({"id": id, "object": self.object});
        if let Some(old) = &self.old {
            row["old"] = old.clone();
        }
        if self.status {
            row["subresource"] = json!("status");
        }
        row
    }

    fn verdict(&self, target: Target) -> Verdict {
        let object = tree(&self.object);
        match (&self.old, self.status) {
            (None, _) => admit(&object, target, Operation::Create),
            (Some(old), false) => admit(&object, target, Operation::Update { old: &tree(old) }),
            (Some(old), true) => admit(&object, target, Operation::StatusUpdate { old: &tree(old) }),
        }
    }
}

/// Writes a version that the target serves into the object, where there is one.
fn fit_version(object: &mut Value, target: Target, random: &mut Random) {
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    let version = object["apiVersion"].as_str().unwrap_or_default().to_owned();
    let Some((group, _)) = version.split_once('/') else { return };
    let versions = history::served_versions(group, &kind, target);
    if !versions.is_empty() {
        object["apiVersion"] = json!(format!("{group}/{}", random.pick(&versions)));
    }
}

fn some_status(kind: &str) -> Value {
    let condition = json!({"type": "Accepted", "status": "True", "reason": "Accepted", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z", "observedGeneration": 1});
    let entry = |key: &str| json!({key: {"name": "gw", "sectionName": "a"}, "controllerName": "example.com/c", "conditions": [condition]});
    match kind {
        "Gateway" | "ListenerSet" | "XListenerSet" => json!({
            "conditions": [condition],
            "addresses": [{"type": "IPAddress", "value": "10.0.0.1"}],
            "listeners": [{"name": "a", "attachedRoutes": 1, "supportedKinds": [{"kind": "HTTPRoute"}], "conditions": [condition]}],
        }),
        "GatewayClass" => {
            json!({"conditions": [condition], "supportedFeatures": [{"name": "Gateway"}, {"name": "HTTPRoute"}]})
        }
        "BackendTLSPolicy" | "XBackendTrafficPolicy" | "BackendLBPolicy" => {
            json!({"ancestors": [entry("ancestorRef")]})
        }
        "HTTPRoute" | "GRPCRoute" | "TLSRoute" | "TCPRoute" | "UDPRoute" => json!({"parents": [entry("parentRef")]}),
        _ => json!({"conditions": [condition]}),
    }
}

fn has_wrong_types(object: &Value, target: Target) -> bool {
    let node = tree(object);
    let mut bare = object.clone();
    if let Some(map) = bare.as_object_mut() {
        map.remove("status");
    }
    let operations = [Operation::Create, Operation::StatusUpdate { old: &tree(&bare) }];
    let wrong = |error: &FieldError| error.cause == Cause::TypeInvalid;
    operations.into_iter().any(|operation| admit(&node, target, operation).errors.iter().any(wrong))
}

fn request(base: Value, target: Target, random: &mut Random) -> Request {
    let mut object = base;
    fit_version(&mut object, target, random);
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    if random.below(3) == 0 && object.get("status").is_none() {
        object["status"] = some_status(&kind);
    }
    let mut old = None;
    let mut status = false;
    match random.below(10) {
        0..=5 => {}
        6 | 7 => {
            let mut before = object.clone();
            if random.below(2) == 0 {
                mutate(&mut before, random);
                object = before.clone();
            }
            old = Some(before);
        }
        _ => {
            object["status"] = some_status(&kind);
            old = Some(object.clone());
            status = true;
            if let Some(part) = object.get_mut("status") {
                let mut wrapped = json!({"status": part.clone()});
                for _ in 0..=random.below(2) {
                    mutate(&mut wrapped, random);
                }
                *part = wrapped["status"].clone();
            }
        }
    }
    // No server holds an object with a wrong type: these schemas never changed the type of a field.
    let old = old.filter(|old| !has_wrong_types(old, target));
    let status = status && old.is_some();
    if random.below(12) == 0 {
        mutate_metadata(&mut object, random);
    }
    if !status || random.below(4) == 0 {
        for _ in 0..random.below(3) {
            mutate(&mut object, random);
        }
    }
    Request { old: old.map(|old| in_namespace_of(old, &object)), object, status }
}

/// An old object lives in the namespace of the request.
fn in_namespace_of(mut old: Value, object: &Value) -> Value {
    let namespace = &object["metadata"]["namespace"];
    if let Some(metadata) = old.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("namespace");
        if namespace.is_string() {
            metadata.insert("namespace".to_owned(), namespace.clone());
        }
    }
    old
}

#[expect(clippy::print_stdout, reason = "says why the test is skipped")]
fn oracle(shared: &Path) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle");
    std::fs::create_dir_all(&folder).ok()?;
    let program = folder.join("admit");
    let build = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg("./cmd/admit")
        .current_dir(shared.join("conformance/harness"))
        .output()
        .ok()?;
    if !build.status.success() {
        println!("skipped: the oracle does not build: {}", String::from_utf8_lossy(&build.stderr));
        return None;
    }
    Some(program)
}

fn ask(program: &Path, crds: &Path, requests: &[Request]) -> Vec<Value> {
    let mut child = Command::new(program)
        .arg("--crds")
        .arg(crds)
        .arg("--object")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the oracle starts");
    let mut input = child.stdin.take().expect("stdin");
    let lines: String = requests.iter().enumerate().map(|(id, request)| format!("{}\n", request.json(id))).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("the oracle ends");
    writer.join().expect("writer").expect("the oracle reads");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Field and type of errors; those of metadata once each, since the server repeats them.
fn listing(errors: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let (mut metadata, mut rest): (Vec<_>, Vec<_>) = errors.partition(|(field, _)| field.starts_with("metadata"));
    metadata.sort();
    metadata.dedup();
    rest.append(&mut metadata);
    rest.sort();
    rest
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn compare(request: &Request, target: Target, answer: &Value) -> Option<String> {
    let verdict = request.verdict(target);
    if verdict.allowed() != answer["allowed"].as_bool().unwrap_or(false) {
        return Some(format!("allowed: got {} {:?}", verdict.allowed(), verdict.errors));
    }
    match answer["reason"].as_str() {
        Some("NotFound") => {
            let fits =
                verdict.served != Served::Yes || verdict.errors.iter().any(|error| error.cause == Cause::Forbidden);
            return (!fits).then(|| "served".to_owned());
        }
        Some("BadRequest") => {
            let fits = verdict.errors.iter().all(|error| error.path.to_string().starts_with("metadata"));
            return (!fits).then(|| format!("a bad request: {:?}", verdict.errors));
        }
        _ => {}
    }
    let server = answer["errors"].as_array().into_iter().flatten();
    let wanted = listing(server.map(|error| (text(&error["field"]), text(&error["type"]))));
    let got = listing(
        verdict.errors.iter().map(|error| (server_field(error, request.status), error.cause.name().to_owned())),
    );
    if wanted != got {
        return Some(format!("errors: want {wanted:?}\n    got {got:?}"));
    }
    let mut unknown: Vec<String> =
        verdict.unknown.iter().map(|field| field.path.to_string().replace('[', ".").replace(']', "")).collect();
    let server = answer["unknown"].as_array().into_iter().flatten();
    let mut wanted: Vec<String> = server.map(|path| text(path).replace('[', ".").replace(']', "")).collect();
    unknown.sort();
    wanted.sort();
    if wanted != unknown {
        return Some(format!("unknown: want {wanted:?}, got {unknown:?}"));
    }
    let ours = untree(&verdict.object);
    let stored = without_server_fields(answer["object"].clone(), &ours);
    let ours = without_server_fields(ours.clone(), &ours);
    (stored != ours).then(|| format!("object: want {stored}\n    got {ours}"))
}

#[test]
fn like_the_server() {
    let Some(shared) = shared() else {
        println!("skipped: no ../shared");
        return;
    };
    let Some(program) = oracle(&shared) else {
        println!("skipped: no go, or the oracle does not build");
        return;
    };
    let per_target = std::env::var("GWC_DIFFERENTIAL").ok().and_then(|n| n.parse().ok()).unwrap_or(240);
    let seed = std::env::var("GWC_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0x5eed_5eed);
    let bases: Vec<Value> = cases(&shared).into_iter().map(|case| case.row["object"].clone()).collect();
    let mut random = Random(seed);
    let mut failures = Vec::new();
    let (mut count, mut refused) = (0, 0);
    for target in history::targets() {
        let requests: Vec<Request> =
            (0..per_target).map(|_| request(random.pick(&bases).clone(), target, &mut random)).collect();
        let crds = shared.join("crds").join(target.bundle.version()).join(target.channel.name());
        let answers = ask(&program, &crds, &requests);
        assert_eq!(answers.len(), requests.len(), "the oracle answers every request");
        for (request, answer) in requests.iter().zip(&answers) {
            count += 1;
            refused += usize::from(answer["allowed"] == false);
            if let Some(problem) = compare(request, target, answer) {
                failures.push(format!(
                    "{} {}: {problem}\n    {}\n    {}",
                    target.bundle.version(),
                    target.channel.name(),
                    request.json(0),
                    answer["message"]
                ));
            }
        }
    }
    println!("{count} objects, {refused} refused by the server, {} differ", failures.len());
    let shown: Vec<String> = failures.iter().take(5).map(|text| text.chars().take(1500).collect()).collect();
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), shown.join("\n\n"));
}
