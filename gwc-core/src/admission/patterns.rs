//! Patterns of the CRDs as hand-written functions; a test compares each with its regular expression.

/// One pattern of the CRDs.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// The regular expression, as the CRDs have it; matches anywhere unless anchored.
    pub text: &'static str,
    /// The same, by hand.
    pub matches: fn(&str) -> bool,
    /// What a fitting value looks like, in words.
    pub words: &'static str,
}

/// All patterns, in the order of their text.
pub static PATTERNS: &[Pattern] = &[];
