//! Queries of the admin endpoint: `name=value` pairs, `%HH` and `+` decoded.

/// Pairs in order; one without `=` has an empty value.
///
/// # Errors
/// A `%` without two hexadecimal digits, or bytes that are no UTF-8.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(a, b)| Ok((decoded(a)?, decoded(b)?))).collect()
}

fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digits = (char::from(*high).to_digit(16), char::from(*low).to_digit(16));
                let (Some(high), Some(low)) = digits else { return Err(bad(text)) };
                bytes.extend(u8::try_from(high * 16 + low));
                rest = after;
            }
            (b'%', _) => return Err(bad(text)),
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).map_err(|_| bad(text))
}

fn bad(text: &str) -> String {
    format!("`{text}` is no URL-encoded text; a percent sign is written `%25`")
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn values_are_decoded() {
        let found = pairs("url=http%3A%2F%2Fa.test%2F%3fx%3D1%262&header=x-a:+1&&header=%C3%A9&flag").unwrap();
        let expected = [("url", "http://a.test/?x=1&2"), ("header", "x-a: 1"), ("header", "é"), ("flag", "")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        for wrong in ["a=%", "a=%4", "a=%zz", "%ff=1"] {
            assert!(pairs(wrong).is_err(), "{wrong}");
        }
    }
}
