//! OverlappingTLSConfig (status.md §4.5): listeners of one port between which HTTP/2 clients may confuse hosts.

use std::collections::{BTreeMap, BTreeSet};

use crate::certificate::AlternativeName;
use crate::eval::CertificateVerdict;
use crate::eval::conflict::{Contest, MAX_PARTNERS};
use crate::eval::listener::{Draft, Shape};
use crate::eval::world::Cx;
use crate::graph::{ListenerId, ListenerOwner};
use crate::profile::Bundle;
use crate::value::Hostname;

/// OverlappingTLSConfig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// L-34 when certificates overlap, else L-35.
    pub certificates: bool,
    /// The partners.
    pub with: Vec<ListenerId>,
}

/// A listener that takes part.
struct Member {
    id: ListenerId,
    terminates: bool,
    hostname: Option<Hostname>,
    /// Names of the certificates that it serves.
    names: BTreeSet<String>,
}

/// Overlaps of all listeners. Before v1.3 there is no such condition.
pub(crate) fn overlaps(
    cx: &Cx<'_>,
    owners: &[Vec<ListenerOwner>],
    drafts: &[Draft],
    contests: &[Contest],
) -> BTreeMap<ListenerId, Overlap> {
    let mut found = BTreeMap::new();
    if cx.since(Bundle::V1_3) {
        for owners in owners {
            let merged = owners.iter().flat_map(|owner| cx.graph.listeners_of(*owner));
            overlapping_tls(cx, merged, (drafts, contests), &mut found);
        }
    }
    found
}

/// Overlaps of the listeners of one set.
fn overlapping_tls<'l>(
    cx: &Cx<'_>,
    merged: impl Iterator<Item = &'l ListenerId>,
    (drafts, contests): (&[Draft], &[Contest]),
    found: &mut BTreeMap<ListenerId, Overlap>,
) {
    let mut ports: BTreeMap<u16, Vec<Member>> = BTreeMap::new();
    for id in merged {
        let (Some(draft), Some(contest)) = (drafts.get(id.index()), contests.get(id.index())) else { continue };
        let Some(port) = &cx.graph.listener(*id).port else { continue };
        if contest.conflict.is_none() && !contest.beyond_limit {
            ports.entry(port.value).or_default().extend(member(cx, *id, draft));
        }
    }
    for members in ports.values().filter(|members| members.len() > 1) {
        by_certificate(members, found);
        by_hostname(members, found);
    }
}

fn member(cx: &Cx<'_>, id: ListenerId, draft: &Draft) -> Option<Member> {
    let shape = draft.shape.ok()?;
    let terminates = match shape {
        Shape::Https | Shape::TlsTerminate => true,
        Shape::TlsPassthrough => false,
        Shape::Http | Shape::Tcp | Shape::Udp => return None,
    };
    let mut names = BTreeSet::new();
    for certificate in &draft.certificates {
        match &certificate.verdict {
            CertificateVerdict::Valid(secret) => {
                names.extend(cx.key_pair(*secret).iter().flat_map(|pair| pair.names.iter().filter_map(dns_name)));
            }
            CertificateVerdict::Assumed
            | CertificateVerdict::RefNotPermitted(_)
            | CertificateVerdict::UnsupportedKind
            | CertificateVerdict::NotFound
            | CertificateVerdict::Refused
            | CertificateVerdict::Malformed(..) => {}
        }
    }
    let hostname = cx.graph.listener(id).hostname.as_ref().map(|name| name.value.clone());
    Some(Member { id, terminates, hostname, names })
}

fn dns_name(name: &AlternativeName) -> Option<String> {
    match name {
        AlternativeName::Dns(name) => Some(name.to_string()),
        AlternativeName::Ip(_) | AlternativeName::Uri(_) => None,
    }
}

/// Records that two listeners overlap; certificates are recorded first and win.
fn record(found: &mut BTreeMap<ListenerId, Overlap>, a: ListenerId, b: ListenerId, certificates: bool) {
    for (one, other) in [(a, b), (b, a)] {
        let overlap = found.entry(one).or_insert_with(|| Overlap { certificates, with: Vec::new() });
        if overlap.with.len() < MAX_PARTNERS && !overlap.with.contains(&other) {
            overlap.with.push(other);
        }
    }
}

/// O-3: the certificate of one listener covers the hostname of another.
fn by_certificate(members: &[Member], found: &mut BTreeMap<ListenerId, Overlap>) {
    let mut servers: BTreeMap<&str, Vec<ListenerId>> = BTreeMap::new();
    for member in members {
        for name in &member.names {
            servers.entry(name).or_default().push(member.id);
        }
    }
    for member in members.iter().filter(|member| member.terminates) {
        let Some(hostname) = &member.hostname else { continue };
        let written = hostname.to_string();
        // In a certificate a wildcard stands for exactly one label.
        let parent = written.split_once('.').map(|(_, parent)| format!("*.{parent}"));
        let names = [Some(written.as_str()), parent.as_deref().filter(|_| !hostname.is_wildcard())];
        let others = names.into_iter().flatten().filter_map(|name| servers.get(name)).flatten();
        for other in others.filter(|other| **other != member.id).take(MAX_PARTNERS) {
            record(found, member.id, *other, true);
        }
    }
}

/// O-2: two different hostnames of which at least one listener terminates TLS share a name.
fn by_hostname(members: &[Member], found: &mut BTreeMap<ListenerId, Overlap>) {
    let mut by_name: BTreeMap<Option<&Hostname>, Vec<&Member>> = BTreeMap::new();
    for member in members {
        by_name.entry(member.hostname.as_ref()).or_default().push(member);
    }
    for member in members {
        let wider = member.hostname.iter().flat_map(wider_names).map(Some).chain([None]);
        for name in wider.filter(|name| *name != member.hostname) {
            let others = by_name.get(&name.as_ref()).map_or(&[][..], Vec::as_slice);
            for other in others.iter().filter(|other| member.terminates || other.terminates).take(MAX_PARTNERS) {
                record(found, other.id, member.id, false);
            }
        }
    }
}

/// Every wildcard that covers all of a hostname, the narrowest first.
fn wider_names(hostname: &Hostname) -> Vec<Hostname> {
    let apex = hostname.apex();
    let from_here = if hostname.is_wildcard() { Some(apex) } else { apex.split_once('.').map(|(_, rest)| rest) };
    let suffixes = std::iter::successors(from_here, |rest| rest.split_once('.').map(|(_, rest)| rest));
    suffixes.map(|suffix| Hostname::new(&format!("*.{suffix}"))).collect()
}
