//! GWC5015 `exact-trailing-slash`: an exact path is served with a trailing slash only, or without one only.
//!
//! # What it checks
//! `Exact` paths whose twin with (or without) a trailing slash no match of the same route takes. Paths whose last
//! element looks like a file name are left out.
//!
//! # Why it matters
//! `/cart` and `/cart/` are two paths. Links, browsers and people use both, and one of them gets 404.
//!
//! # Example
//! ```yaml
//! matches:
//! - path:
//!     type: Exact
//!     value: /cart
//! ```
//!
//! # Fix
//! Add a match for the other form, redirect it, or use `PathPrefix`, which takes both.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches[].path`; routing reference §3.1

use crate::api::Text;
use crate::api::route::{Matches, PathMatch, PathType, Route};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};

/// GWC5015.
pub(super) static LINT: Lint = Lint {
    code: rule::EXACT_TRAILING_SLASH,
    docs: Docs {
        summary: "an exact path is served with a trailing slash only, or without one only",
        what: "`Exact` paths whose twin with (or without) a trailing slash no match of the same \
               route takes. Paths whose last element looks like a file name are left out.",
        why: "`/cart` and `/cart/` are two paths. Links, browsers and people use both, and one of \
              them gets 404.",
        bad: r#"matches:
- path:
    type: Exact
    value: /cart
"#,
        good: r#"matches:
- path:
    type: Exact
    value: /cart
- path:
    type: Exact
    value: /cart/
"#,
        fix: "Add a match for the other form, redirect it, or use `PathPrefix`, which takes both.",
        spec: "HTTPRoute `spec.rules[].matches[].path`; routing reference §3.1",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        let paths = paths(route);
        let exact = paths.iter().filter(|path| path.r#type == PathType::Exact);
        for path in exact {
            let twin = twin(&path.value.value);
            out.0.extend(twin.filter(|twin| !is_taken(&paths, twin)).map(|twin| diagnostic(route, &path.value, &twin)));
        }
    }
}

fn paths(route: &Route) -> Vec<&PathMatch> {
    let matches = route.rules.iter().flat_map(|rule| match &rule.matches {
        Matches::Http(matches) => matches.as_slice(),
        Matches::Grpc(_) | Matches::None => &[],
    });
    matches.map(|one| &one.path).collect()
}

/// The other form; `None` for `/` and for what looks like a file.
fn twin(path: &str) -> Option<String> {
    match path.strip_suffix('/') {
        Some("") => None,
        Some(bare) => Some(bare.to_owned()),
        None => {
            let last = path.rsplit('/').next().unwrap_or_default();
            (!last.contains('.')).then(|| format!("{path}/"))
        }
    }
}

/// Does a match of the route take the path? An expression may; it gets the benefit of the doubt.
fn is_taken(paths: &[&PathMatch], path: &str) -> bool {
    paths.iter().any(|one| {
        let value = one.value.value.as_str();
        match &one.r#type {
            PathType::Exact => value == path,
            PathType::PathPrefix => {
                let rest = path.strip_prefix(value.trim_end_matches('/'));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            PathType::RegularExpression | PathType::Unknown(_) => true,
        }
    })
}

fn diagnostic(route: &Route, path: &Text, twin: &str) -> Diagnostic {
    let message = format!("exact path `{}` does not take `{twin}`", path.value);
    about(&route.meta, rule::EXACT_TRAILING_SLASH, path.span, message)
        .primary_label("this form only")
        .effect(format!("`{twin}` goes to another route, or gets 404"))
        .help(format!("add a match for `{twin}`, redirect it, or use `PathPrefix`"))
}

#[cfg(test)]
mod tests {
    use super::twin;

    #[test]
    fn twins_of_paths() {
        assert_eq!(twin("/cart").as_deref(), Some("/cart/"));
        assert_eq!(twin("/cart/").as_deref(), Some("/cart"));
        assert_eq!(twin("/"), None);
        assert_eq!(twin("/robots.txt"), None);
    }
}
