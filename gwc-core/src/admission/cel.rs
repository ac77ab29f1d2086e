//! Runs the CEL rules of a schema where they are attached.

use crate::admission::correlate::{Pair, old_item};
use crate::admission::place::{Here, error_at};
use crate::admission::rules::{RULES, RuleCx};
use crate::admission::schema::{Rules, SchemaNode, node_at};
use crate::admission::{Cause, Check, FieldError};
use crate::yaml::{Node, Value};

/// What an update knows of the old value at a place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Before<'n> {
    /// The old value that `oldSelf` means.
    old: Option<&'n Node>,
    /// The pair at this place.
    pair: Option<Pair<'n>>,
    /// The pair of the nearest place above that has one.
    nearest: Option<Pair<'n>>,
}

impl<'n> Before<'n> {
    /// At the root of an update.
    pub(crate) fn root(old: &'n Node, pair: Pair<'n>) -> Self {
        Self { old: Some(old), pair: Some(pair), nearest: None }
    }

    fn below(self, old: Option<&'n Node>, pair: impl FnOnce(Pair<'n>) -> Option<Pair<'n>>) -> Self {
        match self.pair {
            Some(above) => Self { old, pair: pair(above), nearest: Some(above) },
            None => Self { old, ..self },
        }
    }

    fn unchanged(&self) -> bool {
        self.pair.or(self.nearest).is_some_and(Pair::unchanged)
    }
}

/// Adds the broken rules of `node` and below to `errors`.
pub(crate) fn check_rules(
    node: &Node,
    schema: &'static SchemaNode,
    here: &Here<'_>,
    before: Before<'_>,
    errors: &mut Vec<FieldError>,
) {
    if schema.rules_below == Rules::Absent || node.is_null() {
        return;
    }
    for index in schema.rules() {
        errors.extend(run(usize::from(*index), node, here, before));
    }
    match &node.value {
        Value::Mapping(entries) => {
            for entry in entries {
                let key = entry.key.text.as_str();
                let below = || before.below(before.old.and_then(|old| old.get(key)), |pair| pair.key(key));
                if let Some(child) = node_at(schema.additional) {
                    check_rules(&entry.value, child, &Here::MapKey(here, key), below(), errors);
                }
                if let Some(child) = schema.property(key) {
                    check_rules(&entry.value, child, &Here::Field(here, key), below(), errors);
                }
            }
        }
        Value::Sequence(items) => {
            let Some(child) = schema.item() else { return };
            for (index, item) in items.iter().enumerate() {
                let old = before.old.and_then(|old| old_item(schema, old, item));
                let below = before.below(old, |pair| pair.index(index));
                check_rules(item, child, &Here::Item(here, index), below, errors);
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {}
    }
}

fn run(index: usize, node: &Node, here: &Here<'_>, before: Before<'_>) -> Option<FieldError> {
    let rule = RULES.get(index)?;
    if rule.transition && before.old.is_none() {
        return None;
    }
    let (check, detail) = match (rule.check)(RuleCx { value: node, old: before.old }) {
        Ok(true) => return None,
        // What an update did not change is tolerated, except by rules about the change itself.
        Ok(false) if !rule.transition && before.unchanged() => return None,
        Ok(false) => (Check::Cel(index), rule.words.to_owned()),
        Err(_) => (Check::CelError(index), format!("the rule `{}` cannot be evaluated", rule.id)),
    };
    Some(error_at(here, node, Cause::Invalid, check, detail))
}
