//! From rules to objects: listeners, names, parents, pieces. Rules and certificates are given by hand, so that a test
//! says what it is about.

use std::fmt::Write;

use gwc_core::Compilation;
use gwc_core::graph::Graph;
use gwc_core::ingress::select::{Choice, Selected, select};
use gwc_core::migrate::assemble::assemble;
use gwc_core::migrate::item::{Item, ItemId};
use gwc_core::migrate::render::model::{
    Backend, Filter, Gateway, HttpRoute, Listener, Manifest, Match, Namespaces, PathChange, PathKind, Protocol,
    Redirect, Rule,
};
use gwc_core::migrate::rules::{Planned, Role, Sections};
use gwc_core::migrate::site::{self, Certificate, Origin, Site};
use gwc_core::migrate::{Cx, Options};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin as SourceOrigin, Role as SourceRole, Source, SourceMap};
use gwc_core::value::ObjectKey;

pub(crate) fn options() -> Options {
    let options = Options::new(Target { bundle: Bundle::V1_6, channel: Channel::Standard });
    Options { classes: [("nginx".into(), "eg".into())].into(), ..options }
}

pub(crate) fn compiled(text: &str) -> Compilation {
    let mut sources = SourceMap::new();
    let source = Source::from_bytes("in.yaml", SourceOrigin::Memory, SourceRole::Checked, true, text.into());
    sources.add(source);
    gwc_core::compile(&sources, &Profile::new(WorldMode::Open, 0))
}

pub(crate) fn selected(graph: &Graph) -> Selected<'_> {
    let ingresses: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
    select(&ingresses, &classes, &Choice::default())
}

/// An Ingress of class nginx; each host has its paths, each path goes to the Service of the same position.
pub(crate) fn ingress(name: &str, hosts: &[(&str, &[&str])]) -> String {
    let (namespace, name) = name.split_once('/').unwrap_or(("n", name));
    let mut text = format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: {name}, namespace: \"{namespace}\"}}\n\
         spec:\n  ingressClassName: nginx\n  rules:\n"
    );
    for (host, paths) in hosts {
        let host = if host.is_empty() { String::new() } else { format!("host: \"{host}\", ") };
        let paths: Vec<String> = paths
            .iter()
            .map(|path| {
                let backend = "backend: {service: {name: s, port: {number: 80}}}";
                format!("{{path: \"{path}\", pathType: Prefix, {backend}}}")
            })
            .collect();
        let _ = writeln!(text, "  - {{{host}http: {{paths: [{}]}}}}", paths.join(", "));
    }
    text
}

/// What came out.
pub(crate) struct Out {
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) items: Vec<Item>,
    pub(crate) hosts: Vec<(String, ObjectKey)>,
}

impl Out {
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |one: &Manifest| format!("{} {}/{}", one.kind(), one.meta().namespace, one.meta().name);
        self.manifests.iter().map(name).collect()
    }

    pub(crate) fn gateway(&self, name: &str) -> &Gateway {
        let gateways = self
            .manifests
            .iter()
            .filter_map(|one| if let Manifest::Gateway(gateway) = one { Some(gateway) } else { None });
        gateways.into_iter().find(|one| one.meta.name == name).expect(name)
    }

    pub(crate) fn routes(&self) -> Vec<&HttpRoute> {
        let routes = self
            .manifests
            .iter()
            .filter_map(|one| if let Manifest::HttpRoute(route) = one { Some(route) } else { None });
        routes.collect()
    }

    pub(crate) fn route(&self, name: &str) -> &HttpRoute {
        self.routes().into_iter().find(|route| route.meta.name == name).expect(name)
    }

    pub(crate) fn codes(&self) -> Vec<&str> {
        self.items.iter().filter_map(|item| item.code).map(|code| code.number).collect()
    }
}

/// Assembles what `plan` makes of the site of a text.
fn run(text: &str, options: &Options, plan: impl FnOnce(&mut Site<'_>, &mut Cx<'_, '_>) -> Vec<Planned>) -> Out {
    let compilation = compiled(text);
    let selected = selected(&compilation.graph);
    let ((controller, class), ingresses) = selected.read.iter().next().unwrap_or_else(|| panic!("no class in\n{text}"));
    let mut cx = Cx::new(options, &compilation.graph);
    let mut site = site::site(class, *controller, ingresses, &mut cx);
    let start = cx.report.items().len();
    let planned = plan(&mut site, &mut cx);
    let assembled = assemble(&site, planned, &mut cx);
    let hosts = assembled.hosts.into_iter().map(|(host, gateway)| (host.to_string(), gateway)).collect();
    Out { manifests: assembled.manifests, items: cx.report.items()[start..].to_vec(), hosts }
}

fn at(kind: PathKind, path: &str) -> Match {
    Match { path: (kind, path.into()), headers: Vec::new(), method: None }
}

fn to(service: &str, path: &str) -> Rule {
    let backend = Backend { namespace: None, name: service.into(), port: 80, weight: None };
    Rule { matches: vec![at(PathKind::Prefix, path)], backends: vec![backend], ..Rule::default() }
}

fn redirecting(path: &str) -> Rule {
    let redirect = Redirect { scheme: Some("https".into()), status: Some(308), ..Redirect::default() };
    Rule { matches: vec![at(PathKind::Prefix, path)], filters: vec![Filter::Redirect(redirect)], ..Rule::default() }
}

fn planned(host: usize, sections: Sections, role: Role, rule: Rule) -> Planned {
    Planned {
        host,
        owner: 0,
        origin: Origin::Implicit,
        sections,
        role,
        rules: vec![rule],
        rank: None,
        is_grpc: false,
        h2c: Vec::new(),
        tls_to: Vec::new(),
        closed: None,
        items: Vec::new(),
    }
}

/// Each host has a rule for `/`, on both sections.
fn open(site: &Site<'_>) -> Vec<Planned> {
    let hosts = site.hosts.iter().enumerate();
    hosts
        .map(|(at, host)| Planned {
            owner: host.introduced_by,
            ..planned(at, Sections::Both, Role::Main, to("s", "/"))
        })
        .collect()
}

/// Each host has a certificate, a rule on HTTPS, and the redirect to it.
fn tls(site: &mut Site<'_>) -> Vec<Planned> {
    let mut out = Vec::new();
    for (at, host) in site.hosts.iter_mut().enumerate() {
        let member = host.introduced_by;
        host.certificate = Some(Certificate { secret: Some(ObjectKey::new("n", "tls")), member });
        out.push(Planned { owner: member, ..planned(at, Sections::Https, Role::Main, to("s", "/")) });
        out.push(Planned { owner: member, ..planned(at, Sections::Http, Role::Redirect, redirecting("/")) });
    }
    out
}

fn sections(route: &HttpRoute) -> Vec<&str> {
    route.parents.iter().map(|parent| parent.section.as_str()).collect()
}

fn listeners(list: &[Listener]) -> Vec<&str> {
    list.iter().map(|listener| listener.name.as_str()).collect()
}

/// T44: the redirect is on the HTTP section only, and never on the route of the HTTPS section.
#[test]
fn a_host_with_a_certificate_gets_two_routes() {
    let out = run(&ingress("web", &[("a.io", &["/"])]), &options(), |site, _| tls(site));
    let grant = "ReferenceGrant n/gwc-nginx-from-gateway-infra";
    assert_eq!(out.names(), ["Gateway gateway-infra/nginx", grant, "HTTPRoute n/web", "HTTPRoute n/web-redirect"]);
    assert_eq!(listeners(&out.gateway("nginx").listeners), ["http", "https-a-io"]);
    assert_eq!((sections(out.route("web")), sections(out.route("web-redirect"))), (vec!["https-a-io"], vec!["http"]));
    let https = out.gateway("nginx").listeners.last().unwrap();
    let certificate = (Some("n".into()), "tls".into());
    assert_eq!(https.protocol, Protocol::Https { certificate, is_mode_written: false });
    assert_eq!(https.routes, Namespaces::Named(["n".into()].into()));
}

/// T46: without a redirect one route stands on both sections.
#[test]
fn the_same_rules_on_both_sections_are_one_route() {
    let out = run(&ingress("web", &[("a.io", &["/"])]), &options(), |site, _| {
        let _ = tls(site);
        open(site)
    });
    assert_eq!(out.routes().len(), 1, "{:?}", out.names());
    assert_eq!(sections(out.route("web")), ["http", "https-a-io"]);
}

/// T47: where only some rules redirect, each section has a list of its own.
#[test]
fn mixed_redirects_divide_the_sections() {
    let out = run(&ingress("web", &[("a.io", &["/"])]), &options(), |site, _| {
        let _ = tls(site);
        vec![
            planned(0, Sections::Https, Role::Main, to("s", "/x")),
            planned(0, Sections::Both, Role::Main, to("r", "/y")),
            planned(0, Sections::Http, Role::Redirect, redirecting("/x")),
        ]
    });
    let paths = |name: &str| -> Vec<String> {
        out.route(name).rules.iter().flat_map(|rule| &rule.matches).map(|one| one.path.1.clone()).collect()
    };
    assert_eq!((paths("web"), sections(out.route("web"))), (vec!["/x".into(), "/y".into()], vec!["https-a-io"]));
    assert_eq!(
        (paths("web-redirect"), sections(out.route("web-redirect"))),
        (vec!["/y".into(), "/x".into()], vec!["http"])
    );
}

/// T15, T16: names of hosts that look alike are different, and nothing is overwritten.
#[test]
fn hosts_that_look_alike_have_names_of_their_own() {
    let hosts: [(&str, &[&str]); 5] =
        [("a.io", &["/"]), ("*.a.io", &["/"]), ("a-b.c.io", &["/"]), ("a.b-c.io", &["/"]), ("a.b.c.io", &["/"])];
    let out = run(&ingress("web", &hosts), &options(), |site, _| {
        let mut list = tls(site);
        for (position, one) in list.iter_mut().enumerate() {
            one.rules = vec![to(&format!("s{position}"), "/")];
        }
        list
    });
    let names: std::collections::BTreeSet<String> = out.names().into_iter().collect();
    assert_eq!(names.len(), 2 + 5 * 2, "{:?}", out.names());
    assert!(names.contains("HTTPRoute n/web-wildcard-a-io") && names.contains("HTTPRoute n/web-a-io"), "{names:?}");
    assert_eq!(out.gateway("nginx").listeners.len(), 1 + 5);
    assert!(!out.codes().contains(&"MIG605"));
}

/// T17: a request for a host never falls to the rules of no host.
#[test]
fn hosts_below_wider_rules_have_listeners_of_their_own() {
    let text = ingress("web", &[("", &["/x"]), ("a.io", &["/y"])]);
    let out = run(&text, &options(), |site, _| open(site));
    assert_eq!(listeners(&out.gateway("nginx").listeners), ["http-a-io", "http"]);
    assert_eq!((sections(out.route("web")), sections(out.route("web-a-io"))), (vec!["http"], vec!["http-a-io"]));
    assert!(out.route("web").hostnames.is_empty());
    assert_eq!(out.codes(), ["MIG202"]);
    // A wildcard is wide for the names below it alone.
    let text = ingress("web", &[("*.a.io", &["/x"]), ("b.a.io", &["/y"]), ("c.io", &["/"])]);
    let out = run(&text, &options(), |site, _| open(site));
    let names = listeners(&out.gateway("nginx").listeners);
    assert_eq!(names, ["http-wildcard-a-io", "http-b-a-io", "http"]);
    assert_eq!(out.routes().len(), 1, "{:?}", out.names());
    assert_eq!(sections(out.route("web")), ["http-wildcard-a-io", "http-b-a-io", "http"]);
}

/// T21: hosts with the same rules share routes of sixteen.
#[test]
fn hosts_with_the_same_rules_share_a_route() {
    let hosts: Vec<String> = (0..20).map(|at| format!("h{at:02}.io")).collect();
    let hosts: Vec<(&str, &[&str])> = hosts.iter().map(|host| (host.as_str(), &["/"][..])).collect();
    let out = run(&ingress("web", &hosts), &options(), |site, _| open(site));
    assert_eq!(out.names(), ["Gateway gateway-infra/nginx", "HTTPRoute n/web", "HTTPRoute n/web-p2"]);
    assert_eq!((out.route("web").hostnames.len(), out.route("web-p2").hostnames.len()), (16, 4));
    assert_eq!(out.codes(), ["MIG601"]);
}

/// T22, T23: the same treatment is one rule; sixteen rules are one route.
#[test]
fn rules_are_merged_and_divided() {
    let many = |n: usize, services: usize| -> Vec<Planned> {
        let rule = |at: usize| to(&format!("s{}", at % services), &format!("/p{at}"));
        (0..n).map(|at| planned(0, Sections::Both, Role::Main, rule(at))).collect()
    };
    let text = ingress("web", &[("a.io", &["/"])]);
    let out = run(&text, &options(), |_, _| many(30, 1));
    assert_eq!((out.routes().len(), out.route("web").rules.len()), (1, 1));
    assert_eq!(out.route("web").rules[0].matches.len(), 30);
    let out = run(&text, &options(), |_, _| many(40, 40));
    let n_rules: Vec<usize> = out.routes().iter().map(|route| route.rules.len()).collect();
    assert_eq!(n_rules, [16, 16, 8]);
    let out = run(&text, &options(), |_, _| many(300, 1));
    let matches = |route: &HttpRoute| -> Vec<usize> { route.rules.iter().map(|rule| rule.matches.len()).collect() };
    let n_matches: Vec<Vec<usize>> = out.routes().into_iter().map(matches).collect();
    assert_eq!(n_matches, [vec![64, 64], vec![64, 64], vec![44]]);
    // A prefix is replaced for one match only.
    let out = run(&text, &options(), |_, _| {
        let mut list = many(3, 1);
        for one in &mut list {
            one.rules[0].filters = vec![Filter::Rewrite { hostname: None, path: Some(PathChange::Prefix("/".into())) }];
        }
        list
    });
    assert_eq!(out.route("web").rules.len(), 3);
}

/// Canaries tie with their primary: their rules stay together, whatever has to be divided.
#[test]
fn rules_that_tie_stay_together() {
    let out = run(&ingress("web", &[("a.io", &["/"])]), &options(), |_, _| {
        let group = |at: usize| {
            let rules = (0..5).map(|part| to(&format!("s{at}-{part}"), &format!("/p{at}"))).collect();
            Planned { rules, ..planned(0, Sections::Both, Role::Main, Rule::default()) }
        };
        (0..7).map(group).collect()
    });
    let sizes: Vec<usize> = out.routes().iter().map(|route| route.rules.len()).collect();
    assert_eq!(sizes, [15, 15, 5]);
}

/// Regular expressions of a host come into one route in their order; two namespaces cannot have one.
#[test]
fn ranked_rules_of_a_host_share_a_route() {
    let regex = |rank: usize, owner: usize, path: &str| {
        let rule = Rule { matches: vec![at(PathKind::Regex, path)], ..to(&format!("s{rank}"), "/") };
        Planned { owner, rank: Some(rank), ..planned(0, Sections::Both, Role::Main, rule) }
    };
    let list = |_: &mut Site<'_>, _: &mut Cx<'_, '_>| vec![regex(2, 0, "c.*"), regex(0, 1, "a.*"), regex(1, 0, "b.*")];
    let one = ingress("one", &[("a.io", &["/"])]);
    let out = run(&(one.clone() + &ingress("two", &[("a.io", &["/x"])])), &options(), list);
    assert_eq!(out.routes().len(), 1, "{:?}", out.names());
    let order: Vec<&str> = out.routes()[0].rules.iter().map(|rule| rule.backends[0].name.as_str()).collect();
    assert_eq!((order, out.codes()), (vec!["s0", "s1", "s2"], vec![]));
    let out = run(&(one + &ingress("m/two", &[("a.io", &["/x"])])), &options(), list);
    assert_eq!((out.routes().len(), out.codes()), (2, vec!["MIG208", "MIG304"]));
}

/// A rule that is closed on purpose says so; GWC5001 is then no finding (§5.6).
#[test]
fn closed_rules_carry_the_annotation() {
    let out = run(&ingress("web", &[("a.io", &["/"])]), &options(), |_, cx| {
        let item = cx.report.items().first().cloned().expect("an item about the Service");
        let code = gwc_core::migrate::code::ACCESS_CONTROL_LOST;
        let id: ItemId = cx.report.add(item.finding(code, "lost"));
        let rule = Rule { backends: Vec::new(), ..to("s", "/") };
        vec![Planned { closed: Some(id), ..planned(0, Sections::Both, Role::Main, rule) }]
    });
    let annotations = &out.route("web").meta.annotations;
    assert_eq!(annotations.get("lint.gwc/ignore").map(String::as_str), Some("GWC5001=MIG511"));
    let outputs: Vec<_> = out.items.iter().flat_map(|item| &item.output).collect();
    assert!(outputs.iter().any(|output| output.object == "HTTPRoute/n/web" && output.pointer == "/spec/rules/0"));
}

/// T60: 70 hosts with certificates, with and without ListenerSets; one more host changes one object.
#[test]
fn many_listeners_are_divided_by_host() {
    let text = |n: usize| -> String {
        (0..n).map(|at| ingress(&format!("i{at:02}"), &[(&format!("h{at:02}.a.io"), &["/"])])).collect()
    };
    let with = |n: usize, bundle: Bundle| {
        let options = Options { target: Target { bundle, channel: Channel::Standard }, ..options() };
        run(&text(n), &options, |site, _| tls(site))
    };
    let out = with(70, Bundle::V1_6);
    let holders: Vec<String> = out
        .names()
        .into_iter()
        .filter(|name| !name.starts_with("HTTPRoute") && !name.starts_with("ReferenceGrant"))
        .collect();
    assert_eq!(holders, ["Gateway gateway-infra/nginx", "ListenerSet n/nginx", "ListenerSet n/nginx-b1"]);
    assert_eq!(listeners(&out.gateway("nginx").listeners), ["http"]);
    assert!(out.route("i00").parents[0].is_listener_set && !out.route("i00-redirect").parents[0].is_listener_set);
    assert_eq!(out.codes(), ["MIG602"]);
    assert!(!out.names().iter().any(|name| name.starts_with("ReferenceGrant")), "a ListenerSet is beside its Secrets");
    let old = with(70, Bundle::V1_4);
    assert_eq!(old.names().iter().filter(|name| name.starts_with("Gateway")).count(), 2);
    assert_eq!(old.gateway("nginx").listeners.len(), 36);
    // The redirect is at the address of its host.
    let holder = |route: &str| old.route(route).parents.iter().map(|parent| parent.name.clone()).collect::<Vec<_>>();
    assert_eq!(holder("i00"), holder("i00-redirect"));
    for bundle in [Bundle::V1_6, Bundle::V1_4] {
        let (before, after) = (with(70, bundle), with(71, bundle));
        // The grant says for whom it is; its entries are the same.
        let is_grant = |one: &Manifest| one.kind() == "ReferenceGrant";
        let changed = |one: &Manifest| !after.manifests.contains(one) && !is_grant(one);
        let changed: Vec<&str> =
            before.manifests.iter().filter(|one| changed(one)).map(|one| one.meta().name.as_str()).collect();
        assert_eq!(changed, ["nginx-b1"]);
    }
}

/// A route without hostnames names the open listener of every Gateway, and no more parents than the API allows.
#[test]
fn open_routes_name_every_gateway() {
    let hosts: Vec<String> = (0..2500).map(|at| format!("h{at}.a.io")).collect();
    let mut hosts: Vec<(&str, &[&str])> = hosts.iter().map(|host| (host.as_str(), &["/"][..])).collect();
    hosts.push(("", &["/"]));
    let options = Options { listeners: gwc_core::migrate::options::Listeners::Gateway, ..options() };
    let out = run(&ingress("web", &hosts), &options, |site, _| open(site));
    let n_gateways = out.names().iter().filter(|name| name.starts_with("Gateway ")).count();
    let open: Vec<usize> =
        out.routes().iter().filter(|route| route.hostnames.is_empty()).map(|route| route.parents.len()).collect();
    assert!(n_gateways > 32, "{n_gateways}");
    assert_eq!(open.iter().sum::<usize>(), n_gateways);
    assert!(open.len() > 1 && open.iter().all(|n| *n <= 32), "{open:?}");
    assert!(out.routes().iter().all(|route| route.hostnames.len() <= 16 && route.parents.len() <= 32));
}

/// Two objects of one name: both are written, under two names, and the run fails (§2.13).
#[test]
fn a_name_is_never_given_twice() {
    let text = ingress("web", &[("a.io", &["/"])]) + &ingress("web-redirect", &[("b.io", &["/"])]);
    let out = run(&text, &options(), |site, _| {
        let mut list = tls(site);
        list.retain(|one| site.hosts[one.host].name.as_deref() == Some("a.io") || one.role == Role::Main);
        list
    });
    let names: std::collections::BTreeSet<String> = out.names().into_iter().collect();
    assert_eq!((names.len(), out.routes().len()), (5, 3), "{:?}", out.names());
    let errors: Vec<&Item> =
        out.items.iter().filter(|item| item.severity == gwc_core::diagnostic::Severity::Error).collect();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.contains("`n/web-redirect` is already"), "{}", errors[0].message);
}

/// T58: one grant in the namespace of the Secrets names them, sixteen at most; T135: a GatewayClass must be known.
#[test]
fn grants_name_what_is_used() {
    let text: String =
        (0..20).map(|at| ingress(&format!("i{at:02}"), &[(&format!("h{at:02}.a.io"), &["/"])])).collect();
    let plain = Options { classes: std::collections::BTreeMap::new(), ..options() };
    let out = run(&text, &plain, |site, _| {
        let list = tls(site);
        for (at, host) in site.hosts.iter_mut().enumerate() {
            host.certificate = Some(Certificate { secret: Some(ObjectKey::new("n", format!("t{at}"))), member: at });
        }
        list
    });
    let grants: Vec<_> = out
        .manifests
        .iter()
        .filter_map(|one| {
            if let Manifest::Grant(grant) = one {
                Some((grant.meta.name.as_str(), grant.is_v1, grant.to.len()))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(grants, [("gwc-nginx-from-gateway-infra", false, 16), ("gwc-nginx-from-gateway-infra-p2", false, 4)]);
    assert_eq!(out.codes(), ["MIG109", "MIG402", "MIG402"]);
    assert_eq!(out.gateway("nginx").class, "change-me");
}

/// T61: TLS passes through to one Service; HTTP of the host stays, and nothing terminates its TLS.
#[test]
fn passthrough_has_a_listener_and_a_route_of_its_own() {
    let out = run(&ingress("web", &[("a.io", &["/"])]), &options(), |site, cx| {
        let item = ItemId(cx.report.items().len() - 1);
        let port = gwc_core::migrate::site::ServicePort {
            service: ObjectKey::new("n", "s"),
            port: 443,
            written: gwc_core::api::ingress::Port::Number(443),
        };
        site.hosts[0].certificate = Some(Certificate { secret: Some(ObjectKey::new("n", "tls")), member: 0 });
        site.hosts[0].passthrough = Some((port, item));
        open(site)
    });
    assert_eq!(listeners(&out.gateway("nginx").listeners), ["http", "tls-a-io"]);
    assert_eq!(out.names(), ["Gateway gateway-infra/nginx", "HTTPRoute n/web", "TLSRoute n/web"]);
    assert_eq!(sections(out.route("web")), ["http"]);
}

/// The origin of an object changes with what shapes it, and with nothing else.
#[test]
fn provenance_follows_what_is_converted() {
    let hash = |text: &str, options: &Options| {
        let out = run(text, options, |site, _| open(site));
        let provenance = out.route("web").meta.provenance.clone();
        provenance.map(|one| (one.hash, one.sources.into_iter().collect::<Vec<_>>().join(",")))
    };
    let text = ingress("web", &[("a.io", &["/"])]);
    let before = hash(&text, &options()).expect("an origin");
    assert_eq!((before.0.len(), before.1.as_str()), (16, "Ingress/n/web"));
    let same = [
        format!("\n\n# moved\n{text}"),
        text.replace("name: web,", "name: web, annotations: {example.com/x: some},"),
        text.clone() + &ingress("other", &[("b.io", &["/"])]),
    ];
    for text in same {
        assert_eq!(hash(&text, &options()).as_ref(), Some(&before), "{text}");
    }
    let key = "nginx.ingress.kubernetes.io/app-root";
    let others = [
        text.replace("name: web,", &format!("name: web, annotations: {{{key}: /x}},")),
        ingress("web", &[("a.io", &["/y"])]),
    ];
    for text in others {
        assert_ne!(hash(&text, &options()).map(|one| one.0).as_ref(), Some(&before.0), "{text}");
    }
    let ports = Options { http_port: 8080, ..options() };
    assert_ne!(hash(&text, &ports).as_ref(), Some(&before));
    let none = Options { choices: [gwc_core::migrate::options::Choice::NoProvenance].into(), ..options() };
    assert_eq!(hash(&text, &none), None);
}

/// A host without a listener of its own is at the first of several Gateways, not at all of them.
#[test]
fn a_host_is_at_one_address() {
    let text: String =
        (0..71).map(|at| ingress(&format!("i{at:02}"), &[(&format!("h{at:02}.a.io"), &["/"])])).collect();
    let options = Options { listeners: gwc_core::migrate::options::Listeners::Gateway, ..options() };
    let out = run(&text, &options, |site, _| {
        let mut list = tls(site);
        for host in site.hosts.iter_mut().take(1) {
            host.certificate = None;
        }
        for one in list.iter_mut().filter(|one| one.host == 0) {
            one.sections = Sections::Both;
            one.role = Role::Main;
        }
        list
    });
    let parents = |name: &str| -> Vec<String> {
        out.route(name).parents.iter().map(|parent| format!("{} {}", parent.name, parent.section)).collect()
    };
    assert_eq!(parents("i00"), ["nginx http"]);
    assert_eq!(out.hosts.iter().map(|(host, _)| host.as_str()).collect::<Vec<_>>(), ["h00.a.io"]);
}
