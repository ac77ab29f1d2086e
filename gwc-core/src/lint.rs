//! What to tell the author: one documented rule per file, run over graph and evaluation.
//!
//! Never changes a verdict (style.md §7.1). [`lints`] is the catalogue of what is built; identity and defaults of a rule
//! are its row in [`crate::diagnostic::rule::RULES`]. One module for each group of rules, one file for each rule;
//! what several rules need to put a finding together is in [`finding`].

use crate::diagnostic::{Code, Diagnostics};
use crate::eval::Evaluation;
use crate::graph::Graph;
use crate::lower::Lowered;
use crate::profile::{Profile, Target};
use crate::source::SourceMap;
use crate::yaml::Document;

pub mod attach;
pub mod bp;
pub mod conflict;
pub mod finding;
pub mod refs;
pub mod refused;
pub mod schema;
pub mod security;
pub mod tls;
pub mod traffic;
pub mod version;

pub use crate::diagnostic::rule::Docs;
pub use conflict::Reach;

/// What a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Cx<'w> {
    /// Texts.
    pub sources: &'w SourceMap,
    /// Documents with their trees and comments, in source order.
    pub documents: &'w [Document],
    /// Objects.
    pub graph: &'w Graph,
    /// Verdicts.
    pub evaluation: &'w Evaluation,
    /// What is served.
    pub lowered: &'w Lowered,
    /// What each match of it gets.
    pub reach: &'w Reach,
    /// World, knobs, time, options.
    pub profile: &'w Profile,
    /// The CRDs that count.
    pub target: Target,
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Lint {
    /// Identity.
    pub code: Code,
    /// Documentation.
    pub docs: Docs,
    /// Finds and words; `None` for codes that reading and admission raise.
    pub check: Option<fn(&Cx<'_>, &mut Diagnostics)>,
}

/// Every rule that is built, by number.
pub fn lints() -> impl Iterator<Item = &'static Lint> {
    let groups: [&'static [&'static Lint]; 9] = [
        schema::ALL,
        refs::ALL,
        attach::ALL,
        conflict::ALL,
        tls::ALL,
        traffic::ALL,
        bp::ALL,
        security::ALL,
        version::ALL,
    ];
    groups.into_iter().flatten().copied()
}

/// Documentation of a rule.
#[must_use]
pub fn docs(code: Code) -> Option<&'static Docs> {
    lints().find(|lint| lint.code == code).map(|lint| &lint.docs)
}

/// Runs every rule; findings about context objects are left out by the caller.
pub fn run(cx: &Cx<'_>, out: &mut Diagnostics) {
    let wanted = lints().filter(|lint| !cx.profile.skipped_rules.contains(lint.code.number));
    for check in wanted.filter_map(|lint| lint.check) {
        check(cx, out);
    }
    refused::annotate(cx, out);
    for diagnostic in &mut out.0 {
        diagnostic.message = finding::fit(&diagnostic.message);
    }
}
