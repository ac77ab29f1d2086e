//! The order of the API server's work on one object: decode, prune, default, prepare for the operation, validate.

use crate::admission::cel::{Before, check_rules};
use crate::admission::check::check;
use crate::admission::correlate::Pair;
use crate::admission::history::served;
use crate::admission::lists::check_lists;
use crate::admission::metadata::decode::{Found, decode};
use crate::admission::metadata::{self, NameRule};
use crate::admission::place::Here;
use crate::admission::prepare::{prepare, set_defaults};
use crate::admission::schema::{Rules, SchemaNode, Scope, StatusSubresource, Version, node_at, versions};
use crate::admission::{Cause, Check, FieldError, Operation, Served, UnknownField, Verdict};
use crate::profile::Target;
use crate::yaml::{Entry, Node, Value};

/// See [`crate::admission::admit`].
pub(crate) fn admit(root: &Node, target: Target, operation: Operation<'_>) -> Verdict {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let served = served(text("apiVersion"), text("kind"), target);
    let refused = |errors| Verdict { served, errors, unknown: Vec::new(), object: root.clone() };
    if served != Served::Yes {
        return refused(Vec::new());
    }
    let Some((version, schema)) = find(text("apiVersion"), text("kind"), target) else { return refused(Vec::new()) };
    let decoded = match decode_object(root, version, schema) {
        Ok(decoded) => decoded,
        Err(errors) => return refused(errors),
    };
    let mut object = decoded.object;
    let errors = match operation {
        Operation::Create => create(&mut object, version, schema),
        Operation::Update { old } | Operation::StatusUpdate { old } => match decode_object(old, version, schema) {
            Err(errors) => errors,
            Ok(old) if matches!(operation, Operation::Update { .. }) => {
                update(&mut object, &old.object, version, schema)
            }
            Ok(old) => update_status(&mut object, &old.object, version, schema),
        },
    };
    Verdict { served, errors, unknown: decoded.unknown, object }
}

/// The version row and root schema of an apiVersion and kind.
pub(crate) fn find(api_version: &str, kind: &str, target: Target) -> Option<(&'static Version, &'static SchemaNode)> {
    let (group, name) = api_version.split_once('/')?;
    let fits = |row: &&Version| row.kind == kind && row.version == name && row.group == group;
    let row = versions(target).iter().find(fits)?;
    Some((row, node_at(row.root)?))
}

struct Decoded {
    object: Node,
    unknown: Vec<UnknownField>,
}

/// Prunes and defaults a whole object.
fn decode_object(root: &Node, version: &Version, schema: &'static SchemaNode) -> Result<Decoded, Vec<FieldError>> {
    let mut found = Found::default();
    let mut out = Vec::with_capacity(root.entries().len() + 1);
    let mut unknown = Vec::new();
    for entry in root.entries() {
        let key = entry.key.text.as_str();
        let value = match (key, schema.property(key)) {
            ("apiVersion" | "kind", _) => Some(entry.value.clone()),
            ("metadata", _) => {
                let mut metadata = decode(&entry.value, &mut found);
                if version.scope == Scope::Cluster {
                    metadata.replace("namespace", None);
                }
                Some(metadata)
            }
            (_, Some(child)) if !entry.value.is_null() => {
                Some(prepare(&entry.value, Some(child), &Here::Field(&Here::Root, key), &mut unknown))
            }
            (_, Some(_)) => None,
            (_, None) => {
                unknown.push(Here::Root.unknown(&entry.key));
                None
            }
        };
        out.extend(value.map(|value| Entry { key: entry.key.clone(), value }));
    }
    if !found.errors.is_empty() {
        return Err(found.errors);
    }
    set_defaults(root, schema, &mut out);
    unknown.extend(found.unknown);
    Ok(Decoded { object: Node::new(Value::Mapping(out.into()), root.start, root.end), unknown })
}

/// Puts the `status` of `from` in place of that of `object`.
fn take_status(object: &mut Node, from: &Node) {
    object.replace("status", from.entry("status").cloned());
}

/// Puts the `metadata.managedFields` of `from` in place of those of `object`: the server tracks them on every request.
fn take_managed_fields(object: &mut Node, from: &Node) {
    let Value::Mapping(entries) = &mut object.value else { return };
    let Some(metadata) = entries.iter_mut().find(|entry| entry.key.text == "metadata") else { return };
    let managed = from.get("metadata").and_then(|metadata| metadata.entry("managedFields"));
    metadata.value.replace("managedFields", managed.cloned());
}

fn create(object: &mut Node, version: &Version, schema: &'static SchemaNode) -> Vec<FieldError> {
    if version.status == StatusSubresource::Present {
        object.replace("status", None);
    }
    let mut errors = check_metadata(object, version.scope, NameRule::Create);
    check(object, schema, &Here::Root, None, &mut errors);
    check_lists(object, schema, &Here::Root, &mut errors);
    finish(object, schema, Before::default(), &mut errors);
    errors
}

fn check_metadata(object: &Node, scope: Scope, rule: NameRule) -> Vec<FieldError> {
    match object.get("metadata") {
        Some(metadata) => metadata::check(metadata, object, scope, rule),
        None => metadata::check(&metadata::of(object), object, scope, rule),
    }
}

fn update(object: &mut Node, old: &Node, version: &Version, schema: &'static SchemaNode) -> Vec<FieldError> {
    if version.status == StatusSubresource::Present {
        take_status(object, old);
    }
    let mut common = changed_metadata(object, old, version);
    let mut errors = Vec::new();
    let pair = Pair::new(object, old, schema);
    check(object, schema, &Here::Root, Some(pair), &mut errors);
    new_duplicates(object, old, schema, &mut errors);
    finish_update(object, old, schema, &mut common, errors);
    common
}

fn update_status(object: &mut Node, old: &Node, version: &Version, schema: &'static SchemaNode) -> Vec<FieldError> {
    if version.status == StatusSubresource::Absent {
        let detail = format!("{} has no status", version.kind);
        let (start, end) = (object.start, object.end);
        let check = Check::Core("the kind has no status");
        return vec![FieldError { path: Here::Root.path(), cause: Cause::Forbidden, check, detail, start, end }];
    }
    let mut new = old.clone();
    take_status(&mut new, object);
    take_managed_fields(&mut new, object);
    *object = new;
    let mut common = changed_metadata(object, old, version);
    let mut errors = Vec::new();
    if let (Some(status), Some(child)) = (object.get("status"), schema.property("status")) {
        let pair = old.get("status").map(|old| Pair::new(status, old, child));
        check(status, child, &Here::Field(&Here::Root, "status"), pair, &mut errors);
    }
    new_duplicates(object, old, schema, &mut errors);
    finish_update(object, old, schema, &mut common, errors);
    common
}

fn changed_metadata(object: &Node, old: &Node, version: &Version) -> Vec<FieldError> {
    let mut errors = check_metadata(object, version.scope, NameRule::Update);
    metadata::check_change(&metadata::of(object), &metadata::of(old), &mut errors);
    errors
}

/// Duplicates count only where the old object had none.
fn new_duplicates(object: &Node, old: &Node, schema: &'static SchemaNode, errors: &mut Vec<FieldError>) {
    let mut found = Vec::new();
    check_lists(object, schema, &Here::Root, &mut found);
    let mut before = Vec::new();
    if !found.is_empty() {
        check_lists(old, schema, &Here::Root, &mut before);
    }
    if before.is_empty() {
        errors.append(&mut found);
    }
}

fn finish_update(
    object: &Node,
    old: &Node,
    schema: &'static SchemaNode,
    common: &mut Vec<FieldError>,
    mut errors: Vec<FieldError>,
) {
    // Of the metadata only what is too long keeps rules from being checked: an update checks names elsewhere.
    let metadata_blocks =
        schema.rules_below == Rules::Present && common.iter().any(|error| error.cause == Cause::TooLong);
    if metadata_blocks {
        errors.push(not_checked(object));
    } else {
        finish(object, schema, Before::root(old, Pair::new(object, old, schema)), &mut errors);
    }
    common.append(&mut errors);
}

/// Runs the rules, unless an error keeps the server from it.
fn finish(object: &Node, schema: &'static SchemaNode, before: Before<'_>, errors: &mut Vec<FieldError>) {
    if schema.rules_below == Rules::Absent {
        return;
    }
    if errors.iter().any(|error| blocks_rules(error.cause)) {
        errors.push(not_checked(object));
    } else {
        check_rules(object, schema, &Here::Root, before, errors);
    }
}

fn not_checked(object: &Node) -> FieldError {
    let detail = "rules about several fields were not checked because of the other errors".to_owned();
    let (start, end) = (object.start, object.end);
    FieldError { path: Here::Root.path(), cause: Cause::Invalid, check: Check::CelNotChecked, detail, start, end }
}

fn blocks_rules(cause: Cause) -> bool {
    match cause {
        Cause::Required | Cause::NotSupported | Cause::TypeInvalid | Cause::TooLong | Cause::TooMany => true,
        Cause::Invalid | Cause::Duplicate | Cause::Forbidden => false,
    }
}
