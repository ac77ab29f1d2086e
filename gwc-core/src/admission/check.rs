//! The OpenAPI part of validation, in the order of the API server.
//!
//! Oddities are the server's: a list passes where a formatted text is wanted, a number out of the range of its format
//! gives an error of its own beside the bounds, only the first of length and pattern is reported.

use crate::admission::correlate::Pair;
use crate::admission::patterns::PATTERNS;
use crate::admission::place::{Here, error_at, error_in};
use crate::admission::schema::{Combination, Format, Kind, Limits, Literal, SchemaNode, node_at};
use crate::admission::{Cause, Check, FieldError, formats};
use crate::yaml::{Entry, Node, Value};

/// Adds the errors of `node` to `errors`; with `pair`, unchanged values are tolerated.
pub(crate) fn check(
    node: &Node,
    schema: &'static SchemaNode,
    here: &Here<'_>,
    pair: Option<Pair<'_>>,
    errors: &mut Vec<FieldError>,
) {
    let before = errors.len();
    check_value(node, schema, here, pair, errors);
    if errors.len() > before && pair.is_some_and(Pair::unchanged) {
        errors.truncate(before);
    }
}

fn check_value(
    node: &Node,
    schema: &'static SchemaNode,
    here: &Here<'_>,
    pair: Option<Pair<'_>>,
    errors: &mut Vec<FieldError>,
) {
    errors.extend(type_error(node, schema, here));
    if let Some(combination) = schema.combination().filter(|_| !node.is_null()) {
        combined(node, combination, here, errors);
    }
    match &node.value {
        Value::String(text) => check_text(node, text, schema, here, errors),
        Value::Int(number) => check_int(node, *number, schema, here, errors),
        Value::Float(number) => check_float(node, *number, schema, here, errors),
        Value::Sequence(items) => check_items(items, schema, (here, pair), errors),
        Value::Null | Value::Bool(_) | Value::Mapping(_) => {}
    }
    if let (Value::Sequence(items), Kind::Array, Some(limits)) = (&node.value, schema.kind, schema.limits()) {
        check_count(node, items.len(), limits, (here, "items"), errors);
    }
    check_enum(node, schema, here, errors);
    if let Value::Mapping(entries) = &node.value {
        if let Some(limits) = schema.limits().filter(|_| schema.kind == Kind::Object) {
            check_count(node, entries.len(), limits, (here, "entries"), errors);
        }
        check_entries(entries, schema, (here, pair), errors);
        check_required(node, schema, here, errors);
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Any => "any",
        Kind::Object => "object",
        Kind::Array => "array",
        Kind::String => "string",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
    }
}

fn type_error(node: &Node, schema: &SchemaNode, here: &Here<'_>) -> Option<FieldError> {
    let fits = match (schema.kind, &node.value) {
        (Kind::Any, Value::String(_) | Value::Sequence(_) | Value::Null)
        | (Kind::Object, Value::Mapping(_))
        | (Kind::Array, Value::Sequence(_))
        | (Kind::String, Value::String(_))
        | (Kind::Integer, Value::Int(_))
        | (Kind::Boolean, Value::Bool(_)) => true,
        (Kind::Any, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Mapping(_)) => {
            schema.format == Format::None
        }
        (Kind::String, Value::Sequence(_)) => schema.format != Format::None,
        (
            Kind::Object | Kind::Array | Kind::String | Kind::Integer | Kind::Boolean,
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::String(_)
            | Value::Sequence(_)
            | Value::Mapping(_),
        ) => false,
    };
    if fits {
        return None;
    }
    let wanted = if schema.kind == Kind::Any { "string" } else { kind_name(schema.kind) };
    let article = if matches!(schema.kind, Kind::Object | Kind::Array | Kind::Integer) { "an" } else { "a" };
    let detail = format!("is {}, must be {article} {wanted}", with_article(node.type_name()));
    Some(error_at(here, node, Cause::TypeInvalid, Check::Type(wanted), detail))
}

fn with_article(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "array" | "object" | "integer" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

/// `anyOf`, `oneOf`, `allOf`, `not`. Of failed alternatives the errors of the first are reported, which in the shapes
/// of these CRDs is the one that the server finds to fit best.
fn combined(node: &Node, combination: &Combination, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    let run = |index: u16| {
        let mut found = Vec::new();
        if let Some(schema) = node_at(index) {
            check(node, schema, here, None, &mut found);
        }
        found
    };
    let any_of = |words: &str| error_at(here, node, Cause::Invalid, Check::AnyOf, words.to_owned());
    if !combination.any_of.is_empty() {
        let results: Vec<_> = combination.any_of.iter().map(|index| run(*index)).collect();
        if results.iter().all(|result| !result.is_empty()) {
            errors.push(any_of("fits none of the allowed forms"));
            errors.extend(results.into_iter().next().unwrap_or_default());
        }
    }
    if !combination.one_of.is_empty() {
        let results: Vec<_> = combination.one_of.iter().map(|index| run(*index)).collect();
        match results.iter().filter(|result| result.is_empty()).count() {
            0 => {
                errors.push(any_of("fits none of the allowed forms"));
                errors.extend(results.into_iter().next().unwrap_or_default());
            }
            1 => {}
            _ => errors.push(any_of("fits more than one of the forms that exclude each other")),
        }
    }
    for index in combination.all_of {
        errors.extend(run(*index));
    }
    if combination.not != crate::admission::schema::NONE && run(combination.not).is_empty() {
        errors.push(any_of("has a form that is not allowed"));
    }
}

fn check_text(node: &Node, text: &str, schema: &SchemaNode, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    if let Some(limits) = schema.limits() {
        errors.extend(text_limits(node, text, limits, here));
    }
    if !formats::fits(schema.format, text) {
        let name = formats::name(schema.format);
        let words = match schema.format {
            Format::Ipv4 | Format::Ipv6 => "is not an IP address",
            Format::DateTime => "is not a time like `2026-01-31T08:00:00Z`",
            Format::None | Format::Int32 | Format::Int64 => "has the wrong format",
        };
        errors.push(error_at(here, node, Cause::TypeInvalid, Check::Format(name), words.to_owned()));
    }
}

fn text_limits(node: &Node, text: &str, limits: &Limits, here: &Here<'_>) -> Option<FieldError> {
    // Bytes bound characters from above, so most texts need no count.
    let too_long = |max: u32| text.len() > max as usize && text.chars().count() > max as usize;
    if let Some(max) = limits.max_length.filter(|max| too_long(*max)) {
        let detail = format!("has {} characters, at most {max} are allowed", text.chars().count());
        return Some(error_at(here, node, Cause::TooLong, Check::MaxLength(max.into()), detail));
    }
    let too_short = |min: u32| text.len() < 4 * min as usize && text.chars().count() < min as usize;
    if let Some(min) = limits.min_length.filter(|min| too_short(*min)) {
        let detail = if text.is_empty() {
            "must not be empty".to_owned()
        } else {
            format!("has {} characters, at least {min} are needed", text.chars().count())
        };
        return Some(error_at(here, node, Cause::Invalid, Check::MinLength(min.into()), detail));
    }
    let pattern = PATTERNS.get(usize::from(limits.pattern))?;
    if (pattern.matches)(text) {
        return None;
    }
    let detail = format!("must be {}", pattern.words);
    Some(error_at(here, node, Cause::Invalid, Check::Pattern(usize::from(limits.pattern)), detail))
}

fn check_int(node: &Node, number: i64, schema: &SchemaNode, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    if schema.format == Format::Int32 && i32::try_from(number).is_err() {
        let detail = format!("{number} does not fit into 32 bits");
        errors.push(error_at(here, node, Cause::Invalid, Check::Format("int32"), detail));
    }
    let Some(limits) = schema.limits() else { return };
    if let Some(max) = limits.maximum.filter(|max| number > *max) {
        let detail = format!("is {number}, at most {max} is allowed");
        errors.push(error_at(here, node, Cause::Invalid, Check::Maximum(max), detail));
    }
    if let Some(min) = limits.minimum.filter(|min| number < *min) {
        let detail = format!("is {number}, at least {min} is needed");
        errors.push(error_at(here, node, Cause::Invalid, Check::Minimum(min), detail));
    }
}

#[expect(clippy::cast_precision_loss, reason = "the server compares bounds as floats too")]
fn check_float(node: &Node, number: f64, schema: &SchemaNode, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    if schema.kind == Kind::Integer {
        let format = if schema.format == Format::Int32 { "int32" } else { "int64" };
        let detail = format!("{number} is not a whole number in range");
        errors.push(error_at(here, node, Cause::Invalid, Check::Format(format), detail));
    }
    let Some(limits) = schema.limits() else { return };
    if let Some(max) = limits.maximum.filter(|max| number > *max as f64) {
        let detail = format!("is {number}, at most {max} is allowed");
        errors.push(error_at(here, node, Cause::Invalid, Check::Maximum(max), detail));
    }
    if let Some(min) = limits.minimum.filter(|min| number < *min as f64) {
        let detail = format!("is {number}, at least {min} is needed");
        errors.push(error_at(here, node, Cause::Invalid, Check::Minimum(min), detail));
    }
}

fn check_items(
    items: &[Node],
    schema: &SchemaNode,
    (here, pair): (&Here<'_>, Option<Pair<'_>>),
    errors: &mut Vec<FieldError>,
) {
    let Some(item_schema) = schema.item() else { return };
    for (index, item) in items.iter().enumerate() {
        let pair = pair.and_then(|pair| pair.index(index));
        check(item, item_schema, &Here::Item(here, index), pair, errors);
    }
}

fn check_count(
    node: &Node,
    count: usize,
    limits: &Limits,
    (here, what): (&Here<'_>, &str),
    errors: &mut Vec<FieldError>,
) {
    if let Some(min) = limits.min_items.filter(|min| count < *min as usize) {
        let detail = if count == 0 {
            "must not be empty".to_owned()
        } else {
            format!("has {count} {what}, at least {min} are needed")
        };
        errors.push(error_at(here, node, Cause::Invalid, Check::MinItems(min.into()), detail));
    }
    if let Some(max) = limits.max_items.filter(|max| count > *max as usize) {
        let detail = format!("has {count} {what}, at most {max} are allowed");
        errors.push(error_at(here, node, Cause::TooMany, Check::MaxItems(max.into()), detail));
    }
}

fn check_enum(node: &Node, schema: &SchemaNode, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    let allowed = schema.enumeration();
    if allowed.is_empty() || allowed.iter().any(|literal| equals(literal, node)) {
        return;
    }
    let names: Vec<String> = allowed.iter().map(literal_text).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let detail = format!("must be one of {}", quoted.join(", "));
    errors.push(error_at(here, node, Cause::NotSupported, Check::Enum(names), detail));
}

/// Is the value the one of the table? Enums of these CRDs hold texts and numbers.
fn equals(literal: &Literal, node: &Node) -> bool {
    match literal {
        Literal::Text(text) => node.as_str() == Some(text),
        Literal::Int(number) => node.as_int() == Some(*number),
        Literal::Bool(flag) => node.as_bool() == Some(*flag),
        Literal::List(_) | Literal::Map(_) => false,
    }
}

fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => (*text).to_owned(),
        Literal::Int(number) => number.to_string(),
        Literal::Bool(flag) => flag.to_string(),
        Literal::List(_) | Literal::Map(_) => String::new(),
    }
}

fn check_entries(
    entries: &[Entry],
    schema: &'static SchemaNode,
    (here, pair): (&Here<'_>, Option<Pair<'_>>),
    errors: &mut Vec<FieldError>,
) {
    for entry in entries {
        let key = entry.key.text.as_str();
        let pair = || pair.and_then(|pair| pair.key(key));
        if let Some(child) = schema.property(key) {
            check(&entry.value, child, &Here::Field(here, key), pair(), errors);
        } else if let Some(child) = node_at(schema.additional) {
            check(&entry.value, child, &Here::MapKey(here, key), pair(), errors);
        }
    }
}

fn check_required(node: &Node, schema: &SchemaNode, here: &Here<'_>, errors: &mut Vec<FieldError>) {
    for name in schema.required() {
        if node.entry(name).is_none() {
            let path = here.path().field(name);
            let detail = "is required".to_owned();
            errors.push(error_in(path, node, Cause::Required, Check::Required(name), detail));
        }
    }
}
