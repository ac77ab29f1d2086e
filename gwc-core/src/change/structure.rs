//! Sockets and listeners that came, went or changed: what no single request stands for.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Class, Structure};
use crate::ir::tls::{ListenerTls, Terminate, Trust};
use crate::ir::{Config, Listener};
use crate::lower::Lowered;

/// A listener by Gateway, owner and name.
type Key<'c> = (&'c str, &'c str, &'c str, &'c str, &'c str, &'c str);

/// Changes of Gateways, sockets and listeners, sorted.
pub(super) fn changes(old: &Lowered, new: &Lowered) -> Vec<Structure> {
    let mut found = Vec::new();
    gateways(old, new, &mut found);
    backends(old, new, &mut found);
    let (first, second) = (listeners(&old.config), listeners(&new.config));
    let keys: BTreeSet<&Key<'_>> = first.keys().chain(second.keys()).collect();
    for key in keys {
        let mut tell = |class, what: String| {
            let set = if key.2 == "Gateway" { String::new() } else { format!(" of {} {}/{}", key.2, key.3, key.4) };
            let subject = format!("Gateway {}/{} listener {}{set}", key.0, key.1, key.5);
            found.push(Structure { class, subject, what });
        };
        match (first.get(key), second.get(key)) {
            (Some((port, one)), None) => tell(Class::Break, format!("is gone ({} port {port})", one.protocol.name())),
            (None, Some((port, two))) => tell(Class::Add, format!("is new ({} port {port})", two.protocol.name())),
            (Some(one), Some(two)) => listener((old, *one), (new, *two), &mut tell),
            (None, None) => {}
        }
    }
    found.sort();
    found
}

fn gateways(old: &Lowered, new: &Lowered, found: &mut Vec<Structure>) {
    for gateway in &old.config.gateways {
        let twin =
            new.config.gateways.iter().find(|one| one.namespace == gateway.namespace && one.name == gateway.name);
        let subject = format!("Gateway {}/{}", gateway.namespace, gateway.name);
        let Some(twin) = twin else { continue };
        let mut tell = |what: &str| {
            found.push(Structure { class: Class::Shift, subject: subject.clone(), what: what.to_owned() });
        };
        if gateway.addresses != twin.addresses {
            tell("asks for other addresses");
        }
        if gateway.client_certificate != twin.client_certificate {
            tell("presents another client certificate to backends");
        } else if let Some(id) = &gateway.client_certificate
            && old.secrets.certificate(id) != new.secrets.certificate(id)
        {
            tell("presents a client certificate with new key material under the same name");
        }
        if gateway.class != twin.class {
            tell("has another class");
        }
    }
}

/// Authorities of BackendTLSPolicies whose contents changed; changed policies are seen in the requests that they concern.
fn backends(old: &Lowered, new: &Lowered, found: &mut Vec<Structure>) {
    let known: BTreeMap<_, _> = old.config.backends.iter().map(|one| ((&one.key, one.protocol), one)).collect();
    for backend in &new.config.backends {
        let Some(twin) = known.get(&(&backend.key, backend.protocol)) else { continue };
        let ids = match backend.tls.as_ref().map(|tls| &tls.trust) {
            Some(Trust::Authorities(ids)) => ids.as_slice(),
            Some(Trust::System | Trust::Nobody) | None => &[],
        };
        if twin.tls == backend.tls && ids.iter().any(|id| old.secrets.authority(id) != new.secrets.authority(id)) {
            found.push(Structure {
                class: Class::Shift,
                subject: format!("Backend {}", backend.key),
                what: "is verified by other authorities under the same names".to_owned(),
            });
        }
    }
}

fn listeners(config: &Config) -> BTreeMap<Key<'_>, (u16, &Listener)> {
    let mut found = BTreeMap::new();
    for socket in &config.sockets {
        let Some(gateway) = config.gateways.get(socket.gateway as usize) else { continue };
        for listener in &socket.listeners {
            let owner = &listener.owner;
            let key: Key<'_> =
                (&gateway.namespace, &gateway.name, &owner.kind, &owner.namespace, &owner.name, &listener.name);
            found.insert(key, (socket.port, listener));
        }
    }
    found
}

fn listener(
    (old, (old_port, one)): (&Lowered, (u16, &Listener)),
    (new, (new_port, two)): (&Lowered, (u16, &Listener)),
    tell: &mut dyn FnMut(Class, String),
) {
    if old_port != new_port {
        tell(Class::Break, format!("moves from port {old_port} to {new_port}"));
    }
    if one.protocol != two.protocol {
        tell(Class::Break, format!("speaks {} instead of {}", two.protocol.name(), one.protocol.name()));
    }
    if one.hostname != two.hostname {
        let name = |listener: &Listener| listener.hostname.as_ref().map_or("any name".to_owned(), ToString::to_string);
        let covers = two.hostname.as_ref().is_none_or(|new| one.hostname.as_ref().is_some_and(|old| new.contains(old)));
        let class = if covers { Class::Add } else { Class::Break };
        tell(class, format!("serves {} instead of {}", name(two), name(one)));
    }
    match (&one.tls, &two.tls) {
        (Some(ListenerTls::Terminate(first)), Some(ListenerTls::Terminate(second))) => {
            termination((old, first), (new, second), tell);
        }
        (Some(ListenerTls::Passthrough), Some(ListenerTls::Passthrough)) | (None, None) => {}
        (Some(ListenerTls::Passthrough), Some(ListenerTls::Terminate(_))) => {
            tell(Class::Break, "ends TLS instead of passing it through".to_owned());
        }
        (Some(ListenerTls::Terminate(_)), Some(ListenerTls::Passthrough)) => {
            tell(Class::Break, "passes TLS through instead of ending it".to_owned());
        }
        // The protocol says it already.
        (None, Some(_)) | (Some(_), None) => {}
    }
}

fn termination(
    (old, one): (&Lowered, &Terminate),
    (new, two): (&Lowered, &Terminate),
    tell: &mut dyn FnMut(Class, String),
) {
    let renewed = |id| old.secrets.certificate(id) != new.secrets.certificate(id);
    if one.certificates != two.certificates {
        tell(Class::Shift, "has other certificates".to_owned());
    } else if one.certificates.iter().any(renewed) {
        tell(Class::Shift, "has new key material under the same names".to_owned());
    }
    let authorities = |side: &Lowered, terminate: &Terminate| {
        let validation = terminate.client_validation.as_ref();
        let ids = validation.into_iter().flat_map(|validation| &validation.authorities);
        ids.map(|id| side.secrets.authority(id).map(<[u8]>::to_vec)).collect::<Vec<_>>()
    };
    match (&one.client_validation, &two.client_validation) {
        (None, Some(validation)) if !validation.insecure_fallback => {
            tell(Class::Break, "requires client certificates now".to_owned());
        }
        (Some(first), Some(second)) if first.insecure_fallback && !second.insecure_fallback => {
            tell(Class::Break, "requires client certificates now".to_owned());
        }
        (first, second) if first != second => tell(Class::Shift, "verifies client certificates otherwise".to_owned()),
        (_, _) if authorities(old, one) != authorities(new, two) => {
            tell(Class::Shift, "trusts other client authorities under the same names".to_owned());
        }
        (_, _) => {}
    }
}
