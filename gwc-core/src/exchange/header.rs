//! Header modifiers (routing.md §4.1).

use crate::ir::filter::HeaderModifier;

/// Changes header lines in the order remove, set, add. Gives the new authority where `Host` is set: the host is no
/// header line here.
pub fn modify(modifier: &HeaderModifier, lines: &mut Vec<(String, String)>) -> Option<String> {
    for name in &modifier.remove {
        lines.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
    }
    let mut authority = None;
    for header in &modifier.set {
        if header.name.eq_ignore_ascii_case("host") {
            authority = Some(header.value.as_str().to_owned());
            continue;
        }
        lines.retain(|(own, _)| !own.eq_ignore_ascii_case(&header.name));
        lines.push((header.name.as_str().to_owned(), header.value.as_str().to_owned()));
    }
    let added = modifier.add.iter().map(|header| (header.name.as_str().to_owned(), header.value.as_str().to_owned()));
    lines.extend(added);
    authority
}

/// All lines of a name, joined as a recipient may join them (RFC 9110 §5.2); `None`: there is none.
#[must_use]
pub fn joined(lines: &[(String, String)], name: &str) -> Option<String> {
    let values = lines.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
    let values: Vec<&str> = values.collect();
    (!values.is_empty()).then(|| values.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Str;
    use crate::ir::filter::Header;

    fn header(name: &str, value: &str) -> Header {
        Header { name: Str::from(name), value: Str::from(value) }
    }

    fn lines(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn remove_set_add_in_this_order_without_case() {
        let modifier = HeaderModifier {
            set: vec![header("X-Set", "new"), header("X-Both", "set")],
            add: vec![header("x-ADD", "more"), header("x-both", "add")],
            remove: vec![Str::from("X-Gone")],
        };
        let mut all =
            lines(&[("x-set", "old"), ("X-SET", "older"), ("x-add", "one"), ("x-gone", "1"), ("x-both", "0")]);
        assert_eq!(modify(&modifier, &mut all), None);
        assert_eq!(joined(&all, "x-set").as_deref(), Some("new"));
        assert_eq!(joined(&all, "x-add").as_deref(), Some("one,more"));
        assert_eq!(joined(&all, "x-gone"), None);
        assert_eq!(joined(&all, "x-both").as_deref(), Some("set,add"));
    }

    #[test]
    fn host_is_the_authority() {
        let modifier = HeaderModifier { set: vec![header("Host", "other.test")], ..HeaderModifier::default() };
        let mut all = Vec::new();
        assert_eq!(modify(&modifier, &mut all).as_deref(), Some("other.test"));
        assert!(all.is_empty());
    }
}
