//! Writes `gwc-core/src/admission/tables/*.rs` from the CRDs of every bundle and channel.
//!
//! `cargo run -p admission-tables -- [--check] [CRD FOLDER]`; with `--check` nothing is written, and a difference is a
//! failure. The CRDs themselves are not part of the repository.

mod crds;
mod intern;
mod render;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use intern::Interner;

/// What to do with the generated text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

fn main() -> ExitCode {
    let mut mode = Mode::Write;
    let mut folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/crds"));
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--check" => mode = Mode::Check,
            other => folder = PathBuf::from(other),
        }
    }
    match run(mode, &folder) {
        Ok(message) => {
            report(&message);
            ExitCode::SUCCESS
        }
        Err(message) => {
            report(&message);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the only output of a build tool")]
fn report(message: &str) {
    eprintln!("{message}");
}

fn run(mode: Mode, folder: &Path) -> Result<String, String> {
    let mut interner = Interner::new()?;
    let versions = crds::read_all(folder, &mut interner)?;
    let tables = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../gwc-core/src/admission/tables"));
    let mut stale = Vec::new();
    for (name, text) in render::files(&interner, &versions) {
        let path = tables.join(name);
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        if current == text {
            continue;
        }
        stale.push(name);
        if mode == Mode::Write {
            std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    let size = format!("{} nodes", interner.nodes.len());
    match (mode, stale.is_empty()) {
        (Mode::Check, false) => Err(format!("{} no longer fit the CRDs; run without --check", stale.join(", "))),
        (Mode::Check | Mode::Write, true) => Ok(format!("up to date, {size}")),
        (Mode::Write, false) => Ok(format!("wrote {}, {size}", stale.join(", "))),
    }
}
