//! Where an object comes from: its Ingresses, and a digest of all that shaped it (ingress-migrate.md §5.3).
//!
//! The digest is of meanings, not of text: lines that move, comments and annotations of other tools do not change it,
//! and an option that is not used does not either.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};

use sha2::{Digest, Sha256};

use crate::api::ingress::{Backend, Ingress, Target};
use crate::migrate::annotation::foreign;
use crate::migrate::options::{Choice, Options};
use crate::migrate::render::model::Provenance;
use crate::migrate::site::Site;

/// Digits of the digest.
const N_DIGITS: usize = 16;

/// Digests of the Ingresses of a class.
pub(super) struct Origins {
    /// By member; empty under `--no-provenance`.
    members: Vec<String>,
    options: String,
    is_written: bool,
}

impl Origins {
    pub(super) fn new(site: &Site<'_>, options: &Options) -> Self {
        if options.has(Choice::NoProvenance) {
            return Self { members: Vec::new(), options: String::new(), is_written: false };
        }
        let members = site.members.iter();
        let members =
            members.map(|member| if member.is_chosen { canonical(member.ingress, options) } else { String::new() });
        Self { members: members.collect(), options: used(options), is_written: true }
    }

    /// Provenance of an object that these members make.
    pub(super) fn of(&self, site: &Site<'_>, members: &BTreeSet<usize>) -> Option<Provenance> {
        let texts = members.iter().filter_map(|at| self.members.get(*at)).map(String::as_str);
        self.made(site, members, texts.collect())
    }

    /// Provenance of an object of which `shape` says everything: a change elsewhere in an Ingress leaves it alone.
    pub(super) fn of_shape(&self, site: &Site<'_>, members: &BTreeSet<usize>, shape: &str) -> Option<Provenance> {
        self.made(site, members, vec![shape])
    }

    fn made(&self, site: &Site<'_>, members: &BTreeSet<usize>, texts: Vec<&str>) -> Option<Provenance> {
        if !self.is_written {
            return None;
        }
        let mut hasher = Sha256::new();
        for text in [self.options.as_str(), site.class.as_str()].into_iter().chain(texts) {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text);
        }
        let mut hash = String::with_capacity(N_DIGITS);
        for byte in hasher.finalize().iter().take(N_DIGITS / 2) {
            let _ = write!(hash, "{byte:02x}");
        }
        let keys = members.iter().filter_map(|at| site.members.get(*at)).map(|member| member.key());
        let mut sources: BTreeSet<String> = keys.map(|key| format!("Ingress/{key}")).collect();
        if sources.is_empty() {
            sources.insert(format!("IngressClass/{}", site.class));
        }
        Some(Provenance { sources, hash })
    }
}

/// What an Ingress says, without places and without what no conversion looks at.
fn canonical(ingress: &Ingress, options: &Options) -> String {
    let mut out = String::with_capacity(256);
    for entry in &ingress.tls {
        let hosts: Vec<&str> = entry.hosts.iter().map(|host| host.value.as_str()).collect();
        let secret = entry.secret.as_ref().map(|text| text.value.as_str());
        let _ = writeln!(out, "tls {hosts:?} {secret:?}");
    }
    if let Some(backend) = &ingress.default_backend {
        let _ = writeln!(out, "default {}", target(backend));
    }
    for rule in &ingress.rules {
        let host = rule.host.as_ref().map(|text| text.value.as_str());
        let _ = writeln!(out, "rule {host:?} {}", rule.paths.is_some());
        for path in rule.paths.iter().flatten() {
            let text = path.path.as_ref().map(|text| text.value.as_str());
            let backend = path.backend.as_ref().map(target).unwrap_or_default();
            let _ = writeln!(out, "path {text:?} {:?} {backend}", path.path_type.value);
        }
    }
    let is_read = |key: &str| {
        let prefix = key.split_once('/').map(|(prefix, _)| prefix);
        prefix == Some(options.annotation_prefix.as_str())
            || foreign::place(key).is_some_and(|place| place != foreign::Place::Nowhere)
    };
    let annotations = ingress.meta.annotations.iter().map(|(key, value)| (key.value.as_str(), value.value.as_str()));
    let annotations: BTreeSet<(&str, &str)> = annotations.filter(|(key, _)| is_read(key)).collect();
    let _ = writeln!(out, "annotations {annotations:?} labels {:?}", ingress.meta.labels);
    let accepted = options.accepted.iter().filter(|(_, key)| *key == ingress.meta.key).map(|(code, _)| code);
    let _ = writeln!(out, "accepted {:?}", accepted.collect::<Vec<_>>());
    out
}

fn target(backend: &Backend) -> String {
    match &backend.target {
        Target::Service { name, port } => format!("{} {:?}", name.value, port.value),
        Target::Resource { group, kind, name } => format!("{group} {kind} {}", name.value),
    }
}

/// The options that are not at their defaults. Which Ingresses are chosen says nothing about those that are.
fn used(options: &Options) -> String {
    let plain = Options::new(options.target);
    let texts = fields(options).into_iter().zip(fields(&plain));
    let used = texts.filter(|(one, plain)| one != plain).map(|((name, text), _)| format!(" {name}={text}"));
    let target = options.target;
    format!("{} {}", target.bundle.version(), target.channel.name()) + &used.collect::<String>()
}

fn fields(options: &Options) -> Vec<(&'static str, String)> {
    let fields: [(&str, &dyn Debug); 20] = [
        ("has_named_target", &options.has_named_target),
        ("classes", &options.classes),
        ("gateways", &options.gateways),
        ("gateway_name", &options.gateway_name),
        ("gateway_namespace", &options.gateway_namespace),
        ("listeners", &options.listeners),
        ("https_listeners", &options.https_listeners),
        ("http_port", &options.http_port),
        ("https_port", &options.https_port),
        ("default_certificate", &options.default_certificate),
        ("default_backend", &options.default_backend),
        ("backend_hostnames", &options.backend_hostnames),
        ("issuer", &options.issuer),
        ("controller_config", &options.controller_config),
        ("controller_flags", &options.controller_flags),
        ("annotation_prefix", &options.annotation_prefix),
        ("simplify_regex", &options.simplify_regex),
        ("timeout_mapping", &options.timeout_mapping),
        ("comments", &options.comments),
        ("choices", &options.choices),
    ];
    fields.into_iter().map(|(name, value)| (name, format!("{value:?}"))).collect()
}
