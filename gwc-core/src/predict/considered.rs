//! Why an entry took a request and the others did not.

use crate::ir::{Config, Criterion};
use crate::matcher::reference::{Failed, Oracle};
use crate::predict::{Prediction, Request};

/// One entry of the listener and how it fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consideration {
    /// Position in [`crate::ir::Listener::entries`].
    pub entry: usize,
    /// The first condition that the request does not fulfil; `None`: it fulfils all.
    pub failed: Option<Failed>,
    /// The criterion by which it stands before or after the entry that took the request; `None`: it is that entry, or
    /// none took it.
    pub criterion: Option<Criterion>,
}

/// Every entry of the listener that took the request, in order of precedence. Empty when no listener did.
#[must_use]
pub fn considered(config: &Config, prediction: &Prediction, request: &Request) -> Vec<Consideration> {
    let Some(listener) = prediction.listener(config) else { return Vec::new() };
    let head = prediction.head(request);
    let oracle = Oracle::new(config, listener);
    let entries = listener.entries.iter().enumerate();
    let consideration = |(position, entry)| Consideration {
        entry: position,
        failed: oracle.failed(entry, &head),
        criterion: prediction.entry.and_then(|winner| match winner <= position {
            true => config.criterion(listener, winner, position),
            false => config.criterion(listener, position, winner),
        }),
    };
    entries.map(consideration).collect()
}
