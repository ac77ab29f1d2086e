//! Tables of what kubectl reads, one per topic of dependencies.md §3; places; seeded mutations.

use std::fmt::Write;

use super::parse;
use crate::source::{Origin, Role, Source, SourceMap};
use crate::yaml::{Document, Node, Problem, ProblemKind, Value};

pub(super) fn documents(text: &str) -> Vec<Document> {
    from_bytes(text.as_bytes())
}

fn from_bytes(bytes: &[u8]) -> Vec<Document> {
    let mut sources = SourceMap::new();
    let id = sources.add(Source::from_bytes("test.yaml", Origin::Memory, Role::Checked, true, bytes.to_vec()));
    parse(id, sources.source(id))
}

fn only(text: &str) -> Document {
    let mut documents = documents(text);
    assert_eq!(documents.len(), 1, "{text:?}");
    documents.remove(0)
}

/// A node as compact JSON.
pub(super) fn json(node: &Node) -> String {
    let mut out = String::new();
    write_json(&mut out, node);
    out
}

fn write_json(out: &mut String, node: &Node) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => write!(out, "{value}").unwrap(),
        Value::Int(value) => write!(out, "{value}").unwrap(),
        Value::Float(value) => write!(out, "{value:?}").unwrap(),
        Value::String(text) => write!(out, "{}", serde_json::to_string(text.as_str()).unwrap()).unwrap(),
        Value::Sequence(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                write_json(out, item);
            }
            out.push(']');
        }
        Value::Mapping(entries) => {
            out.push('{');
            for (position, entry) in entries.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                write!(out, "{}:", serde_json::to_string(entry.key.text.as_str()).unwrap()).unwrap();
                write_json(out, &entry.value);
            }
            out.push('}');
        }
    }
}

fn kinds(document: &Document) -> Vec<ProblemKind> {
    document.problems.iter().map(|problem| problem.kind).collect()
}

fn covered(text: &str, problem: &Problem) -> String {
    text[problem.span.start as usize..problem.span.end as usize].to_owned()
}

/// Reads as this JSON without any problem.
fn reads(text: &str, expected: &str) {
    let document = only(text);
    assert_eq!(document.problems, [], "{text:?}");
    assert_eq!(json(&document.root.expect(text)), expected, "{text:?}");
}

/// Reads as this JSON, with one warning at this text and this replacement.
fn warns(text: &str, expected: &str, place: &str, replacement: Option<&str>) {
    let document = only(text);
    assert_eq!(kinds(&document), [ProblemKind::AmbiguousScalar], "{text:?} {:?}", document.problems);
    let problem = &document.problems[0];
    assert_eq!(covered(text, problem), place, "{text:?}");
    assert_eq!(problem.replacement.as_deref(), replacement, "{text:?}");
    assert_eq!(json(&document.root.expect(text)), expected, "{text:?}");
}

/// Is refused with one syntax problem at this text.
fn refuses(text: &str, place: &str) -> Problem {
    let document = only(text);
    assert_eq!(kinds(&document), [ProblemKind::Syntax], "{text:?} {:?}", document.problems);
    assert!(document.root.is_none(), "{text:?}");
    let problem = document.problems[0].clone();
    assert_eq!(covered(text, &problem), place, "{text:?}: {}", problem.message);
    problem
}

#[test]
fn documents_are_cut_before_yaml_is_read() {
    let roots = |text: &str| -> Vec<String> {
        documents(text).iter().map(|document| document.root.as_ref().map_or("-".into(), json)).collect()
    };
    assert_eq!(roots("a: 1\n---\nb: 2\n"), ["{\"a\":1}", "{\"b\":2}"]);
    assert_eq!(roots("---\na: 1\n--- # note\nb: 2\n"), ["{\"a\":1}", "{\"b\":2}"]);
    assert_eq!(roots("a: \"x\n---\n[y\"\n"), ["-", "-"]);
    assert_eq!(roots(""), ["-"]);
    assert_eq!(roots("# only\n---\n---\n# c\n"), ["-", "-"]);
    assert_eq!(roots("{\"a\":1}{\"b\":2}\n{\"c\":3}"), ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]);
    assert_eq!(roots("{\"a\":1}\n---\n{\"b\":2}\n"), ["{\"a\":1}", "{\"b\":2}"]);
    assert_eq!(roots("\u{FEFF}a: 1\r\n---\r\nb: x\r\n"), ["{\"a\":1}", "{\"b\":\"x\"}"]);
    assert_eq!(roots("a: [\n---\nb: 2\n"), ["-", "{\"b\":2}"]);
    let indices: Vec<u32> = documents("a\n---\n---\nb").iter().map(|document| document.index).collect();
    assert_eq!(indices, [0, 1, 2]);
}

#[test]
fn stream_refusals() {
    for text in ["--- {a: 1}\n", "--- |\n  x\n", "---x\n"] {
        refuses(text, text.lines().next().unwrap());
    }
    refuses("a: 1\n...\nb: 2\n", "b: 2");
    refuses("a: 1\n...\nb: c: d\n", "b: 2".replace('2', "c: d").as_str());
    refuses("...\na: 1\n", "a: 1");
    reads("a: 1\n...\n# end\n", "{\"a\":1}");
    refuses("{a: 1}{b: 2}", "{b: 2}");
    refuses("%YAML 1.2\na: 1\n", "%YAML 1.2");
    refuses("# c\n%YAML 1.1\na: 1\n", "%YAML 1.1");
    assert_eq!(documents("%YAML 1.2\n---\na: 1\n").len(), 2);
    for character in ["\u{85}", "\u{2028}", "\u{2029}", "\0", "\u{7}", "\u{7F}"] {
        refuses(&format!("a: x{character}\n"), character);
        refuses(&format!("# x{character}\na: 1\n"), character);
    }
    let second_bad = documents("a: &x 1\n---\nb: *x\n");
    assert!(second_bad[0].root.is_some() && second_bad[1].root.is_none());
}

#[test]
fn bytes_that_are_not_utf8() {
    let found = from_bytes(b"a: 1\n---\nb: \xFF\n---\nc: 3\n---\nd: \xFE\n");
    let roots: Vec<bool> = found.iter().map(|document| document.root.is_some()).collect();
    assert_eq!(roots, [true, false, true, false]);
    assert_eq!(found[1].problems[0].span.start, 12);
    assert_eq!(from_bytes(b"a: \xFF")[0].problems.len(), 1);
    assert_eq!(from_bytes(b"\xFF\xFE")[0].problems.len(), 1);
}

#[test]
fn plain_scalars() {
    reads(
        "[true, True, false, FALSE, ~, null, 0, 80, -5, +5, 0.5, 80.0, 1.10]",
        "[true,true,false,false,null,null,0,80,-5,5,0.5,80,1.1]",
    );
    reads(
        "[tRue, 190:20:30, =, 2001-12-14, 10.0.0.1, 1e400, 0b-1, .5_0, <<]",
        "[\"tRue\",\"190:20:30\",\"=\",\"2001-12-14\",\"10.0.0.1\",\"1e400\",\"0b-1\",\".5_0\",\"<<\"]",
    );
    reads("['yes', \"0123\", 'null', \"\"]", "[\"yes\",\"0123\",\"null\",\"\"]");
    reads("a: |\n  yes\nb: >-\n  1\n  2\nc: |+\n  x\n\n", "{\"a\":\"yes\\n\",\"b\":\"1 2\",\"c\":\"x\\n\\n\"}");
    reads(
        "a: 18446744073709551616\nb: 9223372036854775808",
        "{\"a\":1.8446744073709552e19,\"b\":9.223372036854776e18}",
    );
    reads("a:\nb: ~\n", "{\"a\":null,\"b\":null}");
    for (text, sent) in [
        ("yes", "true"),
        ("On", "true"),
        ("y", "true"),
        ("n", "false"),
        ("OFF", "false"),
        ("0123", "83"),
        ("0080", "80"),
        ("1_000", "1000"),
        ("0x1F", "31"),
        ("0o17", "15"),
        ("0b11", "3"),
        ("1e3", "1000"),
        ("8e1", "80"),
        ("-012", "-10"),
    ] {
        warns(&format!("a: {text}\n"), &format!("{{\"a\":{sent}}}"), text, Some(sent));
    }
    for text in [".nan", ".NaN", ".inf", "-.Inf", "+.INF"] {
        refuses(&format!("a: {text}\n"), text);
    }
}

#[test]
fn tags() {
    reads(
        "[!!str 5, !!int \"5\", !!bool \"yes\", !!float 5, !!null '', !x 5, ! 5, !!str , !!binary aGk=, !!timestamp 2001-12-14]",
        "[\"5\",5,true,5,null,\"5\",\"5\",\"\",\"hi\",\"2001-12-14\"]",
    );
    reads("a: !!map {b: !!seq [c]}\n", "{\"a\":{\"b\":[\"c\"]}}");
    refuses("a: !!int x\n", "x");
    refuses("a: !!bool 5\n", "5");
    refuses("a: !!binary '*'\n", "'*'");
}

#[test]
fn keys() {
    reads("1: a\n1.5: b\ntrue: c\n\"yes\": d\n", "{\"1\":\"a\",\"1.5\":\"b\",\"true\":\"c\",\"yes\":\"d\"}");
    for (key, sent) in
        [("1e3", "1000"), ("012", "10"), ("yes", "true"), ("True", "true"), ("1.10", "1.1"), ("1_0", "10")]
    {
        warns(&format!("{key}: a\n"), &format!("{{\"{sent}\":\"a\"}}"), key, Some(&format!("\"{sent}\"")));
    }
    refuses("null: a\n", "null");
    refuses("~: a\n", "~");
    refuses("9223372036854775808: a\n", "9223372036854775808");
    refuses("{[a]: b}\n", "[");
    refuses("? {a: b}\n: c\n", "{");
    refuses(": a\n", "");
    reads("? a\n: b\n? c\n", "{\"a\":\"b\",\"c\":null}");
    reads("[a: 1, {b}]", "[{\"a\":1},{\"b\":null}]");
}

#[test]
fn repeated_keys() {
    for text in ["a: 1\nb: 2\na: 3\n", "\"a\": 1\nb: 2\n'a': 3\n", "{a: 1, b: 2, a: 3}", "{\"a\":1,\"b\":2,\"a\":3}"] {
        let document = only(text);
        assert_eq!(kinds(&document), [ProblemKind::DuplicateKey], "{text:?}");
        assert_eq!(json(document.root.as_ref().unwrap()), "{\"a\":3,\"b\":2}", "{text:?}");
        let problem = &document.problems[0];
        let first = problem.related.as_ref().unwrap().0;
        assert!(first.end < problem.span.start && covered(text, problem).contains('a'), "{text:?}");
    }
    let many: String = (0..100).map(|at| format!("k{at}: {at}\n")).collect::<String>() + "k7: x\n";
    let document = only(&many);
    assert_eq!(kinds(&document), [ProblemKind::DuplicateKey]);
    assert_eq!(document.root.unwrap().get("k7").and_then(Node::as_str), Some("x"));
}

#[test]
fn merges() {
    let base = "x: &x {a: 1, b: 2}\nw: &w {b: 3, c: 4}\n";
    let z = |text: &str| json(only(&format!("{base}{text}")).root.unwrap().get("z").unwrap());
    assert_eq!(z("z:\n  <<: *x\n  d: 5\n"), "{\"a\":1,\"b\":2,\"d\":5}");
    assert_eq!(z("z:\n  <<: *x\n  b: 5\n"), "{\"a\":1,\"b\":5}");
    assert_eq!(z("z:\n  <<: [*x, *w]\n"), "{\"b\":2,\"c\":4,\"a\":1}");
    assert_eq!(z("z:\n  <<: {q: 1}\n"), "{\"q\":1}");
    assert_eq!(z("z:\n  \"<<\": {q: 1}\n"), "{\"<<\":{\"q\":1}}");
    let text = format!("{base}z:\n  b: 5\n  <<: *x\n");
    let document = only(&text);
    assert_eq!(kinds(&document), [ProblemKind::AmbiguousScalar]);
    assert_eq!(covered(&text, &document.problems[0]), "*x");
    assert_eq!(json(document.root.unwrap().get("z").unwrap()), "{\"b\":2,\"a\":1}");
    assert_eq!(kinds(&only("<<: 5\n")), [ProblemKind::Syntax]);
    assert_eq!(kinds(&only("a: &a [1]\n<<: *a\n")), [ProblemKind::Syntax]);
    assert_eq!(kinds(&only(&format!("{base}z:\n  <<: *x\n  b: 5\n  b: 6\n"))), [ProblemKind::DuplicateKey]);
}

#[test]
fn aliases() {
    reads("a: &x {k: v}\nb: *x\nc: [*x]\n", "{\"a\":{\"k\":\"v\"},\"b\":{\"k\":\"v\"},\"c\":[{\"k\":\"v\"}]}");
    reads("a: &x k\n*x : v\n", "{\"a\":\"k\",\"k\":\"v\"}");
    let text = "a: &x {k: v}\nb: *x\n";
    let root = only(text).root.unwrap();
    let alias = root.get("b").unwrap();
    assert_eq!(&text[alias.start as usize..alias.end as usize], "*x");
    refuses("a: &x [*x]\n", "*x");
    refuses("a: *nope\n", "*nope");
    refuses("a: &x.y 1\nb: *x.y\n".replace("b: *x.y\n", "").as_str(), "&x.y");
}

#[test]
fn wildcard_hostnames() {
    for text in ["h: [*.example.com]\n", "h:\n- *.example.com\n", "h: *.example.com # c\n"] {
        let problem = refuses(text, "*.example.com");
        assert!(problem.message.contains("alias"), "{}", problem.message);
        assert_eq!(problem.replacement.as_deref(), Some("\"*.example.com\""));
    }
    for text in ["h: [*]\n", "h: *\n", "- *\n"] {
        assert_eq!(refuses(text, "*").replacement.as_deref(), Some("\"*\""));
    }
    let both = only("h: [*.a.com, *.b.com]\n");
    assert_eq!(kinds(&both), [ProblemKind::Syntax, ProblemKind::Syntax]);
}

#[test]
fn syntax_problems_name_token_and_opener() {
    let related = |problem: &Problem| problem.related.as_ref().map(|(span, _)| (span.start, span.end));
    assert_eq!(related(&refuses("a: 'x\nb: c\n", "'x")), Some((3, 4)));
    assert_eq!(related(&refuses("a: [1, 2\nb: c\n", ":")), Some((3, 4)));
    assert_eq!(related(&refuses("a: [1, 2}\n", "}")), Some((3, 4)));
    assert_eq!(related(&refuses("a: 1\n b: 2\n", ":")), Some((3, 4)));
    let missing_space = refuses("a:b\nc: d\n", ":");
    assert!(missing_space.help.unwrap().contains("`a:b`"));
    refuses("a: b: c\n", ":");
    let missing_colon = refuses("a key\nc: d\n", ":");
    assert!(missing_colon.help.unwrap().contains("missing after `a key`"));
    assert_eq!(refuses("*.a.com: x\n", "*.a.com").replacement.as_deref(), Some("\"*.a.com\""));
    refuses("  a: 1\nb: 2\n", "b: 2");
    assert!(refuses("a:\n  b:\n  |\n    c\n", "|").message.contains("block text"));
    refuses("a:\n\tb: c\n", "\t");
    refuses("a: 1\nb\nc: 2\n", "b");
    refuses("key: - a\n", "-");
    refuses("a:\n  - x\n b: 1\n", "b:");
    refuses("a: @x y # c\n", "@x y");
    refuses("a: `x`\n", "`x`");
    refuses("a: \"x\\/y\"\n", "\\/");
    refuses("a: \"x\\qy\"\n", "\\q");
    refuses("a: \"\\uD834\\uDD1E\"\n", "\\u");
    refuses("- a\nb: 1\n", "b:");
    reads("a: \"\\u00e9\\x41\\n\"\n", "{\"a\":\"éA\\n\"}");
    reads("{\"a\":\"\\/\\uD834\\uDD1E\\u00e9\"}", "{\"a\":\"/𝄞é\"}");
}

#[test]
fn tabs_and_glued_comments_as_libyaml_takes_them() {
    refuses("a:\n-\tb\n", "\t");
    refuses("- \tb: c\n", "\t");
    refuses("a: |\n  \tb\n", "\t");
    reads("a: |2\n  \tb\nc: |\n  d\n  \te\n", "{\"a\":\"\\tb\\n\",\"c\":\"d\\n\\te\\n\"}");
    reads("a: b\tc\nd:\te\n", "{\"a\":\"b\\tc\",\"d\":\"e\"}");
    let text = "a: 'x'#c\nb: [v]#d\r\n# e\nf: |#g\n  z\n";
    reads(text, "{\"a\":\"x\",\"b\":[\"v\"],\"f\":\"z\\n\"}");
    let comments: Vec<&str> =
        only(text).comments.iter().map(|found| &text[found.start as usize..found.end as usize]).collect();
    assert_eq!(comments, ["#c", "#d", "# e", "#g"]);
    assert_eq!(kinds(&only(&"a: 'x'#c\n".repeat(9).replace("a:", "- a:"))), [ProblemKind::Syntax]);
}

#[test]
fn json_values() {
    reads("{\"a\":[1,-2.5,80.0,1e3,true,null,\"\",{},[]]}", "{\"a\":[1,-2.5,80,1000,true,null,\"\",{},[]]}");
    let broken = documents("{\"a\":1}\n{\"b\":01}\n");
    assert_eq!(broken.len(), 2);
    assert!(broken[0].root.is_some());
    assert_eq!(kinds(&broken[1]), [ProblemKind::Syntax]);
    // Not JSON, but YAML.
    reads("{\"a\": 1,}\n", "{\"a\":1}");
    reads("{a: b}\n", "{\"a\":\"b\"}");
}

#[test]
fn templates_silence_the_file() {
    for text in [
        "a: {{ .Values.x }}\n",
        "a: 1\n{{- if .x }}\nb: 2\n{{- end }}\n",
        "{{- define \"x\" -}}\na: 1\n{{ end }}\n",
        "{% if x %}\na: 1\n{% endif %}\n",
        "a: {{ include \"x\" . | nindent 4 }}\n---\nb: 1\n",
        "b: 1\n---\na: 1\n  {{ .x }}\n",
    ] {
        let found = documents(text);
        let all: Vec<ProblemKind> = found.iter().flat_map(kinds).collect();
        assert_eq!(all, [ProblemKind::Template], "{text:?}");
        assert!(found.iter().all(|document| document.root.is_none()), "{text:?}");
    }
    reads(
        "a: \"{{ x }}\"\nb: |\n  {{ if x }}\nc: x{{ y }}\n",
        "{\"a\":\"{{ x }}\",\"b\":\"{{ if x }}\\n\",\"c\":\"x{{ y }}\"}",
    );
}

#[test]
fn comments_are_all_kept() {
    let text = "# a\n---  # b\nx: # c\r\n  # d\n  y: |  # e\n    # no\n  # f\nz: \"#no\" # g\n--- # h\n# i\n";
    let found: Vec<&str> = documents(text)
        .iter()
        .flat_map(|document| document.comments.clone())
        .map(|comment| &text[comment.start as usize..comment.end as usize])
        .collect();
    assert_eq!(found, ["# a", "# b", "# c", "# d", "# e", "# f", "# g", "# h", "# i"]);
    let many = format!("a:\n{}  b: 1\n", "  # c\n".repeat(500));
    assert_eq!(only(&many).comments.len(), 500);
}

#[test]
fn places() {
    let text = "spec:\n  # c\n  rules:\n  - name: 'a b'\n    text: >-  # h\n      one\n\n      two\n\n  -\n    - [1, {k: \"v\"}]\n  - empty:\n    tagged: !!str x\n  -\nlast:   # c\n";
    let root = only(text).root.unwrap();
    let at = |node: &Node| text[node.start as usize..node.end as usize].to_owned();
    assert_eq!((root.start, root.end as usize), (0, text.find("last:").unwrap() + 5));
    let rules = root.get("spec").unwrap().get("rules").unwrap();
    assert!(at(rules).starts_with("- name") && at(rules).ends_with("x\n  -"), "{}", at(rules));
    let first = &rules.items()[0];
    assert!(at(first).starts_with("name: ") && at(first).ends_with("      two"), "{}", at(first));
    assert_eq!(at(first.get("name").unwrap()), "'a b'");
    assert_eq!(at(first.get("text").unwrap()), ">-  # h\n      one\n\n      two");
    let nested = &rules.items()[1];
    assert_eq!(at(nested), "- [1, {k: \"v\"}]");
    assert_eq!(at(&nested.items()[0].items()[1]), "{k: \"v\"}");
    let third = &rules.items()[2];
    let empty = third.get("empty").unwrap();
    assert_eq!(empty.start as usize, text.find("empty:").unwrap() + 6);
    assert_eq!(empty.start, empty.end);
    assert_eq!(at(third.get("tagged").unwrap()), "x");
    assert!(at(third).ends_with("!!str x"));
    assert_eq!(rules.items()[3].start, rules.end);
}

/// Every scalar's text, read alone, is the same scalar.
#[test]
fn scalar_places_read_back() {
    let text = "a: plain text\nb: 'it''s'\nc: \"x\\ty\"\nd: [1, yes, {e: 2.5, f: ~}]\ng: |-\n  one\n   two\nh: >-\n  three\n  four\ni: multi\n  line\nj: é ü\n";
    let root = only(text).root.unwrap();
    let mut n_scalars = 0;
    visit(&root, &mut |node| {
        let is_scalar = !matches!(node.value, Value::Sequence(_) | Value::Mapping(_));
        if is_scalar && node.end > node.start {
            let alone = only(&text[node.start as usize..node.end as usize]).root.unwrap();
            assert_eq!(alone.value, node.value);
            n_scalars += 1;
        }
    });
    assert_eq!(n_scalars, 11);
}

pub(super) fn visit(node: &Node, with: &mut impl FnMut(&Node)) {
    with(node);
    node.items().iter().for_each(|item| visit(item, with));
    node.entries().iter().for_each(|entry| visit(&entry.value, with));
}

const SEEDS: [&str; 6] = [
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: a # c\n  labels: {x: \"y\", z: 'w'}\nspec:\n  ports:\n  - port: 80\n    name: é\n  -\n    port: 0443\n",
    "a: &x\n  k: |\n    t\n    u\n  l: >-\n    v\n<<: *x\nb: [*x, !!str 5, {c: d}]\n---\n# c\n...\n",
    "{\"a\":[1,true,{\"b\":\"\\u00e9\\n\"}],\"c\":null}\n{\"d\":true}\n",
    "h:\r\n- *.example.com\r\n- 'x\r\n  y'\r\n\r\n--- # c\r\n? k\r\n: v\r\n",
    "a: {{ .x }}\n{{- if y }}\nb: \"{{ z }}\"\n{{- end }}\n",
    "- - a\n  - b: c\n    d:\n- \"e\\\n  f\"\n- [g: h, i]\n- |+\n  j\n\n",
];

/// Every place is inside its document's text and on character boundaries.
fn check_places(text: &str) {
    let inside = |start: u32, end: u32| {
        assert!(start <= end && text.get(start as usize..end as usize).is_some(), "{start}..{end} of {text:?}");
    };
    let mut at = None;
    for document in documents(text) {
        inside(document.start, document.end);
        assert!(at.is_none_or(|at| at == document.start), "{text:?}");
        at = Some(document.end);
        document.comments.iter().for_each(|comment| inside(comment.start, comment.end));
        for problem in &document.problems {
            inside(problem.span.start, problem.span.end);
            problem.related.iter().for_each(|(span, _)| inside(span.start, span.end));
            assert!(
                !problem.message.ends_with('.') && !problem.message.starts_with(char::is_uppercase)
                    || problem.message.starts_with("YAML")
                    || problem.message.starts_with("JSON"),
                "{}",
                problem.message
            );
        }
        let refused = document.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax);
        assert!(!(refused && document.root.is_some()), "{text:?}");
        if let Some(root) = &document.root {
            // Aliases and repeated keys bring in text from elsewhere.
            if !text.contains('*') && document.problems.iter().all(|found| found.kind != ProblemKind::DuplicateKey) {
                check_order(text, root);
            }
            visit(root, &mut |node| {
                inside(node.start, node.end);
                node.entries().iter().for_each(|entry| inside(entry.key.start, entry.key.end));
            });
        }
    }
}

/// Children lie inside their parent, one after the other.
fn check_order(text: &str, root: &Node) {
    visit(root, &mut |node| {
        let mut at = node.start;
        let keyed = node
            .entries()
            .iter()
            .flat_map(|entry| [(entry.key.start, entry.key.end), (entry.value.start, entry.value.end)]);
        let items = node.items().iter().map(|item| (item.start, item.end));
        for (start, end) in keyed.chain(items) {
            assert!(at <= start, "{start}..{end} before {at} in {text:?}");
            at = end;
        }
        assert!(at <= node.end, "{at} after {} in {text:?}", node.end);
    });
}

/// Seeded mutations of one of `seeds`: pieces put in, characters taken out, ends cut off.
struct Mutator {
    state: u64,
}

impl Mutator {
    const PIECES: [&str; 26] = [
        "\n", " ", "  ", "- ", ": ", "#", "'", "\"", "[", "]", "{", "}", ",", "|", ">", "&x ", "*x", "!", "\t", "\r",
        "---\n", "é", "\\", "?", "\n  ", " #",
    ];

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % bound.max(1) as u64).unwrap()
    }

    fn mutate(&mut self, seed: &str, most: usize) -> String {
        let mut text = seed.to_owned();
        for _ in 0..=self.below(most) {
            let mut at = self.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match self.below(4) {
                0 | 1 => text.insert_str(at, Self::PIECES[self.below(Self::PIECES.len())]),
                2 if at < text.len() => drop(text.remove(at)),
                _ => text.truncate(at),
            }
        }
        text
    }
}

#[test]
fn mutations_never_panic() {
    let mut mutator = Mutator { state: 0x9E37_79B9_7F4A_7C15 };
    for round in 0..4000 {
        check_places(&mutator.mutate(SEEDS[round % SEEDS.len()], 4));
    }
}

/// Where a libyaml-based reader accepts what we accept without remark, both say the same.
#[test]
fn mutations_read_as_another_reader_reads_them() {
    use serde::Deserialize as _;
    let mut mutator = Mutator { state: 0x1234_5678_9ABC_DEF1 };
    let mut n_compared = 0;
    for round in 0..4000 {
        let text = mutator.mutate(SEEDS[round % SEEDS.len()], 3);
        // Inside brackets libyaml takes `?g` for a key `g`; merges it leaves to its caller.
        if text.contains(['?', '<']) {
            continue;
        }
        let ours = documents(&text);
        let [document] = ours.as_slice() else { continue };
        let (Some(root), []) = (&document.root, document.problems.as_slice()) else { continue };
        let theirs: Result<Vec<serde_json::Value>, _> =
            yaml_serde::Deserializer::from_str(&text).map(serde_json::Value::deserialize).collect();
        if let Ok([theirs]) = theirs.as_deref() {
            assert_eq!(&serde_json::from_str::<serde_json::Value>(&json(root)).unwrap(), theirs, "{text:?}");
            n_compared += 1;
        }
    }
    assert!(n_compared > 100, "{n_compared}");
}

/// A second reader agrees where both follow the same rules.
#[test]
fn agrees_with_another_reader() {
    let texts = [
        "a: 1\nb: [x, 2.5, true, null]\nc:\n  d: |\n    text\n    more\n  e: >\n    folded\n    text\n\n    para\n",
        "- a\n- - b\n  - c: d\n    e: 'f ''g'''\n-\n  h: \"i\\tj\"\n",
        "k: {l: m, nn: [o, {p: q}]}\nr: plain\n  over lines\ns: \"quoted\n  lines\"\n",
        "t: |+\n  keep\n\nu: |-\n  strip\n\nv: |2\n    indent\n",
        "w: https://example.com:80/x#y\nx: a:b\n'y y': \"\"\n",
    ];
    for text in texts {
        let theirs: serde_json::Value = yaml_serde::from_str(text).unwrap();
        let ours: serde_json::Value = serde_json::from_str(&json(only(text).root.as_ref().unwrap())).unwrap();
        assert_eq!(ours, theirs, "{text:?}");
    }
}
