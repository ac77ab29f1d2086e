//! Look-up of servers by name and of locations by path, in steps that do not grow with their number.
//!
//! The answers are those of nginx: exact names, then the longest suffix, then patterns in file order; exact paths, then
//! the longest prefix. Where a name stands twice, the first one counts.

use std::collections::BTreeMap;
use std::ops::Bound;

use compact_str::{CompactString, format_compact};

use crate::ingress::nginx::build::CATCH_ALL;
use crate::ingress::nginx::probe::ServedName;
use crate::ingress::nginx::{Location, Server};
use crate::ingress::pattern::{Case, Search, Unreadable};

/// What a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    Server(usize),
    /// Another name of the same site (`from-to-www-redirect`).
    Redirect(CompactString),
}

/// Position of a pattern in file order: servers by their position, the host of one before its aliases.
type Order = (usize, bool);

/// All names of all servers.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) exact: BTreeMap<CompactString, Name>,
    /// Aliases like `*.a.io`: the suffix with the dot in front.
    suffixes: BTreeMap<CompactString, usize>,
    /// Hosts like `*.a.io`, which stand for one label: what follows the first dot.
    parents: BTreeMap<CompactString, usize>,
    /// Aliases that are patterns, and wildcards that are no plain names, in file order.
    patterns: Vec<Pattern>,
}

/// A name that is a regular expression.
#[derive(Debug)]
struct Pattern {
    search: Result<Search, Unreadable>,
    text: CompactString,
    order: Order,
}

impl Names {
    /// Names of servers in file order.
    pub(super) fn of(servers: &[Server]) -> Self {
        let mut names = Self::default();
        let hosts: std::collections::BTreeSet<&str> = servers.iter().map(|server| server.host.as_str()).collect();
        for (at, server) in servers.iter().enumerate().filter(|(_, server)| server.host != CATCH_ALL) {
            names.add_host(at, &server.host.to_ascii_lowercase());
        }
        for (at, server) in servers.iter().enumerate() {
            for alias in server.aliases.iter().filter(|alias| !hosts.contains(alias.as_str())) {
                names.add_alias(at, alias);
            }
        }
        for server in servers.iter().filter(|server| server.from_to_www && server.host != CATCH_ALL) {
            let host = server.host.as_str();
            let other = host.strip_prefix("www.").map_or_else(|| format_compact!("www.{host}"), CompactString::from);
            if !hosts.contains(other.as_str()) {
                names.exact.entry(other).or_insert_with(|| Name::Redirect(host.into()));
            }
        }
        names.patterns.sort_by_key(|pattern| pattern.order);
        names
    }

    fn add_host(&mut self, at: usize, host: &str) {
        let Some(parent) = host.strip_prefix("*.") else {
            self.exact.insert(host.into(), Name::Server(at));
            return;
        };
        if parent.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)) {
            self.parents.entry(parent.into()).or_insert(at);
        } else {
            self.add_pattern(format_compact!(r"^[\w-]+\.{}$", parent.replace('.', r"\.")), (at, false));
        }
    }

    fn add_alias(&mut self, at: usize, alias: &str) {
        if let Some(pattern) = alias.strip_prefix('~') {
            self.add_pattern(pattern.into(), (at, true));
        } else if let Some(suffix) = alias.strip_prefix('*') {
            self.suffixes.entry(suffix.to_ascii_lowercase().into()).or_insert(at);
        } else {
            self.exact.entry(alias.to_ascii_lowercase().into()).or_insert(Name::Server(at));
        }
    }

    fn add_pattern(&mut self, text: CompactString, order: Order) {
        self.patterns.push(Pattern { search: Search::new(&text, Case::Ignored), text, order });
    }

    /// The server of a host that is no exact name.
    pub(super) fn find_pattern(&self, host: &str) -> Result<Option<usize>, Unreadable> {
        // From the first dot on: the longest suffix comes first. The name is longer than its suffix.
        let dots = host.match_indices('.').map(|(at, _)| at).filter(|at| *at > 0);
        let mut suffixes = dots.filter_map(|at| self.suffixes.get(host.get(at..)?));
        if let Some(at) = suffixes.next() {
            return Ok(Some(*at));
        }
        let parent = self.parent(host);
        let before = |pattern: &&Pattern| parent.is_none_or(|at| pattern.order < (at, false));
        for pattern in self.patterns.iter().take_while(before) {
            if pattern.search.as_ref().map_err(Clone::clone)?.is_match(host.as_bytes()) {
                return Ok(Some(pattern.order.0));
            }
        }
        Ok(parent)
    }

    /// Names that are no exact ones.
    pub(super) fn not_exact(&self) -> impl Iterator<Item = ServedName<'_>> {
        let suffixes = self.suffixes.keys();
        let suffixes = suffixes.map(|suffix| ServedName::Suffix(suffix.strip_prefix('.').unwrap_or(suffix)));
        let parents = self.parents.keys().map(|parent| ServedName::OneLabel(parent));
        suffixes.chain(parents).chain(self.patterns.iter().map(|pattern| ServedName::Pattern(&pattern.text)))
    }

    /// The wildcard host of a name one label deeper.
    fn parent(&self, host: &str) -> Option<usize> {
        let (label, parent) = host.split_once('.')?;
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let is_label = !label.is_empty() && label.bytes().all(is_word);
        self.parents.get(parent).copied().filter(|_| is_label)
    }
}

/// Locations of a host that are no regular expressions.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    exact: BTreeMap<Box<[u8]>, usize>,
    prefixes: BTreeMap<Box<[u8]>, usize>,
}

impl Paths {
    /// Of locations in rendered order.
    pub(super) fn of(locations: &[Location]) -> Self {
        let mut paths = Self::default();
        for (at, location) in locations.iter().enumerate() {
            let own = if location.is_exact { &mut paths.exact } else { &mut paths.prefixes };
            own.entry(location.path.as_bytes().into()).or_insert(at);
        }
        paths
    }

    /// The exact location of a path.
    pub(super) fn exact(&self, path: &[u8]) -> Option<usize> {
        self.exact.get(path).copied()
    }

    /// The prefix location that is called like the path.
    pub(super) fn prefix(&self, path: &[u8]) -> Option<usize> {
        self.prefixes.get(path).copied()
    }

    /// The longest prefix of a path.
    pub(super) fn longest_prefix(&self, path: &[u8]) -> Option<usize> {
        self.candidates(path).find(|(own, _)| path.starts_with(own)).map(|(_, at)| at)
    }

    /// Prefixes that may be the longest, each the last one up to what the path has in common with the one before: every
    /// prefix of the path is among those, too, else it would stand in between.
    fn candidates<'p>(&'p self, path: &'p [u8]) -> impl Iterator<Item = (&'p [u8], usize)> {
        let mut bound = Some(path);
        std::iter::from_fn(move || {
            let up_to = bound?;
            let range = (Bound::Unbounded, Bound::Included(up_to));
            let (own, at) = self.prefixes.range::<[u8], _>(range).next_back()?;
            let n_common = own.iter().zip(up_to).take_while(|(a, b)| a == b).count();
            bound = up_to.get(..n_common).filter(|common| common.len() < up_to.len());
            Some((own.as_ref(), *at))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(all: &[&str]) -> Paths {
        let prefixes = all.iter().enumerate().map(|(at, path)| (path.as_bytes().into(), at)).collect();
        Paths { exact: BTreeMap::new(), prefixes }
    }

    #[test]
    fn the_longest_prefix_is_found_as_by_trying_all() {
        let all = ["/", "/a", "/a/b", "/a/b/", "/ab", "/a/c", "/b/", "/a/b/c/d"];
        let paths = paths(&all);
        for path in ["/", "/a", "/a/", "/a/b", "/a/b/", "/a/b/c", "/a/bb", "/aa", "/b", "/b/x", "/a/b/c/d/e", "/z"] {
            let longest = all.iter().filter(|own| path.starts_with(**own)).max_by_key(|own| own.len());
            assert_eq!(paths.longest_prefix(path.as_bytes()).map(|at| all[at]), longest.copied(), "{path}");
        }
        assert_eq!(paths.longest_prefix(b""), None);
        assert_eq!(Paths::default().longest_prefix(b"/a"), None);
    }

    #[test]
    fn many_paths_take_no_more_steps_than_few() {
        let steps = |n_paths: usize| {
            let all: Vec<String> = (0..n_paths).map(|at| format!("/team-{at:05}/app")).collect();
            let all: Vec<&str> = std::iter::once("/").chain(all.iter().map(String::as_str)).collect();
            let paths = paths(&all);
            let asked = ["/team-00003/app/x", "/team-00004/other", "/zzz", "/"];
            let until_found =
                |path: &str| paths.candidates(path.as_bytes()).position(|(own, _)| path.as_bytes().starts_with(own));
            asked.iter().filter_map(|path| until_found(path)).sum::<usize>()
        };
        assert!(steps(10_000) <= 3 * steps(10), "{} and {}", steps(10_000), steps(10));
    }
}
