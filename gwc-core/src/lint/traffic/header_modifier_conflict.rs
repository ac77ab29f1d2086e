//! GWC5008 `header-modifier-conflict`: a header modifier names one header twice.
//!
//! # What it checks
//! Header modifiers in which one header, upper and lower case alike, stands more than once in `set`, `add` and
//! `remove`.
//!
//! # Why it matters
//! The order of set, add and remove is not specified, so the result depends on the implementation.
//!
//! # Example
//! ```yaml
//! requestHeaderModifier:
//!   set:
//!   - name: X-Shop
//!     value: store
//!   remove:
//!   - x-shop
//! ```
//!
//! # Fix
//! Name each header once; `set` replaces what the client sent, so `remove` is not needed beside it.
//!
//! # Specification
//! `HTTPHeaderFilter`; RFC 9110 §5.1 (names are case-insensitive)

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::Text;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::about;
use crate::lint::{Cx, Docs, Lint};

use super::header_modifier::{Modifier, modifiers};

/// GWC5008.
pub(super) static LINT: Lint = Lint {
    code: rule::HEADER_MODIFIER_CONFLICT,
    docs: Docs {
        summary: "a header modifier names one header twice",
        what: "Header modifiers in which one header, upper and lower case alike, stands more than once in \
              `set`, `add` and `remove`.",
        why: "The order of set, add and remove is not specified, so the result depends on the \
              implementation.",
        bad: r#"requestHeaderModifier:
  set:
  - name: X-Shop
    value: store
  remove:
  - x-shop
"#,
        good: r#"requestHeaderModifier:
  set:
  - name: X-Shop
    value: store
"#,
        fix: "Name each header once; `set` replaces what the client sent, so `remove` is not needed \
              beside it.",
        spec: "`HTTPHeaderFilter`; RFC 9110 §5.1 (names are case-insensitive)",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for one in modifiers(cx) {
        let lists = &one.modifier;
        let set = lists.set.iter().map(|(name, _)| (name, "set"));
        let add = lists.add.iter().map(|(name, _)| (name, "add"));
        let remove = lists.remove.iter().map(|name| (name, "remove"));
        let mut first: BTreeMap<CompactString, (&Text, &str)> = BTreeMap::new();
        for (name, list) in set.chain(add).chain(remove) {
            match first.get(&name.value.to_ascii_lowercase()) {
                // A header that is removed twice is removed.
                Some((_, "remove")) if list == "remove" => {}
                Some(earlier) => out.push(diagnostic(&one, *earlier, (name, list))),
                None => drop(first.insert(name.value.to_ascii_lowercase(), (name, list))),
            }
        }
    }
}

fn diagnostic(one: &Modifier<'_>, (first, in_first): (&Text, &str), (second, in_second): (&Text, &str)) -> Diagnostic {
    let message = format!("header `{}` is in `{in_first}` and again in `{in_second}`", second.value);
    about(one.meta, rule::HEADER_MODIFIER_CONFLICT, second.span, message)
        .primary_label("the same header again")
        .label(first.span, format!("in `{in_first}`"))
        .effect("which of the two wins depends on the implementation")
        .help(format!("name `{}` once", first.value))
}
