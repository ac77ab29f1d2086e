//! `--plan`: what there is, what would be written, and which files would change (ingress-migrate.md §5.5).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use gwc_core::migrate::item::Fact;
use gwc_core::migrate::render::Manifest;
use schemars::JsonSchema;
use serde::Serialize;

use crate::migration::folder::{Change, Plan};
use crate::migration::json::{AccessControls, access_controls};
use crate::migration::report::is_about_source;
use crate::migration::screen::verdict_name;
use crate::migration::{Migration, cutover};
use crate::output::counted;
use crate::texts::printable;

/// The inventory.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Inventory {
    classes: Vec<Class>,
    annotations: Vec<Annotation>,
    access_controls: AccessControls,
    gateways: Vec<Holder>,
    objects: BTreeMap<&'static str, usize>,
    /// Files of `--out` that would be written or removed.
    files: Vec<FileChange>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Class {
    class: String,
    controller: &'static str,
    namespace: String,
    ingresses: usize,
    hosts: usize,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Annotation {
    key: String,
    count: usize,
    /// How many of each verdict.
    verdicts: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Holder {
    /// `Gateway` or `ListenerSet`.
    kind: &'static str,
    name: String,
    listeners: usize,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct FileChange {
    file: String,
    /// `new`, `changed` or `removed`.
    change: &'static str,
    /// It is not as gwc wrote it.
    by_hand: bool,
}

/// Makes the inventory.
pub(crate) fn inventory(migration: &Migration, plan: Option<&Plan>) -> Inventory {
    let mut classes: BTreeMap<(&str, &'static str, &str), (usize, BTreeSet<&str>)> = BTreeMap::new();
    for one in &migration.ingresses {
        let key = (one.class.as_str(), one.controller, one.namespace.as_str());
        let (count, hosts) = classes.entry(key).or_default();
        *count += 1;
        hosts.extend(one.hosts.iter().map(String::as_str));
    }
    let class = |((class, controller, namespace), (ingresses, hosts)): (_, (usize, BTreeSet<&str>))| {
        let (class, namespace): (&str, &str) = (class, namespace);
        Class { class: class.into(), controller, namespace: namespace.into(), ingresses, hosts: hosts.len() }
    };
    let items = migration.conversion.report.items();
    let mut keys: BTreeMap<&str, BTreeMap<&'static str, usize>> = BTreeMap::new();
    for item in items.iter().filter(|item| is_about_source(item)) {
        if let Fact::Annotation(key) = &item.fact {
            *keys.entry(key).or_default().entry(verdict_name(item.verdict)).or_default() += 1;
        }
    }
    let annotation = |(key, verdicts): (&str, BTreeMap<&'static str, usize>)| Annotation {
        key: key.to_owned(),
        count: verdicts.values().sum(),
        verdicts,
    };
    let changed = plan.into_iter().flat_map(|plan| &plan.entries).filter(|entry| entry.change != Change::Same);
    let files = changed.map(|entry| FileChange {
        file: entry.name.clone(),
        change: entry.change.word(),
        by_hand: entry.is_by_hand,
    });
    Inventory {
        classes: classes.into_iter().map(class).collect(),
        annotations: keys.into_iter().map(annotation).collect(),
        access_controls: access_controls(items, &migration.decided.options.annotation_prefix),
        gateways: holders(&migration.conversion.manifests),
        objects: migration.objects(),
        files: files.collect(),
    }
}

fn holders(manifests: &[Manifest]) -> Vec<Holder> {
    let holder = |manifest: &Manifest| {
        let listeners = if let Manifest::Gateway(one) = manifest {
            &one.listeners
        } else if let Manifest::ListenerSet(one) = manifest {
            &one.listeners
        } else {
            return None;
        };
        let (kind, meta, listeners) = (manifest.kind(), manifest.meta(), listeners.len());
        Some(Holder { kind, name: format!("{}/{}", meta.namespace, meta.name), listeners })
    };
    manifests.iter().filter_map(holder).collect()
}

/// For people.
pub(crate) fn text(inventory: &Inventory) -> String {
    let mut out = String::from("Ingresses\n");
    for one in &inventory.classes {
        let (ingresses, hosts) = (counted(one.ingresses, "Ingress"), counted(one.hosts, "host"));
        let ingresses = ingresses.replace("Ingresss", "Ingresses");
        let _ = writeln!(
            out,
            "  class {} ({}), namespace {}: {ingresses}, {hosts}",
            one.class, one.controller, one.namespace
        );
    }
    out.push_str("Annotations\n");
    for one in &inventory.annotations {
        let verdicts: Vec<String> = one.verdicts.iter().map(|(verdict, count)| format!("{verdict} {count}")).collect();
        let _ = writeln!(out, "  {:>4}  {}: {}", one.count, printable(&one.key), verdicts.join(", "));
    }
    let AccessControls { found, kept, lost } = inventory.access_controls;
    let _ = writeln!(out, "Access controls\n  found {found}, kept {kept}, lost {lost}");
    out.push_str("Gateways\n");
    for one in &inventory.gateways {
        let _ = writeln!(out, "  {} {}: {}", one.kind, one.name, counted(one.listeners, "listener"));
    }
    out.push_str("Objects\n");
    for (kind, count) in &inventory.objects {
        let _ = writeln!(out, "  {count:>4}  {kind}");
    }
    if !inventory.files.is_empty() {
        out.push_str("Files\n");
    }
    for one in &inventory.files {
        let hand = if one.by_hand { " (changed by hand; needs --force)" } else { "" };
        let _ = writeln!(out, "  {}  {}{hand}", one.change, printable(&one.file));
    }
    out
}

/// Steps of the cut-over, for people.
pub(crate) fn steps(migration: &Migration) -> String {
    let mut out = String::from("Cut-over\n");
    for step in cutover::steps(migration) {
        let _ = writeln!(out, "  {} {}", step.step, step.title);
        step.lines.iter().for_each(|line| out.push_str(&format!("      {}\n", printable(line))));
        let _ = writeln!(out, "      back: {}", step.rollback);
    }
    out
}
