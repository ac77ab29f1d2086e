//! `gwc man [COMMAND]`: manual pages in roff.

use clap::CommandFactory;

use crate::cli::{Cli, ManArgs};
use crate::failure::{Exit, Failure, Outcome};
use crate::nearest;
use crate::output::emit;

/// Runs the command.
pub(crate) fn run(args: &ManArgs) -> Outcome {
    let mut command = Cli::command();
    command.build();
    if let Some(name) = &args.command {
        let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let Some(found) = command.find_subcommand(name) else {
            let hint = nearest::hint(name, names.iter().map(String::as_str));
            return Err(Failure::usage(format!("unknown command `{name}`{hint}; there are {}", names.join(", "))));
        };
        command = found.clone();
    }
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command).render(&mut page);
    rendered.map_err(|error| Failure::internal(format!("the manual page cannot be written: {error}")))?;
    emit(&String::from_utf8_lossy(&page), None)?;
    Ok(Exit::Success)
}
