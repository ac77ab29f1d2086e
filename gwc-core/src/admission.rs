//! What the API server decides about one object: served, pruned, defaulted, valid (spec README ruling 11).
//!
//! Table-driven: `tables/` holds static schema facts of every bundle and channel, `rules/` one named function for each
//! CEL rule. Never looks at a second object, never at typed objects.

use crate::profile::Target;
use crate::yaml::Node;
use crate::yaml::path::Path;

/// What is asked of the API server.
#[derive(Debug, Clone, Copy)]
pub enum Operation<'n> {
    /// A new object.
    Create,
    /// A change of the object outside `status`; `old` as stored.
    Update {
        /// The object as stored.
        old: &'n Node,
    },
    /// A change of `status` alone; `old` as stored.
    StatusUpdate {
        /// The object as stored.
        old: &'n Node,
    },
}

/// Cause of an error in the API server's words (`Status.details.causes[].reason`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// `FieldValueInvalid`.
    Invalid,
    /// `FieldValueRequired`.
    Required,
    /// `FieldValueNotSupported`.
    NotSupported,
    /// `FieldValueTypeInvalid`.
    TypeInvalid,
    /// `FieldValueTooLong`.
    TooLong,
    /// `FieldValueTooMany`.
    TooMany,
    /// `FieldValueDuplicate`.
    Duplicate,
    /// `FieldValueForbidden`.
    Forbidden,
}

impl Cause {
    /// The API server's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "FieldValueInvalid",
            Self::Required => "FieldValueRequired",
            Self::NotSupported => "FieldValueNotSupported",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::Duplicate => "FieldValueDuplicate",
            Self::Forbidden => "FieldValueForbidden",
        }
    }
}

/// Which check failed; decides the rule code and the wording.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// Wrong JSON type; wanted type name.
    Type(&'static str),
    /// A format (IP addresses, date-time, int32 range).
    Format(&'static str),
    /// A missing field; its name.
    Required(&'static str),
    /// A value outside the enum; the allowed ones.
    Enum(Vec<String>),
    /// A pattern; index into [`patterns::PATTERNS`].
    Pattern(usize),
    /// Shorter than this many characters.
    MinLength(u64),
    /// Longer than this many characters.
    MaxLength(u64),
    /// Fewer than this many items (or properties).
    MinItems(u64),
    /// More than this many items (or properties).
    MaxItems(u64),
    /// Smaller than this.
    Minimum(i64),
    /// Larger than this.
    Maximum(i64),
    /// None of the alternatives of `anyOf`/`oneOf` fits.
    AnyOf,
    /// The key of a list of type map (or an item of a set) a second time.
    DuplicateItem,
    /// A CEL rule is false; index into [`rules::RULES`].
    Cel(usize),
    /// A CEL rule could not be evaluated; index into [`rules::RULES`].
    CelError(usize),
    /// The server's note that rules were not checked because of other errors.
    CelNotChecked,
    /// `metadata` (name, namespace, labels, annotations); what is wrong.
    Metadata(&'static str),
    /// A check of a kind that is not a custom resource.
    Core(&'static str),
}

/// One error of the API server.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// Where; the root is the empty path.
    pub path: Path,
    /// The server's type of error.
    pub cause: Cause,
    /// Which check failed.
    pub check: Check,
    /// What is wrong, in our words: lower case start, no full stop, never the regular expression.
    pub detail: String,
    /// Bytes of the offending node in the document's source; of the enclosing mapping for a missing field.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// A field that strict clients refuse and others drop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownField {
    /// Where.
    pub path: Path,
    /// First byte of the key.
    pub start: u32,
    /// One past the key's last byte.
    pub end: u32,
}

/// Does the target serve this apiVersion and kind?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// Yes.
    Yes,
    /// The kind is known to the target's CRDs, not in this version.
    VersionNotServed,
    /// No CRD of the target has the kind.
    KindNotServed,
    /// Not a kind that gwc decides about.
    Foreign,
}

/// The API server's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Is the apiVersion and kind served?
    pub served: Served,
    /// Errors; refused unless empty.
    pub errors: Vec<FieldError>,
    /// Unknown fields.
    pub unknown: Vec<UnknownField>,
    /// The object as stored: pruned and defaulted.
    pub object: Node,
}

impl Verdict {
    /// True when a server would store the object.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.served == Served::Yes && self.errors.is_empty()
    }
}

/// What the API server of `target` answers to `operation` with the object `root`.
#[must_use]
pub fn admit(root: &Node, target: Target, operation: Operation<'_>) -> Verdict {
    let mut verdict = engine::admit(root, target, operation);
    if verdict.served == Served::Foreign
        && let Some(errors) = core::check(root)
    {
        verdict.served = Served::Yes;
        verdict.errors = errors;
    }
    verdict
}

mod cel;
mod check;
pub mod core;
mod correlate;
mod engine;
mod formats;
pub mod history;
mod lists;
mod metadata;
pub mod patterns;
mod place;
mod prepare;
pub mod report;
pub mod rules;
pub mod schema;
pub mod tables;

pub use history::{FieldHistory, field_history, served, served_in};
