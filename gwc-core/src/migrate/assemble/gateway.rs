//! Gateways and ListenerSets with their listeners: certificates, and the namespaces whose routes may attach
//! (ingress-migrate.md §2.6, §2.11).

use std::collections::{BTreeMap, BTreeSet};

use crate::migrate::assemble::issued::Issued;
use crate::migrate::assemble::listen::{Holder, Listening, Slot};
use crate::migrate::assemble::{Assembled, Ground, about_class, existing};
use crate::migrate::name::Scheme;
use crate::migrate::options::Choice;
use crate::migrate::render::model::{Gateway, Listener, ListenerSet, Meta, Namespaces, Protocol};
use crate::migrate::render::{self, Manifest, Tree, text};
use crate::migrate::site::Site;
use crate::migrate::{Cx, Patch, UNKNOWN_CLASS, code};
use crate::value::ObjectKey;

/// Gateways by namespace and name, then ListenerSets.
pub(super) fn gateways(
    ground: &Ground<'_, '_>,
    (listening, issued): (&Listening, &Issued),
    cx: &mut Cx<'_, '_>,
) -> Assembled {
    let mut assembled = Assembled::default();
    let class = cx.gateway_class(&ground.site.class);
    if class == UNKNOWN_CLASS && listening.holders.iter().any(|holder| holder.is_written && !holder.is_set) {
        report_unknown_class(ground.site, cx);
    }
    let mut sets: BTreeMap<ObjectKey, BTreeSet<String>> = BTreeMap::new();
    for holder in listening.holders.iter().filter(|holder| holder.is_set) {
        sets.entry(listening.gateway_of(holder)).or_default().insert(holder.namespace.clone());
    }
    for (position, holder) in listening.holders.iter().enumerate() {
        let is_read = issued.read.contains(&position);
        let slots = holder.slots.iter().filter(|slot| slot.given.is_none());
        let listeners = slots.filter_map(|slot| listener((holder, is_read), slot, cx));
        let listeners: Vec<Listener> = listeners.collect();
        let shape = format!("{class} {listeners:?}");
        let meta = Meta {
            namespace: holder.namespace.clone(),
            name: holder.name.clone(),
            annotations: issued.annotations.get(&position).cloned().unwrap_or_default(),
            provenance: ground.origins.of_shape(ground.site, &holder.sources, &shape),
            ..Meta::default()
        };
        let key = listening.gateway_of(holder);
        if holder.is_set {
            let gateway = (key.namespace.to_string(), key.name.to_string());
            assembled.manifests.push(Manifest::ListenerSet(ListenerSet { meta, gateway, listeners }));
        } else {
            let from = sets.get(&key).map(|namespaces| allowed(namespaces, &holder.namespace, cx));
            assembled.gateways.push(key);
            let gateway = Gateway { meta, class: class.clone(), listeners, listener_sets: from };
            if holder.is_written {
                assembled.manifests.push(Manifest::Gateway(gateway));
            } else {
                assembled.patches.extend(missing(gateway));
            }
        }
    }
    // Bases come in the order of hosts, which is nobody's order for Gateways.
    assembled.manifests.sort_by(|one, next| place(one).cmp(&place(next)));
    assembled.gateways.sort();
    assembled
}

fn place(manifest: &Manifest) -> (&str, &str, &str) {
    let meta = manifest.meta();
    (manifest.kind(), &meta.namespace, &meta.name)
}

/// What an existing Gateway lacks, as fields for a server-side apply.
fn missing(mut gateway: Gateway) -> Option<Patch> {
    if gateway.listeners.is_empty() && gateway.listener_sets.is_none() {
        return None;
    }
    gateway.meta = Meta { namespace: gateway.meta.namespace, name: gateway.meta.name, ..Meta::default() };
    let Tree::Map(mut fields) = render::tree(&Manifest::Gateway(gateway)) else { return None };
    for (_, field) in fields.iter_mut().filter(|(key, _)| key == "spec") {
        if let Tree::Map(spec) = field {
            spec.retain(|(key, _)| key != "gatewayClassName");
        }
    }
    Some(Patch { path: existing::PATCH.to_owned(), text: text::yaml(&Tree::Map(fields)) })
}

/// MIG109.
fn report_unknown_class(site: &Site<'_>, cx: &mut Cx<'_, '_>) {
    let message = format!("the GatewayClass of `{}` is not known: the Gateway names `{UNKNOWN_CLASS}`", site.class);
    let help = format!("name it with `--class-map {}=NAME`, or give the GatewayClass as input", site.class);
    cx.report.add(about_class(site, cx).finding(code::GATEWAY_CLASS_UNKNOWN, message).help(help));
}

fn listener((holder, is_read): (&Holder, bool), slot: &Slot, cx: &Cx<'_, '_>) -> Option<Listener> {
    let protocol = match slot.section.scheme {
        Scheme::Http => Protocol::Http,
        Scheme::Tls => Protocol::Passthrough,
        Scheme::Tcp => Protocol::Tcp,
        Scheme::Udp => Protocol::Udp,
        Scheme::Https => {
            let secret = slot.secret.as_ref()?;
            let namespace = (secret.namespace != holder.namespace.as_str()).then(|| secret.namespace.to_string());
            Protocol::Https { certificate: (namespace, secret.name.to_string()), is_mode_written: is_read }
        }
    };
    Some(Listener {
        name: slot.name(),
        hostname: slot.host.clone(),
        port: slot.section.port,
        protocol,
        routes: allowed(&slot.attached, &holder.namespace, cx),
    })
}

/// Exactly the namespaces that attach something; `Same` where that says it.
fn allowed(namespaces: &BTreeSet<String>, own: &str, cx: &Cx<'_, '_>) -> Namespaces {
    if cx.options.has(Choice::AllowAllNamespaces) {
        return Namespaces::All;
    }
    if namespaces.iter().all(|namespace| namespace == own) {
        return Namespaces::Same;
    }
    Namespaces::Named(namespaces.clone())
}
