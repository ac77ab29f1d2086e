//! From graph and verdicts to the match IR: what the accepted part of a world serves.
//!
//! Decides nothing: attachment, validity and conflicts are read from [`Evaluation`]. What lives here is translation:
//! order, defaults, and everything that routing.md §0 wants settled before the first request.

use crate::eval::{Evaluation, Support};
use crate::graph::{Graph, ListenerId, RouteId};
use crate::ir::Config;
use crate::ir::secret::SecretStore;
use crate::source::SourceMap;

/// The IR of a world, with the way back to the objects that it was made from.
#[derive(Debug, Default)]
pub struct Lowered {
    /// What is served.
    pub config: Config,
    /// Key pairs and authorities of the ids in [`Self::config`].
    pub secrets: SecretStore,
    /// By position in [`Config::rules`].
    pub origins: Vec<Origin>,
    /// By position in [`Config::sockets`]: where each of its listeners is declared.
    pub listeners: Vec<Vec<ListenerId>>,
}

/// What an IR rule was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The route.
    pub route: RouteId,
    /// Position in its `spec.rules`.
    pub rule: usize,
    /// How well it stands that the rule is served as it is.
    pub support: Support,
}

/// Lowers what a world serves. Never fails: what is not accepted is left out.
#[must_use]
pub fn lower(_sources: &SourceMap, _graph: &Graph, _evaluation: &Evaluation) -> Lowered {
    Lowered::default()
}
