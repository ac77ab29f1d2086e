//! Common lines of raw configuration that filters can carry, where the user asks for it (ingress-migrate.md §3.10).
//! Whatever is not literally one of them stays reported and is not written.

use compact_str::CompactString;

use crate::diagnostic::Severity;
use crate::migrate::annotation::{Verdict, snippet as raw};
use crate::migrate::code;
use crate::migrate::options::Choice;
use crate::migrate::settings::reader::Reader;
use crate::migrate::settings::{Setting, Snippet, UrlRedirect};
use crate::prove::Kind;
use crate::prove::allowance::Dimension;

/// `configuration-snippet`, as far as its lines are known.
pub(super) fn read(reader: &mut Reader<'_, '_, '_>) -> Option<Setting<Snippet>> {
    let text = reader.text("configuration-snippet").filter(|_| reader.cx.options.has(Choice::ReadSnippets))?;
    // Conditions and blocks are not understood, and neither is anything that stands beside them.
    if text.value.contains(['{', '}']) || raw::refuses(text.value) {
        return None;
    }
    let lines: Vec<Vec<String>> = raw::statements(text.value).into_iter().filter(|words| !words.is_empty()).collect();
    let mut snippet = Snippet::default();
    let n_known = lines.iter().filter(|words| add(&mut snippet, words, lines.len() == 1)).count();
    if n_known == 0 {
        return None;
    }
    let is_all = n_known == lines.len();
    let message = match is_all {
        true => "`configuration-snippet` is raw configuration, of which every line was translated".to_owned(),
        false => format!(
            "`configuration-snippet` is raw configuration, of which {n_known} of {} lines were translated",
            lines.len()
        ),
    };
    reader.say(text.item, Verdict::Approx, code::SNIPPET, &message);
    if is_all {
        reader.weigh(text.item, Severity::Warning);
    }
    // Nobody knows what a snippet did before: the model of the controller passes over it.
    let kind = if snippet.redirect.is_some() { Kind::Dropped } else { Kind::Policy(Dimension::Headers) };
    reader.allow(text.item, crate::migrate::annotation::Scope::Location, kind);
    Some(Setting { value: snippet, item: text.item })
}

/// Is the line one that a filter can carry? Then it is added.
fn add(snippet: &mut Snippet, words: &[String], is_alone: bool) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.iter().any(|word| word.contains('$')) {
        return false;
    }
    match words.as_slice() {
        ["more_set_headers", line] => {
            let Some((name, value)) = line.split_once(':') else { return false };
            set(&mut snippet.response_set, name.trim(), value.trim())
        }
        ["add_header", name, value] | ["add_header", name, value, "always"] => {
            set(&mut snippet.response_set, name, value)
        }
        ["proxy_set_header", name, value] if !name.eq_ignore_ascii_case("host") => {
            set(&mut snippet.request_set, name, value)
        }
        ["proxy_hide_header" | "more_clear_headers", name] if is_header(name) => {
            snippet.response_remove.push(CompactString::from(*name));
            true
        }
        ["return", status @ ("301" | "302" | "303" | "307" | "308"), url] if is_alone && is_url(url) => {
            snippet.redirect = status.parse().ok().map(|code| UrlRedirect { url: CompactString::from(*url), code });
            snippet.redirect.is_some()
        }
        _ => false,
    }
}

fn set(headers: &mut Vec<(CompactString, CompactString)>, name: &str, value: &str) -> bool {
    let is_new = headers.iter().all(|(other, _)| !other.eq_ignore_ascii_case(name));
    let is_fit = is_header(name) && !value.is_empty() && value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_new && is_fit {
        headers.push((name.into(), value.into()));
    }
    is_new && is_fit
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn is_url(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> (usize, Snippet) {
        let lines: Vec<Vec<String>> = raw::statements(text).into_iter().filter(|words| !words.is_empty()).collect();
        let mut snippet = Snippet::default();
        let n_known = lines.iter().filter(|words| add(&mut snippet, words, lines.len() == 1)).count();
        (n_known, snippet)
    }

    #[test]
    fn literal_lines_are_known() {
        let (n_known, snippet) =
            known("more_set_headers \"X-A: b c\";\nadd_header X-B d always;\nproxy_hide_header X-C;");
        assert_eq!(n_known, 3);
        assert_eq!(snippet.response_set, [("X-A".into(), "b c".into()), ("X-B".into(), "d".into())]);
        assert_eq!(snippet.response_remove, ["X-C"]);
        let (n_known, snippet) = known("return 301 https://b.io/x;");
        assert_eq!((n_known, snippet.redirect.map(|one| one.code)), (1, Some(301)));
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "add_header X $host;",
            "proxy_set_header Host b.io;",
            "return 301 /x; add_header;",
            "return 200 ok;",
            "rewrite ^ /x;",
            "more_set_headers -s 404 \"X: y\";",
            "add_header X-A;",
        ] {
            assert_eq!(known(text).0, 0, "{text}");
        }
    }
}
