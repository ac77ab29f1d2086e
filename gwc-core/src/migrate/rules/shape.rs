//! What `rewrite-target` makes of a path, as far as the API can say it (§3.6).
//!
//! The controller replaces the whole path by the target with its groups filled in. Only where the last group is what
//! follows a literal prefix does a change of that prefix say the same; a target without groups replaces everything.

use crate::migrate::render::model::PathChange;
use crate::migrate::rules::literal;
use crate::migrate::rules::regex::Expression;
use crate::migrate::settings::Settings;
use crate::migrate::site::Location;

/// What becomes of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// It stays.
    Keep,
    /// It stays but for the case of its letters, which becomes that of the target.
    Same,
    /// It is replaced, whatever it was.
    Full(String),
    /// A prefix is replaced.
    Prefix(Prefix),
    /// The target is a URL, so the request is redirected there.
    Redirect(String),
    /// No filter of the API can say it; in words.
    Impossible(&'static str),
}

/// A prefix that is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prefix {
    /// Decoded, without a final slash; empty for the root.
    pub(super) base: String,
    /// What stands for it.
    pub(super) to: String,
    /// What becomes of the prefix itself, without a slash behind it.
    pub(super) bare: Bare,
    /// The controller took paths too that go on without a slash.
    pub(super) is_by_letters: bool,
}

/// The bare prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bare {
    /// As the others.
    Same,
    /// It becomes this path.
    Full(String),
    /// Another location takes it.
    Elsewhere,
    /// nginx refuses to send an empty path.
    Fails,
}

/// Is the path of a location rewritten at all?
pub(super) fn is_active(location: &Location, settings: &Settings) -> bool {
    settings.rewrite_target.as_ref().is_some_and(|target| target.value != location.path)
}

/// What becomes of paths.
pub(super) fn shape(location: &Location, settings: &Settings, expression: &Expression) -> Shape {
    let Some(setting) = settings.rewrite_target.as_ref().filter(|_| is_active(location, settings)) else {
        return Shape::Keep;
    };
    let Some(target) = without_empty(&setting.value, expression.n_groups) else {
        return Shape::Impossible("the target names a variable of the controller");
    };
    if target.starts_with("http://") || target.starts_with("https://") {
        return if target.contains('$') {
            Shape::Impossible("the target is a URL with captured groups")
        } else {
            Shape::Redirect(target)
        };
    }
    if target.contains('$') {
        return of_groups(&target, expression);
    }
    if target.starts_with('/') && literal::fits(&target) {
        Shape::Full(target)
    } else {
        Shape::Impossible("the target is no path")
    }
}

/// The target; groups that the expression does not have are empty. `None`: it names a variable.
fn without_empty(target: &str, n_groups: usize) -> Option<String> {
    let mut parts = target.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digit = part.chars().next().and_then(|digit| digit.to_digit(10)).filter(|digit| *digit > 0)?;
        if usize::try_from(digit).is_ok_and(|digit| digit <= n_groups) {
            text.push('$');
            text.push_str(part);
        } else {
            text.push_str(part.get(1..).unwrap_or_default());
        }
    }
    Some(text)
}

/// Rests of expressions behind a literal prefix, with the group that is the tail.
const RESTS: [(&str, u8, Tail); 10] = [
    ("(/|$)(.*)", 2, Tail::Element),
    ("(/|$)(.*)$", 2, Tail::Element),
    ("(?:/|$)(.*)", 1, Tail::Element),
    ("(?:/|$)(.*)$", 1, Tail::Element),
    ("/(.*)", 1, Tail::Below),
    ("/(.*)$", 1, Tail::Below),
    ("/?(.*)", 1, Tail::Letters),
    ("/?(.*)$", 1, Tail::Letters),
    ("(.*)", 1, Tail::Rest),
    ("(.*)$", 1, Tail::Rest),
];

/// What the tail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// What follows a slash, or nothing where the prefix ends the path.
    Element,
    /// What follows a slash, which must be there.
    Below,
    /// What follows a slash or not.
    Letters,
    /// All that follows the prefix.
    Rest,
}

fn of_groups(target: &str, expression: &Expression) -> Shape {
    const OTHER: &str = "its captured groups are no tail of a literal prefix";
    let (head, rest) = &expression.head;
    // A final slash of the prefix belongs to the rest: `/api/(.*)` takes what is below `/api`.
    let slash = head.strip_suffix('/').filter(|_| rest.starts_with('('));
    let (base, rest) = slash.map_or((head.as_str(), rest.clone()), |base| (base, format!("/{rest}")));
    let Some((_, group, tail)) = RESTS.iter().find(|(text, ..)| *text == rest) else { return Shape::Impossible(OTHER) };
    if literal::encoded(if base.is_empty() { "/" } else { base }).is_none() {
        return Shape::Impossible("its prefix is no path of the API");
    }
    let tail_name = format!("${group}");
    let plain = |text: &str| !text.contains('$');
    let Some(before) = target.strip_suffix(tail_name.as_str()) else { return Shape::Impossible(OTHER) };
    let is_path = |text: &str| text.is_empty() || text.starts_with('/');
    // `X$1$2`: the slash itself is the first group.
    if *tail == Tail::Element
        && *group == 2
        && let Some(to) = before.strip_suffix("$1").filter(|to| plain(to) && to.starts_with('/') && !to.ends_with('/'))
    {
        return prefix(base, to, (Bare::Same, false));
    }
    if !plain(before) || !is_path(before) {
        return Shape::Impossible(OTHER);
    }
    match (tail, before.strip_suffix('/')) {
        // A filter takes the final slash of what it puts in place of a prefix for none.
        (Tail::Element | Tail::Below | Tail::Letters, Some(to)) if to.ends_with('/') => Shape::Impossible(OTHER),
        (Tail::Element | Tail::Letters, Some(to)) => {
            let bare = if to.is_empty() { Bare::Same } else { Bare::Full(format!("{to}/")) };
            prefix(base, to, (bare, *tail == Tail::Letters))
        }
        (Tail::Below, Some(to)) => {
            let bare = if base.is_empty() { Bare::Same } else { Bare::Elsewhere };
            if base == to { same(base) } else { prefix(base, to, (bare, false)) }
        }
        // `B(.*)` to `X$1`: the tail has the slash.
        (Tail::Rest, None) if before == base => same(base),
        (Tail::Rest, None) => {
            let bare = if before.is_empty() { Bare::Fails } else { Bare::Same };
            prefix(base, before, (bare, true))
        }
        // A slash more or less than the path has.
        (Tail::Rest, Some(_)) | (Tail::Element | Tail::Letters | Tail::Below, None) => Shape::Impossible(OTHER),
    }
}

/// The target says again what the path says.
fn same(base: &str) -> Shape {
    if base.bytes().any(|byte| byte.is_ascii_alphabetic()) { Shape::Same } else { Shape::Keep }
}

fn prefix(base: &str, to: &str, (bare, is_by_letters): (Bare, bool)) -> Shape {
    let to = if to.is_empty() { "/" } else { to };
    Shape::Prefix(Prefix { base: base.to_owned(), to: to.to_owned(), bare, is_by_letters })
}

impl Prefix {
    /// The change of the prefix.
    pub(super) fn change(&self) -> PathChange {
        PathChange::Prefix(self.to.clone())
    }

    /// What becomes of one path below the prefix.
    pub(super) fn of(&self, path: &str) -> Option<String> {
        let rest = path.strip_prefix(self.base.as_str())?;
        match &self.bare {
            Bare::Full(full) if rest.is_empty() => Some(full.clone()),
            Bare::Fails | Bare::Elsewhere if rest.is_empty() => None,
            Bare::Same | Bare::Full(_) | Bare::Fails | Bare::Elsewhere => {
                Some(format!("/{}", format!("{}{rest}", self.to.trim_end_matches('/')).trim_start_matches('/')))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, target: &str) -> Shape {
        let expression = Expression::read(path).expect("is common");
        let target = without_empty(target, expression.n_groups).expect("no variable");
        if target.contains('$') { of_groups(&target, &expression) } else { Shape::Full(target) }
    }

    #[track_caller]
    fn prefixed(path: &str, target: &str, expected: (&str, &str, Bare, bool)) {
        let (base, to, bare, is_by_letters) = expected;
        let expected = Prefix { base: base.into(), to: to.into(), bare, is_by_letters };
        assert_eq!(of(path, target), Shape::Prefix(expected), "{path} {target}");
    }

    #[test]
    fn the_shapes_of_the_table() {
        prefixed("/api(/|$)(.*)", "/$2", ("/api", "/", Bare::Same, false));
        prefixed("/api(/|$)(.*)", "/v2/$2", ("/api", "/v2", Bare::Full("/v2/".into()), false));
        prefixed("/api(/|$)(.*)", "/v2$1$2", ("/api", "/v2", Bare::Same, false));
        prefixed("/api/(.*)", "/$1", ("/api", "/", Bare::Elsewhere, false));
        prefixed("/(.*)", "/x/$1", ("", "/x", Bare::Same, false));
        prefixed("/opt/?(.*)", "/$1", ("/opt", "/", Bare::Same, true));
        prefixed("/opt(.*)", "/x$1", ("/opt", "/x", Bare::Same, true));
        prefixed("/opt(.*)", "$1", ("/opt", "/", Bare::Fails, true));
    }

    #[test]
    fn paths_that_stay_or_go() {
        assert_eq!(of("/(.*)", "/$1"), Shape::Keep);
        assert_eq!(of("/api/(.*)", "/api/$1"), Shape::Same);
        assert_eq!(of("/api", "/x/$1"), Shape::Full("/x/".into()));
        for (path, target) in [
            (r"/u/(\d+)/(.*)", "/x/$2/$1"),
            ("/api(/|$)(.*)", "$2"),
            ("/api(/|$)(.*)", "/$1"),
            ("/api/(.*)", "/x$1"),
            ("/a(.*)", "/x/$1"),
            ("/(.*)", "/x/$2/$1"),
            ("/a.b/(.*)", "/$1"),
        ] {
            assert!(matches!(of(path, target), Shape::Impossible(_)), "{path} {target}");
        }
        assert_eq!(without_empty("/$host", 0), None);
    }

    #[test]
    fn one_path_becomes_another() {
        let Shape::Prefix(prefix) = of("/api(/|$)(.*)", "/v2/$2") else { panic!("a prefix") };
        assert_eq!(prefix.of("/api").as_deref(), Some("/v2/"));
        assert_eq!(prefix.of("/api/x").as_deref(), Some("/v2/x"));
        let Shape::Prefix(prefix) = of("/(.*)", "/x/$1") else { panic!("a prefix") };
        assert_eq!(prefix.of("/a").as_deref(), Some("/x/a"));
    }
}
