//! Regular expressions of routes: one dialect, one anchoring, one limit for verdicts and for traffic.
//!
//! Syntax of the crate `regex-automata`, so linear time (no look-around, no back-references); the whole text must
//! match; case counts unless the pattern says otherwise (routing.md §3.1). Sets of patterns stand in `matcher`.

mod sample;

use std::fmt;

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::nfa::thompson::{NFA, WhichCaptures};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};

pub use sample::sample;

/// Memory that a pattern of a route may take once compiled, in bytes.
pub const SIZE_LIMIT: usize = 1 << 20;

/// Memory that a pattern put together by lowering (of a gRPC service and method) may take, in bytes: more than two
/// patterns at [`SIZE_LIMIT`], so that what passes [`check`] always compiles.
pub(crate) const BUILT_LIMIT: usize = 4 * SIZE_LIMIT;

/// Groups that a pattern of a route may nest, as in the crate `regex`.
const NEST_LIMIT: u32 = 250;

/// Why a pattern is refused (GWC5012).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no regular expression of the dialect.
    Syntax,
    /// Compiled it takes more than [`SIZE_LIMIT`].
    TooLarge,
}

/// A compiled pattern for whole texts.
#[derive(Clone)]
pub struct Pattern(Regex);

/// May a route hold this pattern?
///
/// # Errors
/// What is wrong with it.
pub fn check(pattern: &str) -> Result<(), Refused> {
    let text = format!(r"\A{}\z", grouped(pattern, NEST_LIMIT)?);
    build(&[text], config(SIZE_LIMIT)).map(|_| ())
}

/// The pattern as a part of a larger one: `(?:…)`. The only right way to put patterns together, because a pattern in
/// verbose mode (`(?x)`) may end in a comment that would swallow what follows.
///
/// # Errors
/// [`Refused::Syntax`] when it is no pattern by itself.
pub fn group(pattern: &str) -> Result<String, Refused> {
    grouped(pattern, NEST_LIMIT)
}

/// The pattern of exactly this text.
#[must_use]
pub fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        // Not all punctuation: `\<` and `\>` are conditions.
        if r"\.+*?()|[]{}^$#&-~".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

impl Pattern {
    /// Compiles a pattern that passed [`check`], or one put together from such with [`group`].
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(pattern: &str) -> Result<Self, Refused> {
        engine(&[anchored(pattern)?], MatchKind::LeftmostFirst).map(Self)
    }

    /// Does the whole text match?
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.0.is_match(Input::new(text).anchored(Anchored::Yes))
    }

    /// Bytes that it takes on the heap.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.0.memory_usage()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").finish_non_exhaustive()
    }
}

/// A pattern, anchored at both ends, for [`engine`].
///
/// # Errors
/// As [`Pattern::new`], but the size is not looked at.
pub(crate) fn anchored(pattern: &str) -> Result<String, Refused> {
    Ok(format!(r"\A{}\z", grouped(pattern, NEST_LIMIT * 2)?))
}

/// The automaton of a pattern, anchored at both ends; `None`: it is no pattern, or very large.
pub(crate) fn nfa(pattern: &str) -> Option<NFA> {
    let text = anchored(pattern).ok()?;
    let config = NFA::config().nfa_size_limit(Some(BUILT_LIMIT)).which_captures(WhichCaptures::None);
    NFA::compiler().configure(config).syntax(dialect()).build(&text).ok()
}

/// Memory of the program and of the cache of the lazy automaton, bytes: the least that holds the patterns is taken.
/// Caches belong to threads and grow with hostile input, so a small program gets a small one.
const TIERS: [(usize, usize); 3] = [(64 << 10, 256 << 10), (512 << 10, 2 << 20), (BUILT_LIMIT, 8 << 20)];

/// Compiles anchored patterns into one engine for whole texts of any bytes: no captures, bounded memory.
///
/// # Errors
/// More than [`BUILT_LIMIT`] together, or no pattern.
pub(crate) fn engine(anchored: &[String], kind: MatchKind) -> Result<Regex, Refused> {
    let mut result = Err(Refused::TooLarge);
    for (program, cache) in TIERS {
        result = build(anchored, config(program).match_kind(kind).hybrid_cache_capacity(cache));
        if result.as_ref().err() != Some(&Refused::TooLarge) {
            break;
        }
    }
    result
}

fn config(size_limit: usize) -> Config {
    Regex::config()
        .nfa_size_limit(Some(size_limit))
        .which_captures(WhichCaptures::Implicit)
        .auto_prefilter(false)
        .utf8_empty(false)
}

/// `anchored` adds a group and what the anchors need.
fn dialect() -> syntax::Config {
    syntax::Config::new().nest_limit(NEST_LIMIT * 2 + 2)
}

fn grouped(pattern: &str, nest_limit: u32) -> Result<String, Refused> {
    let config = syntax::Config::new().nest_limit(nest_limit);
    // By itself first: `a)(?:b` is no pattern although it is one inside a group.
    syntax::parse_with(pattern, &config).map_err(|_| Refused::Syntax)?;
    let plain = format!("(?:{pattern})");
    if syntax::parse_with(&plain, &dialect()).is_ok() {
        return Ok(plain);
    }
    Ok(format!("(?:{pattern}\n)"))
}

fn build(anchored: &[String], config: Config) -> Result<Regex, Refused> {
    Regex::builder().configure(config).syntax(dialect()).build_many(anchored).map_err(|error| refused(&error))
}

fn refused(error: &BuildError) -> Refused {
    if error.size_limit().is_some() { Refused::TooLarge } else { Refused::Syntax }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn matches(pattern: &str, text: &str) -> bool {
        check(pattern).unwrap();
        Pattern::new(pattern).unwrap().is_match(text.as_bytes())
    }

    #[test]
    fn the_whole_text_must_match() {
        assert!(matches("a|ab", "ab"));
        assert!(matches("/v[0-9]+", "/v12"));
        assert!(!matches("/v[0-9]+", "/v12/x"));
        assert!(!matches("/v[0-9]+", "x/v12"));
        assert!(!matches("a$", "a\n"));
        assert!(!matches("(?m)a$", "a\nb"));
        assert!(matches("", ""));
        assert!(!matches("", "a"));
    }

    #[test]
    fn case_counts() {
        assert!(!matches("a", "A"));
        assert!(matches("(?i)a", "A"));
    }

    #[test]
    fn literals_match_themselves_only() {
        let text: String = (' '..='~').chain(['é']).collect();
        assert!(matches(&literal(&text), &text));
        assert!(!matches(&literal("a.b"), "axb"));
    }

    #[test]
    fn a_comment_at_the_end_swallows_nothing() {
        assert!(matches("(?x) a b # both", "ab"));
        assert!(!matches("(?x) a b # both", "abc"));
        let joined = format!("/{}/{}", group("(?x) a # one").unwrap(), group("b").unwrap());
        assert!(matches(&joined, "/a/b"));
        assert!(matches("a # b", "a # b"));
    }

    #[test]
    fn what_is_no_pattern_alone_is_refused() {
        for pattern in ["a)(?:b", "[", "a{2", "(", "(?=a)", r"\1", "*", r"a\"] {
            assert_eq!(check(pattern), Err(Refused::Syntax), "{pattern}");
        }
        assert_eq!(check(r"\pL{1000}{100}"), Err(Refused::TooLarge));
    }

    #[test]
    fn two_large_patterns_still_compile_together() {
        let large = r"\w{20}";
        check(large).unwrap();
        let joined = format!("{}/{}", group(large).unwrap(), group(large).unwrap());
        assert_eq!(check(&joined), Err(Refused::TooLarge), "or the example is too small");
        assert!(Pattern::new(&joined).unwrap().is_match(format!("{0}/{0}", "x".repeat(20)).as_bytes()));
    }

    #[test]
    fn bytes_that_are_no_text_match_nothing_but_fail_nothing() {
        assert!(!Pattern::new(".*").unwrap().is_match(b"\xff"));
        assert!(!Pattern::new(r"\b").unwrap().is_match(b"\xff"));
    }
}
