//! Path modifiers of redirects and rewrites (routing.md §4.3).

use crate::ir::filter::PathModifier;

/// The new path; `prefix` is the prefix of the match that took the request, as written.
///
/// The prefix is replaced in the encoded path: nothing is decoded or encoded. Leading slashes collapse to one, so that
/// the result is never read as a network path.
#[must_use]
pub fn modified(path: &str, modifier: &PathModifier, prefix: Option<&str>) -> String {
    let text = match modifier {
        PathModifier::ReplaceFullPath(full) => full.as_str().to_owned(),
        PathModifier::ReplacePrefixMatch(replacement) => {
            let prefix = prefix.unwrap_or_default().trim_end_matches('/');
            let rest = path.strip_prefix(prefix).unwrap_or(path);
            format!("{}{rest}", replacement.trim_end_matches('/'))
        }
    };
    format!("/{}", text.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Str;

    #[test]
    fn prefixes_are_replaced_by_elements() {
        for (path, prefix, replacement, expected) in [
            ("/foo/bar", "/foo", "/xyz", "/xyz/bar"),
            ("/foo/bar", "/foo", "/xyz/", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz/", "/xyz/bar"),
            ("/foo", "/foo", "/xyz", "/xyz"),
            ("/foo/", "/foo", "/xyz", "/xyz/"),
            ("/foo/bar", "/foo", "", "/bar"),
            ("/foo/", "/foo", "", "/"),
            ("/foo", "/foo", "", "/"),
            ("/foo/", "/foo", "/", "/"),
            ("/foo", "/foo", "/", "/"),
            ("/foo", "/foo", "/xyz/", "/xyz"),
            ("/foo/", "/foo/", "/xyz", "/xyz/"),
            ("/a", "/", "/xyz", "/xyz/a"),
            ("/", "/", "/xyz", "/xyz/"),
            ("/prefix/one/two", "/prefix/one", "/one", "/one/two"),
            ("/strip-prefix/three", "/strip-prefix", "/", "/three"),
            ("/foo//bar", "/foo", "/", "/bar"),
            ("/foo/a%2Fb", "/foo", "/x", "/x/a%2Fb"),
        ] {
            let modifier = PathModifier::ReplacePrefixMatch(Str::from(replacement));
            assert_eq!(modified(path, &modifier, Some(prefix)), expected, "{path} {prefix} {replacement}");
        }
    }

    #[test]
    fn a_full_path_replaces_everything() {
        let modifier = PathModifier::ReplaceFullPath(Str::from("/one"));
        assert_eq!(modified("/a/b", &modifier, None), "/one");
        assert_eq!(modified("/a/b", &PathModifier::ReplaceFullPath(Str::from("one")), None), "/one");
    }
}
