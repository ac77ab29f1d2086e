//! References to other objects, as written, with the API's defaults filled in.

use compact_str::CompactString;

use crate::api::Text;
use crate::api::filter::Filter;
use crate::source::{Span, Spanned};
use crate::value::{GroupKind, ObjectKey};

/// A reference to an object of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectReference {
    /// Group; empty for core.
    pub group: CompactString,
    /// Kind.
    pub kind: CompactString,
    /// Namespace as written; `None`: the holder's.
    pub namespace: Option<Text>,
    /// Name.
    pub name: Text,
    /// The whole reference.
    pub span: Span,
    /// Place of `kind`, else of the whole reference.
    pub kind_span: Span,
}

impl ObjectReference {
    /// Group and kind.
    #[must_use]
    pub fn group_kind(&self) -> GroupKind {
        GroupKind::new(self.group.clone(), self.kind.clone())
    }

    /// Key of the target for a holder in `namespace`.
    #[must_use]
    pub fn target(&self, namespace: &str) -> ObjectKey {
        let own = self.namespace.as_ref().map_or(namespace, |text| text.value.as_str());
        ObjectKey::new(own, self.name.value.clone())
    }
}

/// `spec.parentRefs[]` (status.md §2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentRef {
    /// The parent; group and kind defaulted to Gateway.
    pub target: ObjectReference,
    /// Listener name, or Service port name.
    pub section_name: Option<Text>,
    /// Listener port, or Service port.
    pub port: Option<Spanned<u16>>,
}

/// `backendRefs[]`, a mirror target or an external-auth target.
#[derive(Debug, Clone, PartialEq)]
pub struct BackendRef {
    /// The backend; kind defaulted to Service.
    pub target: ObjectReference,
    /// Port; required for Services.
    pub port: Option<Spanned<u16>>,
    /// Weight; 1 unless written. `written` tells which.
    pub weight: u32,
    /// Place of `weight`, where written.
    pub weight_span: Option<Span>,
    /// Filters of this backend, in order.
    pub filters: Vec<Filter>,
}
