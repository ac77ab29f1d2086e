//! Shapes of the generated tables (`tables/`) and lookups in them.
//!
//! Facts only; what a server does with them lives in the engine beside. Equal subtrees of all bundles and channels are
//! one node; nodes refer to each other and to shared slices by index.

use crate::admission::tables;
use crate::profile::{Bundle, Channel, Target};

/// Index of a [`SchemaNode`], or of a shared slice; [`NONE`] for absent.
pub type Index = u16;

/// The absent index.
pub const NONE: Index = Index::MAX;

/// JSON type that a node wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any type: branches of `anyOf` and `oneOf`.
    Any,
    /// `object`.
    Object,
    /// `array`.
    Array,
    /// `string`.
    String,
    /// `integer`.
    Integer,
    /// `boolean`.
    Boolean,
}

/// `format` of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Absent.
    None,
    /// `int32`.
    Int32,
    /// `int64`.
    Int64,
    /// `date-time`.
    DateTime,
    /// `ipv4`.
    Ipv4,
    /// `ipv6`.
    Ipv6,
}

/// `x-kubernetes-list-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// `atomic`, or absent: the list is one value.
    Atomic,
    /// `set`: no item twice.
    Set,
    /// `map`: no key twice.
    Map,
}

/// Does a node or any node below it carry CEL rules?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// No.
    Absent,
    /// Yes.
    Present,
}

/// One node of a structural schema.
#[derive(Debug, Clone, Copy)]
pub struct SchemaNode {
    /// `type`.
    pub kind: Kind,
    /// `format`.
    pub format: Format,
    /// `x-kubernetes-list-type`.
    pub list: ListKind,
    /// CEL rules here or below.
    pub rules_below: Rules,
    properties: Index,
    required: Index,
    /// Node of the items.
    pub items: Index,
    /// Node of the values of free keys.
    pub additional: Index,
    limits: Index,
    enumeration: Index,
    default: Index,
    keys: Index,
    rules: Index,
    combination: Index,
}

/// A property of an object.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Key.
    pub name: &'static str,
    /// Its node.
    pub node: Index,
}

/// Bounds and pattern of a value.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// `minLength` in characters.
    pub min_length: Option<u32>,
    /// `maxLength` in characters.
    pub max_length: Option<u32>,
    /// `minItems`, or `minProperties` of an object.
    pub min_items: Option<u32>,
    /// `maxItems`, or `maxProperties` of an object.
    pub max_items: Option<u32>,
    /// `minimum`, inclusive.
    pub minimum: Option<i64>,
    /// `maximum`, inclusive.
    pub maximum: Option<i64>,
    /// Index into [`crate::admission::patterns::PATTERNS`], or [`NONE`].
    pub pattern: Index,
}

/// `anyOf`, `oneOf`, `allOf`, `not`.
#[derive(Debug, Clone, Copy)]
pub struct Combination {
    /// `anyOf`.
    pub any_of: &'static [Index],
    /// `oneOf`.
    pub one_of: &'static [Index],
    /// `allOf`.
    pub all_of: &'static [Index],
    /// `not`, or [`NONE`].
    pub not: Index,
}

/// A value in a table: default or enum member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'static str),
    /// A list.
    List(&'static [Self]),
    /// A mapping.
    Map(&'static [(&'static str, Self)]),
}

/// Scope of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Objects live in namespaces.
    Namespaced,
    /// Objects have no namespace.
    Cluster,
}

/// What a CRD says about one of its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serving {
    /// Served.
    Served,
    /// Served, and marked as deprecated.
    Deprecated,
    /// In the CRD, not served.
    Unserved,
}

/// Does a version have a `status` subresource?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusSubresource {
    /// No: `status` is an unknown field.
    Absent,
    /// Yes.
    Present,
}

/// One version of one CRD of a target.
#[derive(Debug, Clone, Copy)]
pub struct Version {
    /// API group.
    pub group: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Version.
    pub version: &'static str,
    /// Served or not.
    pub serving: Serving,
    /// True for the version that is stored.
    pub storage: bool,
    /// Scope.
    pub scope: Scope,
    /// Status subresource.
    pub status: StatusSubresource,
    /// Node of the whole object.
    pub root: Index,
}

/// Compact constructor of the generated rows; `refs` in the order of the fields.
pub(crate) const fn node(
    kind: Kind,
    format: Format,
    list: ListKind,
    rules_below: Rules,
    refs: [Index; 10],
) -> SchemaNode {
    let [properties, required, items, additional, limits, enumeration, default, keys, rules, combination] = refs;
    SchemaNode {
        kind,
        format,
        list,
        rules_below,
        properties,
        required,
        items,
        additional,
        limits,
        enumeration,
        default,
        keys,
        rules,
        combination,
    }
}

fn shared<T>(table: &'static [&'static [T]], index: Index) -> &'static [T] {
    table.get(usize::from(index)).copied().unwrap_or_default()
}

impl SchemaNode {
    /// Properties by name.
    #[must_use]
    pub fn properties(&self) -> &'static [Property] {
        shared(tables::PROPERTIES, self.properties)
    }

    /// The node of a property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&'static Self> {
        // Length and last byte tell nearly all names apart, so few bytes are compared.
        let (length, last) = (name.len(), name.as_bytes().last());
        let fits = |property: &&Property| {
            property.name.len() == length && property.name.as_bytes().last() == last && property.name == name
        };
        let found = self.properties().iter().find(fits);
        found.and_then(|property| node_at(property.node))
    }

    /// The node of what a mapping has under `key`: a property, else the value of a free key.
    #[must_use]
    pub fn child(&self, key: &str) -> Option<&'static Self> {
        self.property(key).or_else(|| node_at(self.additional))
    }

    /// The node of the items.
    #[must_use]
    pub fn item(&self) -> Option<&'static Self> {
        node_at(self.items)
    }

    /// Names of required properties.
    #[must_use]
    pub fn required(&self) -> &'static [&'static str] {
        shared(tables::NAMES, self.required)
    }

    /// Keys of a list of type map.
    #[must_use]
    pub fn keys(&self) -> &'static [&'static str] {
        shared(tables::NAMES, self.keys)
    }

    /// Bounds and pattern.
    #[must_use]
    pub fn limits(&self) -> Option<&'static Limits> {
        tables::LIMITS.get(usize::from(self.limits))
    }

    /// Allowed values; empty when any will do.
    #[must_use]
    pub fn enumeration(&self) -> &'static [Literal] {
        shared(tables::ENUMS, self.enumeration)
    }

    /// Default.
    #[must_use]
    pub fn default(&self) -> Option<&'static Literal> {
        tables::DEFAULTS.get(usize::from(self.default))
    }

    /// Indexes into [`crate::admission::rules::RULES`], in the order of the CRD.
    #[must_use]
    pub fn rules(&self) -> &'static [Index] {
        shared(tables::RULE_SETS, self.rules)
    }

    /// `anyOf`, `oneOf`, `allOf`, `not`.
    #[must_use]
    pub fn combination(&self) -> Option<&'static Combination> {
        tables::COMBINATIONS.get(usize::from(self.combination))
    }
}

/// The node with this index.
#[must_use]
pub fn node_at(index: Index) -> Option<&'static SchemaNode> {
    tables::NODES.get(usize::from(index))
}

/// Versions of all CRDs of a target, by group, kind and version.
#[must_use]
pub fn versions(target: Target) -> &'static [Version] {
    let bundle = match target.bundle {
        Bundle::V1_0 => 0,
        Bundle::V1_1 => 1,
        Bundle::V1_2 => 2,
        Bundle::V1_3 => 3,
        Bundle::V1_4 => 4,
        Bundle::V1_5 => 5,
        Bundle::V1_6 => 6,
    };
    let channel = match target.channel {
        Channel::Standard => 0,
        Channel::Experimental => 1,
    };
    tables::VERSIONS.get(bundle * 2 + channel).copied().unwrap_or_default()
}

/// Row constructor of the generated tables.
pub(crate) const fn property(name: &'static str, node: Index) -> Property {
    Property { name, node }
}

/// Row constructor of the generated tables.
pub(crate) const fn combination(
    any_of: &'static [Index],
    one_of: &'static [Index],
    all_of: &'static [Index],
    not: Index,
) -> Combination {
    Combination { any_of, one_of, all_of, not }
}

/// Row constructor of the generated tables; in the order of the fields.
#[expect(clippy::too_many_arguments, reason = "a table row; named fields would triple the generated text")]
pub(crate) const fn limits(
    min_length: Option<u32>,
    max_length: Option<u32>,
    min_items: Option<u32>,
    max_items: Option<u32>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    pattern: Index,
) -> Limits {
    Limits { min_length, max_length, min_items, max_items, minimum, maximum, pattern }
}
