//! Values of a shape: absent and present members, repetitions in lists, changed texts.

use std::collections::BTreeSet;

use gwc_core::yaml::{Entry, Node, Value};

use crate::dice::Dice;
use crate::shape::{Member, Shape};
use crate::values::{entry, node};

/// Do members that the schema assures also occur as absent?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// No: the server would not evaluate the rule.
    Assured,
    /// Yes: this tries the errors of the rule.
    Careless,
}

const LETTERS: &[char] =
    &['a', 'Z', '0', '-', '.', '/', ':', '*', '%', '_', ' ', '\n', '#', '2', 'f', 'F', 'é', '\u{17f}', '\u{212a}', '~'];

/// A value of `shape`.
pub(crate) fn value(shape: &Shape, care: Care, dice: &mut Dice) -> Node {
    node(match shape {
        Shape::Text(texts) => Value::String(dice.pick(texts).map_or("", String::as_str).into()),
        Shape::FreeText(texts) => Value::String(changed(dice.pick(texts).map_or("", String::as_str), dice).into()),
        Shape::Number(numbers) => Value::Int(dice.pick(numbers).copied().unwrap_or_default()),
        Shape::Flag => Value::Bool(dice.once_in(2)),
        Shape::List { item, limit, long } => Value::Sequence(list(item, list_length(*limit, *long, dice), care, dice).into()),
        Shape::Record(members) => Value::Mapping(record(members, care, dice).into()),
        Shape::Map { keys, value: of } => Value::Mapping(
            distinct_keys(keys, dice).into_iter().map(|key| entry(&key, value(of, care, dice))).collect(),
        ),
    })
}

fn record(members: &[Member], care: Care, dice: &mut Dice) -> Vec<Entry> {
    let mut entries = Vec::new();
    for member in members {
        if is_present(member, care, dice) {
            entries.push(entry(&member.name, value(&member.shape, care, dice)));
        }
    }
    entries
}

/// Up to three keys.
fn distinct_keys(keys: &[String], dice: &mut Dice) -> BTreeSet<String> {
    (0..dice.below(4)).map(|_| changed(dice.pick(keys).map_or("", String::as_str), dice)).collect()
}

fn is_present(member: &Member, care: Care, dice: &mut Dice) -> bool {
    match (member.assured, care) {
        (true, Care::Assured) => true,
        (true, Care::Careless) => !dice.once_in(6),
        (false, _) => dice.once_in(2),
    }
}

fn list_length(limit: usize, long: bool, dice: &mut Dice) -> usize {
    if dice.once_in(if long { 3 } else { 40 }) {
        return limit;
    }
    dice.pick(&[0, 0, 1, 1, 1, 2, 2, 2, 3, 4]).copied().unwrap_or_default().min(limit)
}

/// Items, some of them copies of earlier ones with or without one change.
fn list(shape: &Shape, length: usize, care: Care, dice: &mut Dice) -> Vec<Node> {
    let mut items: Vec<Node> = Vec::with_capacity(length);
    while items.len() < length {
        let again = length > 8 || dice.once_in(2);
        let copy = if again { dice.pick(&items).cloned() } else { None };
        let item = match copy {
            Some(copy) if length > 8 || dice.once_in(4) => copy,
            Some(mut copy) => {
                change_member(&mut copy, shape, care, dice);
                copy
            }
            None => value(shape, care, dice),
        };
        items.push(item);
    }
    items
}

/// One member of an object anew, or without it.
fn change_member(node: &mut Node, shape: &Shape, care: Care, dice: &mut Dice) {
    let (Value::Mapping(_), Shape::Record(members)) = (&node.value, shape) else {
        *node = value(shape, care, dice);
        return;
    };
    let Some(member) = dice.pick(members) else { return };
    let present = is_present(member, care, dice);
    node.replace(&member.name, present.then(|| entry(&member.name, value(&member.shape, care, dice))));
}

/// The text, every other time with up to three changes.
fn changed(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if dice.once_in(2) {
        for _ in 0..=dice.below(3) {
            change_letter(&mut letters, dice);
        }
    }
    letters.into_iter().collect()
}

fn change_letter(letters: &mut Vec<char>, dice: &mut Dice) {
    let at = dice.below(letters.len() + 1);
    let letter = dice.pick(LETTERS).copied().unwrap_or('a');
    match dice.below(3) {
        0 => letters.insert(at, letter),
        1 if at < letters.len() => drop(letters.remove(at)),
        _ => {
            if let Some(place) = letters.get_mut(at) {
                *place = letter;
            }
        }
    }
}
