//! CPU, wall time and peak memory of child processes, from the kernel's own accounting (Linux).

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a run cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// User and system seconds.
    pub(crate) cpu: f64,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// Bytes.
    pub(crate) peak_rss: u64,
}

/// CPU seconds of all children that were waited for; the kernel counts in hundredths.
fn children_cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<f64> = after_name.split(' ').map(|field| field.parse().unwrap_or(0.0)).collect();
    // Fields 16 and 17 of the whole line, cutime and cstime; the name and what stands before it are cut off.
    (fields.get(13).unwrap_or(&0.0) + fields.get(14).unwrap_or(&0.0)) / 100.0
}

fn peak_rss(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Runs a program once; its output is thrown away.
pub(crate) fn once(program: &Path, arguments: &[String]) -> std::io::Result<Cost> {
    let (before, start) = (children_cpu(), Instant::now());
    let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut peak = 0;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = peak_rss(child.id()).unwrap_or(peak).max(peak);
        std::thread::sleep(Duration::from_millis(2));
    };
    let wall = start.elapsed().as_secs_f64();
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(std::io::Error::other(format!(
            "{} {} ended with {status}",
            program.display(),
            arguments.join(" ")
        )));
    }
    Ok(Cost { cpu: children_cpu() - before, wall, peak_rss: peak })
}

/// The run with the median CPU of `n`, after one to warm up.
pub(crate) fn median(program: &Path, arguments: &[String], n: usize) -> std::io::Result<Cost> {
    once(program, arguments)?;
    let mut costs = (0..n).map(|_| once(program, arguments)).collect::<std::io::Result<Vec<Cost>>>()?;
    costs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    Ok(costs[n / 2])
}

/// The sum of `n` runs, for programs too short to be timed alone. The kernel adds up nanoseconds and rounds only the
/// sums that it shows, so the error of the whole is two hundredths of a second, whatever `n`.
pub(crate) fn repeated(program: &Path, arguments: &[String], n: usize) -> std::io::Result<Cost> {
    once(program, arguments)?;
    let (before, start) = (children_cpu(), Instant::now());
    let mut peak = 0;
    for _ in 0..n {
        let output = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        peak = peak.max(u64::from(!matches!(output.code(), Some(0 | 1))));
    }
    if peak > 0 {
        return Err(std::io::Error::other(format!("{} {} failed", program.display(), arguments.join(" "))));
    }
    Ok(Cost { cpu: children_cpu() - before, wall: start.elapsed().as_secs_f64(), peak_rss: 0 })
}
