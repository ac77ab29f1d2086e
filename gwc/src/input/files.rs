//! Files, folders and globs: which files a path stands for (cli-and-rules.md §5.1), and reading one.
//!
//! Whatever is not a regular file is refused before it is opened, so that no pipe or device can make us wait.

use std::fs::{File as Handle, Metadata};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use gwc_core::source::{Origin, Role, Source};
use ignore::{DirEntry, WalkBuilder};

use crate::failure::Failure;
use crate::input::Request;

/// Largest text that is read.
pub(crate) const MAX_BYTES: u64 = 512 << 20;

/// Endings of manifests.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// Which discovered files count; named files always do.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    include: Option<GlobSet>,
    exclude: GlobSet,
    follow_symlinks: bool,
}

/// A file to read.
#[derive(Debug, Clone)]
pub(crate) struct File {
    path: PathBuf,
    shown: String,
    role: Role,
    named: bool,
    /// Identity: the real path.
    pub(crate) key: PathBuf,
}

/// What paths stand for.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Files, in argument order, each folder sorted by name.
    pub(crate) files: Vec<File>,
    /// What could not be had.
    pub(crate) problems: Vec<String>,
    /// Test files that were met on the way.
    pub(crate) tests: Vec<File>,
}

impl Filter {
    /// Compiles the globs of `[input]`; files of `[test]` are never manifests.
    pub(crate) fn new(include: &[String], exclude: &[&[String]], follow_symlinks: bool) -> Result<Self, Failure> {
        let set = |globs: &mut dyn Iterator<Item = &String>| -> Result<GlobSet, Failure> {
            let mut builder = GlobSetBuilder::new();
            for text in globs {
                builder.add(glob(text).map_err(Failure::usage)?);
            }
            builder.build().map_err(|error| Failure::usage(error.to_string()))
        };
        let include = if include.is_empty() { None } else { Some(set(&mut include.iter())?) };
        let exclude = set(&mut exclude.iter().copied().flatten())?;
        Ok(Self { include, exclude, follow_symlinks })
    }

    /// Does a discovered file of this name count?
    pub(crate) fn admits(&self, shown: &str) -> bool {
        self.include.as_ref().is_none_or(|globs| globs.is_match(shown)) && !self.exclude.is_match(shown)
    }
}

/// A glob in which `*` stays inside a folder; the error says what is wrong with it.
pub(crate) fn glob(text: &str) -> Result<Glob, String> {
    let trimmed = text.strip_prefix("./").unwrap_or(text);
    let built = GlobBuilder::new(trimmed).literal_separator(true).build();
    built.map_err(|error| format!("`{text}` is no glob: {}", error.kind()))
}

/// Adds the files that one argument stands for.
pub(crate) fn find(path: &Path, role: Role, request: &Request<'_>, found: &mut Found) {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            walk(path, &|path: &Path, _: &str| is_manifest(path), role, request, found)
        }
        Ok(metadata) => match not_regular(&metadata) {
            None if is_test_file(path) => {}
            None => found.files.push(file(path, role, true, request)),
            Some(what) => found.problems.push(refusal(path, what)),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_glob(path) => {
            expand(path, &|path: &Path, _: &str| is_manifest(path), role, request, found);
        }
        Err(error) => found.problems.push(unreadable(path, &error)),
    }
}

impl File {
    /// Where it lies.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The text of the file, or why there is none.
    pub(crate) fn read(self) -> Result<Source, String> {
        let fail = |error: std::io::Error| unreadable(&self.path, &error);
        let metadata = std::fs::metadata(&self.path).map_err(fail)?;
        if let Some(what) = not_regular(&metadata) {
            return Err(refusal(&self.path, what));
        }
        if metadata.len() > MAX_BYTES {
            return Err(format!("{}: is larger than {} MiB", show_typed(&self.path), MAX_BYTES >> 20));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        let handle = Handle::open(&self.path).map_err(fail)?;
        handle.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(fail)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(format!("{}: is larger than {} MiB", show_typed(&self.path), MAX_BYTES >> 20));
        }
        Ok(Source::from_bytes(self.shown, Origin::File, self.role, self.named, bytes))
    }
}

/// The path relative to the project root with `/`; outside of it, as it was typed.
pub(crate) fn shown(path: &Path, root: &Path) -> String {
    let whole = std::path::absolute(path).map(|path| normal(&path)).unwrap_or_else(|_| path.to_path_buf());
    if let Ok(inside) = whole.strip_prefix(root) {
        return slashes(inside);
    }
    let real = std::fs::canonicalize(path).ok();
    match real.as_deref().and_then(|real| real.strip_prefix(root).ok()) {
        Some(inside) => slashes(inside),
        None => show_typed(path),
    }
}

fn show_typed(path: &Path) -> String {
    slashes(path.strip_prefix(".").unwrap_or(path))
}

fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// Resolves `.` and `..` without looking at the disk.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}

fn file(path: &Path, role: Role, named: bool, request: &Request<'_>) -> File {
    let key = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    File { path: path.to_path_buf(), shown: shown(path, request.root), role, named, key }
}

/// Does a file count, by its path and its shown name?
type Wanted<'w> = &'w dyn Fn(&Path, &str) -> bool;

/// All files of a folder that are wanted.
fn walk(folder: &Path, wanted: Wanted<'_>, role: Role, request: &Request<'_>, found: &mut Found) {
    let real = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let shown_folder = shown(folder, request.root);
    let mut builder = WalkBuilder::new(folder);
    builder.standard_filters(false).hidden(true).parents(true).git_ignore(true).require_git(false);
    builder.add_custom_ignore_filename(".gwcignore").follow_links(request.filter.follow_symlinks);
    builder.sort_by_file_name(std::ffi::OsStr::cmp);
    for entry in builder.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.problems.push(format!("{}: {error}", show_typed(folder)));
                continue;
            }
        };
        let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let shown = match shown_folder.as_str() {
            "" => slashes(inside),
            folder => format!("{}/{}", folder.trim_end_matches('/'), slashes(inside)),
        };
        let is_test = is_test_file(entry.path());
        let is_wanted = wanted(entry.path(), &shown) && request.filter.admits(&shown);
        if (is_test || is_wanted) && !is_folder(&entry) {
            let key = if entry.path_is_symlink() { std::fs::canonicalize(entry.path()).ok() } else { None };
            let key = key.unwrap_or_else(|| real.join(inside));
            let file = File { path: entry.path().to_path_buf(), shown, role, named: false, key };
            if is_wanted { found.files.push(file) } else { found.tests.push(file) }
        }
    }
}

/// Folders are walked, not read; a symlinked folder is neither.
fn is_folder(entry: &DirEntry) -> bool {
    let kind = entry.file_type();
    kind.is_none_or(|kind| kind.is_dir() || (kind.is_symlink() && entry.path().is_dir()))
}

pub(crate) fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let known = extension.is_some_and(|found| EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(found)));
    known && !is_test_file(path)
}

/// Route tests live beside manifests (cli-and-rules.md §10).
pub(crate) fn is_test_file(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.ends_with(".gwc-test.yaml") || name.ends_with(".gwc-test.yml")
}

/// The test files that paths stand for, by name, and what could not be had: files as they are named, of folders and
/// globs those that end in `.gwc-test.yaml` or that a glob of `[test].paths` matches.
pub(crate) fn test_files(
    paths: &[PathBuf],
    root: &Path,
    configured: &[String],
) -> Result<(Vec<File>, Vec<String>), Failure> {
    let own = Filter::new(configured, &[], false)?;
    let filter = Filter { include: None, exclude: GlobSet::empty(), follow_symlinks: false };
    let request = Request { paths, context: &[], root, filter: &filter, order: crate::input::Order::ByName };
    let mut found = Found::default();
    let is_test = |file: &Path, shown: &str| {
        is_test_file(file) || own.include.as_ref().is_some_and(|globs| globs.is_match(shown))
    };
    for path in paths {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, &is_test, Role::Checked, &request, &mut found),
            Ok(metadata) => match not_regular(&metadata) {
                None => found.files.push(file(path, Role::Checked, true, &request)),
                Some(what) => found.problems.push(refusal(path, what)),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_glob(path) => {
                expand(path, &is_yaml, Role::Checked, &request, &mut found);
            }
            Err(error) => found.problems.push(unreadable(path, &error)),
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.files.retain(|file| seen.insert(file.key.clone()));
    found.files.sort_by(|a, b| a.shown.cmp(&b.shown));
    Ok((found.files, found.problems))
}

/// May a file that a glob names be a test file?
fn is_yaml(path: &Path, _: &str) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|found| EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(found)))
}

fn is_glob(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

/// Files that a glob matches, below its longest plain part.
fn expand(pattern: &Path, wanted: Wanted<'_>, role: Role, request: &Request<'_>, found: &mut Found) {
    let plain: PathBuf = pattern.components().take_while(|part| !is_glob(Path::new(part.as_os_str()))).collect();
    let rest = slashes(pattern.strip_prefix(&plain).unwrap_or(pattern));
    let base = if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain };
    let before = (found.files.len(), found.problems.len());
    match glob(&rest) {
        Err(message) => found.problems.push(message),
        Ok(_) if !base.is_dir() => found.problems.push(format!("{}: no such folder", show_typed(&base))),
        Ok(glob) => {
            let glob = glob.compile_matcher();
            let is_wanted = |path: &Path, shown: &str| {
                wanted(path, shown) && glob.is_match(path.strip_prefix(&base).unwrap_or(path))
            };
            walk(&base, &is_wanted, role, request, found);
        }
    }
    if (found.files.len(), found.problems.len()) == before {
        found.problems.push(format!("{}: no manifest matches this glob", show_typed(pattern)));
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    let path = show_typed(path);
    if error.kind() == std::io::ErrorKind::NotFound {
        format!("{path}: no such file or folder")
    } else if error.kind() == std::io::ErrorKind::PermissionDenied {
        format!("{path}: permission denied")
    } else if is_symlink_loop(error) {
        format!("{path}: a symbolic link that leads back to itself")
    } else {
        format!("{path}: cannot be read: {error}")
    }
}

/// `ELOOP`; the standard library has no stable name for it.
fn is_symlink_loop(error: &std::io::Error) -> bool {
    let code = if cfg!(target_os = "linux") { 40 } else { 62 };
    cfg!(unix) && error.raw_os_error() == Some(code)
}

fn refusal(path: &Path, what: &str) -> String {
    format!("{}: is {what}, not a file; pipe its text to `gwc … -`", show_typed(path))
}

/// What a path is when it is no regular file.
#[cfg(unix)]
fn not_regular(metadata: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    match () {
        () if kind.is_file() => None,
        () if kind.is_fifo() => Some("a pipe"),
        () if kind.is_socket() => Some("a socket"),
        () if kind.is_char_device() || kind.is_block_device() => Some("a device"),
        () => Some("a folder"),
    }
}

/// What a path is when it is no regular file.
#[cfg(not(unix))]
fn not_regular(metadata: &Metadata) -> Option<&'static str> {
    (!metadata.is_file()).then_some("something else")
}
