//! Proof that written manifests route as the Ingresses did, or a request that shows where they do not.
//!
//! The source is the evaluator in [`crate::ingress`], the target the match IR of the emitted text, read again. The
//! converter is never asked: what it announces comes in as [`Allowance`]s, each of which covers exactly the requests
//! that it names (ingress-migrate.md §7).

pub mod allowance;

pub use allowance::{Allowance, Kind, Place};
