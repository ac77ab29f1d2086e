//! Pairs that route alike.

use gwc_core::prove::allowance::Dimension;
use gwc_core::prove::{Allowance, Kind, Place};

use crate::pair::{Pair, words};
use crate::yaml::{gateway, gateway_named, ingress, route, route_to, section};

/// What every migration to Gateway API announces: how paths are read (MIG307), and what the controller does without
/// being told (§2.16).
pub(crate) fn usual() -> Vec<Allowance> {
    let defaults = [Dimension::BodySize, Dimension::Timeouts, Dimension::Retries].map(Kind::Policy);
    let kinds = [Kind::Normalisation].into_iter().chain(defaults).chain([Kind::Policy(Dimension::Headers)]);
    kinds.map(|kind| Allowance { item: 0, place: Place::Everywhere, kind }).collect()
}

#[track_caller]
pub(crate) fn equal(pair: &Pair, more: &[Allowance]) {
    let allowances: Vec<Allowance> = usual().into_iter().chain(more.iter().cloned()).collect();
    let verification = pair.fast(&allowances);
    assert_eq!(words(&verification), [""; 0]);
    assert!(verification.is_proof(), "{verification:?}");
}

#[test]
fn plain_paths() {
    let paths: &[&str] = &["P /foo s", "E /bar t", "P /foo/deep u"];
    let ingresses = ingress("web", &[], &[("a.io", paths)], &[]);
    let manifests = gateway(&["http a.io"])
        + &route("web", &["http-a-io"], &["a.io"], &["P /foo => s", "E /bar => t", "P /foo/deep => u"]);
    equal(&Pair::new(&ingresses, &manifests), &[]);
}

#[test]
fn a_host_with_tls_redirects() {
    let (ingresses, manifests) = with_tls();
    let pair = Pair::new(&ingresses, &manifests);
    equal(&pair, &[allow(Kind::RedirectSlash)]);
    // Without the allowance the final slash is a difference, and nothing else is.
    let verification = pair.fast(&usual());
    assert!(!words(&verification).is_empty());
    assert!(words(&verification).iter().all(|one| one.contains("Location")), "{:?}", words(&verification));
}

pub(crate) fn allow(kind: Kind) -> Allowance {
    Allowance { item: 1, place: Place::Host("a.io".into()), kind }
}

pub(crate) fn with_tls() -> (String, String) {
    let paths: &[&str] = &["P /foo s", "E /bar t"];
    let ingresses = ingress("web", &[], &[("a.io", paths)], &[("a.io", "c")]);
    let manifests = gateway(&["http a.io", "https a.io c"])
        + &route("web", &["https-a-io"], &["a.io"], &["P /foo => s", "E /bar => t"])
        + &route("web-redirect", &["http-a-io"], &["a.io"], &["P / => https 308 => -"]);
    (ingresses, manifests)
}

#[test]
fn a_slash_that_is_redirected_to() {
    let ingresses = ingress("web", &[], &[("a.io", &["P /foo/ s", "P / t"])], &[]);
    let rules = &["P /foo => s", "E /foo => slash /foo/ => -", "P / => t"];
    let manifests = gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], rules);
    equal(&Pair::new(&ingresses, &manifests), &[]);
    let without = gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], &["P /foo => s", "P / => t"]);
    let pair = Pair::new(&ingresses, &without);
    equal(&pair, &[allow(Kind::SlashRedirect)]);
    assert!(!words(&pair.fast(&usual())).is_empty());
}

pub(crate) fn rewritten() -> (String, String) {
    let ingresses = ingress("web", &["rewrite-target: /$2"], &[("a.io", &["I /api(/|$)(.*) s"])], &[]);
    let manifests = gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], &["P /api => prefix / => s"]);
    (ingresses, manifests)
}

#[test]
fn a_prefix_that_is_cut_off() {
    let (ingresses, manifests) = rewritten();
    let pair = Pair::new(&ingresses, &manifests);
    equal(&pair, &[allow(Kind::LetterCase)]);
    let found = words(&pair.fast(&usual()));
    assert!(found.iter().all(|one| one.to_lowercase().contains("/api") && !one.contains("/api")), "{found:?}");
    assert!(!found.is_empty());
}

#[test]
fn expressions() {
    let paths: &[&str] = &["I /v[0-9]+/items s", "I /static/.*\\.png t"];
    let ingresses = ingress("web", &["use-regex: true"], &[("a.io", paths)], &[]);
    let rules = &["R (?i)^(?:/static/.*\\.png.*)$ => t", "R (?i)^(?:/v[0-9]+/items.*)$ => s"];
    let manifests = gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], rules);
    equal(&Pair::new(&ingresses, &manifests), &[]);
}

pub(crate) fn canary() -> (String, String) {
    let primary = ingress("web", &[], &[("a.io", &["P /x p"])], &[]);
    let canary = ingress(
        "canary",
        &["canary: true", "canary-by-header: X-C", "canary-by-cookie: k", "canary-weight: 20"],
        &[("a.io", &["P /x c"])],
        &[],
    );
    let rules = &[
        "P /x h:X-C=always => c",
        "P /x h:X-C=never => p",
        "P /x H:Cookie=(?:.*;\\s*)?k=always(?:\\s*;.*)? => c",
        "P /x H:Cookie=(?:.*;\\s*)?k=never(?:\\s*;.*)? => p",
        "P /x => p*80 c*20",
    ];
    (primary + &canary, gateway(&["http a.io"]) + &route("web", &["http-a-io"], &["a.io"], rules))
}

#[test]
fn a_canary() {
    let (ingresses, manifests) = canary();
    equal(&Pair::new(&ingresses, &manifests), &[allow(Kind::CanaryCookie)]);
}

#[test]
fn wildcards_and_names_of_nobody() {
    let hosts: &[(&str, &[&str])] = &[("*.w.io", &["P / s"]), ("a.io", &["P / t"]), ("", &["P /x u"])];
    let ingresses = ingress("web", &[], hosts, &[]);
    let manifests = gateway(&["http", "http *.w.io", "http a.io"])
        + &route("wild", &["http-any-w-io"], &["*.w.io"], &["P / => s"])
        + &route("own", &["http-a-io"], &["a.io"], &["P / => t"])
        + &route("all", &["http"], &[], &["P /x => u"]);
    let deeper = Allowance { item: 7, place: Place::Host("*.w.io".into()), kind: Kind::DeeperName };
    let pair = Pair::new(&ingresses, &manifests);
    equal(&pair, std::slice::from_ref(&deeper));
    let all: Vec<Allowance> = usual().into_iter().chain([deeper]).collect();
    let witness = &pair.fast(&all).explained[&7];
    assert_eq!(witness.request.host, "two.other.w.io");
    assert!(!words(&pair.fast(&usual())).is_empty());
}

#[test]
fn aliases_app_roots_and_redirects() {
    let ingresses = ingress("web", &["server-alias: b.io", "app-root: /home"], &[("a.io", &["P /x s"])], &[])
        + &ingress("old", &["permanent-redirect: https://c.io/new"], &[("c.io", &["P / s"])], &[]);
    let manifests = gateway(&["http"])
        + &route("web", &["http"], &["a.io", "b.io"], &["P /x => s", "E / => to 302 /home => -"])
        + &route("old", &["http"], &["c.io"], &["P / => gone => -"]).replace(
            "filters: [gone]",
            "filters: [{type: RequestRedirect, requestRedirect: {scheme: https, hostname: c.io, statusCode: 301, path: {type: ReplaceFullPath, replaceFullPath: /new}}}]",
        );
    let query = |host: &str| Allowance { item: 3, place: Place::Host(host.into()), kind: Kind::RedirectQuery };
    equal(&Pair::new(&ingresses, &manifests), &[query("a.io"), query("c.io")]);
}

#[test]
fn the_text_of_the_api() {
    let ingresses = ingress("web", &[], &[("a.io", &["P /foo/ s", "E /bar t"]), ("", &["P / u"])], &[]);
    let manifests = gateway(&["http", "http a.io"])
        + &route("web", &["http-a-io"], &["a.io"], &["P /foo => s", "E /bar => t"])
        + &route("all", &["http"], &[], &["P / => u"]);
    let pair = Pair::of(&ingresses, &manifests, gwc_core::ingress::select::Controller::Generic);
    equal(&pair, &[]);
}

#[test]
fn several_gateways_each_have_their_hosts() {
    let ingresses = ingress("web", &[], &[("a.io", &["P / s"]), ("b.io", &["P / t"])], &[("a.io", "c"), ("b.io", "d")]);
    let mut manifests = String::new();
    for (gateway, host, service) in [("g", "a.io", "s"), ("h", "b.io", "t")] {
        let (http, https) = (section("http", host), section("https", host));
        manifests += &gateway_named(gateway, &[&format!("http {host}"), &format!("https {host} c")]);
        manifests += &route_to(gateway, service, &[&https], &[host], &[&format!("P / => {service}")]);
        manifests += &route_to(gateway, &format!("{service}-redirect"), &[&http], &[host], &["P / => https 308 => -"]);
    }
    let slash = Allowance { item: 1, place: Place::Everywhere, kind: Kind::RedirectSlash };
    equal(&Pair::new(&ingresses, &manifests), &[slash]);
}
