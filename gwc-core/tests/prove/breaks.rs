//! Named breaks of a translation: each is found, with a request that both sides really answer in these two ways.

use gwc_core::ingress::PathId;
use gwc_core::ingress::nginx::Servers;
use gwc_core::predict::{self, AnsweredBy};
use gwc_core::prove::{Allowance, Aspect, Difference, Kind, Outcome, Place};

use crate::equal::{allow, canary, equal, rewritten, usual, with_tls};
use crate::pair::{Controlled, Pair, words};
use crate::yaml::{gateway, ingress, route};

/// Manifests that are right, and what is announced about them.
pub(crate) struct Base {
    pub(crate) ingresses: String,
    pub(crate) manifests: String,
    pub(crate) allowances: Vec<Allowance>,
}

pub(crate) fn base(name: &str) -> Base {
    let (pair, kinds): ((String, String), &[Kind]) = match name {
        "plain" => (plain(), &[]),
        "tls" => (with_tls(), &[Kind::RedirectSlash]),
        "rewrite" => (rewritten(), &[Kind::LetterCase]),
        "canary" => (canary(), &[Kind::CanaryCookie]),
        "regex" => (regex(), &[]),
        "hosts" => (hosts(), &[Kind::RedirectSlash]),
        "closed" => (closed(), &[Kind::Closed]),
        "www" => (www(), &[Kind::RedirectSlash, Kind::RedirectQuery]),
        _ => panic!("{name}"),
    };
    let mut allowances: Vec<Allowance> = usual();
    allowances.extend(kinds.iter().cloned().map(allow));
    let place = match name {
        "hosts" => Some(Place::Host("b.io".into())),
        "closed" => Some(Place::Path(PathId { ingress: 0, rule: 0, path: 0 })),
        _ => None,
    };
    for one in allowances.iter_mut().filter(|one| one.item > 0) {
        one.place = place.clone().unwrap_or_else(|| one.place.clone());
    }
    Base { ingresses: pair.0, manifests: pair.1, allowances }
}

fn plain() -> (String, String) {
    let paths: &[&str] = &["P /foo s", "E /bar t", "P /foo/deep u", "P /slash/ v"];
    let rules = &["P /foo => s", "E /bar => t", "P /foo/deep => u", "P /slash => v", "E /slash => slash /slash/ => -"];
    let ingresses = ingress("web", &[], &[("a.io", paths)], &[]);
    (ingresses, gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], rules))
}

fn regex() -> (String, String) {
    let paths: &[&str] = &["I /v[0-9]+/items s", "I /static/.*\\.png t", "I /v2/x u"];
    let ingresses = ingress("web", &["use-regex: true"], &[("a.io", paths)], &[]);
    let rules =
        &["R (?i)^(?:/static/.*\\.png.*)$ => t", "R (?i)^(?:/v[0-9]+/items.*)$ => s", "R (?i)^(?:/v2/x.*)$ => u"];
    (ingresses, gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], rules))
}

fn hosts() -> (String, String) {
    let hosts: &[(&str, &[&str])] = &[("a.io", &["P /x s"]), ("", &["P / t"])];
    let ingresses = ingress("web", &["upstream-vhost: inner.io"], hosts, &[])
        + &ingress("tls", &["backend-protocol: HTTPS"], &[("b.io", &["P / u"])], &[("b.io", "c")]);
    let policy = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: {name: p, namespace: app}\nspec:\n  targetRefs: [{group: \"\", kind: Service, name: u}]\n  validation: {hostname: u.app.svc, wellKnownCACertificates: System}\n";
    let manifests = gateway(&["http", "http a.io", "http b.io", "https b.io c"])
        + &route("web", &["http-a-io"], &["a.io"], &["P /x => host inner.io => s"])
        + &route("all", &["http"], &[], &["P / => host inner.io => t"])
        + &route("tls", &["https-b-io"], &["b.io"], &["P / => u"])
        + &route("tls-redirect", &["http-b-io"], &["b.io"], &["P / => https 308 => -"])
        + policy;
    (ingresses, manifests)
}

fn closed() -> (String, String) {
    let ingresses = ingress("web", &[], &[("a.io", &["P /secret s", "P / t"])], &[]);
    (ingresses, gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], &["P /secret => -", "P / => t"]))
}

fn www() -> (String, String) {
    let ingresses = ingress("web", &["from-to-www-redirect: true"], &[("a.io", &["P / s"])], &[])
        + &ingress("old", &["temporal-redirect: https://n.io/x"], &[("a.io", &["P /old t"])], &[]);
    let new = "{type: RequestRedirect, requestRedirect: {scheme: https, hostname: n.io, statusCode: 302, path: {type: ReplaceFullPath, replaceFullPath: /x}}}";
    let manifests = gateway(&["http"])
        + &route("web", &["http"], &["a.io"], &["P / => s", "P /old => new => -"])
            .replace("[new]", &format!("[{new}]"))
        + &route("www", &["http"], &["www.a.io"], &["P / => redirect 308 a.io => -"]);
    (ingresses, manifests)
}

/// The witness is true: asked again, both evaluators answer as it says, the target by the slow reference.
fn check(pair: &Pair, difference: &Difference) {
    let witness = &difference.witness;
    let headers: Vec<(&str, &str)> =
        witness.request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = gwc_core::ingress::Request {
        scheme: witness.request.scheme,
        method: &witness.request.method,
        host: &witness.request.host,
        target: &witness.request.target,
        headers: &headers,
    };
    let servers: &Servers = match &pair.source {
        Controlled::Nginx(servers) => servers,
        Controlled::Generic(_) => panic!("breaks are of ingress-nginx"),
    };
    let old = servers.evaluate(&request).outcome;
    match (&witness.old, &old) {
        (Outcome::Redirect { code, location }, gwc_core::ingress::Outcome::Redirect { code: own, location: other }) => {
            assert_eq!((code, location), (own, other));
        }
        (Outcome::Answer { status, .. }, gwc_core::ingress::Outcome::Fixed { code }) => assert_eq!(status, code),
        (Outcome::Forward(one), gwc_core::ingress::Outcome::Forward(other)) => {
            assert_eq!((one.shares.len(), &one.target, &one.host), (other.shares.len(), &other.target, &other.host));
        }
        other => panic!("{other:?}"),
    }
    let asked = witness.request.at_port(witness.port);
    let sockets = predict::sockets(&pair.target, &asked, None);
    let answers: Vec<Outcome> = sockets
        .iter()
        .map(|socket| predict::predict(&pair.target, *socket, &asked).outcome)
        .map(|outcome| Outcome::of_target(outcome, &witness.request.host, &pair.target))
        .collect();
    assert!(answers.is_empty() && witness.new == Outcome::Closed || answers.contains(&witness.new), "{answers:?}");
    let is_connection = witness.aspects == [Aspect::Connection];
    assert!(is_connection || !witness.old.differences(&witness.new).is_empty());
}

#[track_caller]
fn broken(name: &str, from: &str, to: &str, expected: Aspect) {
    let Base { ingresses, manifests, allowances } = base(name);
    let changed = manifests.replacen(from, to, 1);
    assert_ne!(changed, manifests, "{from}\n{manifests}");
    let pair = Pair::new(&ingresses, &changed);
    let verification = pair.fast(&allowances);
    let found = words(&verification);
    let has = |one: &Difference| one.witness.aspects.contains(&expected);
    assert!(verification.unexplained.iter().any(has), "{expected:?}: {found:?}");
    verification.unexplained.iter().for_each(|one| check(&pair, one));
    assert!(!verification.is_proof());
}

#[test]
fn what_the_breaks_start_from_is_right() {
    for name in ["plain", "tls", "rewrite", "canary", "regex", "hosts", "closed", "www"] {
        let Base { ingresses, manifests, allowances } = base(name);
        equal(&Pair::new(&ingresses, &manifests), &allowances);
    }
}

fn rule(path: &str, kind: &str) -> String {
    format!("path: {{type: {kind}, value: {path:?}}}")
}

macro_rules! breaks {
    ($($name:ident: $base:literal, $from:expr, $to:expr, $aspect:expr;)*) => {
        $(#[test] fn $name() { broken($base, &$from, &$to, $aspect); })*
    };
}

use Aspect::{Code, Connection, Host, LocationPath, Origin, Path, Shares, Sort, Wire};

breaks! {
    b01_a_backend_of_another_path: "plain", "name: s, port", "name: t, port", Shares;
    b02_another_port: "plain", "name: s, port: 80", "name: s, port: 81", Shares;
    b03_exact_instead_of_prefix: "plain", rule("/foo", "PathPrefix"), rule("/foo", "Exact"), Sort;
    b04_prefix_instead_of_exact: "plain", rule("/bar", "Exact"), rule("/bar", "PathPrefix"), Sort;
    b05_another_path: "plain", rule("/foo/deep", "PathPrefix"), rule("/foo/deeper", "PathPrefix"), Shares;
    b06_a_rule_more_for_everything: "plain", rule("/bar", "Exact"), rule("/", "PathPrefix"), Sort;
    b07_the_redirect_to_the_slash_leads_elsewhere: "plain", "replaceFullPath: \"/slash/\"", "replaceFullPath: \"/slash\"", LocationPath;
    b08_the_redirect_to_the_slash_is_permanent_otherwise: "plain", "statusCode: 301", "statusCode: 302", Code;
    b09_the_redirect_to_the_slash_takes_all: "plain", rule("/slash", "Exact"), rule("/slash/", "Exact"), Sort;
    b10_the_listener_is_of_another_host: "plain", "hostname: \"a.io\"", "hostname: \"b.io\"", Sort;
    b11_the_route_is_of_another_host: "plain", "hostnames: [\"a.io\"]", "hostnames: [\"b.io\"]", Sort;
    b12_a_condition_more: "plain", rule("/foo", "PathPrefix"), format!("{}, headers: [{{name: x, value: v}}]", rule("/foo", "PathPrefix")), Sort;
    b13_only_one_method: "plain", rule("/foo", "PathPrefix"), format!("{}, method: POST", rule("/foo", "PathPrefix")), Sort;
    b14_no_redirect_to_https: "tls", "scheme: https, statusCode: 308", "scheme: http, statusCode: 308", Origin;
    b15_the_redirect_to_https_is_temporary: "tls", "statusCode: 308", "statusCode: 302", Code;
    b16_the_site_is_served_in_clear_text: "tls", "sectionName: https-a-io", "sectionName: http-a-io", Sort;
    b17_https_is_not_served: "tls", "{name: https-a-io, port: 443, protocol: HTTPS, hostname: \"a.io\", tls: {certificateRefs: [{name: c}]}}", "{name: other, port: 81, protocol: HTTP}", Connection;
    b18_the_redirect_loops: "tls", "[{name: g, sectionName: http-a-io}]", "[{name: g, sectionName: http-a-io}, {name: g, sectionName: https-a-io}]", Sort;
    b19_the_prefix_is_kept: "rewrite", "replacePrefixMatch: \"/\"", "replacePrefixMatch: \"/api\"", Path;
    b20_all_of_the_path_is_replaced: "rewrite", "path: {type: ReplacePrefixMatch, replacePrefixMatch: \"/\"}", "path: {type: ReplaceFullPath, replaceFullPath: \"/\"}", Path;
    b21_no_rewrite: "rewrite", "filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: \"/\"}}}]", "name: unchanged", Path;
    b22_shares_turned_round: "canary", "name: p, port: 80, weight: 80", "name: p, port: 80, weight: 20", Shares;
    b23_the_header_has_another_value: "canary", "value: \"always\"", "value: \"Always\"", Shares;
    b24_never_means_always: "canary", "value: \"never\"", "value: \"maybe\"", Shares;
    b25_the_header_is_another: "canary", "name: X-C, type: Exact, value: \"always\"", "name: X-D, type: Exact, value: \"always\"", Shares;
    b26_the_expression_needs_the_end: "regex", "/v[0-9]+/items.*)$", "/v[0-9]+/items)$", Sort;
    b27_the_expression_minds_case: "regex", "(?i)^(?:/v[0-9]+", "^(?:/v[0-9]+", Sort;
    b28_the_expression_is_wider: "regex", "/v[0-9]+/items.*)$", "/v[0-9]*/items.*)$", Sort;
    b29_the_host_that_is_sent: "hosts", "hostname: inner.io", "hostname: outer.io", Host;
    b30_clear_text_to_a_backend_with_tls: "hosts", "name: u}", "name: v}", Wire;
    b31_rules_of_no_host_for_a_host: "hosts", "hostnames: [\"a.io\"]", "hostnames: [\"x.io\"]", Sort;
    b32_the_closed_path_is_open: "closed", rule("/secret", "PathPrefix"), rule("/other-secret", "PathPrefix"), Shares;
    b33_the_closed_path_closes_its_neighbour: "closed", rule("/secret", "PathPrefix"), rule("/", "PathPrefix"), Sort;
    b34_the_other_name_is_served: "www", "hostnames: [\"a.io\"]", "hostnames: [\"a.io\", \"www.a.io\"]", Sort;
    b35_the_other_name_leads_elsewhere: "www", "hostname: a.io", "hostname: b.io", Origin;
    b36_the_redirect_has_another_path: "www", "replaceFullPath: /x", "replaceFullPath: /y", LocationPath;
}

/// What closes a path says so; a 500 of another sort is none of it.
#[test]
fn closing_is_no_excuse_for_a_lost_backend() {
    let Base { ingresses, manifests, allowances } = base("closed");
    let changed = manifests.replace("name: t, port: 80, weight: 1", "name: t, port: 80, weight: 0");
    let pair = Pair::new(&ingresses, &changed);
    let verification = pair.fast(&allowances);
    let lost = verification.unexplained.iter().find(|one| one.witness.request.target == "/");
    let by = Some(AnsweredBy::NoBackend);
    assert_eq!(lost.map(|one| &one.witness.new), Some(&Outcome::Answer { status: 500, by }));
}
