//! Regular expressions of paths: from PCRE, searched after a `^`, to RE2 over the whole path (§3.4).
//!
//! The text is read sign by sign. What both dialects read alike is kept, what only PCRE has is refused by name (MIG305),
//! and what both take but read differently (`[` in a class, `{` as a letter) is escaped.

use crate::migrate::rules::literal;
use crate::value::pattern;

mod scan;

use scan::{Scanner, Sign};

/// A construct that RE2 does not have, in words.
pub(super) type Construct = &'static str;

/// A path of a host of regular expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expression {
    /// For a match: the whole path, whatever its case.
    pub(super) emitted: String,
    /// The text, where nothing in it is a sign of an expression.
    pub(super) literal: Option<String>,
    /// Letters that each path begins with, as written, and the rest of the text.
    pub(super) head: (String, String),
    /// Capturing groups.
    pub(super) n_groups: usize,
}

/// A branch of the alternation at the top.
#[derive(Default)]
struct Branch {
    text: String,
    /// It begins with `^`.
    is_anchored: bool,
    /// It ends with `$`.
    ends: bool,
    /// It ends with `.*`, so nothing need follow.
    takes_rest: bool,
}

impl Expression {
    /// Reads the path of a location.
    pub(super) fn read(path: &str) -> Result<Self, Construct> {
        let mut scanner = Scanner::new(path, true);
        let signs = scanner.signs()?;
        let n_groups = scanner.n_groups;
        let branches = branches(&signs);
        let body: Vec<String> = branches.iter().enumerate().map(|(at, branch)| whole(branch, at == 0)).collect();
        let emitted = format!("(?i)^(?:{})$", body.join("|"));
        pattern::check(&emitted).map_err(|refused| match refused {
            pattern::Refused::TooLarge => "more states than an implementation takes",
            pattern::Refused::Syntax => "what no expression of RE2 is",
        })?;
        let is_literal = signs.iter().all(|sign| matches!(sign.kind, scan::Kind::Letter(_)));
        let head = head(path, &signs);
        let literal = is_literal.then(|| head.0.clone());
        Ok(Self { emitted, literal, head, n_groups })
    }
}

/// The letters before the first sign that is none; one that is repeated is no letter. The rest as written.
fn head(path: &str, signs: &[Sign]) -> (String, String) {
    let mut text = String::new();
    for (at, sign) in signs.iter().enumerate() {
        let scan::Kind::Letter(letter) = sign.kind else { return (text, rest(path, sign.start)) };
        if signs.get(at + 1).is_some_and(|next| next.kind == scan::Kind::Repeat) {
            return (text, rest(path, sign.start));
        }
        text.push(letter);
    }
    (text, String::new())
}

fn rest(path: &str, start: usize) -> String {
    path.get(start..).unwrap_or_default().to_owned()
}

fn branches(signs: &[Sign]) -> Vec<Branch> {
    let mut branches = vec![Branch::default()];
    let mut depth = 0usize;
    for (at, sign) in signs.iter().enumerate() {
        depth += usize::from(sign.kind == scan::Kind::Open);
        depth = depth.saturating_sub(usize::from(sign.kind == scan::Kind::Close));
        if depth == 0 && sign.kind == scan::Kind::Bar {
            branches.push(Branch::default());
            continue;
        }
        let Some(branch) = branches.last_mut() else { continue };
        let is_last = signs.get(at + 1).is_none_or(|next| next.kind == scan::Kind::Bar && depth == 0);
        if sign.kind == scan::Kind::Start && branch.text.is_empty() && depth == 0 {
            branch.is_anchored = true;
        } else if sign.kind == scan::Kind::End && is_last && depth == 0 {
            branch.ends = true;
        } else {
            branch.text.push_str(&sign.text);
        }
        if is_last {
            branch.takes_rest = takes_rest(signs.get(..=at).unwrap_or_default());
        }
    }
    branches
}

/// Does it end with `.*` or `(.*)`?
fn takes_rest(signs: &[Sign]) -> bool {
    let ends = |texts: &[&str]| {
        let from = signs.len().checked_sub(texts.len()).and_then(|from| signs.get(from..));
        from.is_some_and(|signs| signs.iter().map(|sign| sign.text.as_str()).eq(texts.iter().copied()))
    };
    ends(&[".", "*"]) || ends(&["(", ".", "*", ")"]) || ends(&["(?:", ".", "*", ")"])
}

/// A branch for the whole path: only the first is anchored by the `^` in front of the text.
fn whole(branch: &Branch, is_first: bool) -> String {
    let before = if is_first || branch.is_anchored { "" } else { ".*" };
    let after = if branch.ends || branch.takes_rest { "" } else { ".*" };
    format!("{before}{}{after}", branch.text)
}

/// A pattern that is searched in a header, for a match of the whole value (§3.5).
pub(super) fn searching(text: &str) -> Result<String, Construct> {
    let mut scanner = Scanner::new(text, false);
    let signs = scanner.signs()?;
    let body: String = signs.iter().map(|sign| sign.text.as_str()).collect();
    let whole = format!(".*(?:{body}).*");
    pattern::check(&whole).map_err(|_| "what no expression of RE2 is")?;
    Ok(whole)
}

/// The expression of one path, for questions about languages.
pub(super) fn of_path(value: &str) -> String {
    pattern::literal(value)
}

/// The expression of a prefix of elements, for questions about languages.
pub(super) fn of_prefix(value: &str) -> String {
    match literal::trimmed(value) {
        "/" => "/.*".to_owned(),
        value => format!("{}(?:/.*)?", pattern::literal(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn emitted(path: &str) -> String {
        Expression::read(path).expect("is common").emitted
    }

    #[test]
    fn branches_are_split_before_they_are_anchored() {
        assert_eq!(emitted("/a|/b"), "(?i)^(?:/a.*|.*/b.*)$");
        assert_eq!(emitted("/(a|b)"), "(?i)^(?:/(a|b).*)$");
        assert_eq!(emitted("/a|^/b$"), "(?i)^(?:/a.*|/b)$");
    }

    #[test]
    fn tails_follow_what_does_not_end() {
        assert_eq!(emitted(r"/img/.*\.(png|jpg)$"), r"(?i)^(?:/img/.*\.(png|jpg))$");
        assert_eq!(emitted("/a.*"), "(?i)^(?:/a.*)$");
        assert_eq!(emitted("/a(/|$)(.*)"), "(?i)^(?:/a(/|$)(.*))$");
        assert_eq!(emitted(r"/a\.*"), r"(?i)^(?:/a\.*.*)$");
        assert_eq!(emitted(r"/a\$"), r"(?i)^(?:/a\$.*)$");
    }

    #[test]
    fn letters_that_no_path_holds_are_escaped() {
        assert_eq!(emitted("/a b"), "(?i)^(?:/a%20b.*)$");
        assert_eq!(emitted("/ü+"), "(?i)^(?:/(?:%C3%BC)+.*)$");
        assert_eq!(emitted("/{x}"), r"(?i)^(?:/%7Bx%7D.*)$");
        assert_eq!(emitted("/[a&&b[c]"), r"(?i)^(?:/[a\&\&b\[c].*)$");
    }

    #[test]
    fn what_only_pcre_has_is_named() {
        for (path, part) in [
            ("/(?!admin).*", "look-ahead"),
            ("/(?<=a)b", "look-behind"),
            (r"/(a)\1", "back-reference"),
            ("/a++", "possessive"),
            ("/(?>a)", "atomic"),
            (r"/a\Kb", r"\K"),
            ("/(?R)", "recursion"),
            ("/(?(1)a)", "condition"),
            (r"/\h", r"\h"),
            ("/a{1001}", "1000"),
            ("/(a", "no expression"),
            ("/[a", "no expression"),
        ] {
            let construct = Expression::read(path).expect_err(path);
            assert!(construct.contains(part), "{path}: {construct}");
        }
    }

    #[test]
    fn letters_and_the_rest_are_told_apart() {
        let head = |path: &str| Expression::read(path).expect("is common").head;
        assert_eq!(head("/api(/|$)(.*)"), ("/api".into(), "(/|$)(.*)".into()));
        assert_eq!(head("/opt/?(.*)"), ("/opt".into(), "/?(.*)".into()));
        assert_eq!(head(r"/v1\.0/x"), ("/v1.0/x".into(), String::new()));
        assert_eq!(Expression::read("/v1.0").expect("is common").literal, None);
        assert_eq!(Expression::read(r"/v1\.0").expect("is common").literal.as_deref(), Some("/v1.0"));
    }

    #[test]
    fn patterns_of_headers_are_searched() {
        assert_eq!(searching("^b|c").as_deref(), Ok(".*(?:^b|c).*"));
        assert!(searching("(?=a)").is_err());
        let pattern = pattern::Pattern::new(&searching("b+").expect("is common")).expect("is a pattern");
        assert!(pattern.is_match(b"abbc") && !pattern.is_match(b"ac"));
    }
}
