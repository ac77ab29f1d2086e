//! The generated tables say what the CRDs say: nothing missing, nothing extra.
//!
//! Walks the CRDs and the tables side by side, without the generator. Reads `../shared` where it is there.
#![expect(clippy::disallowed_methods, reason = "the test reads CRDs")]

use std::collections::BTreeMap;
use std::path::Path;

use gwc_core::admission::history;
use gwc_core::admission::patterns::PATTERNS;
use gwc_core::admission::rules::RULES;
use gwc_core::admission::schema::{
    Format, Kind, ListKind, Literal, NONE, SchemaNode, Scope, Serving, StatusSubresource, Version, node_at, versions,
};
use gwc_core::profile::Target;
use serde_json::{Map, Value};

/// What the walk found, and counted.
#[derive(Default)]
struct Walk {
    problems: Vec<String>,
    nodes: usize,
    rules: usize,
    /// Rule text to position in `RULES`: one text, one rule.
    texts: BTreeMap<String, u16>,
}

impl Walk {
    fn expect<T: PartialEq + std::fmt::Debug>(&mut self, at: &str, what: &str, crd: T, table: T) {
        if crd != table {
            self.problems.push(format!("{at}: {what}: CRD {crd:?}, table {table:?}"));
        }
    }

    fn child(&mut self, at: &str, schema: Option<&Value>, node: Option<&'static SchemaNode>) {
        match (schema, node) {
            (Some(schema), Some(node)) => self.schema(at, schema, node),
            (None, None) => {}
            (Some(_), None) => self.problems.push(format!("{at}: missing in the tables")),
            (None, Some(_)) => self.problems.push(format!("{at}: not in the CRD")),
        }
    }

    fn schema(&mut self, at: &str, schema: &Value, node: &'static SchemaNode) {
        self.nodes += 1;
        let fields = schema.as_object().expect("a schema is a mapping");
        self.value_facts(at, fields, node);
        self.limits(at, fields, node);
        self.rules(at, fields, node);
        let empty = Map::new();
        let properties = fields.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
        names.sort_unstable();
        self.expect(at, "properties", names, node.properties().iter().map(|property| property.name).collect());
        for (name, child) in properties {
            self.child(&format!("{at}.{name}"), Some(child), node.property(name));
        }
        self.child(&format!("{at}[]"), fields.get("items"), node.item());
        self.child(&format!("{at}{{}}"), fields.get("additionalProperties"), node_at(node.additional));
        self.combinations(at, fields, node);
    }

    fn value_facts(&mut self, at: &str, fields: &Map<String, Value>, node: &SchemaNode) {
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = match node.kind {
            Kind::Any => "",
            Kind::Object => "object",
            Kind::Array => "array",
            Kind::String => "string",
            Kind::Integer => "integer",
            Kind::Boolean => "boolean",
        };
        self.expect(at, "type", text("type"), kind);
        let format = match node.format {
            Format::None => "",
            Format::Int32 => "int32",
            Format::Int64 => "int64",
            Format::DateTime => "date-time",
            Format::Ipv4 => "ipv4",
            Format::Ipv6 => "ipv6",
        };
        self.expect(at, "format", text("format"), format);
        let list = match node.list {
            ListKind::Atomic => "atomic",
            ListKind::Set => "set",
            ListKind::Map => "map",
        };
        let wanted = if text("x-kubernetes-list-type").is_empty() { "atomic" } else { text("x-kubernetes-list-type") };
        self.expect(at, "list type", wanted, list);
        self.expect(at, "required", texts(fields.get("required")), node.required().to_vec());
        self.expect(at, "list keys", texts(fields.get("x-kubernetes-list-map-keys")), node.keys().to_vec());
        let allowed = fields.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
        self.expect(at, "enum", allowed, node.enumeration().iter().map(json).collect());
        self.expect(at, "default", fields.get("default").cloned(), node.default().map(json));
        self.expect(at, "nullable", false, fields.contains_key("nullable"));
        self.expect(at, "free fields", false, fields.contains_key("x-kubernetes-preserve-unknown-fields"));
    }

    fn limits(&mut self, at: &str, fields: &Map<String, Value>, node: &SchemaNode) {
        let number = |key: &str| fields.get(key).map(|value| value.as_i64().expect("a whole bound"));
        let limits = node.limits();
        let of = |get: fn(&gwc_core::admission::schema::Limits) -> Option<u32>| limits.and_then(get).map(i64::from);
        self.expect(at, "minLength", number("minLength"), of(|limits| limits.min_length));
        self.expect(at, "maxLength", number("maxLength"), of(|limits| limits.max_length));
        self.expect(at, "minItems", number("minItems").or(number("minProperties")), of(|limits| limits.min_items));
        self.expect(at, "maxItems", number("maxItems").or(number("maxProperties")), of(|limits| limits.max_items));
        self.expect(at, "minimum", number("minimum"), limits.and_then(|limits| limits.minimum));
        self.expect(at, "maximum", number("maximum"), limits.and_then(|limits| limits.maximum));
        let pattern = limits.and_then(|limits| PATTERNS.get(usize::from(limits.pattern))).map(|pattern| pattern.text);
        self.expect(at, "pattern", fields.get("pattern").and_then(Value::as_str), pattern);
    }

    fn rules(&mut self, at: &str, fields: &Map<String, Value>, node: &SchemaNode) {
        let rules = fields.get("x-kubernetes-validations").and_then(Value::as_array).cloned().unwrap_or_default();
        self.expect(at, "number of rules", rules.len(), node.rules().len());
        for (rule, index) in rules.iter().zip(node.rules()) {
            self.rules += 1;
            let text = rule["rule"].as_str().expect("a rule has a text").to_owned();
            self.expect(at, "rule exists", true, RULES.get(usize::from(*index)).is_some());
            let known = *self.texts.entry(text.clone()).or_insert(*index);
            self.expect(at, &format!("rule of {text}"), known, *index);
            let uses_old = text.contains("oldSelf");
            let transition = RULES.get(usize::from(*index)).is_some_and(|rule| rule.transition);
            self.expect(at, &format!("transition of {text}"), uses_old, transition);
        }
    }

    fn combinations(&mut self, at: &str, fields: &Map<String, Value>, node: &SchemaNode) {
        let combination = node.combination();
        let lists = [
            ("anyOf", combination.map_or(&[][..], |found| found.any_of)),
            ("oneOf", combination.map_or(&[][..], |found| found.one_of)),
            ("allOf", combination.map_or(&[][..], |found| found.all_of)),
        ];
        for (key, indexes) in lists {
            let schemas = fields.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
            self.expect(at, key, schemas.len(), indexes.len());
            for (schema, index) in schemas.iter().zip(indexes) {
                self.child(&format!("{at}<{key}>"), Some(schema), node_at(*index));
            }
        }
        let not = combination.map_or(NONE, |found| found.not);
        self.child(&format!("{at}<not>"), fields.get("not"), node_at(not));
    }
}

fn texts(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn json(literal: &Literal) -> Value {
    match literal {
        Literal::Bool(flag) => Value::from(*flag),
        Literal::Int(number) => Value::from(*number),
        Literal::Text(text) => Value::from(*text),
        Literal::List(items) => items.iter().map(json).collect(),
        Literal::Map(entries) => {
            Value::Object(entries.iter().map(|(key, value)| ((*key).to_owned(), json(value))).collect())
        }
    }
}

fn crds(folder: &Path) -> Vec<Value> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of CRDs").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a CRD");
        for part in format!("\n{text}").split("\n---") {
            let document: Value = yaml_serde::from_str(part).expect("YAML");
            if document["kind"] == "CustomResourceDefinition" {
                out.push(document);
            }
        }
    }
    out
}

fn check_version(walk: &mut Walk, at: &str, (crd, version): (&Value, &Value), row: &Version) {
    let serving = match (version["served"] == true, version["deprecated"] == true) {
        (true, true) => Serving::Deprecated,
        (true, false) => Serving::Served,
        (false, _) => Serving::Unserved,
    };
    walk.expect(at, "served", serving, row.serving);
    walk.expect(at, "storage", version["storage"] == true, row.storage);
    let scope = if crd["spec"]["scope"] == "Cluster" { Scope::Cluster } else { Scope::Namespaced };
    walk.expect(at, "scope", scope, row.scope);
    let status = if version["subresources"]["status"].is_object() {
        StatusSubresource::Present
    } else {
        StatusSubresource::Absent
    };
    walk.expect(at, "status", status, row.status);
    walk.child(at, Some(&version["schema"]["openAPIV3Schema"]), node_at(row.root));
}

fn check_target(walk: &mut Walk, shared: &Path, target: Target) {
    let folder = shared.join("crds").join(target.bundle.version()).join(target.channel.name());
    let mut count = 0;
    for crd in crds(&folder) {
        let (group, kind) = (crd["spec"]["group"].as_str(), crd["spec"]["names"]["kind"].as_str());
        for version in crd["spec"]["versions"].as_array().into_iter().flatten() {
            count += 1;
            let name = version["name"].as_str();
            let at = format!("{} {} {kind:?} {name:?}", target.bundle.version(), target.channel.name());
            let fits = |row: &&Version| Some(row.group) == group && Some(row.kind) == kind && Some(row.version) == name;
            match versions(target).iter().find(fits) {
                Some(row) => check_version(walk, &at, (&crd, version), row),
                None => walk.problems.push(format!("{at}: missing in the tables")),
            }
        }
    }
    walk.expect(target.bundle.version(), "number of versions", count, versions(target).len());
}

#[test]
fn tables_say_what_the_crds_say() {
    let shared = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    if !shared.is_dir() {
        println!("skipped: no ../shared");
        return;
    }
    let mut walk = Walk::default();
    for target in history::targets() {
        check_target(&mut walk, shared, target);
    }
    println!("{} nodes, {} rules, {} rule texts compared", walk.nodes, walk.rules, walk.texts.len());
    assert!(walk.nodes > 10_000 && walk.rules > 3_000, "the walk is cut short");
    assert!(walk.problems.is_empty(), "{}", walk.problems.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
    let mut indexes: Vec<u16> = walk.texts.values().copied().collect();
    indexes.sort_unstable();
    indexes.dedup();
    assert_eq!(indexes.len(), walk.texts.len(), "two rule texts share a rule");
    assert_eq!(indexes.len(), RULES.len(), "a rule belongs to no CRD");
}
