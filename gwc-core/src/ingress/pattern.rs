//! Regular expressions as nginx runs them: a search over bytes, with captures.
//!
//! nginx takes PCRE. What PCRE and the engine of this crate read alike is run; everything else is refused, because a
//! guess would be worse than no answer.

use compact_str::CompactString;
use regex_automata::Input;
use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

/// Memory that a pattern may take once compiled, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Search(Regex);

/// The pattern, when it cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) CompactString);

/// Does case count?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Sensitive,
    Ignored,
}

impl Search {
    pub(super) fn new(pattern: &str, case: Case) -> Result<Self, Unreadable> {
        let unreadable = || Unreadable(pattern.into());
        if !is_common(pattern) {
            return Err(unreadable());
        }
        let syntax = syntax::Config::new().unicode(false).utf8(false).case_insensitive(case == Case::Ignored);
        // There are many patterns and each is asked about few short texts: automata that take long to build never pay.
        let config = Config::new().utf8_empty(false).hybrid(false).dfa(false).auto_prefilter(false);
        let config = config.nfa_size_limit(Some(SIZE_LIMIT)).onepass_size_limit(Some(SIZE_LIMIT));
        let regex = Regex::builder().syntax(syntax).configure(config).build(pattern);
        regex.map(Self).map_err(|_| unreadable())
    }

    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.0.is_match(Input::new(text))
    }

    /// Texts of the groups 0 to 9 in the first match; a group that took no part is empty.
    pub(super) fn captures<'t>(&self, text: &'t [u8]) -> Option<Vec<&'t [u8]>> {
        let mut captures = self.0.create_captures();
        self.0.captures(Input::new(text), &mut captures);
        if !captures.is_match() {
            return None;
        }
        let group =
            |index| captures.get_group(index).and_then(|span| text.get(span.start..span.end)).unwrap_or_default();
        Some((0..10).map(group).collect())
    }
}

/// Is the text read alike by PCRE and by the engine? The engine refuses look-around, back-references and atomic groups
/// by itself; here are the texts that both take, but read differently.
fn is_common(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let mut at = 0;
    let (mut in_class, mut after_repeat) = (false, false);
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let repeats = !in_class && matches!(byte, b'*' | b'+' | b'?' | b'}');
        match byte {
            // `\<` is a letter there and a condition here.
            b'\\' if matches!(next, Some(b'<' | b'>')) => return false,
            b'\\' if next == Some(b'b') && bytes.get(at + 2) == Some(&b'{') => return false,
            b'\\' => at += 1,
            // Operations on sets and nested sets exist only here.
            b'[' if in_class => return false,
            b'&' | b'-' | b'~' if in_class && next == Some(byte) => return false,
            b'[' => {
                in_class = true;
                // `]` in the first place is a letter.
                at += usize::from(next == Some(b'^'));
                at += usize::from(bytes.get(at + 1) == Some(&b']'));
            }
            b']' if in_class => in_class = false,
            // Flags `u` and `R` mean something else there; no path needs them.
            b'(' if !in_class && next == Some(b'?') && !flags_are_common(pattern.get(at + 2..).unwrap_or_default()) => {
                return false;
            }
            // `a++` is possessive there and a repetition of a repetition here.
            b'*' | b'+' if repeats && after_repeat => return false,
            _ => {}
        }
        // `a+?` is lazy in both; a third sign is not common.
        after_repeat = repeats;
        if repeats && byte != b'?' && next == Some(b'?') {
            at += 1;
        }
        at += 1;
    }
    true
}

/// The text after `(?` up to `:`, `)` or a name.
fn flags_are_common(text: &str) -> bool {
    let end = text.find([':', ')', '<', 'P']).unwrap_or(text.len());
    !text.get(..end).unwrap_or_default().contains(['u', 'R'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_ignore_case_and_keep_groups() {
        let search = Search::new(r"^/api(/|$)(.*)", Case::Ignored).expect("is common");
        assert!(search.is_match(b"/API/x") && search.is_match(b"/api") && !search.is_match(b"/apix"));
        let groups = search.captures(b"/api/x").expect("matches");
        assert_eq!((groups[1], groups[2], groups[3]), (&b"/"[..], &b"x"[..], &b""[..]));
        assert!(!Search::new("^/api", Case::Sensitive).expect("is common").is_match(b"/API"));
    }

    #[test]
    fn what_pcre_reads_otherwise_is_refused() {
        for pattern in
            [r"/(?!a).*", r"(a)\1", "a++", "a*+", r"\<a", "[a[b]]", "[a&&b]", "(?>a)", r"\Ka", "(?R)", "a{2}+"]
        {
            assert!(Search::new(pattern, Case::Ignored).is_err(), "{pattern}");
        }
        for pattern in ["a+?", "a*?b", "[]a]", "[^]a]", "(?:a|b)", "(?i)x", "(?<n>a)", r"\d{2,3}", "[A-Z0-9]{3}"] {
            assert!(Search::new(pattern, Case::Ignored).is_ok(), "{pattern}");
        }
    }
}
