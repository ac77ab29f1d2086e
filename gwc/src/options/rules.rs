//! `[lint.options.CODE]`: options of single rules.

use std::collections::BTreeMap;

use gwc_core::diagnostic::rule;
use gwc_core::profile::RuleOptions;
use serde_json::Value;

use crate::failure::Failure;
use crate::nearest;

/// Rules that have options, with the options' names.
const KNOWN: &[(&str, &[&str])] = &[
    ("GWC4004", &["days"]),
    ("GWC5020", &["max"]),
    ("GWC7002", &["allow-single"]),
    ("GWC7004", &["sensitive"]),
    ("GWC7010", &["n"]),
    ("GWC8003", &["domains"]),
];

/// Reads the options of all rules; unknown rules and names are errors.
pub(crate) fn options(tables: &BTreeMap<String, BTreeMap<String, Value>>) -> Result<RuleOptions, Failure> {
    let mut options = RuleOptions::default();
    for (name, table) in tables {
        let Some(found) = rule::find(name) else {
            let words = KNOWN.iter().map(|(code, _)| *code);
            return Err(Failure::usage(format!("[lint.options.{name}]: unknown rule{}", nearest::hint(name, words))));
        };
        let code = found.code.number;
        let keys = KNOWN.iter().find(|(known, _)| *known == code).map_or(&[] as &[&str], |(_, keys)| keys);
        for (key, value) in table {
            if !keys.contains(&key.as_str()) {
                let there = keys.join(", ");
                let hint = nearest::hint(key, keys.iter().copied());
                return Err(Failure::usage(format!(
                    "[lint.options.{name}]: unknown option `{key}`{hint}; options of {code}: [{there}]"
                )));
            }
            set(&mut options, code, value).ok_or_else(|| {
                Failure::usage(format!("[lint.options.{name}]: `{key}` cannot be `{value}`; {}", wanted(code)))
            })?;
        }
    }
    Ok(options)
}

fn set(options: &mut RuleOptions, code: &str, value: &Value) -> Option<()> {
    match code {
        "GWC4004" => options.expiry_days = value.as_i64().filter(|days| *days >= 0)?,
        "GWC5020" => options.max_matches = usize::try_from(value.as_u64()?).ok()?,
        "GWC7002" => options.allow_single_listener = value.as_bool()?,
        "GWC7010" => options.unnamed_rules_over = usize::try_from(value.as_u64()?).ok()?,
        "GWC7004" => {
            for (key, value) in value.as_object()? {
                options.sensitive.insert(key.into(), value.as_str()?.into());
            }
        }
        _ => {
            for (namespace, domains) in value.as_object()? {
                let list: Option<Vec<_>> = domains.as_array()?.iter().map(|domain| domain.as_str()).collect();
                options.domains.insert(namespace.into(), list?.into_iter().map(Into::into).collect());
            }
        }
    }
    Some(())
}

fn wanted(code: &str) -> &'static str {
    match code {
        "GWC4004" => "a number of days is wanted",
        "GWC7002" => "true or false is wanted",
        "GWC5020" | "GWC7010" => "a number is wanted",
        "GWC7004" => "a table of label to value is wanted",
        _ => "a table of namespace to list of domains is wanted",
    }
}
