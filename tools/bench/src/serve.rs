//! What `tools/bench-serve` needs beside the proxies: a fast backend, a relay that knows no HTTP (the floor), a client
//! that sends at a fixed rate, and the engine alone. All are for loopback and for measuring only.

pub(crate) mod backend;
pub(crate) mod proxy;
pub(crate) mod rate;
pub(crate) mod relay;

use std::future::Future;
use std::io;

/// Runs servers on one thread, as the proxies under test do.
fn on_one_thread(work: impl Future<Output = io::Result<()>>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, work)
}
