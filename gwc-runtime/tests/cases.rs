//! The folders of traffic: enough cases, none without requests, no snapshot without its case.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// `area/case` of every folder that holds this file; folders without it fail the test.
fn cases(root: &str, file: &str) -> BTreeSet<String> {
    let folders = |path: &Path| {
        let entries = std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let root = workspace().join(root);
    let cases = folders(&root).iter().flat_map(|area| folders(area)).collect::<Vec<_>>();
    let name = |case: PathBuf| {
        assert!(case.join(file).is_file(), "{} holds no {file}", case.display());
        case.strip_prefix(&root).expect("a case").to_string_lossy().into_owned()
    };
    cases.into_iter().map(name).collect()
}

#[test]
fn every_case_has_its_snapshot_and_every_snapshot_its_case() {
    let cases = cases("fixtures/traffic", "requests.yaml");
    assert!(cases.len() >= 80, "{} cases", cases.len());
    assert_eq!(cases, self::cases("snapshots/traffic", "responses.snap"));
}
