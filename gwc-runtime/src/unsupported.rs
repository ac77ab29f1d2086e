//! What this version of the proxy cannot serve yet, told from the IR alone. Such rules answer 501 with a log line:
//! never silently something else.

use gwc_core::ir::{Config, Filter, Rule, Target};

/// A rule that needs something that is not built yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsupported {
    /// Position in [`Config::rules`].
    pub rule: usize,
    /// What it needs, in the API's words.
    pub needs: &'static str,
}

/// Every rule that is answered 501, with the first thing it lacks, in order of the rules.
#[must_use]
pub fn unsupported(config: &Config) -> Vec<Unsupported> {
    let rules = config.rules.iter().enumerate();
    rules.filter_map(|(rule, one)| of_rule(config, one).map(|needs| Unsupported { rule, needs })).collect()
}

/// What a rule lacks.
pub(crate) fn of_rule(config: &Config, rule: &Rule) -> Option<&'static str> {
    let filters = rule.filters.iter().chain(rule.backends.iter().flat_map(|backend| &backend.filters));
    let filter = filters.filter_map(of_filter).next();
    let target = || rule.backends.iter().find_map(|backend| of_target(config, &backend.target));
    let retry = rule.retry.as_ref().map(|_| "retry");
    let session = rule.session_persistence.as_ref().map(|_| "sessionPersistence");
    filter.or(retry).or(session).or_else(target)
}

fn of_filter(filter: &Filter) -> Option<&'static str> {
    match filter {
        Filter::Mirror(_) => Some("filter RequestMirror"),
        Filter::ExternalAuth(_) => Some("filter ExternalAuth"),
        Filter::Cors(_)
        | Filter::RequestHeaders(_)
        | Filter::ResponseHeaders(_)
        | Filter::Redirect(_)
        | Filter::Rewrite(_)
        | Filter::Fail(_) => None,
    }
}

fn of_target(config: &Config, target: &Target) -> Option<&'static str> {
    let Target::Backend(position) = target else { return None };
    let backend = config.backends.get(*position as usize)?;
    backend.session_persistence.as_ref().map(|_| "sessionPersistence of XBackendTrafficPolicy")
}
