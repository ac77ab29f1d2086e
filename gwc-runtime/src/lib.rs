//! The proxy that will execute the compiled match IR.
//!
//! Empty until the match IR exists; it will know `gwc_core::{ir, matcher, value}` and no Kubernetes.
