//! What the words of flags and `[migrate]` mean: options of the conversion, selection, output, verification.
//!
//! A flag wins over its key, except that accepted losses of both count (ingress-migrate.md §5.5).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gwc_core::diagnostic::Severity;
use gwc_core::ingress::select::Controller;
use gwc_core::migrate::options::{
    Choice, Comments, GatewayMode, HttpsListeners, Listeners, Options, SimplifyRegex, TimeoutMapping,
};
use gwc_core::profile::{Channel, Target};
use gwc_core::value::ObjectKey;
use serde::Deserialize;

use crate::cli::migrate::Decisions;
use crate::config::load::{self, Loaded};
use crate::failure::Failure;
use crate::migration::accept::Accepted;
use crate::migration::labels::Labels;
use crate::nearest;

/// Everything that was decided.
#[derive(Debug)]
pub(crate) struct Decided {
    /// Options of the conversion; the target is filled in once the input is read.
    pub(crate) options: Options,
    /// Which Ingresses are converted.
    pub(crate) picked: Picked,
    /// Facts about classes.
    pub(crate) classes: Classes,
    /// Wanted channel.
    pub(crate) channel: Option<Channel>,
    /// Manifest of the controller's ConfigMap.
    pub(crate) controller_config: Option<PathBuf>,
    /// Order of Ingresses of the same age.
    pub(crate) order: Order,
    /// Losses that are accepted.
    pub(crate) accepted: Vec<Accepted>,
    /// Exit 1 from this severity on; `Off`: never.
    pub(crate) fail_on: Severity,
    /// Verification.
    pub(crate) verify: Verify,
    /// File of tests.
    pub(crate) record: Option<PathBuf>,
    /// Requests are sent to running addresses.
    pub(crate) replays: bool,
    /// Where manifests go.
    pub(crate) out: Out,
    /// Names of sources are left out of the manifests.
    pub(crate) no_provenance: bool,
}

/// Which Ingresses are converted; the others are read all the same.
#[derive(Debug, Default)]
pub(crate) struct Picked {
    /// Those of this namespace.
    pub(crate) namespace: Option<String>,
    /// Those with these labels.
    pub(crate) labels: Option<Labels>,
    /// These.
    pub(crate) named: BTreeSet<ObjectKey>,
    /// Those of this class.
    pub(crate) class: Option<String>,
}

/// Facts about classes (§1.2, §1.3).
#[derive(Debug, Default)]
pub(crate) struct Classes {
    /// The controller, where it is forced.
    pub(crate) controller: Option<Controller>,
    /// `spec.controller` of ingress-nginx.
    pub(crate) nginx_controller: Option<String>,
    /// Class of annotations of ingress-nginx.
    pub(crate) nginx_class: Option<String>,
    /// Class of Ingresses without one.
    pub(crate) unclassed: Option<String>,
}

/// Order of Ingresses of the same age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As the controller has it.
    Controller,
    /// As they stand in the input.
    File,
    /// By namespace and name.
    Name,
}

/// How much is compared (§7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verify {
    /// How deep; `None`: nothing is compared.
    pub(crate) level: Option<Level>,
    /// Cells of a host before it is sampled.
    pub(crate) budget: usize,
}

/// Levels of comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Connection, routing, transforms, policies.
    Fast,
    /// Cosmetic differences and pairs of mutations too.
    Full,
}

impl Verify {
    /// Name of the level.
    pub(crate) fn name(self) -> &'static str {
        match self.level {
            None => "off",
            Some(Level::Fast) => "fast",
            Some(Level::Full) => "full",
        }
    }
}

/// Where manifests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Out {
    /// Standard output.
    Stdout,
    /// One file.
    File(PathBuf),
    /// A folder.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Its files.
        layout: Layout,
        /// With a kustomization.yaml.
        kustomization: bool,
    },
}

/// Files of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One.
    Single,
    /// One for each kind.
    PerKind,
    /// One for each namespace.
    PerNamespace,
    /// One for each Ingress, and one for what several share.
    PerIngress,
}

/// Flags over the table of the configuration; files of the table are relative to `root`.
pub(crate) fn merged(flags: &Decisions, loaded: &Loaded, root: &Path) -> Result<Decisions, Failure> {
    let mut table = loaded.config.migrate.clone();
    for path in [&mut table.controller_config, &mut table.accept_file, &mut table.record] {
        *path = path.take().map(|path| root.join(path));
    }
    table.out = table.out.map(|out| match out.as_str() {
        "-" => out,
        // `join` would drop the slash that says that it is a folder.
        out => root.join(out).display().to_string(),
    });
    let accept: Vec<String> = table.accept.iter().chain(&flags.accept).cloned().collect();
    let unreadable = |error: &dyn std::fmt::Display| Failure::internal(format!("decisions: {error}"));
    let mut base = toml::Table::try_from(&table).map_err(|error| unreadable(&error))?;
    let top = toml::Table::try_from(flags).map_err(|error| unreadable(&error))?;
    load::merge(&mut base, top);
    let merged = Decisions::deserialize(toml::Value::Table(base)).map_err(|error| unreadable(&error))?;
    Ok(Decisions { accept, ..merged })
}

/// Reads the words.
pub(crate) fn decide(words: &Decisions, namespace: Option<&str>) -> Result<Decided, Failure> {
    let emit = words.emit.iter().find(|target| *target != "standard");
    if let Some(target) = emit {
        let message = format!("--emit {target}: only `standard` is built; policies of implementations are for later");
        return Err(Failure::usage(message));
    }
    let channel = word("--channel", words.channel.as_deref(), &CHANNELS)?;
    let mut options = Options::new(Target::default());
    topology(words, &mut options)?;
    facts(words, &mut options)?;
    conversion(words, &mut options)?;
    let classes = classes(words, &mut options)?;
    let mut picked =
        Picked { namespace: namespace.map(str::to_owned), class: words.class.clone(), ..Picked::default() };
    picked.labels = words.selector.as_deref().map(Labels::parse).transpose()?;
    for text in &words.ingress {
        picked.named.insert(key("--ingress", text)?);
    }
    let accepted = crate::migration::accept::read(&words.accept, words.accept_file.as_deref())?;
    options.accepted.extend(accepted.iter().map(|one| (one.code.number.into(), one.ingress.clone())));
    let level = word("--verify", words.verify.as_deref(), &LEVELS)?.unwrap_or(Some(Level::Fast));
    let usual = if level == Some(Level::Full) { 200_000 } else { 20_000 };
    let verify = Verify { level, budget: words.verify_budget.unwrap_or(usual) };
    if words.record.is_some() && verify.level.is_none() {
        return Err(Failure::usage("--record needs --verify fast or full"));
    }
    Ok(Decided {
        options,
        picked,
        classes,
        channel,
        controller_config: words.controller_config.clone(),
        order: word("--assume-order", words.assume_order.as_deref(), &ORDERS)?.unwrap_or(Order::Controller),
        accepted,
        fail_on: word("--fail-on", words.fail_on.as_deref(), &THRESHOLDS)?.unwrap_or(Severity::Error),
        verify,
        record: words.record.clone(),
        replays: false,
        out: out(words)?,
        no_provenance: words.no_provenance == Some(true),
    })
}

const CHANNELS: [(&str, Channel); 2] = [("standard", Channel::Standard), ("experimental", Channel::Experimental)];
const LEVELS: [(&str, Option<Level>); 3] = [("off", None), ("fast", Some(Level::Fast)), ("full", Some(Level::Full))];
const ORDERS: [(&str, Order); 2] = [("file", Order::File), ("name", Order::Name)];
const THRESHOLDS: [(&str, Severity); 4] =
    [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info), ("never", Severity::Off)];
const LAYOUTS: [(&str, Layout); 4] = [
    ("single", Layout::Single),
    ("per-kind", Layout::PerKind),
    ("per-namespace", Layout::PerNamespace),
    ("per-ingress", Layout::PerIngress),
];

/// One of the words that there are.
fn word<T: Clone>(flag: &str, text: Option<&str>, there: &[(&str, T)]) -> Result<Option<T>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let found = there.iter().find(|(known, _)| *known == text).map(|(_, value)| value.clone());
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = there.iter().map(|(name, _)| *name).collect();
        let hint = nearest::hint(text, names.iter().copied());
        Failure::usage(format!("{flag}: unknown word `{text}`{hint}; there are {}", names.join(", ")))
    })
}

/// `NS/NAME`.
fn key(flag: &str, text: &str) -> Result<ObjectKey, Failure> {
    let parts = text.split_once('/').filter(|(namespace, name)| !namespace.is_empty() && is_name(name));
    let (namespace, name) = parts.ok_or_else(|| Failure::usage(format!("{flag} `{text}`: the form is NS/NAME")))?;
    Ok(ObjectKey::new(namespace, name))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains('/')
}

/// `A=B`.
fn pair<'t>(flag: &str, text: &'t str) -> Result<(&'t str, &'t str), Failure> {
    let pair = text.split_once('=').filter(|(left, right)| !left.is_empty() && !right.is_empty());
    pair.ok_or_else(|| Failure::usage(format!("{flag} `{text}`: the form is NAME=VALUE")))
}

fn topology(words: &Decisions, options: &mut Options) -> Result<(), Failure> {
    let modes = [
        ("shared", GatewayMode::Shared),
        ("per-namespace", GatewayMode::PerNamespace),
        ("per-ingress", GatewayMode::PerIngress),
    ];
    let mode = match words.gateway_mode.as_deref() {
        Some("existing") if words.gateway.is_some() => None,
        Some("existing") => return Err(Failure::usage("--gateway-mode existing needs --gateway NS/NAME")),
        text => word("--gateway-mode", text, &modes)?,
    };
    options.gateways = match (&words.gateway, mode) {
        (None, mode) => mode.unwrap_or_default(),
        (Some(text), None) => GatewayMode::Existing(key("--gateway", text)?),
        (Some(_), Some(_)) => {
            return Err(Failure::usage("--gateway attaches to a Gateway that exists, --gateway-mode writes Gateways"));
        }
    };
    options.gateway_name.clone_from(&words.gateway_name);
    if let Some(namespace) = &words.gateway_namespace {
        options.gateway_namespace.clone_from(namespace);
    }
    let places = [("auto", Listeners::Auto), ("gateway", Listeners::Gateway), ("listenerset", Listeners::ListenerSet)];
    options.listeners = word("--listeners", words.listeners.as_deref(), &places)?.unwrap_or_default();
    let kinds = [("host", HttpsListeners::Host), ("cert", HttpsListeners::Certificate)];
    options.https_listeners = word("--https-listeners", words.https_listeners.as_deref(), &kinds)?.unwrap_or_default();
    options.http_port = words.http_port.unwrap_or(options.http_port);
    options.https_port = words.https_port.unwrap_or(options.https_port);
    if options.http_port == options.https_port || options.http_port == 0 || options.https_port == 0 {
        return Err(Failure::usage("--http-port and --https-port: two different ports from 1 on"));
    }
    for text in &words.class_map {
        let (class, gateway_class) = pair("--class-map", text)?;
        options.classes.insert(class.into(), gateway_class.into());
    }
    Ok(())
}

fn facts(words: &Decisions, options: &mut Options) -> Result<(), Failure> {
    let certificate = words.default_certificate.as_deref();
    options.default_certificate = certificate.map(|text| key("--default-certificate", text)).transpose()?;
    if let Some(text) = &words.default_backend {
        let form = || Failure::usage(format!("--default-backend `{text}`: the form is NS/SERVICE:PORT"));
        let (service, port) = text.rsplit_once(':').ok_or_else(form)?;
        let port = port.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(form)?;
        options.default_backend = Some((key("--default-backend", service)?, port));
    }
    for text in &words.backend_hostname {
        let (service, name) = pair("--backend-hostname", text)?;
        options.backend_hostnames.insert(service.to_owned(), name.to_owned());
    }
    if let Some(text) = &words.issuer {
        let parts = text.split_once('/').filter(|(kind, name)| !kind.is_empty() && is_name(name));
        let (kind, name) = parts.ok_or_else(|| Failure::usage(format!("--issuer `{text}`: the form is KIND/NAME")))?;
        options.issuer = Some((kind.to_owned(), name.to_owned()));
    }
    if let Some(prefix) = &words.annotation_prefix {
        options.annotation_prefix = prefix.trim_end_matches('/').into();
    }
    options.controller_flags = words.controller_args.as_deref().map(controller_flags).transpose()?;
    Ok(())
}

/// Flags of the controller: `--name=value`, `--name value`, or `--name` alone, which is `true`.
fn controller_flags(text: &str) -> Result<BTreeMap<String, String>, Failure> {
    let mut flags = BTreeMap::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix('-').map(|rest| rest.trim_start_matches('-')) else {
            let message = format!("--controller-args: `{word}` is no flag; the form is \"--name=value --name\"");
            return Err(Failure::usage(message));
        };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => (flag, words.next_if(|next| !next.starts_with('-')).unwrap_or("true").to_owned()),
        };
        flags.insert(name.to_owned(), value);
    }
    Ok(flags)
}

fn conversion(words: &Decisions, options: &mut Options) -> Result<(), Failure> {
    let regex = [("off", SimplifyRegex::Off), ("auto", SimplifyRegex::Auto), ("on", SimplifyRegex::On)];
    options.simplify_regex = word("--simplify-regex", words.simplify_regex.as_deref(), &regex)?.unwrap_or_default();
    let timeouts = [("policy", TimeoutMapping::Policy), ("backend-request", TimeoutMapping::BackendRequest)];
    let timeout = word("--timeout-mapping", words.timeout_mapping.as_deref(), &timeouts)?;
    options.timeout_mapping = timeout.unwrap_or_default();
    let comments = [("none", Comments::None), ("brief", Comments::Brief), ("full", Comments::Full)];
    options.comments = word("--comments", words.comments.as_deref(), &comments)?.unwrap_or_default();
    let kept = [("hsts", Choice::PreserveHsts)];
    for text in &words.preserve_defaults {
        options.choices.extend(word("--preserve-defaults", Some(text), &kept)?);
    }
    let choices = [
        (words.class_map_identity, Choice::ClassIdentity),
        (words.emit_gatewayclass, Choice::EmitGatewayClass),
        (words.emit_namespace, Choice::EmitNamespace),
        (words.allow_all_namespaces, Choice::AllowAllNamespaces),
        (words.external_tls, Choice::ExternalTls),
        (words.read_snippets, Choice::ReadSnippets),
        (words.keep_snippets, Choice::KeepSnippets),
        (words.keep_resource_backends, Choice::KeepResourceBackends),
        (words.keep_labels, Choice::KeepLabels),
        (words.keep_annotations, Choice::KeepAnnotations),
        (words.cors_keep_credentials, Choice::CorsKeepCredentials),
        (words.allow_plaintext_downgrade, Choice::AllowPlaintextDowngrade),
        (words.omit_unconvertible, Choice::OmitUnconvertible),
    ];
    options.choices.extend(choices.into_iter().filter(|(is_wanted, _)| *is_wanted == Some(true)).map(|(_, one)| one));
    Ok(())
}

/// Facts about classes, from flags of ours and of the controller; its flag for the prefix of annotations counts too.
fn classes(words: &Decisions, options: &mut Options) -> Result<Classes, Failure> {
    let providers = [("ingress-nginx", Controller::IngressNginx), ("generic", Controller::Generic)];
    let controller = match words.provider.as_deref() {
        Some(name) if LATER_PROVIDERS.contains(&name) => {
            let message = format!("--provider {name} is not built yet; there are ingress-nginx, generic");
            return Err(Failure::usage(message));
        }
        name => word("--provider", name, &providers)?,
    };
    if let Some(prefix) = options.flag("annotations-prefix").filter(|_| words.annotation_prefix.is_none()) {
        options.annotation_prefix = prefix.into();
    }
    let flag = |name: &str| options.flag(name).map(str::to_owned);
    let is_set = |name: &str| flag(name).is_some_and(|value| value != "false");
    let nginx_class = flag("ingress-class");
    let unclassed = words.class_for_unclassed.clone().or_else(|| {
        let name = || nginx_class.clone().unwrap_or_else(|| "nginx".to_owned());
        is_set("watch-ingress-without-class").then(name)
    });
    let nginx_controller = words.controller_class.clone().or_else(|| flag("controller-class"));
    Ok(Classes { controller, nginx_controller, nginx_class, unclassed })
}

/// Providers of a later version.
const LATER_PROVIDERS: [&str; 9] =
    ["nginx-inc", "traefik", "kong", "haproxy", "haproxy-ingress", "aws-alb", "gce", "apisix", "cilium"];

fn out(words: &Decisions) -> Result<Out, Failure> {
    let layout = word("--layout", words.layout.as_deref(), &LAYOUTS)?;
    let kustomization = words.kustomization == Some(true);
    let text = words.out.as_deref().unwrap_or("-");
    let is_folder = text.ends_with('/') || Path::new(text).is_dir();
    match (text, is_folder) {
        ("", _) => Err(Failure::usage("--out: the name is missing")),
        (_, true) => {
            let layout = layout.unwrap_or(Layout::PerNamespace);
            Ok(Out::Folder { path: PathBuf::from(text), layout, kustomization })
        }
        (_, false) if layout.is_some_and(|layout| layout != Layout::Single) || kustomization => {
            Err(Failure::usage("--layout and --kustomization need a folder: --out DIR/"))
        }
        ("-", false) => Ok(Out::Stdout),
        (file, false) => Ok(Out::File(PathBuf::from(file))),
    }
}

#[cfg(test)]
mod tests;
