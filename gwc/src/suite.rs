//! Route tests (cli-and-rules.md §10): test files, what they ask, what they expect, what they cover.
//!
//! Decides nothing about routing: `gwc_core::predict` says what happens to a request and the statuses come from the
//! compilation. The command is in `commands/test.rs`, the formats are in `output/test_*.rs`.

pub(crate) mod coverage;
pub(crate) mod expect;
pub(crate) mod file;
pub(crate) mod lint;
#[cfg(feature = "serve")]
pub(crate) mod live;
pub(crate) mod name;
pub(crate) mod read;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod request;
pub(crate) mod run;
pub(crate) mod share;
pub(crate) mod status;
