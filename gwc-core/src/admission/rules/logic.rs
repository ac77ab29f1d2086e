//! CEL's logic on the located tree: three-valued `&&` and `||`, macros over lists, access to members.
//!
//! An evaluation error is a third truth value: `&&` and `all` absorb it when some operand is false, `||` and `exists`
//! when some operand is true; counting macros never do. Values arrive pruned and defaulted, so `null` is absence.

use super::{CelRule, RuleCx, RuleError};
use crate::yaml::{Node, Value};

/// Truth, or an evaluation error.
pub(super) type Outcome = Result<bool, RuleError>;

/// A rule on one state of the object.
pub(super) const fn rule(
    id: &'static str,
    check: fn(RuleCx<'_>) -> Outcome,
    words: &'static str,
    help: &'static str,
) -> CelRule {
    CelRule { id, check, transition: false, words, help }
}

/// `left && right`.
pub(super) fn and(left: Outcome, right: impl FnOnce() -> Outcome) -> Outcome {
    if left == Ok(false) {
        return left;
    }
    let right = right();
    if right == Ok(false) { right } else { left.and(right) }
}

/// `left || right`.
pub(super) fn or(left: Outcome, right: impl FnOnce() -> Outcome) -> Outcome {
    if left == Ok(true) {
        return left;
    }
    let right = right();
    if right == Ok(true) { right } else { left.and(right) }
}

/// `!outcome`.
pub(super) fn not(outcome: Outcome) -> Outcome {
    outcome.map(|truth| !truth)
}

/// `condition ? then : true`; an error of the condition is the answer.
pub(super) fn implies(condition: Outcome, then: impl FnOnce() -> Outcome) -> Outcome {
    if condition? { then() } else { Ok(true) }
}

/// Items of a list.
pub(super) fn items(list: &Node) -> Result<&[Node], RuleError> {
    if let Value::Sequence(items) = &list.value { Ok(items) } else { Err(RuleError) }
}

/// `list.all(item, test)`.
pub(super) fn all(list: &Node, mut test: impl FnMut(&Node) -> Outcome) -> Outcome {
    let mut answer = Ok(true);
    for item in items(list)? {
        answer = and(answer, || test(item));
    }
    answer
}

/// `list.exists(item, test)`.
pub(super) fn exists(list: &Node, mut test: impl FnMut(&Node) -> Outcome) -> Outcome {
    let mut answer = Ok(false);
    for item in items(list)? {
        answer = or(answer, || test(item));
    }
    answer
}

/// How many items pass; an error at any item is an error.
pub(super) fn count(list: &Node, mut test: impl FnMut(&Node) -> Outcome) -> Result<usize, RuleError> {
    items(list)?.iter().try_fold(0, |n, item| Ok(n + usize::from(test(item)?)))
}

/// `list.exists_one(item, test)`.
pub(super) fn exactly_one(list: &Node, test: impl FnMut(&Node) -> Outcome) -> Outcome {
    count(list, test).map(|n| n == 1)
}

/// `has(node.key)`.
pub(super) fn has(node: &Node, key: &str) -> bool {
    node.field(key).is_some()
}

/// `node.key`.
pub(super) fn member<'n>(node: &'n Node, key: &str) -> Result<&'n Node, RuleError> {
    node.field(key).ok_or(RuleError)
}

/// `node.key`, needed as text.
pub(super) fn text<'n>(node: &'n Node, key: &str) -> Result<&'n str, RuleError> {
    own_text(member(node, key)?)
}

/// `node`, needed as text.
pub(super) fn own_text(node: &Node) -> Result<&str, RuleError> {
    node.as_str().ok_or(RuleError)
}

/// `node.key == wanted`.
pub(super) fn is(node: &Node, key: &str, wanted: &str) -> Outcome {
    member(node, key).map(|member| member.as_str() == Some(wanted))
}

/// `node.key in wanted`.
pub(super) fn is_one_of(node: &Node, key: &str, wanted: &[&str]) -> Outcome {
    member(node, key).map(|member| member.as_str().is_some_and(|text| wanted.contains(&text)))
}

/// `left.key == right.key`.
pub(super) fn same(left: &Node, right: &Node, key: &str) -> Outcome {
    Ok(equal(member(left, key)?, member(right, key)?))
}

/// `has(node.key) && size(node.key) > 0`, for lists.
pub(super) fn has_items(node: &Node, key: &str) -> Outcome {
    node.field(key).map_or(Ok(false), |list| items(list).map(|items| !items.is_empty()))
}

/// `!has(node.key)`, or the empty text or zero there.
pub(super) fn blank(node: &Node, key: &str) -> bool {
    node.field(key).is_none_or(|member| member.as_str() == Some("") || member.as_int() == Some(0))
}

/// Blank on both sides, or present on both and equal.
pub(super) fn same_or_both_blank(left: &Node, right: &Node, key: &str) -> bool {
    let both_blank = blank(left, key) && blank(right, key);
    both_blank || left.field(key).zip(right.field(key)).is_some_and(|(left, right)| equal(left, right))
}

/// `left == right` for scalars; these rules never compare lists or mappings.
pub(super) fn equal(left: &Node, right: &Node) -> bool {
    left.value == right.value
}

/// Length in characters, as CEL's `size` counts.
pub(super) fn n_characters(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::{Outcome, RuleError, all, and, exactly_one, exists, or};
    use crate::yaml::{Node, Value};

    const ERROR: Outcome = Err(RuleError);

    #[test]
    fn errors_are_absorbed_on_both_sides() {
        for (left, right) in [(ERROR, Ok(false)), (Ok(false), ERROR)] {
            assert_eq!(and(left, || right), Ok(false));
        }
        for (left, right) in [(ERROR, Ok(true)), (Ok(true), ERROR)] {
            assert_eq!(or(left, || right), Ok(true));
        }
        for (left, right) in [(ERROR, Ok(true)), (Ok(true), ERROR), (ERROR, ERROR)] {
            assert_eq!(and(left, || right), ERROR);
        }
        for (left, right) in [(ERROR, Ok(false)), (Ok(false), ERROR), (ERROR, ERROR)] {
            assert_eq!(or(left, || right), ERROR);
        }
    }

    /// Items stand for the outcomes of a test: booleans for themselves, null for an error.
    fn outcomes(items: &[Value]) -> Node {
        Node::new(Value::Sequence(items.iter().map(|item| Node::new(item.clone(), 0, 0)).collect()), 0, 0)
    }

    #[test]
    fn macros_absorb_errors_but_counting_does_not() {
        let test = |item: &Node| item.as_bool().ok_or(RuleError);
        let (no, yes, error) = (Value::Bool(false), Value::Bool(true), Value::Null);
        let list = outcomes(&[error.clone(), yes, no.clone()]);
        assert_eq!(all(&list, test), Ok(false));
        assert_eq!(exists(&list, test), Ok(true));
        assert_eq!(exactly_one(&list, test), ERROR);
        assert_eq!(exists(&outcomes(&[error, no]), test), ERROR);
        assert_eq!(all(&outcomes(&[]), test), Ok(true));
        assert_eq!(exists(&outcomes(&[]), test), Ok(false));
    }
}
