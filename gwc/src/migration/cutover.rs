//! The way from the old controller to the new Gateways, step by step, with the way back (ingress-migrate.md §5.7).
//!
//! Commands are for people to read and run; nothing here runs them.

use std::collections::{BTreeMap, BTreeSet};

use gwc_core::migrate::item::Fact;
use gwc_core::migrate::render::Manifest;
use gwc_core::value::ObjectKey;
use schemars::JsonSchema;
use serde::Serialize;

use crate::migration::Migration;
use crate::migration::decide::Out;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Step {
    /// Position, from 1.
    pub(crate) step: usize,
    /// What is done.
    pub(crate) title: &'static str,
    /// Commands, and what to look at.
    pub(crate) lines: Vec<String>,
    /// The way back.
    pub(crate) rollback: String,
}

/// Name of the prefix of annotations of cert-manager.
const CERT_MANAGER: &str = "cert-manager.io/";

/// Beginning of annotations of external-dns.
const EXTERNAL_DNS: &str = "external-dns.alpha.kubernetes.io/";

/// Written kinds that are none of Gateway API.
const OTHERS: [&str; 3] = ["Certificate", "ConfigMap", "Namespace"];

/// The steps of this migration.
pub(crate) fn steps(migration: &Migration) -> Vec<Step> {
    let all = [present(migration), gateways(migration), routes(migration), probe(migration)];
    let all = all.into_iter().chain([certificates(migration), dns(migration), watch(), remove(migration)]);
    all.zip(1..).map(|((title, lines, rollback), step)| Step { step, title, lines, rollback }).collect()
}

/// Title, lines, way back.
type Text = (&'static str, Vec<String>, String);

fn present(migration: &Migration) -> Text {
    let target = migration.decided.options.target;
    let version = target.bundle.version();
    let kinds = migration.conversion.manifests.iter().map(Manifest::kind);
    let kinds: BTreeSet<&str> = kinds.filter(|kind| !OTHERS.contains(kind)).collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let classes: BTreeSet<&str> = gateways_of(migration).map(|gateway| gateway.class.as_str()).collect();
    let mut lines = vec![
        format!("CRDs of Gateway API {version}, channel {}: {}", target.channel.name(), kinds.join(", ")),
        "kubectl get crd gateways.gateway.networking.k8s.io -o jsonpath='{.metadata.annotations}'".to_owned(),
    ];
    lines.extend(classes.iter().map(|class| format!("kubectl wait --for=condition=Accepted gatewayclass/{class}")));
    ("CRDs and an implementation are there", lines, "nothing serves yet; uninstall".to_owned())
}

fn gateways(migration: &Migration) -> Text {
    let mut lines = vec![apply(migration)];
    for manifest in &migration.conversion.manifests {
        if let Manifest::Gateway(gateway) = manifest {
            let meta = &gateway.meta;
            lines.push(format!(
                "kubectl wait --for=condition=Programmed -n {} gateway/{} --timeout=5m",
                meta.namespace, meta.name
            ));
        }
    }
    let addresses = gateways_of(migration).count();
    if addresses > 1 {
        lines.push(format!("{addresses} Gateways, each with an address of its own; which host is where:"));
        lines.extend(gateways_of(migration).map(|gateway| {
            let key = ObjectKey::new(gateway.meta.namespace.as_str(), gateway.meta.name.as_str());
            let classes = migration.conversion.classes.iter();
            let told =
                classes.flat_map(|part| &part.hosts).filter(|(_, home)| **home == key).map(|(name, _)| name.as_str());
            let mut hosts: BTreeSet<&str> =
                gateway.listeners.iter().filter_map(|one| one.hostname.as_deref()).collect();
            hosts.extend(told);
            let hosts: Vec<&str> = hosts.into_iter().collect();
            format!("  {}/{}: {}", gateway.meta.namespace, gateway.meta.name, hosts.join(", "))
        }));
    }
    let rollback = "kubectl delete the Gateways; the old controller has not been touched";
    ("Namespaces, grants, policies and Gateways", lines, rollback.to_owned())
}

fn apply(migration: &Migration) -> String {
    match &migration.decided.out {
        Out::Folder { path, kustomization: true, .. } => format!("kubectl apply -k {}", path.display()),
        Out::Folder { path, .. } => format!("kubectl apply -R -f {}", path.display()),
        Out::File(path) => format!("kubectl apply -f {}", path.display()),
        Out::Stdout => "gwc ingress-migrate … | kubectl apply -f -".to_owned(),
    }
}

fn routes(migration: &Migration) -> Text {
    let mut namespaces: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for manifest in &migration.conversion.manifests {
        if matches!(manifest, Manifest::HttpRoute(_) | Manifest::GrpcRoute(_) | Manifest::TlsRoute(_)) {
            let place = (manifest.meta().namespace.as_str(), manifest.kind());
            *namespaces.entry(place).or_default() += 1;
        }
    }
    let wait = |((namespace, kind), count): ((&str, &str), usize)| {
        format!("kubectl get {} -n {namespace} -o yaml   # {count}: Accepted and ResolvedRefs", kind.to_lowercase())
    };
    let lines = namespaces.into_iter().map(wait).collect();
    ("Routes are accepted", lines, "kubectl delete the routes".to_owned())
}

fn probe(migration: &Migration) -> Text {
    let mut lines = vec!["gwc ingress-migrate … --old http://OLD-ADDRESS --new http://NEW-ADDRESS".to_owned()];
    if let Some(path) = &migration.decided.record {
        lines.push(format!("gwc test {}   # the same requests against the manifests", path.display()));
    } else {
        lines.push("--record FILE keeps the requests as tests for `gwc test`".to_owned());
    }
    ("The new address answers as the old one", lines, "no traffic has moved".to_owned())
}

fn has_annotation(migration: &Migration, prefix: &str) -> bool {
    let is_it = |fact: &Fact| matches!(fact, Fact::Annotation(key) if key.starts_with(prefix));
    migration.conversion.report.items().iter().any(|item| is_it(&item.fact))
}

fn certificates(migration: &Migration) -> Text {
    let lines = if has_annotation(migration, CERT_MANAGER) {
        vec![
            "cert-manager owns a Certificate for each TLS entry of an Ingress and deletes it with the Ingress"
                .to_owned(),
            "kubectl get certificates -A -o wide   # every Secret has an owner that stays".to_owned(),
        ]
    } else {
        vec!["Secrets are used where they are; whatever renews them must not look at Ingresses".to_owned()]
    };
    ("Certificates change hands", lines, "the Secrets stay what they are".to_owned())
}

fn dns(migration: &Migration) -> Text {
    let ingresses = migration.ingresses.iter().flat_map(|one| one.addresses.iter());
    let old: BTreeSet<&str> = ingresses.map(String::as_str).collect();
    let old: Vec<&str> = old.into_iter().collect();
    let old = if old.is_empty() { "see `kubectl get ingress -A`".to_owned() } else { old.join(", ") };
    let mut lines = vec!["lower the TTL of the records a TTL ahead".to_owned(), format!("from: {old}")];
    lines.extend(gateways_of(migration).map(|gateway| {
        let meta = &gateway.meta;
        let path = "-o jsonpath='{.status.addresses[*].value}'";
        format!("to: kubectl get gateway -n {} {} {path}", meta.namespace, meta.name)
    }));
    if has_annotation(migration, EXTERNAL_DNS) {
        lines
            .push("external-dns: the source `gateway-httproute` takes over; the owner of the records stays".to_owned());
    }
    ("DNS", lines, "the records go back to the old address, which still serves".to_owned())
}

fn watch() -> Text {
    let lines = vec!["requests at the old controller fall to none for longer than the longest TTL".to_owned()];
    ("Nobody asks the old controller any more", lines, "as for DNS".to_owned())
}

fn remove(migration: &Migration) -> Text {
    let names: BTreeMap<&str, usize> = migration.ingresses.iter().fold(BTreeMap::new(), |mut all, one| {
        *all.entry(one.namespace.as_str()).or_default() += 1;
        all
    });
    let line = |(namespace, count): (&str, usize)| format!("kubectl delete ingress -n {namespace} …   # {count}");
    let lines = names.into_iter().map(line).collect();
    ("The Ingresses go", lines, "kubectl apply the Ingresses from version control".to_owned())
}

/// The written Gateways.
pub(crate) fn gateways_of(migration: &Migration) -> impl Iterator<Item = &gwc_core::migrate::render::model::Gateway> {
    migration
        .conversion
        .manifests
        .iter()
        .filter_map(|manifest| if let Manifest::Gateway(gateway) = manifest { Some(gateway) } else { None })
}
