//! gwc: the command line. Parse, dispatch, exit code; nothing else.

mod arguments;
mod cli;
#[cfg(feature = "cluster")]
mod cluster;
mod commands;
mod compile;
mod config;
mod difference;
mod failure;
mod findings;
mod input;
mod mask;
mod migration;
mod nearest;
mod object_name;
mod options;
mod output;
mod picture;
mod progress;
mod route;
mod selection;
#[cfg(feature = "serve")]
mod serve;
mod suite;
mod suppress;
mod texts;

use std::process::ExitCode;

use failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The default hook would print a bare panic; the message below asks for a report instead.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = std::panic::catch_unwind(|| commands::run(std::env::args_os()));
    let outcome = outcome.unwrap_or_else(|payload| Err(bug(payload.as_ref())));
    let exit = outcome.unwrap_or_else(|failure| {
        output::say(&format!("error: {}", failure.message));
        failure.exit
    });
    ExitCode::from(exit.code())
}

/// The message for a panic.
fn bug(payload: &(dyn std::any::Any + Send)) -> Failure {
    let text = payload.downcast_ref::<&str>().copied().map(str::to_owned);
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    Failure::internal(format!(
        "internal error: {}\nthis is a bug in gwc {version}; please report it with the command line and the input",
        mask::words(&text)
    ))
}
