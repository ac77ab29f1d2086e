//! What is evaluated against: target API version and channel, controller knobs, the world, assumptions.
//!
//! Data and lookups only. The defaults are the portable profile of Gateway API v1.6 (status.md §10).

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use compact_str::CompactString;

use crate::value::ObjectKey;

/// A bundled minor release of Gateway API; any patch of a minor means its bundle (spec README ruling 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bundle {
    /// v1.0.0.
    V1_0,
    /// v1.1.1.
    V1_1,
    /// v1.2.1.
    V1_2,
    /// v1.3.0.
    V1_3,
    /// v1.4.1.
    V1_4,
    /// v1.5.1.
    V1_5,
    /// v1.6.1.
    V1_6,
}

/// All bundles, oldest first.
pub const BUNDLES: [Bundle; 7] =
    [Bundle::V1_0, Bundle::V1_1, Bundle::V1_2, Bundle::V1_3, Bundle::V1_4, Bundle::V1_5, Bundle::V1_6];

impl Bundle {
    /// The version that the bundle was made from, for example `v1.6.1`.
    #[must_use]
    pub fn version(self) -> &'static str {
        match self {
            Self::V1_0 => "v1.0.0",
            Self::V1_1 => "v1.1.1",
            Self::V1_2 => "v1.2.1",
            Self::V1_3 => "v1.3.0",
            Self::V1_4 => "v1.4.1",
            Self::V1_5 => "v1.5.1",
            Self::V1_6 => "v1.6.1",
        }
    }

    /// Reads `1.6`, `v1.6` or `v1.6.1`; the flag is true when another patch than the bundled one was named.
    #[must_use]
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts = text.split('.');
        let (major, minor, patch) = (parts.next()?, parts.next()?, parts.next());
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if parts.next().is_some() || !is_number(major) || !is_number(minor) || !patch.is_none_or(is_number) {
            return None;
        }
        let short = format!("v{major}.{minor}.");
        let bundle = BUNDLES.into_iter().find(|bundle| bundle.version().starts_with(&short))?;
        let other = patch.is_some_and(|patch| bundle.version() != format!("{short}{patch}"));
        Some((bundle, other))
    }
}

/// Release channel of the CRDs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Stable fields and kinds.
    Standard,
    /// Everything.
    Experimental,
}

impl Channel {
    /// `standard` or `experimental`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Experimental => "experimental",
        }
    }
}

/// The CRDs that a cluster has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// Release.
    pub bundle: Bundle,
    /// Channel.
    pub channel: Channel,
}

impl Default for Target {
    /// Newest bundled release, standard channel (cli-and-rules.md §5.6).
    fn default() -> Self {
        Self { bundle: Bundle::V1_6, channel: Channel::Standard }
    }
}

/// How the target was found; printed in the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetSource {
    /// A flag or the configuration named it.
    Given,
    /// From the annotations of the CRDs in the world.
    Detected,
    /// The default.
    Default,
}

/// What a missing object means (cli-and-rules.md §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldMode {
    /// Everything was given: absent means it does not exist.
    Closed,
    /// Absence proves nothing.
    Open,
    /// Closed for a kind and namespace of which the world holds any object, else open.
    Auto,
}

/// Facts that the user vouches for (`--assume`, cli-and-rules.md §5.4).
///
/// Keys are `NS/NAME` where not said otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assumptions {
    /// Labels of namespaces, by name.
    pub namespaces: BTreeMap<CompactString, BTreeMap<CompactString, CompactString>>,
    /// Ports of Services.
    pub services: BTreeMap<CompactString, Vec<u16>>,
    /// Secrets with subject alternative names of their certificate (empty: any).
    pub secrets: BTreeMap<CompactString, Vec<CompactString>>,
    /// ConfigMaps with a usable `ca.crt`.
    pub config_maps: BTreeSet<CompactString>,
    /// Controller name by GatewayClass name.
    pub gateway_classes: BTreeMap<CompactString, CompactString>,
    /// `GROUP/KIND` of kinds that exist and are understood.
    pub kinds: BTreeSet<CompactString>,
    /// Creation times, seconds since 1970, by `KIND/NS/NAME` (kind in lower case).
    pub created: BTreeMap<CompactString, i64>,
}

/// Mode and assumptions of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Mode for every kind without an entry in `per_kind`.
    pub mode: WorldMode,
    /// Mode of single kinds (`--missing-secrets`, `--missing-services`), by kind.
    pub per_kind: BTreeMap<CompactString, WorldMode>,
    /// Facts the user vouches for.
    pub assumptions: Assumptions,
}

impl World {
    /// The mode that counts for a kind.
    #[must_use]
    pub fn mode_of(&self, kind: &str) -> WorldMode {
        self.per_kind.get(kind).copied().unwrap_or(self.mode)
    }
}

/// Controller behaviour where the API leaves room (status.md §10); the defaults are the portable choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knobs {
    /// Supported features by conformance name; a feature that is missing here is not supported.
    pub features: BTreeSet<CompactString>,
    /// Supported listener protocols (L-2).
    pub protocols: Vec<CompactString>,
    /// Supported address types (GW-4).
    pub address_types: Vec<CompactString>,
    /// Addresses that can be used; `None`: any (GW-13).
    pub usable_addresses: Option<Vec<CompactString>>,
    /// Can the controller choose an address where none is given (GW-14)?
    pub allocates_addresses: bool,
    /// Ports that cannot be bound (L-5).
    pub unusable_ports: Vec<u16>,
    /// Limit of merged listeners per Gateway (TooManyListeners); `None`: unlimited.
    pub max_listeners: Option<usize>,
    /// Reject the newer of HTTPRoute and GRPCRoute on one hostname (§5.3)?
    pub grpc_http_same_host_rejects: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            features: crate::profile::features::ALL.iter().map(|name| CompactString::const_new(name)).collect(),
            protocols: ["HTTP", "HTTPS", "TLS", "TCP", "UDP"].map(CompactString::const_new).to_vec(),
            address_types: ["IPAddress", "Hostname"].map(CompactString::const_new).to_vec(),
            usable_addresses: None,
            allocates_addresses: true,
            unusable_ports: Vec::new(),
            max_listeners: None,
            grpc_http_same_host_rejects: false,
        }
    }
}

pub mod features;

/// Controller name of the project's own implementation: the one controller whose profile is known (status.md §10).
pub const OWN_CONTROLLER: &str = "gwc.dev/gateway-controller";

/// Where a Gateway is served: facts of the proxy that serves it, given by the edge (runtime-design.md §2.4, §7.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// Addresses that are assigned to it; empty: none is free.
    pub addresses: Vec<IpAddr>,
    /// TCP ports that cannot be bound there, or that another Gateway has.
    pub refused_tcp: BTreeSet<u16>,
    /// The same for UDP.
    pub refused_udp: BTreeSet<u16>,
}

/// A Gateway that the proxy does not know.
static NOWHERE: Placement =
    Placement { addresses: Vec::new(), refused_tcp: BTreeSet::new(), refused_udp: BTreeSet::new() };

/// Is the projection of verdicts to statuses wanted? Findings do not need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// Yes.
    Projected,
    /// No: [`crate::Compilation::statuses`] stays empty.
    LeftOut,
}

/// Everything besides the texts that an evaluation depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// CRDs of the cluster; `None`: detect, else the default.
    pub target: Option<Target>,
    /// World.
    pub world: World,
    /// Name of the controller that the knobs are those of; controllers of other names are not known.
    pub controller_name: CompactString,
    /// Controller knobs.
    pub knobs: Knobs,
    /// Where each Gateway is served; `None`: no proxy is at work.
    pub placements: Option<BTreeMap<ObjectKey, Placement>>,
    /// Namespace for namespaced objects that name none.
    pub default_namespace: CompactString,
    /// Now, in seconds since 1970: the only time that certificates and `expires` are judged by.
    pub now: i64,
    /// Options of single rules (`[lint.options.CODE]`).
    pub rule_options: RuleOptions,
    /// Are statuses wanted?
    pub statuses: Statuses,
    /// Numbers of lints that need not run, for example because they are switched off.
    pub skipped_rules: BTreeSet<&'static str>,
}

/// Options of rules (`[lint.options.CODE]` of `gwc.toml`).
#[derive(Debug, Clone, PartialEq)]
pub struct RuleOptions {
    /// GWC4004 `days`: warn this many days before a certificate expires.
    pub expiry_days: i64,
    /// GWC7002 `allow-single`: no finding where the Gateway has a single listener.
    pub allow_single_listener: bool,
    /// GWC5020 `max`: matches of one hostname on one listener.
    pub max_matches: usize,
    /// GWC7010 `n`: a rule of a route with more rules than this wants a name.
    pub unnamed_rules_over: usize,
    /// GWC8003 `domains`: namespace to the domains it may claim.
    pub domains: BTreeMap<CompactString, Vec<CompactString>>,
    /// GWC7004 `sensitive`: labels of Services that must be reached over TLS.
    pub sensitive: BTreeMap<CompactString, CompactString>,
}

impl Default for RuleOptions {
    fn default() -> Self {
        Self {
            expiry_days: 21,
            allow_single_listener: true,
            max_matches: 10_000,
            unnamed_rules_over: 1,
            domains: BTreeMap::new(),
            sensitive: BTreeMap::new(),
        }
    }
}

impl Profile {
    /// The portable profile with a world mode and a time.
    #[must_use]
    pub fn new(mode: WorldMode, now: i64) -> Self {
        Self {
            target: None,
            world: World { mode, per_kind: BTreeMap::new(), assumptions: Assumptions::default() },
            controller_name: CompactString::const_new(OWN_CONTROLLER),
            knobs: Knobs::default(),
            placements: None,
            default_namespace: CompactString::const_new("default"),
            now,
            rule_options: RuleOptions::default(),
            statuses: Statuses::Projected,
            skipped_rules: BTreeSet::new(),
        }
    }

    /// Where a Gateway is served; `None`: no proxy is at work.
    #[must_use]
    pub fn placement(&self, gateway: &ObjectKey) -> Option<&Placement> {
        self.placements.as_ref().map(|all| all.get(gateway).unwrap_or(&NOWHERE))
    }
}
