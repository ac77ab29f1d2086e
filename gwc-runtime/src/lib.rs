//! gwc-runtime: the proxy that runs the compiled match IR.
//!
//! Knows `gwc_core::{ir, matcher, exchange, value}` and no Kubernetes. A [`Load`] comes in, a [`Snapshot`] is built
//! beside the data path, every worker takes it over, and [`Applied`] says what came of it. Start reading at
//! `request.rs`: one request, top to bottom.
//!
//! # Example
//! ```no_run
//! use std::sync::Arc;
//!
//! use gwc_core::ir::Config;
//! use gwc_runtime::{Load, Options, Runtime};
//!
//! let runtime = Runtime::start(Options::default())?;
//! let config = Arc::new(Config::default());
//! let applied = runtime.swap(Load { config, secrets: Arc::default(), addresses: Vec::new() });
//! assert_eq!(applied.generation, 1);
//! runtime.shutdown();
//! # Ok::<(), gwc_runtime::StartError>(())
//! ```

pub mod admin;
mod balance;
mod body;
mod connection;
mod control;
pub mod echo;
mod error;
mod filter;
mod http;
mod listen;
mod options;
mod request;
mod snapshot;
mod sni;
mod tcp;
mod telemetry;
mod tls;
mod tunnel;
mod udp;
mod unsupported;
mod upstream;
mod worker;

pub use control::{Applied, Bound, Load, Runtime, StartError, yield_to_workers};
pub use error::ProxyError;
pub use options::{Event, Limits, Options};
pub use snapshot::Snapshot;
pub use telemetry::{AccessLog, BUCKETS_MS, BackendStats, ListenerStats, LogFormat, RuleKey, RuleStats, Stats};
pub use unsupported::{Unsupported, unsupported};
