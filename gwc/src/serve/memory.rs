//! Waiting for events, and giving memory back meanwhile: a load needs several times what is served afterwards.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// The allocator keeps what was freed for a second, in case it is wanted again.
const KEPT: Duration = Duration::from_millis(1500);

/// More than the allocator keeps in pages of its own.
const LARGE: usize = 4 << 20;

/// The next event; `None`: there will be none. When none comes for a while, unused memory goes back to the system.
pub(crate) fn next<T>(events: &Receiver<T>) -> Option<T> {
    match events.recv_timeout(KEPT) {
        Ok(event) => Some(event),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            give_back();
            events.recv().ok()
        }
    }
}

/// mimalloc looks for memory that it need not keep only when something large is freed, which a process that merely
/// serves never does.
fn give_back() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE)));
}
