//! Redirects, TLS, canaries and closed locations (§9.3, §9.5).

use crate::model::{Ask, Model, ingress, ingress_in};

fn annotated(annotations: &[&str], paths: &[&str]) -> Model {
    Model::new(&ingress("web", annotations, "a.io", paths))
}

const TLS: &str = "  tls: [{hosts: [a.io], secretName: c}]\n";

fn with_tls(name: &str, annotations: &[&str], paths: &[&str]) -> String {
    ingress_in("n", name, annotations, &[("a.io", paths)], TLS)
}

#[test]
fn t43_app_root_comes_first() {
    let yaml = with_tls("web", &["app-root: /home"], &["P /x s"]);
    Model::new(&yaml).answers(&[
        ("http://a.io:81/", "302 http://a.io:81/home"),
        ("https://a.io/?a=b", "302 https://a.io/home"),
        ("https://a.io/y", "404"),
    ]);
    annotated(&["app-root: https://b.io/"], &["P /x s"]).answers(&[("http://a.io/", "404")]);
}

#[test]
fn t44_t46_hosts_with_a_certificate_redirect() {
    Model::new(&with_tls("web", &[], &["P /x s"])).answers(&[
        ("http://a.io:80/x/?a=b", "308 https://a.io/x/?a=b"),
        ("http://a.io/x/y/", "308 https://a.io/x/y"),
        ("http://a.io/?a=b/", "308 https://a.io/?a=b"),
        ("http://a.io/unmatched", "308 https://a.io/unmatched"),
        ("https://a.io/x", "n/s:80 /x"),
    ]);
    Model::new(&with_tls("web", &["ssl-redirect: false"], &["P /x s"])).answers(&[("http://a.io/x", "n/s:80 /x")]);
    Model::new(&with_tls("web", &["preserve-trailing-slash: true"], &["P /x s"]))
        .answers(&[("http://a.io/x/", "308 https://a.io/x/")]);
    Model::new(&with_tls("web", &[], &["P /.well-known/acme-challenge/t s"]))
        .answers(&[("http://a.io/.well-known/acme-challenge/t", "n/s:80 /.well-known/acme-challenge/t")]);
}

#[test]
fn t47_t48_redirects_are_decided_by_location() {
    let yaml = with_tls("b", &[], &["P /x s"]) + &ingress("a", &["ssl-redirect: false"], "a.io", &["P /y t"]);
    Model::new(&yaml).answers(&[("http://a.io/x", "308 https://a.io/x"), ("http://a.io/y", "n/t:80 /y")]);
    let yaml = with_tls("b", &[], &["P /x s"]) + &ingress("a", &[], "a.io", &["P /y t"]);
    Model::new(&yaml).answers(&[("http://a.io/y", "308 https://a.io/y")]);
}

#[test]
fn t49_t52_certificates_of_other_hosts() {
    let rules: &[(&str, &[&str])] = &[("a.io", &["P / s"]), ("b.io", &["P / s"])];
    let yaml = ingress_in("n", "web", &[], rules, "  tls: [{hosts: [b.io], secretName: c}]\n");
    let model = Model::new(&yaml);
    model.answers(&[("http://a.io/x", "308 https://a.io/x")]);
    assert_eq!(model.servers.certificate("a.io"), Some(&gwc_core::ingress::nginx::Certificate::Default));

    let wildcard =
        ingress_in("n", "a", &[], &[("*.x.io", &["P / s"])], "  tls: [{hosts: ['*.x.io'], secretName: c}]\n");
    let plain = ingress("b", &[], "a.x.io", &["P / t"]);
    Model::new(&format!("{wildcard}{plain}"))
        .answers(&[("http://a.x.io/x", "308 https://a.x.io/x"), ("https://a.x.io/x", "n/t:80 /x")]);
}

#[test]
fn t53_forced_redirects_need_no_certificate() {
    annotated(&["force-ssl-redirect: true"], &["P /x s"]).answers(&[("http://a.io/x", "308 https://a.io/x")]);
    annotated(&[], &["P /x s"]).answers(&[("http://a.io/x", "n/s:80 /x")]);
}

#[test]
fn t54_t55_t56_t140_redirects_to_a_url() {
    Model::new(&with_tls("web", &["permanent-redirect: https://b.io/x?y=1"], &["P /z s"])).answers(&[
        ("http://a.io/z/q?a=b", "301 https://b.io/x?y=1"),
        ("https://a.io/z", "301 https://b.io/x?y=1"),
        ("http://a.io/z", "301 https://b.io/x?y=1"),
    ]);
    let temporal = annotated(&["temporal-redirect: http://b.io", "temporal-redirect-code: 308"], &["P /z s"]);
    temporal.answers(&[("http://a.io/z", "302 http://b.io")]);
    assert_eq!(temporal.servers.annotations(0).expect("is there").unused, ["temporal-redirect-code"]);
    annotated(&["temporal-redirect: http://t.io", "permanent-redirect: http://p.io"], &["P /z s"])
        .answers(&[("http://a.io/z", "302 http://t.io")]);
    let rewritten = annotated(&["permanent-redirect: https://b.io", "rewrite-target: /x"], &["P /z s"]);
    assert!(rewritten.servers.is_regex_host("a.io"));
    rewritten.answers(&[("http://a.io/Zz", "301 https://b.io")]);
    annotated(&["permanent-redirect: ftp://b.io"], &["P /z s"]).answers(&[("http://a.io/z", "n/s:80 /z")]);
    annotated(&["permanent-redirect: http://$host"], &["P /z s"]).answers(&[("http://a.io/z", "404")]);
}

#[test]
fn t57_from_to_www() {
    annotated(&["from-to-www-redirect: true"], &["P / s"]).answers(&[
        ("http://www.a.io/x/", "308 http://a.io/x"),
        ("https://www.a.io/x?y", "308 https://a.io/x?y"),
        ("http://a.io/x", "n/s:80 /x"),
    ]);
    let both: &[(&str, &[&str])] = &[("a.io", &["P / s"]), ("www.a.io", &["P / t"])];
    Model::new(&ingress_in("n", "web", &["from-to-www-redirect: true"], both, ""))
        .answers(&[("http://www.a.io/x", "n/t:80 /x")]);
}

#[test]
fn t64_aliases() {
    annotated(&["server-alias: b.io,*.c.io,~^d[0-9]+$"], &["P / s"]).answers(&[
        ("http://b.io/", "n/s:80 /"),
        ("http://x.y.c.io/", "n/s:80 /"),
        ("http://c.io/", "404"),
        ("http://d12/", "n/s:80 /"),
        ("http://d/", "404"),
    ]);
}

/// A primary `p` and a canary `c` at `/x`.
fn canary(annotations: &[&str]) -> Model {
    let mut all = vec!["canary: true"];
    all.extend(annotations);
    let yaml = ingress("p", &[], "a.io", &["P /x p"]) + &ingress("c", &all, "a.io", &["P /x c"]);
    Model::new(&yaml)
}

#[test]
fn t83_t84_t85_weights() {
    for (annotations, expected) in [
        (&["canary-weight: 10"][..], "n/p:80*90+n/c:80*10 /x"),
        (&["canary-weight: 25", "canary-weight-total: 50"], "n/p:80*75+n/c:80*25 /x"),
        (&["canary-weight: 300", "canary-weight-total: 1000"], "n/p:80*700+n/c:80*300 /x"),
        (&["canary-weight: 100"], "n/c:80 /x"),
        (&["canary-weight: -1"], "n/p:80 /x"),
        (&["canary-weight: ten"], "n/p:80 /x"),
    ] {
        canary(annotations).answers(&[("http://a.io/x", expected)]);
    }
}

#[test]
fn t86_t87_t94_headers() {
    let ask = |value: &str| Ask::get("http://a.io/x").with("x-c", value);
    let (primary, other, chance) = ("n/p:80 /x", "n/c:80 /x", "n/p:80*90+n/c:80*10 /x");
    let plain = canary(&["canary-by-header: X-C", "canary-weight: 10"]);
    for (value, expected) in [("always", other), ("never", primary), ("else", chance)] {
        assert_eq!(plain.ask(&ask(value)), expected);
    }
    let with_value = ["canary-by-header: X-C", "canary-by-header-value: v", "canary-by-header-pattern: always"];
    let valued = canary(&with_value);
    assert_eq!((valued.ask(&ask("v")).as_str(), valued.ask(&ask("always")).as_str()), (other, primary));
    let pattern = canary(&["canary-by-header: X-C", "canary-by-header-pattern: b+"]);
    assert_eq!((pattern.ask(&ask("abbc")).as_str(), pattern.ask(&ask("B")).as_str()), (other, primary));
    let dropped = canary(&["canary-by-header: X_C"]);
    assert_eq!(dropped.ask(&Ask::get("http://a.io/x").with("X_C", "always")), primary);
}

#[test]
fn t88_cookies() {
    let model = canary(&["canary-by-cookie: k"]);
    let ask = |value: &str| model.ask(&Ask::get("http://a.io/x").with("Cookie", value));
    assert_eq!(ask("x=1; k=always; y=2"), "n/c:80 /x");
    assert_eq!(ask("k=never"), "n/p:80 /x");
    assert_eq!(ask("kk=always"), "n/p:80 /x");
}

#[test]
fn t89_to_t93_canaries_without_effect() {
    let alone = ingress("c", &["canary: true", "canary-weight: 100"], "a.io", &["P /x c"]);
    Model::new(&alone).answers(&[("http://a.io/x", "404")]);
    let primary = ingress("p", &[], "a.io", &["P /x p"]);
    let second = ingress("b", &["canary: true", "canary-weight: 50"], "a.io", &["P /x b"]);
    Model::new(&format!("{alone}{primary}{second}")).answers(&[("http://a.io/x", "n/c:80 /x")]);
    canary(&["canary-weight: 100", "rewrite-target: /z"]).answers(&[("http://a.io/x", "n/c:80 /x")]);
    let inert = ingress("c", &["canary-weight: 100"], "a.io", &["P /x c"]);
    Model::new(&format!("{primary}{inert}")).answers(&[("http://a.io/x", "n/p:80 /x")]);
}

#[test]
fn t91_a_canary_shares_the_service_everywhere() {
    let yaml = ingress("p", &[], "a.io", &["P /x p"])
        + &ingress("c", &["canary: true", "canary-weight: 10"], "a.io", &["P /x c"])
        + &ingress("q", &[], "b.io", &["P /y p"]);
    Model::new(&yaml).answers(&[("http://b.io/y", "n/p:80*90+n/c:80*10 /y")]);
}

#[test]
fn t95_t96_the_controller_answers_preflights() {
    let ask = |model: &Model, origin: &str| {
        let mut ask = Ask::get("http://a.io/x").with("Origin", origin);
        ask.method = "OPTIONS";
        model.ask(&ask)
    };
    let all = Model::new(&with_tls("web", &["enable-cors: true"], &["P /x s"]));
    assert_eq!(ask(&all, "https://z.io"), "204");
    let some = annotated(&["enable-cors: true", "cors-allow-origin: https://*.x.io"], &["P /x s"]);
    assert_eq!(ask(&some, "https://a.x.io"), "204");
    assert_eq!(ask(&some, "https://x.io"), "n/s:80 /x");
    assert_eq!(ask(&some, "https://a.b.x.io"), "n/s:80 /x");
}

#[test]
fn t100_t101_closed_locations() {
    annotated(&["allowlist-source-range: 10.0.0.0/33"], &["P /x/ s"]).answers(&[
        ("http://a.io/x/", "503"),
        ("http://a.io/y", "503"),
        ("http://a.io/x", "503"),
    ]);
    let both = ["whitelist-source-range: nonsense", "allowlist-source-range: 10.0.0.0/8"];
    annotated(&both, &["P /x s"]).answers(&[("http://a.io/x", "n/s:80 /x")]);
    annotated(&["auth-type: basic", "auth-secret: other/s"], &["P /x s"]).answers(&[("http://a.io/x", "503")]);
    annotated(&["auth-url: nonsense"], &["P /x s"]).answers(&[("http://a.io/x", "503")]);
}
