//! GWC0022 `selector-invalid`: a label selector cannot be read, or selects nothing by itself.
//!
//! # What it checks
//! Selectors of `allowedRoutes` and `allowedListeners`: operators that do not exist, `In` and `NotIn` without values,
//! `Exists` and `DoesNotExist` with values, requirements that contradict each other, and `from: Selector` without a
//! selector.
//!
//! # Why it matters
//! No namespace is selected: every route or ListenerSet from another namespace is refused, and no condition of the
//! Gateway says why.
//!
//! # Example
//! ```yaml
//! from: Selector
//! selector:
//!   matchExpressions:
//!   - key: gateway-access
//!     operator: In
//!     values: []
//! ```
//!
//! # Fix
//! Write operator and values that fit together: `In` and `NotIn` take values, `Exists` and `DoesNotExist` take none.
//!
//! # Specification
//! Kubernetes LabelSelector; `allowedRoutes.namespaces.selector`, `allowedListeners.namespaces.selector`; status
//! reference §2.5

use std::collections::BTreeMap;

use crate::api::Meta;
use crate::api::gateway::{AllowedNamespaces, From, LabelSelector, SelectorExpression};
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked, quoted};
use crate::lint::{Cx, Docs, Lint};
use crate::source::Span;

/// GWC0022.
pub(super) static LINT: Lint = Lint {
    code: rule::SELECTOR_INVALID,
    docs: Docs {
        summary: "a label selector cannot be read, or selects nothing by itself",
        what: "Selectors of `allowedRoutes` and `allowedListeners`: operators that do not exist, `In` and \
              `NotIn` without values, `Exists` and `DoesNotExist` with values, requirements that contradict \
              each other, and `from: Selector` without a selector.",
        why: "No namespace is selected: every route or ListenerSet from another namespace is refused, and no \
              condition of the Gateway says why.",
        bad: r#"from: Selector
selector:
  matchExpressions:
  - key: gateway-access
    operator: In
    values: []
"#,
        good: r#"from: Selector
selector:
  matchExpressions:
  - key: gateway-access
    operator: In
    values: ["true"]
"#,
        fix: "Write operator and values that fit together: `In` and `NotIn` take values, `Exists` and \
              `DoesNotExist` take none.",
        spec: "Kubernetes LabelSelector; `allowedRoutes.namespaces.selector`, \
              `allowedListeners.namespaces.selector`; status reference §2.5",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    for (meta, allowed) in selecting(cx) {
        let Some(selector) = &allowed.selector else {
            out.push(diagnostic(meta, allowed.span, "`from: Selector` has no `selector`", "add a `selector`"));
            continue;
        };
        let broken = selector.expressions.iter().filter_map(|one| Some((one, expression_problem(one)?)));
        let mut any = false;
        for (expression, (message, help)) in broken {
            any = true;
            out.push(diagnostic(meta, expression.span, message, help));
        }
        if let Some((key, span)) = contradiction(selector).filter(|_| !any) {
            let message = format!("the requirements on label `{key}` contradict each other");
            out.push(diagnostic(meta, span, message, "remove the requirement that is not meant"));
        }
    }
}

/// `namespaces` with `from: Selector` of checked Gateways and ListenerSets.
fn selecting<'w>(cx: &Cx<'w>) -> impl Iterator<Item = (&'w Meta, &'w AllowedNamespaces)> {
    let graph = cx.graph;
    let listeners = graph.listeners.ids().map(|id| (graph.listener_owner(id), &graph.listener(id).namespaces));
    let gateways = graph.gateways.iter();
    let sets = gateways.filter_map(|(_, gateway)| Some((&gateway.meta, gateway.allowed_listeners.as_ref()?)));
    listeners.chain(sets).filter(|(meta, allowed)| is_checked(meta) && allowed.from == From::Selector)
}

fn expression_problem(expression: &SelectorExpression) -> Option<(String, &'static str)> {
    let SelectorExpression { key, operator, values, .. } = expression;
    match operator.as_str() {
        "In" | "NotIn" if values.is_empty() => {
            Some((format!("operator `{operator}` on label `{key}` has no values"), "add at least one value"))
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => Some((
            format!("operator `{operator}` on label `{key}` takes no values"),
            "remove `values`, or use `In` or `NotIn`",
        )),
        "In" | "NotIn" | "Exists" | "DoesNotExist" => None,
        _ => Some((
            format!("`{operator}` is no operator of a label selector"),
            "use `In`, `NotIn`, `Exists` or `DoesNotExist`",
        )),
    }
}

/// What the requirements on one label leave over.
#[derive(Default)]
struct Remaining<'s> {
    /// Values that are still possible; `None`: any.
    possible: Option<Vec<&'s str>>,
    excluded: Vec<&'s str>,
    must_exist: bool,
    must_not_exist: bool,
}

impl Remaining<'_> {
    fn is_empty(&self) -> bool {
        let no_value = self.possible.as_ref().is_some_and(|values| values.iter().all(|v| self.excluded.contains(v)));
        no_value || (self.must_not_exist && (self.must_exist || self.possible.is_some()))
    }
}

/// The first label whose requirements leave nothing over, with the place of the last one.
fn contradiction(selector: &LabelSelector) -> Option<(&str, Span)> {
    let mut labels: BTreeMap<&str, Remaining<'_>> = BTreeMap::new();
    for (key, value, _) in &selector.match_labels {
        labels.entry(key).or_default().possible = Some(vec![value.as_str()]);
    }
    for expression in &selector.expressions {
        let remaining = labels.entry(&expression.key).or_default();
        let values = expression.values.iter().map(compact_str::CompactString::as_str);
        match expression.operator.as_str() {
            "In" => {
                let allowed: Vec<&str> = values.collect();
                let before = remaining.possible.take();
                let narrowed = before.map(|before| before.into_iter().filter(|v| allowed.contains(v)).collect());
                remaining.possible = Some(narrowed.unwrap_or(allowed));
            }
            "NotIn" => remaining.excluded.extend(values),
            "Exists" => remaining.must_exist = true,
            "DoesNotExist" => remaining.must_not_exist = true,
            _ => {}
        }
        if remaining.is_empty() {
            return Some((&expression.key, expression.span));
        }
    }
    None
}

fn diagnostic(meta: &Meta, span: Span, message: impl Into<String>, help: &'static str) -> Diagnostic {
    about(meta, rule::SELECTOR_INVALID, span, message)
        .effect("no namespace is selected; what comes from another namespace is refused")
        .help(help)
        .note(format!("operators: {}", quoted(["In", "NotIn", "Exists", "DoesNotExist"])))
}
