//! From graph and verdicts to the match IR: what the accepted part of a world serves.
//!
//! Decides nothing: attachment, validity and conflicts are read from [`Evaluation`]. What lives here is translation:
//! order, defaults, and everything that routing.md §0 wants settled before the first request. Sockets and listeners are
//! made in `listener.rs`, rules in `rule.rs` and its helpers, the order of entries in `table.rs`.

use crate::eval::{Evaluation, Support};
use crate::graph::{Graph, ListenerId, RouteId};
use crate::ir::Config;
use crate::ir::secret::SecretStore;
use crate::source::SourceMap;

mod backend;
mod contest;
mod endpoint;
mod filter;
mod grpc;
mod http;
mod listener;
mod place;
mod policy;
mod route;
mod rule;
mod session;
mod table;
mod tls;

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
    /// How well it stands that the rule is served as it is: attachment, references, order by age.
    pub support: Support,
}

/// What is lowered.
#[derive(Clone, Copy)]
struct Cx<'g> {
    graph: &'g Graph,
    evaluation: &'g Evaluation,
}

/// Lowers what a world serves. Never fails: what is not accepted is left out.
#[must_use]
pub fn lower(sources: &SourceMap, graph: &Graph, evaluation: &Evaluation) -> Lowered {
    let cx = Cx { graph, evaluation };
    let bound = listener::Bound::new(cx);
    let candidates = route::candidates(cx);
    let mut secrets = SecretStore::default();
    let mut files = place::Files::new(sources);
    let mut tables = table::Tables::new(cx, &bound);
    let mut rules = rule::Rules::new(cx, &mut secrets, candidates.len());
    let mut uses = Vec::new();
    for candidate in &candidates {
        uses = match route::served(cx, &bound, candidate, uses) {
            Ok(route) => {
                files.mark(route.spec.meta.source());
                rules.add(&route, &mut tables);
                route.uses
            }
            Err(none) => none,
        };
    }
    bound.iter().for_each(|binding| files.mark(graph.listener_owner(binding.id).source()));
    let (names, positions) = files.finish(sources);
    let rule::Finished { mut rules, mut origins, backends } = rules.finish(&positions);
    let (tables, contested) = tables.finish(&rules);
    contest::mark(contested, &mut rules, &mut origins);
    let (gateways, sockets, listeners) = listener::sockets(cx, &positions, &bound, tables, &mut secrets);
    let config = Config { sources: names, gateways, sockets, rules, backends, ..Config::default() };
    Lowered { config, secrets, origins, listeners }
}
