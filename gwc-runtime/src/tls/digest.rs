//! Hashes of content, by which a new snapshot finds what the one before has built already.

use std::sync::atomic::{AtomicU64, Ordering};

use rustls::crypto::hash::Context;
use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;

/// SHA-256 of some content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest([u8; 32]);

impl std::fmt::Debug for Digest {
    /// Short, and no more of what may stand for a key than tells two apart.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [first, second, ..] = self.0;
        write!(f, "Digest({first:02x}{second:02x}..)")
    }
}

impl Digest {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Content that is being hashed, part by part; parts cannot run into each other.
pub(super) struct Hasher(Option<Box<dyn Context>>);

impl Hasher {
    pub(super) fn new() -> Self {
        // The hash of the TLS stack itself, so that no second implementation is needed.
        Self(TLS13_AES_128_GCM_SHA256.tls13().map(|suite| suite.common.hash_provider.start()))
    }

    pub(super) fn add(&mut self, part: &[u8]) -> &mut Self {
        if let Some(context) = &mut self.0 {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        self
    }

    pub(super) fn finish(self) -> Digest {
        let output = self.0.map(|context| context.finish());
        let bytes = output.and_then(|output| <[u8; 32]>::try_from(output.as_ref()).ok());
        Digest(bytes.unwrap_or_else(unique))
    }
}

/// What equals nothing else: without a hash nothing may be taken for equal.
fn unique() -> [u8; 32] {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 32];
    if let Some(first) = bytes.first_chunk_mut() {
        *first = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    }
    bytes
}
