//! CORS, hosts, headers, timeouts (§3.8).

use gwc_core::migrate::options::{Choice, TimeoutMapping};
use gwc_core::profile::Bundle;
use gwc_core::prove::Kind;

use crate::case::{assert_lines, ing, options, plan, plan_with};

#[test]
fn credentials_are_never_for_everyone() {
    let one = || ing("web").set("enable-cors", "true").path("P / s");
    assert_lines(&plan(&[one()]), &["both ^/ [cors * 6 1728000] → s"]); // T95, T97
    let mut options = options();
    options.choices.insert(Choice::CorsKeepCredentials);
    let found = plan_with(&[one()], &options);
    assert_lines(&found, &["both ^/ [cors * credentials 6 1728000] → s"]);
    assert!(found.codes().contains_key("MIG511"));
    let found = plan(&[one().set("cors-allow-origin", "https://*.x.io")]); // T96
    assert_lines(&found, &["both ^/ [cors https://*.x.io credentials 6 1728000] → s"]);
    assert!(found.codes().contains_key("MIG502") && found.allows(&Kind::Preflight));
}

#[test]
fn bundles_without_cors_lose_it() {
    let mut options = options();
    options.target.bundle = Bundle::V1_4;
    let found = plan_with(&[ing("web").set("enable-cors", "true").path("P / s")], &options);
    assert_lines(&found, &["both ^/ → s"]);
    assert!(found.codes().contains_key("MIG802"));
}

#[test]
fn preflights_come_before_redirects() {
    let found = plan(&[ing("web").set("enable-cors", "true").set("permanent-redirect", "https://b.io").path("P / s")]);
    assert_lines(&found, &["both ^/ [cors * 6 1728000, 301 https b.io full /]"]);
}

#[test]
fn the_host_for_the_backend_is_no_header() {
    assert_lines(&plan(&[ing("web").set("upstream-vhost", "b.io").path("P / s")]), &["both ^/ [host b.io] → s"]); // T79
    let found = plan(&[ing("web").set("upstream-vhost", "b.io:8080").path("P / s")]);
    assert_lines(&found, &["both ^/ → s"]);
    assert!(found.allows(&Kind::Host));
}

#[test]
fn gaps_between_reads_bound_answers_only_on_demand() {
    let one = || ing("web").set("proxy-read-timeout", "3600").path("P / s"); // T104
    assert_eq!(plan(&[one()]).planned[0].rules[0].timeouts, (None, None));
    let mut options = options();
    options.timeout_mapping = TimeoutMapping::BackendRequest;
    let found = plan_with(&[one()], &options);
    assert_eq!(found.planned[0].rules[0].timeouts, (None, Some("1h".into())));
    assert!(found.codes().contains_key("MIG502"));
}

#[test]
fn copies_go_to_services() {
    let found = plan(&[ing("web").set("mirror-target", "http://m.other.svc:8080$request_uri").path("P / s")]); // T109
    assert_lines(&found, &["both ^/ [mirror other/m] → s"]);
}

#[test]
fn stickiness_belongs_to_the_service() {
    let sticky = ing("web").set("affinity", "cookie").set("session-cookie-max-age", "3600").path("P /a s"); // T111
    let other = || ing("two").path("P /b s").path("P /c t");
    assert!(plan(&[other()]).planned.iter().flat_map(|one| &one.rules).all(|rule| rule.session.is_none()));
    let mut options = options();
    options.target.channel = gwc_core::profile::Channel::Experimental;
    let found = plan_with(&[sticky, other()], &options);
    let sessions: Vec<Option<&str>> = found
        .planned
        .iter()
        .flat_map(|one| &one.rules)
        .map(|rule| rule.session.as_ref().and_then(|session| session.lifetime.as_deref()))
        .collect();
    assert_eq!(sessions, [None, Some("1h"), Some("1h")], "{:?}", found.lines());
}
