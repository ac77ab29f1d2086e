//! From the process's arguments to [`Cli`]: `@FILE`, the name we were called by, and what to say about commands and
//! flags that do not exist (yet).

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};

use crate::cli::Cli;
use crate::failure::Failure;
use crate::{nearest, route};

/// Commands of later versions.
const LATER_COMMANDS: &[&str] = &["compat", "fmt", "lsp", "snapshot", "init", "crds"];

/// Flags of later versions.
const LATER_FLAGS: &[&str] = &[
    "--kustomize",
    "-k",
    "--helm",
    "--values",
    "--cluster",
    "--profile",
    "--kubernetes",
    "--fix",
    "--unsafe-fixes",
    "--fix-only",
    "--diff",
    "--show-fixes",
    "--add-ignore",
    "--baseline",
    "--write-baseline",
    "--prune-baseline",
    "--new-from",
    "--watch",
    "-w",
    "--live",
    "--wait",
    "--next",
    "--cache-dir",
    "--no-cache",
];

/// How parsing ended when it gave no command line to run.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Help or version was asked for; the text belongs to stdout.
    Text(String),
    /// Nothing was asked for: help, and the exit code of a wrong command line.
    Help(String),
    /// The command line is wrong.
    Failure(Failure),
}

/// The command line and clap's record of where each value came from.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<(Cli, clap::ArgMatches), Stop> {
    let arguments = expand(arguments).map_err(Stop::Failure)?;
    let mut command = definition(arguments.first());
    let matches = command.try_get_matches_from_mut(&arguments).map_err(stop)?;
    let cli = Cli::from_arg_matches(&matches).map_err(stop)?;
    Ok((cli, matches))
}

/// The clap command under the name that we were called by.
fn definition(name: Option<&OsString>) -> clap::Command {
    let stem = name.and_then(|name| Path::new(name).file_name()).map(|name| name.to_string_lossy().into_owned());
    let plugin = stem.as_deref().and_then(|stem| stem.strip_prefix("kubectl-"));
    match plugin {
        Some(plugin) => Cli::command().bin_name(format!("kubectl {}", plugin.trim_end_matches(".exe"))),
        None => Cli::command().bin_name("gwc"),
    }
}

/// Options of `gwc route` whose value may begin with `@` and means something else.
const DATA_FLAGS: &[&str] = &["-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"];

/// Replaces each `@FILE` by the lines of the file.
fn expand(arguments: impl Iterator<Item = OsString>) -> Result<Vec<OsString>, Failure> {
    let mut out: Vec<OsString> = Vec::new();
    for (position, argument) in arguments.enumerate() {
        let file = argument.to_str().and_then(|text| text.strip_prefix('@')).filter(|file| !file.is_empty());
        let is_data = out.last().and_then(|flag| flag.to_str()).is_some_and(|flag| DATA_FLAGS.contains(&flag));
        let Some(file) = file.filter(|_| position > 0 && !is_data) else {
            out.push(argument);
            continue;
        };
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("cannot read arguments from `{file}`: {error}")))?;
        out.extend(text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(OsString::from));
    }
    Ok(out)
}

/// Turns clap's error into ours, with a word on what is not built yet.
fn stop(error: clap::Error) -> Stop {
    let text = error.render().to_string();
    let kind = error.kind();
    if matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Stop::Text(text);
    }
    if kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Stop::Help(text);
    }
    let ours = match kind == ErrorKind::UnknownArgument {
        true => curl_flag(&error, &text).or_else(|| later_flag(&error)),
        // A wrong word behind `gwc config` is clap's to explain.
        false if text.contains("Usage: gwc config") => None,
        false => unknown_command(&error),
    };
    Stop::Failure(ours.unwrap_or_else(|| Failure::usage(strip(&text))))
}

/// A flag of curl behind `gwc route`, which has the others.
fn curl_flag(error: &clap::Error, text: &str) -> Option<Failure> {
    let flag = invalid(error, ContextKind::InvalidArg)?;
    let is_route = text.lines().any(|line| line.starts_with("Usage: ") && line.contains(" route "));
    route::curl::unknown(&flag).filter(|_| is_route)
}

/// A flag of a later version.
fn later_flag(error: &clap::Error) -> Option<Failure> {
    let flag = invalid(error, ContextKind::InvalidArg)?;
    let flag = flag.split(['=', ' ']).next().filter(|flag| LATER_FLAGS.contains(flag))?;
    Some(Failure::usage(format!("`{flag}` is not built yet; see --help for what there is")))
}

/// clap's own prefix goes; `main` writes one.
fn strip(text: &str) -> String {
    text.strip_prefix("error: ").unwrap_or(text).trim_end().to_owned()
}

fn invalid(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn unknown_command(error: &clap::Error) -> Option<Failure> {
    let name = invalid(error, ContextKind::InvalidSubcommand)?;
    let cli = Cli::command();
    let there: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
    let list = there.join(", ");
    if LATER_COMMANDS.contains(&name.as_str()) {
        return Some(Failure::usage(format!("`gwc {name}` is not built yet; commands there are: {list}")));
    }
    let hint = nearest::hint(&name, there.iter().copied().chain(["lint", "help"]));
    Some(Failure::usage(format!("unknown command `{name}`{hint}\ncommands there are: {list}")))
}
