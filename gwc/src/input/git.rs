//! `git:REF[:PATH]`: manifests as a commit has them, read by `git` itself and only when asked for.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gwc_core::source::{Origin, Role, Source, SourceMap};

use crate::failure::Failure;
use crate::input::files::{Filter, is_manifest};

/// A commit and a path in it, relative to the current folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Anything that `git rev-parse` takes.
    pub(crate) commit: String,
    /// File or folder.
    pub(crate) path: String,
}

impl Reference {
    /// Reads `git:REF[:PATH]`; `None`: it does not begin with `git:`.
    pub(crate) fn parse(text: &str) -> Option<Result<Self, Failure>> {
        let rest = text.strip_prefix("git:")?;
        let (commit, path) = rest.split_once(':').unwrap_or((rest, "."));
        if commit.is_empty() || commit.starts_with('-') {
            return Some(Err(Failure::usage(format!("{text}: the commit is missing; write git:REF or git:REF:PATH"))));
        }
        let path = if path.is_empty() { "." } else { path };
        Some(Ok(Self { commit: commit.to_owned(), path: path.trim_start_matches("./").to_owned() }))
    }

    /// The manifests below the path, by name.
    pub(crate) fn read(&self, filter: &Filter) -> Result<SourceMap, Failure> {
        let listed = run(&["ls-tree", "-r", "-z", "--name-only", &self.commit, "--", self.folder()], self)?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut names: Vec<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
        let named = names.iter().any(|name| *name == self.path);
        names.retain(|name| named || (is_wanted(name) && filter.admits(name)));
        names.sort_unstable();
        if names.is_empty() {
            let (commit, path) = (&self.commit, &self.path);
            return Err(Failure::input(format!("git:{commit}: no manifests at `{path}` in that commit")));
        }
        let mut sources = SourceMap::new();
        for (name, bytes) in names.iter().zip(self.contents(&names)?) {
            let shown = format!("git:{}:{name}", self.commit);
            sources.add(Source::from_bytes(shown, Origin::File, Role::Checked, named, bytes));
        }
        Ok(sources)
    }

    fn folder(&self) -> &str {
        if self.path.is_empty() { "." } else { &self.path }
    }

    /// All texts from one process.
    fn contents(&self, names: &[&str]) -> Result<Vec<Vec<u8>>, Failure> {
        let mut child = Command::new("git")
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| missing(&error))?;
        let wanted: String = names.iter().map(|name| format!("{}:./{name}\n", self.commit)).collect();
        let input = child.stdin.take();
        // Written aside: git answers while it still reads.
        let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(wanted.as_bytes())));
        let output = child.stdout.take().ok_or_else(|| Failure::internal("git has no output"))?;
        let mut output = BufReader::new(output);
        let contents = names.iter().map(|name| self.content(&mut output, name)).collect::<Result<Vec<_>, _>>();
        drop(output);
        let _ = writer.join();
        let _ = child.wait();
        contents
    }

    /// One answer of `cat-file --batch`: a line with the size, the bytes, a line break.
    fn content(&self, output: &mut impl BufRead, name: &str) -> Result<Vec<u8>, Failure> {
        let broken = || Failure::input(format!("git:{}: `{name}` could not be read", self.commit));
        let mut line = String::new();
        output.read_line(&mut line).map_err(|_| broken())?;
        let size: Option<usize> = line.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
        let mut bytes = vec![0; size.ok_or_else(broken)?];
        output.read_exact(&mut bytes).map_err(|_| broken())?;
        output.read_exact(&mut [0]).map_err(|_| broken())?;
        Ok(bytes)
    }
}

/// As for discovered files: manifests that are not hidden and no tests.
fn is_wanted(name: &str) -> bool {
    let path = Path::new(name);
    let hidden = path.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        part.starts_with('.') && part != "." && part != ".."
    });
    !hidden && is_manifest(path)
}

fn run(arguments: &[&str], reference: &Reference) -> Result<Output, Failure> {
    let output = Command::new("git").args(arguments).stdin(Stdio::null()).output().map_err(|error| missing(&error))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
    let (commit, path) = (&reference.commit, &reference.path);
    Err(Failure::input(format!("git:{commit}:{path} cannot be read; git says: {said}")))
}

fn missing(error: &std::io::Error) -> Failure {
    Failure::input(format!("`git` cannot be run ({error}); operands git:REF need it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let parse = |text| Reference::parse(text).map(|parsed| parsed.map(|one| (one.commit, one.path)));
        assert_eq!(parse("manifests"), None);
        assert_eq!(parse("git:main"), Some(Ok(("main".to_owned(), ".".to_owned()))));
        assert_eq!(parse("git:HEAD~1:./deploy"), Some(Ok(("HEAD~1".to_owned(), "deploy".to_owned()))));
        assert!(parse("git:").is_some_and(|parsed| parsed.is_err()));
        assert!(parse("git:--upload-pack=x").is_some_and(|parsed| parsed.is_err()));
    }

    #[test]
    fn hidden_files_and_tests_are_no_manifests() {
        assert!(is_wanted("a/b.yaml") && is_wanted("a.json"));
        assert!(!is_wanted(".github/a.yaml") && !is_wanted("a.txt") && !is_wanted("a.gwc-test.yaml"));
    }
}
