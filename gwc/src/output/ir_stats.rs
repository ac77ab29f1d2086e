//! Figures of the match IR: what `gwc compile --emit stats` prints.

use std::fmt::Write;

use gwc_core::ir::{Config, Target};
use gwc_core::matcher::Program;

/// Writes the figures, one on a line.
pub(crate) fn write(config: &Config) -> String {
    let listeners = || config.sockets.iter().flat_map(|socket| &socket.listeners);
    let entries: usize = listeners().map(|listener| listener.entries.len()).sum();
    let targets = config.rules.iter().flat_map(|rule| &rule.backends);
    let invalid = targets.clone().filter(|backend| matches!(backend.target, Target::Invalid(_))).count();
    let memory = listeners().map(|listener| Program::compile(config, listener, 0).memory());
    let bytes = memory.fold((0, 0, 0), |(structure, text, patterns), one| {
        (structure + one.structure, text + one.text, patterns + one.patterns)
    });
    let figures = [
        ("gateways", config.gateways.len()),
        ("sockets", config.sockets.len()),
        ("listeners", listeners().count()),
        ("hostnames", listeners().map(|listener| listener.hosts.len()).sum()),
        ("rules", config.rules.len()),
        ("matches", config.rules.iter().map(|rule| rule.matches.len()).sum()),
        ("entries", entries),
        ("backends", config.backends.len()),
        ("backend references", targets.count()),
        ("unusable backend references", invalid),
        ("rules that rest on assumptions", config.rules.iter().filter(|rule| rule.assumed).count()),
        ("bytes of the compiled matcher", bytes.0),
        ("bytes of its texts", bytes.1),
        ("bytes of its expressions", bytes.2),
    ];
    let mut out = String::new();
    for (what, number) in figures {
        let _ = writeln!(out, "{what:<32}{number:>12}");
    }
    out
}
