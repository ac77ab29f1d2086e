//! GWC5019 `grpc-as-http`: an HTTPRoute looks as if it served gRPC.
//!
//! # What it checks
//! Matches of HTTPRoutes on the header `content-type` with a value of `application/grpc`, and paths of the form
//! `/package.Service/Method` or `/package.Service`.
//!
//! # Why it matters
//! It works where the backend Service says `kubernetes.io/h2c`, and fails elsewhere: an HTTPRoute speaks HTTP/1.1 to
//! its backends. Requests that no rule takes get 404 instead of the status UNIMPLEMENTED.
//!
//! # Example
//! ```yaml
//! kind: HTTPRoute
//! spec:
//!   rules:
//!   - matches:
//!     - path:
//!         type: Exact
//!         value: /shop.v1.Cart/Add
//! ```
//!
//! # Fix
//! Use a GRPCRoute: it matches service and method by name and always speaks HTTP/2 to the backend.
//!
//! # Specification
//! GRPCRoute; routing reference §3.7, §5.4

use crate::api::route::{HttpMatch, MatchType, Matches, PathType, Route};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC5019.
pub(super) static LINT: Lint = Lint {
    code: rule::GRPC_AS_HTTP,
    docs: Docs {
        summary: "an HTTPRoute looks as if it served gRPC",
        what: "Matches of HTTPRoutes on the header `content-type` with a value of \
               `application/grpc`, and paths of the form `/package.Service/Method` or \
               `/package.Service`.",
        why: "It works where the backend Service says `kubernetes.io/h2c`, and fails elsewhere: an \
              HTTPRoute speaks HTTP/1.1 to its backends. Requests that no rule takes get 404 instead \
              of the status UNIMPLEMENTED.",
        bad: r#"kind: HTTPRoute
spec:
  rules:
  - matches:
    - path:
        type: Exact
        value: /shop.v1.Cart/Add
"#,
        good: r#"kind: GRPCRoute
spec:
  rules:
  - matches:
    - method:
        service: shop.v1.Cart
        method: Add
"#,
        fix: "Use a GRPCRoute: it matches service and method by name and always speaks HTTP/2 to the \
              backend.",
        spec: "GRPCRoute; routing reference §3.7, §5.4",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        let matches = route.rules.iter().flat_map(|rule| match &rule.matches {
            Matches::Http(matches) => matches.as_slice(),
            Matches::Grpc(_) | Matches::None => &[],
        });
        // One finding for each route says it all.
        out.0.extend(matches.filter_map(sign).next().map(|(span, what)| diagnostic(route, span, &what)));
    }
}

/// What makes a match look like gRPC.
fn sign(one: &HttpMatch) -> Option<(Span, String)> {
    let header = one.headers.iter().find(|header| {
        let is_type = header.name.value.eq_ignore_ascii_case("content-type");
        is_type && header.r#type == MatchType::Exact && header.value.value.starts_with("application/grpc")
    });
    if let Some(header) = header {
        return Some((header.value.span, format!("content-type `{}`", header.value.value)));
    }
    let plain = matches!(one.path.r#type, PathType::Exact | PathType::PathPrefix);
    let path = &one.path.value;
    (plain && is_grpc_path(&path.value)).then(|| (path.span, format!("path `{}`", path.value)))
}

/// `/package.Service` or `/package.Service/Method`: a dotted name whose last part begins with a capital letter.
fn is_grpc_path(path: &str) -> bool {
    let mut elements = path.trim_start_matches('/').trim_end_matches('/').split('/');
    let (service, method, rest) = (elements.next().unwrap_or_default(), elements.next(), elements.next());
    let mut parts = service.rsplit('.');
    let is_name = |name: &str| {
        name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let is_capital = |name: &str| name.starts_with(|letter: char| letter.is_ascii_uppercase());
    let last = parts.next().unwrap_or_default();
    let package: Vec<&str> = parts.collect();
    let service = is_name(last) && is_capital(last) && !package.is_empty() && package.iter().all(|part| is_name(part));
    service && method.is_none_or(|method| is_name(method) && is_capital(method)) && rest.is_none()
}

fn diagnostic(route: &Route, span: Span, what: &str) -> Diagnostic {
    about(&route.meta, rule::GRPC_AS_HTTP, span, format!("{what} looks like gRPC"))
        .primary_label("in an HTTPRoute")
        .effect("backends are spoken to in HTTP/1.1 unless their port says `kubernetes.io/h2c`")
        .help("use a GRPCRoute")
}

#[cfg(test)]
mod tests {
    use super::is_grpc_path;

    #[test]
    fn paths_of_grpc_calls() {
        for path in ["/shop.v1.Cart/Add", "/shop.Cart", "/shop.Cart/"] {
            assert!(is_grpc_path(path), "{path}");
        }
        for path in ["/", "/Cart/Add", "/shop.v1.cart/add", "/index.html", "/a.B/c", "/shop.Cart/Add/x", "/v1.2"] {
            assert!(!is_grpc_path(path), "{path}");
        }
    }
}
