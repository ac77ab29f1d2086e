//! `--selector`: label selectors as kubectl writes them, `a=b,c!=d,e in (f,g),h notin (i),j,!k`.

use crate::failure::Failure;

/// Requirements that all must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labels(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Exists,
    Absent,
    In(Vec<String>),
    NotIn(Vec<String>),
}

impl Labels {
    /// Reads a selector.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let parts = divided(text);
        let requirements = parts.iter().map(|part| {
            let found = requirement(part.trim());
            found.ok_or_else(|| {
                Failure::usage(format!("--selector `{text}`: `{}` is no requirement such as app=web", part.trim()))
            })
        });
        requirements.collect::<Result<_, _>>().map(Self)
    }

    /// Do all requirements hold for what `label` knows?
    pub(crate) fn matches<'l>(&self, label: impl Fn(&str) -> Option<&'l str>) -> bool {
        self.0.iter().all(|one| {
            let value = label(&one.key);
            let is_among = |list: &[String]| value.is_some_and(|value| list.iter().any(|one| one == value));
            match &one.test {
                Test::Exists => value.is_some(),
                Test::Absent => value.is_none(),
                Test::In(list) => is_among(list),
                Test::NotIn(list) => !is_among(list),
            }
        })
    }
}

/// The parts between commas that stand in no parentheses.
fn divided(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_inside = false;
    for c in text.chars() {
        is_inside = (is_inside || c == '(') && c != ')';
        match parts.last_mut() {
            Some(part) if c != ',' || is_inside => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

fn requirement(text: &str) -> Option<Requirement> {
    let is_key = |key: &str| !key.is_empty() && !key.contains([' ', '(', ')', '=', '!', ',']);
    let made = |key: &str, test| is_key(key.trim()).then(|| Requirement { key: key.trim().to_owned(), test });
    let one = |value: &str| vec![value.trim().to_owned()];
    if let Some((key, value)) = text.split_once("!=") {
        return made(key, Test::NotIn(one(value)));
    }
    if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return made(key, Test::In(one(value)));
    }
    if let Some(key) = text.strip_prefix('!') {
        return made(key, Test::Absent);
    }
    if let Some((head, list)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        let (key, operator) = head.trim().split_once(' ')?;
        let list = list.split(',').map(|value| value.trim().to_owned()).collect();
        return match operator.trim() {
            "in" => made(key, Test::In(list)),
            "notin" => made(key, Test::NotIn(list)),
            _ => None,
        };
    }
    made(text, Test::Exists)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(selector: &str) -> bool {
        let labels = [("app", "web"), ("tier", "front")];
        let selector = Labels::parse(selector).unwrap();
        selector.matches(|key| labels.iter().find(|(name, _)| *name == key).map(|(_, value)| *value))
    }

    #[test]
    fn all_forms() {
        for yes in ["app=web", "app==web,tier", "app in (shop, web)", "tier notin (back)", "!zone", "zone!=a"] {
            assert!(holds(yes), "{yes}");
        }
        for no in ["app=shop", "zone", "!app", "app notin (web,shop)", "app!=web", "app=web,zone"] {
            assert!(!holds(no), "{no}");
        }
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for wrong in ["", "a b", "=x", "app in web", "a,,b"] {
            assert!(Labels::parse(wrong).is_err(), "{wrong}");
        }
    }
}
