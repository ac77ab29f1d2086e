//! What the converter writes, read again: equal to the source but for what it announced.

use std::collections::BTreeMap;

use gwc_core::ingress::World;
use gwc_core::ingress::generic::Rules;
use gwc_core::ingress::nginx::{Config, Servers};
use gwc_core::ingress::select::{self, Choice, Controller};
use gwc_core::migrate::{self, Options, render};
use gwc_core::predict::Predictor;
use gwc_core::profile::{Bundle, Channel, Target as Chosen};
use gwc_core::prove::{self, Level, Side, Source, Target, Verification};

use crate::pair::{compile, target, words};
use crate::random::Random;
use crate::yaml::ingress;

/// Converts Ingresses and compares both sides; with the manifests.
pub(crate) fn converted(text: &str, controller: Controller) -> (Verification, String) {
    let graph = compile(text).graph;
    let all: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    let choice = Choice { controller: Some(controller), unclassed: Some("nginx"), ..Choice::default() };
    let selected = select::select(&all, &[], &choice);
    let options = Options::new(Chosen { bundle: Bundle::V1_6, channel: Channel::Standard });
    let conversion = migrate::convert(&graph, &selected, &options);
    let manifests = render::documents(&conversion.manifests);
    // What the converter knows of Services the verifier knows too.
    let services: BTreeMap<_, _> = graph.services.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let secrets: BTreeMap<_, _> = graph.secrets.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let config_maps: BTreeMap<_, _> = graph.config_maps.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let own = selected.read.get(&(controller, "nginx".into())).expect("Ingresses of the class");
    let world = World { ingresses: own, services: &services, secrets: &secrets, config_maps: &config_maps };
    let (config, _) = target(&manifests);
    let predictor = Predictor::new(&config);
    let class = conversion.classes.first().expect("a class");
    let target = Target::new(&predictor, &class.gateways);
    let (servers, rules) = (Servers::compile(&world, Config::default()), Rules::compile(&world));
    let source = match controller {
        Controller::IngressNginx => Source::Nginx(&servers),
        Controller::Generic => Source::Generic(&rules),
    };
    let side = Side { source, target: &target };
    (prove::verify(side, conversion.report.allowances(), Level::Fast, None), manifests)
}

#[track_caller]
fn right(text: &str) {
    let (verification, manifests) = converted(text, Controller::IngressNginx);
    assert_eq!(words(&verification), [""; 0], "{text}\n{manifests}");
    assert_eq!(verification.unverified.len(), 0, "{:?}", verification.unverified);
}

#[test]
fn plain_hosts() {
    right(&ingress("web", &[], &[("a.io", &["P /foo s", "E /bar t", "P /x/ u"]), ("b.io", &["P / s"])], &[]));
    right(&ingress("web", &[], &[("*.a.io", &["P /foo s"]), ("", &["P / t"])], &[]));
}

#[test]
fn hosts_with_tls() {
    right(&ingress("web", &[], &[("a.io", &["P /foo s", "P / t"])], &[("a.io", "c")]));
    right(&ingress("web", &["ssl-redirect: false"], &[("a.io", &["P /foo s"])], &[("a.io", "c")]));
}

#[test]
fn rewrites_and_expressions() {
    right(&ingress("web", &["rewrite-target: /$2"], &[("a.io", &["I /api(/|$)(.*) s"])], &[]));
    right(&ingress("web", &["rewrite-target: /x/$1"], &[("a.io", &["I /api/(.*) s", "P / t"])], &[]));
    right(&ingress("web", &["use-regex: true"], &[("a.io", &["I /v[0-9]+/items s", "I /v2/x t"])], &[]));
    right(&ingress("web", &["rewrite-target: /"], &[("a.io", &["P /flat s"])], &[]));
}

#[test]
fn redirects() {
    right(&ingress("web", &["permanent-redirect: https://b.io/x?y=1"], &[("a.io", &["P / s"])], &[]));
    right(&ingress("web", &["app-root: /home"], &[("a.io", &["P / s"])], &[("a.io", "c")]));
    right(&ingress("web", &["from-to-www-redirect: true"], &[("a.io", &["P / s"])], &[("a.io", "c")]));
    right(&ingress("web", &["server-alias: b.io,*.c.io"], &[("a.io", &["P / s"])], &[]));
}

#[test]
fn canaries_and_policies() {
    let primary = ingress("web", &[], &[("a.io", &["P /x p"])], &[]);
    let canary = |annotations: &[&str]| ingress("canary", annotations, &[("a.io", &["P /x c"])], &[]);
    right(&(primary.clone() + &canary(&["canary: true", "canary-weight: 20"])));
    right(&(primary.clone() + &canary(&["canary: true", "canary-by-header: X-C", "canary-by-cookie: k"])));
    right(&(primary + &canary(&["canary: true", "canary-by-header: X-C", "canary-by-header-value: v"])));
    right(&ingress("web", &["enable-cors: true", "affinity: cookie", "limit-rps: 5"], &[("a.io", &["P / s"])], &[]));
    right(&ingress("web", &["backend-protocol: HTTPS"], &[("a.io", &["P / s"])], &[]));
}

#[test]
fn the_text_of_the_api() {
    let text = ingress("web", &[], &[("a.io", &["P /foo/ s", "E /bar t"]), ("", &["P / u"])], &[]);
    let (verification, manifests) = converted(&text, Controller::Generic);
    assert_eq!(words(&verification), [""; 0], "{manifests}");
}

#[test]
fn generated_worlds() {
    let mut random = Random(6);
    let mut wrong = Vec::new();
    for round in 0..30 {
        let world = crate::generate::world(&mut random);
        let (verification, manifests) = converted(&world, Controller::IngressNginx);
        let found = words(&verification);
        if !found.is_empty() {
            wrong.push(format!("round {round}: {found:#?}\n{world}\n{manifests}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong, the first:\n{}", wrong.len(), wrong[0]);
}
