//! Shares of requests as a test file writes them: `90%`, `33.3% ± 0.1`.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer};

use crate::suite::file::value::{Nothing, OneOf, Scalar};

/// What a share may be off where no tolerance is written, in percentage points: the rounding of a whole number.
const ROUNDING: f64 = 0.5;

/// Room for the last binary digit.
const EPSILON: f64 = 1e-9;

/// A share with what it may be off.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
#[schemars(with = "ShareShape")]
pub(crate) struct Share {
    /// Percent of the requests.
    pub(crate) percent: f64,
    /// Percentage points to both sides.
    pub(crate) tolerance: f64,
}

/// Percent of the requests: `90`, `90%`, `33.3% ± 0.1`, or a mapping.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the shape of `Share` for the schema")]
enum ShareShape {
    /// Percent; half a percentage point to both sides.
    Number(f64),
    /// `90%`, or `33.3% ± 0.1` with the tolerance in percentage points (`+-` for `±`).
    Text(String),
    /// Share and tolerance apart.
    Parts(ShareParts),
}

/// Share and tolerance apart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ShareParts {
    /// Percent of the requests.
    share: f64,
    /// Percentage points to both sides.
    #[serde(default)]
    tolerance: Option<f64>,
}

impl Share {
    /// Reads `90%` or `33.3% ± 0.1`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.replace("+/-", "±").replace("+-", "±");
        let (share, tolerance) = text.split_once('±').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
        let number = |text: &str| {
            let text = text.trim();
            text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>().ok()
        };
        let tolerance = match tolerance {
            Some(text) => number(text)?,
            None => ROUNDING,
        };
        Self { percent: number(share)?, tolerance }.sound()
    }

    /// Itself, if the numbers make sense.
    fn sound(self) -> Option<Self> {
        let is_percent = |number: f64| (0.0..=100.0).contains(&number);
        (is_percent(self.percent) && is_percent(self.tolerance)).then_some(self)
    }

    /// Is a share of so many percent near enough?
    pub(crate) fn admits(self, percent: f64) -> bool {
        (self.percent - percent).abs() <= self.tolerance + EPSILON
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent)?;
        let is_rounding = (self.tolerance - ROUNDING).abs() < EPSILON;
        if is_rounding || self.tolerance < EPSILON { Ok(()) } else { write!(f, " ± {}", self.tolerance) }
    }
}

/// What to write.
const WANTED: &str = "a share from 0% to 100%, as in `90%` or `33.3% ± 0.1`";

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = deserializer.deserialize_any(OneOf::<Option<Self>, Nothing, ShareParts> {
            wanted: WANTED,
            scalar: |scalar| {
                let text = match scalar {
                    Scalar::Text(text) => text,
                    Scalar::Int(number) => number.to_string(),
                    Scalar::Float(number) => number.to_string(),
                    Scalar::Bool(_) => return Ok(None),
                };
                Ok(Self::parse(&text))
            },
            list: None,
            mapping: Some(|parts| {
                Self { percent: parts.share, tolerance: parts.tolerance.unwrap_or(ROUNDING) }.sound()
            }),
        })?;
        read.ok_or_else(|| de::Error::custom(format!("not {WANTED}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_with_and_without_tolerance() {
        assert_eq!(Share::parse("90%"), Some(Share { percent: 90.0, tolerance: 0.5 }));
        assert_eq!(Share::parse("33.3 +- 0.1"), Some(Share { percent: 33.3, tolerance: 0.1 }));
        assert_eq!(Share::parse("5 % ± 1 %"), Some(Share { percent: 5.0, tolerance: 1.0 }));
        for wrong in ["", "x", "101%", "-1", "5 ± x", "NaN"] {
            assert_eq!(Share::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_whole_number_admits_its_rounding() {
        let third = Share::parse("33%").expect("a share");
        assert!(third.admits(100.0 / 3.0) && !third.admits(34.0));
        let exact = Share::parse("90% ± 0").expect("a share");
        assert!(exact.admits(90.0) && !exact.admits(90.1));
        assert_eq!([third.to_string(), Share::parse("33% ± 2").expect("a share").to_string()], ["33%", "33% ± 2"]);
    }
}
