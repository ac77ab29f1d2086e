//! Ingresses in short, and the rules that they become as lines that a reader can check.
//!
//! A line is `sections[ redirect|other] match[ {headers}] [filters] → backends`; a rule without backends that redirects
//! nowhere is `closed CODE`.

use std::collections::BTreeMap;

use gwc_core::ingress::select::{Choice, Controller, select};
use gwc_core::migrate::render::model::{Backend, Filter, Match, PathChange, PathKind, Rule};
use gwc_core::migrate::rules::{self, Planned, Role, Sections};
use gwc_core::migrate::{Cx, Item, Options, site};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::prove::{Allowance, Kind};
use gwc_core::source::{Origin, Role as SourceRole, Source, SourceMap};

/// Rules and report of a class.
pub(crate) struct Found {
    pub(crate) planned: Vec<Planned>,
    pub(crate) items: Vec<Item>,
    allowances: Vec<Allowance>,
}

/// An Ingress `n/name` of `a.io`.
pub(crate) struct Ing {
    name: &'static str,
    host: &'static str,
    annotations: Vec<(&'static str, String)>,
    paths: Vec<String>,
    tls: Option<&'static str>,
    backend: Option<&'static str>,
}

pub(crate) fn ing(name: &'static str) -> Ing {
    Ing { name, host: "a.io", annotations: Vec::new(), paths: Vec::new(), tls: None, backend: None }
}

impl Ing {
    /// `P /foo s`, `E /foo s`, `I /foo s`.
    pub(crate) fn path(mut self, path: &str) -> Self {
        self.paths.push(path.to_owned());
        self
    }

    pub(crate) fn set(mut self, key: &'static str, value: &str) -> Self {
        self.annotations.push((key, value.to_owned()));
        self
    }

    pub(crate) fn host(mut self, host: &'static str) -> Self {
        self.host = host;
        self
    }

    pub(crate) fn tls(mut self) -> Self {
        self.tls = Some("cert");
        self
    }

    pub(crate) fn default_backend(mut self, name: &'static str) -> Self {
        self.backend = Some(name);
        self
    }

    fn yaml(&self) -> String {
        let mut text = format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {}\n  namespace: 'n'\n",
            self.name
        );
        if !self.annotations.is_empty() {
            text.push_str("  annotations:\n");
            for (key, value) in &self.annotations {
                text.push_str(&format!("    nginx.ingress.kubernetes.io/{key}: '{}'\n", value.replace('\'', "''")));
            }
        }
        text.push_str("spec:\n  ingressClassName: nginx\n");
        if let Some(secret) = self.tls {
            text.push_str(&format!("  tls: [{{hosts: [{}], secretName: {secret}}}]\n", self.host));
        }
        if let Some(name) = self.backend {
            text.push_str(&format!("  defaultBackend: {{service: {{name: {name}, port: {{number: 80}}}}}}\n"));
        }
        if self.paths.is_empty() {
            return text;
        }
        text.push_str("  rules:\n  - ");
        if !self.host.is_empty() {
            text.push_str(&format!("host: '{}'\n    ", self.host));
        }
        text.push_str("http:\n      paths:\n");
        for path in &self.paths {
            let (kind, rest) = path.split_once(' ').expect("type, path and service");
            let (path, service) = rest.rsplit_once(' ').expect("type, path and service");
            let kind = match kind {
                "P" => "Prefix",
                "E" => "Exact",
                _ => "ImplementationSpecific",
            };
            text.push_str(&format!(
                "      - {{path: '{}', pathType: {kind}, backend: {{service: {{name: {service}, port: {{number: 80}}}}}}}}\n",
                path.replace('\'', "''")
            ));
        }
        text
    }
}

pub(crate) fn options() -> Options {
    Options::new(Target { bundle: Bundle::V1_6, channel: Channel::Standard })
}

pub(crate) fn plan(ingresses: &[Ing]) -> Found {
    plan_with(ingresses, &options())
}

pub(crate) fn text(ingresses: &[Ing]) -> String {
    let class = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: nginx}\nspec: {controller: k8s.io/ingress-nginx}\n";
    ingresses.iter().fold(class.to_owned(), |text, one| text + &one.yaml())
}

pub(crate) fn plan_with(ingresses: &[Ing], options: &Options) -> Found {
    plan_text(&text(ingresses), options)
}

pub(crate) fn plan_text(text: &str, options: &Options) -> Found {
    let mut sources = SourceMap::new();
    sources.add(Source::from_bytes("a.yaml", Origin::Memory, SourceRole::Checked, true, text.into()));
    let compiled = gwc_core::compile(&sources, &Profile::new(WorldMode::Open, 0));
    let graph = compiled.graph;
    let ingresses: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    assert_eq!(ingresses.len(), text.matches("kind: Ingress\n").count(), "{text}\n{:?}", compiled.diagnostics);
    let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
    let selected = select(&ingresses, &classes, &Choice::default());
    let mut cx = Cx::new(options, &graph);
    let own = selected.read.get(&(Controller::IngressNginx, "nginx".into())).cloned().unwrap_or_default();
    let site = site::site("nginx", Controller::IngressNginx, &own, &mut cx);
    let planned = rules::plan(&site, &mut cx);
    let allowances = cx.report.allowances().iter().cloned().collect();
    Found { planned, items: cx.report.items().to_vec(), allowances }
}

impl Found {
    /// The rules in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.planned.iter().flat_map(|planned| planned.rules.iter().map(|rule| self.line(planned, rule))).collect()
    }

    fn line(&self, planned: &Planned, rule: &Rule) -> String {
        let sections = match planned.sections {
            Sections::Http => "http",
            Sections::Https => "https",
            Sections::Both => "both",
        };
        let role = match planned.role {
            Role::Main => "",
            Role::Redirect => " redirect",
            Role::OtherName => " other",
        };
        let matches: Vec<String> = rule.matches.iter().map(matching).collect();
        let filters: Vec<String> = rule.filters.iter().map(filter).collect();
        let filters = if filters.is_empty() { String::new() } else { format!(" [{}]", filters.join(", ")) };
        let backends: Vec<String> = rule.backends.iter().map(backend).collect();
        let is_redirect = rule.filters.iter().any(|filter| matches!(filter, Filter::Redirect(_)));
        let end = match (backends.is_empty(), is_redirect, planned.closed) {
            (true, true, _) => String::new(),
            (true, false, Some(item)) => format!(" closed {}", self.items[item.0].code.map_or("-", |code| code.number)),
            (true, false, None) => " closed without a word".to_owned(),
            (false, ..) => format!(" → {}", backends.join(" ")),
        };
        format!("{sections}{role} {}{filters}{end}", matches.join(" | "))
    }

    /// Codes of findings with the number of items that have them, but for those that every class has.
    pub(crate) fn codes(&self) -> BTreeMap<&'static str, usize> {
        let mut codes = BTreeMap::new();
        for code in self.items.iter().filter_map(|item| item.code) {
            *codes.entry(code.number).or_insert(0) += 1;
        }
        codes
    }

    /// The first item of a code.
    #[track_caller]
    pub(crate) fn item(&self, code: &str) -> &Item {
        let found = self.items.iter().find(|item| item.code.is_some_and(|own| own.number == code));
        found.unwrap_or_else(|| panic!("no {code} in {:?}", self.codes()))
    }

    pub(crate) fn allows(&self, kind: &Kind) -> bool {
        self.allowances.iter().any(|one| one.kind == *kind)
    }
}

fn matching(one: &Match) -> String {
    let (kind, value) = &one.path;
    let sign = match kind {
        PathKind::Exact => '=',
        PathKind::Prefix => '^',
        PathKind::Regex => '~',
    };
    let headers: Vec<String> = one
        .headers
        .iter()
        .map(|header| format!("{}{}{}", header.name, if header.is_regex { "~" } else { "=" }, header.value))
        .collect();
    let headers = if headers.is_empty() { String::new() } else { format!(" {{{}}}", headers.join(", ")) };
    format!("{sign}{value}{headers}")
}

fn change(change: &PathChange) -> String {
    match change {
        PathChange::Full(path) => format!("full {path}"),
        PathChange::Prefix(path) => format!("prefix {path}"),
    }
}

fn filter(filter: &Filter) -> String {
    match filter {
        Filter::RequestHeaders(change) => format!("request {:?} {:?}", change.set, change.remove),
        Filter::ResponseHeaders(change) => format!("response {:?} {:?}", change.set, change.remove),
        Filter::ExternalAuth(auth) => {
            format!("auth {} {} {}", backend(&auth.backend), auth.path, auth.response_headers.join(" "))
        }
        Filter::Mirror(to) => format!("mirror {}", backend(to)),
        Filter::Redirect(redirect) => {
            let mut words = vec![redirect.status.unwrap_or(302).to_string()];
            words.extend(redirect.scheme.clone());
            words.extend(redirect.hostname.clone());
            words.extend(redirect.port.map(|port| port.to_string()));
            words.extend(redirect.path.as_ref().map(change));
            words.join(" ")
        }
        Filter::Rewrite { hostname, path } => {
            let hostname = hostname.as_ref().map(|name| format!("host {name}"));
            hostname.into_iter().chain(path.as_ref().map(change)).collect::<Vec<_>>().join(" ")
        }
        Filter::Cors(cors) => {
            let credentials = if cors.has_credentials { " credentials" } else { "" };
            format!("cors {}{credentials} {} {}", cors.origins.join(" "), cors.methods.len(), cors.max_age.unwrap_or(5))
        }
    }
}

fn backend(backend: &Backend) -> String {
    let namespace = backend.namespace.as_ref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
    let weight = backend.weight.map(|weight| format!("*{weight}")).unwrap_or_default();
    format!("{namespace}{}{weight}", backend.name)
}

/// Compares lines as one text, which reads better when they differ.
#[track_caller]
pub(crate) fn assert_lines(found: &Found, expected: &[&str]) {
    assert_eq!(found.lines().join("\n"), expected.join("\n"));
}
