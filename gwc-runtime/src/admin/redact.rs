//! What is not shown. The IR holds keys and certificates by name only, but manifests may say credentials in values of
//! header fields and query parameters.

use gwc_core::ir::filter::HeaderModifier;
use gwc_core::ir::rule::ValueMatch;
use gwc_core::ir::{Config, Filter, Rule, Str};

/// What stands in the place of a secret.
pub(super) const HIDDEN: &str = "(hidden)";

/// Names of fields and parameters that hold credentials, or parts of such names.
const WHOLE: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
const PARTS: [&str; 7] = ["token", "secret", "passw", "credential", "api-key", "api_key", "apikey"];

/// Does a field or parameter of this name hold credentials?
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WHOLE.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part))
}

/// The IR without values of such fields.
pub(super) fn redacted(config: &Config) -> Config {
    let mut config = config.clone();
    config.rules.iter_mut().for_each(rule);
    config
}

fn rule(rule: &mut Rule) {
    let of_backends = rule.backends.iter_mut().flat_map(|backend| &mut backend.filters);
    rule.filters.iter_mut().chain(of_backends).for_each(filter);
    for one in &mut rule.matches {
        one.headers.iter_mut().chain(&mut one.query_params).for_each(value);
    }
}

fn filter(filter: &mut Filter) {
    match filter {
        Filter::RequestHeaders(HeaderModifier { set, add, .. })
        | Filter::ResponseHeaders(HeaderModifier { set, add, .. }) => {
            for field in set.iter_mut().chain(add).filter(|field| is_secret(&field.name)) {
                field.value = Str::from(HIDDEN);
            }
        }
        Filter::Cors(_)
        | Filter::ExternalAuth(_)
        | Filter::Redirect(_)
        | Filter::Rewrite(_)
        | Filter::Mirror(_)
        | Filter::Fail(_) => {}
    }
}

fn value(condition: &mut ValueMatch) {
    if is_secret(&condition.name) {
        condition.value = Str::from(HIDDEN);
    }
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn credentials_are_known_by_their_names() {
        for name in ["Authorization", "X-Auth-Token", "cookie", "X-API-Key", "db_password", "client-secret"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["x-env", "authority", "cookies-accepted", "accept"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
