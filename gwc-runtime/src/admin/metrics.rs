//! `/metrics`: own names, and those that common alert rules for gateways ask for (runtime-design.md §5.1).

use std::collections::{BTreeMap, BTreeSet};

use gwc_core::ir::{Config, Rule};

use crate::admin::exposition::{Exposition, Kind};
use crate::admin::facts::{AdminFacts, ConditionKind};
use crate::telemetry::{BUCKETS_MS, RuleKey, Stats};

/// Classes of status, as [`crate::RuleStats::classes`] has them.
pub(super) const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The whole text.
pub(super) fn text(stats: &Stats, facts: &AdminFacts, config: &Config) -> String {
    let mut out = Exposition::default();
    evaluated(&mut out, facts);
    listeners(&mut out, stats);
    backends(&mut out, stats);
    rules(&mut out, stats);
    routes(&mut out, stats, config);
    process(&mut out, stats);
    reloads(&mut out, stats, facts);
    out.finish()
}

/// How manifests were judged.
fn evaluated(out: &mut Exposition, facts: &AdminFacts) {
    let help = "Gateways with Programmed=True.";
    let mut family = out.family("gateway_api_gateway_programmed_count", Kind::Gauge, help);
    for (class, n) in &facts.gateways_programmed {
        family.sample(&[("gatewayclass", class)], n);
    }
    let help = "HTTPRoutes with Accepted=True for some parent.";
    out.family("gateway_api_httproute_accepted_count", Kind::Gauge, help).sample(&[], facts.http_routes_accepted);
    let of = |kind| facts.conditions.iter().filter(move |fact| fact.kind == kind);
    let mut family = out.family("kube_gateway_status_conditions", Kind::Gauge, "Conditions of Gateways as they are.");
    for one in of(ConditionKind::Gateway) {
        let object = [("namespace", one.namespace.as_str()), ("name", &one.name)];
        let condition = [("condition", one.condition.as_str()), ("status", &one.status)];
        family.sample(&[object, condition].concat(), 1);
    }
    let help = "Conditions of HTTPRoutes as they are, by parent.";
    let mut family = out.family("kube_httproute_status_conditions", Kind::Gauge, help);
    for one in of(ConditionKind::HttpRoute) {
        let object = [("namespace", one.namespace.as_str()), ("name", &one.name), ("parent", &one.parent)];
        let condition = [("condition", one.condition.as_str()), ("status", &one.status)];
        family.sample(&[object.as_slice(), &condition].concat(), 1);
    }
}

fn listeners(out: &mut Exposition, stats: &Stats) {
    let help = "Requests that a listener answered.";
    let mut family = out.family("envoy_http_downstream_rq_total", Kind::Counter, help);
    for (name, own) in &stats.listeners {
        family.sample(&[("listener", name)], own.requests);
    }
    let help = "Requests that a listener answered with 5xx.";
    let mut family = out.family("envoy_http_downstream_rq_5xx", Kind::Counter, help);
    for (name, own) in &stats.listeners {
        family.sample(&[("listener", name)], own.failed);
    }
    let mut family = out.family("envoy_http_downstream_cx_active", Kind::Gauge, "Open connections of a listener.");
    for (name, own) in &stats.listeners {
        family.sample(&[("listener", name)], own.connections);
    }
}

fn backends(out: &mut Exposition, stats: &Stats) {
    const LABEL: &str = "envoy_cluster_name";
    let mut family = out.family("envoy_cluster_upstream_rq_total", Kind::Counter, "Requests sent to a backend.");
    for (name, own) in &stats.backends {
        family.sample(&[(LABEL, name)], own.requests);
    }
    let help = "From sending a request to the head of its answer, milliseconds.";
    let mut family = out.family("envoy_cluster_upstream_rq_time", Kind::Histogram, help);
    for (name, own) in &stats.backends {
        let mut sum = 0;
        for (position, n) in own.times.iter().enumerate() {
            sum += n;
            let bound = BUCKETS_MS.get(position).map_or_else(|| "+Inf".to_owned(), u64::to_string);
            family.part("_bucket", &[(LABEL, name), ("le", &bound)], sum);
        }
        let milliseconds = format!("{}.{:03}", own.time_sum_us / 1000, own.time_sum_us % 1000);
        family.part("_sum", &[(LABEL, name)], milliseconds);
        family.part("_count", &[(LABEL, name)], sum);
    }
    let help = "Requests to a backend that got no head of an answer.";
    let mut family = out.family("gwc_backend_failures_total", Kind::Counter, help);
    for (name, own) in &stats.backends {
        family.sample(&[("backend", name)], own.failures);
    }
}

fn rules(out: &mut Exposition, stats: &Stats) {
    let mut family =
        out.family("gwc_rule_requests_total", Kind::Counter, "Requests that a rule took, by class of status.");
    for (key, own) in &stats.rules {
        let position = key.rule.to_string();
        for (class, n) in CLASSES.iter().zip(own.classes).filter(|(_, n)| *n > 0) {
            let route = [("kind", key.kind), ("namespace", &key.namespace), ("name", &key.name)];
            family.sample(&[route.as_slice(), &[("rule", &position), ("status", class)]].concat(), n);
        }
    }
}

/// What the requests of a route are told apart by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Series {
    host: String,
    status: &'static str,
    namespace: String,
    route: String,
    service: String,
}

/// Requests by route. Hosts are those of the configuration, never those of requests, so their number is bounded;
/// rules of several hosts count once, under all of them, so that sums are right.
fn routes(out: &mut Exposition, stats: &Stats, config: &Config) {
    let counted = |rule: &&Rule| stats.rules.contains_key(&RuleKey::from(&rule.trace));
    let wanted: BTreeSet<usize> =
        config.rules.iter().enumerate().filter(|(_, rule)| counted(rule)).map(|(position, _)| position).collect();
    let hosts = hosts(config, &wanted);
    let mut all: BTreeMap<Series, u64> = BTreeMap::new();
    for position in wanted {
        let Some(rule) = config.rules.get(position) else { continue };
        let Some(own) = stats.rules.get(&RuleKey::from(&rule.trace)) else { continue };
        let names = hosts.get(&position).into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
        let services = services(config, rule);
        for (status, n) in CLASSES.into_iter().zip(own.classes).filter(|(_, n)| *n > 0) {
            let series = Series {
                host: names.join(","),
                status,
                namespace: rule.trace.namespace.to_string(),
                route: rule.trace.name.to_string(),
                service: services.iter().copied().collect::<Vec<_>>().join(","),
            };
            *all.entry(series).or_default() += n;
        }
    }
    let help = "Requests of a route, by class of status.";
    let mut family = out.family("nginx_ingress_controller_requests", Kind::Counter, help);
    for (Series { host, status, namespace, route, service }, n) in &all {
        let labels = [
            ("host", host.as_str()),
            ("status", status),
            ("namespace", namespace),
            ("route", route),
            ("service", service),
        ];
        family.sample(&labels, n);
    }
}

/// Hostnames under which rules are served, by position of the rule; `*`: any.
fn hosts(config: &Config, wanted: &BTreeSet<usize>) -> BTreeMap<usize, BTreeSet<String>> {
    let mut all: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let listeners = config.sockets.iter().flat_map(|socket| &socket.listeners);
    for (listener, entry) in listeners.flat_map(|one| one.entries.iter().map(move |entry| (one, entry))) {
        let rule = entry.rule as usize;
        if wanted.contains(&rule) {
            let host = listener.hosts.get(entry.host as usize).and_then(|host| host.matches.as_ref());
            all.entry(rule).or_default().insert(host.map_or_else(|| "*".to_owned(), ToString::to_string));
        }
    }
    all
}

/// Names of what a rule sends to.
fn services<'c>(config: &'c Config, rule: &'c Rule) -> BTreeSet<&'c str> {
    let name = |target| config.key(target).map(|key| key.name.as_str());
    rule.backends.iter().filter(|backend| backend.weight > 0).filter_map(|backend| name(&backend.target)).collect()
}

fn process(out: &mut Exposition, stats: &Stats) {
    let mut family = out.family("gwc_answers_total", Kind::Counter, "Answers of the proxy itself, by cause.");
    for (cause, n) in &stats.answers {
        family.sample(&[("cause", cause)], n);
    }
    let mut family = out.family("gwc_connections", Kind::Gauge, "Open connections of clients, by worker.");
    for (worker, n) in stats.connections.iter().enumerate() {
        family.sample(&[("worker", &worker.to_string())], n);
    }
    let help = "Idle connections to backends.";
    out.family("gwc_backend_connections_idle", Kind::Gauge, help).sample(&[], stats.pooled);
    let help = "Handshakes of TLS that failed, by reason.";
    let mut family = out.family("gwc_tls_handshakes_failed_total", Kind::Counter, help);
    for (reason, n) in &stats.handshakes_failed {
        family.sample(&[("reason", reason)], n);
    }
    let help = "Lines of the access log that were dropped.";
    out.family("gwc_access_log_dropped_total", Kind::Counter, help).sample(&[], stats.log_dropped);
    let mut family = out.family("gwc_build_info", Kind::Gauge, "Version.");
    family.sample(&[("version", env!("CARGO_PKG_VERSION"))], 1);
}

fn reloads(out: &mut Exposition, stats: &Stats, facts: &AdminFacts) {
    let help = "Number of the configuration that is served.";
    out.family("gwc_generation", Kind::Gauge, help).sample(&[], stats.generation);
    let mut family = out.family("gwc_reloads_total", Kind::Counter, "Loads and reloads, by result.");
    family.sample(&[("result", "served")], facts.reloads);
    family.sample(&[("result", "refused")], facts.reloads_refused);
    let help = "Was the last reload served?";
    out.family("gwc_reload_successful", Kind::Gauge, help).sample(&[], u8::from(facts.last_error.is_none()));
    let help = "Time that the last served load took.";
    let mut family = out.family("gwc_reload_duration_seconds", Kind::Gauge, help);
    family.sample(&[], facts.last_duration.as_secs_f64());
}

#[cfg(test)]
pub(super) mod tests;
