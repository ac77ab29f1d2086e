//! A world in YAML, and its answers as short texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use gwc_core::ingress::generic::Rules;
use gwc_core::ingress::nginx::{Config, Servers};
use gwc_core::ingress::select::{self, Choice, Controller};
use gwc_core::ingress::{Outcome, Policy, Reply, Request, Scheme, World};
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};

/// The models of one world.
pub(crate) struct Model {
    pub(crate) servers: Servers,
    rules: Rules,
}

/// A request with what is usual left out.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) url: String,
    pub(crate) method: &'static str,
    pub(crate) headers: Vec<(String, String)>,
}

impl Ask {
    pub(crate) fn get(url: &str) -> Self {
        Self { url: url.to_owned(), method: "GET", headers: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Scheme, host and target of the URL.
    pub(crate) fn parts(&self) -> (Scheme, &str, &str) {
        let (scheme, rest) = match self.url.strip_prefix("https://") {
            Some(rest) => (Scheme::Https, rest),
            None => (Scheme::Http, self.url.strip_prefix("http://").unwrap_or(&self.url)),
        };
        let at = rest.find('/').unwrap_or(rest.len());
        let (host, target) = rest.split_at(at);
        (scheme, host, target)
    }
}

impl Model {
    pub(crate) fn new(yaml: &str) -> Self {
        Self::configured(yaml, Config::default())
    }

    pub(crate) fn configured(yaml: &str, config: Config) -> Self {
        let mut sources = SourceMap::new();
        sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, yaml.into()));
        let graph = gwc_core::compile(&sources, &Profile::new(WorldMode::Open, 1_780_272_000)).graph;
        let all: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
        let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
        let services: BTreeMap<_, _> = graph.services.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
        let secrets: BTreeMap<_, _> = graph.secrets.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
        let config_maps: BTreeMap<_, _> =
            graph.config_maps.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
        let choice = Choice { unclassed: Some("nginx"), ..Choice::default() };
        let mut selected = select::select(&all, &classes, &choice);
        let own = selected.read.remove(&(Controller::IngressNginx, "nginx".into())).unwrap_or_default();
        let world = World { ingresses: &own, services: &services, secrets: &secrets, config_maps: &config_maps };
        let servers = Servers::compile(&world, config);
        let mut oldest_first = own.clone();
        select::sort(Controller::Generic, &mut oldest_first);
        let rules = Rules::compile(&World { ingresses: &oldest_first, ..world });
        Self { servers, rules }
    }

    /// The whole answer of ingress-nginx.
    pub(crate) fn reply(&self, ask: &Ask) -> Reply {
        request(ask, |request| self.servers.evaluate(request))
    }

    /// What is in force where a request is answered.
    #[track_caller]
    pub(crate) fn policy(&self, url: &str) -> Arc<Policy> {
        self.reply(&Ask::get(url)).policy.expect("a location answers")
    }

    /// Access controls that an answer has passed, as `key=value`.
    pub(crate) fn access(&self, url: &str) -> Vec<String> {
        self.reply(&Ask::get(url)).access().map(|access| format!("{}={}", access.key, access.value)).collect()
    }

    /// The answer of ingress-nginx.
    pub(crate) fn ask(&self, ask: &Ask) -> String {
        request(ask, |request| text(&self.servers.evaluate(request), request.host))
    }

    /// The answer of the text of the API.
    pub(crate) fn ask_generic(&self, ask: &Ask) -> String {
        request(ask, |request| text(&self.rules.evaluate(request), request.host))
    }

    #[track_caller]
    pub(crate) fn answers(&self, cases: &[(&str, &str)]) {
        for (url, expected) in cases {
            assert_eq!(self.ask(&Ask::get(url)), *expected, "{url}");
        }
    }
}

fn request<T>(ask: &Ask, run: impl Fn(&Request<'_>) -> T) -> T {
    let (scheme, host, target) = ask.parts();
    let headers: Vec<(&str, &str)> = ask.headers.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    run(&Request { scheme, method: ask.method, host, target, headers: &headers })
}

fn text(reply: &Reply, host: &str) -> String {
    match &reply.outcome {
        Outcome::Forward(forward) => {
            let one = forward.shares.len() == 1;
            let share = |(backend, weight): &(gwc_core::ingress::Backend, u32)| {
                let name = format!("{}:{}", backend.service, backend.port);
                if one { name } else { format!("{name}*{weight}") }
            };
            let shares: Vec<String> = forward.shares.iter().map(share).collect();
            let sent = if forward.host == host { String::new() } else { format!(" host {}", forward.host) };
            format!("{} {}{sent}", shares.join("+"), forward.target)
        }
        Outcome::Redirect { code, location } => format!("{code} {location}"),
        Outcome::Fixed { code } => code.to_string(),
        Outcome::Unknown { text } => format!("unknown {text}"),
    }
}

/// An Ingress of namespace `n`. Annotations as `key: value` lines without prefix; paths as `P /x s`, with `P`, `E` or
/// `I`, a Service and maybe `:port`; a path may be empty (`P - s`).
pub(crate) fn ingress(name: &str, annotations: &[&str], host: &str, paths: &[&str]) -> String {
    ingress_in("n", name, annotations, &[(host, paths)], "")
}

/// The same in any namespace, with several hosts, and with more lines of the spec.
pub(crate) fn ingress_in(
    namespace: &str,
    name: &str,
    annotations: &[&str],
    rules: &[(&str, &[&str])],
    more: &str,
) -> String {
    let mut text = format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {name}\n  namespace: \"{namespace}\"\n  annotations:\n    note: x\n"
    );
    for one in annotations {
        let (key, value) = one.split_once(": ").expect("`key: value`");
        text.push_str(&format!("    nginx.ingress.kubernetes.io/{key}: {value:?}\n"));
    }
    text.push_str("spec:\n  ingressClassName: nginx\n");
    text.push_str(more);
    if !rules.is_empty() {
        text.push_str("  rules:\n");
    }
    for (host, paths) in rules {
        text.push_str(&format!("  - host: {host:?}\n"));
        if !paths.is_empty() {
            text.push_str("    http:\n      paths:\n");
        }
        for path in *paths {
            text.push_str(&path_yaml(path));
        }
    }
    text
}

fn path_yaml(path: &str) -> String {
    let mut words = path.split(' ');
    let kind = match words.next() {
        Some("P") => "Prefix",
        Some("E") => "Exact",
        _ => "ImplementationSpecific",
    };
    let text = words.next().unwrap_or_default();
    let backend = words.next().unwrap_or_default();
    let (service, port) = backend.split_once(':').unwrap_or((backend, "80"));
    let port = if port.parse::<u16>().is_ok() { format!("number: {port}") } else { format!("name: {port}") };
    let text = if text == "-" { "" } else { text };
    format!(
        "      - path: {text:?}\n        pathType: {kind}\n        backend: {{service: {{name: {service}, port: {{{port}}}}}}}\n"
    )
}
