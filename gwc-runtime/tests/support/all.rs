//! What the tests of traffic share: clients, recording backends, a gateway on loopback.

pub(crate) mod backend;
pub(crate) mod client;
pub(crate) mod frames;
pub(crate) mod wire;
pub(crate) mod world;
