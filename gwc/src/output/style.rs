//! Colours and hyperlinks: whether to use them, and the escape sequences.

use std::fmt::Write;
use std::io::IsTerminal;

use gwc_core::diagnostic::Severity;

use crate::cli::{GlobalArgs, When};

/// What the output may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Style {
    /// Colours.
    pub(crate) color: bool,
    /// OSC 8 hyperlinks.
    pub(crate) links: bool,
}

/// A way to stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Bold.
    Strong,
    /// Errors.
    Red,
    /// Warnings.
    Yellow,
    /// Remarks, places.
    Cyan,
    /// What is well.
    Green,
    /// Less important.
    Dim,
}

/// The environment that colour rules look at.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts about the environment")]
pub(crate) struct Surroundings {
    /// `NO_COLOR` is set and not empty.
    pub(crate) no_color: bool,
    /// `FORCE_COLOR` or `CLICOLOR_FORCE` is set and not `0`.
    pub(crate) force_color: bool,
    /// `TERM=dumb`.
    pub(crate) dumb: bool,
    /// The output is a terminal.
    pub(crate) terminal: bool,
}

impl Surroundings {
    /// Looks at the environment for an output to stdout.
    pub(crate) fn of_stdout() -> Self {
        Self::of(std::io::stdout().is_terminal())
    }

    /// Looks at the environment for an output that is a terminal or not.
    pub(crate) fn of(terminal: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let forced = |name: &str| set(name).is_some_and(|value| value != "0");
        Self {
            no_color: set("NO_COLOR").is_some(),
            force_color: forced("FORCE_COLOR") || forced("CLICOLOR_FORCE"),
            dumb: set("TERM").is_some_and(|term| term == "dumb"),
            terminal,
        }
    }
}

impl Style {
    /// No colours, no links: files.
    pub(crate) const PLAIN: Self = Self { color: false, links: false };

    /// What stdout may use.
    pub(crate) fn of_stdout(global: &GlobalArgs) -> Self {
        Self::new(global.color, global.hyperlinks, Surroundings::of_stdout())
    }

    /// What stderr may use.
    pub(crate) fn of_stderr(global: &GlobalArgs) -> Self {
        Self::new(global.color, global.hyperlinks, Surroundings::of(std::io::stderr().is_terminal()))
    }

    /// An explicit flag wins, then `NO_COLOR`, then the forcing variables, then the terminal.
    pub(crate) fn new(color: Option<When>, links: Option<When>, around: Surroundings) -> Self {
        let automatic = !around.no_color && (around.force_color || (around.terminal && !around.dumb));
        let decide = |when: Option<When>, automatic: bool| match when {
            Some(When::Always) => true,
            Some(When::Never) => false,
            Some(When::Auto) | None => automatic,
        };
        Self { color: decide(color, automatic), links: decide(links, around.terminal && !around.dumb) }
    }

    /// The text in an ink.
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Strong => "1",
            Ink::Red => "1;31",
            Ink::Yellow => "1;33",
            Ink::Cyan => "36",
            Ink::Green => "32",
            Ink::Dim => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// The text as a link.
    pub(crate) fn link(self, address: &str, text: &str) -> String {
        let mut out = String::new();
        match self.links {
            true => {
                let _ = write!(out, "\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\");
            }
            false => out.push_str(text),
        }
        out
    }
}

/// The ink of a severity.
pub(crate) fn ink(severity: Severity) -> Ink {
    match severity {
        Severity::Error => Ink::Red,
        Severity::Warning => Ink::Yellow,
        Severity::Info | Severity::Off => Ink::Cyan,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explicit_flag_wins_then_no_color_then_force() {
        let terminal = Surroundings { terminal: true, ..Surroundings::default() };
        let color = |when, around| Style::new(when, None, around).color;
        assert!(color(None, terminal));
        assert!(!color(None, Surroundings::default()));
        assert!(!color(None, Surroundings { no_color: true, force_color: true, ..terminal }));
        assert!(color(Some(When::Always), Surroundings { no_color: true, ..terminal }));
        assert!(color(None, Surroundings { force_color: true, ..Surroundings::default() }));
        assert!(!color(None, Surroundings { dumb: true, ..terminal }));
        assert!(!color(Some(When::Never), Surroundings { force_color: true, ..terminal }));
    }

    #[test]
    fn links_and_paint_are_plain_without_leave() {
        assert_eq!(Style::PLAIN.link("a", "text"), "text");
        assert_eq!(Style::PLAIN.paint(Ink::Red, "text"), "text");
        assert!(Style { color: true, links: true }.link("a", "t").starts_with("\u{1b}]8;;a\u{1b}\\t"));
    }
}
