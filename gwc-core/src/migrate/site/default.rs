//! What ingress-nginx does without being told, and what its ConfigMap and flags say: items of a class, and what they
//! change for requests (ingress-migrate.md §2.16, §3.9).

use crate::api::ingress::Port;
use crate::diagnostic::{Code, Severity};
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, Origin};
use crate::migrate::options::Choice;
use crate::migrate::site::{Host, Member, ServicePort};
use crate::prove::allowance::Dimension;
use crate::prove::{Kind, Place};
use crate::value::ObjectKey;

/// A behaviour that goes away with the controller.
struct Default {
    name: &'static str,
    /// What happens with it.
    message: &'static str,
    verdict: Verdict,
    code: Option<Code>,
    help: Option<&'static str>,
    /// The keys of the ConfigMap that switch it off, with the value that does.
    off: Option<(&'static str, &'static str)>,
    dimension: Option<Dimension>,
}

impl Default {
    const fn info(name: &'static str, message: &'static str) -> Self {
        Self { name, message, verdict: Verdict::None, code: None, help: None, off: None, dimension: None }
    }
}

static HSTS: Default = Default {
    name: "hsts",
    message: "HTTPS answers carry `Strict-Transport-Security` on the source, and no longer do",
    verdict: Verdict::None,
    code: Some(code::ANNOTATION_LOST),
    help: Some("keep the header with `--preserve-defaults hsts`"),
    off: Some(("hsts", "false")),
    dimension: Some(Dimension::Headers),
};

static DEFAULTS: [Default; 9] = [
    Default {
        name: "proxy-body-size",
        message: "request bodies over 1 MiB are refused with 413 on the source, and no longer are",
        verdict: Verdict::Policy,
        code: Some(code::ANNOTATION_NEEDS_POLICY),
        help: Some("set the limit in a policy of the implementation, if the backend relies on it"),
        off: Some(("proxy-body-size", "0")),
        dimension: Some(Dimension::BodySize),
    },
    Default {
        name: "proxy-timeouts",
        message: "backends that say nothing for 60 seconds are given up on the source; a Gateway has its own limits",
        verdict: Verdict::Policy,
        code: Some(code::ANNOTATION_NEEDS_POLICY),
        help: Some("set idle timeouts in a policy of the implementation"),
        off: None,
        dimension: Some(Dimension::Timeouts),
    },
    Default {
        dimension: Some(Dimension::Retries),
        ..Default::info(
            "retries",
            "failed idempotent requests are tried three times on the source; a Gateway has its own rule",
        )
    },
    Default::info(
        "request-headers",
        "`X-Real-IP`, `X-Scheme` and `X-Request-ID` are no longer sent; `X-Forwarded-For` is extended, not replaced",
    ),
    Default::info("underscores", "headers with `_` in the name are dropped on the source, and no longer are"),
    Default::info("proxy-header", "the request header `Proxy` is removed on the source, and no longer is"),
    Default::info(
        "no-endpoints",
        "a Service that does not exist is answered with 503 on the source, with 500 by a Gateway",
    ),
    Default::info("tls", "versions of TLS and the answer to unknown names follow the Gateway's implementation"),
    Default::info(
        "unknown-host",
        "unknown hosts get the controller's own 404 page on the source, that of the Gateway now",
    ),
];

fn origin(class: &str) -> Origin {
    Origin { kind: "IngressClass", object: ObjectKey::new("", class), span: None, pointer: String::new() }
}

/// Items of a class of ingress-nginx.
pub(super) fn report(class: &str, members: &[Member<'_>], hosts: &[Host], cx: &mut Cx<'_, '_>) {
    if !members.iter().any(|member| member.is_chosen) {
        return;
    }
    guessed(class, members, cx);
    not_given(class, cx);
    if hosts.iter().any(|host| host.certificate.is_some()) && !cx.options.has(Choice::PreserveHsts) {
        add(class, &HSTS, cx);
    }
    for default in &DEFAULTS {
        add(class, default, cx);
    }
    without_certificate(class, hosts, cx);
    settings(class, cx);
}

fn add(class: &str, default: &Default, cx: &mut Cx<'_, '_>) {
    let is_off = default.off.is_some_and(|(key, value)| cx.options.setting(key).map(str::trim) == Some(value));
    if is_off {
        return;
    }
    let mut item = Item::new(origin(class), Fact::Default(default.name), "", default.verdict);
    item.message = default.message.to_owned();
    if let Some(code) = default.code {
        item = item.finding(code, default.message);
    }
    if let Some(help) = default.help {
        item = item.help(help);
    }
    let item = cx.report.add(item);
    if let Some(dimension) = default.dimension {
        cx.report.allow(item, Place::Everywhere, Kind::Policy(dimension));
    }
}

/// Hosts without `tls` answer HTTPS with a certificate that nobody trusts; nothing of that is written (§2.6).
fn without_certificate(class: &str, hosts: &[Host], cx: &mut Cx<'_, '_>) {
    let bare: Vec<&Host> = hosts.iter().filter(|host| host.certificate.is_none()).collect();
    let message = "hosts without `tls` answer HTTPS with the controller's default certificate, and no longer do";
    let mut item =
        Item::new(origin(class), Fact::Default("default-certificate"), bare.len().to_string(), Verdict::None);
    item.message = message.to_owned();
    let item = cx.report.add(item);
    // Names that no host has belong to the controller itself.
    cx.report.allow(item, Place::Host("".into()), Kind::Certificate);
    for host in bare {
        cx.report.allow(item, Place::Host(host.name.clone().unwrap_or_default()), Kind::Certificate);
    }
}

/// No IngressClass says who serves the class, and no annotation does (§1.2).
fn guessed(class: &str, members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    let is_known = cx.graph.ingress_classes.iter().any(|(_, one)| one.meta.key.name == class);
    let prefix = format!("{}/", cx.options.annotation_prefix);
    let is_told = members
        .iter()
        .any(|member| member.ingress.meta.annotations.iter().any(|(key, _)| key.value.starts_with(prefix.as_str())));
    if is_known || is_told {
        return;
    }
    let message = format!("who serves the class `{class}` is guessed from its name: ingress-nginx");
    let item = Item::new(origin(class), Fact::Field("spec.controller".into()), class, Verdict::Approx);
    let item = item.finding(code::UNKNOWN_CONTROLLER, message).severity(Severity::Warning);
    cx.report.add(item.help("give the IngressClass with the input, or name the controller with `--provider`"));
}

/// MIG107.
fn not_given(class: &str, cx: &mut Cx<'_, '_>) {
    let missing = match (&cx.options.controller_config, &cx.options.controller_flags) {
        (None, None) => "the ConfigMap and the flags of the controller are not given",
        (None, Some(_)) => "the ConfigMap of the controller is not given",
        (Some(_), None) => "the flags of the controller are not given",
        (Some(_), Some(_)) => return,
    };
    let item = Item::new(origin(class), Fact::Setting("controller".into()), "", Verdict::Global);
    let item = item.finding(code::CONTROLLER_CONFIG_NOT_GIVEN, format!("{missing}: defaults are taken"));
    cx.report.add(item.help("give them with `--controller-config` and `--controller-args`"));
}

/// One item for each key and flag that is given.
fn settings(class: &str, cx: &mut Cx<'_, '_>) {
    let keys = cx.options.controller_config.iter().flatten().map(|(key, value)| (key.clone(), value));
    let flags = cx.options.controller_flags.iter().flatten().map(|(key, value)| (format!("--{key}"), value));
    let all: Vec<(String, &String)> = keys.chain(flags).collect();
    for (key, value) in all {
        let shown = crate::migrate::settings::word::shown(&key, value);
        cx.report.add(Item::new(origin(class), Fact::Setting(key), shown, Verdict::Global));
    }
}

/// The Service that answers where no Ingress does: the user's choice, else that of the controller's flag, of which the
/// first port is meant.
pub(super) fn backend(cx: &Cx<'_, '_>) -> Option<ServicePort> {
    let chosen = cx.options.default_backend.clone();
    let (service, port) = chosen.or_else(|| {
        let (namespace, name) = cx.options.flag("default-backend-service")?.split_once('/')?;
        let key = ObjectKey::new(namespace, name);
        let port = cx.services.get(&key)?.ports.first()?.port.value;
        Some((key, port))
    })?;
    Some(ServicePort { service, port, written: Port::Number(port) })
}

/// What a class of another controller has to say.
pub(super) fn report_generic(class: &str, members: &[Member<'_>], cx: &mut Cx<'_, '_>) {
    if members.iter().any(|member| member.is_chosen) {
        let mut item = Item::new(origin(class), Fact::Field("spec.controller".into()), class, Verdict::Exact);
        item.message =
            "the class is read by the text of the Ingress API alone: annotations of its controller are not known"
                .into();
        cx.report.add(item);
    }
}
