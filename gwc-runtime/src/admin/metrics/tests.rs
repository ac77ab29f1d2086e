//! The exposition as Prometheus reads it: a strict reading of the text, on values that are odd on purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::*;
use crate::admin::facts::ConditionFact;
use crate::telemetry::{BackendStats, ListenerStats, RuleStats};

/// Series and their values; every family once, with help and type before its samples, and no series twice.
pub(in crate::admin) fn read(text: &str) -> BTreeMap<String, f64> {
    let mut series = BTreeMap::new();
    let (mut families, mut family, mut is_histogram) = (BTreeSet::new(), String::new(), false);
    assert!(text.ends_with('\n'));
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, text) = help.split_once(' ').unwrap();
            assert!(families.insert(name.to_owned()) && !text.is_empty(), "{line}");
            family = name.to_owned();
            let kind = lines.next().unwrap().strip_prefix(&format!("# TYPE {name} ")).unwrap();
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{kind}");
            is_histogram = kind == "histogram";
            continue;
        }
        let (key, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = key.split_once('{').unwrap_or((key, "}"));
        let suffix = name.strip_prefix(&family).unwrap_or_else(|| panic!("{line} in {family}"));
        let is_part = ["_bucket", "_sum", "_count"].contains(&suffix);
        assert!(if is_histogram { is_part } else { suffix.is_empty() }, "{line}");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'), "{line}");
        check_labels(labels);
        assert!(series.insert(key.to_owned(), value.parse().unwrap()).is_none(), "{key} twice");
    }
    series
}

/// `name="value",…}` with the three escapes and no other.
fn check_labels(text: &str) {
    let mut rest = text;
    let mut names = BTreeSet::new();
    while rest != "}" {
        let (name, after) = rest.split_once("=\"").unwrap();
        assert!(names.insert(name) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{text}");
        let mut characters = after.char_indices();
        let end = loop {
            match characters.next().unwrap() {
                (_, '\\') => assert!(matches!(characters.next().unwrap().1, '\\' | '"' | 'n'), "{text}"),
                (at, '"') => break at,
                _ => {}
            }
        };
        let after = &after[end + 1..];
        rest = after.strip_prefix(',').unwrap_or(after);
    }
}

fn odd() -> (Stats, AdminFacts) {
    let mut stats = Stats { generation: 3, connections: vec![2, 0], pooled: 4, log_dropped: 5, ..Stats::default() };
    let odd = "a\"b\\c\nd".to_owned();
    let mut times = [0; 24];
    (times[0], times[17], times[23]) = (2, 3, 1);
    stats.backends.insert(odd.clone(), BackendStats { requests: 7, failures: 1, times, time_sum_us: 1_002_003 });
    stats.backends.insert("shop/store/80".to_owned(), BackendStats::default());
    stats.listeners.insert(odd.clone(), ListenerStats { requests: 9, failed: 2, connections: 1 });
    for kind in ["HTTPRoute", "GRPCRoute"] {
        let key = RuleKey { kind, namespace: "shop".to_owned(), name: "gone".to_owned(), rule: 0 };
        stats.rules.insert(key, RuleStats { classes: [0, 4, 0, 0, 1] });
    }
    stats.answers.insert("NoRule", 1);
    stats.handshakes_failed.insert("no certificate", 2);
    let mut facts = AdminFacts { http_routes_accepted: 6, ..AdminFacts::default() };
    facts.gateways_programmed.insert(odd, 1);
    let condition = |kind, parent: &str, condition: &str, status: &str| ConditionFact {
        kind,
        namespace: "shop".to_owned(),
        name: "store".to_owned(),
        parent: parent.to_owned(),
        condition: condition.to_owned(),
        status: status.to_owned(),
    };
    facts.conditions.insert(condition(ConditionKind::Gateway, "", "Programmed", "True"));
    facts.conditions.insert(condition(ConditionKind::HttpRoute, "shop/edge", "Accepted", "False"));
    facts.conditions.insert(condition(ConditionKind::HttpRoute, "shop/edge/https", "Accepted", "True"));
    facts.served(Duration::from_millis(1500));
    facts.refused("no such file");
    (stats, facts)
}

#[test]
fn the_exposition_can_be_read_strictly() {
    let (stats, facts) = odd();
    let series = read(&text(&stats, &facts, &Config::default()));
    let expected = [
        ("envoy_http_downstream_rq_total{listener=\"a\\\"b\\\\c\\nd\"}", 9.0),
        ("envoy_http_downstream_rq_5xx{listener=\"a\\\"b\\\\c\\nd\"}", 2.0),
        ("envoy_http_downstream_cx_active{listener=\"a\\\"b\\\\c\\nd\"}", 1.0),
        ("gateway_api_gateway_programmed_count{gatewayclass=\"a\\\"b\\\\c\\nd\"}", 1.0),
        ("gateway_api_httproute_accepted_count", 6.0),
        ("gwc_rule_requests_total{kind=\"GRPCRoute\",namespace=\"shop\",name=\"gone\",rule=\"0\",status=\"2xx\"}", 4.0),
        ("gwc_connections{worker=\"0\"}", 2.0),
        ("gwc_generation", 3.0),
        ("gwc_reloads_total{result=\"served\"}", 1.0),
        ("gwc_reloads_total{result=\"refused\"}", 1.0),
        ("gwc_reload_successful", 0.0),
        ("gwc_reload_duration_seconds", 1.5),
        ("gwc_tls_handshakes_failed_total{reason=\"no certificate\"}", 2.0),
        ("gwc_access_log_dropped_total", 5.0),
    ];
    for (name, value) in expected {
        assert_eq!(series.get(name), Some(&value), "{name}");
    }
}

#[test]
fn alerts_on_conditions_find_what_they_ask_for() {
    let (stats, facts) = odd();
    let text = text(&stats, &facts, &Config::default());
    let refused = "kube_httproute_status_conditions{namespace=\"shop\",name=\"store\",parent=\"shop/edge\",\
                   condition=\"Accepted\",status=\"False\"} 1\n";
    assert!(text.contains(refused), "{text}");
    let programmed = "kube_gateway_status_conditions{namespace=\"shop\",name=\"store\",condition=\"Programmed\",\
                      status=\"True\"} 1\n";
    assert!(text.contains(programmed), "{text}");
}

#[test]
fn buckets_are_cumulative_and_in_milliseconds() {
    let (stats, facts) = odd();
    let series = read(&text(&stats, &facts, &Config::default()));
    let label = "envoy_cluster_name=\"a\\\"b\\\\c\\nd\"";
    let bucket = |bound: &str| series[&format!("envoy_cluster_upstream_rq_time_bucket{{{label},le=\"{bound}\"}}")];
    let bounds: Vec<f64> = BUCKETS_MS.iter().map(|bound| bucket(&bound.to_string())).collect();
    assert!(bounds.is_sorted());
    assert_eq!(
        (bucket("1"), bucket("1500"), bucket("2000"), bucket("60000"), bucket("+Inf")),
        (2.0, 2.0, 5.0, 5.0, 6.0)
    );
    assert_eq!(series[&format!("envoy_cluster_upstream_rq_time_count{{{label}}}")], 6.0);
    assert_eq!(series[&format!("envoy_cluster_upstream_rq_time_sum{{{label}}}")], 1002.003);
}

#[test]
fn a_rule_that_is_no_more_counts_on_but_has_no_host() {
    let (stats, facts) = odd();
    let text = text(&stats, &facts, &Config::default());
    assert!(text.contains("name=\"gone\"") && !text.contains("route=\"gone\""), "{text}");
}
