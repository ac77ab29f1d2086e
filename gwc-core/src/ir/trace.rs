//! Where a rule comes from: for logs, for `gwc route`, and for precedence between routes.

use serde::{Deserialize, Serialize};

use crate::ir::Str;

pub use crate::value::RouteKind;

/// A place in the manifests: bytes of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// Position in [`crate::ir::Config::sources`].
    pub source: u32,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// The rule of a route that an IR rule was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Trace {
    /// Kind of the route.
    pub kind: RouteKind,
    /// Namespace of the route.
    pub namespace: Str,
    /// Name of the route.
    pub name: Str,
    /// Position in `spec.rules`.
    pub rule: u32,
    /// `name` of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_name: Option<Str>,
    /// `metadata.creationTimestamp` (or assumed), seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    /// Without a creation time: is the route only now added to what the context holds (cli-and-rules.md §5.4)?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new: bool,
    /// Where the rule stands.
    pub place: Place,
}
