//! `--https-listeners cert`: one listener for all hosts of a certificate that one wildcard of it covers
//! (ingress-migrate.md §2.6).

use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::{self, AlternativeName};
use crate::migrate::Cx;
use crate::migrate::assemble::listen::Asked;
use crate::migrate::name::Scheme;
use crate::migrate::plan::{Section, Unit};
use crate::value::ObjectKey;

/// Puts hosts of one certificate together; the names that another listener stands for are noted.
pub(super) fn collapse(asked: &mut Asked, cx: &Cx<'_, '_>) {
    let mut hosts: BTreeMap<&ObjectKey, Vec<usize>> = BTreeMap::new();
    for (at, unit) in asked.units.iter().enumerate() {
        // A host with a listener in clear of its own would be at two addresses.
        let is_alone = unit.sections.iter().all(|section| section.scheme == Scheme::Https);
        if let Some(secret) = asked.secrets.get(&unit.host).filter(|_| is_alone) {
            hosts.entry(secret).or_default().push(at);
        }
    }
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    let mut units: Vec<(Unit, ObjectKey, usize)> = Vec::new();
    let mut stands: Vec<(String, String)> = Vec::new();
    for (secret, list) in hosts.into_iter().filter(|(_, list)| list.len() > 1) {
        let names: Vec<&str> =
            list.iter().filter_map(|at| asked.units.get(*at)).map(|unit| unit.host.as_str()).collect();
        let Some(wildcard) = wildcard(secret, &names, cx) else { continue };
        let is_taken = asked.units.iter().any(|unit| unit.host == wildcard && !names.contains(&unit.host.as_str()));
        let first = list.first().and_then(|at| asked.units.get(*at));
        let Some(first) = first.filter(|_| !is_taken) else { continue };
        let member = asked.members.get(&first.host).copied().unwrap_or_default();
        let sections: BTreeSet<Section> = first.sections.iter().copied().collect();
        let unit = Unit { host: wildcard.clone(), sections: sections.into_iter().collect(), ..first.clone() };
        units.push((unit, secret.clone(), member));
        stands.extend(names.iter().map(|name| ((*name).to_owned(), wildcard.clone())));
        gone.extend(list);
    }
    let mut position = 0;
    asked.units.retain(|_| {
        position += 1;
        !gone.contains(&(position - 1))
    });
    for (unit, secret, member) in units {
        asked.secrets.insert(unit.host.clone(), secret);
        asked.members.insert(unit.host.clone(), member);
        asked.units.push(unit);
    }
    asked.stands.extend(stands.into_iter().filter(|(name, wildcard)| name != wildcard));
}

/// A wildcard of the certificate that covers all the names.
fn wildcard(secret: &ObjectKey, names: &[&str], cx: &Cx<'_, '_>) -> Option<String> {
    let bytes = cx.secrets.get(secret)?.value("tls.crt")?.bytes.as_deref()?;
    let certificate = certificate::first_certificate(bytes)?;
    let covers = |wild: &str, name: &str| {
        let suffix = wild.strip_prefix('*').unwrap_or(wild);
        name == wild || name.strip_suffix(suffix).is_some_and(|label| !label.is_empty() && !label.contains(['.', '*']))
    };
    let mut wild = certificate.names.iter().filter_map(|name| match name {
        AlternativeName::Dns(name) => Some(name.as_str()).filter(|name| name.starts_with("*.")),
        AlternativeName::Ip(_) | AlternativeName::Uri(_) => None,
    });
    wild.find(|wild| names.iter().all(|name| covers(wild, name))).map(str::to_owned)
}
