//! Hostnames of listeners and routes and their intersection (status.md §2.6).

use std::fmt;

use compact_str::{CompactString, ToCompactString};

/// A hostname as the API writes it, lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hostname {
    /// One name.
    Exact(CompactString),
    /// `*.` and a suffix; holds the suffix with its leading dot (`.example.com`), so that label boundaries count.
    Wildcard(CompactString),
}

impl Hostname {
    /// Reads a hostname that admission has passed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        match lower.strip_prefix('*') {
            Some(suffix) if suffix.starts_with('.') => Self::Wildcard(suffix.to_compact_string()),
            _ => Self::Exact(lower.to_compact_string()),
        }
    }

    /// The names that both cover, written as one hostname; `None` when no name is in both.
    ///
    /// A wildcard covers one or more labels, never the bare suffix.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => (a == b).then(|| self.clone()),
            (Self::Wildcard(suffix), Self::Exact(name)) => covers(suffix, name).then(|| other.clone()),
            (Self::Exact(name), Self::Wildcard(suffix)) => covers(suffix, name).then(|| self.clone()),
            (Self::Wildcard(a), Self::Wildcard(b)) => {
                let (wide, narrow, hostname) = if a.len() <= b.len() { (a, b, other) } else { (b, a, self) };
                narrow.ends_with(wide.as_str()).then(|| hostname.clone())
            }
        }
    }

    /// True when every name of `other` is also covered by `self`.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.intersect(other).as_ref() == Some(other)
    }

    /// Does it cover this name (lower case, no port, no trailing dot)?
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        match self {
            Self::Exact(own) => own == name,
            Self::Wildcard(suffix) => covers(suffix, name),
        }
    }

    /// True for `*.suffix`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        matches!(self, Self::Wildcard(_))
    }

    /// The name without `*.`.
    #[must_use]
    pub fn apex(&self) -> &str {
        match self {
            Self::Exact(name) => name,
            Self::Wildcard(suffix) => suffix.strip_prefix('.').unwrap_or(suffix),
        }
    }
}

/// Does `*` + `suffix` cover the exact `name`? At least one label must be left of the suffix.
fn covers(suffix: &str, name: &str) -> bool {
    name.len() > suffix.len() && name.ends_with(suffix)
}

impl fmt::Display for Hostname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(name) => f.write_str(name),
            Self::Wildcard(suffix) => write!(f, "*{suffix}"),
        }
    }
}

impl serde::Serialize for Hostname {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Hostname {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

/// Intersection where `None` stands for "any name".
#[must_use]
pub fn intersect_optional(listener: Option<&Hostname>, route: Option<&Hostname>) -> Option<Option<Hostname>> {
    match (listener, route) {
        (None, None) => Some(None),
        (Some(one), None) | (None, Some(one)) => Some(Some(one.clone())),
        (Some(a), Some(b)) => a.intersect(b).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expected: Option<&str>) {
        let (left, right) = (Hostname::new(a), Hostname::new(b));
        let result = left.intersect(&right).map(|hostname| hostname.to_string());
        assert_eq!(result.as_deref(), expected, "{a} ∩ {b}");
        let mirrored = right.intersect(&left).map(|hostname| hostname.to_string());
        assert_eq!(mirrored.as_deref(), expected, "{b} ∩ {a}");
    }

    #[test]
    fn intersections_follow_the_table() {
        check("a.b", "a.b", Some("a.b"));
        check("a.b", "A.B", Some("a.b"));
        check("a.b", "c.b", None);
        check("*.example.com", "x.example.com", Some("x.example.com"));
        check("*.example.com", "a.b.example.com", Some("a.b.example.com"));
        check("*.example.com", "*.example.com", Some("*.example.com"));
        check("*.example.com", "*.shop.example.com", Some("*.shop.example.com"));
        check("*.example.com", "*.example.org", None);
    }

    #[test]
    fn wildcard_listener_rejects_bare_domain() {
        check("*.wildcard.io", "wildcard.io", None);
        check("*.wildcard.io", "xwildcard.io", None);
    }

    #[test]
    fn absent_means_any_name() {
        let name = Hostname::new("x.example.com");
        assert_eq!(intersect_optional(None, Some(&name)), Some(Some(name.clone())));
        assert_eq!(intersect_optional(Some(&name), None), Some(Some(name)));
        assert_eq!(intersect_optional(None, None), Some(None));
    }
}
