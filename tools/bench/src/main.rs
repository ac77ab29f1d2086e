//! Times whole runs of `gwc` against a YAML parser on the same bytes, in one run, as ratios.
//!
//! `cargo run --release -p bench [-- --files N]`; `bench generate DIR N` only writes the corpus.
//! The figures of record are in `docs/performance.md`.

mod corpus;
mod measure;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use measure::Cost;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["generate", dir, n] => n.parse().map_err(io_error).and_then(|n| corpus::write(Path::new(dir), n)),
        ["generate-wrong", dir, n] => n.parse().map_err(io_error).and_then(|n| corpus::write_wrong(Path::new(dir), n)),
        ["parse", dir] => parse_all(Path::new(dir)),
        ["--files", n] => n.parse().map_err(io_error).and_then(run),
        [] => run(10_000),
        _ => Err(io_error("usage: bench [--files N] | generate DIR N | generate-wrong DIR N | parse DIR")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&format!("bench: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn io_error(error: impl ToString) -> std::io::Error {
    std::io::Error::other(error.to_string())
}

#[expect(clippy::print_stdout, reason = "the table is the product of this program")]
fn report(line: &str) {
    println!("{line}");
}

/// Parses every document of every file of a folder into values, as a tool without its own parser would.
fn parse_all(dir: &Path) -> std::io::Result<()> {
    let mut n_documents = 0usize;
    for entry in std::fs::read_dir(dir)? {
        let text = std::fs::read_to_string(entry?.path())?;
        for document in text.split("\n---\n") {
            let value: serde_json::Value = yaml_serde::from_str(document).map_err(io_error)?;
            n_documents += usize::from(value.is_object());
        }
    }
    report(&format!("{n_documents} documents"));
    Ok(())
}

fn sibling(name: &str) -> std::io::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.exists() { Ok(path) } else { Err(io_error(format!("{name} is not built: cargo build --release -p gwc"))) }
}

fn run(n_files: usize) -> std::io::Result<()> {
    let (gwc, bench) = (sibling("gwc")?, std::env::current_exe()?);
    let root = std::env::temp_dir().join(format!("gwc-bench-{}", std::process::id()));
    let dir = root.join("corpus");
    corpus::write(&dir, n_files)?;
    let wrong = root.join("wrong");
    corpus::write_wrong(&wrong, 10_000)?;
    let tenth = root.join("tenth");
    corpus::write(&tenth, n_files / 10)?;
    let outcome = rows(&gwc, &bench, [&dir, &wrong, &tenth]);
    std::fs::remove_dir_all(&root)?;
    outcome
}

fn rows(gwc: &Path, bench: &Path, [dir, wrong, tenth]: [&PathBuf; 3]) -> std::io::Result<()> {
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let check = |threads: &str, what: &Path| {
        let (threads, what) = (threads.to_owned(), path(what));
        vec![
            "check".to_owned(),
            "--no-config".into(),
            "--threads".into(),
            threads,
            "-qq".into(),
            "--exit-zero".into(),
            what,
        ]
    };
    let parser = measure::median(bench, &["parse".to_owned(), path(dir)], 5)?;
    let one = measure::median(gwc, &check("1", dir), 5)?;
    let two = measure::median(gwc, &check("2", dir), 5)?;
    let small = measure::median(gwc, &check("1", tenth), 5)?;
    report("| run | CPU s | wall s | peak RSS MB | ratio |");
    report("|---|---|---|---|---|");
    row("yaml_serde parses the corpus", &parser, "1.00");
    row("gwc check, 1 thread", &one, &format!("{:.2} × the parser's CPU", one.cpu / parser.cpu));
    row("gwc check, 2 threads", &two, &format!("{:.2} × the wall time of 1 thread", two.wall / one.wall));
    let growth = one.cpu / (small.cpu * 10.0);
    row("gwc check, a tenth of the files", &small, &format!("{growth:.2} × ten times this is the whole"));
    let file = std::fs::read_dir(tenth)?.next().ok_or_else(|| io_error("empty corpus"))??.path();
    let version = measure::repeated(gwc, &["version".to_owned()], 200)?;
    let single = measure::repeated(gwc, &check("1", &file), 200)?;
    row("gwc version, 200 times", &version, "1.00");
    row("gwc check of one 2 KB file, 200 times", &single, &format!("{:.2} × gwc version", single.cpu / version.cpu));
    let mut loud = check("1", wrong);
    loud.retain(|word| word != "-qq");
    let silent = measure::median(gwc, &check("1", wrong), 5)?;
    let printed = measure::median(gwc, &loud, 5)?;
    row("gwc check, 10,000 findings, not printed", &silent, "");
    row("gwc check, 10,000 findings, printed", &printed, &format!("{:.2} s for printing", printed.cpu - silent.cpu));
    Ok(())
}

fn row(name: &str, cost: &Cost, ratio: &str) {
    report(&format!("| {name} | {:.2} | {:.2} | {} | {ratio} |", cost.cpu, cost.wall, cost.peak_rss / 1_000_000));
}
