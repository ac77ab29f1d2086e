//! HTTPRoute, `spec.rules[].matches[].path`: what an exact path or a path prefix may look like.

use super::logic::{Outcome, implies, is_one_of, rule, text};
use super::{CelRule, RuleCx};
use crate::admission::patterns::text::path_characters;

/// Type of path: one of the three.
pub(super) const TYPE_UNKNOWN: CelRule = rule(
    "pathmatch.type-unknown",
    |cx| is_one_of(cx.value, "type", &["Exact", "PathPrefix", "RegularExpression"]),
    "the path type is unknown",
    "use `Exact`, `PathPrefix` or `RegularExpression`",
);

/// `path` of type Exact or PathPrefix: starts with a slash.
pub(super) const NOT_ABSOLUTE: CelRule = rule(
    "pathmatch.not-absolute",
    |cx| literal_path(cx, |path| path.starts_with('/')),
    "the path does not start with `/`",
    "begin the path with `/`",
);

/// `path` of type Exact or PathPrefix: only characters of a URL path.
pub(super) const TEXT: CelRule = rule(
    "pathmatch.text",
    |cx| literal_path(cx, path_characters),
    "the path holds a character that a URL path cannot hold",
    "percent-encode it, for example `%20` for a space",
);

/// `path` of type Exact or PathPrefix: no empty segment.
pub(super) const DOUBLE_SLASH: CelRule = rule(
    "pathmatch.double-slash",
    |cx| literal_path(cx, |path| !path.contains("//")),
    "the path holds `//`",
    "keep one of the slashes",
);

/// `path` of type Exact or PathPrefix: no `.` segment.
pub(super) const DOT_SEGMENT: CelRule = rule(
    "pathmatch.dot-segment",
    |cx| literal_path(cx, |path| !path.contains("/./")),
    "the path holds `/./`",
    "remove the `.` segment",
);

/// `path` of type Exact or PathPrefix: no `..` segment.
pub(super) const DOT_DOT_SEGMENT: CelRule = rule(
    "pathmatch.dot-dot-segment",
    |cx| literal_path(cx, |path| !path.contains("/../")),
    "the path holds `/../`",
    "write the path that it leads to",
);

/// `path` of type Exact or PathPrefix: no `.` at the end.
pub(super) const ENDS_IN_DOT: CelRule = rule(
    "pathmatch.ends-in-dot",
    |cx| literal_path(cx, |path| !path.ends_with("/.")),
    "the path ends in `/.`",
    "remove the `.` segment",
);

/// `path` of type Exact or PathPrefix: no `..` at the end.
pub(super) const ENDS_IN_DOT_DOT: CelRule = rule(
    "pathmatch.ends-in-dot-dot",
    |cx| literal_path(cx, |path| !path.ends_with("/..")),
    "the path ends in `/..`",
    "write the path that it leads to",
);

/// `path` of type Exact or PathPrefix: no encoded slash.
pub(super) const ENCODED_SLASH_LOWER: CelRule = rule(
    "pathmatch.encoded-slash-lower",
    |cx| literal_path(cx, |path| !path.contains("%2f")),
    "the path holds `%2f`, an encoded slash",
    "write `/`, or match with a regular expression",
);

/// `path` of type Exact or PathPrefix: no encoded slash, in upper case.
pub(super) const ENCODED_SLASH_UPPER: CelRule = rule(
    "pathmatch.encoded-slash-upper",
    |cx| literal_path(cx, |path| !path.contains("%2F")),
    "the path holds `%2F`, an encoded slash",
    "write `/`, or match with a regular expression",
);

/// `path` of type Exact or PathPrefix: no fragment.
pub(super) const FRAGMENT: CelRule = rule(
    "pathmatch.fragment",
    |cx| literal_path(cx, |path| !path.contains('#')),
    "the path holds `#`",
    "remove the fragment: it never reaches a server",
);

/// `test` holds for the value, unless it is a regular expression.
fn literal_path(cx: RuleCx<'_>, test: fn(&str) -> bool) -> Outcome {
    implies(is_one_of(cx.value, "type", &["Exact", "PathPrefix"]), || text(cx.value, "value").map(test))
}
