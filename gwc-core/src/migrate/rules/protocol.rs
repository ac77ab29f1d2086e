//! What is spoken to a backend (§3.8, decision list of `backend-protocol`).
//!
//! gRPC gets a GRPCRoute only where the whole host speaks it and every path is one of a call; HTTPS needs a certificate
//! authority and a name, because a BackendTLSPolicy always verifies.

use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::render::model::PathKind;
use crate::migrate::rules::piece::{Draft, Piece};
use crate::migrate::rules::report::{self, weaken};
use crate::migrate::rules::treatment::{Answer, Forward, Treatment, Wire};
use crate::migrate::rules::{At, literal};
use crate::migrate::settings::{BackendTls, Protocol, Settings};
use crate::migrate::site::{Form, Location, Origin, ServicePort};
use crate::prove::Kind;

/// What is spoken, or the item for which the rule is closed.
pub(super) fn wire(
    at: At<'_, '_>,
    location: &Location,
    (settings, port): (&Settings, &ServicePort),
    cx: &mut Cx<'_, '_>,
) -> Result<Wire, ItemId> {
    let Some(setting) = &settings.protocol else { return Ok(Wire::Http) };
    match setting.value {
        Protocol::Http => Ok(Wire::Http),
        Protocol::Grpc => Ok(Wire::Grpc),
        Protocol::AutoHttp => {
            let message = "HTTPS requests went to the backend over TLS; the backend gets them in clear now";
            weaken(setting.item, (code::ANNOTATION_APPROXIMATED, Verdict::Approx), message, cx);
            cx.report.allow(setting.item, report::place(at, location), Kind::BackendProtocol);
            Ok(Wire::Http)
        }
        Protocol::Fcgi => {
            fail(setting.item, "no Gateway speaks FastCGI to a backend, so the rule is closed", cx);
            Err(setting.item)
        }
        Protocol::Https | Protocol::Grpcs => match verified(settings, port, cx) {
            Some(tls) => Ok(Wire::Tls(tls)),
            None => {
                let message = "TLS to a backend is always verified, and no CA and name are given: the rule is closed";
                fail(setting.item, message, cx);
                Err(setting.item)
            }
        },
    }
}

/// An error, whatever the item said before.
fn fail(id: ItemId, message: &str, cx: &mut Cx<'_, '_>) {
    if let Some(item) = cx.report.item_mut(id) {
        item.verdict = Verdict::None;
        item.code = Some(code::ANNOTATION_LOST);
        item.severity = crate::diagnostic::Severity::Error;
        item.message = message.to_owned();
    }
}

/// TLS that a policy can express: verified, with a CA and a name; the user may know the name.
fn verified(settings: &Settings, port: &ServicePort, cx: &Cx<'_, '_>) -> Option<BackendTls> {
    let tls = settings.backend_tls.as_ref().map(|setting| &setting.value)?;
    let names = &cx.options.backend_hostnames;
    let (namespace, name) = (&port.service.namespace, &port.service.name);
    let told = names.get(&format!("{namespace}/{name}")).or_else(|| names.get(name.as_str()));
    let name = tls.name.clone().or_else(|| told.map(|name| name.as_str().into()));
    (tls.verifies && tls.secret.is_some() && name.is_some()).then(|| BackendTls { name, ..tls.clone() })
}

/// Does every rule of a host speak gRPC to its backend, and is every path one of calls?
pub(super) fn is_grpc_host<'t>(mut all: impl Iterator<Item = (&'t Location, &'t Treatment)>) -> bool {
    let mut n_rules = 0;
    all.all(|(location, treatment)| match &treatment.answer {
        // What is answered 404 needs no rule.
        Answer::Nothing => location.origin == Origin::Implicit,
        Answer::Forward(forward) => {
            n_rules += 1;
            let speaks = match &forward.wire {
                Wire::Grpc => true,
                Wire::Http | Wire::Tls(_) => false,
            };
            speaks && is_plain(forward) && call(location).is_some()
        }
        Answer::Closed(_) | Answer::Redirect(_) => false,
    }) && n_rules > 0
}

/// Nothing that a GRPCRoute of ours would have to carry.
fn is_plain(forward: &Forward) -> bool {
    forward.filters(None).is_empty()
        && forward.timeout.is_none()
        && forward.session.is_none()
        && forward.variants.len() == 1
}

/// The match of a call: kind and value as [`super::Planned::is_grpc`] says.
fn call(location: &Location) -> Option<(PathKind, String)> {
    if location.form == Form::Regex {
        return None;
    }
    let path = literal::trimmed(&location.path);
    if path == "/" {
        return (location.form != Form::Exact).then(|| (PathKind::Prefix, path.to_owned()));
    }
    let mut parts = path.strip_prefix('/')?.split('/');
    let (service, method) = (parts.next()?, parts.next());
    if parts.next().is_some() || !service.split('.').all(is_word) || !method.is_none_or(is_word) {
        return None;
    }
    if location.form == Form::Exact && (method.is_none() || location.path.ends_with('/')) {
        // A service takes all its methods, which is more than one path.
        return None;
    }
    let kind = if method.is_some() { PathKind::Exact } else { PathKind::Prefix };
    Some((kind, path.to_owned()))
}

/// A name as protobuf has them.
fn is_word(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What is spoken to a backend of gRPC is the Service's affair on an HTTPRoute, and that of the handshake over TLS.
pub(super) fn announce(at: At<'_, '_>, draft: &Draft<'_>, cx: &mut Cx<'_, '_>) {
    let Answer::Forward(forward) = &draft.treatment.answer else { return };
    let Some(setting) = at.settings(draft.location).and_then(|settings| settings.protocol.as_ref()) else { return };
    let depends = match (&forward.wire, setting.value) {
        (Wire::Grpc, _) => !draft.is_grpc,
        (Wire::Tls(_), protocol) => protocol == Protocol::Grpcs,
        (Wire::Http, _) => false,
    };
    if depends {
        cx.report.allow(setting.item, report::place(at, draft.location), Kind::BackendHttp2);
    }
}

/// The piece of a host of gRPC for a GRPCRoute, which takes calls only.
pub(super) fn of_call(at: At<'_, '_>, location: &Location, piece: Piece, cx: &mut Cx<'_, '_>) -> Piece {
    if let Some(setting) = at.settings(location).and_then(|settings| settings.protocol.as_ref()) {
        cx.report.allow(setting.item, report::place(at, location), Kind::NoCall);
    }
    match call(location) {
        Some((kind, value)) => Piece { kind, value, ..piece },
        None => piece,
    }
}
