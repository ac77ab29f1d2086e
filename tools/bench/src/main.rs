//! Times whole runs of `gwc` against a YAML parser on the same bytes, in one run, as ratios.
//!
//! `cargo build --release -p gwc -p bench && target/release/bench [--files N]`; with `--scale` also 100,000 files and
//! shapes that hurt whatever compares all with all. `bench generate DIR N` only writes the corpus. `bench lookup` times
//! the matcher instead, `bench phases` the way from verdicts to programs, `bench diff` the comparison of two worlds,
//! `bench migrate` the migration of Ingresses (`generate-ingresses DIR N` only writes them). `bench swap` times reloads;
//! `backend`, `relay`, `rate` and `serve` belong to `tools/bench-serve`. The figures of record are in
//! `docs/performance.md`.

mod corpus;
mod ingresses;
mod lookup;
mod measure;
mod migrate;
mod phases;
mod serve;
mod shapes;
mod worlds;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use measure::Cost;

/// As in `gwc`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["generate", dir, n] => n.parse().map_err(io_error).and_then(|n| corpus::write(Path::new(dir), n)),
        ["generate-wrong", dir, n] => n.parse().map_err(io_error).and_then(|n| corpus::write_wrong(Path::new(dir), n)),
        ["parse", dir] => parse_all(Path::new(dir)),
        ["lookup"] => {
            lookup::run();
            Ok(())
        }
        ["phases"] => {
            phases::run();
            Ok(())
        }
        ["diff"] => worlds::run(),
        ["generate-ingresses", dir, n] => n.parse().map_err(io_error).and_then(|n| migrate::write(Path::new(dir), n)),
        ["migrate"] => migrate::run(10_000),
        ["migrate", n] => n.parse().map_err(io_error).and_then(migrate::run),
        ["backend", address] => serve::backend::run(address),
        ["relay", address, backend] => serve::relay::run(address, backend),
        ["serve", words @ ..] => serve::proxy::run(words),
        ["swap"] => serve::proxy::swap(),
        ["rate", address, host, path, rate, n] => at_rate([address, host, path], rate, n),
        ["--files", n] => n.parse().map_err(io_error).and_then(run),
        ["--scale"] => run(10_000).and_then(|()| scale()),
        [] => run(10_000),
        _ => Err(io_error(
            "usage: bench [--files N | --scale] | lookup | phases | diff | migrate [N] | generate DIR N | generate-wrong DIR N \
             | generate-ingresses DIR N | parse DIR \
             | backend ADDR | relay ADDR BACKEND | rate ADDR HOST PATH PER-SECOND N | serve DIR | swap",
        )),
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

fn at_rate([address, host, path]: [&str; 3], rate: &str, n: &str) -> std::io::Result<()> {
    let (rate, requests) = (rate.parse().map_err(io_error)?, n.parse().map_err(io_error)?);
    serve::rate::run(&serve::rate::Plan { address, host, path, rate, requests })
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

/// Runs of the programs that are too short to be timed alone.
const SHORT_RUNS: usize = 1000;

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Arguments of a check that prints nothing.
fn check(threads: &str, what: &Path) -> Vec<String> {
    let words = ["check", "--no-config", "--threads", threads, "-qq", "--exit-zero"];
    words.into_iter().map(str::to_owned).chain([path_text(what)]).collect()
}

/// 100,000 files, and each shape in full and in a quarter of its size: linear cost gives a ratio near 1.
fn scale() -> std::io::Result<()> {
    let gwc = sibling("gwc")?;
    let root = std::env::temp_dir().join(format!("gwc-bench-scale-{}", std::process::id()));
    let outcome = scale_rows(&gwc, &root);
    std::fs::remove_dir_all(&root)?;
    outcome
}

fn scale_rows(gwc: &Path, root: &Path) -> std::io::Result<()> {
    let (whole, tenth) = (root.join("whole"), root.join("tenth"));
    corpus::write(&whole, 100_000)?;
    corpus::write(&tenth, 10_000)?;
    let small = measure::median(gwc, &check("1", &tenth), 3)?;
    let large = measure::median(gwc, &check("1", &whole), 3)?;
    let growth = large.cpu / (small.cpu * 10.0);
    row("gwc check, 100,000 files", &large, &format!("{growth:.2} × ten times 10,000 files"));
    std::fs::remove_dir_all(&whole)?;
    for shape in shapes::ALL {
        let (quarter, full) = (root.join(format!("{}-quarter", shape.slug)), root.join(shape.slug));
        shape.write(&quarter, shape.size / 4)?;
        shape.write(&full, shape.size)?;
        let small = measure::median(gwc, &check("1", &quarter), 3)?;
        let large = measure::median(gwc, &check("1", &full), 3)?;
        let growth = large.cpu / (small.cpu * 4.0).max(0.01);
        row(shape.name, &large, &format!("{growth:.2} × four times a quarter of it"));
    }
    Ok(())
}

fn rows(gwc: &Path, bench: &Path, [dir, wrong, tenth]: [&PathBuf; 3]) -> std::io::Result<()> {
    let parser = measure::median(bench, &["parse".to_owned(), path_text(dir)], 5)?;
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
    let version = measure::repeated(gwc, &["version".to_owned()], SHORT_RUNS)?;
    let single = measure::repeated(gwc, &check("1", &file), SHORT_RUNS)?;
    row("gwc version, 1000 times", &version, "1.00");
    row("gwc check of one 2 KB file, 1000 times", &single, &format!("{:.2} × gwc version", single.cpu / version.cpu));
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
