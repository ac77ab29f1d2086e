//! Runs that are not as they should be, with the reason. A run that passes must not stand here: the list only shrinks.

/// Case and run, and what is wrong.
pub(crate) const NOT_YET: &[(&str, &str)] = &[("option-resource-backends/expect", "resources are not written")];
