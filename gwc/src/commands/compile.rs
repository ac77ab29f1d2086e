//! `gwc compile`: the match IR of a world, as text, JSON or figures.

use gwc_core::ir::Config;
use gwc_core::profile::WorldMode;

use crate::cli::{CompileArgs, Emit, GlobalArgs};
use crate::commands;
use crate::failure::{Exit, Failure, Outcome};
use crate::nearest;
use crate::options::Settings;
use crate::output::{counted, emit, ir_stats, ir_text, say};

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &CompileArgs) -> Outcome {
    let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Auto)?;
    let worlds = commands::compile_worlds(global, &mut settings, args.input.stdin_filename.as_deref())?;
    let mut text = String::new();
    let mut exit = worlds.exit;
    for run in &worlds.runs {
        let whole = &run.compilation.lowered.config;
        let restricted;
        let config = match &args.listener {
            None => whole,
            Some(name) => {
                restricted = only(whole, name)?;
                &restricted
            }
        };
        text.push_str(&match args.emit {
            Emit::Ir => ir_text::write(config),
            Emit::Json => json(config),
            Emit::Stats => ir_stats::write(config),
        });
        exit = exit.max(refused(global, run));
        if args.verify {
            exit = exit.max(verify(global, config));
        }
    }
    emit(&text, args.output_file.as_deref())?;
    Ok(exit)
}

fn json(config: &Config) -> String {
    let mut text = serde_json::to_string_pretty(config).unwrap_or_default();
    text.push('\n');
    text
}

/// The IR of one listener, `NS/NAME/LISTENER` of its Gateway or ListenerSet.
fn only(config: &Config, name: &str) -> Result<Config, Failure> {
    let restricted = config.restricted(|_, _, listener| listener.label() == name);
    if restricted.sockets.is_empty() {
        let there: Vec<String> =
            config.sockets.iter().flat_map(|socket| &socket.listeners).map(gwc_core::ir::Listener::label).collect();
        let hint = nearest::hint(name, there.iter().map(String::as_str));
        let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        return Err(Failure::usage(format!("--listener: no listener `{name}` is served{hint}; there are: {there}")));
    }
    Ok(restricted)
}

/// Says what is not in the IR because an API server would refuse it: exit 1, a compile error.
fn refused(global: &GlobalArgs, run: &crate::findings::Run) -> Exit {
    let refused = run.compilation.graph.refused.len();
    if refused == 0 {
        return Exit::Success;
    }
    if global.quiet < 2 {
        let what = counted(refused, "object");
        say(&format!("error: {what} would be refused by the API server and is left out; see `gwc check`"));
    }
    Exit::Bad
}

/// Compares program and reference on generated requests.
fn verify(global: &GlobalArgs, config: &Config) -> Exit {
    let report = gwc_core::matcher::boundary::verify(config);
    for wrong in report.wrong.iter().take(10) {
        say(&format!("error: {wrong}"));
    }
    if global.quiet == 0 {
        let what = counted(report.requests, "request");
        say(&format!("verified: program and reference agree on {} of {what}", report.requests - report.wrong.len()));
    }
    if report.wrong.is_empty() { Exit::Success } else { Exit::Internal }
}
