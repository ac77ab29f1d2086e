//! How a request steers its answer: by its query, by `x-echo-control`, and by fields of their own.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(600);

/// What the answer shall be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Control {
    pub(super) delay: Option<Duration>,
    pub(super) status: Option<StatusCode>,
    pub(super) size: Option<u64>,
    pub(super) chunks: Option<u64>,
    pub(super) interval: Option<Duration>,
    pub(super) trailers: bool,
    pub(super) close: bool,
    /// Fields to add.
    pub(super) fields: Vec<(HeaderName, HeaderValue)>,
    pub(super) grpc_status: Option<u32>,
}

impl Control {
    /// Reads the controls; what cannot be read steers nothing.
    pub(super) fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let mut control = Self::default();
        let texts = |name: &str| headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        for text in query.into_iter().chain(texts("x-echo-control")) {
            for pair in text.split('&') {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                control.set(name, value);
            }
        }
        control.fields = texts("x-echo-set-header").filter_map(field).collect();
        control.grpc_status = texts("x-echo-grpc-status").filter_map(|text| text.parse().ok()).next();
        control
    }

    fn set(&mut self, name: &str, value: &str) {
        match name {
            "delay" => self.delay = duration(value),
            // 1xx is no final answer.
            "status" => {
                let status = value.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
                self.status = status.filter(|status| !status.is_informational());
            }
            "size" => self.size = value.parse().ok(),
            "chunks" => self.chunks = value.parse().ok(),
            "interval" => self.interval = duration(value),
            "trailers" => self.trailers = value == "1",
            "close" => self.close = value == "1",
            _ => {}
        }
    }
}

/// `name:value`.
fn field(text: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = text.split_once(':')?;
    Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
}

/// A whole number with `ms`, `s` or `m`.
fn duration(text: &str) -> Option<Duration> {
    let unit = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    Some(Duration::from_millis(number.saturating_mul(factor)).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_and_fields_steer() {
        let mut headers = HeaderMap::new();
        headers.append("x-echo-control", HeaderValue::from_static("delay=2s&close=1"));
        headers.append("x-echo-set-header", HeaderValue::from_static("X-A: 1"));
        headers.append("x-echo-set-header", HeaderValue::from_static("no field"));
        headers.append("x-echo-set-header", HeaderValue::from_static("x-a:2"));
        let control = Control::of(Some("status=503&size=7&chunks=3&interval=10ms&other=1&trailers"), &headers);
        let name = HeaderName::from_static("x-a");
        let fields = vec![(name.clone(), HeaderValue::from_static("1")), (name, HeaderValue::from_static("2"))];
        let expected = Control {
            delay: Some(Duration::from_secs(2)),
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            size: Some(7),
            chunks: Some(3),
            interval: Some(Duration::from_millis(10)),
            trailers: false,
            close: true,
            fields,
            grpc_status: None,
        };
        assert_eq!(control, expected);
    }

    #[test]
    fn what_cannot_be_read_steers_nothing() {
        let query = "delay=1&delay=1h&status=99&status=100&status=x&size=-1&close=yes";
        assert_eq!(Control::of(Some(query), &HeaderMap::new()), Control::default());
        assert_eq!(duration("99999999999999999m"), Some(LONGEST));
    }
}
