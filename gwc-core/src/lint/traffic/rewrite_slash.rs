//! GWC5006 `rewrite-slash`: a prefix and its replacement differ in their trailing slash.
//!
//! # What it checks
//! `ReplacePrefixMatch` in rewrites and redirects where one of the matched prefix and the replacement ends in `/` and
//! the other does not. A replacement of `/` alone is left out: every implementation knows it.
//!
//! # Why it matters
//! The API replaces whole path elements, so the slash does not count. Implementations that replace text instead send
//! `//cart` or glue two names together, and the backend answers 404 for some of the paths only.
//!
//! # Example
//! ```yaml
//! matches:
//! - path:
//!     type: PathPrefix
//!     value: /shop
//! filters:
//! - type: URLRewrite
//!   urlRewrite:
//!     path:
//!       type: ReplacePrefixMatch
//!       replacePrefixMatch: /store/
//! ```
//!
//! # Fix
//! Give both the same form; the result that the API defines stays the same, and the edit does that.
//!
//! # Specification
//! HTTPRoute `spec.rules[].filters[].urlRewrite.path.replacePrefixMatch`; routing reference §4.3

use crate::api::Text;
use crate::api::filter::{FilterKind, PathModifier};
use crate::api::route::{HttpMatch, Matches, PathType, Route, Rule};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

use super::header_modifier::filters;

/// GWC5006.
pub(super) static LINT: Lint = Lint {
    code: rule::REWRITE_SLASH,
    docs: Docs {
        summary: "a prefix and its replacement differ in their trailing slash",
        what: "`ReplacePrefixMatch` in rewrites and redirects where one of the matched prefix and \
               the replacement ends in `/` and the other does not. A replacement of `/` alone is \
               left out: every implementation knows it.",
        why: "The API replaces whole path elements, so the slash does not count. Implementations \
              that replace text instead send `//cart` or glue two names together, and the backend \
              answers 404 for some of the paths only.",
        bad: r#"matches:
- path:
    type: PathPrefix
    value: /shop
filters:
- type: URLRewrite
  urlRewrite:
    path:
      type: ReplacePrefixMatch
      replacePrefixMatch: /store/
"#,
        good: r#"matches:
- path:
    type: PathPrefix
    value: /shop
filters:
- type: URLRewrite
  urlRewrite:
    path:
      type: ReplacePrefixMatch
      replacePrefixMatch: /store
"#,
        fix: "Give both the same form; the result that the API defines stays the same, and the edit \
              does that.",
        spec: "HTTPRoute `spec.rules[].filters[].urlRewrite.path.replacePrefixMatch`; routing \
               reference §4.3",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            let Some(prefix) = only_prefix(rule) else { continue };
            let replacements = filters(rule).filter_map(|filter| replacement(&filter.kind));
            let uneven = replacements.filter(|replacement| is_uneven(&prefix.value, &replacement.value));
            out.0.extend(uneven.map(|replacement| diagnostic(cx, route, prefix, replacement)));
        }
    }
}

/// The prefix that is replaced: the API wants exactly one match, and a prefix, beside `ReplacePrefixMatch`.
fn only_prefix(rule: &Rule) -> Option<&Text> {
    let matches: &[HttpMatch] = match &rule.matches {
        Matches::Http(matches) => matches,
        Matches::Grpc(_) | Matches::None => &[],
    };
    let [one] = matches else { return None };
    (one.path.r#type == PathType::PathPrefix).then_some(&one.path.value)
}

fn replacement(filter: &FilterKind) -> Option<&Text> {
    match filter.path_modifier()? {
        PathModifier::ReplacePrefixMatch(text) => Some(text),
        PathModifier::ReplaceFullPath(_) | PathModifier::Unknown(_) => None,
    }
}

/// Does replacing text give another path than replacing elements?
fn is_uneven(prefix: &str, replacement: &str) -> bool {
    let strips = replacement.is_empty() || replacement == "/";
    !strips && prefix.ends_with('/') != replacement.ends_with('/')
}

fn diagnostic(cx: &Cx<'_>, route: &Route, prefix: &Text, replacement: &Text) -> Diagnostic {
    let bare = prefix.value.trim_end_matches('/');
    let right = format!("{}/cart", replacement.value.trim_end_matches('/'));
    // What an implementation makes of it that replaces the prefix as text.
    let rest = format!("{bare}/cart").get(prefix.value.len()..).unwrap_or_default().to_owned();
    let textual = format!("{}{rest}", replacement.value);
    let even = match prefix.value.ends_with('/') {
        true => format!("{}/", replacement.value),
        false => replacement.value.trim_end_matches('/').to_owned(),
    };
    let message = format!("`{}` for `{}`: the trailing slashes differ", replacement.value, prefix.value);
    about(&route.meta, rule::REWRITE_SLASH, replacement.span, message)
        .primary_label("the replacement")
        .label(prefix.span, "the prefix")
        .effect(format!("`{bare}/cart` becomes `{right}`; implementations that replace text send `{textual}`"))
        .help("write both with a trailing slash, or both without")
        .fix(Applicability::Unsafe, format!("write `{even}`"), vec![replace_scalar(cx, replacement.span, &even)])
}

#[cfg(test)]
mod tests {
    use super::is_uneven;

    #[test]
    fn slashes_must_be_even() {
        for (prefix, replacement) in [("/a", "/b"), ("/a/", "/b/"), ("/a", "/"), ("/", "/"), ("/a/", ""), ("/", "/b/")]
        {
            assert!(!is_uneven(prefix, replacement), "{prefix} {replacement}");
        }
        for (prefix, replacement) in [("/a", "/b/"), ("/a/", "/b"), ("/", "/b")] {
            assert!(is_uneven(prefix, replacement), "{prefix} {replacement}");
        }
    }
}
