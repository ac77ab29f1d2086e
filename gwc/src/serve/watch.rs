//! Tells when files change: folders are watched whole, files and globs through their folder.
//!
//! What changed does not matter: texts are read anew and compared. Reading must not count as a change.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::input::files;
use crate::serve::session::Event;

/// Watches until it is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    _watcher: Option<RecommendedWatcher>,
}

/// Starts to watch paths of the command line; what cannot be watched is said by `say`.
pub(crate) fn start<'p>(
    paths: impl Iterator<Item = &'p PathBuf>,
    events: Sender<Event>,
    say: &dyn Fn(String),
) -> Watch {
    let told = move |event: notify::Result<notify::Event>| {
        // After an error, such as a queue that ran over, only reading can tell.
        if event.as_ref().map_or(true, is_change) {
            let _ = events.send(Event::Changed);
        }
    };
    let mut watcher = match notify::recommended_watcher(told) {
        Ok(watcher) => watcher,
        Err(error) => {
            say(format!("files cannot be watched: {error}; SIGHUP loads them again"));
            return Watch { _watcher: None };
        }
    };
    for path in paths.filter(|path| path.as_os_str() != "-") {
        let (folder, mode) = watched(path);
        if let Err(error) = watcher.watch(&folder, mode) {
            say(format!("{} cannot be watched: {error}; SIGHUP loads it again", folder.display()));
        }
    }
    Watch { _watcher: Some(watcher) }
}

/// The folder to watch for a path, and how deep.
fn watched(path: &Path) -> (PathBuf, RecursiveMode) {
    let here = |folder: Option<&Path>| match folder {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        Some(_) | None => PathBuf::from("."),
    };
    if path.is_dir() {
        return (path.to_path_buf(), RecursiveMode::Recursive);
    }
    if path.exists() {
        // Editors replace files: a watch on the file itself would end with the old one.
        return (here(path.parent()), RecursiveMode::NonRecursive);
    }
    // A glob, or a file that is not there: the nearest folder that is.
    (here(path.ancestors().find(|part| part.is_dir())), RecursiveMode::Recursive)
}

/// Could a manifest, or which manifests there are, have changed?
fn is_change(event: &notify::Event) -> bool {
    let is_write = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => true,
    };
    // A folder may come or go with manifests in it, under a name without an ending.
    let counts = |path: &PathBuf| files::is_manifest(path) || path.extension().is_none() || path.is_dir();
    is_write && (event.paths.is_empty() || event.paths.iter().any(counts))
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, ModifyKind, RenameMode};

    use super::*;

    fn event(kind: EventKind, path: &str) -> notify::Event {
        notify::Event::new(kind).add_path(PathBuf::from(path))
    }

    #[test]
    fn reading_is_no_change_and_writing_is() {
        let read = EventKind::Access(AccessKind::Close(AccessMode::Read));
        let open = EventKind::Access(AccessKind::Open(AccessMode::Any));
        assert!(!is_change(&event(read, "a.yaml")) && !is_change(&event(open, "a.yaml")));
        let close = EventKind::Access(AccessKind::Close(AccessMode::Write));
        let rename = EventKind::Modify(ModifyKind::Name(RenameMode::To));
        for kind in [close, rename, EventKind::Create(CreateKind::File), EventKind::Any] {
            assert!(is_change(&event(kind, "a.yaml")), "{kind:?}");
            assert!(!is_change(&event(kind, "a.yaml.swp")), "{kind:?}");
            assert!(is_change(&event(kind, "folder")), "{kind:?}");
        }
        assert!(is_change(&notify::Event::new(EventKind::Other)), "an overflow names no path");
    }

    #[test]
    fn files_and_globs_are_watched_through_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, "").unwrap();
        assert_eq!(watched(folder.path()), (folder.path().to_path_buf(), RecursiveMode::Recursive));
        assert_eq!(watched(&file), (folder.path().to_path_buf(), RecursiveMode::NonRecursive));
        let glob = folder.path().join("*/x.yaml");
        assert_eq!(watched(&glob), (folder.path().to_path_buf(), RecursiveMode::Recursive));
        assert_eq!(watched(Path::new("no-such-*.yaml")).0, Path::new("."));
    }
}
