//! TCP and UDP ports that ingress-nginx passes to Services: listeners, TCPRoutes and UDPRoutes (ingress-migrate.md
//! §3.9).

use std::collections::BTreeSet;

use crate::ingress::select::Controller;
use crate::migrate::annotation::Verdict;
use crate::migrate::assemble::listen::Listening;
use crate::migrate::assemble::{Ground, claim, route};
use crate::migrate::item::{Fact, Item, Origin, Output};
use crate::migrate::name::{self, Scheme};
use crate::migrate::plan::Section;
use crate::migrate::render::Manifest;
use crate::migrate::render::model::{Backend, Meta, StreamRoute};
use crate::migrate::site::Site;
use crate::migrate::{Cx, code};
use crate::profile::Bundle;
use crate::value::ObjectKey;

/// A port and where it goes.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub(super) section: Section,
    map: ObjectKey,
    service: ObjectKey,
    port: u16,
    item: Item,
}

/// Flags that name the ConfigMaps, the usual names of these, and what is spoken.
const MAPS: [(&str, &str, Scheme); 2] =
    [("tcp-services-configmap", "tcp-services", Scheme::Tcp), ("udp-services-configmap", "udp-services", Scheme::Udp)];

/// Reads them. They belong to the controller, not to a class: the first class of ingress-nginx has them.
pub(super) fn streams(site: &Site<'_>, cx: &mut Cx<'_, '_>) -> Vec<Stream> {
    let mut streams = Vec::new();
    if site.controller != Controller::IngressNginx {
        return streams;
    }
    for (flag, usual, scheme) in MAPS {
        let named = cx.options.flag(flag).map(str::to_owned);
        let key = match named.as_deref().map(|text| text.split_once('/')) {
            Some(Some((namespace, name))) => Some(ObjectKey::new(namespace, name)),
            Some(None) => None,
            None => cx.config_maps.keys().find(|key| key.name == usual).cloned(),
        };
        let Some((key, map)) = key.and_then(|key| cx.config_maps.get(&key).copied().map(|map| (key, map))) else {
            continue;
        };
        if cx.names.claim((flag, key.namespace.to_string(), key.name.to_string()), &site.class).is_err() {
            continue;
        }
        for (port, value) in &map.data {
            let text = value.bytes.as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
            let source = Origin {
                kind: "ConfigMap",
                object: key.clone(),
                span: Some(value.key_span),
                pointer: format!("/data/{port}"),
            };
            let item = Item::new(source, Fact::Setting(port.to_string()), text.as_str(), Verdict::Exact);
            streams.extend(read((port, &text), (scheme, &key), item, cx));
        }
    }
    streams
}

/// `"<port>": "namespace/service:port[:PROXY][:PROXY]"`.
fn read(
    (number, text): (&str, &str),
    (scheme, map): (Scheme, &ObjectKey),
    mut item: Item,
    cx: &mut Cx<'_, '_>,
) -> Option<Stream> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    let target = parts.first().and_then(|text| text.split_once('/'));
    let service = target.map(|(namespace, name)| ObjectKey::new(namespace, name));
    let to = service.as_ref().and_then(|service| port_of(service, parts.get(1).copied()?, cx));
    let (Ok(port), Some(service), Some(to)) = (number.parse::<u16>(), service, to) else {
        item.verdict = Verdict::Inert;
        let message = format!("`{text}` names no port of a Service: the controller does not serve port {number}");
        cx.report.add(item.finding(code::ANNOTATION_INVALID, message));
        return None;
    };
    if cx.options.target.bundle < Bundle::V1_6 {
        let kind = if scheme == Scheme::Udp { "UDPRoute" } else { "TCPRoute" };
        let bundle = cx.options.target.bundle.version();
        item.verdict = Verdict::None;
        let message = format!("the standard channel of {bundle} has no {kind}: port {number} is not served");
        cx.report.add(item.finding(code::CHANNEL_OR_BUNDLE, message));
        return None;
    }
    if parts.iter().skip(2).any(|part| *part == "PROXY") {
        item.verdict = Verdict::Approx;
        let message = format!("the PROXY protocol on port {number} is not kept: no field of Gateway API asks for it");
        item = item.finding(code::ANNOTATION_LOST, message);
    }
    Some(Stream { section: Section { port, scheme }, map: map.clone(), service, port: to, item })
}

fn port_of(service: &ObjectKey, text: &str, cx: &Cx<'_, '_>) -> Option<u16> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let ports = cx.services.get(service).map(|service| service.ports.iter());
    let named = ports?.into_iter().find(|port| port.name.as_ref().is_some_and(|name| name.value == text));
    named.map(|port| port.port.value)
}

/// A route for each.
pub(super) fn routes(
    ground: &Ground<'_, '_>,
    streams: Vec<Stream>,
    listening: &mut Listening,
    cx: &mut Cx<'_, '_>,
) -> Vec<Manifest> {
    let mut manifests = Vec::new();
    for Stream { section, map, service, port, mut item } in streams {
        let is_udp = section.scheme == Scheme::Udp;
        let kind = if is_udp { "UDPRoute" } else { "TCPRoute" };
        let sections = listening.open_on(section);
        let parents: Vec<_> = sections.iter().filter_map(|at| route::parent(listening, *at)).collect();
        if parents.is_empty() {
            continue;
        }
        for at in sections {
            listening.attach(at, &service.namespace);
        }
        let full = name::fit(format!("{}-{}", service.name, section.port), name::MAX_NAME).text;
        let owner = format!("the {kind} of port {}", section.port);
        let name = claim((kind, &service.namespace, &full), &owner, item.clone(), cx);
        item.output
            .push(Output { object: format!("{kind}/{}/{name}", service.namespace), pointer: "/spec/rules/0".into() });
        cx.report.add(item);
        let mut provenance =
            ground.origins.of_shape(ground.site, &BTreeSet::new(), &format!("{section:?} {service} {port}"));
        if let Some(provenance) = &mut provenance {
            provenance.sources = BTreeSet::from([format!("ConfigMap/{map}")]);
        }
        let meta = Meta { namespace: service.namespace.to_string(), name, provenance, ..Meta::default() };
        let backend = Backend { namespace: None, name: service.name.to_string(), port, weight: None };
        manifests.push(Manifest::StreamRoute(StreamRoute { meta, is_udp, parents, backend }));
    }
    manifests
}
