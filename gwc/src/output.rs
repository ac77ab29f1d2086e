//! Output: formats by name, where they go, and the writers.
//!
//! A writer turns plain data into text; only [`emit`] touches stdout, stderr or files, and nothing here decides an
//! exit code.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::nearest;

pub(crate) mod admission;
pub(crate) mod concise;
pub(crate) mod github;
pub(crate) mod grouped;
pub(crate) mod ir_stats;
pub(crate) mod ir_text;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod route_batch;
pub(crate) mod route_table;
pub(crate) mod route_tree;
pub(crate) mod sarif;
pub(crate) mod source_code;
pub(crate) mod statistics;
pub(crate) mod status_json;
pub(crate) mod status_table;
pub(crate) mod status_yaml;
pub(crate) mod style;
pub(crate) mod summary;
pub(crate) mod test_json;
pub(crate) mod test_junit;
pub(crate) mod test_tap;
pub(crate) mod test_text;
pub(crate) mod text;
pub(crate) mod value;

#[cfg(test)]
#[path = "output/tests.rs"]
mod written;

/// Formats of later versions, for the message.
const LATER: [&str; 7] = ["tap", "checkstyle", "rdjson", "gitlab", "azure", "markdown", "tree"];

/// One `-o FMT[=PATH]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted<F> {
    /// The format.
    pub(crate) format: F,
    /// A file; `None`: stdout.
    pub(crate) path: Option<PathBuf>,
}

/// Reads all `-o` of a command; `there` are its formats, the first of them the default.
pub(crate) fn wanted<F: Copy>(texts: &[String], there: &[(&str, F)]) -> Result<Vec<Wanted<F>>, Failure> {
    let mut all = Vec::new();
    for text in texts {
        let (name, path) = text.split_once('=').map_or((text.as_str(), None), |(name, path)| (name, Some(path)));
        let Some((_, format)) = there.iter().find(|(known, _)| *known == name) else {
            let names: Vec<&str> = there.iter().map(|(name, _)| *name).collect();
            let problem = if LATER.contains(&name) {
                format!("output format `{name}` is not built yet")
            } else {
                format!("unknown output format `{name}`{}", nearest::hint(name, names.iter().copied()))
            };
            return Err(Failure::usage(format!("{problem}; there are {}", names.join(", "))));
        };
        if path == Some("") {
            return Err(Failure::usage(format!("-o {text}: the name of the file is missing")));
        }
        all.push(Wanted { format: *format, path: path.map(PathBuf::from) });
    }
    if all.is_empty() {
        all.extend(there.first().map(|(_, format)| Wanted { format: *format, path: None }));
    }
    if all.iter().filter(|wanted| wanted.path.is_none()).count() > 1 {
        return Err(Failure::usage("two output formats for stdout; send one to a file with -o FMT=PATH"));
    }
    Ok(all)
}

/// Writes a finished text. A reader that went away is no error.
pub(crate) fn emit(text: &str, path: Option<&Path>) -> Result<(), Failure> {
    let written = match path {
        Some(path) => std::fs::write(path, text),
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes()).and_then(|()| out.flush())
        }
    };
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let place = path.map_or_else(|| "stdout".to_owned(), |path| format!("`{}`", path.display()));
            Err(Failure::usage(format!("cannot write to {place}: {error}")))
        }
        Ok(()) => Ok(()),
    }
}

/// Writes lines to stderr; failures to do so are of no interest to anyone.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THERE: [(&str, u8); 2] = [("full", 1), ("json", 2)];

    fn read(texts: &[&str]) -> Result<Vec<Wanted<u8>>, Failure> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        wanted(&texts, &THERE)
    }

    #[test]
    fn formats_files_and_the_default() {
        assert_eq!(read(&[]).unwrap(), [Wanted { format: 1, path: None }]);
        let two = read(&["full", "json=out/x=y.json"]).unwrap();
        assert_eq!(two[1], Wanted { format: 2, path: Some(PathBuf::from("out/x=y.json")) });
        assert!(read(&["full", "json"]).is_err());
    }

    #[test]
    fn unknown_formats_name_those_there_are() {
        assert!(read(&["jsno"]).unwrap_err().message.contains("did you mean `json`?; there are full, json"));
        assert!(read(&["gitlab"]).unwrap_err().message.contains("not built yet; there are full, json"));
    }
}
