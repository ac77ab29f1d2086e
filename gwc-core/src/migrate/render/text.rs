//! YAML of a tree, in the style that kubectl and most hands write: block style, lists under their key, plain scalars
//! wherever every reader of YAML 1.1 and 1.2 sees the same text.

use std::fmt::Write;

/// A value with the order in which it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// A list, each item with the comments above it.
    List(Vec<(Vec<String>, Self)>),
    /// Fields in order.
    Map(Vec<(String, Self)>),
}

impl Tree {
    /// A list without comments.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().map(|item| (Vec::new(), item)).collect())
    }

    /// A list of texts.
    #[must_use]
    pub fn texts<'t>(items: impl IntoIterator<Item = &'t String>) -> Self {
        Self::list(items.into_iter().map(|text| Self::Text(text.clone())))
    }
}

/// One document without a marker.
#[must_use]
pub fn yaml(tree: &Tree) -> String {
    let mut out = String::new();
    block(tree, 0, &mut out);
    out
}

/// A value whose first line already has its indentation.
fn block(tree: &Tree, indent: usize, out: &mut String) {
    match tree {
        Tree::Map(fields) if !fields.is_empty() => {
            for (position, (key, value)) in fields.iter().enumerate() {
                pad(position, indent, out);
                let _ = write!(out, "{}:", scalar(key));
                after_key(value, indent, out);
            }
        }
        Tree::List(items) if !items.is_empty() => {
            for (position, (comments, item)) in items.iter().enumerate() {
                pad(position, indent, out);
                for comment in comments {
                    let _ = write!(out, "# {}\n{:indent$}", one_line(comment), "");
                }
                out.push_str("- ");
                block(item, indent + 2, out);
            }
        }
        Tree::Map(_) | Tree::List(_) | Tree::Text(_) | Tree::Int(_) | Tree::Bool(_) => {
            let _ = writeln!(out, "{}", inline(tree));
        }
    }
}

fn pad(position: usize, indent: usize, out: &mut String) {
    if position > 0 {
        let _ = write!(out, "{:indent$}", "");
    }
}

fn after_key(value: &Tree, indent: usize, out: &mut String) {
    let below = match value {
        // Items of a list stand under its key.
        Tree::List(items) if !items.is_empty() => indent,
        Tree::Map(fields) if !fields.is_empty() => indent + 2,
        Tree::Text(text) if is_block(text) => {
            out.push_str(" |\n");
            for line in text.lines() {
                let indent = if line.is_empty() { 0 } else { indent + 2 };
                let _ = writeln!(out, "{:indent$}{line}", "");
            }
            return;
        }
        Tree::Map(_) | Tree::List(_) | Tree::Text(_) | Tree::Int(_) | Tree::Bool(_) => {
            let _ = writeln!(out, " {}", inline(value));
            return;
        }
    };
    let _ = write!(out, "\n{:below$}", "");
    block(value, below, out);
}

fn inline(tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => scalar(text),
        Tree::Int(value) => value.to_string(),
        Tree::Bool(value) => value.to_string(),
        Tree::List(_) => "[]".into(),
        Tree::Map(_) => "{}".into(),
    }
}

/// A comment cannot hold a line break, or its rest would be read as fields.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_odd(c) { ' ' } else { c }).collect()
}

/// Characters that break lines, are no text, or show as something else.
fn is_odd(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A text as a scalar: plain where that is safe, in single quotes where that saves escapes, else in double quotes.
#[must_use]
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.contains(['\\', '"']) && text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

/// Several lines of printable characters, of which each ends: they are written as they are, below their key.
fn is_block(text: &str) -> bool {
    let is_shown = |line: &str| line.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    let lines: Vec<&str> = text.lines().collect();
    // Blank lines at the ends and leading spaces would need an indicator.
    let starts_well = text.starts_with(|c: char| c.is_ascii_graphic());
    let ends_well = text.ends_with('\n') && lines.last().is_some_and(|line| !line.trim().is_empty());
    starts_well && ends_well && lines.len() > 1 && !text.contains('\r') && lines.iter().all(|line| is_shown(line))
}

fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "-._/ ,=*+@%:$()".contains(c);
    let is_key_like = text.contains(": ") || text.ends_with(':');
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    starts_well && text.chars().all(is_inner) && !text.ends_with(' ') && !is_key_like && !is_word
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_odd(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
