//! Suppressions of `gwc.toml`: `[lint.per-file-ignores]` and `[[lint.ignore]]`, compiled once per run.

use globset::{GlobBuilder, GlobMatcher, GlobSetBuilder};
use gwc_core::source::{Origin, Role, Source, SourceMap, Span};

use crate::config::load::Loaded;
use crate::config::{Ignore, IgnoreEntry, origin};
use crate::failure::Failure;
use crate::input::files;
use crate::options::time;
use crate::selection::Selector;
use crate::suppress::{Scope, Suppression};

/// Suppressions of the configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ignores {
    /// Those that hold.
    pub(crate) active: Vec<Suppression>,
    /// Message and dotted key of those that have expired.
    pub(crate) expired: Vec<(String, String)>,
    /// Shown name and text of the configuration.
    file: (String, String),
}

impl Ignores {
    /// Compiles the suppressions as of `now`.
    pub(crate) fn new(loaded: &Loaded, now: i64) -> Result<Self, Failure> {
        let name = loaded.path.as_deref().and_then(|path| path.file_name());
        let name = name.map_or_else(|| "<configuration>".to_owned(), |name| name.to_string_lossy().into_owned());
        let mut all = Self { file: (name, loaded.text.clone()), ..Self::default() };
        for (pattern, selectors) in &loaded.config.lint.per_file_ignores {
            let wrong = |message: String| Failure::usage(format!("[lint.per-file-ignores]: {message}"));
            let mut globs = GlobSetBuilder::new();
            globs.add(files::glob(pattern).map_err(wrong)?);
            let globs = globs.build().map_err(|error| wrong(error.to_string()))?;
            let selectors: Result<Vec<_>, _> = selectors.iter().map(|text| Selector::parse(text)).collect();
            let selectors = selectors.map_err(|failure| wrong(failure.message))?;
            all.active.push(configured(selectors, None, Scope::Files(Box::new(globs))));
        }
        for (position, ignore) in loaded.config.lint.ignore.iter().enumerate() {
            if let Ignore::Entry(entry) = ignore {
                all.entry(position, entry, now)?;
            }
        }
        Ok(all)
    }

    /// The place of a key in the configuration's text, which is added to the sources.
    pub(crate) fn place(&self, key: &str, sources: &mut SourceMap) -> Span {
        let (name, text) = &self.file;
        let known = sources.iter().find(|(_, source)| source.origin == Origin::Memory && source.name == *name);
        let id = known.map(|(id, _)| id).unwrap_or_else(|| {
            let bytes = text.clone().into_bytes();
            sources.add(Source::from_bytes(name.clone(), Origin::Memory, Role::Context, true, bytes))
        });
        let line = origin::lines(text).get(key).copied().unwrap_or(1);
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let len = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span::new(id, at(start), at(start + len))
    }

    fn entry(&mut self, position: usize, entry: &IgnoreEntry, now: i64) -> Result<(), Failure> {
        let wrong = |message: String| Failure::usage(format!("[[lint.ignore]] number {}: {message}", position + 1));
        let selector = Selector::parse(&entry.rule).map_err(|failure| wrong(failure.message))?;
        let expires = entry.expires.as_deref().map(|text| time::end_of(text).map(|end| (text, end)));
        if let Some((text, end)) = expires.transpose().map_err(wrong)?
            && end < now
        {
            let message = format!("the suppression of `{}` expired at `{text}`; renew or remove it", entry.rule);
            self.expired.push((message, format!("lint.ignore[{position}]")));
            return Ok(());
        }
        let parts = [&entry.kind, &entry.namespace, &entry.name];
        let mut globs: [Option<GlobMatcher>; 3] = [None, None, None];
        for (slot, part) in globs.iter_mut().zip(parts) {
            let glob = part.as_deref().map(|text| GlobBuilder::new(text).build());
            *slot = glob.transpose().map_err(|error| wrong(error.to_string()))?.map(|glob| glob.compile_matcher());
        }
        self.active.push(configured(vec![selector], entry.reason.clone(), Scope::Matching(Box::new(globs))));
        Ok(())
    }
}

fn configured(selectors: Vec<Selector>, reason: Option<String>, scope: Scope) -> Suppression {
    Suppression { how: "config", selectors, reason, scope, span: None, is_used: false }
}
