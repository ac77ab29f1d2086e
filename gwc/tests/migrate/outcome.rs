//! Outcomes of requests on both sides in one notation: `forward n/s:80=9,n/c:80=1 /x host=b.io`, `redirect 308 URL`,
//! `status 404`, `tls n/s:443`, `closed`, `unknown`.

use std::collections::{BTreeMap, BTreeSet};

use gwc_core::Compilation;
use gwc_core::api::ingress::Port;
use gwc_core::ingress::generic::Rules;
use gwc_core::ingress::nginx::{Config, Servers};
use gwc_core::ingress::select::{self, Choice, Controller};
use gwc_core::ingress::{self, Certificate, Reply, TlsReply, World};
use gwc_core::ir::Target as IrTarget;
use gwc_core::predict::{self, AnsweredBy, Predictor, Scheme};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::value::ObjectKey;

use crate::case::{Ask, Run, workspace};

/// 2026-06-01.
const NOW: i64 = 1_780_272_000;

/// Method, scheme, host and target.
struct Parts<'a> {
    method: &'a str,
    scheme: Scheme,
    host: &'a str,
    target: &'a str,
}

impl<'a> Parts<'a> {
    fn of(ask: &'a Ask) -> Self {
        let (method, url) = ask.request.split_once(' ').expect("a method and a URL");
        let (scheme, rest) = url.split_once("://").expect("a scheme");
        let (host, target) = rest.split_at(rest.find('/').expect("a path"));
        Self { method, scheme: Scheme::parse(scheme).expect("a scheme"), host, target }
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// `forward …` with weights as small as possible, backends by name.
fn forward(shares: &[(String, u32)], target: &str, host: Option<&str>) -> String {
    let divisor = shares.iter().fold(0, |all, (_, weight)| greatest_common_divisor(all, *weight)).max(1);
    let is_one = shares.len() == 1;
    let text = |(name, weight): &(String, u32)| match is_one {
        true => name.clone(),
        false => format!("{name}={}", weight / divisor),
    };
    let mut shares: Vec<String> = shares.iter().map(text).collect();
    shares.sort();
    let host = host.map(|host| format!(" host={host}")).unwrap_or_default();
    format!("forward {} {target}{host}", shares.join(","))
}

/// Backends by name.
fn sorted(text: &str) -> String {
    let Some(rest) = text.strip_prefix("forward ") else { return text.to_owned() };
    let (shares, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let mut shares: Vec<&str> = shares.split(',').collect();
    shares.sort_unstable();
    format!("forward {} {rest}", shares.join(","))
}

/// Does an outcome fulfil what is expected of it?
pub(crate) fn fits(actual: &str, expected: &str) -> bool {
    if let Some(kind) = expected.strip_prefix("not ") {
        return !actual.starts_with(kind);
    }
    expected == "any" || expected.split(" or ").any(|one| sorted(one) == sorted(actual))
}

/// What controllers do.
pub(crate) enum SourceSide {
    Nginx(Box<Servers>),
    Generic(Rules),
}

impl SourceSide {
    pub(crate) fn new(run: &Run) -> Self {
        let mut sources = SourceMap::new();
        let text = run.input.clone().into_bytes();
        sources.add(Source::from_bytes("input.yaml", Origin::Memory, Role::Checked, true, text));
        let graph = gwc_core::compile(&sources, &Profile::new(WorldMode::Open, NOW)).graph;
        let all: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
        let classes: Vec<_> = graph.ingress_classes.iter().map(|(_, one)| one).collect();
        let services: BTreeMap<_, _> = graph.services.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
        let is_generic = run.option("--provider").as_deref() == Some("generic");
        let controller = if is_generic { Controller::Generic } else { Controller::IngressNginx };
        let unclassed = run.option("--class-for-unclassed");
        let choice = Choice {
            controller: is_generic.then_some(controller),
            unclassed: unclassed.as_deref(),
            ..Choice::default()
        };
        let mut selected = select::select(&all, &classes, &choice);
        let mut own = selected.read.remove(&(controller, "nginx".into())).unwrap_or_default();
        if run.option("--assume-order").as_deref() == Some("file") {
            own.sort_by_key(|one| all.iter().position(|other| std::ptr::eq(*one, *other)));
        }
        let secrets: BTreeMap<_, _> = graph.secrets.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
        let config_maps: BTreeMap<_, _> =
            graph.config_maps.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
        let world = World { ingresses: &own, services: &services, secrets: &secrets, config_maps: &config_maps };
        match controller {
            Controller::IngressNginx => Self::Nginx(Box::new(Servers::compile(&world, config(run)))),
            Controller::Generic => Self::Generic(Rules::compile(&world)),
        }
    }

    pub(crate) fn ask(&self, ask: &Ask) -> String {
        let parts = Parts::of(ask);
        match (self, parts.scheme) {
            (Self::Nginx(servers), Scheme::Tls) => match servers.tls(Some(parts.host)) {
                TlsReply::Terminate(Certificate::Secret(secret)) => format!("certificate {secret}"),
                TlsReply::Terminate(Certificate::Default) => "certificate default".to_owned(),
                TlsReply::Passthrough(backend) => format!("tls {}:{}", backend.service, backend.port),
                TlsReply::Refuse => "closed".to_owned(),
            },
            (_, _) => self.reply(ask, |reply| text_of(reply, parts.host)),
        }
    }

    /// Keys of the access controls that an answer has passed.
    pub(crate) fn access(&self, ask: &Ask) -> BTreeSet<String> {
        self.reply(ask, |reply| reply.access().map(|access| access.key.to_string()).collect())
    }

    fn reply<T>(&self, ask: &Ask, read: impl Fn(&Reply) -> T) -> T {
        let parts = Parts::of(ask);
        let scheme = if parts.scheme.is_tls() { ingress::Scheme::Https } else { ingress::Scheme::Http };
        let headers: Vec<(&str, &str)> =
            ask.headers.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let request = ingress::Request {
            scheme,
            method: parts.method,
            host: parts.host,
            target: parts.target,
            headers: &headers,
        };
        let reply = match self {
            Self::Nginx(servers) => servers.evaluate(&request),
            Self::Generic(rules) => rules.evaluate(&request),
        };
        read(&reply)
    }
}

fn text_of(reply: &Reply, host: &str) -> String {
    match &reply.outcome {
        ingress::Outcome::Forward(sent) => {
            let name = |backend: &ingress::Backend| format!("{}:{}", backend.service, backend.port);
            let shares: Vec<(String, u32)> =
                sent.shares.iter().map(|(backend, weight)| (name(backend), *weight)).collect();
            forward(&shares, &sent.target, Some(sent.host.as_str()).filter(|sent| *sent != host))
        }
        ingress::Outcome::Redirect { code, location } => format!("redirect {code} {location}"),
        ingress::Outcome::Fixed { code } => format!("status {code}"),
        ingress::Outcome::Unknown { .. } => "unknown".to_owned(),
    }
}

/// What the controller was started with.
fn config(run: &Run) -> Config {
    let mut config = Config::default();
    if let Some(prefix) = run.option("--annotation-prefix") {
        config.annotation_prefix = prefix.into();
    }
    if let Some(path) = run.option("--controller-config") {
        let text = std::fs::read(workspace().join(path)).expect("a ConfigMap");
        let mut sources = SourceMap::new();
        sources.add(Source::from_bytes("config.yaml", Origin::Memory, Role::Checked, true, text));
        let graph = gwc_core::compile(&sources, &Profile::new(WorldMode::Open, NOW)).graph;
        let (_, map) = graph.config_maps.iter().next().expect("a ConfigMap");
        config = config.with_config_map(map);
    }
    if let Some(text) = run.option("--default-backend") {
        let (service, port) = text.split_once(':').expect("a port");
        let (namespace, name) = service.split_once('/').expect("a namespace");
        let port = Port::Number(port.parse().expect("a number"));
        config.default_backend = Some(ingress::Backend { service: ObjectKey::new(namespace, name), port });
    }
    let flags = run.option("--controller-args").unwrap_or_default();
    let flag = |text: &str| {
        let (key, value) = text.split_once('=').unwrap_or((text, ""));
        (key.to_owned(), value.to_owned())
    };
    config.with_flags(&flags.split_whitespace().map(flag).collect())
}

/// What manifests do.
pub(crate) struct TargetSide(Compilation);

impl TargetSide {
    pub(crate) fn new(run: &Run, manifests: &str) -> Self {
        let mut sources = SourceMap::new();
        let text = manifests.as_bytes().to_vec();
        sources.add(Source::from_bytes("output.yaml", Origin::Memory, Role::Checked, true, text));
        let mut profile = Profile::new(WorldMode::Open, NOW);
        let bundle = if run.bundle() == Some("1.4") { Bundle::V1_4 } else { Bundle::V1_6 };
        let is_experimental = run.option("--channel").as_deref() == Some("experimental");
        let channel = if is_experimental { Channel::Experimental } else { Channel::Standard };
        profile.target = Some(Target { bundle, channel });
        Self(gwc_core::compile(&sources, &profile))
    }

    /// The outcome at the socket that knows the host; at any where none does.
    pub(crate) fn ask(&self, ask: &Ask) -> String {
        let parts = Parts::of(ask);
        let config = &self.0.lowered.config;
        let host = parts.host.split(':').next().unwrap_or_default();
        let request = predict::Request {
            scheme: parts.scheme,
            authority: Some(parts.host.to_owned()).filter(|_| parts.scheme.is_http()),
            port: parts.scheme.default_port().expect("a port"),
            sni: Some(host.to_owned()).filter(|_| parts.scheme.is_tls()),
            method: parts.method.to_owned(),
            target: if parts.scheme.is_http() { parts.target.to_owned() } else { String::new() },
            headers: ask.headers.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        };
        let predictor = Predictor::new(config);
        let sockets = predict::sockets(config, &request, None);
        let mut outcomes: Vec<predict::Outcome> =
            sockets.iter().map(|socket| predictor.predict(*socket, &request).outcome).collect();
        // The Gateway that holds the host comes first, one that only listens for any host after it.
        let distance = |outcome: &predict::Outcome| match outcome {
            predict::Outcome::Answered(answer) if answer.by == AnsweredBy::NoRule => 1,
            predict::Outcome::Answered(answer) if answer.by == AnsweredBy::NoListener => 2,
            predict::Outcome::Closed(_) => 2,
            predict::Outcome::Answered(_) | predict::Outcome::Forwarded(_) => 0,
        };
        outcomes.sort_by_key(distance);
        outcomes.first().map_or_else(|| "closed".to_owned(), |outcome| self.text(outcome, &parts))
    }

    fn text(&self, outcome: &predict::Outcome, parts: &Parts<'_>) -> String {
        match outcome {
            predict::Outcome::Closed(_) => "closed".to_owned(),
            predict::Outcome::Answered(answer) => match &answer.location {
                Some(location) => format!("redirect {} {location}", answer.status),
                None => format!("status {}", answer.status),
            },
            predict::Outcome::Forwarded(sent) => {
                let refused: Option<Vec<u16>> = sent.shares.iter().map(|share| share.status).collect();
                if let Some(status) = refused.as_deref().and_then(<[u16]>::first) {
                    return format!("status {status}");
                }
                let shares: Vec<(String, u32)> =
                    sent.shares.iter().map(|share| (self.backend(&share.target), share.weight)).collect();
                let Some(first) = sent.shares.first() else { return "status 500".to_owned() };
                if !parts.scheme.is_http() {
                    return format!("tls {}", self.backend(&first.target));
                }
                let host = first.upstream.authority.as_deref().filter(|host| *host != parts.host);
                forward(&shares, &first.upstream.target, host)
            }
        }
    }

    fn backend(&self, target: &IrTarget) -> String {
        match target {
            IrTarget::Backend(at) => self
                .0
                .lowered
                .config
                .backends
                .get(usize::try_from(*at).expect("an index"))
                .map(|backend| backend.key.to_string())
                .unwrap_or_default(),
            IrTarget::Invalid(invalid) => format!("invalid {}", invalid.reason),
        }
    }
}
