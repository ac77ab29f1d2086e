//! Shapes: what a rule can tell apart about the values of a schema, with interesting values for each scalar.
//!
//! Members that the text of the rule never names are left out unless they are scalars.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// Values of one schema, as seen by one rule.
pub(crate) enum Shape {
    /// Text out of these.
    Text(Vec<String>),
    /// Text out of these, often with a change.
    FreeText(Vec<String>),
    /// A number out of these.
    Number(Vec<i64>),
    /// A boolean.
    Flag,
    /// A list.
    List {
        /// Its items.
        item: Box<Self>,
        /// Most items that the schema allows.
        limit: usize,
        /// The rule counts, so long lists are of interest.
        long: bool,
    },
    /// An object.
    Record(Vec<Member>),
    /// A mapping with free keys.
    Map {
        /// Keys.
        keys: Vec<String>,
        /// Its values.
        value: Box<Self>,
    },
}

/// A member of an object.
pub(crate) struct Member {
    /// Name.
    pub(crate) name: String,
    /// Required by the schema, or there by default.
    pub(crate) assured: bool,
    /// Values.
    pub(crate) shape: Shape,
}

/// What the text of a rule tells about interesting values.
pub(crate) struct Hints {
    words: BTreeSet<String>,
    constants: Vec<String>,
    texts: &'static [&'static str],
    free: bool,
    long: bool,
}

const DURATIONS: &[&str] = &[
    "0s",
    "0ms",
    "1s",
    "999ms",
    "1000ms",
    "1001ms",
    "59m",
    "60m",
    "1h",
    "1h1ms",
    "3600s",
    "3601s",
    "59m59s1000ms",
    "2h",
    "10s",
    "99999h",
    "0h0m0s0ms",
    "",
    "abc",
    "1",
    "0",
    "-1s",
    "-0s",
    "1.5s",
    "1d",
    "1us",
    "s",
];
const PATHS: &[&str] = &[
    "/",
    "/a",
    "/a/b",
    "a",
    "",
    "//",
    "/a//b",
    "/./",
    "/a/./b",
    "/a/../b",
    "/..",
    "/a/..",
    "/.",
    "/a/.",
    "/a/...",
    "/%2f",
    "/%2F",
    "/a%20b",
    "/a%2",
    "/a%zz",
    "/a#b",
    "/a b",
    "/é",
    "/a\n",
    "/~!$&'()*+,;=:@",
    "/a?b",
];
const NAMES: &[&str] = &[
    "a",
    "a.b",
    "example.com",
    "*.example.com",
    "*",
    "a.*.b",
    "**.a",
    "*.",
    "a-",
    "-a",
    "A.b",
    "a..b",
    "",
    ".",
    "é.b",
    "1.2.3.4",
    "01.2.3.4",
    "1.2.3",
    "::1",
    "::ffff:1.2.3.4",
    "fe80::1%eth0",
    "::1.2.3.4",
    "a\n",
    "a.cluster.local",
    ".cluster.local",
    "a.b.Service_1",
    ".a.b",
    "_x",
    "9x",
    "ſervice",
    "Kelvin",
    "my-name",
    "*.1.2.3.4",
];
const KEYS: &[&str] = &[
    "a",
    "example.com/a",
    "example.com/",
    "/a",
    "",
    "a/b/c",
    "A_b.c",
    "-a",
    "a-",
    "Ex.com/a",
    "é",
    "é/a",
    "a.b-c/D.e_f",
];

impl Hints {
    /// Hints of a rule's text.
    pub(crate) fn new(text: &str) -> Self {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let words = text.split(|c| !word(c)).map(|word| word.trim_matches('_').to_owned()).collect();
        let texts = match text {
            _ if text.contains("duration(") => DURATIONS,
            _ if text.contains("PathPrefix") && text.contains("value") => PATHS,
            _ if ["matches(", "endsWith(", "isIP(", "validate("].iter().any(|call| text.contains(call)) => NAMES,
            _ => &["a", "b", "c"],
        };
        Self {
            words,
            constants: constants(text),
            texts,
            free: texts.len() > 3 && !text.contains("duration("),
            long: text.contains("128"),
        }
    }

    fn names(&self, name: &str) -> bool {
        self.words.contains(name)
    }
}

/// Texts between quotation marks.
fn constants(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for mark in ['\'', '"'] {
        found.extend(text.split(mark).skip(1).step_by(2).map(str::to_owned));
    }
    found.retain(|constant| !constant.contains([' ', '=', '^']));
    found
}

/// The shape of `schema` for a rule.
pub(crate) fn shape(schema: &Json, hints: &Hints) -> Shape {
    match schema["type"].as_str().unwrap_or_default() {
        "object" if schema.get("properties").is_some() => Shape::Record(members(schema, hints)),
        "object" => Shape::Map { keys: keys(), value: Box::new(shape(&schema["additionalProperties"], hints)) },
        "array" => {
            Shape::List { item: Box::new(shape(&schema["items"], hints)), limit: limit(schema), long: hints.long }
        }
        "integer" | "number" => Shape::Number(numbers(schema)),
        "boolean" => Shape::Flag,
        _ => text_shape(schema, hints),
    }
}

fn limit(schema: &Json) -> usize {
    schema["maxItems"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(20).min(64)
}

fn members(schema: &Json, hints: &Hints) -> Vec<Member> {
    let required: BTreeSet<_> = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let seen = properties.filter(|(name, property)| {
        let scalar = !matches!(property["type"].as_str(), Some("object" | "array"));
        scalar || required.contains(name.as_str()) || hints.names(name) || names_something_below(property, hints)
    });
    seen.map(|(name, property)| Member {
        name: name.clone(),
        assured: required.contains(name.as_str()) || property.get("default").is_some(),
        shape: shape(property, hints),
    })
    .collect()
}

/// A member that a rule reaches is named itself; lists stand between at most.
fn names_something_below(schema: &Json, hints: &Hints) -> bool {
    let properties = schema["items"]["properties"].as_object();
    schema["type"] == "array" && properties.into_iter().flatten().any(|(name, _)| hints.names(name) && name != "name")
}

fn numbers(schema: &Json) -> Vec<i64> {
    let bounds = ["minimum", "maximum"].iter().filter_map(|key| schema[*key].as_i64());
    let near = bounds.flat_map(|bound| [bound, bound.saturating_add(1), bound.saturating_sub(1)]);
    near.chain([0, 1, 2, 80]).collect()
}

fn text_shape(schema: &Json, hints: &Hints) -> Shape {
    let allowed: Vec<_> = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let mut texts = hints.constants.clone();
    texts.extend(schema["default"].as_str().map(str::to_owned));
    if allowed.is_empty() {
        let others = hints.texts.iter().map(|text| (*text).to_owned());
        // Half of the choices are words of the rule, so that its conditions come true often enough.
        let n_words = texts.len().max(others.len());
        texts = texts.into_iter().cycle().take(n_words).collect();
        texts.extend(others.chain([String::new()]));
        return if hints.free { Shape::FreeText(texts) } else { Shape::Text(texts) };
    }
    // Values outside of an enum do not keep the server from evaluating rules.
    texts.extend(["", "Other"].map(str::to_owned));
    texts.extend(allowed.iter().chain(&allowed).map(|text| (*text).to_owned()));
    Shape::Text(texts)
}

fn keys() -> Vec<String> {
    let mut keys: Vec<String> = KEYS.iter().map(|key| (*key).to_owned()).collect();
    for n in [61, 62, 63, 64, 251, 252, 253, 254] {
        keys.push("a".repeat(n));
        keys.push(format!("{}/a", "a".repeat(n)));
        keys.push(format!("{}/a", "é".repeat(n)));
        keys.push(format!("a/{}", "b".repeat(n)));
    }
    keys
}
