//! GWC5013 `regex-unanchored`: a regular expression means different things to different implementations.
//!
//! # What it checks
//! Regular expressions for paths that do not end in `$` or `.*`, and those for headers and query parameters that are
//! open at either end. Alternatives without parentheses around them count as open.
//!
//! # Why it matters
//! Some implementations want the whole text to match, others are content with its beginning or with any part. The same
//! manifest lets more requests through in one cluster than in another.
//!
//! # Example
//! ```yaml
//! matches:
//! - path:
//!     type: RegularExpression
//!     value: /v[0-9]+/cart
//! ```
//!
//! # Fix
//! Write `^` and `$` around the expression, or `.*` where the rest may be anything. The edit anchors both ends, which
//! is what gwc does anyway.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches[].path.type`; routing reference §3.1, §3.3

use crate::api::Text;
use crate::api::route::{MatchType, Matches, PathType, Route, Rule, ValueMatch};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC5013.
pub(super) static LINT: Lint = Lint {
    code: rule::REGEX_UNANCHORED,
    docs: Docs {
        summary: "a regular expression means different things to different implementations",
        what: "Regular expressions for paths that do not end in `$` or `.*`, and those for headers \
               and query parameters that are open at either end. Alternatives without parentheses \
               around them count as open.",
        why: "Some implementations want the whole text to match, others are content with its \
              beginning or with any part. The same manifest lets more requests through in one \
              cluster than in another.",
        bad: r#"matches:
- path:
    type: RegularExpression
    value: /v[0-9]+/cart
"#,
        good: r#"matches:
- path:
    type: RegularExpression
    value: ^/v[0-9]+/cart$
"#,
        fix: "Write `^` and `$` around the expression, or `.*` where the rest may be anything. The \
              edit anchors both ends, which is what gwc does anyway.",
        spec: "HTTPRoute `spec.rules[].matches[].path.type`; routing reference §3.1, §3.3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for (place, pattern) in route.rules.iter().flat_map(patterns) {
            // Paths begin with `/`, so every implementation begins there: only the end is open.
            let open = if place == Place::Path { !closed_end(&pattern.value) } else { !closed(&pattern.value) };
            if open {
                out.0.push(diagnostic(cx, route, place, pattern));
            }
        }
    }
}

/// What an expression is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Value,
}

fn patterns(rule: &Rule) -> Vec<(Place, &Text)> {
    match &rule.matches {
        Matches::Http(matches) => {
            let paths = matches.iter().map(|one| &one.path).filter(|path| path.r#type == PathType::RegularExpression);
            let values = matches.iter().flat_map(|one| values(&one.headers).chain(values(&one.query_params)));
            let paths = paths.map(|path| (Place::Path, &path.value));
            paths.chain(values.map(|value| (Place::Value, value))).collect()
        }
        Matches::Grpc(matches) => {
            matches.iter().flat_map(|one| values(&one.headers)).map(|value| (Place::Value, value)).collect()
        }
        Matches::None => Vec::new(),
    }
}

fn values(matches: &[ValueMatch]) -> impl Iterator<Item = &Text> {
    matches.iter().filter(|one| one.r#type == MatchType::RegularExpression).map(|one| &one.value)
}

/// Is nothing left open at either end?
fn closed(pattern: &str) -> bool {
    closed_end(pattern) && (pattern.starts_with('^') || pattern.starts_with(".*"))
}

/// Is nothing left open at the end?
fn closed_end(pattern: &str) -> bool {
    let escaped = pattern.strip_suffix('$').is_some_and(is_escaped);
    let ends = (pattern.ends_with('$') && !escaped) || (pattern.ends_with(".*") && !pattern.ends_with("\\.*"));
    ends && !has_alternatives(pattern)
}

/// Does an odd number of backslashes stand at the end?
fn is_escaped(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Is there a `|` outside parentheses and classes?
fn has_alternatives(pattern: &str) -> bool {
    let (mut depth, mut in_class, mut skip) = (0usize, false, false);
    for letter in pattern.chars() {
        match letter {
            _ if skip => skip = false,
            '\\' => skip = true,
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// The expression with both ends closed, for the same texts.
fn anchored(pattern: &str) -> String {
    if has_alternatives(pattern) {
        return format!("^(?:{pattern})$");
    }
    let start = if pattern.starts_with('^') { "" } else { "^" };
    let end = if closed_end(pattern) && pattern.ends_with('$') { "" } else { "$" };
    format!("{start}{pattern}{end}")
}

fn diagnostic(cx: &Cx<'_>, route: &Route, place: Place, pattern: &Text) -> Diagnostic {
    let anchored = anchored(&pattern.value);
    let message = format!("expression `{}` is open at its end", pattern.value);
    let message = if place == Place::Path { message } else { message.replace("at its end", "at an end") };
    about(&route.meta, rule::REGEX_UNANCHORED, pattern.span, message)
        .primary_label("the whole text here, a part of it elsewhere")
        .effect("implementations that match a part take more requests than gwc, Envoy and others do")
        .help(format!("write `{anchored}`, or end it in `.*` where the rest may be anything"))
        .fix(Applicability::Unsafe, format!("write `{anchored}`"), vec![replace_scalar(cx, pattern.span, &anchored)])
}

#[cfg(test)]
mod tests {
    use super::{anchored, closed, closed_end};

    #[test]
    fn ends_are_closed_by_anchors_and_wildcards() {
        for pattern in ["/a$", "^/a$", "/a.*", "/(a|b)$", "/a[|]$"] {
            assert!(closed_end(pattern), "{pattern}");
        }
        for pattern in ["/a", "/a\\$", "/a|/b$", "/a/b+", "/a\\.*"] {
            assert!(!closed_end(pattern), "{pattern}");
        }
        assert!(closed("^a$") && closed(".*a.*") && !closed("a$") && !closed("a"));
    }

    #[test]
    fn anchoring_keeps_what_is_there() {
        for (pattern, expected) in [("/a", "^/a$"), ("^/a", "^/a$"), ("/a|/b", "^(?:/a|/b)$"), ("a$", "^a$")] {
            assert_eq!(anchored(pattern), expected);
            assert!(closed(&anchored(pattern)));
        }
    }
}
