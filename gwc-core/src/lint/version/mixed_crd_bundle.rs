//! GWC9007 `mixed-crd-bundle`: the CRDs are of different releases.
//!
//! # What it checks
//! CustomResourceDefinitions of Gateway API in the world that differ in release or channel.
//!
//! # Why it matters
//! Controllers check the release of all CRDs and may set SupportedVersion=False on their GatewayClass, or misread
//! fields.
//!
//! # Example
//! ```yaml
//! apiVersion: apiextensions.k8s.io/v1
//! kind: CustomResourceDefinition
//! metadata:
//!   name: gateways.gateway.networking.k8s.io
//!   annotations:
//!     gateway.networking.k8s.io/bundle-version: v1.6.1
//!     gateway.networking.k8s.io/channel: standard
//! ---
//! apiVersion: apiextensions.k8s.io/v1
//! kind: CustomResourceDefinition
//! metadata:
//!   name: httproutes.gateway.networking.k8s.io
//!   annotations:
//!     gateway.networking.k8s.io/bundle-version: v1.4.1
//!     gateway.networking.k8s.io/channel: standard
//! ```
//!
//! # Fix
//! Install all CRDs from one release and one channel.
//!
//! # Specification
//! Annotations `gateway.networking.k8s.io/bundle-version` and `channel`; status reference GC-6, GC-7

use std::collections::BTreeMap;

use crate::api::core::Crd;
use crate::diagnostic::{Diagnostic, Diagnostics, rule};
use crate::lint::finding::{about, is_checked};
use crate::lint::{Cx, Docs, Lint};
use crate::value::{GATEWAY_GROUP, X_GATEWAY_GROUP};

/// GWC9007.
pub(super) static LINT: Lint = Lint {
    code: rule::MIXED_CRD_BUNDLE,
    docs: Docs {
        summary: "the CRDs are of different releases",
        what: "CustomResourceDefinitions of Gateway API in the world that differ in release or channel.",
        why: "Controllers check the release of all CRDs and may set SupportedVersion=False on their \
              GatewayClass, or misread fields.",
        bad: r#"apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gateways.gateway.networking.k8s.io
  annotations:
    gateway.networking.k8s.io/bundle-version: v1.6.1
    gateway.networking.k8s.io/channel: standard
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations:
    gateway.networking.k8s.io/bundle-version: v1.4.1
    gateway.networking.k8s.io/channel: standard
"#,
        good: r#"apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gateways.gateway.networking.k8s.io
  annotations:
    gateway.networking.k8s.io/bundle-version: v1.6.1
    gateway.networking.k8s.io/channel: standard
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations:
    gateway.networking.k8s.io/bundle-version: v1.6.1
    gateway.networking.k8s.io/channel: standard
"#,
        fix: "Install all CRDs from one release and one channel.",
        spec: "Annotations `gateway.networking.k8s.io/bundle-version` and `channel`; status reference GC-6, \
              GC-7",
    },
    check: Some(check),
};

fn check(cx: &Cx<'_>, out: &mut Diagnostics) {
    let crds = cx.graph.crds.iter().map(|(_, crd)| crd);
    let ours = crds.filter(|crd| crd.group == GATEWAY_GROUP || crd.group == X_GATEWAY_GROUP);
    let mut bundles: BTreeMap<String, Vec<&Crd>> = BTreeMap::new();
    for crd in ours {
        if let Some(name) = bundle_name(crd) {
            bundles.entry(name).or_default().push(crd);
        }
    }
    // The bundle that most CRDs are of is what was meant; of equals the newest.
    let Some(main) = bundles.iter().max_by_key(|(_, crds)| crds.len()).map(|(name, _)| name.clone()) else { return };
    let Some(example) = bundles.get(&main).and_then(|crds| crds.first()).copied() else { return };
    let others = bundles.iter().filter(|(name, _)| **name != main);
    for (name, crds) in others {
        let mut checked = crds.iter().filter(|crd| is_checked(&crd.meta));
        if let Some(first) = checked.next() {
            let rest: Vec<&Crd> = checked.copied().collect();
            out.push(diagnostic((first, name), &rest, (example, &main)));
        }
    }
}

/// Release and channel of a CRD, as written where the release is none of ours.
fn bundle_name(crd: &Crd) -> Option<String> {
    match (&crd.bundle, &crd.bundle_text) {
        (Some((_, channel)), Some(text)) => Some(format!("{text} {}", channel.name())),
        (Some((bundle, channel)), None) => Some(format!("{} {}", bundle.version(), channel.name())),
        (None, Some(text)) => Some(text.to_string()),
        (None, None) => None,
    }
}

fn diagnostic((first, name): (&Crd, &str), rest: &[&Crd], (example, main): (&Crd, &str)) -> Diagnostic {
    let place = |crd: &Crd| crd.bundle_span.unwrap_or(crd.meta.name_span);
    let message = format!("the CRD of {} is of {name}, others are of {main}", first.kind);
    let mut finding = about(&first.meta, rule::MIXED_CRD_BUNDLE, place(first), message)
        .label(place(example), format!("the CRD of {} is of {main}", example.kind))
        .effect("controllers may set SupportedVersion=False, or misread fields")
        .help(format!("install all CRDs from one release and channel, for example {main}"));
    for crd in rest.iter().take(8) {
        finding = finding.label(place(crd), format!("the CRD of {} as well", crd.kind));
    }
    finding
}
