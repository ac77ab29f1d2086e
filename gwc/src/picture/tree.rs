//! The picture as a tree of text: classes, Gateways, routes, backends, from the outside to the inside.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use gwc_core::graph::reference::Presence;

use crate::output::style::{Ink, Style};
use crate::picture::{Item, Line, Picture, Verdict, child, name, points_up, word};
use crate::texts::{Texts, printable};

/// Writes the tree; `told` adds the conditions that are not as they should be.
pub(crate) fn write(picture: &Picture, texts: &Texts<'_>, told: bool, style: Style) -> String {
    let mut below: BTreeMap<usize, Vec<&Line>> = BTreeMap::new();
    for line in &picture.lines {
        let above = if points_up(line.kind) { line.to } else { line.from };
        below.entry(above).or_default().push(line);
    }
    for lines in below.values_mut() {
        lines.sort_by_key(|line| if points_up(line.kind) { (0, line.from) } else { (1, line.to) });
    }
    let mut tree = Tree { picture, texts, told, style, below, drawn: BTreeSet::new(), out: String::new() };
    for root in picture.roots() {
        tree.item(root, None, &Indent::default());
    }
    // References in a circle have no root.
    let left: Vec<usize> = (0..picture.items.len()).filter(|at| !tree.drawn.contains(at)).collect();
    for at in left {
        if !tree.drawn.contains(&at) {
            tree.item(at, None, &Indent::default());
        }
    }
    tree.out
}

/// What stands before an item and before what is below it.
#[derive(Default)]
struct Indent {
    first: String,
    rest: String,
}

struct Tree<'p> {
    picture: &'p Picture,
    texts: &'p Texts<'p>,
    told: bool,
    style: Style,
    below: BTreeMap<usize, Vec<&'p Line>>,
    drawn: BTreeSet<usize>,
    out: String,
}

impl Tree<'_> {
    fn item(&mut self, at: usize, line: Option<&Line>, indent: &Indent) {
        let Some(item) = self.picture.items.get(at) else { return };
        let lines = self.below.get(&at).cloned().unwrap_or_default();
        let again = !self.drawn.insert(at) && !lines.is_empty();
        let _ = write!(self.out, "{}{}", indent.first, self.mark(item, line));
        let label = self.style.paint(ink(item.verdict), &printable(&name(item)));
        let _ = write!(self.out, "{label}");
        let relation = line.map(|line| word(line.kind)).filter(|word| !matches!(*word, "class" | "parent" | "backend"));
        if let Some(relation) = relation {
            let _ = write!(self.out, " ({relation})");
        }
        match item.presence {
            Presence::Missing => self.out.push_str(" is not there"),
            Presence::Refused => self.out.push_str(" is refused by the API server"),
            Presence::Present => {}
        }
        if let Some(span) = item.span {
            let _ = write!(self.out, "  {}", self.style.paint(Ink::Dim, &self.texts.short(span)));
        }
        if again {
            self.out.push_str(", shown above");
        }
        self.out.push('\n');
        if self.told {
            self.conditions(item, indent, lines.is_empty() || again);
        }
        if !again {
            self.lines(&lines, indent);
        }
    }

    fn conditions(&mut self, item: &Item, indent: &Indent, is_leaf: bool) {
        let bar = if is_leaf { "    " } else { "│   " };
        for condition in &item.conditions {
            let _ = writeln!(self.out, "{}{bar}{}", indent.rest, self.style.paint(Ink::Yellow, condition));
        }
    }

    fn lines(&mut self, lines: &[&Line], indent: &Indent) {
        for (position, line) in lines.iter().enumerate() {
            let last = position + 1 == lines.len();
            let (branch, bar) = if last { ("└── ", "    ") } else { ("├── ", "│   ") };
            let next = Indent { first: format!("{}{branch}", indent.rest), rest: format!("{}{bar}", indent.rest) };
            self.item(child(line), Some(line), &next);
        }
    }

    /// A mark for what is wrong, so that colours are not needed to see it.
    fn mark(&self, item: &Item, line: Option<&Line>) -> String {
        let of_line = line.map_or(Verdict::Neutral, |line| line.verdict);
        let wrong = item.verdict == Verdict::Bad || of_line == Verdict::Bad;
        let open = item.verdict == Verdict::Open || of_line == Verdict::Open;
        match (wrong, open) {
            (true, _) => self.style.paint(Ink::Red, "✗ "),
            (false, true) => self.style.paint(Ink::Yellow, "? "),
            (false, false) => String::new(),
        }
    }
}

fn ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Good => Ink::Green,
        Verdict::Open => Ink::Yellow,
        Verdict::Bad => Ink::Red,
        Verdict::Neutral => Ink::Strong,
    }
}
