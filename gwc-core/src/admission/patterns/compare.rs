//! Test: each pattern function against its regular expression, on short texts and on mutated values.

use std::collections::BTreeSet;

use regex_automata::meta::Regex;

use super::PATTERNS;

/// Values that fit one pattern or another.
const FITTING: &[&str] = &[
    "",
    "*",
    "http://example.com",
    "https://*.example.com:8443",
    "https://*",
    "spiffe+x-1.0://cluster/ns/a?b=c#d",
    "custom://host-1:1",
    "gateway.networking.k8s.io",
    "example.com/gateway-controller/~_%!$&'()*+,;=:",
    "*.shop.example.com",
    "a",
    "HTTPRoute",
    "My-Kind9",
    "app.kubernetes.io/name_x",
    "System",
    "1h30m15s250ms",
    "99999ms",
    "0s",
    "Accepted",
    "Reason_1,x:Y",
    "IPAddress",
    "Hostname",
    "NamedAddress",
    "HTTP",
    "example.com/quic",
    "X-Request-Id!#$%&'*+.^_`|~",
    "text/html; q=0.5\tx",
    "/shop/%2f/~a!$&'()*+,;=:@",
];

/// Characters at which some pattern decides.
const ALPHABET: &[char] = &[
    'a', 'z', 'A', 'Z', 'S', '0', '9', '-', '.', '/', ':', '*', '%', '_', ' ', '\t', '\n', '\r', '#', '?', '`', '~',
    '!', ',', '+', '@', '[', '{', '"', '\u{0}', '\u{7f}', 'é', '\u{17f}', '\u{212a}', '\u{2028}', 's', 'm', 'h',
];

/// Small deterministic generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % n
    }
}

/// All texts of up to three characters of a small alphabet.
fn short_texts() -> BTreeSet<String> {
    let letters = ['a', 'Z', '7', '-', '.', '/', ':', '*', '_', 's', ' ', '\n', 'é'];
    let mut texts = BTreeSet::from([String::new()]);
    for _ in 0..3 {
        let longer = texts.iter().flat_map(|text| letters.iter().map(move |letter| format!("{text}{letter}")));
        let longer: Vec<_> = longer.collect();
        texts.extend(longer);
    }
    texts
}

/// One to three small changes of a fitting value.
fn mutated(dice: &mut Dice) -> String {
    let mut text: Vec<char> = FITTING[dice.below(FITTING.len())].chars().collect();
    for _ in 0..=dice.below(3) {
        let at = dice.below(text.len() + 1);
        let letter = ALPHABET[dice.below(ALPHABET.len())];
        match dice.below(6) {
            0 | 1 => text.insert(at, letter),
            2 if at < text.len() => text[at] = letter,
            3 if at < text.len() => drop(text.remove(at)),
            4 => text.extend(FITTING[dice.below(FITTING.len())].chars()),
            _ => text.truncate(at),
        }
    }
    text.into_iter().collect()
}

/// Names around the lengths at which patterns decide.
fn long_texts() -> impl Iterator<Item = String> {
    [1, 5, 6, 61, 62, 63, 64, 65, 253, 254].into_iter().flat_map(|n| {
        let name = "x".repeat(n);
        let digits = "7".repeat(n);
        [
            format!("a.b/{name}"),
            format!("{name}/a"),
            format!("{name}.a"),
            format!("http://a:{digits}"),
            format!("{digits}ms"),
            format!("1s{digits}s"),
            "1s".repeat(n),
            name,
            digits,
        ]
    })
}

#[test]
fn functions_equal_their_regular_expressions() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut texts = short_texts();
    texts.extend(FITTING.iter().map(|text| (*text).to_owned()));
    texts.extend(FITTING.iter().map(|text| format!("{text}\n")));
    texts.extend(long_texts());
    texts.extend((0..6000).map(|_| mutated(&mut dice)));
    for pattern in PATTERNS {
        let regex = Regex::new(pattern.text).unwrap();
        let mut n_fitting = 0;
        for text in &texts {
            let expected = regex.is_match(text);
            assert_eq!((pattern.matches)(text), expected, "{text:?} against {}", pattern.text);
            n_fitting += usize::from(expected);
        }
        assert!(n_fitting > 10 && texts.len() - n_fitting > 10, "{n_fitting} texts fit {}", pattern.text);
    }
}

#[test]
fn patterns_are_sorted_and_distinct() {
    assert!(PATTERNS.is_sorted_by(|one, next| one.text < next.text));
}

#[test]
fn words_are_short_and_no_regular_expressions() {
    for pattern in PATTERNS {
        assert!((5..=120).contains(&pattern.words.len()), "{}", pattern.words);
        assert!(!pattern.words.contains(['\\', '^', '[', '$']), "{}", pattern.words);
    }
}
