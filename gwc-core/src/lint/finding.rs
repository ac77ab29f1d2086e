//! What several rules need to put a finding together: identity, severity, conditions, references with their places.
//!
//! Words and decisions of a single rule live with the rule; nothing here judges.
