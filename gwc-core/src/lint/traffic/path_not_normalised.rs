//! GWC5014 `path-not-normalised`: a path contains what normalisation removes.
//!
//! # What it checks
//! Paths with `//`, `/./`, `/../`, an encoded slash or `#`, in matches and in rewrites and redirects. In a match the
//! API server refuses most of it; encoded dots in a match, and everything in a rewrite or redirect, is found here.
//!
//! # Why it matters
//! Requests are compared after their path was normalised: such a match never fits. A rewritten path is normalised, or
//! not, by whoever reads it next, so the backend may serve another resource than the one that was checked.
//!
//! # Example
//! ```yaml
//! urlRewrite:
//!   path:
//!     type: ReplacePrefixMatch
//!     replacePrefixMatch: /shop/../cart
//! ```
//!
//! # Fix
//! Write the path that is meant, with single slashes and without dot segments.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches[].path.value`; CEL rules of `HTTPPathMatch`; RFC 3986 §6

use crate::api::Text;
use crate::api::filter::{FilterKind, PathModifier};
use crate::api::route::{Matches, PathType, Route, Rule};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Severity, rule};
use crate::lint::finding::about;
use crate::lint::finding::edit::replace_scalar;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

use super::header_modifier::filters;

/// GWC5014.
pub(super) static LINT: Lint = Lint {
    code: rule::PATH_NOT_NORMALISED,
    docs: Docs {
        summary: "a path contains what normalisation removes",
        what: "Paths with `//`, `/./`, `/../`, an encoded slash or `#`, in matches and in rewrites and \
              redirects. In a match the API server refuses most of it; encoded dots in a match, and \
              everything in a rewrite or redirect, is found here.",
        why: "Requests are compared after their path was normalised: such a match never fits. A \
              rewritten path is normalised, or not, by whoever reads it next, so the backend may serve \
              another resource than the one that was checked.",
        bad: r#"urlRewrite:
  path:
    type: ReplacePrefixMatch
    replacePrefixMatch: /shop/../cart
"#,
        good: r#"urlRewrite:
  path:
    type: ReplacePrefixMatch
    replacePrefixMatch: /cart
"#,
        fix: "Write the path that is meant, with single slashes and without dot segments.",
        spec: "HTTPRoute `spec.rules[].matches[].path.value`; CEL rules of `HTTPPathMatch`; RFC 3986 §6",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for rule in &route.rules {
            for path in match_paths(rule) {
                out.0.extend(problem(&path.value).map(|what| in_match(route, path, what)));
            }
            for path in filters(rule).filter_map(|filter| written_path(&filter.kind)) {
                out.0.extend(problem(&path.value).map(|what| with_fix(cx, path, in_filter(route, path, what))));
            }
        }
    }
}

fn match_paths(rule: &Rule) -> Vec<&Text> {
    match &rule.matches {
        Matches::Http(matches) => {
            let plain = matches.iter().filter(|one| matches!(one.path.r#type, PathType::Exact | PathType::PathPrefix));
            plain.map(|one| &one.path.value).collect()
        }
        Matches::Grpc(_) | Matches::None => Vec::new(),
    }
}

fn written_path(filter: &FilterKind) -> Option<&Text> {
    match filter.path_modifier()? {
        PathModifier::ReplaceFullPath(path) | PathModifier::ReplacePrefixMatch(path) => Some(path),
        PathModifier::Unknown(_) => None,
    }
}

/// What a normalised path cannot contain.
fn problem(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    // Encoded dots are dots after normalisation.
    let decoded = lower.replace("%2e", ".");
    if lower.contains("//") {
        Some("an empty segment (`//`)")
    } else if decoded.split('/').any(|segment| matches!(segment, "." | "..")) {
        Some("a dot segment")
    } else if lower.contains("%2f") {
        Some("an encoded slash")
    } else if lower.contains('#') {
        Some("a `#`, which ends a path")
    } else {
        None
    }
}

fn in_match(route: &Route, path: &Text, what: &str) -> Diagnostic {
    about(&route.meta, rule::PATH_NOT_NORMALISED, path.span, format!("path `{}` contains {what}", path.value))
        .primary_label("no normalised path looks like this")
        .effect("no request ever matches: paths are normalised before they are compared")
        .help("write the path with single slashes and without dot segments")
}

fn in_filter(route: &Route, path: &Text, what: &str) -> Diagnostic {
    let message = format!("replacement path `{}` contains {what}", path.value);
    let mut finding = about(&route.meta, rule::PATH_NOT_NORMALISED, path.span, message)
        .primary_label("read differently by different servers")
        .effect("the next hop may serve another resource than the one that was checked")
        .help("write the path that is meant, with single slashes and without dot segments");
    // The API allows any text here.
    finding.severity = Severity::Warning;
    finding
}

fn with_fix(cx: &Cx<'_>, path: &Text, finding: Diagnostic) -> Diagnostic {
    let normal = normalised(&path.value);
    if problem(&normal).is_some() {
        return finding;
    }
    let edit = replace_scalar(cx, path.span, &normal);
    finding.fix(Applicability::Unsafe, format!("write `{normal}`"), vec![edit])
}

/// The path without empty and dot segments (RFC 3986 §5.2.4).
fn normalised(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(segment),
        }
    }
    let is_folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    let end = if is_folder && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{normalised, problem};

    #[test]
    fn normalised_paths_keep_their_segments() {
        for (path, expected) in [("/shop/../cart", "/cart"), ("/a//b/", "/a/b/"), ("/a/./b/..", "/a/"), ("/..", "/")] {
            assert_eq!(normalised(path), expected, "{path}");
        }
    }

    #[test]
    fn normalised_paths_have_no_problem() {
        for path in ["/", "/cart", "/cart/", "/a.b/..c", "/a%20b", ""] {
            assert_eq!(problem(path), None, "{path}");
        }
        for path in ["//", "/a/./b", "/a/..", "/%2E%2e/", "/a%2Fb", "/a#b", "../cart"] {
            assert!(problem(path).is_some(), "{path}");
        }
    }
}
