//! What backends need beside routes: policies for TLS with their CA, and Services that have to say what they speak
//! (ingress-migrate.md §3.8, decision list of `backend-protocol`).
//!
//! Of a Secret only the certificates under `ca.crt` are ever written: they are public.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::core::Service;
use crate::certificate;
use crate::diagnostic::Severity;
use crate::migrate::annotation::Verdict;
use crate::migrate::assemble::{Ground, about, claim};
use crate::migrate::item::{Item, ItemId, Output};
use crate::migrate::name;
use crate::migrate::render::model::{BackendTlsPolicy, ConfigMap, Meta};
use crate::migrate::render::{Manifest, Tree, text};
use crate::migrate::rules::Planned;
use crate::migrate::settings::BackendTls;
use crate::migrate::site::{Origin, ServicePort, Site};
use crate::migrate::{Cx, Patch, code};
use crate::profile::Bundle;
use crate::prove::{Kind, Place};
use crate::value::ObjectKey;

/// `appProtocol` of HTTP/2 in clear.
const H2C: &str = "kubernetes.io/h2c";

/// A port of a Service.
type Port = (ObjectKey, u16);

/// What rules ask for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    tls: BTreeMap<Port, (BackendTls, BTreeSet<usize>, Vec<ItemId>)>,
    /// Members that ask for HTTP/2 in clear, and the requests that need it.
    h2c: BTreeMap<Port, (BTreeSet<usize>, BTreeSet<Place>)>,
}

/// Collects it. Where the release has no BackendTLSPolicy, the rules are closed: TLS that nobody verifies, or none at
/// all, is not what was asked for.
pub(super) fn wanted(site: &Site<'_>, planned: &mut [Planned], cx: &mut Cx<'_, '_>) -> Wanted {
    let has_policy = cx.options.target.bundle >= Bundle::V1_4;
    let mut wanted = Wanted::default();
    for one in planned.iter_mut() {
        if !has_policy && !one.tls_to.is_empty() {
            close(site, one, cx);
            continue;
        }
        for port in &one.h2c {
            let (members, places) = wanted.h2c.entry((port.service.clone(), port.port)).or_default();
            members.insert(one.owner);
            places.insert(place(site, one));
        }
        for (port, tls) in &one.tls_to {
            add(site, (port, tls), one, (&mut wanted, &mut *cx));
        }
    }
    if !wanted.tls.is_empty() {
        report_mixed(site, planned, &wanted, cx);
    }
    wanted
}

/// The requests of a rule.
fn place(site: &Site<'_>, planned: &Planned) -> Place {
    let host = site.hosts.get(planned.host).and_then(|host| host.name.clone()).unwrap_or_default();
    if let Origin::Path(path) = planned.origin { Place::Path(path) } else { Place::Host(host) }
}

fn close(site: &Site<'_>, planned: &mut Planned, cx: &mut Cx<'_, '_>) {
    let Some(member) = site.members.get(planned.owner) else { return };
    let bundle = cx.options.target.bundle.version();
    let message = format!("Gateway API {bundle} has no BackendTLSPolicy v1: rules to TLS backends are closed");
    let item = warning(about(member, "backend-protocol", "/metadata/annotations", ""), message);
    let item = cx.report.add(Item { code: Some(code::CHANNEL_OR_BUNDLE), severity: Severity::Error, ..item });
    cx.report.allow(item, place(site, planned), Kind::Closed);
    planned.closed = Some(item);
    for rule in &mut planned.rules {
        rule.backends.clear();
        rule.filters.clear();
    }
}

fn add(
    site: &Site<'_>,
    (port, tls): (&ServicePort, &BackendTls),
    planned: &Planned,
    (wanted, cx): (&mut Wanted, &mut Cx<'_, '_>),
) {
    let key = (port.service.clone(), port.port);
    let known = wanted.tls.entry(key).or_insert_with(|| (tls.clone(), BTreeSet::new(), Vec::new()));
    known.2.extend(&planned.items);
    if !known.1.insert(planned.owner) || known.0 == *tls {
        return;
    }
    let Some(member) = site.members.get(planned.owner) else { return };
    let message =
        format!("two Ingresses verify TLS of `{}:{}` in two ways: the first one counts", port.service, port.port);
    let item = warning(about(member, "proxy-ssl-*", "/metadata/annotations", ""), message);
    cx.report.add(Item { severity: Severity::Error, ..item });
}

/// A policy acts on the port, whoever names it.
fn report_mixed(site: &Site<'_>, planned: &[Planned], wanted: &Wanted, cx: &mut Cx<'_, '_>) {
    let mut seen: BTreeSet<(Port, usize)> = BTreeSet::new();
    for one in planned.iter().filter(|one| one.tls_to.is_empty()) {
        let Some(member) = site.members.get(one.owner) else { continue };
        let namespace = &member.key().namespace;
        for backend in one.rules.iter().flat_map(|rule| &rule.backends).filter(|backend| backend.namespace.is_none()) {
            let key = (ObjectKey::new(namespace.clone(), backend.name.as_str()), backend.port);
            if !wanted.tls.contains_key(&key) || !seen.insert((key.clone(), one.owner)) {
                continue;
            }
            let message = format!("`{}:{}` gets TLS here too: another Ingress asks for it", key.0, key.1);
            let item = warning(about(member, "spec.rules[].http.paths[].backend", "/spec/rules", ""), message);
            let item = cx.report.add(Item { severity: Severity::Error, ..item });
            cx.report.allow(item, Place::Ingress(one.owner), Kind::BackendProtocol);
        }
    }
}

fn warning(item: Item, message: String) -> Item {
    let mut item = item.finding(code::ANNOTATION_APPROXIMATED, message);
    item.verdict = Verdict::Approx;
    item
}

/// The policies, their CAs, and patches of Services.
pub(super) fn objects(ground: &Ground<'_, '_>, wanted: Wanted, cx: &mut Cx<'_, '_>) -> (Vec<Manifest>, Vec<Patch>) {
    let mut manifests = Vec::new();
    let mut authorities: BTreeMap<ObjectKey, String> = BTreeMap::new();
    for ((service, port), (tls, members, items)) in wanted.tls {
        let (Some(secret), Some(hostname)) = (&tls.secret, &tls.name) else { continue };
        let at = ObjectKey::new(service.namespace.clone(), secret.name.clone());
        if !authorities.contains_key(&at) {
            let (name, map) = authority(ground, (secret, &service.namespace), &members, cx);
            authorities.insert(at.clone(), name);
            manifests.extend(map);
        }
        let ca = authorities.get(&at).cloned();
        let named = port_name(cx.services.get(&service).copied(), port);
        let full = name::backend_tls_policy(&service.name, named.as_deref().unwrap_or(&port.to_string())).text;
        let place = ("BackendTLSPolicy", service.namespace.as_str(), full.as_str());
        let Some(member) = members.first().and_then(|at| ground.site.members.get(*at)) else { continue };
        let item = about(member, "proxy-ssl-secret", "/metadata/annotations", &secret.name);
        let name = claim(place, &format!("the policy of `{service}:{port}`"), item, cx);
        for id in items {
            if let Some(item) = cx.report.item_mut(id) {
                let object = format!("BackendTLSPolicy/{}/{name}", service.namespace);
                item.output.push(Output { object, pointer: "/spec/validation".into() });
            }
        }
        let meta = Meta {
            namespace: service.namespace.to_string(),
            name,
            provenance: ground.origins.of(ground.site, &members),
            ..Meta::default()
        };
        let target = (service.name.to_string(), named);
        manifests.push(Manifest::BackendTlsPolicy(BackendTlsPolicy {
            meta,
            target,
            hostname: hostname.to_string(),
            ca,
        }));
    }
    (manifests, patches(ground.site, wanted.h2c, cx))
}

/// Name of a port, where the Service is known and has several.
fn port_name(service: Option<&Service>, port: u16) -> Option<String> {
    let found = service?.ports.iter().find(|one| one.port.value == port)?;
    found.name.as_ref().map(|name| name.value.to_string())
}

/// The ConfigMap with the CA of a Secret: its name, and itself where the Secret is known.
fn authority(
    ground: &Ground<'_, '_>,
    (secret, namespace): (&ObjectKey, &str),
    members: &BTreeSet<usize>,
    cx: &mut Cx<'_, '_>,
) -> (String, Option<Manifest>) {
    let full = name::fit(format!("{}-ca", secret.name), name::MAX_NAME).text;
    let Some(member) = members.first().and_then(|at| ground.site.members.get(*at)) else { return (full, None) };
    let item = about(member, "proxy-ssl-secret", "/metadata/annotations", &secret.to_string());
    let text =
        cx.secrets.get(secret).and_then(|secret| secret.value("ca.crt")).and_then(|value| value.bytes.as_deref());
    let Some(text) = text.and_then(public) else {
        let message =
            format!("the CA of the Secret `{secret}` is not in the input: the ConfigMap `{full}` must hold it");
        let command = format!("write its `ca.crt` into the ConfigMap `{namespace}/{full}` under the same key");
        let item = Item { severity: Severity::Error, ..warning(item, message) };
        cx.report.add(item.help(command));
        return (full, None);
    };
    let name = claim(("ConfigMap", namespace, &full), &format!("the CA of `{secret}`"), item, cx);
    let meta = Meta {
        namespace: namespace.to_owned(),
        name: name.clone(),
        provenance: ground.origins.of_shape(ground.site, members, &text),
        ..Meta::default()
    };
    (name, Some(Manifest::ConfigMap(ConfigMap { meta, data: [("ca.crt".to_owned(), text)].into() })))
}

/// The certificates of a bundle, and nothing else of it.
fn public(bytes: &[u8]) -> Option<String> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    if certificate::ca_certificates(bytes) == 0 {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?.replace('\r', "");
    let bodies = text.split(BEGIN).skip(1).filter_map(|rest| rest.split_once(END));
    let parts = bodies.map(|(body, _)| format!("{BEGIN}\n{}\n{END}\n", body.trim()));
    Some(parts.collect::<String>()).filter(|text| !text.is_empty())
}

/// `appProtocol` is set on Services that are not ours: as patches.
fn patches(
    site: &Site<'_>,
    wanted: BTreeMap<Port, (BTreeSet<usize>, BTreeSet<Place>)>,
    cx: &mut Cx<'_, '_>,
) -> Vec<Patch> {
    let mut by_service: BTreeMap<ObjectKey, Vec<u16>> = BTreeMap::new();
    for ((service, port), (members, places)) in wanted {
        let known = cx.services.get(&service).copied();
        let set = known.and_then(|one| one.ports.iter().find(|one| one.port.value == port));
        let set = set.and_then(|port| port.app_protocol.as_ref()).map(|text| text.value.clone());
        if set.as_deref() == Some(H2C) {
            continue;
        }
        let Some(member) = members.first().and_then(|at| site.members.get(*at)) else { continue };
        let item = about(member, "backend-protocol", "/metadata/annotations", "GRPC");
        if let Some(other) = set {
            let message = format!("`{service}:{port}` says that it speaks `{other}`, the Ingress says gRPC");
            let item = cx.report.add(Item { severity: Severity::Error, ..warning(item, message) });
            places.into_iter().for_each(|place| cx.report.allow(item, place, Kind::BackendProtocol));
            continue;
        }
        let path = path_of(&service);
        let message = format!("the port {port} of `{service}` must say that it speaks HTTP/2 in clear: `{path}`");
        let mut item = warning(item, message).help("apply the patch with the owner of the Service");
        item.output.push(Output { object: format!("Service/{service}"), pointer: "/spec/ports".into() });
        let item = cx.report.add(item);
        // Until somebody applies the patch, the backend is spoken to in HTTP/1.1.
        places.into_iter().for_each(|place| cx.report.allow(item, place, Kind::BackendProtocol));
        by_service.entry(service).or_default().push(port);
    }
    by_service.into_iter().map(|(service, ports)| patch(&service, &ports)).collect()
}

fn path_of(service: &ObjectKey) -> String {
    format!("patches/service-{}-{}.patch", service.namespace, service.name)
}

fn patch(service: &ObjectKey, ports: &[u16]) -> Patch {
    let field = |key: &str, value: Tree| (key.to_owned(), value);
    let word = |text: &str| Tree::Text(text.to_owned());
    let port = |port: &u16| Tree::Map(vec![field("port", Tree::Int((*port).into())), field("appProtocol", word(H2C))]);
    let metadata = vec![field("name", word(&service.name)), field("namespace", word(&service.namespace))];
    let tree = Tree::Map(vec![
        field("apiVersion", word("v1")),
        field("kind", word("Service")),
        field("metadata", Tree::Map(metadata)),
        field("spec", Tree::Map(vec![field("ports", Tree::list(ports.iter().map(port)))])),
    ]);
    Patch { path: path_of(service), text: text::yaml(&tree) }
}
