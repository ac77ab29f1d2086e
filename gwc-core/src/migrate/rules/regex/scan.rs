//! The signs of an expression, one after the other, each with its text in the target's dialect.

use crate::migrate::rules::literal;
use crate::migrate::rules::regex::Construct;

/// What a sign is, as far as anyone asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A letter that stands for itself.
    Letter(char),
    /// Something that stands for one character: `.`, a class, an escape.
    Any,
    /// `^`.
    Start,
    /// `$`.
    End,
    /// Begin of a group.
    Open,
    /// End of a group.
    Close,
    /// `|`.
    Bar,
    /// How often.
    Repeat,
    /// Nothing: flags, boundaries of words.
    Empty,
}

/// A sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) kind: Kind,
    /// In the target's dialect.
    pub(super) text: String,
    /// Where it begins in the source.
    pub(super) start: usize,
}

/// Reads signs.
pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// Letters that no path holds are percent-encoded.
    is_path: bool,
    pub(super) n_groups: usize,
}

/// Letters that mean something outside classes.
const META: &str = r"\.+*?()|[]{}^$";

const MALFORMED: Construct = "what is no expression at all";

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, is_path: bool) -> Self {
        Self { text, at: 0, is_path, n_groups: 0 }
    }

    /// All signs of the text.
    pub(super) fn signs(&mut self) -> Result<Vec<Sign>, Construct> {
        let mut signs: Vec<Sign> = Vec::new();
        while let Some(letter) = self.peek() {
            let start = self.at;
            let (mut kind, text) = self.sign(letter)?;
            if kind == Kind::Repeat && self.is_lazy(&mut signs)? {
                kind = Kind::Empty;
            }
            signs.push(Sign { kind, text, start });
        }
        Ok(signs)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn sign(&mut self, letter: char) -> Result<(Kind, String), Construct> {
        match letter {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' => self.group(),
            '*' | '+' | '?' => {
                self.take();
                Ok((Kind::Repeat, letter.to_string()))
            }
            '{' => Ok(self.counted()),
            '.' | '^' | '$' | '|' | ')' => {
                self.take();
                let kind = match letter {
                    '.' => Kind::Any,
                    '^' => Kind::Start,
                    '$' => Kind::End,
                    '|' => Kind::Bar,
                    _ => Kind::Close,
                };
                Ok((kind, letter.to_string()))
            }
            _ => {
                self.take();
                Ok((Kind::Letter(letter), self.letter(letter)))
            }
        }
    }

    /// A letter that stands for itself.
    fn letter(&self, letter: char) -> String {
        let mut buffer = [0; 4];
        let bytes = letter.encode_utf8(&mut buffer).as_bytes();
        let is_kept = !self.is_path || bytes.iter().all(|byte| literal::is_kept(*byte));
        if is_kept {
            return if META.contains(letter) { format!("\\{letter}") } else { letter.to_string() };
        }
        let mut text = String::new();
        bytes.iter().for_each(|byte| literal::push(&mut text, *byte));
        text
    }

    fn escape(&mut self) -> Result<(Kind, String), Construct> {
        self.take();
        let letter = self.take().ok_or(MALFORMED)?;
        let same = |kind| Ok((kind, format!("\\{letter}")));
        match letter {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => same(Kind::Any),
            'b' | 'B' | 'A' => same(Kind::Empty),
            'z' => Ok((Kind::End, "$".to_owned())),
            'n' | 'r' | 't' | 'f' | 'a' => same(Kind::Any),
            'x' => self.hexadecimal(),
            '1'..='9' | 'g' | 'k' => Err("a back-reference"),
            'K' => Err(r"`\K`"),
            'G' => Err(r"`\G`"),
            'h' | 'H' => Err(r"`\h` or `\H`"),
            'R' => Err(r"`\R`"),
            'v' | 'V' => Err(r"`\v` or `\V`"),
            'p' | 'P' | 'X' => Err("a property of Unicode"),
            _ if letter.is_alphanumeric() => Err("an escape that only PCRE has"),
            _ => Ok((Kind::Letter(letter), self.letter(letter))),
        }
    }

    fn hexadecimal(&mut self) -> Result<(Kind, String), Construct> {
        let digits = self.rest().get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let digits = digits.ok_or("an escape that only PCRE has")?;
        self.at += 2;
        let byte = u8::from_str_radix(digits, 16).map_err(|_| MALFORMED)?;
        let letter = char::from(byte);
        if !letter.is_ascii_graphic() {
            return Err("an escape of a byte that no path shows");
        }
        Ok((Kind::Letter(letter), self.letter(letter)))
    }

    fn group(&mut self) -> Result<(Kind, String), Construct> {
        self.take();
        let Some(inside) = self.rest().strip_prefix('?') else {
            if self.rest().starts_with('*') {
                return Err("a verb of PCRE");
            }
            self.n_groups += 1;
            return Ok((Kind::Open, "(".to_owned()));
        };
        for (begin, construct) in [
            ("=", "a look-ahead"),
            ("!", "a look-ahead"),
            ("<=", "a look-behind"),
            ("<!", "a look-behind"),
            (">", "an atomic group"),
            ("|", "groups that share numbers"),
            ("#", "a comment"),
            ("(", "a condition"),
            ("R", "a recursion"),
            ("&", "a recursion"),
            ("P>", "a recursion"),
            ("P=", "a back-reference"),
        ] {
            if inside.starts_with(begin) {
                return Err(construct);
            }
        }
        if inside.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
            return Err("a recursion");
        }
        if inside.starts_with(['<', 'P', '\'']) {
            // A name is of no use here: groups go by number.
            let end = inside.get(1..).and_then(|after| after.find(['>', '\''])).ok_or(MALFORMED)?;
            self.at += end + 3;
            self.n_groups += 1;
            return Ok((Kind::Open, "(".to_owned()));
        }
        self.flags(inside)
    }

    /// `(?flags)` or `(?flags:`.
    fn flags(&mut self, inside: &str) -> Result<(Kind, String), Construct> {
        let end = inside.find([':', ')']).ok_or(MALFORMED)?;
        let (flags, after) = inside.split_at_checked(end).ok_or(MALFORMED)?;
        if flags.contains('x') {
            return Err("the flag `x`");
        }
        if !flags.bytes().all(|flag| b"ims-".contains(&flag)) {
            return Err("a flag that only PCRE has");
        }
        let closes = after.starts_with(')');
        self.at += end + 2;
        let (kind, sign) = if closes { (Kind::Empty, ')') } else { (Kind::Open, ':') };
        Ok((kind, format!("(?{flags}{sign}")))
    }

    /// `{n}`, `{n,}`, `{n,m}`; anything else is a letter.
    fn counted(&mut self) -> (Kind, String) {
        let text = self.rest();
        let found = text.find('}').and_then(|end| text.get(..=end)).filter(|text| {
            let inner = text.get(1..text.len() - 1).unwrap_or_default();
            let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
            let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            !low.is_empty() && is_number(low) && is_number(high)
        });
        match found {
            Some(found) => {
                self.at += found.len();
                (Kind::Repeat, found.to_owned())
            }
            None => {
                self.take();
                (Kind::Letter('{'), self.letter('{'))
            }
        }
    }

    /// Is the repeat just read only a mark of laziness, which is the same for a whole path? Else it must stand behind
    /// something; `+` behind a repeat is possessive.
    fn is_lazy(&self, signs: &mut [Sign]) -> Result<bool, Construct> {
        let text = self.text.get(..self.at).unwrap_or_default();
        let Some(before) = signs.last_mut() else { return Err(MALFORMED) };
        match before.kind {
            Kind::Repeat if text.ends_with('?') => return Ok(true),
            Kind::Repeat => return Err("a possessive or doubled repeat"),
            Kind::Start | Kind::End | Kind::Open | Kind::Bar | Kind::Empty => return Err(MALFORMED),
            // What became several letters is repeated as a whole.
            Kind::Letter(_) if before.text.len() > 1 && !before.text.starts_with('\\') => {
                before.text = format!("(?:{})", before.text);
            }
            Kind::Letter(_) | Kind::Any | Kind::Close => {}
        }
        let count = text.rsplit('{').next().filter(|_| text.ends_with('}')).unwrap_or_default();
        let mut numbers = count.trim_end_matches('}').split(',').filter_map(|number| number.parse::<u64>().ok());
        if numbers.any(|number| number > 1000) { Err("more than 1000 repeats") } else { Ok(false) }
    }

    fn class(&mut self) -> Result<(Kind, String), Construct> {
        self.take();
        let mut text = "[".to_owned();
        if self.peek() == Some('^') {
            self.take();
            text.push('^');
        }
        let mut is_first = true;
        loop {
            let letter = self.take().ok_or(MALFORMED)?;
            match letter {
                ']' if !is_first => break,
                '[' if self.rest().starts_with(':') => {
                    let end = self.rest().find(":]").ok_or(MALFORMED)?;
                    text.push('[');
                    text.push_str(self.rest().get(..end + 2).unwrap_or_default());
                    self.at += end + 2;
                }
                '\\' => text.push_str(&self.class_escape()?),
                // Nested sets and operations on sets exist in the dialect of some implementations.
                '[' | ']' | '&' | '~' => {
                    text.push('\\');
                    text.push(letter);
                }
                _ if !letter.is_ascii_graphic() => return Err("a class with characters that paths hold encoded"),
                _ => text.push(letter),
            }
            is_first = false;
        }
        text.push(']');
        Ok((Kind::Any, text))
    }

    fn class_escape(&mut self) -> Result<String, Construct> {
        let letter = self.take().ok_or(MALFORMED)?;
        match letter {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'n' | 'r' | 't' | 'f' => Ok(format!("\\{letter}")),
            'b' => Err(r"`\b` in a class"),
            _ if letter.is_alphanumeric() => Err("an escape that only PCRE has"),
            _ if letter.is_ascii_graphic() => Ok(format!("\\{letter}")),
            _ => Err("a class with characters that paths hold encoded"),
        }
    }
}
