//! `gwc ingress-migrate`: what surrounds the conversion of `gwc_core::migrate` — words, texts, files, reports.
//!
//! Read the command (`commands/ingress_migrate.rs`) first; each step of it is a module here. Nothing here decides what
//! a rule becomes (ingress-migrate.md §5).

use std::collections::BTreeMap;

use gwc_core::migrate::Conversion;

use crate::migration::decide::Decided;
use crate::migration::emit::File;
use crate::migration::report::Projection;
use crate::migration::selfcheck::Checked;
use crate::migration::verify::Verified;

pub(crate) mod accept;
pub(crate) mod cases;
pub(crate) mod cutover;
pub(crate) mod decide;
pub(crate) mod emit;
pub(crate) mod folder;
pub(crate) mod input;
pub(crate) mod inventory;
pub(crate) mod json;
pub(crate) mod labels;
pub(crate) mod markdown;
pub(crate) mod record;
#[cfg(feature = "serve")]
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod screen;
pub(crate) mod selfcheck;
pub(crate) mod twice;
pub(crate) mod verify;

/// An Ingress that was converted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Converted {
    /// Namespace.
    pub(crate) namespace: String,
    /// Name.
    pub(crate) name: String,
    /// Class.
    pub(crate) class: String,
    /// Name of the controller.
    pub(crate) controller: &'static str,
    /// Hosts.
    pub(crate) hosts: Vec<String>,
    /// Addresses of the old controller.
    pub(crate) addresses: Vec<String>,
}

/// A finished conversion with all that is known of it; every format reads this.
pub(crate) struct Migration {
    /// What was decided.
    pub(crate) decided: Decided,
    /// Manifests and items.
    pub(crate) conversion: Conversion,
    /// The Ingresses that were converted, by namespace and name.
    pub(crate) ingresses: Vec<Converted>,
    /// The written files.
    pub(crate) files: Vec<File>,
    /// The files, compiled.
    pub(crate) checked: Checked,
    /// What the comparison of both sides looked at; `None`: nothing was compared.
    pub(crate) verified: Option<Verified>,
    /// Findings.
    pub(crate) projection: Projection,
}

impl Migration {
    /// Number of written objects by kind.
    pub(crate) fn objects(&self) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        for manifest in &self.conversion.manifests {
            *kinds.entry(manifest.kind()).or_default() += 1;
        }
        kinds
    }
}
