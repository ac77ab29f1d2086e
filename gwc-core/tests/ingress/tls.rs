//! What TLS connections get, and what a verification learns about hosts: names, paths, headers (§2.6, §7.2 L0, §7.3).

use std::collections::{BTreeMap, BTreeSet};

use gwc_core::ingress::nginx::{Compared, Config, Form, ServedName};
use gwc_core::ingress::{Certificate, TlsReply};

use crate::model::{Ask, Model, ingress, ingress_in};

/// A Secret of namespace `n` whose certificate is for these names.
fn secret(name: &str, hosts: &[&str]) -> String {
    let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    let made = rcgen::generate_simple_self_signed(hosts).expect("a certificate");
    let indent = |pem: &str| pem.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!(
        "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: \"n\"}}\ntype: kubernetes.io/tls\nstringData:\n  tls.crt: |\n{}  tls.key: |\n{}",
        indent(&made.cert.pem()),
        indent(&made.signing_key.serialize_pem())
    )
}

fn with_tls(name: &str, annotations: &[&str], rules: &[(&str, &[&str])], tls: &str) -> String {
    ingress_in("n", name, annotations, rules, &format!("  tls: [{tls}]\n"))
}

const A: &[(&str, &[&str])] = &[("a.io", &["P / s"])];

/// `n/name`, `default`, `-> backend` or `refused`.
fn shown(model: &Model, name: Option<&str>) -> String {
    match model.servers.tls(name) {
        TlsReply::Terminate(Certificate::Secret(secret)) => secret.to_string(),
        TlsReply::Terminate(Certificate::Default) => "default".to_owned(),
        TlsReply::Passthrough(backend) => format!("-> {}:{}", backend.service, backend.port),
        TlsReply::Refuse => "refused".to_owned(),
    }
}

#[track_caller]
fn shows(yaml: &str, cases: &[(&str, &str)]) {
    let model = Model::new(yaml);
    for (name, expected) in cases {
        assert_eq!(shown(&model, Some(name)), *expected, "{name}");
    }
}

#[test]
fn t49_t50_t51_the_entry_that_names_the_host() {
    let rules: &[(&str, &[&str])] = &[("a.io", &["P / s"]), ("b.io", &["P / s"]), ("c.io", &["P / s"])];
    let tls = "{hosts: [a.io], secretName: one}, {hosts: [b.io], secretName: two}";
    let yaml = with_tls("web", &[], rules, tls);
    shows(&yaml, &[("a.io", "n/one"), ("A.IO.", "n/one"), ("b.io", "n/two"), ("c.io", "default"), ("z.io", "default")]);
    assert_eq!(shown(&Model::new(&yaml), None), "default");
    shows(&with_tls("web", &[], A, "{hosts: [a.io]}"), &[("a.io", "default")]);
}

#[test]
fn alternative_names_decide_where_hosts_are_not_listed() {
    let rules: &[(&str, &[&str])] = &[("a.io", &["P / s"]), ("b.io", &["P / s"])];
    let yaml = with_tls("web", &[], rules, "{secretName: one}, {hosts: [x.io], secretName: two}");
    // Nothing is known of the Secrets.
    shows(&yaml, &[("a.io", "n/one"), ("b.io", "n/one")]);
    let known = yaml + &secret("one", &["x.io"]) + &secret("two", &["b.io", "*.io"]);
    shows(&known, &[("a.io", "n/two"), ("b.io", "n/two")]);
    let other = known.replace("*.io", "c.io");
    assert_eq!(Model::new(&other).ask(&Ask::get("http://a.io/")), "308 https://a.io/".trim_end_matches('/'));
}

#[test]
fn a_certificate_that_does_not_fit_is_not_shown() {
    let yaml = with_tls("web", &[], A, "{hosts: [a.io], secretName: one}");
    shows(&(yaml.clone() + &secret("one", &["a.io"])), &[("a.io", "n/one")]);
    shows(&(yaml.clone() + &secret("one", &["b.io"])), &[("a.io", "default")]);
    let opaque = secret("one", &["a.io"]).replace("kubernetes.io/tls", "Opaque");
    shows(&(yaml.clone() + &opaque), &[("a.io", "default")]);
    // A text in place of the certificate says nothing.
    let masked = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: one, namespace: \"n\"}\ntype: kubernetes.io/tls\nstringData: {tls.crt: masked, tls.key: masked}\n";
    shows(&(yaml + masked), &[("a.io", "n/one")]);
}

#[test]
fn t52_wildcards_and_other_names() {
    let wildcard = with_tls("a", &[], &[("*.x.io", &["P / s"])], "{hosts: ['*.x.io'], secretName: w}");
    let yaml = wildcard + &ingress("b", &[], "a.x.io", &["P / t"]);
    shows(&yaml, &[("a.x.io", "n/w"), ("z.x.io", "n/w"), ("x.io", "default"), ("a.b.x.io", "default")]);
    let names = ["server-alias: b.io,c.io", "from-to-www-redirect: true"];
    let aliased = with_tls("web", &names, A, "{hosts: [a.io], secretName: one}");
    shows(&aliased, &[("b.io", "n/one"), ("www.a.io", "n/one")]);
    let known = aliased + &secret("one", &["a.io", "b.io"]);
    shows(&known, &[("b.io", "n/one"), ("c.io", "default"), ("www.a.io", "default")]);
    // Redirects depend on it.
    Model::new(&known).answers(&[("http://b.io/x", "308 https://b.io/x"), ("http://c.io/x", "n/s:80 /x")]);
}

#[test]
fn t61_t62_passthrough_needs_the_flag() {
    let paths: &[&str] = &["P / s", "P /x r"];
    let yaml = ingress("web", &["ssl-passthrough: true", "server-alias: b.io"], "a.io", paths)
        + &ingress("c", &["ssl-passthrough: true"], "c.io", &["P /x s"]);
    assert_eq!(shown(&Model::new(&yaml), Some("a.io")), "default");
    let flags = BTreeMap::from([("--enable-ssl-passthrough".to_owned(), "true".to_owned())]);
    let model = Model::configured(&yaml, Config::default().with_flags(&flags));
    assert_eq!(shown(&model, Some("a.io")), "-> n/s:80");
    assert_eq!(shown(&model, Some("b.io")), "default");
    // There is no Service behind the `/` that the controller makes.
    assert_eq!(shown(&model, Some("c.io")), "default");
    model.answers(&[("http://a.io/x", "n/r:80 /x"), ("http://a.io/y", "n/s:80 /y")]);
}

#[test]
fn unknown_names_may_be_refused() {
    let mut config = Config::default();
    config.tls.refuses_unknown_names = true;
    let model = Model::configured(&ingress("web", &["server-alias: '*.b.io'"], "a.io", &["P / s"]), config);
    assert_eq!((shown(&model, Some("a.io")).as_str(), shown(&model, Some("z.io")).as_str()), ("default", "refused"));
    assert_eq!(shown(&model, None), "refused");
}

#[test]
fn the_default_backend_of_the_controller() {
    let flags = BTreeMap::from([("--default-backend-service".to_owned(), "n/d".to_owned())]);
    let service =
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: d, namespace: \"n\"}\nspec: {ports: [{port: 8080}]}\n";
    let yaml = ingress("web", &[], "a.io", &["P /x s"]) + service;
    let model = Model::configured(&yaml, Config::default().with_flags(&flags));
    for (url, expected) in [("http://z.io/", "n/d:8080 /"), ("http://a.io/y", "n/d:8080 /y")] {
        assert_eq!(model.ask(&Ask::get(url)), expected, "{url}");
    }
}

#[test]
fn names_and_probes_of_a_host() {
    let own = ["server-alias: b.io,*.c.io,~^d", "from-to-www-redirect: true", "rewrite-target: /$1", "app-root: /r"];
    let yaml = ingress("web", &own, "a.io", &["I /x/(.*) s"])
        + &ingress("w", &["enable-cors: true", "cors-allow-origin: https://z.io"], "*.w.io", &["P /x t", "E /y t"])
        + &ingress("k", &["canary: true", "canary-by-header: X-C", "canary-by-cookie: k"], "*.w.io", &["P /x u"]);
    let model = Model::new(&yaml);
    let expected = [
        ServedName::Exact("a.io"),
        ServedName::Exact("b.io"),
        ServedName::OneLabel("w.io"),
        ServedName::Suffix("c.io"),
        ServedName::Pattern("^d"),
        ServedName::Redirect("www.a.io"),
    ];
    assert_eq!(model.servers.all_names(), BTreeSet::from(expected));
    let probes = model.servers.probes("a.io");
    assert_eq!(probes.paths, BTreeSet::from([("/", Form::Regex), ("/x/(.*)", Form::Regex)]));
    // The implicit `/` rewrites, too.
    assert_eq!(probes.rewrites, BTreeSet::from([("/", "/$1"), ("/x/(.*)", "/$1")]));
    assert!(probes.has_app_root && probes.exempt.contains("/.well-known/acme-challenge"));
    let probes = model.servers.probes("*.w.io");
    let paths = [("/", Form::Prefix), ("/x", Form::Exact), ("/x/", Form::Prefix), ("/y", Form::Exact)];
    assert_eq!(probes.paths, BTreeSet::from(paths));
    assert_eq!(probes.headers, BTreeMap::from([("X-C", BTreeSet::from([Compared::Words]))]));
    assert_eq!((probes.cookies, probes.origins), (BTreeSet::from(["k"]), BTreeSet::from(["https://z.io"])));
}
