//! Policies of both sides (level L3): what is in force where the source answers, next to what the rule of the target
//! carries (ingress-migrate.md §7.1, §7.2).
//!
//! Gateway API has no place for most of them, so most differ by being there at all.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::exchange::cors;
use crate::ingress::policy::{Control, Cors, Mirror};
use crate::ingress::{Policy, Scheme};
use crate::ir::Str;
use crate::ir::filter::{self, Filter, HeaderModifier};
use crate::ir::{Config, Rule};
use crate::prove::allowance::Dimension;
use crate::prove::outcome::Outcome;
use crate::prove::request::Request;
use crate::prove::source::Answer;

/// Dimensions in which the policies of an answer of the source and of a rule differ.
pub(super) fn differences(
    (old, request): (&Answer, &Request),
    new: &Outcome,
    (rule, config): (Option<&Rule>, &Config),
) -> Vec<Dimension> {
    let mut found = Vec::new();
    if lacks_access((old, request.scheme), new, rule) {
        found.push(Dimension::Access);
    }
    let (Some(policy), Some(rule)) = (&old.policy, rule) else { return found };
    if old.outcome.forward().is_none() || new.forward().is_none() {
        return found;
    }
    let compared = [
        (Dimension::BodySize, policy.body_limit.is_some()),
        // Those of the source are between two bytes, those of a rule for the whole.
        (Dimension::Timeouts, is_limited(policy) || !rule.timeouts.is_none()),
        (Dimension::Retries, policy.retries.is_some() != rule.retry.is_some()),
        (Dimension::Affinity, differs_in_affinity(policy, rule)),
        (Dimension::Mirror, !is_same_mirror(policy.mirror.as_ref(), rule, config)),
        (Dimension::Cors, !is_same_cors(policy.cors.as_ref(), rule, request.header("origin"))),
        (Dimension::Headers, differs_in_headers(policy, rule)),
        (Dimension::Errors, !policy.intercepted.is_empty()),
    ];
    found.extend(compared.into_iter().filter(|(_, differs)| *differs).map(|(dimension, _)| dimension));
    found
}

/// The request has passed controls on the source, and reaches a backend of the target without.
fn lacks_access((old, scheme): (&Answer, Scheme), new: &Outcome, rule: Option<&Rule>) -> bool {
    let gets_in = new.forward().is_some();
    let asks = rule.is_some_and(|rule| rule.filters.iter().any(|filter| matches!(filter, Filter::ExternalAuth(_))));
    let is_kept = |control: Control| control == Control::ExternalAuthentication && asks;
    // In clear text no client shows a certificate, and nginx asks for none.
    let is_asked = |control: Control| control != Control::ClientCertificate || scheme == Scheme::Https;
    gets_in && old.access.iter().any(|access| !is_kept(access.control) && is_asked(access.control))
}

fn is_limited(policy: &Policy) -> bool {
    let timeouts = policy.timeouts;
    timeouts.connect.is_some() || timeouts.read.is_some() || timeouts.send.is_some()
}

fn differs_in_affinity(policy: &Policy, rule: &Rule) -> bool {
    if policy.balance.is_some() {
        return true;
    }
    match (&policy.affinity, &rule.session_persistence) {
        (None, None) => false,
        (Some(old), Some(new)) => {
            let age = new.absolute_timeout.filter(|_| new.permanent).map(|age| age / 1_000);
            new.header || old.cookie != *new.name || old.max_age != age
        }
        (Some(_), None) | (None, Some(_)) => true,
    }
}

/// The URL names a Service by its name in the cluster, and all of its requests go there as they are.
fn is_same_mirror(old: Option<&Mirror>, rule: &Rule, config: &Config) -> bool {
    let new =
        rule.filters.iter().find_map(|filter| if let Filter::Mirror(mirror) = filter { Some(mirror) } else { None });
    let (Some(old), Some(new)) = (old, new) else { return old.is_none() && new.is_none() };
    let rest = old.target.split_once("://").map_or(old.target.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '$']).next().unwrap_or_default();
    let (host, port) = host.split_once(':').unwrap_or((host, "80"));
    let is_whole = rest.ends_with("$request_uri") && old.with_body && old.host.is_none();
    config.key(&new.target).is_some_and(|key| {
        let name = format!("{}.{}", key.name, key.namespace);
        let is_named = host == name || host.strip_prefix(&name).is_some_and(|rest| rest.starts_with(".svc"));
        let is_port = key.port.is_some_and(|own| own.to_string() == port);
        is_named && is_port && is_whole && new.numerator == new.denominator
    })
}

/// Nothing of CORS is for requests that no script sends. An origin that neither side lets in is let in by neither,
/// whatever the lists say.
fn is_same_cors(old: Option<&Cors>, rule: &Rule, origin: Option<&str>) -> bool {
    let Some(origin) = origin else { return true };
    let new = rule.filters.iter().find_map(|filter| if let Filter::Cors(cors) = filter { Some(cors) } else { None });
    let old = old.filter(|cors| cors.origins.iter().any(|allowed| covers(allowed, origin)));
    match (old, new.filter(|cors| cors::is_allowed(cors, origin))) {
        (Some(old), Some(new)) => {
            old.credentials == new.allow_credentials && i64::from(new.max_age) == old.max_age && is_same_lists(old, new)
        }
        (old, new) => old.is_none() && new.is_none(),
    }
}

/// A wildcard is one label on the source.
fn covers(allowed: &str, origin: &str) -> bool {
    let (allowed, origin) = (allowed.to_ascii_lowercase(), origin.to_ascii_lowercase());
    let Some((scheme, rest)) = allowed.split_once("*.") else { return allowed == "*" || allowed == origin };
    let label = origin.strip_prefix(scheme).and_then(|own| own.strip_suffix(rest)?.strip_suffix('.'));
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    label.is_some_and(|label| !label.is_empty() && label.bytes().all(is_letter))
}

fn is_same_lists(old: &Cors, new: &filter::Cors) -> bool {
    let pairs =
        [(&old.methods, &new.allow_methods), (&old.headers, &new.allow_headers), (&old.exposed, &new.expose_headers)];
    let same = |(old, new): &(&BTreeSet<_>, &Vec<_>)| {
        let old: BTreeSet<String> = old.iter().map(|one: &CompactString| one.to_ascii_lowercase().into()).collect();
        let new: BTreeSet<String> = new.iter().map(|one: &Str| one.to_ascii_lowercase()).collect();
        old == new
    };
    pairs.iter().all(same)
}

type Fields = BTreeMap<String, String>;

const HSTS: &str = "strict-transport-security";

/// Does the source tell browsers to come back over HTTPS, and the rule does not?
pub(super) fn lacks_hsts(old: &Answer, rule: Option<&Rule>) -> bool {
    let tells = |filter: &Filter| match filter {
        Filter::ResponseHeaders(modifier) => modifier.set.iter().any(|one| one.name.eq_ignore_ascii_case(HSTS)),
        Filter::Cors(_)
        | Filter::ExternalAuth(_)
        | Filter::RequestHeaders(_)
        | Filter::Redirect(_)
        | Filter::Rewrite(_)
        | Filter::Mirror(_)
        | Filter::Fail(_) => false,
    };
    let is_told = old.policy.as_ref().is_some_and(|policy| policy.hsts.is_some());
    is_told && rule.is_some_and(|rule| !rule.filters.iter().any(tells))
}

fn differs_in_headers(policy: &Policy, rule: &Rule) -> bool {
    let (mut requests, mut responses) = (Fields::new(), Fields::new());
    for filter in &rule.filters {
        match filter {
            Filter::RequestHeaders(modifier) => add(&mut requests, modifier),
            Filter::ResponseHeaders(modifier) => add(&mut responses, modifier),
            Filter::Cors(_)
            | Filter::ExternalAuth(_)
            | Filter::Redirect(_)
            | Filter::Rewrite(_)
            | Filter::Mirror(_)
            | Filter::Fail(_) => {}
        }
    }
    let fields = |fields: &BTreeMap<CompactString, CompactString>| -> Fields {
        fields.iter().map(|(name, value)| (name.as_str().to_ascii_lowercase(), value.to_string())).collect()
    };
    // What the controller adds to every answer is level L4.
    responses.remove(HSTS);
    fields(&policy.request_headers) != requests || fields(&policy.response_headers) != responses
}

fn add(fields: &mut Fields, modifier: &HeaderModifier) {
    let set = modifier.set.iter().chain(&modifier.add);
    fields.extend(set.map(|header| (header.name.to_ascii_lowercase(), header.value.as_str().to_owned())));
    // What is removed differs from what is left alone.
    fields.extend(modifier.remove.iter().map(|name| (name.to_ascii_lowercase(), String::new())));
}
