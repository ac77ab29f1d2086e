//! `gwc completions SHELL`.

use clap::CommandFactory;
use clap::ValueEnum;
use clap_complete::Shell;

use crate::cli::{Cli, CompletionsArgs};
use crate::failure::{Exit, Failure, Outcome};
use crate::nearest;
use crate::output::emit;

/// Runs the command.
pub(crate) fn run(args: &CompletionsArgs) -> Outcome {
    let shells: Vec<String> = Shell::value_variants().iter().map(ToString::to_string).collect();
    let Ok(shell) = Shell::from_str(&args.shell, true) else {
        let problem = if args.shell.eq_ignore_ascii_case("nushell") {
            "completions for nushell are not built yet".to_owned()
        } else {
            let hint = nearest::hint(&args.shell, shells.iter().map(String::as_str));
            format!("unknown shell `{}`{hint}", args.shell)
        };
        return Err(Failure::usage(format!("{problem}; there are {}", shells.join(", "))));
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "gwc", &mut script);
    emit(&String::from_utf8_lossy(&script), None)?;
    Ok(Exit::Success)
}
