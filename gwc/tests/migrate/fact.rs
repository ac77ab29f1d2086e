//! Facts about JSON values: a path leads to values, and an expected value is held by an actual one.

use serde_json::Value;

use crate::case::ObjectFacts;

/// Values at a path like `spec.rules[*].matches[0].path.value`; `["a.b/c"]` is a key with dots, `#` the length of a
/// list.
pub(crate) fn at(root: &Value, path: &str) -> Vec<Value> {
    let mut found = vec![root.clone()];
    for step in steps(path) {
        found = found.iter().flat_map(|value| next(value, &step)).collect();
    }
    found
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    All,
    Length,
}

fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[\"") {
            let (key, after) = after.split_once("\"]").expect("a closed bracket");
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']').expect("a closed bracket");
            steps.push(if index == "*" { Step::All } else { Step::Index(index.parse().expect("a number")) });
            rest = after;
        } else {
            let own = rest.strip_prefix('.').unwrap_or(rest);
            let end = own.find(['.', '[']).unwrap_or(own.len());
            let (key, after) = own.split_at(end);
            steps.push(if key == "#" { Step::Length } else { Step::Key(key.to_owned()) });
            rest = after;
        }
    }
    steps
}

fn next(value: &Value, step: &Step) -> Vec<Value> {
    match step {
        Step::Key(key) => value.get(key).cloned().into_iter().collect(),
        Step::Index(index) => value.get(index).cloned().into_iter().collect(),
        Step::All => value.as_array().cloned().unwrap_or_default(),
        Step::Length => value.as_array().map(|items| Value::from(items.len())).into_iter().collect(),
    }
}

/// Does the actual value say all that the expected one says? A `null` is what is not there; lists are compared item by
/// item.
pub(crate) fn holds(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            expected.iter().all(|(key, one)| holds(actual.get(key).unwrap_or(&Value::Null), one))
        }
        (Value::Array(actual), Value::Array(expected)) => {
            actual.len() == expected.len() && actual.iter().zip(expected).all(|(one, other)| holds(one, other))
        }
        (_, _) => actual == expected,
    }
}

/// Is the expected value at the path?
pub(crate) fn is_at(root: &Value, path: &str, expected: &Value) -> bool {
    let found = at(root, path);
    if expected.is_null() { found.iter().all(Value::is_null) } else { found.iter().any(|one| holds(one, expected)) }
}

/// `Kind/namespace/name`.
pub(crate) fn name_of(object: &Value) -> String {
    let text = |path: &str| at(object, path).first().and_then(Value::as_str).unwrap_or_default().to_owned();
    format!("{}/{}/{}", text("kind"), text("metadata.namespace"), text("metadata.name"))
}

pub(crate) fn is_named(object: &Value, pattern: &str) -> bool {
    let name = name_of(object);
    pattern.strip_suffix('*').map_or(name == pattern, |start| name.starts_with(start))
}

/// What is wrong with the objects.
pub(crate) fn problems(objects: &[Value], facts: &ObjectFacts) -> Vec<String> {
    let own: Vec<&Value> = objects.iter().filter(|object| is_named(object, &facts.object)).collect();
    let mut problems = Vec::new();
    let missing = |object: &Value| {
        let missing = facts.has.iter().filter(|(path, expected)| !is_at(object, path, expected));
        missing.map(|(path, expected)| format!("{path} is not {expected}, but {:?}", at(object, path))).collect()
    };
    let all: Vec<Vec<String>> = own.iter().map(|object| missing(object)).collect();
    if !all.iter().any(Vec::is_empty) && (!facts.object.ends_with('*') || !facts.has.is_empty()) {
        let names: Vec<String> = objects.iter().map(name_of).collect();
        let closest = all.into_iter().min_by_key(Vec::len);
        problems.push(match closest {
            None => format!("no {} among {names:?}", facts.object),
            Some(missing) => format!("{}: {}", facts.object, missing.join("; ")),
        });
    }
    for object in own {
        let present = facts.lacks.iter().filter(|(path, expected)| is_at(object, path, expected));
        problems.extend(present.map(|(path, expected)| format!("{}: {path} is {expected}", name_of(object))));
    }
    problems
}

#[test]
fn paths_lead_to_values() {
    let root = serde_json::json!({"a": [{"b": 1}, {"b": 2, "c.d/e": null}], "x": {"y": "z"}});
    assert_eq!(at(&root, "a[*].b"), [Value::from(1), Value::from(2)]);
    assert_eq!(at(&root, "a.#"), [Value::from(2)]);
    assert_eq!(at(&root, "a[1][\"c.d/e\"]"), [Value::Null]);
    assert!(is_at(&root, "x", &serde_json::json!({"y": "z", "w": null})));
    assert!(!is_at(&root, "x", &serde_json::json!({"y": "z", "w": 1})));
    assert!(is_at(&root, "a", &serde_json::json!([{"b": 1}, {}])));
    assert!(!is_at(&root, "a", &serde_json::json!([{"b": 1}])));
    assert!(is_at(&root, "a[7]", &Value::Null) && !is_at(&root, "x.y", &Value::Null));
}
