//! gwc-core: from Gateway API manifests to exact status conditions, diagnostics and (later) the match IR.
//!
//! Pure: no files, no clock, no network, no global state. Everything comes in as [`source::SourceMap`] and
//! [`profile::Profile`].

use crate::diagnostic::{Diagnostics, ObjectRef};
use crate::eval::Evaluation;
use crate::graph::Graph;
use crate::profile::{Profile, Target, TargetSource};
use crate::source::{Role, SourceMap, Span};
use crate::status::ObjectStatus;
use crate::yaml::Document;

pub mod admission;
pub mod api;
pub mod certificate;
pub mod diagnostic;
pub mod eval;
pub mod graph;
pub mod lint;
pub mod profile;
pub mod source;
pub mod status;
pub mod value;
pub mod yaml;

/// One document that is an object, in source order.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectSummary {
    /// Identity.
    pub object: ObjectRef,
    /// Place.
    pub span: Span,
    /// Is it reported on?
    pub role: Role,
    /// Index in [`Compilation::documents`].
    pub document: usize,
}

/// Everything that is known about a world.
#[derive(Debug)]
pub struct Compilation {
    /// Findings about checked objects, sorted; suppressions and selection are not applied.
    pub diagnostics: Diagnostics,
    /// Predicted status of checked objects of kinds that have one: graph order of kinds, then namespace, name.
    pub statuses: Vec<ObjectStatus>,
    /// All documents, in source order.
    pub documents: Vec<Document>,
    /// All objects, in source order.
    pub objects: Vec<ObjectSummary>,
    /// The CRDs that count.
    pub target: Target,
    /// How the target was found.
    pub target_source: TargetSource,
    /// Facts given by `--assume` that were read, in `--assume` form.
    pub assumptions_used: Vec<String>,
    /// Objects and references.
    pub graph: Graph,
    /// Verdicts.
    pub evaluation: Evaluation,
}
