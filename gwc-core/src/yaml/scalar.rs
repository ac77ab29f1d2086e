//! What a plain scalar means to kubectl: the YAML 1.1 resolution table (dependencies.md §3.2).
//!
//! Text in, meaning out; no positions and no messages. Quoted and block scalars never come here unless a tag
//! asks for another type.

use std::borrow::Cow;

use compact_str::{CompactString, format_compact};

/// Meaning of a plain scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// A whole number that only fits 64 bits without a sign.
    Unsigned(u64),
    /// A finite number written as a float.
    Float(f64),
    /// Not a number, or infinite: kubectl reads it and cannot send it.
    NotFinite(f64),
    /// The merge key `<<`.
    Merge,
    /// Text.
    Text,
}

/// Resolves a plain scalar without a tag.
pub(super) fn resolve(text: &str) -> Scalar {
    let Some(first) = text.bytes().next() else { return Scalar::Null };
    match first {
        b'0'..=b'9' => number(text),
        b'+' | b'-' => special_float(text).unwrap_or_else(|| number(text)),
        b'.' => special_float(text).or_else(|| float(text)).unwrap_or(Scalar::Text),
        b'~' | b'<' | b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => word(text),
        0..=255 => Scalar::Text,
    }
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "<<" => Scalar::Merge,
        _ => Scalar::Text,
    }
}

fn special_float(text: &str) -> Option<Scalar> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Scalar::NotFinite(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Scalar::NotFinite(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Scalar::NotFinite(f64::NEG_INFINITY)),
        _ => None,
    }
}

/// Integers in Go's base-0 notation, then floats; underscores count for nothing.
fn number(text: &str) -> Scalar {
    // Long digit strings and dates are not worth a copy.
    let plain = if text.contains('_') { Cow::Owned(text.replace('_', "")) } else { Cow::Borrowed(text) };
    integer(&plain).or_else(|| float(&plain)).unwrap_or(Scalar::Text)
}

fn integer(plain: &str) -> Option<Scalar> {
    let (negative, digits, signed) = match plain.as_bytes().first()? {
        b'-' => (true, plain.get(1..)?, true),
        b'+' => (false, plain.get(1..)?, true),
        0..=255 => (false, plain, false),
    };
    let magnitude = magnitude(digits)?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Scalar::Int);
    }
    match i64::try_from(magnitude) {
        Ok(value) => Some(Scalar::Int(value)),
        // Go's unsigned reader takes no sign.
        Err(_) if signed => None,
        Err(_) => Some(Scalar::Unsigned(magnitude)),
    }
}

fn magnitude(digits: &str) -> Option<u64> {
    let bytes = digits.as_bytes();
    let prefix = if bytes.len() >= 3 { bytes.get(..2)? } else { &[] };
    let (radix, digits) = match prefix {
        b"0x" | b"0X" => (16, digits.get(2..)?),
        b"0b" | b"0B" => (2, digits.get(2..)?),
        b"0o" | b"0O" => (8, digits.get(2..)?),
        _ if digits == "0" => return Some(0),
        _ if digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // `from_str_radix` takes a sign, Go does not after a prefix.
    let first = digits.as_bytes().first()?;
    if matches!(first, b'+' | b'-') { None } else { u64::from_str_radix(digits, radix).ok() }
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`, finite.
fn float(plain: &str) -> Option<Scalar> {
    let rest = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    let whole = digits(rest);
    let rest = rest.get(whole..)?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => (digits(rest), rest.get(digits(rest)..)?),
        None => (0, rest),
    };
    if whole == 0 && fraction == 0 {
        return None;
    }
    if !rest.is_empty() {
        let exponent = rest.strip_prefix(['e', 'E'])?;
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || digits(exponent) != exponent.len() {
            return None;
        }
    }
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then_some(Scalar::Float(value))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The whole number that JSON shows for a float without a fraction, where it fits.
pub(super) fn whole(value: f64) -> Option<i64> {
    // Both bounds are exact powers of two; the cast below cannot cut anything off.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "guarded by the bounds and the missing fraction")]
    (value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value)).then_some(value as i64)
}

/// The text kubectl makes of a float used as a key: Go's `FormatFloat(value, 'g', -1, 32)`.
pub(super) fn float_key(value: f64) -> CompactString {
    if value.is_nan() {
        return ".nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf".into() } else { "-.inf".into() };
    }
    #[expect(clippy::cast_possible_truncation, reason = "kubectl formats keys with 32 bits")]
    let narrow = value as f32;
    if narrow.is_infinite() {
        return if narrow > 0.0 { ".inf".into() } else { "-.inf".into() };
    }
    let scientific = format_compact!("{narrow:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // The precision that decides on the exponent form is 6 for shortest output.
    if (-4..6).contains(&exponent) {
        return format_compact!("{narrow}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format_compact!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// Why a plain scalar of a value reads differently from what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surprise {
    /// `yes`, `off`, `n`: a boolean.
    BooleanWord,
    /// A leading zero: octal.
    Octal,
    /// A leading zero in front of a number that is not octal.
    LeadingZero,
    /// `0x`, `0o`, `0b`.
    Radix,
    /// `1_000`.
    Underscore,
    /// `1e3`.
    Exponent,
}

/// What is surprising about `text`, which resolves to `scalar`.
pub(super) fn surprise(text: &str, scalar: Scalar) -> Option<Surprise> {
    match scalar {
        Scalar::Bool(_) => (!matches!(text.len(), 4 | 5)).then_some(Surprise::BooleanWord),
        Scalar::Int(_) | Scalar::Unsigned(_) | Scalar::Float(_) => number_surprise(text, scalar),
        Scalar::Null | Scalar::NotFinite(_) | Scalar::Merge | Scalar::Text => None,
    }
}

fn number_surprise(text: &str, scalar: Scalar) -> Option<Surprise> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
    let is_float = matches!(scalar, Scalar::Float(_));
    match digits {
        [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..] => Some(Surprise::Radix),
        [b'0', b'0'..=b'9' | b'_', ..] if is_float => Some(Surprise::LeadingZero),
        [b'0', b'0'..=b'9' | b'_', ..] => Some(Surprise::Octal),
        [..] if digits.contains(&b'_') => Some(Surprise::Underscore),
        [..] if is_float && digits.iter().any(|byte| matches!(byte, b'e' | b'E')) => Some(Surprise::Exponent),
        [..] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for text in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
            assert_eq!(resolve(text), Scalar::Bool(true), "{text}");
        }
        for text in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            assert_eq!(resolve(text), Scalar::Bool(false), "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(text), Scalar::Null, "{text}");
        }
        for text in ["tRue", "yEs", "oN", "nULL", "=", "2001-12-14", "10.0.0.1", "1.2.3", "190:20:30", "-", "+", "."] {
            assert_eq!(resolve(text), Scalar::Text, "{text}");
        }
        for text in ["1e400", "-1e400", "0x", "0b", "0o", "0b-1", ".5_0", "0x-1", "+-1", "..", "1e", ".e1", "0b2", "é"]
        {
            assert_eq!(resolve(text), Scalar::Text, "{text}");
        }
        assert_eq!(resolve("<<"), Scalar::Merge);
    }

    #[test]
    fn numbers() {
        let ints = [
            ("0", 0),
            ("00", 0),
            ("012", 10),
            ("0777", 511),
            ("-012", -10),
            ("+7", 7),
            ("1_000", 1000),
            ("0x1F", 31),
            ("-0x1f", -31),
            ("0X1f", 31),
            ("0o17", 15),
            ("0b11", 3),
            ("1__2_", 12),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ];
        for (text, value) in ints {
            assert_eq!(resolve(text), Scalar::Int(value), "{text}");
        }
        let floats = [
            ("08", 8.0),
            ("80.0", 80.0),
            ("8e1", 80.0),
            ("1_000.5", 1000.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("-1.5E-2", -0.015),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
            ("+9223372036854775808", 9_223_372_036_854_775_808.0),
        ];
        for (text, value) in floats {
            assert_eq!(resolve(text), Scalar::Float(value), "{text}");
        }
        assert_eq!(resolve("9223372036854775808"), Scalar::Unsigned(1 << 63));
        assert!(matches!(resolve(".NaN"), Scalar::NotFinite(value) if value.is_nan()));
        assert_eq!(resolve("-.inf"), Scalar::NotFinite(f64::NEG_INFINITY));
        assert_eq!(resolve("+.INF"), Scalar::NotFinite(f64::INFINITY));
    }

    #[test]
    fn float_keys_as_go_writes_them() {
        for (value, text) in [
            (1.5, "1.5"),
            (1000.0, "1000"),
            (1.1, "1.1"),
            (1e6, "1e+06"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (8.0, "8"),
        ] {
            assert_eq!(float_key(value), text);
        }
    }

    #[test]
    fn whole_floats() {
        assert_eq!(whole(80.0), Some(80));
        assert_eq!(whole(80.5), None);
        assert_eq!(whole(1e19), None);
        assert_eq!(whole(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        assert_eq!(whole(9_223_372_036_854_775_808.0), None);
    }

    #[test]
    fn surprises() {
        let table = [
            ("yes", Some(Surprise::BooleanWord)),
            ("OFF", Some(Surprise::BooleanWord)),
            ("n", Some(Surprise::BooleanWord)),
            ("true", None),
            ("False", None),
            ("0123", Some(Surprise::Octal)),
            ("0080", Some(Surprise::LeadingZero)),
            ("08", Some(Surprise::LeadingZero)),
            ("0x1F", Some(Surprise::Radix)),
            ("0o17", Some(Surprise::Radix)),
            ("0b11", Some(Surprise::Radix)),
            ("1_000", Some(Surprise::Underscore)),
            ("1e3", Some(Surprise::Exponent)),
            ("80.0", None),
            ("0", None),
            ("0.5", None),
            ("-0", None),
            ("1.10", None),
            ("80", None),
            ("text", None),
        ];
        for (text, expected) in table {
            assert_eq!(surprise(text, resolve(text)), expected, "{text}");
        }
    }
}
