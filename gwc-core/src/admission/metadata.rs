//! Checks of `metadata` that the API server makes on every object: names, labels, annotations, owners, finalizers.
//!
//! How `metadata` is decoded is in [`decode`].

use crate::admission::place::{error_at, error_in};
use crate::admission::schema::Scope;
use crate::admission::{Cause, Check, FieldError};
use crate::yaml::path::{Path, Step};
use crate::yaml::{Entry, Node, Value};

pub(crate) mod decode;
pub(crate) mod names;

use names::Name;

/// Largest sum of bytes of all annotations.
const ANNOTATIONS_LIMIT: usize = 256 * 1024;

/// Which name rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// New objects: a DNS subdomain.
    Create,
    /// Changed objects: whatever was once stored, as long as it can be part of a URL.
    Update,
}

/// Errors of the metadata of an object that is created or updated.
pub(crate) fn check(metadata: &Node, root: &Node, scope: Scope, rule: NameRule) -> Vec<FieldError> {
    let mut errors = Vec::new();
    check_name(metadata, root, rule, &mut errors);
    if let Some(node) = metadata.get("namespace").filter(|_| scope == Scope::Namespaced) {
        let text = node.as_str().unwrap_or_default();
        text_errors(node, names::is_label(text), &["namespace"], &mut errors);
    }
    check_common(metadata, &mut errors);
    errors
}

/// Errors of a change from `old` to `new` metadata; those of the new metadata alone are in [`check`].
pub(crate) fn check_change(new: &Node, old: &Node, errors: &mut Vec<FieldError>) {
    if old.get("deletionTimestamp").is_some() {
        let known = |item: &Node| {
            old.get("finalizers").is_some_and(|list| list.items().iter().any(|o| o.as_str() == item.as_str()))
        };
        let added = new.get("finalizers").filter(|list| !list.items().iter().all(known));
        errors.extend(added.map(|list| {
            problem(
                list,
                &["finalizers"],
                Cause::Forbidden,
                "no finalizer can be added to an object that is being deleted",
            )
        }));
    }
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    if text(new, "name") != text(old, "name") {
        errors.push(problem(new.get("name").unwrap_or(new), &["name"], Cause::Invalid, "cannot be changed"));
    }
    // The server keeps an old time and refuses a new one.
    for key in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
        let added = new.get(key).filter(|_| old.get(key).is_none());
        errors.extend(added.map(|node| problem(node, &[key], Cause::Invalid, "cannot be set by an update")));
    }
    let grace = "deletionGracePeriodSeconds";
    let differs = |node: &&Node| old.get(grace).is_some_and(|old| old.as_int() != node.as_int());
    let changed = new.get(grace).filter(differs);
    errors.extend(changed.map(|node| problem(node, &[grace], Cause::Invalid, "cannot be changed")));
}

fn path(keys: &[&str]) -> Path {
    let steps = std::iter::once("metadata").chain(keys.iter().copied());
    Path(steps.map(|key| Step::Field(key.into())).collect())
}

fn problem(node: &Node, keys: &[&str], cause: Cause, words: &'static str) -> FieldError {
    let (start, end) = (node.start, node.end);
    FieldError { path: path(keys), cause, check: Check::Metadata(words), detail: words.to_owned(), start, end }
}

fn text_errors(
    node: &Node,
    problems: impl IntoIterator<Item = &'static str>,
    keys: &[&str],
    errors: &mut Vec<FieldError>,
) {
    errors.extend(problems.into_iter().map(|words| problem(node, keys, Cause::Invalid, words)));
}

fn check_name(metadata: &Node, root: &Node, rule: NameRule, errors: &mut Vec<FieldError>) {
    let name = metadata.get("name").and_then(|node| Some((node, node.as_str()?)));
    let generate = metadata.get("generateName").and_then(|node| Some((node, node.as_str()?)));
    if let Some((node, prefix)) = generate {
        let problems = match rule {
            NameRule::Create => names::is_subdomain(&names::mask_dash(prefix)),
            NameRule::Update => names::is_path_prefix(prefix),
        };
        text_errors(node, problems, &["generateName"], errors);
    }
    match (name, generate, rule) {
        (Some((node, text)), _, NameRule::Create) => text_errors(node, names::is_subdomain(text), &["name"], errors),
        (Some((node, text)), _, NameRule::Update) => text_errors(node, names::is_path_segment(text), &["name"], errors),
        (None, Some((node, prefix)), NameRule::Create) => {
            text_errors(node, names::is_subdomain(&names::generated(prefix)), &["name"], errors);
        }
        (None, None, _) | (None, Some(_), NameRule::Update) => {
            let place = if metadata.entries().is_empty() { root } else { metadata };
            let words = "`name` or `generateName` is required";
            let check = Check::Metadata(words);
            errors.push(error_in(path(&["name"]), place, Cause::Required, check, words.to_owned()));
        }
    }
}

fn check_common(metadata: &Node, errors: &mut Vec<FieldError>) {
    for entry in metadata.entries() {
        match entry.key.text.as_str() {
            "labels" => entry.value.entries().iter().for_each(|label| check_label(label, errors)),
            "annotations" => check_annotations(&entry.value, errors),
            "ownerReferences" => check_owners(&entry.value, errors),
            "finalizers" => check_finalizers(&entry.value, errors),
            "managedFields" => check_managed(&entry.value, errors),
            _ => {}
        }
    }
}

fn key_errors(entry: &Entry, problems: Vec<&'static str>, keys: &[&str], errors: &mut Vec<FieldError>) {
    for words in problems {
        let detail = format!("key `{}` {words}", entry.key.text);
        let (start, end) = (entry.key.start, entry.key.end);
        errors.push(FieldError {
            path: path(keys),
            cause: Cause::Invalid,
            check: Check::Metadata(words),
            detail,
            start,
            end,
        });
    }
}

fn check_label(label: &Entry, errors: &mut Vec<FieldError>) {
    key_errors(label, names::is_qualified(&label.key.text), &["labels"], errors);
    let text = label.value.as_str().unwrap_or_default();
    for words in names::is_label_value(text) {
        let detail = format!("value of `{}` {words}", label.key.text);
        errors.push(FieldError { detail, ..problem(&label.value, &["labels"], Cause::Invalid, words) });
    }
}

fn check_annotations(annotations: &Node, errors: &mut Vec<FieldError>) {
    let mut size = 0;
    for entry in annotations.entries() {
        key_errors(entry, names::is_qualified(&entry.key.text.to_ascii_lowercase()), &["annotations"], errors);
        size += entry.key.text.len() + entry.value.as_str().map_or(0, str::len);
    }
    if size > ANNOTATIONS_LIMIT {
        errors.push(problem(annotations, &["annotations"], Cause::TooLong, "annotations may have 256 KiB together"));
    }
}

fn check_owners(owners: &Node, errors: &mut Vec<FieldError>) {
    let mut controllers = 0;
    for owner in owners.items() {
        let text = |key: &str| owner.get(key).and_then(Node::as_str).unwrap_or_default();
        let version = text("apiVersion");
        let slashes = version.matches('/').count();
        let no_version = version.is_empty() || slashes > 1 || version.rsplit('/').next().is_none_or(str::is_empty);
        let no_kind = text("kind").is_empty();
        let missing = [
            ("apiVersion", no_version),
            ("kind", no_kind),
            ("name", text("name").is_empty()),
            ("uid", text("uid").is_empty()),
        ];
        for (key, _) in missing.into_iter().filter(|(_, missing)| *missing) {
            errors.push(problem(
                owner,
                &["ownerReferences", key],
                Cause::Invalid,
                "an owner needs apiVersion, kind, name and uid",
            ));
        }
        if version == "v1" && text("kind") == "Event" {
            errors.push(problem(owner, &["ownerReferences"], Cause::Invalid, "an Event cannot be an owner"));
        }
        if owner.get("controller").and_then(Node::as_bool) == Some(true) {
            controllers += 1;
            if controllers > 1 {
                errors.push(problem(
                    owner,
                    &["ownerReferences"],
                    Cause::Invalid,
                    "only one owner can be the controller",
                ));
            }
        }
    }
}

fn check_finalizers(finalizers: &Node, errors: &mut Vec<FieldError>) {
    let has = |name: &str| finalizers.items().iter().any(|item| item.as_str() == Some(name));
    for item in finalizers.items() {
        text_errors(item, names::is_qualified(item.as_str().unwrap_or_default()), &["finalizers"], errors);
    }
    if has("orphan") && has("foregroundDeletion") {
        let words = "`orphan` and `foregroundDeletion` exclude each other";
        errors.push(problem(finalizers, &["finalizers"], Cause::Invalid, words));
    }
}

fn check_managed(managed: &Node, errors: &mut Vec<FieldError>) {
    for (index, entry) in managed.items().iter().enumerate() {
        let text = |key: &str| entry.get(key).and_then(Node::as_str).unwrap_or_default();
        let at = path(&["managedFields"]).index(index);
        let mut push = |key: &str, cause: Cause, words: &'static str| {
            let node = entry.get(key).unwrap_or(entry);
            let place = FieldError { path: at.field(key), ..problem(node, &[], cause, words) };
            errors.push(place);
        };
        if !matches!(text("operation"), "Apply" | "Update") {
            push("operation", Cause::Invalid, "must be `Apply` or `Update`");
        }
        if !matches!(text("fieldsType"), "" | "FieldsV1") {
            push("fieldsType", Cause::Invalid, "must be `FieldsV1`");
        }
        if text("manager").len() > 128 {
            push("manager", Cause::TooLong, "must have at most 128 bytes");
        }
        if text("manager").chars().any(char::is_control) {
            push("manager", Cause::Invalid, "must be printable");
        }
        if text("subresource").len() > 256 {
            push("subresource", Cause::TooLong, "must have at most 256 bytes");
        }
    }
}

/// The metadata of an object, or an empty mapping at the object's place.
pub(crate) fn of(object: &Node) -> Node {
    let empty = || Node::new(Value::Mapping(Box::default()), object.start, object.end);
    object.get("metadata").cloned().unwrap_or_else(empty)
}

/// Why a decoded value does not fit.
fn wrong_type(node: &Node, here: &crate::admission::place::Here<'_>, wanted: Name) -> FieldError {
    let detail = format!("is {}, must be {}", node.type_name(), wanted.0);
    error_at(here, node, Cause::TypeInvalid, Check::Type(wanted.0), detail)
}
