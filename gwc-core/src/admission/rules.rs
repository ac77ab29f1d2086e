//! The CEL rules of the CRDs as named functions on the located tree, by stable sub-id (GWC0017).
//!
//! `tools/cel-proof` proves each equal to the text of the CRDs.

use crate::yaml::Node;

/// What a rule looks at: `self` and, in transition rules, `oldSelf`.
#[derive(Debug, Clone, Copy)]
pub struct RuleCx<'n> {
    /// The value that the rule is attached to, after defaulting.
    pub value: &'n Node,
    /// The value at the same place before an update.
    pub old: Option<&'n Node>,
}

/// The rule could not be evaluated; the server reports an error of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleError;

/// One CEL rule.
#[derive(Debug, Clone, Copy)]
pub struct CelRule {
    /// Stable sub-id, for example `httproute.redirect-with-backends`.
    pub id: &'static str,
    /// True when the object passes.
    pub check: fn(RuleCx<'_>) -> Result<bool, RuleError>,
    /// Uses `oldSelf`: only evaluated where an old value exists.
    pub transition: bool,
    /// What is wrong when it is false, in our words.
    pub words: &'static str,
    /// How to cure it, in our words.
    pub help: &'static str,
}

/// All rules by sub-id.
pub static RULES: &[CelRule] = &[];
