//! Finding, reading and merging `gwc.toml` (cli-and-rules.md §9): discovery, `extends`, `--config`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use crate::config::{Config, origin};
use crate::failure::Failure;
use crate::nearest;

/// Names of the file, in order of preference.
const NAMES: [&str; 2] = ["gwc.toml", ".gwc.toml"];

/// Folders that mark the root of a repository.
const ROOTS: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// Longest chain of `extends`.
const MAX_EXTENDS: usize = 16;

/// A configuration and where its values came from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loaded {
    /// The merged configuration.
    pub(crate) config: Config,
    /// The file that was found or named.
    pub(crate) path: Option<PathBuf>,
    /// The text of that file.
    pub(crate) text: String,
    /// The merged values as a table.
    pub(crate) table: Table,
    /// `file:line` or `--config`, by dotted key.
    pub(crate) origins: BTreeMap<String, String>,
}

/// Reads the configuration that counts for `start`, with the values of `--config` on top.
pub(crate) fn load(start: &Path, settings: &[String], ignore_files: bool) -> Result<Loaded, Failure> {
    let (pairs, files): (Vec<&String>, Vec<&String>) = settings.iter().partition(|setting| setting.contains('='));
    let mut loaded = Loaded::default();
    let file = match files.as_slice() {
        [] if ignore_files => None,
        [] => discover(start),
        [file] => Some(PathBuf::from(file)),
        [_, second, ..] => return Err(Failure::usage(format!("`--config {second}`: only one file can be named"))),
    };
    if let Some(path) = file {
        let mut chain = Vec::new();
        loaded.table = read(&path, &mut loaded.origins, &mut chain)?;
        loaded.text = std::fs::read_to_string(&path).unwrap_or_default();
        loaded.path = Some(path);
    }
    for pair in pairs {
        let table = setting(pair)?;
        mark(&table, "", &mut loaded.origins, &|_| "--config".to_owned());
        merge(&mut loaded.table, table);
    }
    loaded.config = Config::deserialize(Value::Table(loaded.table.clone()))
        .map_err(|error| Failure::usage(format!("configuration: {}", explain(error.message(), None))))?;
    Ok(loaded)
}

/// The nearest configuration file, walking up from `start` to the root of the repository.
pub(crate) fn discover(start: &Path) -> Option<PathBuf> {
    let start = std::fs::canonicalize(start).ok()?;
    let folder = if start.is_dir() { start.as_path() } else { start.parent()? };
    for folder in folder.ancestors() {
        if let Some(file) = NAMES.iter().map(|name| folder.join(name)).find(|file| file.is_file()) {
            return Some(file);
        }
        if is_root(folder) {
            return None;
        }
    }
    None
}

/// True for a folder that holds a repository.
pub(crate) fn is_root(folder: &Path) -> bool {
    ROOTS.iter().any(|name| folder.join(name).exists())
}

/// Reads a file and what it extends; the file's own values win.
fn read(path: &Path, origins: &mut BTreeMap<String, String>, chain: &mut Vec<PathBuf>) -> Result<Table, Failure> {
    let shown = path.display();
    let real = std::fs::canonicalize(path)
        .map_err(|error| Failure::usage(format!("cannot read the configuration `{shown}`: {error}")))?;
    if chain.contains(&real) || chain.len() >= MAX_EXTENDS {
        return Err(Failure::usage(format!("{shown}: `extends` leads back to itself")));
    }
    chain.push(real);
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read the configuration `{shown}`: {error}")))?;
    let own: Config = toml::from_str(&text).map_err(|error| wrong(path, &text, &error))?;
    let table: Table = toml::from_str(&text).map_err(|error| wrong(path, &text, &error))?;
    let mut base = match &own.extends {
        None => Table::new(),
        Some(base) => read(&path.parent().unwrap_or(Path::new("")).join(base), origins, chain)?,
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let lines = origin::lines(&text);
    mark(&table, "", origins, &|key| lines.get(key).map_or_else(|| name.clone(), |line| format!("{name}:{line}")));
    merge(&mut base, table);
    Ok(base)
}

/// An error of the TOML reader with file, line and a nearest match.
fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let at = error.span();
    let line = at.as_ref().map_or(1, |span| origin::line_of(text, span.start));
    let written = at.and_then(|span| text.get(span)).map(|text| text.trim_matches(['"', '\'']));
    Failure::usage(format!("{}:{line}: {}", path.display(), explain(error.message(), written)))
}

/// Rewords serde's "unknown field" and adds the nearest key.
pub(crate) fn explain(message: &str, written: Option<&str>) -> String {
    let Some(rest) = message.strip_prefix("unknown field ") else { return message.trim_end().replace('\n', "; ") };
    let mut words = rest.split('`').skip(1).step_by(2);
    let key = words.next().or(written).unwrap_or_default().to_owned();
    let known: Vec<&str> = words.collect();
    format!("unknown key `{key}`{}; keys there are: {}", nearest::hint(&key, known.iter().copied()), known.join(", "))
}

/// `KEY=VALUE` as a nested table; a value that is no TOML counts as text.
fn setting(pair: &str) -> Result<Table, Failure> {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let (key, value) = (key.trim(), value.trim());
    let typed: Result<Table, _> = toml::from_str(&format!("{key} = {value}"));
    typed
        .or_else(|_| toml::from_str(&format!("{key} = {}", Value::String(value.to_owned()))))
        .map_err(|_| Failure::usage(format!("`--config {pair}`: `{key}` is no key such as `lint.preset`")))
}

/// Records the origin of every value of a table.
fn mark(table: &Table, parent: &str, origins: &mut BTreeMap<String, String>, from: &dyn Fn(&str) -> String) {
    for (key, value) in table {
        let path = origin::join(parent, key);
        origins.insert(path.clone(), from(&path));
        if let Value::Table(inner) = value {
            mark(inner, &path, origins, from);
        }
    }
}

/// Lays `top` over `base`: tables merge, `extend-*` lists append, everything else is replaced.
pub(crate) fn merge(base: &mut Table, top: Table) {
    for (key, value) in top {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            (Some(Value::Array(below)), Value::Array(above)) if key.starts_with("extend-") => below.extend(above),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn extends_merges_and_appends() {
        let folder = folder(&[
            ("base.toml", "[lint]\npreset = \"strict\"\nselect = [\"GWC1\"]\nextend-select = [\"GWC7\"]\n"),
            ("a/gwc.toml", "extends = \"../base.toml\"\n[lint]\nselect = [\"GWC2\"]\nextend-select = [\"GWC8\"]\n"),
        ]);
        let loaded = load(&folder.path().join("a"), &["lint.max-warnings=3".to_owned()], false).unwrap();
        assert_eq!(loaded.config.lint.preset.as_deref(), Some("strict"));
        assert_eq!(loaded.config.lint.select, ["GWC2"]);
        assert_eq!(loaded.config.lint.extend_select, ["GWC7", "GWC8"]);
        assert_eq!(loaded.config.lint.max_warnings, Some(3));
        assert_eq!(loaded.origins["lint.preset"], "base.toml:2");
        assert_eq!(loaded.origins["lint.select"], "gwc.toml:3");
        assert_eq!(loaded.origins["lint.max-warnings"], "--config");
    }

    #[test]
    fn names_file_line_and_nearest_key() {
        let folder = folder(&[("gwc.toml", "[lint]\nprest = \"strict\"\n")]);
        let failure = load(folder.path(), &[], false).unwrap_err();
        assert!(failure.message.contains("gwc.toml:2: unknown key `prest`; did you mean `preset`?"), "{failure:?}");
        assert!(load(folder.path(), &[], true).is_ok(), "--no-config reads no file");
    }

    #[test]
    fn names_the_unknown_key_of_an_ignore_entry() {
        let folder = folder(&[("gwc.toml", "[[lint.ignore]]\nrule = \"GWC1\"\nexpire = \"2026-01-01\"\n")]);
        let failure = load(folder.path(), &[], false).unwrap_err();
        assert!(failure.message.contains("unknown key `expire`; did you mean `expires`?"), "{failure:?}");
    }

    #[test]
    fn extends_that_leads_back_is_refused() {
        let folder = folder(&[("gwc.toml", "extends = \"b.toml\"\n"), ("b.toml", "extends = \"gwc.toml\"\n")]);
        assert!(load(folder.path(), &[], false).unwrap_err().message.contains("leads back"));
    }

    #[test]
    fn discovery_stops_at_the_repository() {
        let folder = folder(&[("gwc.toml", ""), ("repo/.git/HEAD", ""), ("repo/a/x.yaml", "")]);
        assert_eq!(discover(&folder.path().join("repo/a/x.yaml")), None);
        assert!(discover(folder.path()).is_some());
    }
}
