//! Requests that two versions of a socket answer differently: regions compared, witnesses predicted on both sides.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::change::content::Contents;
use crate::change::{Aspect, Changes, Class, Traffic, Unproven, classify};
use crate::ir::{Config, Protocol, RouteKind, Socket, Transport};
use crate::matcher::boundary::Probe;
use crate::predict::{Outcome, Prediction, Predictor, Request, Scheme};
use crate::region::compare::Side;
use crate::region::{Difference, compare};

/// A socket by Gateway and port.
type Key<'c> = (&'c str, &'c str, Transport, u16);

/// Compares all sockets that both sides have, or one of them.
pub(super) fn changes(old: &Config, new: &Config, changes: &mut Changes) {
    let (first, second) = (sockets(old), sockets(new));
    let (old_predictor, new_predictor) = (Predictor::new(old), Predictor::new(new));
    let contents = RefCell::new(Contents::default());
    let both = Both { old: &old_predictor, new: &new_predictor, contents: &contents };
    let keys: BTreeSet<Key<'_>> = first.keys().chain(second.keys()).copied().collect();
    for key in keys {
        let pair = (first.get(&key).copied(), second.get(&key).copied());
        socket(&both, key, pair, changes);
    }
    changes.traffic.sort_by_key(|one| one.class);
}

fn sockets(config: &Config) -> BTreeMap<Key<'_>, usize> {
    let all = config.sockets.iter().enumerate();
    let keyed = all.map(|(position, socket)| {
        let gateway = config.gateway(socket);
        ((gateway.namespace.as_str(), gateway.name.as_str(), socket.transport, socket.port), position)
    });
    keyed.collect()
}

struct Both<'b, 'c> {
    old: &'b Predictor<'c>,
    new: &'b Predictor<'c>,
    contents: &'b RefCell<Contents>,
}

/// How the listeners of a socket are spoken to.
fn scheme(socket: Option<&Socket>) -> Option<Scheme> {
    let first = socket?.listeners.first()?;
    Some(match first.protocol {
        Protocol::Http => Scheme::Http,
        Protocol::Https => Scheme::Https,
        Protocol::Tls => Scheme::Tls,
        Protocol::Tcp => Scheme::Tcp,
        Protocol::Udp => Scheme::Udp,
    })
}

fn socket(both: &Both<'_, '_>, key: Key<'_>, (old, new): (Option<usize>, Option<usize>), changes: &mut Changes) {
    let (first, second) = (both.old.config(), both.new.config());
    let sides = (old.and_then(|at| first.sockets.get(at)), new.and_then(|at| second.sockets.get(at)));
    let number = |config: &Config, socket: Option<&Socket>, (listener, entry): (Option<usize>, Option<usize>)| {
        let listener = socket.zip(listener).and_then(|(socket, at)| socket.listeners.get(at));
        let entry = listener.zip(entry).and_then(|(listener, at)| listener.entries.get(at));
        both.contents.borrow_mut().number(config, listener, entry)
    };
    let memo = (RefCell::new(BTreeMap::new()), RefCell::new(BTreeMap::new()));
    let old_outcome = |listener, entry| {
        *memo.0.borrow_mut().entry((listener, entry)).or_insert_with(|| number(first, sides.0, (listener, entry)))
    };
    let new_outcome = |listener, entry| {
        *memo.1.borrow_mut().entry((listener, entry)).or_insert_with(|| number(second, sides.1, (listener, entry)))
    };
    let gateway = format!("{}/{}", key.0, key.1);
    let shows = |probe: &Probe, one, two| {
        let difference = Difference { probe: probe.clone(), old: one, new: two, n_regions: 1 };
        let witness = witness(both, (key, old, new), &difference);
        witness.is_some_and(|(_, before, now)| !is_alike(&before, &now))
    };
    let comparison = compare(
        Side { config: first, socket: sides.0, outcome: &old_outcome },
        Side { config: second, socket: sides.1, outcome: &new_outcome },
        &shows,
    );
    let mut groups: BTreeMap<Group, usize> = BTreeMap::new();
    for difference in &comparison.differences {
        let Some(traffic) = traffic(both, &gateway, (key, old, new), difference) else { continue };
        let group = group(&traffic, (rule_of(first, &traffic.old), rule_of(second, &traffic.new)));
        match groups.get(&group).and_then(|at| changes.traffic.get_mut(*at)) {
            Some(known) => known.n_more += difference.n_regions,
            None => {
                groups.insert(group, changes.traffic.len());
                changes.traffic.push(Traffic { n_more: difference.n_regions - 1, ..traffic });
            }
        }
    }
    changes.unproven.extend(comparison.unproven.into_iter().map(|open| Unproven {
        gateway: gateway.clone(),
        port: key.3,
        host: open.host,
        path: open.path,
        why: open.why,
    }));
}

/// Changes that are told as one: the same rules, the same kind of change.
type Group = (Class, Vec<Aspect>, Option<String>, Option<String>, String);

fn group(traffic: &Traffic, (old, new): (Option<String>, Option<String>)) -> Group {
    // Requests that nobody took before, or takes now, are told by name: they have no rule to stand for them.
    let name = match (&old, &new) {
        (Some(_), Some(_)) => String::new(),
        (None, _) | (_, None) => traffic.request.authority.clone().unwrap_or_default(),
    };
    (traffic.class, traffic.aspects.clone(), old, new, name)
}

/// The rule that takes a request, as a text.
fn rule_of(config: &Config, prediction: &Prediction) -> Option<String> {
    let trace = &prediction.rule(config)?.trace;
    Some(format!("{} {}/{} {}", trace.kind.name(), trace.namespace, trace.name, trace.rule))
}

fn traffic(
    both: &Both<'_, '_>,
    gateway: &str,
    place: (Key<'_>, Option<usize>, Option<usize>),
    difference: &Difference,
) -> Option<Traffic> {
    let (request, before, now) = witness(both, place, difference)?;
    let judged = classify::judge(both.contents, (both.old, both.new), (&before, &now), &request);
    Some(Traffic {
        class: judged.class,
        aspects: judged.aspects,
        request,
        old: before,
        new: now,
        gateway: gateway.to_owned(),
        is_new_loop: judged.is_new_loop,
        n_more: 0,
        largest_move: judged.largest_move,
    })
}

/// The request of a difference, and what happens to it on both sides.
fn witness(
    both: &Both<'_, '_>,
    (key, old, new): (Key<'_>, Option<usize>, Option<usize>),
    difference: &Difference,
) -> Option<(Request, Prediction, Prediction)> {
    let (first, second) = (both.old.config(), both.new.config());
    let (old_socket, new_socket) =
        (first.sockets.get(old.unwrap_or(MISSING)), second.sockets.get(new.unwrap_or(MISSING)));
    let arrives = scheme(old_socket).or_else(|| scheme(new_socket))?;
    let is_grpc = |config: &Config, socket: Option<&Socket>, (listener, entry): (Option<usize>, Option<usize>)| {
        let listener = socket.zip(listener).and_then(|(socket, at)| socket.listeners.get(at));
        let entry = listener.zip(entry).and_then(|(listener, at)| listener.entries.get(at));
        entry.is_some_and(|entry| config.rule(entry).trace.kind == RouteKind::Grpc)
    };
    let grpc = is_grpc(first, old_socket, difference.old) || is_grpc(second, new_socket, difference.new);
    let scheme = match arrives {
        Scheme::Http if grpc => Scheme::Grpc,
        Scheme::Https if grpc => Scheme::Grpcs,
        Scheme::Http | Scheme::Https | Scheme::Grpc | Scheme::Grpcs | Scheme::Tls | Scheme::Tcp | Scheme::Udp => {
            arrives
        }
    };
    let request = Request::of(&difference.probe, scheme, key.3);
    let before = both.old.predict(old.unwrap_or(MISSING), &request);
    let now = both.new.predict(new.unwrap_or(MISSING), &request);
    Some((request, before, now))
}

/// Position of a socket that is not there.
const MISSING: usize = usize::MAX;

/// The same answer of the Gateway itself. What is sent differs when the rules do.
fn is_alike(before: &Prediction, now: &Prediction) -> bool {
    match (&before.outcome, &now.outcome) {
        (Outcome::Answered(one), Outcome::Answered(two)) => {
            (one.status, one.grpc_status, &one.location, &one.headers)
                == (two.status, two.grpc_status, &two.location, &two.headers)
        }
        (Outcome::Closed(_), Outcome::Closed(_)) => true,
        (Outcome::Answered(_) | Outcome::Closed(_) | Outcome::Forwarded(_), _) => false,
    }
}
