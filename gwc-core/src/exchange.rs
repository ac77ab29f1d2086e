//! What happens to the parts of one request: normalisation, path and header changes, redirects, CORS.
//!
//! Pure text in, text out. The proxy and `predict.rs` call the same functions, so that what `gwc route` says is what is
//! sent. Which rule applies is decided in `matcher.rs`; nothing here looks at rules.

pub mod cors;
pub mod header;
pub mod normalise;
pub mod path;
pub mod redirect;
