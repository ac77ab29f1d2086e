//! Hash-consing: equal nodes and equal slices get one index.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The absent index.
pub(crate) const NONE: u16 = u16::MAX;

/// Rust text of table rows by first appearance; equal rows share an index.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    by_text: BTreeMap<String, u16>,
    /// Rows in order.
    pub(crate) rows: Vec<String>,
}

impl Pool {
    fn add(&mut self, text: String) -> Result<u16, String> {
        if let Some(index) = self.by_text.get(&text) {
            return Ok(*index);
        }
        let index = u16::try_from(self.rows.len()).ok().filter(|index| *index != NONE).ok_or("a table is full")?;
        self.rows.push(text.clone());
        self.by_text.insert(text, index);
        Ok(index)
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// All tables under construction.
#[derive(Debug)]
pub(crate) struct Interner {
    pub(crate) nodes: Pool,
    pub(crate) properties: Pool,
    pub(crate) names: Pool,
    pub(crate) limits: Pool,
    pub(crate) enums: Pool,
    pub(crate) defaults: Pool,
    pub(crate) rule_sets: Pool,
    pub(crate) combinations: Pool,
    rules_below: Vec<bool>,
    rule_index: BTreeMap<String, u16>,
    pattern_index: BTreeMap<&'static str, u16>,
}

/// What the generator understands of a schema; anything else is an error, so that a new CRD cannot lose a check.
const KNOWN: [&str; 25] = [
    "type",
    "description",
    "maxLength",
    "minLength",
    "pattern",
    "properties",
    "required",
    "items",
    "maxItems",
    "minItems",
    "default",
    "format",
    "enum",
    "minimum",
    "maximum",
    "additionalProperties",
    "maxProperties",
    "minProperties",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-validations",
];

impl Interner {
    /// Empty tables that refer to the rules and patterns of the library.
    pub(crate) fn new() -> Result<Self, String> {
        Ok(Self {
            nodes: Pool::default(),
            properties: Pool::default(),
            names: Pool::default(),
            limits: Pool::default(),
            enums: Pool::default(),
            defaults: Pool::default(),
            rule_sets: Pool::default(),
            combinations: Pool::default(),
            rules_below: Vec::new(),
            rule_index: rule_index()?,
            pattern_index: (0u16..).zip(gwc_core::admission::patterns::PATTERNS).map(|(at, p)| (p.text, at)).collect(),
        })
    }

    /// The index of a schema, its parts included.
    pub(crate) fn node(&mut self, schema: &Value) -> Result<u16, String> {
        let fields = schema.as_object().ok_or("a schema is not a mapping")?;
        refuse_unknown(fields)?;
        let (properties, below) = self.properties(fields)?;
        let items = self.optional(fields.get("items"))?;
        let additional = self.optional(fields.get("additionalProperties"))?;
        let rules = self.rules(fields)?;
        let below = below || rules != NONE || [items, additional].iter().any(|index| self.has_rules(*index));
        let refs = [
            properties,
            self.name_list(fields.get("required"))?,
            items,
            additional,
            self.limits(fields)?,
            self.enumeration(fields.get("enum"))?,
            self.default_value(fields.get("default"))?,
            self.name_list(fields.get("x-kubernetes-list-map-keys"))?,
            rules,
            self.combination(fields)?,
        ];
        let list = list_kind(fields)?;
        let below_text = if below { "Rules::Present" } else { "Rules::Absent" };
        let refs: Vec<String> = refs.iter().map(|index| index_text(*index)).collect();
        let (kind, format) = (kind(fields)?, format(fields)?);
        let text = format!("node({kind}, {format}, {list}, {below_text}, [{}])", refs.join(", "));
        let index = self.nodes.add(text)?;
        if self.rules_below.len() <= usize::from(index) {
            self.rules_below.push(below);
        }
        Ok(index)
    }

    fn has_rules(&self, index: u16) -> bool {
        self.rules_below.get(usize::from(index)).copied().unwrap_or(false)
    }

    fn optional(&mut self, schema: Option<&Value>) -> Result<u16, String> {
        schema.map_or(Ok(NONE), |schema| self.node(schema))
    }

    fn properties(&mut self, fields: &Map<String, Value>) -> Result<(u16, bool), String> {
        let Some(properties) = fields.get("properties").and_then(Value::as_object) else { return Ok((NONE, false)) };
        let sorted: BTreeMap<&String, &Value> = properties.iter().collect();
        let mut rows = Vec::new();
        let mut below = false;
        for (name, schema) in sorted {
            let node = self.node(schema)?;
            below |= self.has_rules(node);
            rows.push(format!("p({name:?}, {node})"));
        }
        Ok((self.properties.add(format!("&[{}]", rows.join(", ")))?, below))
    }

    fn name_list(&mut self, list: Option<&Value>) -> Result<u16, String> {
        let Some(names) = list.and_then(Value::as_array) else { return Ok(NONE) };
        let names: Vec<String> = names.iter().map(|name| format!("{:?}", name.as_str().unwrap_or_default())).collect();
        self.names.add(format!("&[{}]", names.join(", ")))
    }

    fn enumeration(&mut self, list: Option<&Value>) -> Result<u16, String> {
        list.map_or(Ok(NONE), |list| self.enums.add(items_text(list)))
    }

    fn default_value(&mut self, value: Option<&Value>) -> Result<u16, String> {
        value.map_or(Ok(NONE), |value| self.defaults.add(literal(value)))
    }

    fn limits(&mut self, fields: &Map<String, Value>) -> Result<u16, String> {
        let number = |names: &[&str]| -> Result<String, String> {
            let Some(value) = names.iter().find_map(|name| fields.get(*name)) else { return Ok("None".to_owned()) };
            let whole = value.as_i64().ok_or_else(|| format!("bound {value} is not a whole number"))?;
            Ok(format!("Some({whole})"))
        };
        let pattern = match fields.get("pattern").and_then(Value::as_str) {
            Some(text) => *self.pattern_index.get(text).ok_or_else(|| format!("no function for the pattern {text}"))?,
            None => NONE,
        };
        let numbers = [
            number(&["minLength"])?,
            number(&["maxLength"])?,
            number(&["minItems", "minProperties"])?,
            number(&["maxItems", "maxProperties"])?,
            number(&["minimum"])?,
            number(&["maximum"])?,
        ];
        if pattern == NONE && numbers.iter().all(|number| number == "None") {
            return Ok(NONE);
        }
        self.limits.add(format!("limits({}, {})", numbers.join(", "), index_text(pattern)))
    }

    fn rules(&mut self, fields: &Map<String, Value>) -> Result<u16, String> {
        let Some(rules) = fields.get("x-kubernetes-validations").and_then(Value::as_array) else { return Ok(NONE) };
        let mut indexes = Vec::new();
        for rule in rules {
            let members = rule.as_object().ok_or("a rule is not a mapping")?;
            if let Some(other) = members.keys().find(|key| !["rule", "message"].contains(&key.as_str())) {
                return Err(format!("a rule has the member {other}, which the engine does not know"));
            }
            let text = rule["rule"].as_str().ok_or("a rule has no text")?;
            let digest = rule_digest(text);
            let index = self.rule_index.get(&digest).ok_or_else(|| format!("{digest} has no sub-id: {text}"))?;
            indexes.push(index.to_string());
        }
        self.rule_sets.add(format!("&[{}]", indexes.join(", ")))
    }

    fn combination(&mut self, fields: &Map<String, Value>) -> Result<u16, String> {
        if !["anyOf", "oneOf", "allOf", "not"].iter().any(|key| fields.contains_key(*key)) {
            return Ok(NONE);
        }
        let mut lists = Vec::new();
        for key in ["anyOf", "oneOf", "allOf"] {
            let mut indexes = Vec::new();
            for schema in fields.get(key).and_then(Value::as_array).into_iter().flatten() {
                indexes.push(self.node(schema)?.to_string());
            }
            lists.push(format!("&[{}]", indexes.join(", ")));
        }
        let not = self.optional(fields.get("not"))?;
        self.combinations.add(format!("combination({}, {})", lists.join(", "), index_text(not)))
    }
}

/// Sixteen hex digits that name a rule text.
pub(crate) fn rule_digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Digest of a rule text to the position of its sub-id in `RULES`.
fn rule_index() -> Result<BTreeMap<String, u16>, String> {
    let positions: BTreeMap<&str, u16> =
        (0u16..).zip(gwc_core::admission::rules::RULES).map(|(at, rule)| (rule.id, at)).collect();
    let mut out = BTreeMap::new();
    for line in include_str!("rule_ids.tsv").lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (digest, id) = line.split_once('\t').ok_or_else(|| format!("rule_ids.tsv: {line}"))?;
        let at = positions.get(id).ok_or_else(|| format!("rule_ids.tsv: no rule {id} in RULES"))?;
        out.insert(digest.to_owned(), *at);
    }
    Ok(out)
}

fn refuse_unknown(fields: &Map<String, Value>) -> Result<(), String> {
    for (key, value) in fields {
        // A map of type atomic only matters to server-side apply.
        let harmless = key == "x-kubernetes-map-type" && value == "atomic";
        if !harmless && !KNOWN.contains(&key.as_str()) {
            return Err(format!("a schema has {key}, which the engine does not know"));
        }
    }
    Ok(())
}

fn kind(fields: &Map<String, Value>) -> Result<&'static str, String> {
    Ok(match fields.get("type").and_then(Value::as_str) {
        None => "Kind::Any",
        Some("object") => "Kind::Object",
        Some("array") => "Kind::Array",
        Some("string") => "Kind::String",
        Some("integer") => "Kind::Integer",
        Some("boolean") => "Kind::Boolean",
        Some(other) => return Err(format!("unknown type {other}")),
    })
}

fn format(fields: &Map<String, Value>) -> Result<&'static str, String> {
    Ok(match fields.get("format").and_then(Value::as_str) {
        None => "Format::None",
        Some("int32") => "Format::Int32",
        Some("int64") => "Format::Int64",
        Some("date-time") => "Format::DateTime",
        Some("ipv4") => "Format::Ipv4",
        Some("ipv6") => "Format::Ipv6",
        Some(other) => return Err(format!("unknown format {other}")),
    })
}

fn list_kind(fields: &Map<String, Value>) -> Result<&'static str, String> {
    Ok(match fields.get("x-kubernetes-list-type").and_then(Value::as_str) {
        None | Some("atomic") => "ListKind::Atomic",
        Some("set") => "ListKind::Set",
        Some("map") => "ListKind::Map",
        Some(other) => return Err(format!("unknown list type {other}")),
    })
}

fn index_text(index: u16) -> String {
    if index == NONE { "X".to_owned() } else { index.to_string() }
}

fn items_text(list: &Value) -> String {
    let items: Vec<String> = list.as_array().into_iter().flatten().map(literal).collect();
    format!("&[{}]", items.join(", "))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "Literal::Text(\"\")".to_owned(),
        Value::Bool(flag) => format!("Literal::Bool({flag})"),
        Value::Number(number) => format!("Literal::Int({number})"),
        Value::String(text) => format!("Literal::Text({text:?})"),
        Value::Array(_) => format!("Literal::List({})", items_text(value)),
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            let entries: Vec<String> =
                sorted.iter().map(|(key, value)| format!("({key:?}, {})", literal(value))).collect();
            format!("Literal::Map(&[{}])", entries.join(", "))
        }
    }
}
