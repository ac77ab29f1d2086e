//! How a run ends: [`Exit`] codes of cli-and-rules.md §4 and [`Failure`], an end with a message.
//!
//! Nothing is printed here; `main` prints the message and returns the code.

/// Exit code of a run; the order is that of "the highest applicable wins".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing at or above the threshold.
    Success,
    /// The checked thing is bad.
    Bad,
    /// A flag, the configuration or a rule name is wrong.
    Usage,
    /// Inputs could not be obtained.
    Input,
    /// A bug.
    Internal,
    /// The code of a command that ran for us, or of the signal that ended us.
    #[cfg(feature = "serve")]
    Given(u8),
}

impl Exit {
    /// The number that the process returns.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Bad => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Internal => 4,
            #[cfg(feature = "serve")]
            Self::Given(code) => code,
        }
    }
}

/// A run that could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Exit code.
    pub(crate) exit: Exit,
    /// What is wrong and how to cure it; lines are printed as they are.
    pub(crate) message: String,
}

impl Failure {
    /// A wrong flag, value or configuration.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    /// An input that cannot be had.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self { exit: Exit::Input, message: message.into() }
    }

    /// A state that only a bug explains.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self { exit: Exit::Internal, message: message.into() }
    }
}

/// What a command gives back.
pub(crate) type Outcome = Result<Exit, Failure>;
