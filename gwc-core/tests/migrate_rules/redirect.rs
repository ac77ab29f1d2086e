//! Redirects (§3.3, §3.7, §3.8).

use gwc_core::migrate::options::Choice;
use gwc_core::profile::Bundle;
use gwc_core::prove::Kind;

use crate::case::{assert_lines, ing, options, plan, plan_with};

#[test]
fn http_is_redirected_where_there_is_a_certificate() {
    let found = plan(&[ing("web").tls().path("P /foo s")]); // T44
    assert_lines(&found, &["https ^/foo → s", "http redirect ^/ [308 https]"]);
    assert!(found.allows(&Kind::RedirectSlash));
    let found = plan(&[ing("web").tls().set("ssl-redirect", "false").path("P /foo s")]); // T46
    assert_lines(&found, &["both ^/foo → s"]);
    let found = plan(&[ing("web").tls().path("P /foo s"), ing("two").path("P /bar t")]); // T48
    assert_lines(&found, &["https ^/foo → s", "https ^/bar → t", "http redirect ^/ [308 https]"]);
}

#[test]
fn each_location_decides_for_itself() {
    let found = plan(&[ing("web").tls().path("P /foo s"), ing("two").set("ssl-redirect", "false").path("P /bar t")]); // T47
    assert_lines(&found, &["https ^/foo → s", "both ^/bar → t", "http redirect ^/ [308 https]"]);
    let found = plan(&[ing("b").tls().set("ssl-redirect", "false").path("P /a s"), ing("a").path("P /a/b t")]);
    assert_lines(&found, &["https ^/a/b → t", "http redirect ^/a/b [308 https]", "both ^/a → s"]);
    let found = plan(&[ing("web").tls().path("P /foo s").path("P /.well-known/acme-challenge t")]);
    assert_lines(&found, &["both ^/.well-known/acme-challenge → t", "https ^/foo → s", "http redirect ^/ [308 https]"]);
}

#[test]
fn the_slash_comes_before_https() {
    let found = plan(&[ing("web").tls().path("P /foo/ s")]);
    assert_lines(
        &found,
        &[
            "https ^/foo → s",
            "https =/foo [301 full /foo/]",
            "http redirect =/foo [301 full /foo/]",
            "http redirect ^/ [308 https]",
        ],
    );
}

#[test]
fn older_bundles_have_fewer_statuses() {
    let mut options = options();
    options.target.bundle = Bundle::V1_4;
    let found = plan_with(&[ing("web").tls().path("P /foo s")], &options);
    assert_lines(&found, &["https ^/foo → s", "http redirect ^/ [301 https]"]);
    assert!(found.codes().contains_key("MIG801") && found.allows(&Kind::RedirectCode));
}

#[test]
fn https_that_nobody_serves_is_not_redirected_to() {
    let one = || ing("web").set("force-ssl-redirect", "true").path("P /foo s"); // T53
    let found = plan(&[one()]);
    assert_lines(&found, &["both ^/foo → s"]);
    assert!(found.codes().contains_key("MIG406") && found.allows(&Kind::TlsRedirectLost));
    let mut options = options();
    options.choices.insert(Choice::ExternalTls);
    let found = plan_with(&[one()], &options);
    assert_lines(
        &found,
        &[
            "both ^/foo {X-Forwarded-Proto=http} [308 https]",
            "both ^/foo → s",
            "both ^/ {X-Forwarded-Proto=http} [308 https]",
        ],
    );
    assert!(!found.codes().contains_key("MIG406"), "{:?}", found.codes());
}

#[test]
fn urls_are_redirected_to_before_https() {
    let found = plan(&[ing("web").tls().set("permanent-redirect", "https://b.io/x?y=1").path("P /foo s")]); // T54
    assert_lines(&found, &["both ^/foo [301 https b.io full /x]", "both ^/ [301 https b.io full /x]"]);
    assert!(found.codes().contains_key("MIG502") && found.allows(&Kind::RedirectQuery));
    let temporal = ing("web").set("temporal-redirect", "http://b.io").set("temporal-redirect-code", "308"); // T55
    assert_lines(&plan(&[temporal.path("P / s")]), &["both ^/ [302 http b.io full /]"]);
    let both = ing("web").set("temporal-redirect", "http://t.io").set("permanent-redirect", "http://p.io"); // T56
    assert_lines(&plan(&[both.path("P / s")]), &["both ^/ [302 http t.io full /]"]);
}

#[test]
fn a_redirect_beats_a_rewrite() {
    let found =
        plan(&[ing("web").set("permanent-redirect", "https://b.io").set("rewrite-target", "/x").path("P /foo s")]); // T140
    assert_lines(&found, &["both ~(?i)^(?:/foo.*)$ [301 https b.io full /]", "both ^/ [301 https b.io full /]"]);
    let rewrite = found.items.iter().find(|item| item.value == "/x").expect("an item");
    assert_eq!(rewrite.code.map(|code| code.number), Some("MIG505"));
}

#[test]
fn odd_statuses_become_near_ones() {
    let found = plan(&[ing("web")
        .set("permanent-redirect", "https://b.io")
        .set("permanent-redirect-code", "305")
        .path("P / s")]);
    assert_lines(&found, &["both ^/ [302 https b.io full /]"]);
    assert!(found.codes().contains_key("MIG502") && found.allows(&Kind::RedirectCode));
}

#[test]
fn the_root_of_an_application_comes_first() {
    let found = plan(&[ing("web").set("app-root", "/home").path("P /x s")]); // T43
    assert_lines(&found, &["both =/ [302 full /home]", "both ^/x → s"]);
    let found = plan(&[ing("web").tls().set("app-root", "/home").path("P /x s").path("E / t")]);
    assert_lines(
        &found,
        &[
            "https =/ [302 full /home]",
            "http redirect =/ [302 full /home]",
            "https ^/x → s",
            "http redirect ^/ [308 https]",
        ],
    );
}

#[test]
fn the_other_name_of_a_host() {
    let www = || ing("web").set("from-to-www-redirect", "true").path("P / s"); // T57
    let found = plan(&[www().tls()]);
    assert_lines(&found, &["https ^/ → s", "http redirect ^/ [308 https]", "both other ^/ [308 a.io]"]);
    assert_lines(&plan(&[www()]), &["both ^/ → s", "http other ^/ [308 a.io]"]);
    let found = plan(&[www(), ing("own").host("www.a.io").path("P / t")]);
    assert!(found.lines().iter().all(|line| !line.contains("other")), "{:?}", found.lines());
}

#[test]
fn a_host_with_the_certificate_of_the_controller_is_closed() {
    let text = |text: &str| text.replace("secretName: cert", "secretName: ''");
    let plain = crate::case::text(&[ing("web").tls().path("P /foo s")]);
    let found = crate::case::plan_text(&text(&plain), &options()); // T50
    assert_lines(&found, &["both ^/ closed MIG406"]);
    let mut options = options();
    options.choices.insert(Choice::AllowPlaintextDowngrade);
    assert_lines(&crate::case::plan_text(&text(&plain), &options), &["both ^/foo → s"]);
    options.choices.clear();
    options.default_certificate = Some(gwc_core::value::ObjectKey::new("n", "default"));
    let found = crate::case::plan_text(&text(&plain), &options);
    assert_lines(&found, &["https ^/foo → s", "http redirect ^/ [308 https]"]);
}

#[test]
fn kept_defaults_are_set_over_https() {
    let mut options = options();
    options.choices.insert(Choice::PreserveHsts);
    let found = plan_with(&[ing("web").tls().set("ssl-redirect", "false").path("P /foo s")], &options);
    let header = r#"[response [("Strict-Transport-Security", "max-age=31536000; includeSubDomains")] []]"#;
    assert_lines(&found, &["http ^/foo → s", &format!("https ^/foo {header} → s")]);
}
