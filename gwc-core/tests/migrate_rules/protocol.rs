//! What is spoken to backends (§3.8).

use gwc_core::prove::Kind;

use crate::case::{assert_lines, ing, plan};

#[test]
fn fast_cgi_closes_its_path_only() {
    let found = plan(&[ing("php").set("backend-protocol", "FCGI").path("P /php p"), ing("web").path("P / s")]); // T131
    assert_lines(&found, &["both ^/php closed MIG504", "both ^/ → s"]);
    assert!(found.allows(&Kind::Closed));
    let mut options = crate::case::options();
    options.choices.insert(gwc_core::migrate::options::Choice::OmitUnconvertible);
    let php = ing("php").set("backend-protocol", "FCGI").path("P /php p");
    let found = crate::case::plan_with(&[php, ing("web").path("P / s")], &options);
    assert_lines(&found, &["both ^/ → s"]);
    assert!(found.item("MIG504").help.as_ref().is_some_and(|help| help.contains("`/`")), "{:?}", found.item("MIG504"));
}

#[test]
fn tls_to_a_backend_needs_a_ca_and_a_name() {
    let one = || ing("web").set("backend-protocol", "HTTPS").path("P / s");
    assert_lines(&plan(&[one()]), &["both ^/ closed MIG504"]); // T77
    let found =
        plan(&[one().set("proxy-ssl-secret", "n/ca").set("proxy-ssl-verify", "on").set("proxy-ssl-name", "s.n")]); // T78
    assert_lines(&found, &["both ^/ → s"]);
    let tls = &found.planned[0].tls_to;
    assert_eq!((tls.len(), tls[0].1.name.as_deref()), (1, Some("s.n")));
    let found = plan(&[one().set("proxy-ssl-secret", "n/ca").set("proxy-ssl-name", "s.n")]);
    assert_lines(&found, &["both ^/ closed MIG504"]);
}

#[test]
fn a_host_of_calls_only_has_grpc_routes() {
    let grpc = |name: &'static str| ing(name).set("backend-protocol", "GRPC");
    let found = plan(&[grpc("web").path("P /lead s")]); // T136
    assert_lines(&found, &["both ^/lead → s"]);
    assert!(found.planned.iter().all(|one| one.is_grpc && one.h2c.is_empty()));
    let found = plan(&[grpc("web").path("P /pkg.Svc/Method s").path("P /pkg.Svc s")]); // T76
    assert_lines(&found, &["both =/pkg.Svc/Method → s", "both ^/pkg.Svc → s"]);
    assert!(found.planned.iter().all(|one| one.is_grpc));
    for other in [
        plan(&[grpc("web").path("P / s"), ing("two").path("P /x t")]), // T75
        plan(&[grpc("web").path("P /lead s").path("P /v1/lead/x s")]),
        plan(&[grpc("web").set("use-regex", "true").path("I /lead(/|$)(.*) s")]),
    ] {
        assert!(other.planned.iter().all(|one| !one.is_grpc), "{:?}", other.lines());
        assert!(other.planned.iter().any(|one| !one.h2c.is_empty()), "{:?}", other.lines());
    }
}

#[test]
fn calls_need_no_slash() {
    let found = plan(&[ing("web").set("backend-protocol", "GRPC").path("P /pkg.Svc/ s")]);
    assert_lines(&found, &["both ^/pkg.Svc → s"]);
    assert!(found.allows(&Kind::SlashRedirect));
}
