//! Security: GWC8 (cli-and-rules.md §12). One file for each rule; this file only lists them.

use crate::lint::Lint;

/// The rules of this group, by number.
pub(super) static ALL: &[&Lint] = &[];
