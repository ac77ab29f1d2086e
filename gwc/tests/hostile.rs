//! Hostile input ends quickly with a clear answer: no panic, no hang, memory bounded (a corpus of stored files, and
//! larger ones made here).

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Far more than any file here needs, far less than a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// The resident peak, read while the program runs (Linux; 0 elsewhere).
fn peak_rss(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) * 1024
}

struct Run {
    code: Option<i32>,
    stderr: String,
    peak_rss: u64,
}

fn gwc(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("gwc starts");
    let mut pipe = child.stderr.take().expect("stderr is piped");
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = pipe.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let (start, mut peak) = (Instant::now(), 0);
    let code = loop {
        if let Some(status) = child.try_wait().expect("gwc can be waited for") {
            break status.code();
        }
        peak = peak.max(peak_rss(child.id()));
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            break None;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    Run { code, stderr: reader.join().expect("stderr is read"), peak_rss: peak }
}

#[track_caller]
fn ends_well(path: &Path, max_rss: u64) {
    let shown = path.to_string_lossy();
    for arguments in [
        vec!["check", "--no-config", shown.as_ref()],
        vec!["status", "--no-config", "--allow-empty", shown.as_ref()],
        vec!["check", "--no-config", "--phase", "admission", "-o", "admission-jsonl", shown.as_ref()],
    ] {
        let run = gwc(&arguments);
        let said: String = run.stderr.chars().take(2000).collect();
        assert!(matches!(run.code, Some(0 | 1 | 3)), "{arguments:?}: {:?}\n{said}", run.code);
        assert!(!run.stderr.contains("panicked"), "{arguments:?}: {said}");
        assert!(run.peak_rss <= max_rss, "{arguments:?}: {} MB", run.peak_rss / 1_000_000);
    }
}

#[test]
fn stored_corpus_ends_well() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/hostile");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root).expect("the corpus").flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(files.len() >= 60, "{} files", files.len());
    for file in files {
        ends_well(&file, 400_000_000);
    }
}

#[test]
fn large_files_end_well() {
    let dir = tempfile::tempdir().expect("a folder");
    let scalar = format!("a: \"{}\"\n", "x".repeat(100_000_000));
    let comments = "# x\n".repeat(500_000);
    let documents = "---\na: 1\n".repeat(200_000);
    let keys: String = (0..200_000).map(|key| format!("k{key}: 1\n")).collect();
    for (name, text, max_rss) in [
        ("scalar.yaml", scalar, 1_500_000_000),
        ("comments.yaml", comments, 400_000_000),
        ("documents.yaml", documents, 800_000_000),
        ("keys.yaml", keys, 800_000_000),
        ("brackets.yaml", "[".repeat(400_000), 400_000_000),
        ("dashes.yaml", "- ".repeat(400_000), 400_000_000),
    ] {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("a file is written");
        ends_well(&path, max_rss);
    }
}
