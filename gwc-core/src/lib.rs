//! gwc-core: from Gateway API manifests to exact status conditions, diagnostics and (later) the match IR.
//!
//! Pure: no files, no clock, no network, no global state. Everything comes in as [`source::SourceMap`] and
//! [`profile::Profile`].

use std::collections::BTreeSet;

use crate::api::Object;
use crate::diagnostic::{Code, Diagnostics, ObjectRef};
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
mod read;
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
}

/// Are statuses asked for?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// Yes.
    Project,
    /// No: [`Compilation::statuses`] stays empty.
    Skip,
}

/// What is wanted of a compilation; the rest is not computed. Verdicts do not depend on it.
#[derive(Clone, Copy)]
pub struct Wanted<'w> {
    /// Lints to run. Findings of reading and admission are always there.
    pub lint: &'w dyn Fn(Code) -> bool,
    /// Predicted statuses.
    pub statuses: Statuses,
}

/// Reads, admits, links, judges and reports a world. Never fails: what cannot be read or stored is a finding.
///
/// The result depends on texts and profile only, not on the number of threads.
#[must_use]
pub fn compile(sources: &SourceMap, profile: &Profile) -> Compilation {
    compile_wanted(sources, profile, Wanted { lint: &|_| true, statuses: Statuses::Project })
}

/// As [`compile`], without what is not wanted.
#[must_use]
pub fn compile_wanted(sources: &SourceMap, profile: &Profile, wanted: Wanted<'_>) -> Compilation {
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
    let evaluation = eval::evaluate(&graph, profile, target);
    let statuses = match wanted.statuses {
        Statuses::Project => project(&graph, &evaluation, profile, target),
        Statuses::Skip => Vec::new(),
    };
    let given = &profile.world.assumptions;
    let read = evaluation.used_assumptions.iter();
    assumptions_used.extend(read.filter_map(|fact| status::message::given_flag(fact, given)));
    assumptions_used.sort();

    let cx = lint::Cx { sources, documents: &documents, graph: &graph, evaluation: &evaluation, profile, target };
    lint::run(&cx, wanted.lint, &mut diagnostics);
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
    }
}

/// The statuses that verdicts are projected to.
fn project(graph: &Graph, evaluation: &Evaluation, profile: &Profile, target: Target) -> Vec<ObjectStatus> {
    let mut statuses = status::project(graph, evaluation, profile, target);
    // No server stores an object of a version that it does not serve (cli-and-rules.md §12).
    let unserved: BTreeSet<Span> = graph.metas().filter(|meta| !meta.served).map(|meta| meta.span).collect();
    statuses.retain(|status| !unserved.contains(&status.span));
    statuses
}

#[cfg(test)]
mod tests;
