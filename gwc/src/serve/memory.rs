//! Waiting for events, and giving memory back meanwhile: a load needs several times what is served afterwards.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// The allocator keeps what was freed for a second, in case it is wanted again.
const KEPT: Duration = Duration::from_millis(1500);

/// Sizes of the blocks that are freed, in bytes. They are never touched, so they take addresses only.
const BLOCKS: [usize; 6] = [1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20, 32 << 20];

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

/// mimalloc looks for memory that it need not keep only when a thread frees something large, which a process that
/// merely serves never does; each time it gives back a part.
fn give_back() {
    for size in BLOCKS {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(size)));
    }
}
