//! Proof that written manifests route as the Ingresses did, or a request that shows where they do not.
//!
//! The source is the evaluator in [`crate::ingress`], the target the match IR of the emitted text, read again. The
//! converter is never asked: what it announces comes in as [`Allowance`]s, each of which covers exactly the requests
//! that it names (ingress-migrate.md §7). Read `space` for the requests, `outcome` for what is compared, `explain` for
//! what counts as announced, and `verify` for the way through all of it.

pub mod allowance;
mod explain;
pub mod outcome;
mod policy;
pub mod request;
pub mod source;
mod space;
pub mod target;
mod verify;

pub use allowance::{Allowance, Kind, Place};
pub use outcome::{Aspect, Outcome};
pub use request::Request;
pub use source::Source;
pub use target::{RuleId, Target};
pub use verify::{Difference, Level, Side, Verification, Witness, verify};
