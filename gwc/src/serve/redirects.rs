//! `--redirect-bound-port` for redirects that name a port or a scheme: the port where that port of the manifests is
//! bound. Those that name neither stay on the port that the request came to, which the proxy knows itself.

use std::collections::{BTreeMap, BTreeSet};

use gwc_core::ir::filter::Redirect;
use gwc_core::ir::{Config, Filter, Transport};

use crate::serve::plan::{Place, Plan};

/// The port that a redirect leads to, where it says so.
fn named(redirect: &Redirect) -> Option<u16> {
    redirect.port.or(match redirect.scheme.as_deref() {
        Some("http") => Some(80),
        Some("https") => Some(443),
        Some(_) | None => None,
    })
}

/// Lets redirects lead to where ports are bound, if all Gateways of the rule agree on it.
pub(crate) fn settle(config: &mut Config, plan: &Plan) {
    let bound = bound(config, plan);
    let gateways = gateways(config);
    for (rule, gateways) in config.rules.iter_mut().zip(gateways) {
        let filters = rule.filters.iter_mut().chain(rule.backends.iter_mut().flat_map(|backend| &mut backend.filters));
        for filter in filters {
            let Filter::Redirect(redirect) = filter else { continue };
            let Some(port) = named(redirect) else { continue };
            let ports: BTreeSet<Option<u16>> =
                gateways.iter().map(|gateway| bound.get(&(*gateway, port)).copied()).collect();
            if let (1, Some(Some(only))) = (ports.len(), ports.first()) {
                redirect.port = Some(*only);
            }
        }
    }
}

/// Does any redirect lead to a port of the manifests that is bound elsewhere?
pub(crate) fn lead_astray(config: &Config, plan: &Plan) -> bool {
    let bound = bound(config, plan);
    let filters = config.rules.iter().flat_map(|rule| &rule.filters);
    let mut ports = filters.filter_map(|filter| if let Filter::Redirect(one) = filter { named(one) } else { None });
    ports.any(|port| bound.iter().any(|((_, own), real)| *own == port && *real != port))
}

/// Real port by Gateway and port of the manifest, where it is known before it is bound.
fn bound(config: &Config, plan: &Plan) -> BTreeMap<(u32, u16), u16> {
    let sockets = config.sockets.iter().zip(&plan.places);
    let known = sockets.filter_map(|(socket, place)| match place {
        Place::At(at) if socket.transport == Transport::Tcp && at.port() != 0 => {
            Some(((socket.gateway, socket.port), at.port()))
        }
        Place::At(_) | Place::Nowhere(_) => None,
    });
    known.collect()
}

/// The Gateways that serve each rule.
fn gateways(config: &Config) -> Vec<BTreeSet<u32>> {
    let mut all = vec![BTreeSet::new(); config.rules.len()];
    for socket in &config.sockets {
        for entry in socket.listeners.iter().flat_map(|listener| &listener.entries) {
            if let Some(gateways) = all.get_mut(entry.rule as usize) {
                gateways.insert(socket.gateway);
            }
        }
    }
    all
}
