//! The API server's checks of kinds that are no custom resources, as far as gwc reads their fields.
//!
//! Types are those of `k8s-openapi`; what the server checks beyond types is one file for each kind below. Kinds that
//! are only known by name pass: their schemas are not known here.

use k8s_openapi::api::core::v1::{Namespace, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::Ingress;
use serde::de::DeserializeOwned;

use crate::admission::metadata::decode::{Found, decode};
use crate::admission::metadata::{self, NameRule, names};
use crate::admission::place::error_in;
use crate::admission::schema::Scope;
use crate::admission::{Cause, Check, FieldError};
use crate::yaml::path::Path;
use crate::yaml::{Entry, Node, de};

mod data;
mod endpoint_slice;
mod ingress;
mod service;

/// A node of the object with its path.
#[derive(Debug, Clone)]
struct At<'n> {
    node: &'n Node,
    path: Path,
}

impl<'n> At<'n> {
    /// The value under a key; `null` counts as absent.
    fn field(&self, key: &str) -> Option<Self> {
        self.node.field(key).map(|node| Self { node, path: self.path.field(key) })
    }

    /// The text under a key; an empty one counts as absent, as in Go.
    fn text(&self, key: &str) -> Option<(Self, &'n str)> {
        let field = self.field(key)?;
        let text = field.node.as_str().filter(|text| !text.is_empty())?;
        Some((field, text))
    }

    /// Items of the list under a key.
    fn items(&self, key: &str) -> impl Iterator<Item = Self> + use<'n> {
        let path = self.path.field(key);
        let items = self.node.get(key).map_or(&[][..], Node::items);
        items.iter().enumerate().map(move |(index, node)| Self { node, path: path.index(index) })
    }

    /// Entries of the mapping under a key.
    fn entries(&self, key: &str) -> &'n [Entry] {
        self.node.get(key).map_or(&[][..], Node::entries)
    }

    /// An error at this node.
    fn error(&self, cause: Cause, words: &'static str) -> FieldError {
        let (start, end) = (self.node.start, self.node.end);
        let check = Check::Core(words);
        FieldError { path: self.path.clone(), cause, check, detail: words.to_owned(), start, end }
    }

    /// An error at a key of the mapping under `key`.
    fn key_error(&self, key: &str, entry: &Entry, cause: Cause, words: &'static str) -> FieldError {
        let path = self.path.field(key).map_key(&entry.key.text);
        let (start, end) = (entry.key.start, entry.key.end);
        FieldError { path, cause, check: Check::Core(words), detail: words.to_owned(), start, end }
    }

    /// An error about a missing field of this mapping.
    fn missing(&self, key: &str, words: &'static str) -> FieldError {
        error_in(self.path.field(key), self.node, Cause::Required, Check::Core(words), words.to_owned())
    }

    /// Errors for a value that must be one of a few words.
    fn one_of(&self, key: &str, allowed: &[&str], words: &'static str) -> Option<FieldError> {
        let (field, text) = self.text(key)?;
        (!allowed.contains(&text)).then(|| field.error(Cause::NotSupported, words))
    }
}

/// Errors of an object of a kind that is no custom resource; `None` for kinds that are known by name only.
#[must_use]
pub fn check(root: &Node) -> Option<Vec<FieldError>> {
    let text = |key: &str| root.get(key).and_then(Node::as_str).unwrap_or_default();
    let at = At { node: root, path: Path::root() };
    let own: fn(&At<'_>) -> Vec<FieldError> = match (text("apiVersion"), text("kind")) {
        ("v1", "Service") => service::check,
        ("v1", "Namespace") => |_| Vec::new(),
        ("v1", "Secret") => data::secret,
        ("v1", "ConfigMap") => data::config_map,
        ("discovery.k8s.io/v1", "EndpointSlice") => endpoint_slice::check,
        ("networking.k8s.io/v1", "Ingress") => ingress::check,
        _ => return None,
    };
    let wrong_type = match text("kind") {
        "Service" => type_error::<Service>(root),
        "Namespace" => type_error::<Namespace>(root),
        "EndpointSlice" => type_error::<EndpointSlice>(root),
        "Ingress" => type_error::<Ingress>(root),
        // Their data are read here: k8s-openapi refuses line breaks in base64, the server does not.
        _ => None,
    };
    // What cannot be decoded is refused before anything else is looked at.
    if let Some(error) = wrong_type {
        return Some(vec![error]);
    }
    let mut errors = match metadata_errors(root, text("kind")) {
        Ok(errors) => errors,
        Err(errors) => return Some(errors),
    };
    errors.extend(own(&at));
    Some(errors)
}

/// `Err`: metadata that cannot be decoded.
fn metadata_errors(root: &Node, kind: &str) -> Result<Vec<FieldError>, Vec<FieldError>> {
    let mut found = Found::default();
    let metadata = decode(&metadata::of(root), &mut found);
    if !found.errors.is_empty() {
        return Err(found.errors);
    }
    let scope = if kind == "Namespace" { Scope::Cluster } else { Scope::Namespaced };
    let mut errors = metadata::check(&metadata, root, scope, NameRule::Create);
    let name = At { node: &metadata, path: Path::root().field("metadata") };
    if let Some((field, text)) = name.text("name").filter(|_| errors.is_empty()) {
        let problems = match kind {
            "Namespace" => names::is_label(text),
            "Service" => service_name(text),
            _ => Vec::new(),
        };
        errors.extend(
            problems
                .into_iter()
                .map(|words| FieldError { check: Check::Metadata(words), ..field.error(Cause::Invalid, words) }),
        );
    }
    Ok(errors)
}

/// DNS-1035: as a DNS label, but starting with a letter.
fn service_name(text: &str) -> Vec<&'static str> {
    let mut problems = names::is_label(text);
    if problems.is_empty() && !text.starts_with(|first: char| first.is_ascii_lowercase()) {
        problems.push("must start with a letter");
    }
    problems
}

/// The first value of a wrong type.
fn type_error<T: DeserializeOwned>(root: &Node) -> Option<FieldError> {
    let error = de::from_node::<T>(root).err()?;
    let (start, end) = error.place.unwrap_or((root.start, root.end));
    let path = Path::of_offset(root, start);
    let check = Check::Core("is of the wrong type");
    Some(FieldError { path, cause: Cause::TypeInvalid, check, detail: error.message, start, end })
}

/// Errors of a label map that selects pods.
fn label_errors(at: &At<'_>, key: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for entry in at.entries(key) {
        let keys = names::is_qualified(&entry.key.text);
        errors.extend(keys.into_iter().map(|words| at.key_error(key, entry, Cause::Invalid, words)));
        let value = At { node: &entry.value, path: at.path.field(key).map_key(&entry.key.text) };
        let values = names::is_label_value(entry.value.as_str().unwrap_or_default());
        errors.extend(values.into_iter().map(|words| value.error(Cause::Invalid, words)));
    }
    errors
}

#[cfg(test)]
mod tests;
