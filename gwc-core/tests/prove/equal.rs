//! Pairs that route alike.

use gwc_core::prove::{Allowance, Kind, Place};

use crate::pair::{Pair, words};
use crate::yaml::{gateway, ingress, route};

/// What every migration to Gateway API announces (MIG307).
pub(crate) fn usual() -> Vec<Allowance> {
    vec![Allowance { item: 0, place: Place::Everywhere, kind: Kind::Normalisation }]
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
