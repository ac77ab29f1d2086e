//! Small looks at the raw text: characters kubectl refuses, blanks, tokens.

/// The first character that kubectl's reader refuses or takes for a line break: offset, length and its name.
pub(super) fn bad_character(text: &str) -> Option<(usize, usize, String)> {
    let bytes = text.as_bytes();
    looked_at(bytes.len());
    let mut from = 0;
    while let Some(found) = bytes.get(from..)?.iter().position(|byte| SUSPECT[usize::from(*byte)]) {
        let at = from + found;
        let character = text.get(at..)?.chars().next()?;
        if let Some(name) = refused(character) {
            return Some((at, character.len_utf8(), name));
        }
        from = at + character.len_utf8();
    }
    None
}

/// First bytes of characters worth a closer look.
static SUSPECT: [bool; 256] = suspects();

const fn suspects() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = byte != 0x09 && byte != 0x0A && byte != 0x0D;
        byte += 1;
    }
    table[0x7F] = true;
    // C1 controls, LS and PS, U+FFFE and U+FFFF.
    table[0xC2] = true;
    table[0xE2] = true;
    table[0xEF] = true;
    table
}

fn refused(character: char) -> Option<String> {
    match character {
        '\u{85}' => Some("the line break NEL (U+0085)".into()),
        '\u{2028}' => Some("the line separator U+2028".into()),
        '\u{2029}' => Some("the paragraph separator U+2029".into()),
        '\0' => Some("a NUL byte".into()),
        '\u{1}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => {
            Some(format!("the control character U+{:04X}", u32::from(character)))
        }
        '\u{FFFE}' | '\u{FFFF}' => Some(format!("the non-character U+{:04X}", u32::from(character))),
        _ => None,
    }
}

// Bytes looked at by this file's scans, so that a test can tell linear from quadratic without a clock.
#[cfg(test)]
thread_local! {
    pub(super) static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
fn looked_at(n: usize) {
    STEPS.set(STEPS.get() + n);
}

#[cfg(not(test))]
fn looked_at(_: usize) {}

/// Past blanks, line breaks and comments, from `at`.
pub(super) fn skip_space(text: &str, from: usize) -> usize {
    let at = skip_space_from(text, from);
    looked_at(at - from);
    at
}

fn skip_space_from(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => at = super::super::split::line_end(text, at),
            0..=255 => break,
        }
    }
    at
}

/// Past blanks, comments, tags and anchors: where a node's own text starts.
pub(super) fn skip_properties(text: &str, at: usize) -> usize {
    let mut at = skip_space(text, at);
    while matches!(text.as_bytes().get(at), Some(b'&' | b'!')) {
        at = skip_space(text, word_end(text, at));
    }
    at
}

/// End of the run of non-blank bytes at `at`.
pub(super) fn word_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len());
    looked_at(length);
    at + length
}

/// Just past the `:` that follows a key ending at `at`, or `at` where there is none.
pub(super) fn after_colon(text: &str, at: usize) -> usize {
    let colon = skip_space(text, at);
    if text.as_bytes().get(colon) == Some(&b':') { colon + 1 } else { at }
}

/// Just past the `-` that follows at `at` or later, or `at` where there is none.
pub(super) fn after_dash(text: &str, at: usize) -> usize {
    let dash = skip_space(text, at);
    if text.as_bytes().get(dash) == Some(&b'-') { dash + 1 } else { at }
}

/// End of a block scalar's last line of content; `end` is where the next token starts.
pub(super) fn block_end(text: &str, header: usize, end: usize) -> usize {
    let slice = text.get(header..end).unwrap_or_default();
    looked_at(slice.len());
    let content = slice.trim_end_matches([' ', '\t', '\r', '\n']).len();
    let line = slice.get(content..).and_then(|rest| rest.find('\n')).map_or(slice.len(), |at| content + at);
    let line = if slice.get(..line).is_some_and(|cut| cut.ends_with('\r')) { line - 1 } else { line };
    header + line.max(content)
}

/// An escape of a double-quoted scalar that kubectl refuses: its range.
///
/// `\/` is YAML 1.2, and surrogates are JSON; libyaml knows neither.
pub(super) fn bad_escape(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes().get(..end)?;
    looked_at(end - start);
    let mut at = start;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| *byte == b'\\') {
        let escape = at + found;
        let letter = *bytes.get(escape + 1)?;
        let digits = match letter {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' => 0,
            b' ' | b'"' | b'\\' | b'N' | b'_' | b'L' | b'P' | b'\n' | b'\r' | b'\'' => 0,
            0..=255 => return Some((escape, escape + 1 + char_len(text, escape + 1))),
        };
        let stop = escape + 2 + digits;
        if digits > 0 {
            let value = text.get(escape + 2..stop).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            if value.and_then(char::from_u32).is_none() {
                return Some((escape, escape + 2));
            }
        }
        at = stop;
    }
    None
}

/// Length of the character at `at`.
pub(super) fn char_len(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_characters() {
        for (text, at) in
            [("a\0", 1), ("a: \u{7}", 3), ("é\u{85}", 2), ("€\u{2028}", 3), ("\u{FFFF}", 0), ("x\u{7F}", 1)]
        {
            assert_eq!(bad_character(text).map(|found| found.0), Some(at), "{text:?}");
        }
        for text in ["", "a\tb\r\n", "é€ — ’“ \u{FEFF} \u{FFFD} 🎵", "\u{A0}"] {
            assert_eq!(bad_character(text), None, "{text:?}");
        }
    }

    #[test]
    fn escapes() {
        let found = |text: &str| bad_escape(text, 0, text.len());
        assert_eq!(found(r#""a\/b""#), Some((2, 4)));
        assert_eq!(found(r#""\\/ \n \x41 \u00e9""#), None);
        assert_eq!(found(r#""\uD834\uDD1E""#), Some((1, 3)));
        assert_eq!(found(r#""\é""#), Some((1, 4)));
    }
}
