//! What is in force at locations: access controls, limits, stickiness, CORS and the rest, from annotations, ConfigMap
//! and other Ingresses of the host or Service (§3.2, §3.8, §3.9, §9.5).

use gwc_core::ingress::nginx::Config;
use gwc_core::ingress::policy::{Affinity, Control, Protocol, Setter, Stage};
use gwc_core::ingress::{Outcome, Step};
use gwc_core::source::{Origin, Role, Source, SourceMap};

use crate::model::{Ask, Model, ingress, ingress_in};

fn annotated(annotations: &[&str], paths: &[&str]) -> Model {
    Model::new(&ingress("web", annotations, "a.io", paths))
}

/// The controller's ConfigMap with these lines of data.
fn config(data: &[&str]) -> Config {
    let data: String = data.iter().map(|line| format!("  {line}\n")).collect();
    let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{data}");
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("c.yaml", Origin::Memory, Role::Checked, true, text.into()));
    let profile = gwc_core::profile::Profile::new(gwc_core::profile::WorldMode::Open, 0);
    let graph = gwc_core::compile(&sources, &profile).graph;
    let (_, map) = graph.config_maps.iter().next().expect("a ConfigMap");
    Config::default().with_config_map(map)
}

fn configured(data: &[&str], annotations: &[&str], paths: &[&str]) -> Model {
    Model::configured(&ingress("web", annotations, "a.io", paths), config(data))
}

const URL: &str = "http://a.io/x";

#[test]
fn t98_t101_address_lists() {
    let list = annotated(&["whitelist-source-range: 10.0.0.0/8, 1.2.3.4"], &["P /x s"]);
    assert_eq!(list.access(URL), ["allowlist-source-range=1.2.3.4,10.0.0.0/8"]);
    // The implicit `/` of the host has it, too, but no backend to keep from anyone.
    assert_eq!(list.access("http://a.io/y"), [""; 0]);
    let access = list.policy("http://a.io/y").access.first().cloned().expect("the list");
    assert_eq!((access.control, access.stage, access.setter), (Control::AllowList, Stage::Backend, Setter::Ingress(0)));
    let both = annotated(&["whitelist-source-range: 1.1.1.1", "allowlist-source-range: 2.2.2.2"], &["P /x s"]);
    assert_eq!(both.access(URL), ["allowlist-source-range=2.2.2.2"]);
    assert_eq!(annotated(&["denylist-source-range: ::1"], &["P /x s"]).access(URL), ["denylist-source-range=::1"]);
}

#[test]
fn t112_global_controls_hold_where_annotations_say_nothing() {
    let data = ["whitelist-source-range: 10.0.0.0/8", "block-cidrs: 1.2.3.4", "block-user-agents: bad"];
    let global = configured(&data, &[], &["P /x s"]);
    assert_eq!(global.access(URL), ["whitelist-source-range=10.0.0.0/8", "block-user-agents=bad"]);
    let own = configured(&data, &["allowlist-source-range: 2.2.2.2"], &["P /x s"]);
    assert_eq!(own.access(URL), ["allowlist-source-range=2.2.2.2", "block-user-agents=bad"]);
    // Lists of a location hide those of the whole proxy.
    assert_eq!(configured(&["block-cidrs: 1.2.3.4"], &[], &["P /x s"]).access(URL), ["block-cidrs=1.2.3.4"]);
    // Redirects come before the lists, not before what holds for the host.
    let redirect = configured(&data, &["permanent-redirect: https://b.io"], &["P /x s"]);
    assert_eq!(redirect.access(URL), ["block-user-agents=bad"]);
}

#[test]
fn t102_t103_authentication() {
    let external = annotated(&["auth-url: http://auth.n.svc/verify"], &["P /x s", "P /.well-known/acme-challenge/t s"]);
    assert_eq!(external.access(URL), ["auth-url=http://auth.n.svc/verify"]);
    assert_eq!(external.access("http://a.io/.well-known/acme-challenge/t"), [""; 0]);
    let basic = annotated(&["auth-type: basic", "auth-secret: users", "satisfy: any"], &["P /x s"]);
    assert_eq!(basic.access(URL), ["auth-type=basic users", "satisfy=any"]);
    let global = ["global-auth-url: http://auth.n.svc"];
    assert_eq!(configured(&global, &[], &["P /x s"]).access(URL), ["global-auth-url=http://auth.n.svc"]);
    assert_eq!(configured(&global, &["enable-global-auth: false"], &["P /x s"]).access(URL), [""; 0]);
}

#[test]
fn t63_client_certificates_hold_for_the_host() {
    let own = ingress("web", &["auth-tls-secret: n/ca"], "a.io", &["P /x s"]);
    let other = ingress("a", &[], "a.io", &["P /y t"]) + &ingress("b", &[], "b.io", &["P /x u"]);
    let model = Model::new(&format!("{own}{other}"));
    for url in ["https://a.io/x", "https://a.io/y"] {
        assert_eq!(model.access(url), ["auth-tls-secret=n/ca on"], "{url}");
    }
    assert_eq!(model.access("https://b.io/x"), [""; 0]);
    assert_eq!(annotated(&["auth-tls-secret: n/ca", "auth-tls-verify-client: off"], &["P /x s"]).access(URL), [""; 0]);
    // Without a CA nothing is asked.
    let secret =
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: ca, namespace: \"n\"}\nstringData: {tls.crt: x}\n";
    assert_eq!(Model::new(&format!("{own}{secret}")).access(URL), [""; 0]);
    // A Secret that may not be used closes the host for all.
    let foreign = own.replace("n/ca", "other/ca");
    let model = Model::new(&format!("{foreign}{other}"));
    model.answers(&[("http://a.io/x", "403"), ("http://a.io/y", "403"), ("http://b.io/x", "n/u:80 /x")]);
    assert_eq!(model.reply(&Ask::get(URL)).step, Step::Denied);
}

#[test]
fn t107_t137_t138_rates_and_firewalls() {
    let rates = annotated(&["limit-rps: 5", "limit-connections: 0", "limit-rpm: many"], &["P /x s"]);
    assert_eq!(rates.access(URL), ["limit-rps=5"]);
    assert_eq!(rates.servers.annotations(0).expect("is there").unused, ["limit-rpm"]);
    let wall = annotated(&["enable-modsecurity: true", "enable-owasp-core-rules: true"], &["P /x s"]);
    assert_eq!(wall.access(URL), ["enable-modsecurity=true", "enable-owasp-core-rules=true"]);
    let global = ["enable-modsecurity: \"true\""];
    assert_eq!(configured(&global, &[], &["P /x s"]).access(URL), ["enable-modsecurity=true"]);
    assert_eq!(configured(&global, &["enable-modsecurity: false"], &["P /x s"]).access(URL), [""; 0]);
}

#[test]
fn t108_t139_snippets() {
    let host = ingress("web", &["server-snippet: location /private { deny all; }"], "a.io", &["P /x s"])
        + &ingress("a", &["server-snippet: return 403;"], "a.io", &["P /y t"]);
    let model = Model::new(&host);
    for url in ["http://a.io/x", "http://a.io/y"] {
        assert_eq!(model.access(url), ["server-snippet=location /private { deny all; }"], "{url}");
    }
    let paths =
        ingress("web", &["configuration-snippet: if ($http_x_key != 's') { return 403; }"], "a.io", &["P /x s"])
            + &ingress("a", &["configuration-snippet: add_header X-A b;"], "a.io", &["P /y t"]);
    let model = Model::new(&paths);
    assert_eq!(model.access(URL).len(), 1);
    assert_eq!(model.access("http://a.io/y"), [""; 0]);
    // Stored snippets count, unless the ConfigMap forbids them.
    let snippet = ["configuration-snippet: add_header X-A b;"];
    for (data, expected) in [
        ("allow-snippet-annotations: \"false\"", "404"),
        ("annotations-risk-level: High", "404"),
        ("annotations-risk-level: Critical", "n/s:80 /x"),
        ("allow-snippet-annotations: \"true\"", "n/s:80 /x"),
    ] {
        assert_eq!(configured(&[data], &snippet, &["P /x s"]).ask(&Ask::get(URL)), expected, "{data}");
    }
}

#[test]
fn ingresses_that_the_controller_ignores() {
    let strict = ["strict-validate-path-type: \"true\""];
    for (path, expected) in [("P /x s", "n/s:80 /x"), ("P /x.*y s", "404"), ("I /x.* s", "n/s:80 /x")] {
        let annotations: &[&str] = if path.starts_with('I') { &["use-regex: true"] } else { &[] };
        assert_eq!(configured(&strict, annotations, &[path]).ask(&Ask::get(URL)), expected, "{path}");
    }
    annotated(&["limit-allowlist: nonsense"], &["P /x s"]).answers(&[(URL, "404")]);
    let risky = configured(&["annotations-risk-level: Low"], &["rewrite-target: /z"], &["P /x s"]);
    assert_eq!(risky.ask(&Ask::get(URL)), "404");
}

#[test]
fn closed_locations() {
    for annotations in [
        &["auth-type: digest"][..],
        &["auth-type: other", "auth-secret: s"],
        &["auth-type: basic", "auth-secret: s", "auth-secret-type: other"],
        &["auth-url: http://x.io", "auth-method: FETCH"],
        &["auth-url: http://x.io", "auth-response-headers: a b"],
        &["denylist-source-range: nonsense"],
        &["proxy-ssl-secret: other/s"],
        &["proxy-ssl-secret: nonsense"],
    ] {
        let model = annotated(annotations, &["P /x s"]);
        assert_eq!((model.ask(&Ask::get(URL)).as_str(), model.reply(&Ask::get(URL)).step), ("503", Step::Denied));
    }
    let shared = ["allow-cross-namespace-resources: \"true\""];
    let foreign = ["auth-type: basic", "auth-secret: other/s"];
    assert_eq!(configured(&shared, &foreign, &["P /x s"]).ask(&Ask::get(URL)), "n/s:80 /x");
    // The Secret has no password file.
    let secret =
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: users, namespace: \"n\"}\nstringData: {alice: x}\n";
    for (annotations, expected) in [
        (&["auth-type: basic", "auth-secret: users"][..], "503"),
        (&["auth-type: basic", "auth-secret: users", "auth-secret-type: auth-map"], "n/s:80 /x"),
    ] {
        let yaml = ingress("web", annotations, "a.io", &["P /x s"]);
        assert_eq!(Model::new(&format!("{yaml}{secret}")).ask(&Ask::get(URL)), expected);
    }
}

#[test]
fn custom_headers_must_be_allowed() {
    let map = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: h, namespace: \"n\"}\ndata: {X-A: b}\n";
    let yaml = ingress("web", &["custom-headers: n/h"], "a.io", &["P /x s"]) + map;
    Model::new(&yaml).answers(&[(URL, "503")]);
    let allowed = Model::configured(&yaml, config(&["global-allowed-response-headers: x-a"]));
    let headers = allowed.policy(URL).response_headers.clone();
    assert_eq!(headers.into_iter().collect::<Vec<_>>(), [("X-A".into(), "b".into())]);
}

#[test]
fn t104_t105_t106_limits_and_timeouts() {
    let usual = annotated(&[], &["P /x s"]).policy(URL);
    assert_eq!((usual.body_limit, usual.timeouts.connect, usual.timeouts.read), (Some(1 << 20), Some(5), Some(60)));
    let own = ["proxy-body-size: 0", "proxy-read-timeout: 3600", "proxy-send-timeout: 60s"];
    let own = annotated(&own, &["P /x s"]);
    let policy = own.policy(URL);
    assert_eq!((policy.body_limit, policy.timeouts.read, policy.timeouts.send), (None, Some(3600), Some(60)));
    assert_eq!(own.servers.annotations(0).expect("is there").unused, ["proxy-send-timeout"]);
    let global = configured(&["proxy-body-size: 8m"], &["proxy-body-size: 5b"], &["P /x s"]);
    assert_eq!(global.policy(URL).body_limit, Some(8 << 20));
}

#[test]
fn retries_need_conditions_and_tries() {
    let retries = |annotations: &[&str]| annotated(annotations, &["P /x s"]).policy(URL).retries.clone();
    let usual = retries(&[]).expect("the controller retries");
    assert_eq!((usual.on.len(), usual.tries, usual.timeout), (2, Some(3), None));
    assert_eq!(retries(&["proxy-next-upstream: off"]), None);
    assert_eq!(retries(&["proxy-next-upstream-tries: 1"]), None);
    assert_eq!(retries(&["proxy-next-upstream-tries: 0"]).expect("retries").tries, None);
}

#[test]
fn t111_stickiness_belongs_to_the_service() {
    let sticky = ["affinity: cookie", "session-cookie-name: c", "session-cookie-max-age: 60"];
    let yaml = ingress("web", &sticky, "a.io", &["P /x s"]) + &ingress("a", &[], "b.io", &["P /x s", "P /y t"]);
    let model = Model::new(&yaml);
    let expected = Some(Affinity { cookie: "c".into(), max_age: Some(60) });
    assert_eq!((&model.policy(URL).affinity, &model.policy("http://b.io/x").affinity), (&expected, &expected));
    assert_eq!(model.policy("http://b.io/y").affinity, None);
    assert_eq!(annotated(&["affinity: ip"], &["P /x s"]).policy(URL).affinity, None);
    let service = annotated(&["affinity: cookie", "service-upstream: true"], &["P /x s"]);
    assert_eq!(service.policy(URL).affinity, None);
    let hash = annotated(&["upstream-hash-by: $request_uri", "load-balance: ewma"], &["P /x s"]);
    assert_eq!(hash.policy(URL).balance.as_deref(), Some("$request_uri"));
}

#[test]
fn t95_t97_cors_with_its_defaults() {
    let policy = annotated(&["enable-cors: true"], &["P /x s"]).policy(URL);
    let cors = policy.cors.as_ref().expect("is enabled");
    assert!(cors.origins.contains("*") && cors.credentials && cors.exposed.is_empty());
    assert_eq!((cors.methods.len(), cors.headers.len(), cors.max_age), (6, 9, 1_728_000));
    let some = ["enable-cors: true", "cors-allow-origin: https://a.io, a b://x, null, app://*.x.io:8080"];
    let policy = annotated(&some, &["P /x s"]).policy(URL);
    let origins: Vec<&str> = policy.cors.iter().flat_map(|cors| &cors.origins).map(|one| one.as_str()).collect();
    assert_eq!(origins, ["app://*.x.io:8080", "https://a.io", "null"]);
    assert_eq!(annotated(&["cors-allow-origin: https://a.io"], &["P /x s"]).policy(URL).cors, None);
}

#[test]
fn t77_t78_the_way_to_the_backend() {
    let verified = ["backend-protocol: https", "proxy-ssl-secret: n/ca", "proxy-ssl-verify: on", "proxy-ssl-name: x"];
    let policy = annotated(&verified, &["P /x s"]).policy(URL);
    assert_eq!(policy.protocol, Protocol::Https);
    let tls = policy.backend_tls.as_ref().expect("is set");
    assert_eq!((tls.verifies, tls.sends_name, tls.name.as_deref()), (true, false, Some("x")));
    // Without the Secret the rest has no effect, nor has anything without TLS.
    assert_eq!(
        annotated(&["backend-protocol: HTTPS", "proxy-ssl-verify: on"], &["P /x s"]).policy(URL).backend_tls,
        None
    );
    assert_eq!(annotated(&verified[1..], &["P /x s"]).policy(URL).backend_tls, None);
    // The first Ingress of a host lends its Secret to the others.
    let yaml = ingress("z", &verified[1..], "a.io", &["P /x s"])
        + &ingress("a", &["backend-protocol: GRPCS"], "a.io", &["P /y t"]);
    assert!(Model::new(&yaml).policy("http://a.io/y").backend_tls.is_some());
    let alone = Model::configured(&yaml, config(&["proxy-ssl-location-only: \"true\""]));
    assert_eq!(alone.policy("http://a.io/y").backend_tls, None);
}

#[test]
fn headers_and_mirrors() {
    let prefix = "x-forwarded-prefix: /api";
    assert!(annotated(&[prefix], &["P /x s"]).policy(URL).request_headers.is_empty());
    let rewritten = annotated(&[prefix, "rewrite-target: /"], &["P /x s"]);
    assert_eq!(rewritten.policy(URL).request_headers["X-Forwarded-Prefix"], "/api");
    assert_eq!(rewritten.reply(&Ask::get(URL)).step, Step::Rewrite);
    let mirror = ["mirror-target: http://m.other.svc:8080$request_uri", "mirror-request-body: off"];
    let policy = annotated(&mirror, &["P /x s"]).policy(URL);
    let mirror = policy.mirror.as_ref().expect("is set");
    assert_eq!((mirror.target.as_str(), mirror.with_body), ("http://m.other.svc:8080$request_uri", false));
}

#[test]
fn steps_tell_who_decided() {
    let tls = "  tls: [{hosts: [a.io], secretName: c}]\n";
    let model = Model::new(&ingress_in("n", "web", &["enable-cors: true"], &[("a.io", &["P /x/ s"])], tls));
    let mut preflight = Ask::get("http://a.io/x/");
    preflight.method = "OPTIONS";
    for (ask, step) in [
        (Ask::get("http://a.io/x/../.."), Step::BadRequest),
        (Ask::get("http://a.io/x"), Step::SlashRedirect),
        (preflight, Step::Preflight),
        (Ask::get("http://a.io/x/"), Step::TlsRedirect),
        (Ask::get("https://a.io/x/"), Step::Backend),
        (Ask::get("https://a.io/y"), Step::NoLocation),
    ] {
        assert_eq!(model.reply(&ask).step, step, "{ask:?}");
    }
    let www = annotated(&["from-to-www-redirect: true", "app-root: /home"], &["P /x s"]);
    assert_eq!(www.reply(&Ask::get("http://www.a.io/")).step, Step::WwwRedirect);
    assert_eq!(www.reply(&Ask::get("http://a.io/")).step, Step::AppRoot);
    let redirect = annotated(&["permanent-redirect: https://b.io"], &["P /x s"]);
    assert_eq!(redirect.reply(&Ask::get(URL)).step, Step::Redirect);
}

/// The verifier asks each location many times: what is in force must not be copied for each answer.
#[test]
fn answers_share_their_policies() {
    let model = annotated(&["limit-rps: 5"], &["P /x s", "P /y t"]);
    let (one, other) = (model.policy("http://a.io/x/1"), model.policy("http://a.io/x/2"));
    assert!(std::sync::Arc::ptr_eq(&one, &other));
    assert!(matches!(model.reply(&Ask::get(URL)).outcome, Outcome::Forward(_)));
}
