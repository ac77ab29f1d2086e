//! From objects as written to the graph: target of the world, admission and decoding in parallel, who was refused.

use std::collections::BTreeSet;

use compact_str::CompactString;
use rayon::prelude::*;

use crate::ObjectSummary;
use crate::admission::{self, Operation, Served, Verdict};
use crate::api::Object;
use crate::api::core::Crd;
use crate::api::decode::meta::{Scope, Scopes, group_of, scope};
use crate::api::decode::time::rfc3339;
use crate::api::decode::{DecodeCx, decode};
use crate::diagnostic::rule::VERSION_DEPRECATED;
use crate::diagnostic::{Diagnostic, ObjectRef};
use crate::graph::build::Refused;
use crate::profile::{Channel, Profile, Target, TargetSource};
use crate::read::Raw;
use crate::source::{Role, SourceMap, Span};
use crate::value::{GroupKind, ObjectKey};
use crate::yaml::Node;
use crate::yaml::path::Step;

/// What counts for every object of a world.
#[derive(Debug)]
pub(crate) struct Frame<'w> {
    pub(crate) sources: &'w SourceMap,
    pub(crate) profile: &'w Profile,
    pub(crate) target: Target,
    pub(crate) target_source: TargetSource,
    scopes: Scopes,
}

/// One object after admission.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) summary: ObjectSummary,
    /// What admission has to say.
    pub(crate) findings: Vec<Diagnostic>,
    /// Places of admission's errors.
    pub(crate) errors: Vec<Span>,
    /// The object, unless it was refused.
    pub(crate) object: Option<Object>,
    /// The `created:` assumption that gave it its time.
    pub(crate) assumption: Option<String>,
}

impl Admitted {
    /// The record for the graph of an object that was refused.
    pub(crate) fn refused(&self) -> Option<Refused> {
        let object = &self.summary.object;
        self.object.is_none().then(|| Refused {
            group_kind: GroupKind::new(group_of(&object.api_version), object.kind.as_str()),
            key: ObjectKey::new(object.namespace.as_str(), object.name.as_str()),
            span: self.summary.span,
        })
    }
}

impl<'w> Frame<'w> {
    /// Finds the target and the scopes of foreign kinds.
    pub(crate) fn new(sources: &'w SourceMap, profile: &'w Profile, objects: &[Raw<'_>]) -> Self {
        let crds = crds(sources, objects);
        let scopes = crds.iter().map(|crd| {
            let scope = if crd.namespaced { Scope::Namespaced } else { Scope::Cluster };
            (GroupKind::new(crd.group.clone(), crd.kind.clone()), scope)
        });
        let scopes = scopes.collect();
        let (target, target_source) = match (profile.target, target_of(&crds)) {
            (Some(target), _) => (target, TargetSource::Given),
            (None, Some(target)) => (target, TargetSource::Detected),
            (None, None) => (Target::default(), TargetSource::Default),
        };
        Self { sources, profile, target, target_source, scopes }
    }

    /// Admits and decodes all objects, in their order.
    pub(crate) fn admit(&self, objects: &[Raw<'_>]) -> Vec<Admitted> {
        objects.par_iter().map(|raw| self.admit_one(raw)).collect()
    }

    fn admit_one(&self, raw: &Raw<'_>) -> Admitted {
        let summary = self.summary(raw);
        let verdict = admission::admit(&raw.node, self.target, Operation::Create);
        let served = matches!(verdict.served, Served::Yes | Served::Foreign);
        // Refused for its version alone: analysed as if the version were served (cli-and-rules.md §12).
        let other = if served { None } else { self.as_if_served(&raw.node) };
        let findings = self.findings(raw, &summary, &verdict, other.as_ref());
        let (verdict, decidable) = other.map_or((verdict, served), |(verdict, _)| (verdict, true));
        let errors = verdict.errors.iter().map(|error| Span::new(raw.source, error.start, error.end)).collect();
        let stored = (decidable && verdict.errors.is_empty()).then_some(verdict.object);
        let cx = DecodeCx {
            source: raw.source,
            role: summary.role,
            document: raw.document,
            default_namespace: &self.profile.default_namespace,
            served,
            scopes: &self.scopes,
            written: &raw.node,
        };
        let mut object = stored.and_then(|stored| decode(&stored, &cx));
        let assumption = object.as_mut().and_then(|object| self.assume_created(object));
        Admitted { findings, errors, object, assumption, summary }
    }

    /// What a target that serves the version says: one of the same release, else the newest.
    fn as_if_served(&self, node: &Node) -> Option<(Verdict, Target)> {
        let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default();
        let (group, version) = text("apiVersion").split_once('/')?;
        let serving = admission::served_in(group, text("kind"), version);
        let same = serving.iter().find(|target| target.bundle == self.target.bundle);
        let target = *same.or(serving.last())?;
        Some((admission::admit(node, target, Operation::Create), target))
    }

    /// What admission has to say; for a version that is not served also what a server of that version would say.
    fn findings(
        &self,
        raw: &Raw<'_>,
        summary: &ObjectSummary,
        verdict: &Verdict,
        other: Option<&(Verdict, Target)>,
    ) -> Vec<Diagnostic> {
        if summary.role == Role::Context {
            return Vec::new();
        }
        let object = &summary.object;
        let mut found = admission::report::diagnose(verdict, raw.source, object, self.target);
        if let Some((verdict, target)) = other {
            let more = admission::report::diagnose(verdict, raw.source, object, *target);
            found.extend(more.into_iter().filter(|finding| finding.code != VERSION_DEPRECATED));
        }
        if let Some(below) = self.unknown_below(raw, verdict) {
            let experimental = Target { channel: Channel::Experimental, ..self.target };
            found.extend(admission::report::diagnose(&below, raw.source, object, experimental));
        }
        found
    }

    /// Fields that even the experimental channel does not know, below fields that only it knows: the server drops both
    /// at once, but the author will meet the inner ones next.
    fn unknown_below(&self, raw: &Raw<'_>, verdict: &Verdict) -> Option<Verdict> {
        if self.target.channel == Channel::Experimental || verdict.unknown.is_empty() {
            return None;
        }
        let experimental = Target { channel: Channel::Experimental, ..self.target };
        let mut below = admission::admit(&raw.node, experimental, Operation::Create);
        let outer = |path: &[Step]| {
            verdict.unknown.iter().any(|field| path.len() > field.path.0.len() && path.starts_with(&field.path.0))
        };
        below.unknown.retain(|field| outer(&field.path.0));
        below.errors.clear();
        (below.served == Served::Yes && !below.unknown.is_empty()).then_some(below)
    }

    fn summary(&self, raw: &Raw<'_>) -> ObjectSummary {
        let metadata = |key: &str| raw.node.at(&["metadata", key]).and_then(Node::as_str).unwrap_or_default();
        let namespace =
            match (scope(group_of(raw.text("apiVersion")), raw.text("kind"), &self.scopes), metadata("namespace")) {
                (Scope::Cluster, _) => "",
                (Scope::Namespaced | Scope::Unknown, "") => &self.profile.default_namespace,
                (Scope::Namespaced | Scope::Unknown, written) => written,
            };
        let object = ObjectRef {
            api_version: raw.text("apiVersion").to_owned(),
            kind: raw.text("kind").to_owned(),
            namespace: namespace.to_owned(),
            name: metadata("name").to_owned(),
        };
        let role = self.sources.source(raw.source).role;
        ObjectSummary { object, span: raw.span(), role, document: raw.document }
    }

    /// Gives an object without a time the assumed one; the assumption in `--assume` form.
    fn assume_created(&self, object: &mut Object) -> Option<String> {
        let meta = object.meta_mut();
        let created = &self.profile.world.assumptions.created;
        if meta.created.is_some() || created.is_empty() {
            return None;
        }
        let fact = format!("{}/{}/{}", meta.kind.value.to_lowercase(), meta.key.namespace, meta.key.name);
        let seconds = *created.get(&CompactString::from(fact.as_str()))?;
        meta.created = Some(seconds);
        Some(format!("created:{fact}={}", rfc3339(seconds)))
    }
}

/// The target that the CRDs among the objects name.
///
/// A mix (GWC9007) counts as the newest bundle, and as experimental where any part of it is.
fn target_of(crds: &[Crd]) -> Option<Target> {
    let bundles: BTreeSet<_> = crds.iter().filter_map(|crd| crd.bundle).collect();
    let newest = bundles.last().map(|(bundle, _)| *bundle);
    let experimental = bundles.iter().any(|(_, channel)| *channel == Channel::Experimental);
    let channel = if experimental { Channel::Experimental } else { Channel::Standard };
    newest.map(|bundle| Target { bundle, channel })
}

/// As [`target_of`], for objects as they were read.
pub(crate) fn detected_target(sources: &SourceMap, objects: &[Raw<'_>]) -> Option<Target> {
    target_of(&crds(sources, objects))
}

/// The CRDs of the world, read before any target is known.
fn crds(sources: &SourceMap, objects: &[Raw<'_>]) -> Vec<Crd> {
    objects.iter().filter_map(|raw| crd(raw, sources)).collect()
}

fn crd(raw: &Raw<'_>, sources: &SourceMap) -> Option<Crd> {
    if raw.text("kind") != "CustomResourceDefinition" {
        return None;
    }
    let scopes = Scopes::new();
    let cx = DecodeCx {
        source: raw.source,
        role: sources.source(raw.source).role,
        document: raw.document,
        // CRDs are cluster-scoped.
        default_namespace: "",
        served: true,
        scopes: &scopes,
        written: &raw.node,
    };
    match decode(&raw.node, &cx) {
        Some(Object::Crd(crd)) => Some(crd),
        Some(_) | None => None,
    }
}

/// Findings about checked objects only.
pub(crate) fn is_checked(sources: &SourceMap, span: Span) -> bool {
    sources.source(span.source).role == Role::Checked
}
