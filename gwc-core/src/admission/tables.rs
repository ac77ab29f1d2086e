//! Facts of the CRDs of every bundle and channel; generated, except for this list.

pub mod nodes;
pub mod parts;
pub mod versions;

pub use nodes::NODES;
pub use parts::{COMBINATIONS, DEFAULTS, ENUMS, LIMITS, NAMES, PROPERTIES, RULE_SETS};
pub use versions::VERSIONS;
