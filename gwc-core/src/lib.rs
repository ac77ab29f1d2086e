//! gwc-core: from Gateway API manifests to exact status conditions, diagnostics and (later) the match IR.
//!
//! Pure: no files, no clock, no network, no global state. Everything comes in as [`source::SourceMap`] and
//! [`profile::Profile`].

pub mod admission;
pub mod diagnostic;
pub mod profile;
pub mod source;
pub mod status;
pub mod yaml;
