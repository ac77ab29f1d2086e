//! The converter's reading of a class: annotations as settings with one report item for each, and the hosts, locations,
//! canaries and certificates that the Ingresses make together (ingress-migrate.md §2.4 to §2.9, §3.1, §3.2, §3.8, §9).

use gwc_core::diagnostic::Severity;
use gwc_core::graph::Graph;
use gwc_core::ingress::nginx::{self, Config, Servers};
use gwc_core::ingress::select::{Choice, Controller, select};
use gwc_core::ingress::{Certificate, World};
use gwc_core::migrate::item::{Fact, Item};
use gwc_core::migrate::settings::{Settings, TlsRedirect};
use gwc_core::migrate::site::{self, Form, Host, Site, To};
use gwc_core::migrate::{Cx, Options, Report};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::prove::allowance::Dimension;
use gwc_core::prove::{Allowance, Kind, Place};
use gwc_core::source::{Origin as SourceOrigin, Role, Source, SourceMap};

fn graph(text: &str) -> Graph {
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("a.yaml", SourceOrigin::Memory, Role::Checked, true, text.into()));
    let compiled = gwc_core::compile(&sources, &Profile::new(WorldMode::Open, 0));
    let n_written = text.matches("kind: Ingress\n").count();
    assert_eq!(compiled.graph.ingresses.len(), n_written, "refused: {:?}", compiled.diagnostics);
    compiled.graph
}

fn options() -> Options {
    Options::new(Target { bundle: Bundle::V1_6, channel: Channel::Standard })
}

const CLASSES: &str = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: nginx}\nspec: {controller: k8s.io/ingress-nginx}\n---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: other}\nspec: {controller: example.com/other}\n";

/// What a test wants to know of a class.
struct Found {
    /// Names of Ingresses in the controller's order.
    names: Vec<String>,
    settings: Vec<Settings>,
    hosts: Vec<Host>,
    canaries: Vec<(String, String, u32, u32)>,
    report: Report,
}

fn read_class(text: &str, options: &Options, class: &str) -> Found {
    let graph = graph(&format!("{CLASSES}{text}"));
    let ingresses: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
    let selected = select(&ingresses, &classes, &Choice::default());
    let mut cx = Cx::new(options, &graph);
    let (controller, list) = selected
        .read
        .iter()
        .find(|((_, name), _)| name == class)
        .map(|((controller, _), list)| (*controller, list.clone()))
        .unwrap_or((Controller::IngressNginx, Vec::new()));
    let site: Site<'_> = site::site(class, controller, &list, &mut cx);
    Found {
        names: site.members.iter().map(|member| member.key().to_string()).collect(),
        settings: site.members.iter().map(|member| member.settings.clone()).collect(),
        hosts: site.hosts.clone(),
        canaries: site
            .canaries
            .iter()
            .map(|(port, share)| {
                let canary = &share.canary.value;
                (port.service.to_string(), to(&share.to), canary.weight, canary.total)
            })
            .collect(),
        report: std::mem::take(&mut cx.report),
    }
}

fn read(text: &str) -> Found {
    read_class(text, &options(), "nginx")
}

fn to(to: &To) -> String {
    match to {
        To::Service(port) => format!("{}:{}", port.service.name, port.port),
        To::NotFound => "404".into(),
        To::Closed(_) => "closed".into(),
    }
}

impl Found {
    fn host(&self, name: &str) -> &Host {
        let name = if name.is_empty() { None } else { Some(name) };
        let found = self.hosts.iter().find(|host| host.name.as_deref() == name);
        found.unwrap_or_else(|| panic!("no host {name:?}"))
    }

    /// Locations of a host as `=path to`, `~path to` or `path to`.
    fn locations(&self, host: &str) -> Vec<String> {
        let shown = self.host(host).locations.iter().map(|one| {
            let form = match one.form {
                Form::Exact => "=",
                Form::Letters => "",
                Form::Elements => "/",
                Form::Regex => "~",
            };
            format!("{form}{} {}", one.path, to(&one.to))
        });
        shown.collect()
    }

    fn of(&self, name: &str) -> &Settings {
        let at = self.names.iter().position(|own| own == &format!("n/{name}"));
        &self.settings[at.unwrap_or_else(|| panic!("no Ingress {name}"))]
    }

    /// The item of an annotation.
    fn annotation(&self, key: &str) -> &Item {
        let fact = Fact::Annotation(format!("nginx.ingress.kubernetes.io/{key}"));
        let found = self.report.items().iter().find(|item| item.fact == fact);
        found.unwrap_or_else(|| panic!("no item for {key}"))
    }

    fn code(&self, key: &str) -> &str {
        self.annotation(key).code.map_or("", |code| code.number)
    }

    fn with_code(&self, number: &str) -> Vec<&Item> {
        self.report.items().iter().filter(|item| item.code.is_some_and(|code| code.number == number)).collect()
    }

    fn allows(&self, place: &Place, kind: &Kind) -> bool {
        self.report.allowances().iter().any(|Allowance { place: own, kind: other, .. }| own == place && other == kind)
    }
}

/// `name annotations rules`; annotations as `key: "value"` with commas, rules as `host type path service` with commas.
fn ingress(name: &str, annotations: &[(&str, &str)], rules: &[&str]) -> String {
    with_spec(name, annotations, rules, "")
}

fn with_spec(name: &str, annotations: &[(&str, &str)], rules: &[&str], more: &str) -> String {
    let annotations: Vec<String> =
        annotations.iter().map(|(key, value)| format!("nginx.ingress.kubernetes.io/{key}: {value:?}")).collect();
    let rules = rules.iter().map(|rule| {
        let parts: Vec<&str> = rule.split(' ').collect();
        let [host, kind, path, service] = parts[..] else { panic!("{rule}") };
        let kind = match kind {
            "E" => "Exact",
            "P" => "Prefix",
            _ => "ImplementationSpecific",
        };
        let host = if host == "-" { String::new() } else { format!("host: {host:?}, ") };
        let backend = format!("backend: {{service: {{name: {service}, port: {{number: 80}}}}}}");
        format!("{{{host}http: {{paths: [{{path: {path:?}, pathType: {kind}, {backend}}}]}}}}")
    });
    let rules: Vec<String> = rules.collect();
    let rules = if rules.is_empty() { String::new() } else { format!("rules: [{}], ", rules.join(", ")) };
    let class = if more.contains("ingressClassName") { "" } else { "ingressClassName: nginx, " };
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {name}, namespace: \"n\", annotations: {{{}}}}}\nspec: {{{class}{rules}{more}}}\n",
        annotations.join(", ")
    )
}

#[test]
fn paths_become_locations_with_and_without_a_slash() {
    let found = read(&ingress("web", &[], &["a.io P /foo s", "a.io E /bar t", "a.io P /baz/ u"]));
    let expected = ["/baz/ u:80", "=/baz/ u:80", "/foo/ s:80", "=/foo s:80", "=/bar t:80", "/ 404"];
    assert_eq!(found.locations("a.io"), expected);
    assert!(!found.host("a.io").is_regex);
}

#[test]
fn one_expression_makes_all_paths_of_the_host_expressions() {
    let text = ingress("web", &[("use-regex", "true")], &["a.io I /a.* s"])
        + &ingress("api", &[], &["a.io E /x t", "b.io P /x t"]);
    let found = read(&text);
    assert_eq!(found.locations("a.io"), ["~/a.* s:80", "~/x t:80", "~/ 404"]);
    assert_eq!(found.locations("b.io"), ["/x/ t:80", "=/x t:80", "/ 404"]);
    // T40: needed only after the slash is there.
    let found = read(&ingress("web", &[("rewrite-target", "/foo")], &["a.io P /foo s"]));
    assert_eq!(found.locations("a.io"), ["~/foo/ s:80", "~/foo s:80", "~/ 404"]);
}

#[test]
fn settings_are_read_as_the_controller_reads_them() {
    let annotations = [
        ("rewrite-target", " /$2 "),
        ("force-ssl-redirect", "T"),
        ("temporal-redirect", "http://b.io"),
        ("temporal-redirect-code", "308"),
        ("permanent-redirect", "https://c.io"),
        ("server-alias", "b.io,*.c.io,~^x"),
        ("enable-cors", "true"),
        ("proxy-read-timeout", "60s"),
        ("app-root", "/home"),
    ];
    let found = read(&ingress("web", &annotations, &["a.io P / s"]));
    let own = found.of("web");
    assert_eq!(own.rewrite_target.as_ref().map(|one| one.value.as_str()), Some("/$2"));
    assert_eq!(own.tls_redirect.0, TlsRedirect::Always);
    // T55, T56
    let redirect = own.redirect.as_ref().map(|one| (one.value.url.as_str(), one.value.code));
    assert_eq!(redirect, Some(("http://b.io", 302)));
    assert_eq!(found.code("temporal-redirect-code"), "MIG507");
    assert_eq!(found.code("permanent-redirect"), "MIG505");
    // T64
    assert_eq!(found.host("a.io").aliases, ["*.c.io", "b.io"]);
    assert_eq!(found.code("server-alias"), "MIG504");
    assert!(found.allows(&Place::Host("a.io".into()), &Kind::NameLost));
    // T97
    let cors = &own.cors.as_ref().expect("a setting").value;
    assert_eq!((cors.origins.as_slice(), cors.max_age, cors.exposed.len()), (&["*".into()][..], 1_728_000, 0));
    assert_eq!(cors.methods, ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"]);
    // T105
    assert_eq!((found.code("proxy-read-timeout"), own.timeouts.as_ref()), ("MIG507", None));
    assert_eq!(found.host("a.io").app_root.as_ref().map(|(root, _)| root.value.as_str()), Some("/home"));
}

#[test]
fn canaries_share_an_upstream_wherever_it_is_used() {
    let canary = [("canary", "true"), ("canary-weight", "25"), ("canary-weight-total", "50"), ("rewrite-target", "/x")];
    let text = ingress("web", &[], &["a.io P /x s"])
        + &ingress("more", &[], &["a.io P /y s"])
        + &ingress("canary", &canary, &["a.io P /x c"])
        + &ingress("canary2", &[("canary", "true"), ("canary-weight", "5")], &["a.io P /x d"])
        + &ingress("alone", &[("canary", "true")], &["a.io P /z e"]);
    let found = read(&text);
    // Names downwards: `canary2` comes before `canary` (T90).
    assert_eq!(found.names, ["n/web", "n/more", "n/canary2", "n/canary", "n/alone"]);
    assert_eq!(found.canaries, [("n/s".to_owned(), "d:80".to_owned(), 5, 100)]);
    assert_eq!(found.locations("a.io"), ["/y/ s:80", "=/y s:80", "/x/ s:80", "=/x s:80", "/ 404"]);
    let spill = found.with_code("MIG510");
    assert_eq!(spill.len(), 1);
    assert_eq!(spill[0].affects, ["Ingress/n/more"]);
    // T84, T89, T90, T92
    assert_eq!((found.code("canary-weight-total"), found.code("rewrite-target")), ("MIG507", "MIG505"));
    let inert = found.with_code("MIG505");
    let inert = inert.iter().filter(|item| matches!(&item.fact, Fact::Annotation(key) if key.ends_with("/canary")));
    assert_eq!(inert.count(), 2);
}

#[test]
fn companions_without_their_key_do_nothing() {
    let annotations = [("canary-weight", "10"), ("auth-realm", "who"), ("cors-max-age", "5"), ("proxy-ssl-name", "b")];
    let found = read(&ingress("web", &annotations, &["a.io P / s"]));
    for (key, _) in annotations {
        assert_eq!(found.code(key), "MIG505", "{key}");
    }
    // T94, T110, T101
    let annotations = [
        ("canary", "true"),
        ("canary-by-header", "X_Canary"),
        ("typo-key", "x"),
        ("rewrite-targt", "/"),
        ("secure-backends", "true"),
    ];
    let found = read(&ingress("web", &annotations, &["a.io P / s"]));
    assert_eq!((found.code("canary-by-header"), found.code("typo-key")), ("MIG505", "MIG506"));
    assert!(found.annotation("rewrite-targt").help.as_ref().is_some_and(|help| help.contains("rewrite-target")));
    assert_eq!(found.code("secure-backends"), "MIG505");
}

fn numbers(found: &Found) -> Vec<&'static str> {
    found.report.items().iter().filter_map(|item| item.code).map(|code| code.number).collect()
}

/// Annotations, and what is expected of them.
type Case<'c, T> = (&'c [(&'c str, &'c str)], T);

#[test]
fn lost_access_controls_close_what_they_guarded() {
    // T98, T137, T138, T139, T63: annotations, how many MIG511, closes the host.
    let cases: [Case<'_, (usize, bool)>; 13] = [
        (&[("whitelist-source-range", "10.0.0.0/8")], (1, false)),
        (&[("allowlist-source-range", "10.0.0.0/8")], (1, false)),
        (&[("denylist-source-range", "10.0.0.0/8")], (1, false)),
        (&[("limit-rps", "5")], (1, false)),
        (&[("enable-modsecurity", "true"), ("enable-owasp-core-rules", "true")], (1, false)),
        (&[("server-snippet", "location /private { deny all; }")], (1, true)),
        (&[("configuration-snippet", "if ($http_x_key != 's') { return 403; }")], (1, false)),
        (&[("configuration-snippet", "add_header X-A b;")], (0, false)),
        (&[("auth-tls-secret", "n/ca"), ("auth-tls-verify-client", "on")], (1, true)),
        (&[("auth-tls-secret", "n/ca"), ("auth-tls-verify-client", "off")], (0, false)),
        (&[("limit-rps", "0"), ("enable-modsecurity", "false"), ("satisfy", "all")], (0, false)),
        (&[("auth-url", "http://auth.n.svc/verify"), ("limit-rpm", "3")], (2, false)),
        (&[("auth-url", "http://auth.n.svc/verify"), ("auth-type", "basic"), ("auth-secret", "u")], (2, false)),
    ];
    for (annotations, (n_lost, is_host)) in cases {
        let found = read(&ingress("web", annotations, &["a.io P / s"]));
        let lost = found.with_code("MIG511");
        assert_eq!(lost.len(), n_lost, "{annotations:?}");
        assert!(lost.iter().all(|item| item.control.is_some() && item.fact == Fact::Field("access control".into())));
        assert_eq!(found.of("web").lost.len(), n_lost, "{annotations:?}");
        assert_eq!(found.host("a.io").closed.is_some(), is_host, "{annotations:?}");
    }
}

/// A refused CA stays refused, whatever its companions say: the host answers nobody, and is never opened.
#[test]
fn a_refused_ca_closes_the_host_and_is_never_idle() {
    let off = ("auth-tls-verify-client", "off");
    for secret in ["other/ca", "n/ca secret", "ca"] {
        let found = read(&ingress("web", &[("auth-tls-secret", secret), off], &["a.io P / s"]));
        assert!(found.of("web").denied_hosts.is_some(), "{secret}");
        assert!(found.host("a.io").closed.is_some(), "{secret}");
    }
}

/// A rule without paths asks for no certificates, so the Ingress behind it counts.
#[test]
fn the_first_rule_with_paths_decides_about_client_certificates() {
    let bare = with_spec("zz", &[("auth-tls-secret", "n/ca")], &[], "rules: [{host: a.io}]");
    let found = read(&(bare + &ingress("web", &[("auth-tls-secret", "n/ca")], &["a.io P /x s"])));
    let lost = found.of("web").lost.first().map(|lost| lost.item).expect("a lost control");
    assert_eq!(found.host("a.io").closed, Some(lost));
}

#[test]
fn an_accepted_loss_is_announced_instead() {
    let text = ingress("web", &[("whitelist-source-range", "10.0.0.0/8")], &["a.io P / s"])
        + &ingress("api", &[("server-snippet", "deny all;")], &["b.io P / s"]);
    let mut options = options();
    for name in ["web", "api"] {
        options.accepted.insert(("MIG511".into(), gwc_core::value::ObjectKey::new("n", name)));
    }
    let found = read_class(&text, &options, "nginx");
    assert!(found.settings.iter().all(|own| own.lost.is_empty()));
    assert!(found.with_code("MIG511").iter().all(|item| item.is_accepted));
    let at = found.names.iter().position(|name| name == "n/web").unwrap();
    assert!(found.allows(&Place::Ingress(at), &Kind::Policy(Dimension::Access)));
    assert!(found.allows(&Place::Host("b.io".into()), &Kind::Policy(Dimension::Access)));
    assert_eq!(found.host("b.io").closed, None);
    let closed = read(&text);
    assert!(!closed.allows(&Place::Ingress(at), &Kind::Policy(Dimension::Access)));
}

#[test]
fn what_the_controller_refuses_to_serve_stays_closed() {
    let cases: [Case<'_, &str>; 6] = [
        (&[("allowlist-source-range", "10.0.0.0/33")], "allowlist-source-range"),
        (&[("auth-type", "basic")], "auth-type"),
        (&[("auth-type", "basic"), ("auth-secret", "other/users")], "auth-secret"),
        (&[("auth-type", "oauth"), ("auth-secret", "users")], "auth-type"),
        (&[("auth-url", "auth.n.svc")], "auth-url"),
        (&[("proxy-ssl-secret", "other/x")], "proxy-ssl-secret"),
    ];
    for (annotations, key) in cases {
        let found = read(&ingress("web", annotations, &["a.io P / s"]));
        assert!(found.of("web").denied.is_some(), "{annotations:?}");
        assert_eq!(found.code(key), "MIG509", "{annotations:?}");
    }
    // The whole Ingress is ignored, with its host.
    for (key, value) in [("limit-whitelist", "nobody"), ("permanent-redirect", "https://b.io$request_uri")] {
        let found = read(&(ingress("web", &[(key, value), ("app-root", "/x")], &["a.io P / s"])));
        assert!(found.of("web").rejected.is_some(), "{key}");
        assert_eq!((found.code(key), found.code("app-root"), found.hosts.len()), ("MIG509", "MIG505", 0), "{key}");
    }
}

#[test]
fn controls_of_the_whole_controller_are_lost_at_every_host() {
    let mut options = options();
    let config =
        [("whitelist-source-range", "10.0.0.0/8"), ("global-auth-url", "http://auth.n.svc/"), ("hsts", "false")];
    options.controller_config = Some(config.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    let text = ingress("web", &[], &["a.io P / s", "b.io P / s"])
        + &ingress("free", &[("enable-global-auth", "false")], &["c.io P / s"]);
    let found = read_class(&text, &options, "nginx");
    let lost = found.with_code("MIG511");
    assert_eq!(lost.len(), 5, "{lost:?}");
    assert!(lost.iter().all(|item| matches!(item.fact, Fact::Setting(_))));
    assert_eq!((found.of("web").lost.len(), found.of("free").lost.len()), (2, 1));
    let settings =
        found.report.items().iter().filter(|item| matches!(item.fact, Fact::Setting(_)) && item.code.is_none());
    assert_eq!(settings.count(), 3, "each key once");
}

#[test]
fn the_first_ingress_of_a_host_decides_for_the_whole_host() {
    let text = ingress("b", &[("server-snippet", "add_header A b;")], &["a.io P / s"])
        + &ingress("a", &[("server-snippet", "deny all;")], &["a.io P /x s"]);
    let found = read(&text);
    assert_eq!(found.names, ["n/b", "n/a"]);
    assert_eq!((found.host("a.io").closed, found.of("a").lost.len()), (None, 0));
    assert!(found.with_code("MIG511").is_empty());
    let other = text.replace("name: b,", "name: a0,").replace("name: a,", "name: z,");
    let found = read(&other);
    assert!(found.host("a.io").closed.is_some());
    // The snippet closes the host once, through the host.
    assert_eq!(found.with_code("MIG511").len(), 1);
}

const SERVICES: &str = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: \"n\"}\nspec: {ports: [{name: http, port: 80, targetPort: 8080}, {name: admin, port: 81, targetPort: web}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: far, namespace: \"n\"}\nspec: {type: ExternalName, externalName: b.io}\n";

#[test]
fn ports_are_found_as_the_controller_finds_them() {
    // T71, T72, T73: port, location, finding
    let cases = [
        ("{name: http}", "s:80", ""),
        ("{number: 80}", "s:80", ""),
        ("{number: 8080}", "s:80", "MIG207"),
        ("{name: web}", "s:81", "MIG207"),
        ("{name: https}", "closed", "MIG104"),
        ("{number: 443}", "closed", "MIG104"),
    ];
    for (port, expected, code) in cases {
        let text = ingress("web", &[], &["a.io P / s"]).replace("{number: 80}", port) + SERVICES;
        let found = read(&text);
        assert_eq!(found.locations("a.io"), [format!("/ {expected}")], "{port}");
        assert_eq!(
            found.report.items().iter().any(|item| item.code.is_some_and(|one| one.number == code)),
            !code.is_empty()
        );
    }
    let found = read(&(ingress("web", &[], &["a.io P / far", "a.io P /x none"]) + SERVICES));
    assert_eq!(found.locations("a.io"), ["/x/ none:80", "=/x none:80", "/ closed"]);
    assert_eq!((found.with_code("MIG206").len(), found.with_code("MIG104").len()), (1, 1));
}

#[test]
fn default_backends_answer_where_the_controller_lets_them() {
    let default = "defaultBackend: {service: {name: d, port: {number: 80}}}";
    // T66: hosts that the Ingress brought in, and no others.
    let text = with_spec("web", &[], &["a.io P /x s"], default) + &ingress("api", &[], &["b.io P /x s"]);
    let found = read(&text);
    assert_eq!(found.locations("a.io"), ["/x/ s:80", "=/x s:80", "/ d:80"]);
    assert_eq!(found.locations("b.io"), ["/x/ s:80", "=/x s:80", "/ 404"]);
    assert!(found.hosts.iter().all(|host| host.name.is_some()));
    // T65: without rules for all other hosts; the first does.
    let text = with_spec("a", &[("rewrite-target", "/x")], &[], default) + &with_spec("b", &[], &[], default);
    let found = read(&text);
    assert_eq!(found.locations(""), ["/ d:80"]);
    assert!(!found.host("").is_regex);
    assert_eq!(found.code("rewrite-target"), "MIG505");
    assert_eq!(found.with_code("MIG204").len(), 1);
    let mut options = options();
    options.controller_flags = Some([("disable-catch-all".to_owned(), String::new())].into());
    assert!(read_class(&text, &options, "nginx").hosts.is_empty());
    // T67: the text of the API gives it to unknown hosts as well.
    let text = with_spec("web", &[], &["a.io P /x s"], &format!("ingressClassName: other, {default}"));
    let found = read_class(&text, &self::options(), "other");
    assert_eq!(found.locations("a.io"), ["//x s:80", "// d:80"]);
    assert_eq!(found.locations(""), ["// d:80"]);
}

#[test]
fn paths_that_two_ingresses_claim_go_to_the_first() {
    let text = ingress("a", &[], &["a.io P /x s"]) + &ingress("b", &[], &["a.io P /x t", "a.io E /x u"]);
    let found = read(&text);
    // T68, T69, T70: names downwards.
    assert_eq!(found.locations("a.io"), ["/x/ t:80", "=/x u:80", "/ 404"]);
    assert_eq!((found.with_code("MIG204").len(), found.with_code("MIG105").len()), (1, 1));
    let message = &found.with_code("MIG204")[0].message;
    assert!(message.contains("`n/a`") && message.contains("`n/b`"), "{message}");
    let older = text.replace("name: a,", "name: a, creationTimestamp: \"2020-01-01T00:00:00Z\",");
    let newer = older.replace("name: b,", "name: b, creationTimestamp: \"2021-01-01T00:00:00Z\",");
    let found = read(&newer);
    assert_eq!(found.locations("a.io"), ["/x/ s:80", "=/x u:80", "/ 404"]);
    assert!(found.with_code("MIG105").is_empty());
}

#[test]
fn certificates_follow_the_first_ingress_with_tls() {
    let certificate = |found: &Found, host: &str| {
        let certificate = found.host(host).certificate.clone()?;
        Some(certificate.secret.map_or("default".to_owned(), |secret| secret.to_string()))
    };
    // T49: b.io is named, a.io gets the default certificate.
    let text = with_spec("web", &[], &["a.io P / s", "b.io P / s"], "tls: [{hosts: [b.io], secretName: b}]");
    let found = read(&text);
    assert_eq!(certificate(&found, "a.io").as_deref(), Some("default"));
    assert_eq!(certificate(&found, "b.io").as_deref(), Some("n/b"));
    assert_eq!((found.with_code("MIG401").len(), found.with_code("MIG106").len()), (1, 1));
    let mut options = options();
    options.default_certificate = Some(gwc_core::value::ObjectKey::new("infra", "cert"));
    let found = read_class(&text, &options, "nginx");
    assert_eq!(certificate(&found, "a.io").as_deref(), Some("infra/cert"));
    // T48, T52
    let text = with_spec("a", &[], &["*.x.io P / s"], "tls: [{hosts: [\"*.x.io\"], secretName: w}]")
        + &ingress("b", &[], &["a.x.io P / s", "a.b.x.io P / s"]);
    let found = read(&text);
    assert_eq!(certificate(&found, "a.x.io").as_deref(), Some("n/w"));
    assert_eq!(certificate(&found, "a.b.x.io"), None);
    // Empty hosts: all rule hosts, while the names are not known.
    let found = read(&with_spec("a", &[], &["a.io P / s"], "tls: [{secretName: w}]"));
    assert_eq!(certificate(&found, "a.io").as_deref(), Some("n/w"));
    // T50
    let found = read(&with_spec("a", &[], &["a.io P / s"], "tls: [{hosts: [a.io]}]"));
    assert_eq!(certificate(&found, "a.io").as_deref(), Some("default"));
}

#[test]
fn hosts_say_what_a_gateway_does_otherwise() {
    // T14, T15, T17, T20
    let found = read(&ingress("web", &[], &["*.a.io P / s", "x.a.io P /y t", "- P /x h"]));
    assert_eq!((found.with_code("MIG201").len(), found.with_code("MIG202").len()), (1, 2));
    assert!(found.allows(&Place::Host("*.a.io".into()), &Kind::DeeperName));
    assert_eq!(found.locations(""), ["/x/ h:80", "=/x h:80"]);
    // T57: www and the host of its own.
    let www = [("from-to-www-redirect", "true")];
    let found = read(&ingress("web", &www, &["a.io P / s"]));
    assert_eq!(found.host("a.io").www.as_ref().map(|(name, _)| name.as_str()), Some("www.a.io"));
    let found = read(&ingress("web", &www, &["a.io P / s", "www.a.io P / s"]));
    assert!(found.hosts.iter().all(|host| host.www.is_none()));
    assert_eq!(found.code("from-to-www-redirect"), "MIG505");
    // T61, T62
    let through = ingress("web", &[("ssl-passthrough", "true")], &["a.io P / s", "a.io P /x r"]);
    let found = read(&through);
    assert_eq!((found.host("a.io").passthrough.as_ref(), found.code("ssl-passthrough")), (None, "MIG505"));
    assert_eq!(found.with_code("MIG107").len(), 1);
    let mut options = options();
    options.controller_flags = Some([("enable-ssl-passthrough".to_owned(), String::new())].into());
    let found = read_class(&through, &options, "nginx");
    let port = found.host("a.io").passthrough.as_ref().map(|(port, _)| port.service.name.as_str());
    assert_eq!((port, found.code("ssl-passthrough")), (Some("s"), "MIG501"));
}

#[test]
fn ingresses_that_are_not_selected_shape_hosts_and_say_little() {
    let text = ingress("a", &[("use-regex", "true"), ("limit-rps", "5")], &["a.io P /x s"])
        + &ingress("b", &[], &["a.io P /y t"]);
    let mut options = options();
    options.chosen = Some([gwc_core::value::ObjectKey::new("n", "b")].into());
    let found = read_class(&text, &options, "nginx");
    assert!(found.host("a.io").is_regex);
    assert_eq!(found.with_code("MIG208").len(), 1);
    assert!(found.with_code("MIG511").is_empty());
    let at = found.names.iter().position(|name| name == "n/a").unwrap();
    assert!(found.allows(&Place::Ingress(at), &Kind::Dropped));
    let of_a = found.report.items().iter().filter(|item| matches!(item.fact, Fact::Annotation(_)));
    assert_eq!(of_a.count(), 0);
}

#[test]
fn annotations_of_other_tools_go_on_or_are_named() {
    let text = ingress("web", &[], &["a.io P / s"]).replace(
        "annotations: {",
        "annotations: {cert-manager.io/cluster-issuer: le, external-dns.alpha.kubernetes.io/target: t, kubernetes.io/tls-acme: \"true\", example.com/api-token: abc, ",
    );
    let found = read(&text);
    let foreign: Vec<&str> = found.of("web").foreign.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(foreign, ["cert-manager.io/cluster-issuer", "external-dns.alpha.kubernetes.io/target"]);
    let item =
        |key: &str| found.report.items().iter().find(|item| item.fact == Fact::Annotation(key.to_owned())).unwrap();
    assert_eq!(item("kubernetes.io/tls-acme").code.map(|code| code.number), Some("MIG504"));
    assert!(!item("example.com/api-token").value.contains("abc"));
    // The annotations of one controller mean nothing to another.
    let text = with_spec("web", &[("rewrite-target", "/")], &["a.io P / s"], "ingressClassName: other");
    let found = read_class(&text, &options(), "other");
    assert_eq!((found.code("rewrite-target"), found.of("web").rewrite_target.as_ref()), ("MIG505", None));
}

/// Values that the keys take, and some that they do not.
const VALUES: [&str; 24] = [
    "true",
    "false",
    "on",
    "off",
    "0",
    "5",
    "-1",
    "301",
    "308",
    "/x",
    "/$1",
    "https://b.io/x",
    "http://m.o.svc:8080$uri",
    "10.0.0.0/8",
    "10.0.0.0/99",
    "n/name",
    "cookie",
    "basic",
    "digest",
    "*",
    "HTTPS",
    "GRPC",
    "deny all;",
    "  ",
];

/// Many Ingresses that share hosts and Services, and the annotations that stand in them.
fn crowd(seed: u64, n_ingresses: usize, keys: &[&str], hosts: &[&str]) -> (String, Vec<(String, String)>) {
    let mut state = seed;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % n
    };
    let paths = ["/", "/x", "/x/", "/y.*", "/z(/|$)(.*)"];
    let (mut text, mut written) = (String::new(), Vec::new());
    for at in 0..n_ingresses {
        let mut own: Vec<(&str, &str)> = Vec::new();
        for _ in 0..next(9) {
            let key = keys[next(keys.len())];
            if own.iter().all(|(other, _)| *other != key) {
                own.push((key, VALUES[next(VALUES.len())]));
            }
        }
        if next(4) == 0 && own.iter().all(|(key, _)| *key != "canary") {
            own.push(("canary", "true"));
        }
        let name = format!("i{at}");
        written.extend(own.iter().map(|(key, _)| (name.clone(), format!("nginx.ingress.kubernetes.io/{key}"))));
        let rules: Vec<String> = (0..next(3))
            .map(|_| {
                let (host, path) = (hosts[next(hosts.len())], paths[next(5)]);
                format!("{host} {} {path} {}", ["P", "E", "I"][next(3)], ["s", "t", "u"][next(3)])
            })
            .collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let default = "defaultBackend: {service: {name: d, port: {number: 80}}}, ";
        let tls = "tls: [{hosts: [a.io, \"*.c.io\"], secretName: t}]";
        let default = if rules.is_empty() || next(5) == 0 { default } else { "" };
        let tls = if next(6) == 0 { tls } else { "" };
        text += &with_spec(&name, &own, &rules, &format!("{default}{tls}"));
    }
    (text, written)
}

const HOSTS: [&str; 6] = ["a.io", "b.io", "*.c.io", "x.c.io", "-", "www.a.io"];

#[test]
fn every_annotation_has_exactly_one_item() {
    let mut keys: Vec<&str> = gwc_core::migrate::annotation::annotations().map(|row| row.key).collect();
    keys.extend(["limit-whitelist", "whitelist-source-range", "typo-key", "secure-backends"]);
    let (text, mut written) = crowd(7, 400, &keys, &HOSTS);
    let found = read(&text);
    assert_eq!(found.names.len(), 400);
    let mut reported: Vec<(String, String)> = found
        .report
        .items()
        .iter()
        .filter_map(|item| match &item.fact {
            Fact::Annotation(key) => Some((item.source.object.name.to_string(), key.clone())),
            Fact::Field(_) | Fact::Default(_) | Fact::Setting(_) => None,
        })
        .collect();
    reported.sort();
    written.sort();
    assert_eq!(reported, written);
    // Everything that is said is said in the form of the house.
    for item in found.report.items() {
        let message = item.message.as_str();
        assert!(message.chars().count() <= 120, "{message}");
        assert!(!message.ends_with('.'), "{message}");
        assert!(item.code.is_none() || !message.is_empty(), "{item:?}");
    }
    assert!(numbers(&found).len() > 400);
}

#[test]
fn annotations_that_act_on_others_name_them() {
    // T26, and stickiness of a Service that another Ingress uses too.
    let text = ingress("a", &[("use-regex", "true"), ("affinity", "cookie")], &["a.io I /a.* s"])
        + &ingress("b", &[], &["a.io P /foo s", "b.io P /x t"]);
    let found = read(&text);
    let spill = found.with_code("MIG510");
    assert_eq!(spill.len(), 2, "{spill:?}");
    assert!(spill.iter().all(|item| item.affects == ["Ingress/n/b"] && item.source.object.name == "a"));
    assert_eq!(found.annotation("use-regex").affects, ["Ingress/n/b"]);
    let at = found.names.iter().position(|name| name == "n/b").unwrap();
    assert!(found.allows(&Place::Ingress(at), &Kind::Policy(Dimension::Affinity)));
    // Nobody else is reached.
    let found =
        read(&ingress("a", &[("use-regex", "true"), ("affinity", "cookie")], &["a.io I /a.* s", "a.io P /b s"]));
    assert!(found.with_code("MIG510").is_empty());
}

#[test]
fn snippets_are_read_on_request() {
    // T108
    let text = ingress("web", &[("configuration-snippet", "add_header X-A b;\n")], &["a.io P / s"]);
    let found = read(&text);
    assert_eq!(found.of("web").snippet, None);
    let severity = |found: &Found| found.annotation("configuration-snippet").severity;
    assert_eq!((found.code("configuration-snippet"), severity(&found)), ("MIG508", Severity::Error));
    let mut options = options();
    options.choices.insert(gwc_core::migrate::options::Choice::ReadSnippets);
    let found = read_class(&text, &options, "nginx");
    let snippet = found.of("web").snippet.as_ref().map(|one| one.value.response_set.as_slice());
    assert_eq!(snippet, Some(&[("X-A".into(), "b".into())][..]));
    assert_eq!((found.code("configuration-snippet"), severity(&found)), ("MIG508", Severity::Warning));
    // One that refuses stays what it is.
    let text = text.replace("add_header X-A b;\\n", "deny all;");
    let found = read_class(&text, &options, "nginx");
    assert_eq!((found.of("web").snippet.is_none(), found.of("web").lost.len()), (true, 1));
}

#[test]
fn what_the_controller_does_by_itself_is_said_once() {
    let text = with_spec("a", &[], &["a.io P / s"], "tls: [{hosts: [a.io], secretName: t}]")
        + &ingress("b", &[], &["b.io P / s"]);
    let found = read(&text);
    let defaults: Vec<&str> = found
        .report
        .items()
        .iter()
        .filter_map(|item| match item.fact {
            Fact::Default(name) => Some(name),
            Fact::Annotation(_) | Fact::Field(_) | Fact::Setting(_) => None,
        })
        .collect();
    let mut once = defaults.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), defaults.len(), "{defaults:?}");
    assert!(defaults.contains(&"hsts") && defaults.contains(&"proxy-body-size"));
    assert!(found.allows(&Place::Host("b.io".into()), &Kind::Certificate));
    assert!(!found.allows(&Place::Host("a.io".into()), &Kind::Certificate));
    // Without TLS there was no such header.
    let found = read(&ingress("b", &[], &["b.io P / s"]));
    assert!(!found.report.items().iter().any(|item| item.fact == Fact::Default("hsts")));
}

#[test]
fn no_text_breaks_the_reader() {
    let mut state: u64 = 11;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    let alphabet: Vec<char> = "aé0/.*:$,;(){}[]|~@?&=\\ \"'-_%\u{1f600}".chars().collect();
    let keys: Vec<&str> = gwc_core::migrate::annotation::annotations().map(|row| row.key).collect();
    let mut options = options();
    options.choices.insert(gwc_core::migrate::options::Choice::ReadSnippets);
    let mut text = String::new();
    for at in 0..300 {
        let mut word = |most: usize| -> String {
            let n = next(most);
            (0..n).map(|_| alphabet[next(alphabet.len())]).collect()
        };
        let values = [word(120), word(12), word(6), word(30)];
        let own: Vec<(&str, &str)> =
            values.iter().enumerate().map(|(i, value)| (keys[(at * 4 + i) % keys.len()], value.as_str())).collect();
        text += &ingress(&format!("i{at}"), &own, &["a.io P /x s", "b.io I /y(.*) t"]);
    }
    let found = read_class(&text, &options, "nginx");
    assert_eq!(found.names.len(), 300);
    let n_annotations = found.report.items().iter().filter(|item| matches!(item.fact, Fact::Annotation(_))).count();
    assert_eq!(n_annotations, 1200);
    for item in found.report.items() {
        assert!(item.message.chars().count() <= 120, "{}", item.message);
    }
}

/// Keys that decide about hosts and locations.
const SHAPING: [&str; 14] = [
    "rewrite-target",
    "use-regex",
    "app-root",
    "canary",
    "canary-weight",
    "server-alias",
    "from-to-www-redirect",
    "permanent-redirect",
    "limit-allowlist",
    "auth-url",
    "ssl-redirect",
    "force-ssl-redirect",
    "proxy-ssl-secret",
    "enable-cors",
];

/// The model of the controller, written apart: rendered locations and certificates of each host.
fn model(text: &str) -> Vec<String> {
    let graph = graph(&format!("{CLASSES}{text}"));
    let ingresses: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
    let selected = select(&ingresses, &classes, &Choice::default());
    let list = selected.read.get(&(Controller::IngressNginx, "nginx".into())).expect("the class");
    let (services, secrets, config_maps) = Default::default();
    let world = World { ingresses: list, services: &services, secrets: &secrets, config_maps: &config_maps };
    let servers = Servers::compile(&world, Config::default());
    let mut lines = Vec::new();
    for host in servers.hosts() {
        let name = if host == "_" { "" } else { host };
        let mut seen = std::collections::BTreeSet::new();
        for one in servers.rendered(host) {
            let form = match one.form {
                nginx::Form::Exact => "=",
                nginx::Form::Prefix => "",
                nginx::Form::Regex => "~",
            };
            let to = one.backend.map_or("404".to_owned(), |to| format!("{}:{}", to.service.name, to.port));
            let line = format!("{name} {form}{} {to}", one.path);
            // Of two locations of one name the first counts.
            if form == "~" || seen.insert(format!("{form}{}", one.path)) {
                lines.push(line);
            }
        }
        let certificate = servers.certificate(host).map(|one| match one {
            Certificate::Secret(secret) => secret.to_string(),
            Certificate::Default => "default".to_owned(),
        });
        lines.push(format!("{name} {:?} {:?}", certificate, servers.app_root(host)));
    }
    lines.retain(|line| line != " / 404" && line != " None None");
    lines.sort();
    lines
}

fn converter(text: &str) -> Vec<String> {
    let found = read(text);
    let mut lines = Vec::new();
    for host in &found.hosts {
        let name = host.name.as_deref().unwrap_or_default();
        lines.extend(found.locations(name).into_iter().map(|line| format!("{name} {line}")));
        let certificate = host.certificate.as_ref();
        let certificate =
            certificate.map(|one| one.secret.as_ref().map_or("default".to_owned(), |secret| secret.to_string()));
        let root = host.app_root.as_ref().map(|(root, _)| root.value.as_str());
        lines.push(format!("{name} {certificate:?} {root:?}"));
    }
    lines.retain(|line| line != " / 404" && line != " None None");
    lines.sort();
    lines
}

#[test]
fn the_converter_sees_the_hosts_of_the_model() {
    for seed in 0..60 {
        let (text, _) = crowd(seed, 12, &SHAPING, &HOSTS);
        assert_eq!(converter(&text), model(&text), "seed {seed}\n{text}");
    }
}
