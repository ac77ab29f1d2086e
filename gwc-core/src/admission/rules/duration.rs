//! CEL's `duration()`: Go's reading of durations, such as `1h30m`, `1.5s` or `-2ms`.

/// Nanoseconds of a second.
pub(super) const SECOND: i64 = 1_000_000_000;
/// Nanoseconds of an hour.
pub(super) const HOUR: i64 = 3600 * SECOND;

/// One past the largest number of nanoseconds; a negative duration may reach it.
const LIMIT: u64 = 1 << 63;

/// Nanoseconds of a duration; `None` for what Go refuses.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let part;
        (part, rest) = leading_part(rest)?;
        total = total.checked_add(part).filter(|total| *total <= LIMIT)?;
    }
    if negative { 0_i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() }
}

/// Nanoseconds of the first number with its unit, and what follows.
fn leading_part(text: &str) -> Option<(u64, &str)> {
    let (digits, rest) = leading_digits(text);
    let (decimals, rest) = rest.strip_prefix('.').map_or(("", rest), leading_digits);
    if digits.is_empty() && decimals.is_empty() {
        return None;
    }
    let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let unit = unit(name)?;
    let whole: u64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let nanoseconds = whole.checked_mul(unit)?.checked_add(fraction(decimals, unit))?;
    (nanoseconds <= LIMIT).then_some((nanoseconds, rest))
}

fn leading_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

fn unit(name: &str) -> Option<u64> {
    Some(match name {
        "ns" => 1,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// Nanoseconds of the decimals, cut off; Go calculates in floating point and drops digits beyond 63 bits.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as Go does")]
fn fraction(decimals: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1_f64);
    for digit in decimals.bytes().map(|byte| u64::from(byte - b'0')) {
        let Some(next) = value.checked_mul(10).map(|value| value + digit).filter(|next| *next <= LIMIT) else { break };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (unit as f64 / scale)) as u64
}

#[cfg(test)]
mod tests {
    use super::{HOUR, SECOND, parse};

    #[test]
    fn reads_what_go_reads() {
        let cases = [
            ("0", 0),
            ("+0", 0),
            ("0s", 0),
            ("1h", HOUR),
            ("1h30m", HOUR + HOUR / 2),
            ("1.5s", SECOND * 3 / 2),
            (".5s", SECOND / 2),
            ("5.s", 5 * SECOND),
            ("-2ms", -2_000_000),
            ("3us", 3_000),
            ("3\u{b5}s", 3_000),
            ("3\u{3bc}s", 3_000),
            ("7ns", 7),
            ("0.3333333333333333333h", 1_200_000_000_000),
            ("9223372036854775807ns", i64::MAX),
            ("-9223372036854775808ns", i64::MIN),
        ];
        for (text, nanoseconds) in cases {
            assert_eq!(parse(text), Some(nanoseconds), "{text}");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        let cases = ["", "-", "1", "s", ".s", "1h ", " 1h", "1d", "--1s", "1.2.3s", "3 s", "1S"];
        for text in cases.into_iter().chain(["9223372036854775808ns", "9223372036854775807h", "99999999999999999999s"])
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
