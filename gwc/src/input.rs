//! From paths to a [`SourceMap`]: what is read, in which order, under which name.
//!
//! Files, folders and globs are in [`files`], standard input in [`stdin`]. Nothing here looks into a text.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gwc_core::source::{Origin, Role, Source, SourceMap};
use rayon::prelude::*;

pub(crate) mod files;
pub(crate) mod git;
pub(crate) mod stdin;

/// From this many files on, reading in parallel is worth the threads.
const PARALLEL_FROM: usize = 64;

/// Order of the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// By name, so that the order of arguments does not matter.
    ByName,
    /// In the order of the arguments.
    AsGiven,
}

/// What to read.
#[derive(Debug, Clone)]
pub(crate) struct Request<'r> {
    /// Files, folders, globs and `-` to check.
    pub(crate) paths: &'r [PathBuf],
    /// The same, read only to resolve references.
    pub(crate) context: &'r [PathBuf],
    /// Folder that shown names are relative to.
    pub(crate) root: &'r Path,
    /// Which discovered files count.
    pub(crate) filter: &'r files::Filter,
    /// Order of the result.
    pub(crate) order: Order,
}

/// Texts and what could not be read.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The texts.
    pub(crate) sources: SourceMap,
    /// One message per path that could not be read.
    pub(crate) problems: Vec<String>,
    /// Test files that lie in the folders.
    pub(crate) tests: Vec<files::File>,
}

/// Reads everything that was asked for; problems do not stop the rest.
pub(crate) fn load(request: &Request<'_>, stdin: &mut stdin::Stdin) -> Input {
    let mut found = files::Found::default();
    let mut piped = Vec::new();
    let checked = request.paths.iter().map(|path| (path, Role::Checked));
    let context = request.context.iter().map(|path| (path, Role::Context));
    for (path, role) in checked.chain(context) {
        if path.as_os_str() != "-" {
            files::find(path, role, request, &mut found);
        } else if piped.is_empty() {
            let at = found.files.len();
            match stdin.source(role) {
                Ok(source) => piped.push((at, source)),
                Err(message) => found.problems.push(message),
            }
        }
    }
    let mut seen = HashSet::with_capacity(found.files.len());
    let mut texts: Vec<(usize, Source)> = Vec::with_capacity(found.files.len() + 1);
    texts.append(&mut piped);
    let wanted: Vec<(usize, files::File)> = found
        .files
        .into_iter()
        .enumerate()
        .filter(|(_, file)| seen.insert(file.key.clone().into_os_string()))
        .collect();
    for (at, read) in read_all(wanted) {
        match read {
            Ok(source) => texts.push((at, source)),
            Err(message) => found.problems.push(message),
        }
    }
    match request.order {
        Order::ByName => texts.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name)),
        Order::AsGiven => texts.sort_by_key(|(at, source)| (*at, source.origin != Origin::Stdin)),
    }
    let mut sources = SourceMap::new();
    for (_, source) in texts {
        sources.add(source);
    }
    Input { sources, problems: found.problems, tests: found.tests }
}

fn read_all(wanted: Vec<(usize, files::File)>) -> Vec<(usize, Result<Source, String>)> {
    if wanted.len() < PARALLEL_FROM {
        wanted.into_iter().map(|(at, file)| (at, file.read())).collect()
    } else {
        wanted.into_par_iter().map(|(at, file)| (at, file.read())).collect()
    }
}
