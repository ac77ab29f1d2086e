//! Ingresses that are not converted because of their class: those without one, and those of another class that have a
//! host in common with the converted ones (ingress-migrate.md §1.3, MIG101, MIG208).

use std::collections::BTreeSet;

use compact_str::CompactString;

use crate::api::ingress::Ingress;
use crate::ingress::select::{Classed, Selected};
use crate::migrate::Report;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, Origin};

/// Adds an item for each of them.
pub(in crate::migrate) fn report(selected: &Selected<'_>, report: &mut Report) {
    for ingress in &selected.unclassed {
        let item = item(ingress, "spec.ingressClassName", "");
        let message =
            format!("`{}` has no class, and no IngressClass is the default: it is not converted", ingress.meta.key);
        let item = item.finding(code::NO_CLASS, message);
        report.add(item.help("name the class with `--class-for-unclassed`, or give the default IngressClass"));
    }
    if selected.other.is_empty() && selected.unclassed.is_empty() {
        return;
    }
    let converted: BTreeSet<CompactString> = selected.read.values().flatten().flat_map(|one| hosts(one)).collect();
    let others = selected.other.iter().map(|Classed { ingress, .. }| *ingress);
    for ingress in others.chain(selected.unclassed.iter().copied()) {
        let Some(host) = hosts(ingress).find(|host| converted.contains(host)) else { continue };
        let message =
            format!("`{}` is not selected, but has `{host}` in common with Ingresses that are", ingress.meta.key);
        report.add(item(ingress, "spec.rules[].host", &host).finding(code::HOST_OF_SEVERAL_NAMESPACES, message));
    }
}

fn hosts(ingress: &Ingress) -> impl Iterator<Item = CompactString> + '_ {
    ingress.hosts().map(|host| host.value.to_ascii_lowercase())
}

fn item(ingress: &Ingress, field: &str, value: &str) -> Item {
    let origin = Origin {
        kind: "Ingress",
        object: ingress.meta.key.clone(),
        span: Some(ingress.meta.name_span),
        pointer: String::new(),
    };
    Item::new(origin, Fact::Field(field.into()), value, Verdict::Inert)
}
