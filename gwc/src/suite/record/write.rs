//! The text of a recorded file.

use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use gwc_core::predict::Scheme;

use crate::suite::file::RequestParts;
use crate::suite::record::pin::{Line, StatusPin};
use crate::suite::record::{MARK, Pinned, Source};

/// The whole file; `world` is the value of its key.
pub(super) fn file(head: &str, world: &[String], pinned: &[Pinned], statuses: &[StatusPin]) -> String {
    let mut out = format!("{MARK}{head}. Record again after a change that is wanted.\nversion: 1\n");
    match world {
        [] => {}
        [name] => {
            let _ = writeln!(out, "world: {}", scalar(name));
        }
        paths => {
            out.push_str("world:\n");
            paths.iter().for_each(|path| out.push_str(&format!("  - {}\n", scalar(path))));
        }
    }
    if !pinned.is_empty() {
        out.push_str("tests:\n");
    }
    let mut group = "";
    for one in pinned {
        if one.group != group {
            let _ = writeln!(out, "  # {}", one.group);
            group = &one.group;
        }
        let _ = writeln!(out, "  - name: {}", scalar(&one.name));
        request(&one.parts, &mut out);
        if let Some(reason) = &one.skip {
            let _ = writeln!(out, "    skip: {}", scalar(reason));
        }
        out.push_str("    expect:\n");
        one.expect.iter().for_each(|line| self::line(line, 6, &mut out));
    }
    if !statuses.is_empty() {
        out.push_str("status:\n");
    }
    for one in statuses {
        status(one, &mut out);
    }
    out
}

/// What stands under `world`: the name of a world, or paths relative to the file; nothing for standard output or input.
pub(super) fn world(source: &Source, file: Option<&Path>) -> Vec<String> {
    let Some(file) = file else { return Vec::new() };
    match source {
        Source::Env(name) => vec![name.clone()],
        Source::Paths(paths) if paths.iter().any(|path| path.as_os_str() == "-") => Vec::new(),
        Source::Paths(paths) => {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            paths.iter().map(|path| relative(folder, path)).collect()
        }
    }
}

/// `path` as seen from `folder`, with `/`.
fn relative(folder: &Path, path: &Path) -> String {
    let whole = |path: &Path| {
        std::fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.into())
    };
    let (from, to) = (whole(folder), whole(path));
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(to.iter().skip(common).copied()).collect();
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    if text.is_empty() { ".".to_owned() } else { text }
}

/// A URL where that says all, else the parts.
fn request(parts: &RequestParts, out: &mut String) {
    let text = |text: &Option<crate::suite::file::value::Text>| text.as_ref().map(|text| text.0.clone());
    let scheme = text(&parts.scheme).unwrap_or_default();
    let usual = Scheme::parse(&scheme).and_then(Scheme::default_port);
    let port = parts.port.filter(|port| Some(*port) != usual);
    let is_url = parts.method.is_none() && parts.headers.0.is_empty() && parts.gateway.is_none();
    if let Some(host) = text(&parts.host).filter(|host| is_url && !host.is_empty()) {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let path = text(&parts.path).unwrap_or_default();
        let _ = writeln!(out, "    request: {}", scalar(&format!("{scheme}://{host}{port}{path}")));
        return;
    }
    out.push_str("    request:\n");
    let keys = [
        ("gateway", &parts.gateway),
        ("scheme", &parts.scheme),
        ("host", &parts.host),
        ("path", &parts.path),
        ("method", &parts.method),
    ];
    for (key, value) in keys.into_iter().filter_map(|(key, value)| Some((key, text(value)?))) {
        let _ = writeln!(out, "      {key}: {}", scalar(&value));
    }
    if let Some(port) = port {
        let _ = writeln!(out, "      port: {port}");
    }
    if !parts.headers.0.is_empty() {
        out.push_str("      headers:\n");
    }
    for (name, values) in parts.headers.iter() {
        for value in values.iter().flat_map(|values| values.all()) {
            let _ = writeln!(out, "        {}: {}", scalar(name), scalar(&value.0));
        }
    }
}

fn line(line: &Line, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    let mut pairs = |key: &str, pairs: &[(String, String)], quote: fn(&str) -> String| {
        let _ = writeln!(out, "{pad}{key}:{}", if pairs.is_empty() { " {}" } else { "" });
        for (name, value) in pairs {
            let _ = writeln!(out, "{pad}  {}: {}", scalar(name), quote(value));
        }
    };
    match line {
        Line::Text(key, value) => {
            let _ = writeln!(out, "{pad}{key}: {}", scalar(value));
        }
        Line::Plain(key, value) => {
            let _ = writeln!(out, "{pad}{key}: {value}");
        }
        Line::Shares(key, shares) => pairs(key, shares, str::to_owned),
        Line::Texts(key, texts) => pairs(key, texts, scalar),
        Line::List(key, texts) => {
            let _ = writeln!(out, "{pad}{key}:");
            texts.iter().for_each(|text| out.push_str(&format!("{pad}  - {}\n", scalar(text))));
        }
        Line::Below(key, lines) => {
            let _ = writeln!(out, "{pad}{key}:");
            lines.iter().for_each(|line| self::line(line, indent + 2, out));
        }
    }
}

fn status(pin: &StatusPin, out: &mut String) {
    let _ = writeln!(out, "  - object: {}", scalar(&pin.object));
    if let Some(parent) = &pin.parent {
        let _ = writeln!(out, "    parent: {}", scalar(parent));
    }
    if !pin.conditions.is_empty() {
        out.push_str("    expect:\n");
    }
    for (r#type, word) in &pin.conditions {
        let _ = writeln!(out, "      {type}: {word}");
    }
    if !pin.attached.is_empty() {
        out.push_str("    attached-routes:\n");
    }
    for (listener, count) in &pin.attached {
        let _ = writeln!(out, "      {}: {count}", scalar(listener));
    }
}

/// Words that YAML 1.1 takes for booleans or nothing.
const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];

/// A text as YAML: plain where it stays a text, else in double quotes.
fn scalar(text: &str) -> String {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || "_./:%?=&+~-, ()".contains(c);
    let begins =
        text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') || text.starts_with("../") || text == ".";
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    let ends = text.ends_with([':', ' ']);
    if begins && !is_word && !ends && !text.contains(": ") && text.chars().all(is_fine) {
        return text.to_owned();
    }
    // A JSON string is a YAML string.
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        let table = [
            ("store/window", "store/window"),
            ("https://a.example/x?y=1", "https://a.example/x?y=1"),
            ("web:8080", "web:8080"),
            ("1", "\"1\""),
            ("on", "\"on\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("*.example.com", "\"*.example.com\""),
            ("a\n\u{7}", "\"a\\n\\u0007\""),
        ];
        for (text, wanted) in table {
            assert_eq!(scalar(text), wanted);
        }
    }

    #[test]
    fn paths_as_seen_from_the_file() {
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/c/d")), "../c/d");
        assert_eq!(relative(Path::new("/a"), Path::new("/a")), ".");
        assert_eq!(relative(Path::new("/a"), Path::new("/a/m")), "m");
    }
}
