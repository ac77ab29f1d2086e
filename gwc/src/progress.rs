//! Progress of long runs: one line on the terminal behind stderr, gone when the work is done.

use std::io::{IsTerminal, Write};

use crate::cli::{GlobalArgs, When};

/// A line that is rewritten in place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    is_on: bool,
}

impl Progress {
    /// On where stderr is a terminal and nobody asked for quiet.
    pub(crate) fn new(global: &GlobalArgs) -> Self {
        let is_on = match global.progress {
            Some(When::Always) => true,
            Some(When::Never) => false,
            Some(When::Auto) | None => global.quiet == 0 && std::io::stderr().is_terminal(),
        };
        Self { is_on }
    }

    /// Shows what is going on.
    pub(crate) fn say(self, text: &str) {
        if self.is_on {
            let mut out = std::io::stderr().lock();
            let _ = write!(out, "\r\u{1b}[K{text} …");
            let _ = out.flush();
        }
    }

    /// Removes the line.
    pub(crate) fn clear(self) {
        if self.is_on {
            let mut out = std::io::stderr().lock();
            let _ = write!(out, "\r\u{1b}[K");
            let _ = out.flush();
        }
    }
}
