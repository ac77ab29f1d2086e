//! Atoms of paths, and which entries of a list accept them.
//!
//! A literal path is an atom; below a prefix all paths that nothing longer mentions are one, as far as exact paths and
//! prefixes go. Regular expressions divide atoms further: [`vectors`] finds every way in which they do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, ControlFlow};

use crate::exchange::normalise::{self, EncodedSlash};
use crate::ir::PathMatch;
use crate::region::cache::Cache;
use crate::region::language::{Automaton, explore};
use crate::value::pattern;

/// A set of paths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PathAtom {
    /// One path.
    Literal(String),
    /// Paths below a prefix (without trailing slash; empty: every path) that nothing longer mentions.
    Below(String),
}

/// Paths that a normalised request can have (routing.md §3.2), but for dot segments and escapes that are decoded.
const PATHS: &str = r"/(?:[^\x00-\x20\x7F#?%]|%[0-9A-F]{2})*";

/// Dot segments, and escapes of characters that stand for themselves: never in a normalised path.
const NEVER: &str =
    r"(?s:.*)/\.\.?(?:/(?s:.*))?|(?s:.*)%(?:00|2D|2E|5F|7E|3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])(?s:.*)";

/// Entries of a list by their paths; values are positions in the list.
#[derive(Debug, Default)]
pub(super) struct PathIndex<'c> {
    exact: BTreeMap<&'c str, Vec<usize>>,
    prefixes: BTreeMap<&'c str, Vec<usize>>,
    /// Expressions, in the order of the list.
    pub(super) regexes: Vec<(usize, &'c str)>,
    /// Entries without a path: they accept everything.
    any: Vec<usize>,
}

/// A prefix as it is compared.
pub(super) fn bare(prefix: &str) -> &str {
    prefix.trim_end_matches('/')
}

impl<'c> PathIndex<'c> {
    pub(super) fn new(paths: impl Iterator<Item = Option<&'c PathMatch>>) -> Self {
        let mut index = Self::default();
        for (position, path) in paths.enumerate() {
            match path {
                None => index.any.push(position),
                Some(PathMatch::Exact(path)) => index.exact.entry(path).or_default().push(position),
                Some(PathMatch::Prefix(prefix)) => index.prefixes.entry(bare(prefix)).or_default().push(position),
                Some(PathMatch::Regex(pattern)) => index.regexes.push((position, pattern)),
            }
        }
        index
    }

    /// Entries without an expression that accept all of an atom, in order.
    pub(super) fn literal(&self, atom: &PathAtom) -> Vec<usize> {
        let (path, is_one) = match atom {
            PathAtom::Literal(path) => (path.as_str(), true),
            PathAtom::Below(prefix) => (prefix.as_str(), false),
        };
        let mut found = self.any.clone();
        if is_one {
            found.extend(self.exact.get(path).into_iter().flatten());
        }
        let cuts = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let prefixes = cuts.filter_map(|at| self.prefixes.get(path.get(..at)?));
        found.extend(prefixes.flatten());
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Paths that are mentioned below a prefix: exact ones, and prefixes.
    pub(super) fn mentioned(&self, prefix: &str) -> (Vec<&'c str>, Vec<&'c str>) {
        let below = |path: &&str| path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
        let exact = self
            .exact
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(|(path, _)| path.starts_with(prefix))
            .map(|(path, _)| *path);
        let longer = self
            .prefixes
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(|(path, _)| path.starts_with(prefix))
            .map(|(path, _)| *path);
        (exact.filter(below).collect(), longer.filter(below).collect())
    }

    /// Is a path mentioned, or below a prefix that is longer than `prefix`?
    fn claims(&self, path: &str, prefix: &str) -> bool {
        let cuts = path.match_indices('/').map(|(at, _)| at).chain([path.len()]).filter(|at| *at > prefix.len());
        let mut longer = cuts.filter_map(|at| path.get(..at));
        self.exact.contains_key(path) || longer.any(|longer| self.prefixes.contains_key(longer))
    }
}

/// A path below a prefix that nothing in the indexes mentions.
pub(super) fn fresh(prefix: &str, indexes: &[&PathIndex<'_>]) -> String {
    let elements = (0u32..).map(|n| if n == 0 { "other".to_owned() } else { format!("other{n}") });
    let mut paths = elements.map(|element| format!("{prefix}/{element}"));
    let found = paths.find(|path| !indexes.iter().any(|index| index.claims(path, prefix)));
    found.unwrap_or_else(|| format!("{prefix}/other"))
}

/// Is it a path that a request can have after normalisation?
pub(super) fn is_normal(path: &str) -> bool {
    normalise::path(path, EncodedSlash::Keep).is_ok_and(|normal| normal == path)
}

/// Ways in which expressions accept paths of an atom below a prefix, each with examples.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    /// By what each expression says: paths.
    pub(super) found: BTreeMap<Vec<bool>, Vec<String>>,
    /// Were all ways found?
    pub(super) complete: bool,
}

/// Examples that are kept for one way.
const EXAMPLES: usize = 4;

/// Every way in which `patterns` accept paths below `prefix`. Paths that are mentioned are not left out: what is found is
/// a superset.
pub(super) fn vectors(cache: &Cache, prefix: &str, patterns: &[&str]) -> Vectors {
    let mut vectors = Vectors { complete: true, ..Vectors::default() };
    let below = if prefix.is_empty() { "(?s:.*)".to_owned() } else { format!("{}/(?s:.*)", pattern::literal(prefix)) };
    let must = cache.automaton(PATHS).zip(Automaton::new(&below)).map(|(paths, below)| [paths, below]);
    let watch: Option<Vec<Automaton>> =
        [NEVER].into_iter().chain(patterns.iter().copied()).map(|one| cache.automaton(one)).collect();
    let (Some(must), Some(watch)) = (must, watch) else { return Vectors::default() };
    let (must, watch): (Vec<_>, Vec<_>) = (must.iter().collect(), watch.iter().collect());
    vectors.complete = explore(&must, &watch, &mut |taken, bytes| {
        if let Some((false, own)) = taken.split_first() {
            let examples = vectors.found.entry(own.to_vec()).or_default();
            if examples.len() < EXAMPLES {
                examples.extend(String::from_utf8(bytes()).ok());
            }
        }
        ControlFlow::Continue(())
    });
    vectors
}

/// Paths that need no normalisation, of the letters of RFC 3986: every reader of a request sees the same bytes.
const PLAIN: &str = r"/(?:[!$&-.0-;=@-Z_a-z~]+/)*[!$&-.0-;=@-Z_a-z~]*";

/// Dot segments, which are no plain paths.
const DOTS: &str = r"(?:.*/)?\.\.?(?:/.*)?";

/// Plain paths for every way in which expressions can read on from a prefix of a path: a shortest one for each state
/// of all automata together, so that not only what they accept is seen but also how they get there. `None`: one cannot
/// be looked at, or there are more than `most` states.
pub(crate) fn plain_paths(patterns: &BTreeSet<String>, most: usize) -> Option<Vec<String>> {
    let plain = Automaton::new(PLAIN)?;
    let watch: Option<Vec<Automaton>> =
        [DOTS].into_iter().chain(patterns.iter().map(String::as_str)).map(Automaton::new).collect();
    let watch = watch?;
    let watch: Vec<&Automaton> = watch.iter().collect();
    let mut paths = Vec::new();
    let complete = explore(&[&plain], &watch, &mut |taken, bytes| {
        if taken.first() == Some(&false) {
            paths.extend(String::from_utf8(bytes()).ok());
        }
        if paths.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (complete && paths.len() <= most).then_some(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::pattern::Pattern;

    /// A proof about expressions is one about requests only if no path of a request is left out.
    #[test]
    fn the_language_holds_every_normalised_path() {
        let [paths, never] = [PATHS, NEVER].map(|text| Pattern::new(text).expect("an expression"));
        let pieces = [
            "/", "/", ".", "..", "a", "Z", "~", "%2f", "%2F", "%41", "%7e", "%5b", "%00", "%", "%é", "é", "\u{80}",
            ":", ";", "\\", "\"", "%20", "%7F", "%80", "%c3%A9", "*", " ", "?",
        ];
        let (mut state, mut normal) = (1u64, 0);
        for _ in 0..40_000 {
            let mut path = "/".to_owned();
            for _ in 0..6 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(state >> 33).expect("31 bits") % pieces.len();
                path.push_str(pieces[at]);
            }
            if let Ok(path) = normalise::path(&path, EncodedSlash::Keep)
                && !path.contains('?')
            {
                normal += 1;
                assert!(is_normal(&path), "{path}");
                assert!(paths.is_match(path.as_bytes()) && !never.is_match(path.as_bytes()), "{path}");
            }
        }
        assert!(normal > 5_000, "{normal}");
    }
}
