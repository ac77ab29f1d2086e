//! Does raw configuration refuse requests? Its words are read as nginx reads them, its meaning is not.

use std::iter::Peekable;
use std::str::Chars;

/// Directives that refuse requests, or decide who is let in.
const NAMES: [&str; 6] = ["allow", "deny", "satisfy", "limit_req", "limit_conn", "ssl_verify_client"];

/// Beginnings of further such directives.
const PREFIXES: [&str; 3] = ["auth_", "modsecurity", "access_by_lua"];

/// True when a directive of the text is an access control (ingress-migrate.md §0).
#[must_use]
pub fn refuses(text: &str) -> bool {
    statements(text).iter().any(|words| is_control(words))
}

fn is_control(words: &[String]) -> bool {
    let Some(name) = words.first() else { return false };
    let is_listed = NAMES.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    is_listed || name == "return" && words.get(1).is_some_and(|status| is_refusal(status))
}

/// A status from 400 on; one that a variable holds may be.
fn is_refusal(status: &str) -> bool {
    status.starts_with('$') || status.parse::<u32>().is_ok_and(|status| status >= 400)
}

/// Directives with their words; blocks are taken apart.
pub(in crate::migrate) fn statements(text: &str) -> Vec<Vec<String>> {
    let mut out = vec![Vec::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' | '{' | '}' => out.push(Vec::new()),
            '#' => while chars.next_if(|c| *c != '\n').is_some() {},
            c if c.is_whitespace() => {}
            c => {
                let word = word(c, &mut chars);
                if let Some(words) = out.last_mut() {
                    words.push(word);
                }
            }
        }
    }
    out
}

/// A word that begins with `first`: quoted up to the same quote, else up to what ends it.
fn word(first: char, chars: &mut Peekable<Chars<'_>>) -> String {
    let quote = matches!(first, '"' | '\'').then_some(first);
    let mut out = String::new();
    if quote.is_none() {
        out.push(first);
    }
    let mut is_escaped = first == '\\';
    // The braces of `${name}` belong to the word.
    let mut before = first;
    let is_end = |c: char| c.is_whitespace() || c == ';' || c == '}';
    while let Some(&c) = chars.peek() {
        if !is_escaped && quote.is_none() && (is_end(c) || c == '{' && before != '$') {
            break;
        }
        chars.next();
        if !is_escaped && Some(c) == quote {
            break;
        }
        is_escaped = !is_escaped && c == '\\';
        before = c;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_found_at_any_depth() {
        let refusing = [
            "deny all;",
            "location /private { deny all; }",
            "if ($http_x_key != 's') { return 403; }",
            "add_header X \" #\"; allow 10.0.0.0/8;",
            "add_header X 'it\\'s'; satisfy any;",
            "auth_basic \"who?\";",
            "limit_req zone=one;",
            "modsecurity_rules_file /x;",
            "access_by_lua_block { ngx.exit(403) }",
            "set $a ${b}; return 444;",
            "return $status;",
            "# nothing\n\tssl_verify_client on;",
            "deny all",
        ];
        for text in refusing {
            assert!(refuses(text), "{text}");
        }
    }

    #[test]
    fn other_configuration_is_let_through() {
        let harmless = [
            "",
            "add_header X-A b;",
            "# deny all;",
            "add_header Access-Control-Allow-Origin *;",
            "add_header X 'a; deny all;';",
            "return 204;",
            "return 301 https://a.io$request_uri;",
            "proxy_set_header X-Allow allow;",
            "if ($a) { return 200 \"deny\"; }",
        ];
        for text in harmless {
            assert!(!refuses(text), "{text}");
        }
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in ["'", "\"\\", "${", "\\", "{{{", "#", ";;", "é'ü"] {
            assert!(!refuses(text), "{text}");
        }
    }
}
