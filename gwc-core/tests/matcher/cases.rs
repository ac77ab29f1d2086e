//! Named cases: what the specification says about single requests, and what was once answered wrongly.
