//! Where each value of the configuration was written: dotted keys to file and line.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Line (1-based) of every key of a TOML text, by dotted path; items of arrays of tables by position.
pub(crate) fn lines(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    if let Ok(table) = DeTable::parse(text) {
        walk(text, "", table.get_ref(), &mut found);
    }
    found
}

/// Line of a byte offset, 1-based.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

/// `parent.key`, quoted where the key is not bare.
pub(crate) fn join(parent: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let key = if bare { key.to_owned() } else { format!("{key:?}") };
    if parent.is_empty() { key } else { format!("{parent}.{key}") }
}

fn walk(text: &str, parent: &str, table: &DeTable<'_>, found: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let path = join(parent, key.get_ref());
        found.insert(path.clone(), line_of(text, key.span().start));
        walk_value(text, &path, value, found);
    }
}

fn walk_value(text: &str, path: &str, value: &Spanned<DeValue<'_>>, found: &mut BTreeMap<String, usize>) {
    match value.get_ref() {
        DeValue::Table(table) => walk(text, path, table, found),
        DeValue::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                let path = format!("{path}[{position}]");
                found.insert(path.clone(), line_of(text, item.span().start));
                walk_value(text, &path, item, found);
            }
        }
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_nested_keys() {
        let found =
            lines("[lint]\npreset = \"strict\"\n\n[lint.severity]\nGWC1 = \"off\"\n[[lint.ignore]]\nrule = \"x\"\n");
        assert_eq!(found["lint.preset"], 2);
        assert_eq!(found["lint.severity.GWC1"], 5);
        assert_eq!(found["lint.ignore[0].rule"], 7);
    }
}
