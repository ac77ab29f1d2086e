//! Times that the user writes, and the clock: the only place that reads it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970 of an RFC 3339 time.
pub(crate) fn seconds(text: &str) -> Result<i64, String> {
    let time: Result<jiff::Timestamp, _> = text.trim().parse();
    time.map(jiff::Timestamp::as_second)
        .map_err(|_| format!("`{text}` is not an RFC 3339 time such as `2026-01-31T12:00:00Z`"))
}

/// Seconds since 1970 at the end of a day (`2026-01-31`, UTC) or of an RFC 3339 time.
pub(crate) fn end_of(text: &str) -> Result<i64, String> {
    let date: Result<jiff::civil::Date, _> = text.trim().parse();
    match date {
        Ok(date) if !text.contains(['T', 't', ' ']) => {
            let zoned = date.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC);
            zoned.map(|zoned| zoned.timestamp().as_second()).map_err(|error| error.to_string())
        }
        _ => seconds(text),
    }
}

/// A time in seconds since 1970 as RFC 3339, in UTC.
#[cfg(feature = "cluster")]
pub(crate) fn rfc3339(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

/// The clock, in seconds since 1970.
pub(crate) fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_and_days() {
        assert_eq!(seconds("1970-01-01T00:01:00Z").unwrap(), 60);
        assert_eq!(seconds("1970-01-01T01:00:00+01:00").unwrap(), 0);
        assert_eq!(rfc3339(1_780_272_000), "2026-06-01T00:00:00Z");
        assert!(seconds("1970-01-01").is_err());
        assert_eq!(end_of("1970-01-01").unwrap(), 86_399);
        assert!(end_of("soon").is_err());
    }
}
