//! Inputs made to hurt: each must end soon, with a tree or a problem.

use super::tests::documents;
use crate::yaml::{Document, ProblemKind};

fn laughs(levels: usize, width: usize) -> String {
    let mut text = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..levels {
        let item = format!("*a{},", level - 1).repeat(width);
        text += &format!("a{level}: &a{level} [{item}]\n");
    }
    text
}

fn ladder(levels: usize) -> String {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..levels {
        text += &format!("a{level}: &a{level} {}*a{}{}\n", "[".repeat(50), level - 1, "]".repeat(50));
    }
    text
}

fn corpus(n: usize) -> Vec<(&'static str, String)> {
    vec![
        ("open brackets", "[".repeat(n)),
        ("open braces", "{".repeat(n)),
        ("brackets in a key", format!("a: {}", "[".repeat(n))),
        ("json depth", format!("{{\"a\":{}", "[".repeat(n))),
        ("json closed depth", format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n))),
        ("dashes", "- ".repeat(n)),
        ("question marks", "? ".repeat(n)),
        ("braces and questions", "{? ".repeat(n)),
        ("indentation stairs", (0..400).map(|at| format!("{}a:\n", " ".repeat(at))).collect()),
        ("flow pairs", "[a: b,".repeat(n)),
        ("flow pairs flat", format!("[{}]", "a: b,".repeat(n))),
        ("flow pairs in braces", format!("{{{}}}", "a,".repeat(n))),
        ("unclosed single quote", format!("a: '{}", "x\n".repeat(n))),
        ("unclosed double quote", format!("a: \"{}", "\\n".repeat(n))),
        ("unclosed quotes", "a: '\n".repeat(n)),
        ("comments", "# c\n".repeat(n)),
        ("comments before a value", format!("a:\n{}  b\n", "  # c\n".repeat(n))),
        ("comments between items", format!("- a\n{}- b\n", "# c\n".repeat(n))),
        ("empty items", "-\n".repeat(n)),
        ("empty values", (0..n).map(|at| format!("k{at}:\n")).collect()),
        ("repeated keys", "a: 1\n".repeat(n)),
        ("anchors", (0..n).map(|at| format!("- &a{at} x\n")).collect()),
        ("anchors and aliases", format!("- &a x\n{}", "- *a\n".repeat(n))),
        ("anchor stairs", format!("{}x{} *", "&a [".repeat(250), "]".repeat(250))),
        ("laughs", laughs(20, 9)),
        ("laughs of two", laughs(40, 2)),
        ("ladder", ladder(100)),
        ("large scalar repeated", format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(n * 10), "*a,".repeat(n))),
        ("merges", format!("x: &x {{{}}}\n{}", "a: 1, b: 2", "z: {<<: *x}\n".repeat(n.min(5000)))),
        ("merge list", format!("x: &x {{a: 1}}\nz:\n  <<: [{}]\n", "*x,".repeat(n))),
        ("documents", "---\n".repeat(n)),
        ("documents with content", "---\na: 1\n".repeat(n)),
        ("document ends", "...\n".repeat(n)),
        ("directives", "%YAML 1.2\n".repeat(n)),
        ("tags", format!("a: {}x", "!!str ".repeat(n))),
        ("colons", ": ".repeat(n)),
        ("a: chain", "a: ".repeat(n)),
        ("commas", format!("[{}", ",".repeat(n))),
        ("tabs", format!("a:{}b", "\t".repeat(n))),
        ("blank lines", format!("a:{}b: 1", "\n".repeat(n))),
        ("blank lines in a block", format!("a: |{}  x\n", "\n".repeat(n))),
        ("block header", format!("a: {}", "|".repeat(n))),
        ("large plain scalar", format!("a: {}", "x ".repeat(n))),
        ("large block scalar", format!("a: |\n{}", "  line\n".repeat(n))),
        ("long key", format!("{}: a", "k".repeat(n))),
        ("long quoted key", format!("\"{}\": a", "k".repeat(n))),
        ("templates", "{{ x }}\n".repeat(n)),
        ("carriage returns", "a: b\r".repeat(n)),
        ("byte order marks", "\u{FEFF}".repeat(n)),
        ("underscores", format!("a: 1{}", "_".repeat(n))),
        ("digits", format!("a: {}", "9".repeat(n))),
        ("json strings", format!("{{{}\"z\":1}}", "\"a\":\"\\u0041\",".repeat(n))),
        ("json stream", "{\"a\":1}".repeat(n)),
        ("broken json stream", format!("{}{{", "{\"a\":1}".repeat(n))),
        ("stars", "*".repeat(n)),
        ("alias items", "- *nope\n".repeat(n)),
    ]
}

fn ends(name: &str, found: &[Document], text: &str) {
    assert!(!found.is_empty(), "{name}");
    assert_eq!(found.last().map(|document| document.end as usize), Some(text.len()), "{name}");
    let nothing = found.iter().all(|document| document.root.is_none() && document.problems.is_empty());
    let is_empty_by_right = matches!(name, "comments" | "documents" | "document ends" | "byte order marks");
    assert!(!nothing || is_empty_by_right, "{name}");
}

#[test]
fn every_input_ends_with_a_tree_or_a_problem() {
    let inputs = corpus(20_000);
    assert!(inputs.len() >= 30);
    for (name, text) in &inputs {
        ends(name, &documents(text), text);
    }
}

#[test]
fn deep_nesting_is_refused_and_dropped_without_recursion() {
    for text in [
        "[".repeat(10_000) + &"]".repeat(10_000),
        "- ".repeat(10_000) + "x",
        format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000)),
        ladder(100),
    ] {
        let found = documents(&text);
        let problem = &found[0].problems[0];
        assert_eq!(problem.kind, ProblemKind::Syntax);
        assert!(problem.message.contains("255"), "{}", problem.message);
    }
    let deep = "[".repeat(250) + &"]".repeat(250);
    assert!(documents(&deep)[0].root.is_some());
}

#[test]
fn aliases_are_bounded() {
    for text in [laughs(20, 9), laughs(40, 2)] {
        let found = documents(&text);
        assert!(found[0].problems[0].message.contains("aliases"), "{:?}", found[0].problems);
    }
    // Modest use stays free, and an alias of a scalar counts for no more than itself.
    let scalars = format!("- &a x\n{}", "- *a\n".repeat(5000));
    assert_eq!(documents(&scalars)[0].problems, []);
    let modest = format!("x: &x {{a: 1}}\nz: [{}]\n", "*x,".repeat(90));
    assert_eq!(documents(&modest)[0].problems, []);
}

#[test]
fn problems_are_bounded() {
    assert_eq!(documents(&"a: 1\n".repeat(50_000))[0].problems.len(), 1000);
}

/// Our own looks at the raw text add up to a few passes, whatever the input; granit-parser bounds its own.
#[test]
fn looks_at_the_text_are_linear() {
    for (name, text) in &corpus(5_000) {
        super::text::STEPS.set(0);
        let _ = documents(text);
        let steps = super::text::STEPS.get();
        assert!(steps <= 8 * text.len() + 1000, "{name}: {steps} steps for {} bytes", text.len());
    }
}
