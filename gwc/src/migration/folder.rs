//! Files of `--out`: what would change, whether a hand was at them, and writing them.
//!
//! Beside the files `.gwc-migrate.json` keeps the digest of each: a file with another one was changed by hand and is
//! not overwritten or removed without `--force` (ingress-migrate.md §5.3).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::migration::decide::Out;
use crate::migration::emit::File;
use crate::output::emit;

/// Name of the record.
const RECORD: &str = ".gwc-migrate.json";

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    /// It is not there yet.
    New,
    /// Its text is another one.
    Changed,
    /// It is no longer written.
    Removed,
    /// Nothing.
    Same,
}

impl Change {
    /// For people.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Same => "unchanged",
        }
    }
}

/// A file and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Path below the folder.
    pub(crate) name: String,
    /// What becomes of it.
    pub(crate) change: Change,
    /// Its text is not what was written last.
    pub(crate) is_by_hand: bool,
}

/// The record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    version: u32,
    files: BTreeMap<String, String>,
}

/// What a run would do.
#[derive(Debug)]
pub(crate) struct Plan {
    base: PathBuf,
    record: Record,
    /// The files, by name.
    pub(crate) entries: Vec<Entry>,
}

/// Compares the files with what is there; `None` for standard output.
pub(crate) fn plan(files: &[File], out: &Out) -> Result<Option<Plan>, Failure> {
    let (base, is_folder) = match out {
        Out::Stdout => return Ok(None),
        Out::Folder { path, .. } => (path.clone(), true),
        Out::File(path) => (path.parent().unwrap_or(Path::new("")).to_path_buf(), false),
    };
    let record = read(&base)?;
    let mut entries = Vec::new();
    for file in files {
        let name = below(&file.name, out);
        let old = text(&base.join(&name))?;
        let change = match &old {
            None => Change::New,
            Some(old) if *old == file.text.as_bytes() => Change::Same,
            Some(_) => Change::Changed,
        };
        let is_own = |old: &Vec<u8>| record.files.get(&name) == Some(&digest(old));
        let is_by_hand = change == Change::Changed && !old.as_ref().is_some_and(is_own);
        entries.push(Entry { name, change, is_by_hand });
    }
    for (name, known) in record.files.iter().filter(|_| is_folder) {
        if files.iter().any(|file| below(&file.name, out) == *name) {
            continue;
        }
        if let Some(old) = text(&base.join(name))? {
            let is_by_hand = digest(&old) != *known;
            entries.push(Entry { name: name.clone(), change: Change::Removed, is_by_hand });
        }
    }
    entries.sort_by(|one, next| one.name.cmp(&next.name));
    Ok(Some(Plan { base, record, entries }))
}

impl Plan {
    /// Is there anything to do?
    pub(crate) fn is_drift(&self) -> bool {
        self.entries.iter().any(|entry| entry.change != Change::Same)
    }

    /// Writes and removes; refuses all of it where a hand was at a file.
    pub(crate) fn write(&self, files: &[File], out: &Out, force: bool) -> Result<(), Failure> {
        let by_hand: Vec<&str> =
            self.entries.iter().filter(|entry| entry.is_by_hand).map(|entry| entry.name.as_str()).collect();
        if !by_hand.is_empty() && !force {
            let message = format!(
                "nothing is written: {} not as gwc wrote {}; keep the changes elsewhere, or overwrite with --force",
                listed(&by_hand),
                if by_hand.len() == 1 { "it" } else { "them" },
            );
            return Err(Failure::usage(message));
        }
        let mut record = Record { version: 1, files: self.record.files.clone() };
        for file in files {
            let name = below(&file.name, out);
            let path = self.base.join(&name);
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                let made = std::fs::create_dir_all(folder);
                made.map_err(|error| Failure::usage(format!("cannot make `{}`: {error}", folder.display())))?;
            }
            let is_same = self.entries.iter().any(|entry| entry.name == name && entry.change == Change::Same);
            if !is_same {
                emit(&file.text, Some(&path))?;
            }
            record.files.insert(name, digest(file.text.as_bytes()));
        }
        if matches!(out, Out::Folder { .. }) {
            record.files.retain(|name, _| files.iter().any(|file| below(&file.name, out) == *name));
        }
        for entry in self.entries.iter().filter(|entry| entry.change == Change::Removed) {
            let path = self.base.join(&entry.name);
            let removed = std::fs::remove_file(&path);
            removed.map_err(|error| Failure::usage(format!("cannot remove `{}`: {error}", path.display())))?;
        }
        if record != self.record {
            let mut text = serde_json::to_string_pretty(&record).unwrap_or_default();
            text.push('\n');
            emit(&text, Some(&self.base.join(RECORD)))?;
        }
        Ok(())
    }
}

fn listed(names: &[&str]) -> String {
    let (shown, rest) = names.split_at(names.len().min(5));
    let list: Vec<String> = shown.iter().map(|name| format!("`{name}`")).collect();
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    format!("{}{more} {}", list.join(", "), if names.len() == 1 { "is" } else { "are" })
}

/// The name of a file below the folder that holds the record.
fn below(name: &str, out: &Out) -> String {
    match out {
        Out::File(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        Out::Folder { .. } | Out::Stdout => name.to_owned(),
    }
}

fn read(base: &Path) -> Result<Record, Failure> {
    let path = base.join(RECORD);
    let Some(bytes) = text(&path)? else { return Ok(Record::default()) };
    let record: Result<Record, _> = serde_json::from_slice(&bytes);
    let record = record.map_err(|error| {
        let message = "remove it to have every file there treated as changed by hand";
        Failure::usage(format!("`{}` cannot be read: {error}; {message}", path.display()))
    })?;
    // A name that leads out of the folder is not ours to remove.
    let is_inside = |name: &String| {
        Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_))) && !name.is_empty()
    };
    match record.files.keys().find(|name| !is_inside(name)) {
        Some(name) => Err(Failure::usage(format!("`{}`: `{name}` is no file below it", path.display()))),
        None => Ok(record),
    }
}

/// The bytes of a file; `None`: there is none.
fn text(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(format!("cannot read `{}`: {error}", path.display()))),
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::decide::Layout;

    fn file(name: &str, text: &str) -> File {
        File { name: name.to_owned(), text: text.to_owned(), is_manifest: true }
    }

    fn run(files: &[File], out: &Out, force: bool) -> Result<Vec<(String, Change)>, Failure> {
        let plan = plan(files, out)?.unwrap();
        plan.write(files, out, force)?;
        Ok(plan.entries.into_iter().map(|entry| (entry.name, entry.change)).collect())
    }

    fn pair(name: &str, change: Change) -> (String, Change) {
        (name.to_owned(), change)
    }

    #[test]
    fn a_folder_follows_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let out = Out::Folder { path: folder.path().join("out"), layout: Layout::PerNamespace, kustomization: false };
        let first = [file("a.yaml", "1"), file("b/c.yaml", "2")];
        assert_eq!(run(&first, &out, false).unwrap(), [pair("a.yaml", Change::New), pair("b/c.yaml", Change::New)]);
        assert!(!plan(&first, &out).unwrap().unwrap().is_drift());
        let second = [file("a.yaml", "3")];
        let expected = [pair("a.yaml", Change::Changed), pair("b/c.yaml", Change::Removed)];
        assert_eq!(run(&second, &out, false).unwrap(), expected);
        assert!(!folder.path().join("out/b/c.yaml").exists());
        assert_eq!(run(&second, &out, false).unwrap(), [pair("a.yaml", Change::Same)]);
    }

    #[test]
    fn what_a_hand_changed_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let out = Out::Folder { path: folder.path().to_path_buf(), layout: Layout::PerNamespace, kustomization: false };
        let both = [file("a.yaml", "1"), file("b.yaml", "2")];
        run(&both, &out, false).unwrap();
        std::fs::write(folder.path().join("b.yaml"), "mine").unwrap();
        let refused = run(&[file("a.yaml", "3")], &out, false).unwrap_err();
        assert!(refused.message.contains("`b.yaml` is not as gwc wrote it"), "{}", refused.message);
        assert_eq!(std::fs::read_to_string(folder.path().join("a.yaml")).unwrap(), "1", "all or nothing");
        run(&[file("a.yaml", "3")], &out, true).unwrap();
        assert!(!folder.path().join("b.yaml").exists());
        // A file that gwc never wrote is somebody's too.
        std::fs::write(folder.path().join("c.yaml"), "mine").unwrap();
        assert!(run(&[file("c.yaml", "4")], &out, false).is_err());
    }

    #[test]
    fn one_file_leaves_its_neighbours_alone() {
        let folder = tempfile::tempdir().unwrap();
        let out = |name: &str| Out::File(folder.path().join(name));
        run(&[file("x", "1")], &out("a.yaml"), false).unwrap();
        run(&[file("x", "2")], &out("b.yaml"), false).unwrap();
        assert_eq!(run(&[file("x", "3")], &out("a.yaml"), false).unwrap(), [pair("a.yaml", Change::Changed)]);
        assert_eq!(std::fs::read_to_string(folder.path().join("b.yaml")).unwrap(), "2");
    }

    #[test]
    fn a_record_names_nothing_outside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(RECORD), "{\"version\":1,\"files\":{\"../x\":\"\"}}").unwrap();
        let out = Out::File(folder.path().join("a.yaml"));
        assert!(plan(&[], &out).unwrap_err().message.contains("`../x` is no file below it"));
        std::fs::write(folder.path().join(RECORD), "[").unwrap();
        assert!(plan(&[], &out).is_err());
    }
}
