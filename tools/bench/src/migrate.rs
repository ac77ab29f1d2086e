//! What a migration costs: `gwc ingress-migrate` with and without verification, against `gwc check` of what it wrote.
//!
//! The three take turns, and ratios are taken round by round, so that other work on the machine falls on all of them.

use std::path::Path;

use crate::measure::{Cost, once};
use crate::{check, ingresses, path_text, report, row, sibling};

/// Rounds after the one that warms up and writes what is checked.
const ROUNDS: usize = 5;

/// Writes `n` Ingresses into `dir`.
pub(crate) fn write(dir: &Path, n: usize) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    ingresses::world(n).into_iter().try_for_each(|file| std::fs::write(dir.join(file.name), file.text))
}

/// Prints the table.
pub(crate) fn run(n: usize) -> std::io::Result<()> {
    let root = std::env::temp_dir().join(format!("gwc-bench-migrate-{}", std::process::id()));
    let source = root.join("ingresses");
    write(&source, n)?;
    let outcome = rows(&source, &root.join("manifests"), n);
    std::fs::remove_dir_all(&root)?;
    outcome
}

fn convert(source: &Path, out: &Path, level: &str) -> Vec<String> {
    // A folder is named with a final slash.
    let out = format!("{}/", path_text(out));
    let words = ["ingress-migrate", "--no-config", "--threads", "1", "-qq", "--verify", level, "--out", &out];
    words.into_iter().map(str::to_owned).chain([path_text(source)]).collect()
}

fn rows(source: &Path, out: &Path, n: usize) -> std::io::Result<()> {
    let gwc = sibling("gwc")?;
    let contestants = [check("1", out), convert(source, out, "off"), convert(source, out, "fast")];
    once(&gwc, &convert(source, out, "fast"))?;
    let mut costs: [Vec<Cost>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for (arguments, costs) in contestants.iter().zip(&mut costs) {
            costs.push(once(&gwc, arguments)?);
        }
    }
    report(&format!("| {n} Ingresses | CPU s | wall s | peak RSS MB | CPU against the check |"));
    report("|---|---|---|---|---|");
    let names = ["gwc check of the output", "gwc ingress-migrate --verify off", "gwc ingress-migrate --verify fast"];
    let [checks, ..] = &costs;
    for (name, own) in names.into_iter().zip(&costs) {
        let mut ratios: Vec<f64> = own.iter().zip(checks).map(|(one, check)| one.cpu / check.cpu.max(0.01)).collect();
        ratios.sort_by(f64::total_cmp);
        let (Some(least), Some(most)) = (ratios.first(), ratios.last()) else { continue };
        let middle = ratios.get(ratios.len() / 2).copied().unwrap_or_default();
        let mut own = own.clone();
        own.sort_by(|one, other| one.cpu.total_cmp(&other.cpu));
        if let Some(cost) = own.get(own.len() / 2) {
            row(name, cost, &format!("{middle:.2} × ({least:.2} to {most:.2})"));
        }
    }
    Ok(())
}
