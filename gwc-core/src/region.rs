//! Sets of requests, and proofs about them: what an entry can never get, where two worlds answer differently.
//!
//! A request is a name, a path, and truth values of conditions. Names and paths fall into finitely many *atoms*, inside
//! of which every entry accepts all or nothing, regular expressions aside; those are decided on their automata within a
//! stated budget. Conditions become Boolean variables with the implications that hold between them. That model takes in
//! every real request and perhaps more, so "no difference" is a proof; a difference counts only with a request that
//! shows it on the reference matcher. Between the two stands *unproven*, which is never passed off as either.
//!
//! Read `shadow.rs` for the question about one listener and `compare.rs` for the one about two worlds.

mod cache;
pub mod compare;
mod condition;
mod decide;
mod host;
pub(crate) mod language;
mod path;
pub mod shadow;

pub use compare::{Comparison, Difference, Open, compare};
pub use host::HostAtom;
pub(crate) use path::plain_paths;
pub use shadow::{Shadow, shadows};

/// States of automata that one question about expressions may visit.
pub const MOST_STATES: usize = 4_000;

/// Branches that one comparison of conditions may take.
pub const MOST_BRANCHES: usize = 200_000;
