//! gwc-runtime: the proxy that runs the compiled match IR. Under construction: the vocabulary stands, the engine follows.

mod error;
mod options;
mod telemetry;
mod unsupported;

pub use error::ProxyError;
pub use options::{Event, Limits, Options};
pub use telemetry::{AccessLog, BUCKETS_MS, BackendStats, ListenerStats, LogFormat, RuleKey, RuleStats, Stats};
pub use unsupported::{Unsupported, unsupported};
