//! TLS, TCP and UDP over real sockets: manifests become a running proxy, clients and backends are made on the spot.

#[path = "streams/backends.rs"]
mod backends;
#[path = "streams/bytes.rs"]
mod bytes;
#[path = "streams/secure.rs"]
mod secure;
#[path = "streams/world.rs"]
mod world;
