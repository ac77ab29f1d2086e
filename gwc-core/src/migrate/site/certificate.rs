//! Which certificate each host is served with (ingress-migrate.md §2.6): decided by the first Ingress of the host that
//! has a `tls` section, with the names that the certificate covers where its Secret is in the input.

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::core::Secret;
use crate::api::ingress::Tls;
use crate::certificate::{self, Certificate as Pair};
use crate::diagnostic::Severity;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::options::Choice;
use crate::migrate::site::nginx::Build;
use crate::migrate::site::{Certificate, Member, field, host};
use crate::prove::{Kind, Place};
use crate::value::{Hostname, ObjectKey};

/// By host.
pub(super) type Certificates = BTreeMap<CompactString, Certificate>;

/// The certificates of all hosts.
pub(super) fn of_hosts(build: &Build<'_, '_>, cx: &mut Cx<'_, '_>) -> Certificates {
    let mut found = Certificates::new();
    for (name, users) in host::by_host(build.members) {
        let Some(name) = name.filter(|name| build.index.contains_key(&Some(name.clone()))) else { continue };
        let mut with_tls = users.iter().filter_map(|at| Some((*at, build.members.get(*at)?)));
        let mut with_tls = with_tls.by_ref().filter(|(_, member)| !member.ingress.tls.is_empty());
        let Some((at, member)) = with_tls.next() else { continue };
        let secret = certificate_of(&name, member, cx);
        for (_, other) in with_tls {
            compare(&name, (member, secret.as_ref()), other, cx);
        }
        found.insert(name.clone(), Certificate { secret, member: at });
    }
    let wildcards: Vec<(CompactString, Certificate)> = build
        .index
        .keys()
        .flatten()
        .filter_map(|name| {
            let (_, parent) = name.split_once('.')?;
            let wildcard = found.get(format!("*.{parent}").as_str()).filter(|_| !found.contains_key(name))?;
            Some((name.clone(), wildcard.clone()))
        })
        .collect();
    for (name, wildcard) in &wildcards {
        if let Some(member) = build.members.get(wildcard.member).filter(|_| wildcard.secret.is_none()) {
            default_of(name, member, "so is the wildcard host that covers it", cx);
        }
    }
    found.extend(wildcards);
    found
}

/// What is known of the certificate in a Secret.
enum Known {
    Nothing,
    NoPair,
    Names(Pair),
}

fn known(secret: Option<&Secret>) -> Known {
    let Some(secret) = secret else { return Known::Nothing };
    let value = |key| secret.value(key).and_then(|value| value.bytes.as_deref()).filter(|bytes| !bytes.is_empty());
    let (Some(pem), Some(_)) = (value("tls.crt"), value("tls.key")) else { return Known::NoPair };
    if secret.r#type.value != "kubernetes.io/tls" {
        return Known::NoPair;
    }
    // A certificate without alternative names has a common name, which is not read here.
    let pair = certificate::first_certificate(pem).filter(|pair| !pair.names.is_empty());
    pair.map_or(Known::Nothing, Known::Names)
}

fn key_of(tls: &Tls, member: &Member<'_>) -> Option<ObjectKey> {
    let name = tls.secret.as_ref()?;
    Some(ObjectKey::new(member.key().namespace.clone(), name.value.clone()))
}

/// The Secret of a host; that of the controller where the Ingress has none that fits.
fn certificate_of(name: &str, member: &Member<'_>, cx: &mut Cx<'_, '_>) -> Option<ObjectKey> {
    let is_listed = |tls: &&Tls| tls.hosts.iter().any(|host| host.value.eq_ignore_ascii_case(name));
    if let Some(tls) = member.ingress.tls.iter().find(is_listed) {
        let Some(key) = key_of(tls, member) else {
            return default_of(name, member, "its `tls` entry names no Secret", cx);
        };
        return match known(cx.secrets.get(&key).copied()) {
            Known::Nothing => {
                not_given(name, &key, member, cx);
                Some(key)
            }
            Known::Names(pair) if pair.covers(&Hostname::new(name)) => Some(key),
            Known::Names(_) => {
                misfit(name, format!("the certificate of `{key}` does not cover `{name}`"), member, cx);
                default_of(name, member, "its own certificate does not cover it", cx)
            }
            Known::NoPair => {
                misfit(name, format!("the Secret `{key}` holds no certificate with its key"), member, cx);
                default_of(name, member, "its Secret is of no use", cx)
            }
        };
    }
    let fitting = member.ingress.tls.iter().find_map(|tls| {
        let key = key_of(tls, member)?;
        let fits = match known(cx.secrets.get(&key).copied()) {
            Known::Nothing => tls.hosts.is_empty(),
            Known::Names(pair) => pair.covers(&Hostname::new(name)),
            Known::NoPair => false,
        };
        fits.then_some(key)
    });
    match fitting {
        Some(key) => {
            if !cx.secrets.contains_key(&key) {
                not_given(name, &key, member, cx);
            }
            Some(key)
        }
        None => default_of(name, member, "no `tls` entry of the Ingress names it", cx),
    }
}

/// The Secret is not in the input, so the names that its certificate covers are not known (MIG106).
fn not_given(name: &str, key: &ObjectKey, member: &Member<'_>, cx: &mut Cx<'_, '_>) {
    let message = format!("the Secret `{key}` is not in the input: it is taken to cover `{name}`");
    let item = member.item(field::TLS, &key.name, Verdict::Exact).finding(code::SECRET_NOT_GIVEN, message);
    member.add(item, cx);
}

fn misfit(name: &str, message: String, member: &Member<'_>, cx: &mut Cx<'_, '_>) {
    let item = member.item(field::TLS, name, Verdict::Approx).finding(code::CERTIFICATE_MISFIT, message);
    member.add(item.help("renew the certificate for all names that it serves"), cx);
}

/// The controller's own certificate (MIG401): known only when it is named.
fn default_of(name: &str, member: &Member<'_>, why: &str, cx: &mut Cx<'_, '_>) -> Option<ObjectKey> {
    let flag = || {
        let (namespace, name) = cx.options.flag("default-ssl-certificate")?.split_once('/')?;
        Some(ObjectKey::new(namespace, name))
    };
    let known = cx.options.default_certificate.clone().or_else(flag);
    let message = format!("`{name}` is served with the controller's default certificate: {why}");
    let (verdict, severity) = match known {
        Some(_) => (Verdict::Exact, Severity::Info),
        // The loss is reported as that of an access control then, to be accepted by name.
        None if cx.options.has(Choice::AllowPlaintextDowngrade) => (Verdict::Approx, Severity::Warning),
        None => (Verdict::None, Severity::Error),
    };
    let item = member.item(field::TLS, name, verdict).finding(code::DEFAULT_CERTIFICATE, message).severity(severity);
    let help = "name its Secret with `--default-certificate`, or give the host a certificate of its own";
    let item = member.add(if known.is_some() { item } else { item.help(help) }, cx);
    if known.is_none() {
        cx.report.allow(item, Place::Host(name.into()), Kind::Certificate);
    }
    known
}

/// Another name of a host is served with the host's certificate, whether that covers it or not (MIG405).
pub(super) fn check_name(name: &str, certificate: Option<&Certificate>, member: &Member<'_>, cx: &mut Cx<'_, '_>) {
    let Some(key) = certificate.and_then(|own| own.secret.as_ref()) else { return };
    if let Known::Names(pair) = known(cx.secrets.get(key).copied())
        && !pair.covers(&Hostname::new(name))
    {
        misfit(name, format!("the certificate of `{key}` does not cover `{name}`, which it is shown for"), member, cx);
    }
}

/// Another Ingress names another Secret for the host: the first wins.
fn compare(name: &str, (first, secret): (&Member<'_>, Option<&ObjectKey>), other: &Member<'_>, cx: &mut Cx<'_, '_>) {
    let is_listed = |tls: &&Tls| tls.hosts.iter().any(|host| host.value.eq_ignore_ascii_case(name));
    let Some(own) = other.ingress.tls.iter().find(is_listed).and_then(|tls| key_of(tls, other)) else { return };
    if secret == Some(&own) {
        return;
    }
    let message = format!("the Secret `{own}` is not used for `{name}`: `{}` comes first", first.key());
    let item = other.item(field::TLS, &own.name, Verdict::Inert).finding(code::PATH_CLAIMED_TWICE, message);
    other.add(item.severity(Severity::Warning), cx);
}
