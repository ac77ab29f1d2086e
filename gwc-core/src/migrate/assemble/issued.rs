//! Annotations of cert-manager and external-dns: where their readers look for them after the migration
//! (ingress-migrate.md §4.9).
//!
//! An annotation acts on all listeners of its object. Where it would act on others than those of its Ingress, or where
//! the Secret is in another namespace, an explicit Certificate is written instead.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Severity;
use crate::migrate::annotation::Verdict;
use crate::migrate::annotation::foreign::{self, Place};
use crate::migrate::assemble::listen::{Holder, Listening, Slot};
use crate::migrate::assemble::{Ground, about, about_class};
use crate::migrate::item::{Fact, ItemId, Output};
use crate::migrate::name::Scheme;
use crate::migrate::options::Options;
use crate::migrate::render::model::{Certificate, Meta};
use crate::migrate::render::{Manifest, Tree};
use crate::migrate::site::{Member, Site};
use crate::migrate::{Cx, code};
use crate::value::ObjectKey;

/// Prefix of the annotations of cert-manager.
const PREFIX: &str = "cert-manager.io/";

/// Annotations by key.
type Annotations = BTreeMap<String, String>;

/// What becomes of the annotations.
#[derive(Debug, Default)]
pub(super) struct Issued {
    /// Annotations of holders, by position.
    pub(super) annotations: BTreeMap<usize, Annotations>,
    /// Holders whose listeners cert-manager reads: the mode is written out for it.
    pub(super) read: BTreeSet<usize>,
    /// Explicit Certificates.
    pub(super) certificates: Vec<Manifest>,
}

/// Decides where the annotations go.
pub(super) fn issued(ground: &Ground<'_, '_>, listening: &Listening, cx: &mut Cx<'_, '_>) -> Issued {
    let site = ground.site;
    let mut issued = Issued::default();
    let members = site.members.iter().enumerate().filter(|(_, member)| member.is_chosen);
    let requests: BTreeMap<usize, Annotations> =
        members.filter_map(|(at, member)| Some((at, request(member, cx.options)?))).collect();
    let items = items(cx);
    let mut explicit: BTreeSet<usize> = BTreeSet::new();
    for (position, holder) in listening.holders.iter().enumerate() {
        let slots: Vec<&Slot> = holder.slots.iter().filter(|slot| slot.section.scheme == Scheme::Https).collect();
        if let Some(annotations) = shared(holder, &slots, &requests) {
            for member in slots.iter().filter_map(|slot| slot.member) {
                point(site, (member, annotations.keys()), &place(holder), &items, cx);
            }
            issued.annotations.insert(position, annotations.clone());
            issued.read.insert(position);
        } else {
            explicit.extend(slots.iter().filter_map(|slot| slot.member).filter(|at| requests.contains_key(at)));
        }
        targets(site, (position, holder), &mut issued, cx);
    }
    issued.certificates = certificates(ground, &explicit, &requests, (&items, cx));
    issued
}

fn place(holder: &Holder) -> String {
    let kind = if holder.is_set { "ListenerSet" } else { "Gateway" };
    format!("{kind}/{}/{}", holder.namespace, holder.name)
}

/// What an Ingress asks of cert-manager: nothing without an issuer.
fn request(member: &Member<'_>, options: &Options) -> Option<Annotations> {
    let annotations = member.ingress.meta.annotations.iter();
    let is_read = |key: &str| matches!(foreign::place(key), Some(Place::ListenerOwner | Place::OwnListenerOwner));
    let read = annotations.filter(|(key, _)| is_read(&key.value));
    let mut found: Annotations = read.map(|(key, value)| (key.value.to_string(), value.value.to_string())).collect();
    let has_issuer = |found: &Annotations| {
        ["issuer", "cluster-issuer", "issuer-name"].iter().any(|word| found.contains_key(&format!("{PREFIX}{word}")))
    };
    let asks_for_default = member.ingress.annotation("kubernetes.io/tls-acme").is_some_and(|text| text.value == "true");
    if let (false, true, Some((kind, name))) = (has_issuer(&found), asks_for_default, &options.issuer) {
        let word = if kind == "ClusterIssuer" { "cluster-issuer" } else { "issuer" };
        found.insert(format!("{PREFIX}{word}"), name.clone());
    }
    has_issuer(&found).then_some(found)
}

/// The annotations that all listeners with certificates of an object ask for alike, its own Secrets given.
fn shared<'r>(holder: &Holder, slots: &[&Slot], requests: &'r BTreeMap<usize, Annotations>) -> Option<&'r Annotations> {
    let is_near = |slot: &&Slot| slot.secret.as_ref().is_some_and(|key| key.namespace == holder.namespace.as_str());
    let members: BTreeSet<usize> = slots.iter().filter_map(|slot| slot.member).collect();
    let first = requests.get(members.first()?)?;
    let is_common = |key: &String| foreign::place(key) == Some(Place::ListenerOwner);
    let is_same = members.iter().all(|at| requests.get(at) == Some(first));
    let may_share = members.len() == 1 || first.keys().all(is_common);
    (slots.iter().all(is_near) && slots.iter().all(|slot| slot.member.is_some()) && is_same && may_share)
        .then_some(first)
}

/// Items of annotations of these tools, by Ingress and key.
fn items(cx: &Cx<'_, '_>) -> BTreeMap<(ObjectKey, String), ItemId> {
    let mut found = BTreeMap::new();
    for (position, item) in cx.report.items().iter().enumerate() {
        if let Fact::Annotation(key) = &item.fact
            && foreign::place(key).is_some()
        {
            found.entry((item.source.object.clone(), key.clone())).or_insert(ItemId(position));
        }
    }
    found
}

/// Says of annotations what they became.
fn point<'k>(
    site: &Site<'_>,
    (member, keys): (usize, impl Iterator<Item = &'k String>),
    object: &str,
    items: &BTreeMap<(ObjectKey, String), ItemId>,
    cx: &mut Cx<'_, '_>,
) {
    let Some(member) = site.members.get(member) else { return };
    for key in keys {
        let item = items.get(&(member.key().clone(), key.clone())).and_then(|id| cx.report.item_mut(*id));
        let Some(item) = item else { continue };
        let pointer = if object.starts_with("Certificate/") { "/spec" } else { "/metadata/annotations" };
        let output = Output { object: object.to_owned(), pointer: pointer.into() };
        if !item.output.contains(&output) {
            item.output.push(output);
        }
    }
}

/// external-dns looks for `target` on Gateways, where it counts for all hosts.
fn targets(site: &Site<'_>, (position, holder): (usize, &Holder), issued: &mut Issued, cx: &mut Cx<'_, '_>) {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut n_without = 0;
    for member in holder.sources.iter().filter_map(|at| site.members.get(*at)).filter(|member| member.is_chosen) {
        let annotations = member.ingress.meta.annotations.iter();
        let mut of_gateway =
            annotations.filter(|(key, _)| foreign::place(&key.value) == Some(Place::Gateway)).peekable();
        n_without += usize::from(of_gateway.peek().is_none());
        for (key, value) in of_gateway {
            found.entry(&key.value).or_default().insert(&value.value);
        }
    }
    for (key, values) in found {
        let (Some(value), n_values) = (values.first(), values.len()) else { continue };
        if n_values > 1 {
            let message = format!("`{key}` has {n_values} values on the Ingresses of one Gateway: none is written");
            let mut item = about_class(site, cx).finding(code::ANNOTATION_LOST, message);
            item.verdict = Verdict::None;
            cx.report.add(item.help("use Gateways of their own, for example `--gateway-mode per-namespace`"));
            continue;
        }
        if n_without > 0 {
            let message =
                format!("`{key}` counts for all hosts of the Gateway, {n_without} Ingresses did not ask for it");
            let mut item = about_class(site, cx).finding(code::ANNOTATION_APPROXIMATED, message);
            item.verdict = Verdict::Approx;
            cx.report.add(item);
        }
        issued.annotations.entry(position).or_default().insert(key.to_owned(), (*value).to_owned());
    }
}

/// One Certificate for each Secret that an Ingress had issued.
fn certificates(
    ground: &Ground<'_, '_>,
    explicit: &BTreeSet<usize>,
    requests: &BTreeMap<usize, Annotations>,
    (items, cx): (&BTreeMap<(ObjectKey, String), ItemId>, &mut Cx<'_, '_>),
) -> Vec<Manifest> {
    let site = ground.site;
    let mut made: BTreeMap<ObjectKey, (Certificate, BTreeSet<usize>)> = BTreeMap::new();
    for at in explicit {
        let (Some(member), Some(request)) = (site.members.get(*at), requests.get(at)) else { continue };
        for entry in &member.ingress.tls {
            let Some(secret) = &entry.secret else { continue };
            let key = ObjectKey::new(member.key().namespace.clone(), secret.value.clone());
            point(site, (*at, request.keys()), &format!("Certificate/{key}"), items, cx);
            let hosts: Vec<String> = if entry.hosts.is_empty() {
                member.ingress.hosts().map(|host| host.value.to_ascii_lowercase().to_string()).collect()
            } else {
                entry.hosts.iter().map(|host| host.value.to_ascii_lowercase().to_string()).collect()
            };
            let new = certificate(&key, hosts, request);
            let (known, members) = made.entry(key.clone()).or_insert_with(|| (new.clone(), BTreeSet::new()));
            members.insert(*at);
            let missing: Vec<String> = new.names.into_iter().filter(|name| !known.names.contains(name)).collect();
            known.names.extend(missing);
            if known.issuer != new.issuer {
                let message =
                    format!("two Ingresses have the Secret `{key}` issued by two issuers: the first one counts");
                let item = about(member, "spec.tls[].secretName", "/spec/tls", &secret.value);
                let item = item.finding(code::ANNOTATION_APPROXIMATED, message);
                cx.report.add(item.severity(Severity::Error));
            }
        }
    }
    let mut manifests = Vec::new();
    for (key, (mut certificate, members)) in made {
        report_owner(site, (&key, &members), cx);
        certificate.meta.provenance = ground.origins.of(site, &members);
        manifests.push(Manifest::Certificate(certificate));
    }
    manifests
}

/// The Certificate of an Ingress goes with it.
fn report_owner(site: &Site<'_>, (key, members): (&ObjectKey, &BTreeSet<usize>), cx: &mut Cx<'_, '_>) {
    let Some(member) = members.first().and_then(|at| site.members.get(*at)) else { return };
    let message = format!("the Certificate `{key}` belongs to the Ingress, and goes with it");
    let item = about(member, "spec.tls[].secretName", "/spec/tls", &key.name);
    let mut item = item.finding(code::ANNOTATION_APPROXIMATED, message);
    item.verdict = Verdict::Approx;
    item.output.push(Output { object: format!("Certificate/{key}"), pointer: "/spec".into() });
    cx.report.add(item.help("apply the written Certificate once more after the Ingress is deleted"));
}

fn certificate(key: &ObjectKey, names: Vec<String>, request: &Annotations) -> Certificate {
    let get = |word: &str| request.get(&format!("{PREFIX}{word}")).cloned();
    let cluster = get("cluster-issuer");
    let kind = if cluster.is_some() { "ClusterIssuer" } else { "Issuer" };
    let kind = get("issuer-kind").unwrap_or_else(|| kind.to_owned());
    let name = cluster.or_else(|| get("issuer")).or_else(|| get("issuer-name")).unwrap_or_default();
    let mut names: Vec<String> = names;
    for extra in list(get("alt-names")) {
        if !names.contains(&extra) {
            names.push(extra);
        }
    }
    let meta = Meta { namespace: key.namespace.to_string(), name: key.name.to_string(), ..Meta::default() };
    let issuer = (kind, name, get("issuer-group"));
    Certificate { meta, secret: key.name.to_string(), names, issuer, further: further(&get) }
}

fn list(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// How the value of an annotation is written in a Certificate.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Number,
    List,
}

/// Fields of a Certificate and their annotations, in the order of its schema.
const FIELDS: [(&str, &str, Form); 9] = [
    ("commonName", "common-name", Form::Text),
    ("duration", "duration", Form::Text),
    ("renewBefore", "renew-before", Form::Text),
    ("renewBeforePercentage", "renew-before-percentage", Form::Number),
    ("ipAddresses", "ip-sans", Form::List),
    ("uris", "uri-sans", Form::List),
    ("emailAddresses", "email-sans", Form::List),
    ("usages", "usages", Form::List),
    ("revisionHistoryLimit", "revision-history-limit", Form::Number),
];

const KEY_FIELDS: [(&str, &str, Form); 4] = [
    ("algorithm", "private-key-algorithm", Form::Text),
    ("encoding", "private-key-encoding", Form::Text),
    ("rotationPolicy", "private-key-rotation-policy", Form::Text),
    ("size", "private-key-size", Form::Number),
];

const SUBJECT_FIELDS: [(&str, &str, Form); 8] = [
    ("countries", "subject-countries", Form::List),
    ("localities", "subject-localities", Form::List),
    ("organizationalUnits", "subject-organizationalunits", Form::List),
    ("organizations", "subject-organizations", Form::List),
    ("postalCodes", "subject-postalcodes", Form::List),
    ("provinces", "subject-provinces", Form::List),
    ("serialNumber", "subject-serialnumber", Form::Text),
    ("streetAddresses", "subject-streetaddresses", Form::List),
];

fn further(get: &dyn Fn(&str) -> Option<String>) -> Vec<(String, Tree)> {
    let mut out = fields(&FIELDS, get);
    for (name, rows) in [("privateKey", &KEY_FIELDS[..]), ("subject", &SUBJECT_FIELDS[..])] {
        let inner = fields(rows, get);
        if !inner.is_empty() {
            out.push((name.to_owned(), Tree::Map(inner)));
        }
    }
    out
}

fn fields(rows: &[(&str, &str, Form)], get: &dyn Fn(&str) -> Option<String>) -> Vec<(String, Tree)> {
    let tree = |(name, word, form): &(&str, &str, Form)| {
        let text = get(word)?;
        let value = match form {
            Form::Text => Tree::Text(text),
            Form::Number => text.trim().parse().map_or(Tree::Text(text), Tree::Int),
            Form::List => Tree::texts(&list(Some(text))),
        };
        Some(((*name).to_owned(), value))
    };
    rows.iter().filter_map(tree).collect()
}
