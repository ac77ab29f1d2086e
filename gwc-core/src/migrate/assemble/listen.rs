//! Which listeners there are, and which object holds each: the section that a route names for a hostname.
//!
//! A hostname has a listener of its own where it has a certificate of its own, and where a wider rule would otherwise
//! take requests that its own rules leave (ingress-migrate.md §2.4, §2.6, §2.14). All others share the listeners without
//! hostname.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::diagnostic::Severity;
use crate::migrate::Cx;
use crate::migrate::assemble::base::{Base, Bases};
use crate::migrate::assemble::draft::{Draft, Served};
use crate::migrate::assemble::existing::{self, Given};
use crate::migrate::assemble::stream::Stream;
use crate::migrate::assemble::{about, about_class, claim, wildcard};
use crate::migrate::code;
use crate::migrate::name::{self, Scheme};
use crate::migrate::options::{HttpsListeners, Listeners, Options};
use crate::migrate::plan::{self, MAX_LISTENERS, Mode, Plan, Request, Section, Unit, Way};
use crate::migrate::site::{Host, Site};
use crate::profile::Bundle;
use crate::value::ObjectKey;

/// Position of a listener: holder and slot.
pub(super) type At = (usize, usize);

/// A listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) host: Option<String>,
    pub(super) section: Section,
    /// Its name in an existing Gateway that has it already.
    pub(super) given: Option<String>,
    /// Its certificate.
    pub(super) secret: Option<ObjectKey>,
    /// Member that its host is there for.
    pub(super) member: Option<usize>,
    /// Namespaces of the routes that attach.
    pub(super) attached: BTreeSet<String>,
}

impl Slot {
    /// The name of the section.
    pub(super) fn name(&self) -> String {
        if let Some(given) = &self.given {
            return given.clone();
        }
        let Section { port, scheme } = self.section;
        match scheme {
            Scheme::Http | Scheme::Https | Scheme::Tls => name::section(scheme, self.host.as_deref()).text,
            // One Gateway may have several of them, which only their ports tell apart.
            Scheme::Tcp | Scheme::Udp => format!("{}-{port}", scheme.word()),
        }
    }
}

/// A Gateway or a ListenerSet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) base: usize,
    pub(super) is_set: bool,
    /// An existing Gateway is not written.
    pub(super) is_written: bool,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) slots: Vec<Slot>,
    /// Members whose hosts it is there for.
    pub(super) sources: BTreeSet<usize>,
}

/// All listeners of a class.
#[derive(Debug, Default)]
pub(super) struct Listening {
    pub(super) bases: Vec<Base>,
    pub(super) holders: Vec<Holder>,
    base_of_host: Vec<usize>,
    own: BTreeMap<String, Vec<(Scheme, At)>>,
    open: BTreeMap<(usize, Scheme), Vec<At>>,
}

/// The certificate that is served for a host; none where TLS passes through, or where nothing is known.
pub(super) fn secret(host: &Host, options: &Options) -> Option<ObjectKey> {
    if host.passthrough.is_some() {
        return None;
    }
    let own = host.certificate.as_ref().and_then(|certificate| certificate.secret.clone());
    own.or_else(|| options.default_certificate.clone())
}

impl Listening {
    /// The listeners that take requests for a name of a host.
    pub(super) fn sections(&self, served: Served, name: Option<&str>, scheme: Scheme) -> Vec<At> {
        let own = name.and_then(|name| self.own.get(name)).map_or(&[][..], Vec::as_slice);
        if let Some((_, at)) = own.iter().find(|(other, _)| *other == scheme) {
            return vec![*at];
        }
        let base = self.base_of_host.get(served.host).copied().unwrap_or_default();
        let open = self.open.get(&(base, scheme)).map_or(&[][..], Vec::as_slice);
        if name.is_none() {
            return open.to_vec();
        }
        // A host is at one address: that of the Gateway with a listener for it, else the first one.
        let is_gateway = |at: &usize| self.holders.get(*at).is_some_and(|holder| !holder.is_set);
        let home = own.iter().map(|(_, (holder, _))| *holder).find(is_gateway);
        let is_home = |(holder, _): &&At| home.is_none_or(|home| home == *holder);
        open.iter().find(is_home).copied().into_iter().collect()
    }

    /// The listeners without a hostname on a port.
    pub(super) fn open_on(&self, section: Section) -> Vec<At> {
        let all = self.open.iter().filter(|((_, scheme), _)| *scheme == section.scheme).flat_map(|(_, list)| list);
        let is_it = |(holder, slot): &At| {
            let slot = self.holders.get(*holder).and_then(|holder| holder.slots.get(*slot));
            slot.is_some_and(|slot| slot.section == section)
        };
        all.copied().filter(is_it).collect()
    }

    /// Notes that a route of a namespace attaches.
    pub(super) fn attach(&mut self, (holder, slot): At, namespace: &str) {
        let slot = self.holders.get_mut(holder).and_then(|holder| holder.slots.get_mut(slot));
        if let Some(slot) = slot.filter(|slot| !slot.attached.contains(namespace)) {
            slot.attached.insert(namespace.to_owned());
        }
    }

    /// The Gateway of each name, where there are several and no listener has the name.
    pub(super) fn homes(&self, site: &Site<'_>) -> BTreeMap<CompactString, ObjectKey> {
        let mut homes = BTreeMap::new();
        let mut of_base: BTreeMap<usize, ObjectKey> = BTreeMap::new();
        let gateways = || self.holders.iter().filter(|holder| !holder.is_set);
        if gateways().nth(1).is_none() {
            return homes;
        }
        for holder in gateways() {
            of_base.entry(holder.base).or_insert_with(|| self.gateway_of(holder));
        }
        for (at, base) in self.base_of_host.iter().enumerate() {
            let Some(gateway) = of_base.get(base) else { continue };
            let names = [false, true].into_iter().flat_map(|is_other| Served { host: at, is_other }.names(site));
            let names = names.flatten().filter(|name| !self.own.contains_key(*name));
            homes.extend(names.map(|name| (CompactString::from(name), gateway.clone())));
        }
        homes
    }

    /// The Gateway that a holder belongs to: itself, or the first of its base.
    pub(super) fn gateway_of(&self, holder: &Holder) -> ObjectKey {
        let gateways = || self.holders.iter().filter(|other| !other.is_set && other.base == holder.base);
        let gateway = if holder.is_set { gateways().next().unwrap_or(holder) } else { holder };
        ObjectKey::new(gateway.namespace.as_str(), gateway.name.as_str())
    }
}

/// What a name needs.
#[derive(Debug, Clone, Default)]
struct Need {
    host: usize,
    schemes: BTreeSet<Scheme>,
    is_isolated: bool,
}

type Needs<'s> = BTreeMap<(usize, Option<&'s str>), Need>;

/// Finds the listeners.
pub(super) fn listening(
    site: &Site<'_>,
    (drafts, streams): (&[Draft], &[Stream]),
    bases: &Bases,
    cx: &mut Cx<'_, '_>,
) -> Listening {
    let mut needs = needs(site, drafts, bases);
    isolate(site, &mut needs, bases, cx);
    let mut listening =
        Listening { bases: bases.list.clone(), base_of_host: bases.of_host.clone(), ..Listening::default() };
    for (position, base) in bases.list.iter().enumerate() {
        let of_base = needs.range((position, None)..(position + 1, None));
        let mut asked = asked(site, of_base.map(|((_, name), need)| (*name, need)), cx);
        if position == 0 {
            asked.hostless.extend(streams.iter().map(|stream| stream.section));
        }
        if asked.hostless.is_empty() && asked.units.is_empty() {
            continue;
        }
        if cx.options.https_listeners == HttpsListeners::Certificate {
            wildcard::collapse(&mut asked, cx);
        }
        let (given, mode) = if base.is_existing {
            let given = existing::given(site, base, &mut asked, cx);
            (given, existing::mode(site, base, &asked, cx))
        } else {
            (Vec::new(), mode(cx.options))
        };
        let request = Request { gateway: &base.name, hostless: &asked.hostless, units: &asked.units, mode };
        let Ok(plan) = plan::plan(&request) else {
            let message = format!("the listeners of one host are more than {MAX_LISTENERS}: nothing can hold them");
            let item = about_class(site, cx).finding(code::LISTENERS_DIVIDED, message);
            cx.report.add(item.severity(Severity::Error));
            continue;
        };
        report(site, &plan, cx);
        place(site, Placing { position, base, plan, asked: &asked, given }, &mut listening, cx);
    }
    listening
}

/// Names with their schemes, from the routes.
fn needs<'s>(site: &'s Site<'_>, drafts: &[Draft], bases: &Bases) -> Needs<'s> {
    let mut needs = Needs::new();
    for draft in drafts {
        for served in &draft.served {
            let base = bases.of_host.get(served.host).copied().unwrap_or_default();
            for name in served.names(site) {
                let need = needs.entry((base, name)).or_insert_with(|| Need { host: served.host, ..Need::default() });
                need.schemes.extend(draft.schemes);
            }
        }
    }
    for (at, host) in site.hosts.iter().enumerate().filter(|(_, host)| host.passthrough.is_some()) {
        let base = bases.of_host.get(at).copied().unwrap_or_default();
        let need = needs.entry((base, host.name.as_deref())).or_insert_with(|| Need { host: at, ..Need::default() });
        need.schemes.insert(Scheme::Tls);
    }
    needs
}

/// Wider names that take requests for `name` where nothing narrower does.
fn wider(name: &str) -> impl Iterator<Item = String> {
    let mut rest = name.strip_prefix("*.").unwrap_or(name);
    std::iter::from_fn(move || {
        let (_, parent) = rest.split_once('.')?;
        rest = parent;
        Some(format!("*.{parent}"))
    })
}

/// No request may fall from a host to a wider rule, because the controller has a server for each host: such hosts get
/// listeners of their own, and so do the wildcards above them (§2.4).
fn isolate<'s>(site: &'s Site<'_>, needs: &mut Needs<'s>, bases: &Bases, cx: &mut Cx<'_, '_>) {
    let wild: BTreeSet<(usize, String)> = needs
        .keys()
        .filter_map(|(base, name)| Some((*base, (*name)?)))
        .filter(|(_, name)| name.starts_with("*."))
        .map(|(base, name)| (base, name.to_owned()))
        .collect();
    let open: BTreeSet<usize> = needs.keys().filter(|(_, name)| name.is_none()).map(|(base, _)| *base).collect();
    if wild.is_empty() && open.is_empty() {
        return;
    }
    let mut above: BTreeSet<(usize, String)> = BTreeSet::new();
    let mut is_covered = |base: usize, name: &str| {
        let found: Vec<(usize, String)> =
            wider(name).map(|name| (base, name)).filter(|key| wild.contains(key)).collect();
        let is_covered = !found.is_empty() || open.contains(&base);
        above.extend(found);
        is_covered
    };
    for ((base, name), need) in needs.iter_mut() {
        need.is_isolated = name.is_some_and(|name| is_covered(*base, name));
        if need.is_isolated {
            report_isolated(site, need.host, cx);
        }
    }
    // A host without rules answers 404 on the source; without a listener, a wider rule would take its requests.
    let unserved = site.hosts.iter().enumerate().zip(&bases.of_host);
    for ((at, host), base) in unserved {
        let is_chosen = site.members.get(host.introduced_by).is_some_and(|member| member.is_chosen);
        let Some(name) = host.name.as_deref().filter(|_| is_chosen) else { continue };
        if !needs.contains_key(&(*base, Some(name))) && is_covered(*base, name) {
            let mut schemes = BTreeSet::from([Scheme::Http]);
            schemes.extend(secret(host, cx.options).map(|_| Scheme::Https));
            needs.insert((*base, Some(name)), Need { host: at, schemes, is_isolated: true });
            report_isolated(site, at, cx);
        }
    }
    for ((base, name), need) in needs.iter_mut() {
        need.is_isolated |= name.is_some_and(|name| above.contains(&(*base, name.to_owned())));
    }
}

fn report_isolated(site: &Site<'_>, host: usize, cx: &mut Cx<'_, '_>) {
    let Some((host, member)) =
        site.hosts.get(host).and_then(|host| Some((host, site.members.get(host.introduced_by)?)))
    else {
        return;
    };
    let name = host.name.as_deref().unwrap_or_default();
    let message =
        format!("requests that no path of `{name}` takes do not fall to wider hosts: it has its own listeners");
    let item = about(member, "spec.rules[].host", "/spec/rules", name).finding(code::HOST_FALL_THROUGH, message);
    cx.report.add(item.severity(Severity::Info));
}

/// What is to be divided between the objects of a base.
pub(super) struct Asked {
    pub(super) hostless: Vec<Section>,
    pub(super) units: Vec<Unit>,
    pub(super) secrets: BTreeMap<String, ObjectKey>,
    /// Names whose listener is that of a wildcard.
    pub(super) stands: Vec<(String, String)>,
    /// Member of each unit, and those of names without one.
    pub(super) members: BTreeMap<String, usize>,
    others: BTreeSet<usize>,
}

fn asked<'n>(site: &Site<'_>, needs: impl Iterator<Item = (Option<&'n str>, &'n Need)>, cx: &Cx<'_, '_>) -> Asked {
    let options = cx.options;
    let port = |scheme| if scheme == Scheme::Http { options.http_port } else { options.https_port };
    let mut hostless: BTreeSet<Scheme> = BTreeSet::new();
    let mut asked = Asked {
        hostless: Vec::new(),
        units: Vec::new(),
        secrets: BTreeMap::new(),
        stands: Vec::new(),
        members: BTreeMap::new(),
        others: BTreeSet::new(),
    };
    for (name, need) in needs {
        let Some(host) = site.hosts.get(need.host) else { continue };
        let is_own = |scheme: Scheme| match scheme {
            Scheme::Http => need.is_isolated,
            Scheme::Https => need.is_isolated || host.certificate.is_some(),
            Scheme::Tls => true,
            Scheme::Tcp | Scheme::Udp => false,
        };
        let (own, open): (Vec<Scheme>, Vec<Scheme>) =
            need.schemes.iter().partition(|scheme| name.is_some() && is_own(**scheme));
        hostless.extend(open);
        let Some(name) = name.filter(|_| !own.is_empty()) else {
            asked.others.insert(host.introduced_by);
            continue;
        };
        let member = host.certificate.as_ref().map_or(host.introduced_by, |certificate| certificate.member);
        let namespace = site.members.get(member).map(|member| member.key().namespace.to_string());
        if let Some(secret) = secret(host, options) {
            asked.secrets.insert(name.to_owned(), secret);
        }
        asked.members.insert(name.to_owned(), member);
        let sections = own.into_iter().map(|scheme| Section { port: port(scheme), scheme }).collect();
        asked.units.push(Unit { host: name.to_owned(), namespace: namespace.unwrap_or_default(), sections });
    }
    asked.hostless = hostless.into_iter().map(|scheme| Section { port: port(scheme), scheme }).collect();
    asked
}

/// Does the chosen release have ListenerSets?
pub(super) fn has_listener_sets(options: &Options) -> bool {
    options.target.bundle >= Bundle::V1_5
}

fn mode(options: &Options) -> Mode {
    let has_listener_sets = has_listener_sets(options);
    match options.listeners {
        Listeners::Auto => Mode::Auto { has_listener_sets },
        Listeners::ListenerSet if has_listener_sets => Mode::ListenerSet,
        Listeners::ListenerSet | Listeners::Gateway => Mode::Gateway,
    }
}

/// MIG602, and MIG802 where ListenerSets were asked for in vain.
fn report(site: &Site<'_>, plan: &Plan, cx: &mut Cx<'_, '_>) {
    let bundle = cx.options.target.bundle.version();
    if cx.options.listeners == Listeners::ListenerSet && !has_listener_sets(cx.options) {
        let message = format!("Gateway API {bundle} has no ListenerSet: all listeners are in Gateways");
        let item = about_class(site, cx).finding(code::CHANNEL_OR_BUNDLE, message);
        cx.report.add(item.help("name a bundle of 1.5 or newer with `--gateway-api`"));
    }
    let n_listeners: usize = plan.holders.iter().map(|holder| holder.slots.len()).sum();
    let (n_objects, n_gateways) = (plan.holders.len(), plan.n_gateways());
    let what = match plan.way {
        Way::One => return,
        Way::ListenerSets if n_listeners <= MAX_LISTENERS => return,
        Way::ListenerSets => {
            format!("one Gateway and {} ListenerSets hold them, at one address", n_objects - n_gateways)
        }
        Way::Gateways => format!("{n_gateways} Gateways hold them, each at an address of its own"),
    };
    let message =
        format!("{n_listeners} listeners are more than the {MAX_LISTENERS} of a Gateway (bundle {bundle}): {what}");
    let item = about_class(site, cx).finding(code::LISTENERS_DIVIDED, message);
    let help = if plan.way == Way::Gateways {
        "the cut-over plan lists the Gateway of each host: one wildcard DNS record no longer serves all"
    } else {
        "the implementation must support ListenerSet; `--listeners gateway` writes several Gateways instead"
    };
    cx.report.add(item.help(help));
}

/// Takes the objects of a plan over.
fn place(site: &Site<'_>, placing: Placing<'_>, listening: &mut Listening, cx: &mut Cx<'_, '_>) {
    let Placing { position, base, plan, asked, given } = placing;
    let mut given = given;
    for holder in plan.holders {
        let is_set = holder.namespace.is_some();
        let namespace = holder.namespace.unwrap_or_else(|| base.namespace.clone());
        let kind = if is_set { "ListenerSet" } else { "Gateway" };
        let name = if base.is_existing && !is_set {
            base.name.clone()
        } else {
            let owner = format!("the Gateway of class `{}`", site.class);
            let item = about_class(site, cx);
            claim((kind, &namespace, &holder.name.text), &owner, item, cx)
        };
        let at = listening.holders.len();
        let mut sources = if is_set { BTreeSet::new() } else { asked.others.clone() };
        let mut slots = Vec::new();
        let needed =
            holder.slots.into_iter().map(|slot| Given { host: slot.host, section: slot.section, name: String::new() });
        let given = if is_set { Vec::new() } else { std::mem::take(&mut given) };
        for slot in given.into_iter().chain(needed) {
            // Several names may share a listener that is there.
            let known = slots.iter().position(|known: &Slot| known.given.as_ref() == Some(&slot.name));
            let here = (at, known.unwrap_or(slots.len()));
            let scheme = slot.section.scheme;
            if let Some(host) = &slot.host {
                listening.own.entry(host.clone()).or_default().push((scheme, here));
                sources.extend(asked.members.get(host));
            } else {
                listening.open.entry((position, scheme)).or_default().push(here);
            }
            if known.is_some() {
                continue;
            }
            let own = slot.host.as_ref().and_then(|host| asked.secrets.get(host));
            let secret = own.or(cx.options.default_certificate.as_ref()).filter(|_| scheme == Scheme::Https).cloned();
            let member = slot.host.as_ref().and_then(|host| asked.members.get(host)).copied();
            let given = Some(slot.name).filter(|name| !name.is_empty());
            let secret = secret.filter(|_| given.is_none());
            slots.push(Slot {
                host: slot.host,
                section: slot.section,
                given,
                secret,
                member,
                attached: BTreeSet::new(),
            });
        }
        let is_written = is_set || !base.is_existing;
        listening.holders.push(Holder { base: position, is_set, is_written, namespace, name, slots, sources });
    }
    // A wildcard of the certificate stands for its hosts.
    for (name, wildcard) in &asked.stands {
        let own = listening.own.get(wildcard).cloned().unwrap_or_default();
        listening.own.entry(name.clone()).or_default().extend(own);
    }
}

/// A plan, for which base it is, and what was asked.
struct Placing<'p> {
    position: usize,
    base: &'p Base,
    plan: Plan,
    asked: &'p Asked,
    /// What an existing Gateway has.
    given: Vec<Given>,
}
