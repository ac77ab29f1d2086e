//! The differences that the loss of an annotation makes, as the verifier may find them (ingress-migrate.md §7.2).

use crate::migrate::annotation::{Annotation, Scope};
use crate::migrate::code;
use crate::migrate::item::ItemId;
use crate::migrate::settings::reader::Reader;
use crate::migrate::settings::word;
use crate::prove::allowance::{Dimension, Kind, Place};

/// Announces what the keys in force that no rule carries change.
pub(super) fn announce(reader: &mut Reader<'_, '_, '_>) {
    let in_force: Vec<(&'static Annotation, &str, ItemId)> = reader.in_force().collect();
    for (row, value, item) in in_force {
        if word::is_default(row, value) || !is_difference(reader, item) {
            continue;
        }
        if let Some(kind) = kind(row.key) {
            reader.allow(item, row.scope, kind);
        }
    }
}

fn is_difference(reader: &Reader<'_, '_, '_>, item: ItemId) -> bool {
    let said = reader.cx.report.item(item).and_then(|item| item.code);
    said.is_some_and(|said| said != code::ANNOTATION_CONVERTED && said != code::ANNOTATION_INERT)
}

fn kind(key: &str) -> Option<Kind> {
    let dimension = match key {
        "proxy-body-size" => Dimension::BodySize,
        "proxy-connect-timeout" | "proxy-read-timeout" | "proxy-send-timeout" | "proxy-next-upstream-timeout" => {
            Dimension::Timeouts
        }
        "proxy-next-upstream" | "proxy-next-upstream-tries" => Dimension::Retries,
        "load-balance" | "service-upstream" => Dimension::Affinity,
        "mirror-host" | "mirror-request-body" | "mirror-target" => Dimension::Mirror,
        "connection-proxy-header"
        | "custom-headers"
        | "proxy-cookie-domain"
        | "proxy-cookie-path"
        | "proxy-redirect-from"
        | "proxy-redirect-to" => Dimension::Headers,
        "custom-http-errors" | "default-backend" => Dimension::Errors,
        "upstream-vhost" => return Some(Kind::Host),
        _ if ["affinity", "session-cookie-", "upstream-hash-by"].iter().any(|start| key.starts_with(start)) => {
            Dimension::Affinity
        }
        _ => return None,
    };
    Some(Kind::Policy(dimension))
}

impl Reader<'_, '_, '_> {
    /// Announces a difference where an annotation acts; other users of a Service are known where the site is.
    pub(super) fn allow(&mut self, item: ItemId, scope: Scope, kind: Kind) {
        if self.subject.silent.is_some() {
            return;
        }
        let places = match scope {
            Scope::Location | Scope::Upstream => vec![Place::Ingress(self.subject.at)],
            Scope::Server => super::access::hosts(self),
        };
        for place in places {
            self.cx.report.allow(item, place, kind.clone());
        }
    }
}
