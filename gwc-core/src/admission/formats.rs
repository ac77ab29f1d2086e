//! `format` checks as the API server makes them; no regular expressions.

use std::net::Ipv6Addr;

use crate::admission::schema::Format;

/// Does a text have the format? Number formats say nothing about texts.
pub(crate) fn fits(format: Format, text: &str) -> bool {
    match format {
        Format::None | Format::Int32 | Format::Int64 => true,
        Format::DateTime => is_date_time(text),
        Format::Ipv4 => is_ipv4(text),
        Format::Ipv6 => text.contains(':') && text.parse::<Ipv6Addr>().is_ok(),
    }
}

/// Name of a format in the API.
pub(crate) fn name(format: Format) -> &'static str {
    match format {
        Format::None => "",
        Format::Int32 => "int32",
        Format::Int64 => "int64",
        Format::DateTime => "date-time",
        Format::Ipv4 => "ipv4",
        Format::Ipv6 => "ipv6",
    }
}

/// Four decimal numbers up to 255, leading zeros tolerated; an IPv6 address that ends in one counts too.
fn is_ipv4(text: &str) -> bool {
    if text.contains(':') {
        return text.contains('.') && text.parse::<Ipv6Addr>().is_ok();
    }
    let octet = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && {
            let digits = part.trim_start_matches('0');
            digits.len() <= 3 && digits.parse::<u16>().unwrap_or(0) <= 255
        }
    };
    text.split('.').count() == 4 && text.split('.').all(octet)
}

/// RFC 3339 as the server's format check reads it: any byte may stand before the fraction, the offset is not judged.
fn is_date_time(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut halves = lower.split('t');
    let (Some(date), Some(time)) = (halves.next(), halves.next()) else { return false };
    is_date(date) && is_time(time)
}

/// `YYYY-MM-DD` that is in the calendar.
pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return false;
    }
    let number = |range| {
        text.get(range)
            .filter(|part: &&str| part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else { return false };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    let Some(clock) = text.get(..8).filter(|clock| is_clock(clock)) else { return false };
    let rest = text.get(clock.len()..).unwrap_or_default();
    let rest = match rest.chars().next() {
        // A fraction: one character of any sort, then digits.
        Some(mark) if rest[mark.len_utf8()..].starts_with(|c: char| c.is_ascii_digit()) && !is_offset(rest) => {
            rest[mark.len_utf8()..].trim_start_matches(|c: char| c.is_ascii_digit())
        }
        Some(_) | None => rest,
    };
    is_offset(rest)
}

fn is_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let pair = |at: usize, limit: &str| {
        text.get(at..at + 2).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()) && part <= limit)
    };
    bytes.get(2) == Some(&b':') && bytes.get(5) == Some(&b':') && pair(0, "23") && pair(3, "59") && pair(6, "59")
}

fn is_offset(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes.get(at..at + 2).is_some_and(|pair| pair.iter().all(u8::is_ascii_digit));
    text == "z"
        || (bytes.len() == 6
            && matches!(bytes.first(), Some(b'+' | b'-'))
            && digits(1)
            && bytes.get(3) == Some(&b':')
            && digits(4))
}

/// RFC 3339 as Go's `time` package reads it: what times in `metadata` must be.
pub(crate) fn is_rfc3339(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let (Some(clock), Some(rest)) = (time.get(..8), time.get(8..)) else { return false };
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let tail = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if tail.len() == fraction.len() {
                return false;
            }
            tail
        }
        None => rest,
    };
    let hours_fit = |offset: &str| offset.get(1..3) <= Some("23") && offset.get(4..6) <= Some("59");
    is_date(date) && is_clock(clock) && (rest == "Z" || (rest != "z" && is_offset(rest) && hours_fit(rest)))
}
