//! Rules that are closed on purpose (§5.6).

use gwc_core::prove::Kind;

use crate::case::{assert_lines, ing, options, plan, plan_with};

#[test]
fn a_lost_access_control_closes_what_it_guarded() {
    for (key, value) in [
        ("whitelist-source-range", "10.0.0.0/8"),
        ("denylist-source-range", "10.0.0.0/8"),
        ("limit-rps", "5"),
        ("enable-modsecurity", "true"),
    ] {
        let one = || ing("web").set(key, value).path("P /a s");
        let found = plan(&[one(), ing("two").path("P /b t")]); // T98, T137, T138
        assert_lines(&found, &["both ^/b → t", "both ^/a closed MIG511"]);
        assert!(found.allows(&Kind::Closed), "{key}");
        let mut options = options();
        options.accepted.insert(("MIG511".into(), gwc_core::value::ObjectKey::new("n", "web")));
        assert_lines(&plan_with(&[one()], &options), &["both ^/a → s"]);
    }
}

#[test]
fn a_denied_location_has_no_backend() {
    let found = plan(&[ing("web").set("whitelist-source-range", "10.0.0.0/33").path("P /a s")]); // T100
    assert_lines(&found, &["both ^/a closed MIG509", "both ^/ closed MIG509"]);
    assert!(found.allows(&Kind::Unavailable));
    // A denied location sends nobody on to its slash.
    let denied = ing("web").set("whitelist-source-range", "10.0.0.0/33").path("P /a/ s");
    let found = plan(&[ing("zzz").path("P / r"), denied]);
    assert_lines(&found, &["both ^/a closed MIG509", "both =/a → r", "both ^/ → r"]);
}

#[test]
fn redirects_are_not_guarded() {
    let found = plan(&[ing("web").set("limit-rps", "5").set("permanent-redirect", "https://b.io").path("P / s")]);
    assert_lines(&found, &["both ^/ [301 https b.io full /]"]);
    let found = plan(&[ing("web").tls().set("limit-rps", "5").path("P / s")]);
    assert_lines(&found, &["https ^/ closed MIG511", "http redirect ^/ [308 https]"]);
}

#[test]
fn snippets_of_the_server_close_the_host() {
    let snippet = ing("web").set("server-snippet", "location /private { deny all; }").path("P /a s"); // T139
    let found = plan(&[snippet, ing("two").path("P /b t")]);
    assert_lines(&found, &["both ^/b closed MIG511", "both ^/a closed MIG511"]);
    let snippet = ing("web").set("configuration-snippet", "if ($http_x_key != 's') { return 403; }").path("P /a s");
    let found = plan(&[snippet, ing("two").path("P /b t")]);
    assert_lines(&found, &["both ^/b → t", "both ^/a closed MIG511"]);
}

#[test]
fn the_experimental_channel_asks_a_service() {
    let one = || ing("web").set("auth-url", "http://auth.n.svc/verify").path("P / s"); // T102
    assert_lines(&plan(&[one()]), &["both ^/ closed MIG511"]);
    let mut options = options();
    options.target.channel = gwc_core::profile::Channel::Experimental;
    let found = plan_with(&[one()], &options);
    assert_lines(&found, &["both ^/ [auth auth /verify x-gwc-none] → s"]);
    assert!(found.codes().contains_key("MIG802") && !found.codes().contains_key("MIG511"), "{:?}", found.codes());
    let found = plan_with(&[one().set("limit-rps", "5")], &options);
    assert_lines(&found, &["both ^/ closed MIG511"]);
}
