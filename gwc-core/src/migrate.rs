//! Parts of the way from Ingress to Gateway API: what is known of annotations, and how objects are named, divided
//! and written.
//!
//! Pure data and text. Whether the written objects route as before is for other modules to prove; nothing here asks
//! them.

pub mod annotation;
pub mod code;
pub mod name;
pub mod plan;
pub mod render;
