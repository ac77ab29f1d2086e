//! TLS, TCP and UDP over real sockets: manifests become a running proxy, clients and backends are made on the spot.

#![expect(clippy::unwrap_used, reason = "a test that fails must say where")]

#[path = "streams/backends.rs"]
mod backends;
#[path = "streams/bytes.rs"]
mod bytes;
#[path = "streams/secure.rs"]
mod secure;
#[path = "streams/world.rs"]
mod world;
