//! gwc-core: from Gateway API manifests to exact status conditions, diagnostics and the match IR.
//!
//! Pure: no files, no clock, no network, no global state. Everything comes in as [`source::SourceMap`] and
//! [`profile::Profile`].
//!
//! # Example
//! ```
//! use gwc_core::profile::{Profile, WorldMode};
//! use gwc_core::source::{Origin, Role, Source, SourceMap};
//!
//! let manifest = "
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata:
//!   name: window
//!   namespace: store
//! spec:
//!   parentRefs:
//!   - name: shared
//! ";
//! let mut sources = SourceMap::new();
//! sources.add(Source::from_bytes("route.yaml", Origin::Memory, Role::Checked, true, manifest.into()));
//!
//! // Everything is given, so a Gateway that is not there does not exist: nobody will ever write a status.
//! let compilation = gwc_core::compile(&sources, &Profile::new(WorldMode::Closed, 1_780_272_000));
//! assert!(compilation.diagnostics.0.iter().any(|finding| finding.code.name == "parent-not-found"));
//! assert!(compilation.statuses[0].body.is_none());
//! ```

use std::collections::BTreeSet;

use crate::api::Object;
use crate::diagnostic::{Diagnostics, ObjectRef};
use crate::eval::Evaluation;
use crate::graph::Graph;
use crate::lower::Lowered;
use crate::profile::{Profile, Statuses, Target, TargetSource};
use crate::source::{Role, SourceMap, Span};
use crate::status::ObjectStatus;
use crate::yaml::Document;

pub mod admission;
pub mod api;
pub mod certificate;
pub mod change;
pub mod diagnostic;
pub mod eval;
pub mod exchange;
pub mod graph;
pub mod ingress;
pub mod ir;
pub mod lint;
pub mod lower;
pub mod matcher;
pub mod migrate;
pub mod predict;
pub mod profile;
pub mod prove;
mod read;
pub mod region;
pub mod source;
pub mod status;
pub mod value;
mod world;
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
    /// What is served.
    pub lowered: Lowered,
    /// Matches with regular expressions that could not be proven reachable or not; 0 where no rule asks.
    pub unproven_matches: usize,
}

/// Reads, admits, links, judges and reports a world. Never fails: what cannot be read or stored is a finding.
///
/// The result depends on texts and profile only, not on the number of threads.
#[must_use]
pub fn compile(sources: &SourceMap, profile: &Profile) -> Compilation {
    let documents = read::documents(sources);
    let raws = read::objects(&documents);
    let frame = world::Frame::new(sources, profile, &raws);
    let admitted = frame.admit(&raws);
    let (target, target_source) = (frame.target, frame.target_source);

    let errors: BTreeSet<Span> = admitted.iter().flat_map(|one| one.errors.iter().copied()).collect();
    let mut diagnostics = Diagnostics(read::findings(&documents, sources, &errors));
    diagnostics.0.extend(admitted.iter().flat_map(|one| one.findings.iter().cloned()));
    drop(raws);

    let refused = admitted.iter().filter_map(world::Admitted::refused).collect();
    let mut assumptions_used: Vec<String> = admitted.iter().filter_map(|one| one.assumption.clone()).collect();
    let (objects, decoded): (Vec<ObjectSummary>, Vec<Option<Object>>) =
        admitted.into_iter().map(|one| (one.summary, one.object)).unzip();
    let graph = graph::build::build(decoded.into_iter().flatten().collect(), refused, sources);
    let (evaluation, statuses) = judge(&graph, profile, target);
    let given = &profile.world.assumptions;
    let read = evaluation.used_assumptions.iter();
    assumptions_used.extend(read.filter_map(|fact| status::message::given_flag(fact, given)));
    assumptions_used.sort();

    let lowered = lower::lower(sources, &graph, &evaluation);
    let reach = lint::Reach::new(&lowered, profile);
    let cx = lint::Cx {
        sources,
        documents: &documents,
        graph: &graph,
        evaluation: &evaluation,
        lowered: &lowered,
        reach: &reach,
        profile,
        target,
    };
    lint::run(&cx, &mut diagnostics);
    diagnostics.0.retain(|diagnostic| world::is_checked(sources, diagnostic.primary));
    diagnostics.sort();
    Compilation {
        diagnostics,
        statuses,
        documents,
        objects,
        target,
        target_source,
        assumptions_used,
        graph,
        evaluation,
        lowered,
        unproven_matches: reach.unproven(),
    }
}

/// The target that the CRDs among the documents name, as [`compile`] would take it; `None` without such CRDs.
#[must_use]
pub fn detected_target(sources: &SourceMap, documents: &[Document]) -> Option<Target> {
    world::detected_target(sources, &read::objects(documents))
}

/// Verdicts, and the statuses that they are projected to.
fn judge(graph: &Graph, profile: &Profile, target: Target) -> (Evaluation, Vec<ObjectStatus>) {
    let evaluation = eval::evaluate(graph, profile, target);
    if profile.statuses == Statuses::LeftOut {
        return (evaluation, Vec::new());
    }
    let mut statuses = status::project(graph, &evaluation, profile, target);
    // No server stores an object of a version that it does not serve (cli-and-rules.md §12).
    let unserved: BTreeSet<Span> = graph.metas().filter(|meta| !meta.served).map(|meta| meta.span).collect();
    statuses.retain(|status| !unserved.contains(&status.span));
    (evaluation, statuses)
}

#[cfg(test)]
mod tests;
