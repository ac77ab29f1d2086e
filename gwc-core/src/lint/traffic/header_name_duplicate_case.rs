//! GWC5011 `header-name-duplicate-case`: two matches for one header differ only in upper and lower case.
//!
//! # What it checks
//! Matches with two entries for one header name in different spelling. The same spelling twice is refused by the API
//! server.
//!
//! # Why it matters
//! Header names are case-insensitive: the first entry counts, later ones are ignored. The match is wider than it looks.
//!
//! # Example
//! ```yaml
//! headers:
//! - name: X-Shop
//!   value: store
//! - name: x-shop
//!   value: stock
//! ```
//!
//! # Fix
//! Remove the later entry. Two values for one header need two matches, or one regular expression.
//!
//! # Specification
//! HTTPRoute `spec.rules[].matches[].headers[].name`; status reference §5.1

use crate::api::route::{Route, ValueMatch};
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, rule};
use crate::lint::finding::about;
use crate::lint::finding::edit::{mapping_at, remove_item, tree};
use crate::lint::finding::reference::routes;
use crate::lint::{Cx, Docs, Lint};
use crate::yaml::Node;

use super::header_match::header_lists;

/// GWC5011.
pub(super) static LINT: Lint = Lint {
    code: rule::HEADER_NAME_DUPLICATE_CASE,
    docs: Docs {
        summary: "two matches for one header differ only in upper and lower case",
        what: "Matches with two entries for one header name in different spelling. The same spelling \
              twice is refused by the API server.",
        why: "Header names are case-insensitive: the first entry counts, later ones are ignored. The \
              match is wider than it looks.",
        bad: r#"headers:
- name: X-Shop
  value: store
- name: x-shop
  value: stock
"#,
        good: r#"headers:
- name: X-Shop
  value: store
"#,
        fix: "Remove the later entry. Two values for one header need two matches, or one regular \
              expression.",
        spec: "HTTPRoute `spec.rules[].matches[].headers[].name`; status reference §5.1",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (_, route, _) in routes(cx) {
        for (first, again) in header_lists(route).flat_map(repeated) {
            let finding = diagnostic(route, first, again);
            let title = format!("remove the match on `{}`", again.name.value);
            out.push(match removal(cx, route, again) {
                Some(edit) => finding.fix(Applicability::Unsafe, title, vec![edit]),
                None => finding,
            });
        }
    }
}

/// Entries whose name stands earlier in the list, each with the first of that name.
fn repeated(headers: &[ValueMatch]) -> impl Iterator<Item = (&ValueMatch, &ValueMatch)> {
    headers.iter().enumerate().filter_map(|(position, header)| {
        let same = |one: &&ValueMatch| one.name.value.eq_ignore_ascii_case(&header.name.value);
        headers.iter().take(position).find(same).map(|first| (first, header))
    })
}

fn diagnostic(route: &Route, first: &ValueMatch, again: &ValueMatch) -> Diagnostic {
    let message =
        format!("`{}` and `{}` are the same header; this match is ignored", first.name.value, again.name.value);
    about(&route.meta, rule::HEADER_NAME_DUPLICATE_CASE, again.name.span, message)
        .primary_label("never looked at")
        .label(first.name.span, "this one counts")
        .effect(format!("requests match whatever `{}` says here", again.name.value))
        .help("remove the entry, or make it a match of its own")
}

fn removal(cx: &Cx<'_>, route: &Route, header: &ValueMatch) -> Option<Edit> {
    let root = tree(cx, &route.meta)?;
    let list = parent_list(root, mapping_at(root, header.span)?)?;
    let position = list.items().iter().position(|item| item.start == header.span.start)?;
    remove_item(cx, route.meta.source(), list, position)
}

/// The sequence that holds `item` directly.
fn parent_list<'n>(root: &'n Node, item: &Node) -> Option<&'n Node> {
    if root.items().iter().any(|child| child.start == item.start && child.end == item.end) {
        return Some(root);
    }
    let values = root.entries().iter().map(|entry| &entry.value).chain(root.items());
    let mut around = values.filter(|child| child.start <= item.start && item.end <= child.end);
    around.find_map(|child| parent_list(child, item))
}
