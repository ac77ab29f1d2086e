//! Mutants of manifests that are right: nearly all must be found, and one that is not must behave as the original
//! wherever that is equal to the source (ingress-migrate.md §7.5, T128).

use std::collections::BTreeSet;

use gwc_core::ingress::Scheme;
use gwc_core::ir::filter::{Filter, PathModifier};
use gwc_core::ir::{Config, PathMatch, Rule, Str};
use gwc_core::predict;
use gwc_core::prove::{Outcome, Request};
use gwc_core::value::Hostname;

use crate::breaks::base;
use crate::pair::Pair;
use crate::random::Random;

const BASES: &[&str] = &["plain", "tls", "rewrite", "canary", "regex", "hosts", "closed", "www"];

/// A change, in words; `None`: it cannot be made there.
type Mutation = fn(&mut Config, &mut Random) -> Option<String>;

const MUTATIONS: &[Mutation] = &[
    drop_rule,
    drop_match,
    swap_backends,
    change_weight,
    change_port,
    drop_backend,
    change_path,
    change_kind,
    change_regex,
    change_header,
    drop_header,
    add_method,
    drop_filter,
    change_filter,
    swap_entries,
    change_hostname,
    drop_listener,
    drop_tls,
    drop_socket,
];

fn rule<'c>(config: &'c mut Config, random: &mut Random) -> Option<(&'c mut Rule, String)> {
    let n = config.rules.len();
    let rule = config.rules.get_mut(random.below(n.max(1)))?;
    let name = format!("{}[{}]", rule.trace.name, rule.trace.rule);
    Some((rule, name))
}

fn listener<'c>(config: &'c mut Config, random: &mut Random) -> Option<&'c mut gwc_core::ir::Listener> {
    let n = config.sockets.len();
    let socket = config.sockets.get_mut(random.below(n.max(1)))?;
    let n = socket.listeners.len();
    socket.listeners.get_mut(random.below(n.max(1)))
}

fn drop_rule(config: &mut Config, random: &mut Random) -> Option<String> {
    let at = u32::try_from(random.below(config.rules.len())).ok()?;
    for one in config.sockets.iter_mut().flat_map(|socket| &mut socket.listeners) {
        one.entries.retain(|entry| entry.rule != at);
    }
    Some(format!("rule {at} is gone"))
}

fn drop_match(config: &mut Config, random: &mut Random) -> Option<String> {
    let own = listener(config, random)?;
    (!own.entries.is_empty()).then(|| own.entries.remove(random.below(own.entries.len())))?;
    Some(format!("a match of {} is gone", own.name))
}

fn swap_backends(config: &mut Config, random: &mut Random) -> Option<String> {
    let (one, other) = (random.below(config.rules.len()), random.below(config.rules.len()));
    let (first, second) = (config.rules[one].backends.clone(), config.rules[other].backends.clone());
    let targets = |list: &[gwc_core::ir::WeightedBackend]| {
        list.iter().map(|one| (one.target.clone(), one.weight)).collect::<Vec<_>>()
    };
    if targets(&first) == targets(&second) {
        return None;
    }
    config.rules[one].backends = second;
    config.rules[other].backends = first;
    Some(format!("backends of {one} and {other} are swapped"))
}

fn change_weight(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    let n = rule.backends.len();
    let backend = rule.backends.get_mut(random.below(n.max(1)))?;
    backend.weight = if n > 1 { backend.weight * 2 + 1 } else { 0 };
    Some(format!("another weight in {name}"))
}

fn change_port(config: &mut Config, random: &mut Random) -> Option<String> {
    let n = config.backends.len();
    let backend = config.backends.get_mut(random.below(n.max(1)))?;
    backend.key.port = backend.key.port.map(|port| port + 1);
    Some(format!("another port of {}", backend.key))
}

fn drop_backend(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    (!rule.backends.is_empty()).then(|| rule.backends.pop())?;
    Some(format!("a backend less in {name}"))
}

fn change_path(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    let found = rule.matches.first_mut()?;
    let change = |text: &Str, random: &mut Random| {
        let text = text.as_str();
        let new = match random.below(3) {
            0 if text.len() > 2 => text[..text.len() - 1].to_owned(),
            1 => format!("{text}/more"),
            _ => format!("{}x", text.trim_end_matches('/')),
        };
        Str::from(new)
    };
    found.path = match &found.path {
        PathMatch::Exact(path) => PathMatch::Exact(change(path, random)),
        PathMatch::Prefix(path) => PathMatch::Prefix(change(path, random)),
        PathMatch::Regex(_) => return None,
    };
    Some(format!("the path of {name} is {:?}", found.path))
}

fn change_kind(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    let found = rule.matches.first_mut()?;
    found.path = match &found.path {
        PathMatch::Exact(path) => PathMatch::Prefix(path.clone()),
        PathMatch::Prefix(path) => PathMatch::Exact(path.clone()),
        PathMatch::Regex(_) => return None,
    };
    Some(format!("the path of {name} is {:?}", found.path))
}

fn change_regex(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    let found = rule.matches.first_mut()?;
    let PathMatch::Regex(text) = &found.path else { return None };
    let changes =
        [("(?i)", ""), (".*)$", ")$"), ("[0-9]+", "[0-8]+"), (".*\\.png", ".+\\.png"), ("+", "*"), ("/v", "/w")];
    let (from, to) = random.pick(&changes);
    let new = text.replacen(from, to, 1);
    if new == text.as_str() {
        return None;
    }
    found.path = PathMatch::Regex(Str::from(new));
    Some(format!("the path of {name} is {:?}", found.path))
}

fn change_header(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    let header = rule.matches.first_mut()?.headers.first_mut()?;
    header.value = Str::from(header.value.replace("always", "Always").replace("never", "ever"));
    Some(format!("the header of {name} is {header:?}"))
}

fn drop_header(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    rule.matches.first_mut()?.headers.pop()?;
    Some(format!("no header in {name}"))
}

fn add_method(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    let found = rule.matches.first_mut()?;
    found.method = Some(Str::from(*random.pick(&["GET", "POST"])));
    Some(format!("a method in {name}"))
}

fn drop_filter(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    rule.filters.pop()?;
    Some(format!("a filter less in {name}"))
}

fn change_filter(config: &mut Config, random: &mut Random) -> Option<String> {
    let (rule, name) = rule(config, random)?;
    let filter = rule.filters.first_mut()?;
    let longer = |modifier: &PathModifier| match modifier {
        PathModifier::ReplaceFullPath(path) => PathModifier::ReplaceFullPath(Str::from(format!("{path}y"))),
        PathModifier::ReplacePrefixMatch(path) => PathModifier::ReplacePrefixMatch(Str::from(format!("{path}y"))),
    };
    match filter {
        Filter::Redirect(redirect) => match random.below(4) {
            0 => redirect.status = if redirect.status == 302 { 303 } else { 302 },
            1 => redirect.hostname = Some(Hostname::new("wrong.io")),
            2 => {
                redirect.path =
                    redirect.path.as_ref().map(longer).or(Some(PathModifier::ReplaceFullPath(Str::from("/y"))))
            }
            _ => {
                redirect.scheme =
                    Some(Str::from(if redirect.scheme.as_deref() == Some("https") { "http" } else { "https" }))
            }
        },
        Filter::Rewrite(rewrite) => match random.below(2) {
            0 => rewrite.hostname = Some(Hostname::new("wrong.io")),
            _ => {
                rewrite.path =
                    rewrite.path.as_ref().map(longer).or(Some(PathModifier::ReplaceFullPath(Str::from("/y"))))
            }
        },
        Filter::Cors(_)
        | Filter::ExternalAuth(_)
        | Filter::RequestHeaders(_)
        | Filter::ResponseHeaders(_)
        | Filter::Mirror(_)
        | Filter::Fail(_) => return None,
    }
    Some(format!("another filter in {name}: {filter:?}"))
}

fn swap_entries(config: &mut Config, random: &mut Random) -> Option<String> {
    let own = listener(config, random)?;
    let at = random.below(own.entries.len().max(1));
    let is_one_host = own.entries.get(at)?.host == own.entries.get(at + 1)?.host;
    is_one_host.then(|| own.entries.swap(at, at + 1))?;
    Some(format!("entries {at} and the next of {} are swapped", own.name))
}

fn change_hostname(config: &mut Config, random: &mut Random) -> Option<String> {
    let own = listener(config, random)?;
    let n = own.hosts.len();
    let host = own.hosts.get_mut(random.below(n.max(1)))?;
    let wrong = Some(Hostname::new("wrong.io"));
    (host.matches, host.written) = (wrong.clone(), wrong);
    Some(format!("a hostname of {} is wrong", own.name))
}

fn drop_listener(config: &mut Config, random: &mut Random) -> Option<String> {
    let n = config.sockets.len();
    let socket = config.sockets.get_mut(random.below(n.max(1)))?;
    let own = socket.listeners.remove(random.below(socket.listeners.len()));
    Some(format!("listener {} is gone", own.name))
}

fn drop_tls(config: &mut Config, random: &mut Random) -> Option<String> {
    let n = config.backends.len();
    let backend = config.backends.get_mut(random.below(n.max(1)))?;
    backend.tls.take()?;
    Some(format!("no TLS to {}", backend.key))
}

fn drop_socket(config: &mut Config, random: &mut Random) -> Option<String> {
    let socket = config.sockets.remove(random.below(config.sockets.len()));
    Some(format!("port {} is gone", socket.port))
}

const HOSTS: &[&str] = &["a.io", "a.io", "a.io", "b.io", "www.a.io", "x.io", "wrong.io", "n.io"];
const PATHS: &[&str] = &[
    "/",
    "/foo",
    "/foo/",
    "/foo/x",
    "/fo",
    "/foox",
    "/foo/more",
    "/foo/more/x",
    "/bar",
    "/bar/x",
    "/barx",
    "/ba",
    "/foo/deep",
    "/foo/deep/x",
    "/foo/deepx",
    "/foo/dee",
    "/slash",
    "/slash/",
    "/slash/x",
    "/slashx",
    "/x",
    "/x/y",
    "/api",
    "/api/",
    "/api/x",
    "/apix",
    "/ap",
    "/v1/items",
    "/v9/items",
    "/v/items",
    "/v19/itemsx",
    "/w1/items",
    "/V1/Items",
    "/v1/items/x",
    "/static/.png",
    "/static/x.png",
    "/static/x.pngx",
    "/v2/x",
    "/v2/x/y",
    "/v2/items",
    "/secret",
    "/secret/x",
    "/secre",
    "/secretx",
    "/old",
    "/old/x",
    "/oldx",
    "/ol",
    "/other",
    "/more",
    "/secret/more",
    "/old/more",
    "/api/more",
    "/x/more",
    "/bar/more",
    "/slash/more",
    "/foo/deep/more",
];
const VALUES: &[&str] = &["always", "never", "Always", "ever", "other"];

/// A request near something that is written anywhere.
fn requests(random: &mut Random) -> Request {
    let scheme = *random.pick(&[Scheme::Http, Scheme::Http, Scheme::Https]);
    let query = random.pick(&["", "", "?a=b"]);
    let host: &&str = random.pick(HOSTS);
    let mut request = Request::get(scheme, host, &format!("{}{query}", random.pick(PATHS)));
    if random.below(3) == 0 {
        request.method = (*random.pick(&["POST", "OPTIONS", "PUT"])).into();
    }
    if random.below(2) == 0 {
        request.headers.push(("x-c".into(), (*random.pick(VALUES)).into()));
    }
    if random.below(2) == 0 {
        request.headers.push(("cookie".into(), format!("k={}", random.pick(VALUES))));
    }
    request
}

fn answers(config: &Config, request: &Request) -> Vec<Outcome> {
    let port = if request.scheme == Scheme::Https { 443 } else { 80 };
    let asked = request.at_port(port);
    let predict = |at: usize| {
        let outcome = predict::predict(config, at, &asked).outcome;
        Outcome::of_target(outcome, &request.host, config)
    };
    let all: Vec<Outcome> = predict::sockets(config, &asked, None).into_iter().map(predict).collect();
    if all.is_empty() { vec![Outcome::Closed] } else { all }
}

/// A request that the mutant answers otherwise than the original, although that does what the source does.
fn difference(pair: &Pair, mutant: &Config, random: &mut Random) -> Option<String> {
    let source = pair.source.model();
    for _ in 0..1_500 {
        let request = requests(random);
        let (right, wrong) = (answers(&pair.target, &request), answers(mutant, &request));
        let differs = right.iter().zip(&wrong).any(|(one, other)| !one.differences(other).is_empty());
        let old = source.ask(&request).outcome;
        let was_right = right.iter().all(|one| old.differences(one).is_empty());
        if differs && was_right {
            return Some(format!("{}: {old} → {wrong:?}", request.line()));
        }
    }
    None
}

#[test]
fn t128_mutants_are_found() {
    let mut random = Random(28);
    let (mut n_mutants, mut n_killed, mut survivors) = (0, 0, BTreeSet::new());
    for name in BASES {
        let original = base(name);
        let pair = Pair::new(&original.ingresses, &original.manifests);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for round in 0..90 {
            let mut mutant = pair.target.clone();
            let mutation = MUTATIONS[round % MUTATIONS.len()];
            let Some(words) = mutation(&mut mutant, &mut random) else { continue };
            if !seen.insert(words.clone()) || mutant == pair.target {
                continue;
            }
            n_mutants += 1;
            let mutated = Pair {
                source: crate::pair::source(&original.ingresses, gwc_core::ingress::select::Controller::IngressNginx),
                target: mutant,
                gateways: pair.gateways.clone(),
            };
            if mutated.fast(&original.allowances).n_unexplained > 0 {
                n_killed += 1;
                continue;
            }
            let found = difference(&pair, &mutated.target, &mut random);
            assert_eq!(found, None, "{name}: {words}");
            survivors.insert(format!("{name}: {words}"));
        }
    }
    println!("{n_killed} of {n_mutants}; equivalent: {survivors:#?}");
    assert!(n_mutants > 200, "{n_mutants}");
    assert!(n_killed * 100 >= n_mutants * 95, "{n_killed} of {n_mutants}: {survivors:#?}");
}
