//! The converter's reading of a class: annotations as settings with one report item for each, and the hosts, locations,
//! canaries and certificates that the Ingresses make together (ingress-migrate.md §2.4 to §2.9, §3.1, §3.2, §3.8, §9).

use gwc_core::graph::Graph;
use gwc_core::ingress::select::{Choice, Controller, select};
use gwc_core::migrate::item::{Fact, Item};
use gwc_core::migrate::settings::{Settings, TlsRedirect};
use gwc_core::migrate::site::{self, Form, Host, Site, To};
use gwc_core::migrate::{Cx, Options, Report};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
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
