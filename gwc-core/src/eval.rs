//! What is decided: one verdict per object and condition, with the evidence for it.
//!
//! The only place where a decision lives (style.md §4, law 2): status, diagnostics, exit code and IR are projections.
//! Emits no diagnostics and builds no sentences.

use std::collections::BTreeSet;

use compact_str::CompactString;

use crate::api::route::RouteKind;
use crate::graph::{
    BackendTlsPolicyId, ConfigMapId, GatewayClassId, GatewayId, GrantId, ListenerId, ListenerSetId, RouteId, SecretId,
    ServiceId,
};
use crate::value::{Basis, GroupKind, Hostname, ObjectKey};

/// A fact about the cluster that the world does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// A Secret exists and holds a usable key pair.
    Secret(ObjectKey),
    /// A ConfigMap exists and holds a usable `ca.crt`.
    ConfigMap(ObjectKey),
    /// A Service exists and has this port.
    Service(ObjectKey, Option<u16>),
    /// A GatewayClass exists and its controller is at work.
    GatewayClass(CompactString),
    /// An object of any other kind exists and is suitable.
    Object(GroupKind, ObjectKey),
    /// A kind exists and the controller understands it.
    Kind(GroupKind),
    /// Labels of a namespace, by key.
    NamespaceLabels(CompactString, Vec<CompactString>),
    /// All ReferenceGrants of a namespace were given.
    GrantsComplete(CompactString),
    /// Creation time of an object; only the order by name decided.
    Created(&'static str, ObjectKey),
    /// The data plane takes the configuration.
    Dataplane,
    /// The address pool has the requested address.
    AddressPool,
    /// The CRDs of the cluster are a supported version.
    CrdVersion,
    /// The content of a parameters object is valid.
    Parameters(GroupKind, ObjectKey),
}

/// How well a verdict stands: its basis is the weakest of its inputs, its assumptions are their union (status.md §8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// Certainty.
    pub basis: Basis,
    /// Facts taken for granted.
    pub assumptions: BTreeSet<Fact>,
    /// Facts without which nothing can be said; the verdict is then the one that says so.
    pub missing: BTreeSet<Fact>,
}

impl Support {
    /// Follows from the input and the API alone.
    #[must_use]
    pub fn spec() -> Self {
        Self { basis: Basis::Spec, assumptions: BTreeSet::new(), missing: BTreeSet::new() }
    }

    /// Rests on one fact.
    #[must_use]
    pub fn assumed(fact: Fact) -> Self {
        Self { basis: Basis::Assumed, assumptions: BTreeSet::from([fact]), missing: BTreeSet::new() }
    }

    /// Cannot be said without one fact.
    #[must_use]
    pub fn missing(fact: Fact) -> Self {
        Self { basis: Basis::Assumed, assumptions: BTreeSet::new(), missing: BTreeSet::from([fact]) }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.basis = self.basis.max(other.basis);
        self.assumptions.extend(other.assumptions.iter().cloned());
        self.missing.extend(other.missing.iter().cloned());
        self
    }
}

/// A verdict and how well it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<V> {
    /// The decision.
    pub verdict: V,
    /// How well it stands.
    pub support: Support,
}

impl<V> Judged<V> {
    /// A verdict that follows from the input alone.
    pub fn spec(verdict: V) -> Self {
        Self { verdict, support: Support::spec() }
    }

    /// A verdict with its support.
    pub fn new(verdict: V, support: Support) -> Self {
        Self { verdict, support }
    }
}

/// Yes, no, or not to be said from this world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tri {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Undetermined.
    Undetermined,
}

/// Every verdict of a world; vectors are indexed by the arena ids of the graph.
#[derive(Debug, Default, PartialEq)]
pub struct Evaluation {
    /// By [`GatewayClassId`].
    pub gateway_classes: Vec<GatewayClassVerdict>,
    /// By [`GatewayId`].
    pub gateways: Vec<GatewayVerdict>,
    /// By [`ListenerSetId`].
    pub listener_sets: Vec<ListenerSetVerdict>,
    /// By [`ListenerId`]; evaluated for every listener, also of Gateways that nobody manages (lints read them).
    pub listeners: Vec<ListenerVerdict>,
    /// By [`RouteId`].
    pub routes: Vec<RouteVerdict>,
    /// By [`BackendTlsPolicyId`].
    pub backend_tls_policies: Vec<PolicyVerdict>,
    /// By [`crate::graph::BackendTrafficPolicyId`].
    pub backend_traffic_policies: Vec<PolicyVerdict>,
    /// Facts that were given by `--assume` and read.
    pub used_assumptions: BTreeSet<Fact>,
}

/// `SupportedVersion`, `Accepted` of a GatewayClass (status.md §1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayClassVerdict {
    /// GC-2 to GC-5.
    pub accepted: Judged<GatewayClassAccepted>,
    /// GC-6, GC-7; true: supported.
    pub supported_version: Judged<bool>,
}

/// `Accepted` of a GatewayClass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayClassAccepted {
    /// GC-5.
    Accepted,
    /// GC-4.
    InvalidParameters(ParametersProblem),
}

/// What is wrong with a parametersRef (GC-4, GW-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParametersProblem {
    /// Group and kind are not supported.
    UnsupportedKind,
    /// The object is not there.
    NotFound,
    /// A namespaced kind without namespace.
    NamespaceMissing,
    /// A cluster-scoped kind with namespace.
    NamespaceGiven,
}

/// Who, if anyone, writes the status of a Gateway and what attaches to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Managed {
    /// The class exists (or is assumed with its controller).
    By {
        /// `controllerName`; `None`: the class is only assumed and its controller is not known.
        controller: Option<CompactString>,
        /// The class, where it is in the world.
        class: Option<GatewayClassId>,
        /// How well that stands.
        support: Support,
    },
    /// The class does not exist (GW-1): nothing is ever written.
    ClassAbsent,
    /// The class is there, but an API server would refuse it.
    ClassRefused,
}

/// Verdicts on a Gateway (status.md §1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayVerdict {
    /// Who writes its status.
    pub managed: Managed,
    /// GW-2 to GW-7.
    pub accepted: Judged<GatewayAccepted>,
    /// GW-11 to GW-17.
    pub programmed: Judged<GatewayProgrammed>,
    /// GW-20 to GW-23.
    pub resolved_refs: Judged<GatewayResolvedRefs>,
    /// GW-30.
    pub insecure_frontend: bool,
    /// Verdict on `infrastructure.parametersRef`.
    pub parameters: Option<Judged<Option<ParametersProblem>>>,
    /// Verdict on `tls.backend.clientCertificateRef`.
    pub client_certificate: Option<Judged<CertificateVerdict>>,
    /// Verdicts on the CA refs of `tls.frontend`: default first, then perPort, each in list order.
    pub frontend_cas: Vec<Judged<CaVerdict>>,
    /// ListenerSets that are counted (GW-32).
    pub attached_listener_sets: Vec<ListenerSetId>,
    /// Own listeners, then entries of admitted ListenerSets in precedence order (§4.3).
    pub merged: Vec<ListenerId>,
}

/// `Accepted` of a Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayAccepted {
    /// GW-7.
    Accepted,
    /// GW-6: True with reason ListenersNotValid.
    SomeListenersNotValid(Vec<ListenerId>),
    /// GW-2: the class is not accepted.
    ClassNotAccepted,
    /// GW-3.
    InvalidParameters(ParametersProblem),
    /// GW-4: positions of the addresses.
    UnsupportedAddress(Vec<usize>),
    /// GW-5.
    ListenersNotValid(Vec<ListenerId>),
}

/// `Programmed` of a Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayProgrammed {
    /// GW-17.
    Programmed,
    /// GW-11.
    NotAccepted,
    /// GW-12.
    NoListenerProgrammed,
    /// GW-13: positions of the addresses.
    AddressNotUsable(Vec<usize>),
    /// GW-14: positions of the addresses.
    AddressNotAssigned(Vec<usize>),
}

/// `ResolvedRefs` of a Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayResolvedRefs {
    /// GW-23.
    ResolvedRefs,
    /// GW-20.
    RefNotPermitted,
    /// GW-21.
    InvalidClientCertificateRef,
    /// GW-22.
    ListenersNotResolved(Vec<ListenerId>),
}

/// Verdicts on a listener (status.md §1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerVerdict {
    /// L-2 to L-8.
    pub accepted: Judged<ListenerAccepted>,
    /// L-10 to L-15.
    pub resolved_refs: Judged<ListenerResolvedRefs>,
    /// L-20 to L-25.
    pub programmed: Judged<ListenerProgrammed>,
    /// L-30, L-31.
    pub conflicted: Option<Judged<Conflict>>,
    /// L-34, L-35.
    pub overlapping_tls: Option<Overlap>,
    /// L-40 to L-42: what status shows.
    pub supported_kinds: Vec<RouteKind>,
    /// L-43: what attachment uses.
    pub effective_kinds: Vec<RouteKind>,
    /// L-41: positions in `allowedRoutes.kinds` that the listener cannot serve.
    pub invalid_kinds: Vec<usize>,
    /// Verdicts on `tls.certificateRefs`, in order; empty where they are not checked.
    pub certificates: Vec<Judged<CertificateVerdict>>,
    /// Verdicts on the CA refs of the frontend validation that applies to this listener, in order.
    pub frontend_cas: Vec<Judged<CaVerdict>>,
    /// Distinct routes that count (L-44 to L-49).
    pub attached_routes: Vec<RouteId>,
    /// Routes that may or may not attach, for lack of facts.
    pub undetermined_routes: Vec<RouteId>,
}

/// `Accepted` of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenerAccepted {
    /// L-8.
    Accepted,
    /// L-2.
    UnsupportedProtocol,
    /// L-3: TLS mode.
    UnsupportedValue,
    /// L-4.
    Conflicted(ConflictReason),
    /// L-5.
    PortUnavailable,
    /// L-6.
    NoValidCaCertificate,
    /// L-7.
    RefNotPermitted,
    /// ListenerSet entries beyond the profile's limit (§1.5).
    TooManyListeners,
    /// LS-3 and LS-1: the set does not take part, so nothing is written for its entries.
    SetNotAdmitted,
}

/// `ResolvedRefs` of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenerResolvedRefs {
    /// L-15.
    ResolvedRefs,
    /// L-10.
    RefNotPermitted,
    /// L-11.
    InvalidCertificateRef,
    /// L-12.
    InvalidCaCertificateKind,
    /// L-13.
    InvalidCaCertificateRef,
    /// L-14.
    InvalidRouteKinds,
}

/// `Programmed` of a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenerProgrammed {
    /// L-25.
    Programmed,
    /// L-20.
    Conflicted(ConflictReason),
    /// L-21 for a ListenerSet entry with PortUnavailable.
    PortUnavailable,
    /// L-21; LS-2 for entries of a set whose Gateway is not accepted.
    NotAccepted,
    /// L-22.
    NoUsableCertificate,
    /// L-23.
    NoUsableKinds,
}

/// Reason of a listener conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictReason {
    /// L-30.
    ProtocolConflict,
    /// L-31.
    HostnameConflict,
}

/// A listener conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Why.
    pub reason: ConflictReason,
    /// The listeners it conflicts with.
    pub with: Vec<ListenerId>,
    /// True when the others won by precedence (step A of §4.3), false when nobody wins (step B).
    pub lost: bool,
}

/// OverlappingTLSConfig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// L-34 when certificates overlap, else L-35.
    pub certificates: bool,
    /// The partners.
    pub with: Vec<ListenerId>,
}

/// Verdict on a certificate reference (status.md §3.1, §3.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateVerdict {
    /// A usable key pair.
    Valid(SecretId),
    /// Taken for granted: not in a world of known extent.
    Assumed,
    /// Cross-namespace without grant.
    RefNotPermitted(NotPermitted),
    /// Not a core Secret.
    UnsupportedKind,
    /// Not there.
    NotFound,
    /// There, but an API server would refuse it.
    Refused,
    /// There, but not usable.
    Malformed(SecretId, CertificateProblem),
}

/// What is wrong with a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateProblem {
    /// Type is not `kubernetes.io/tls`.
    WrongType,
    /// `tls.crt` is missing.
    CertificateMissing,
    /// `tls.key` is missing.
    KeyMissing,
    /// A value is not base64.
    NotBase64,
    /// `tls.crt` holds no PEM certificate.
    CertificateNotPem,
    /// `tls.crt` is PEM, but no certificate that can be read.
    CertificateUnreadable,
    /// `tls.key` holds no PEM private key.
    KeyNotPem,
    /// The key belongs to another certificate.
    KeyMismatch,
}

/// Verdict on a CA reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaVerdict {
    /// At least one certificate.
    Valid(ConfigMapId),
    /// Taken for granted.
    Assumed,
    /// Cross-namespace without grant.
    RefNotPermitted(NotPermitted),
    /// Not a core ConfigMap.
    UnsupportedKind,
    /// Not there.
    NotFound,
    /// There, but an API server would refuse it.
    Refused,
    /// There, but without a usable `ca.crt`; true when the key is missing or empty.
    Malformed(ConfigMapId, bool),
}

/// Why no grant permits a reference, with the grants that come near.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NotPermitted {
    /// Grants of the target namespace that would apply but for one field, and which.
    pub near_misses: Vec<(GrantId, GrantMismatch)>,
}

/// Which part of a grant does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantMismatch {
    /// `from[].namespace`.
    FromNamespace,
    /// `from[].kind`.
    FromKind,
    /// `from[].group`.
    FromGroup,
    /// `to[].kind`.
    ToKind,
    /// `to[].group`.
    ToGroup,
    /// `to[].name`.
    ToName,
}

/// Verdicts on a ListenerSet (status.md §1.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerSetVerdict {
    /// The parent Gateway, where it is in the world.
    pub gateway: Option<GatewayId>,
    /// Both conditions.
    pub outcome: Judged<ListenerSetOutcome>,
}

/// `Accepted` and `Programmed` of a ListenerSet, decided together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenerSetOutcome {
    /// LS-7.
    Accepted,
    /// LS-6: some entries are not accepted.
    SomeListenersNotValid(Vec<ListenerId>),
    /// LS-8: accepted, but no accepted entry is programmed. The list as in LS-6; empty for LS-7.
    NoneProgrammed(Vec<ListenerId>),
    /// LS-1: the parent is of a foreign kind.
    ParentKindUnknown,
    /// LS-1: the parent is not there.
    ParentAbsent,
    /// LS-1: the parent would be refused.
    ParentRefused,
    /// LS-1: nobody manages the parent.
    ParentNotManaged,
    /// LS-2.
    ParentNotAccepted,
    /// LS-3.
    NotAllowed,
    /// LS-3 cannot be decided: labels of the namespace are not known.
    Undetermined,
    /// LS-5.
    ListenersNotValid,
}

/// Verdicts on a route (status.md §1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteVerdict {
    /// One per rule (§1.6.4).
    pub rules: Vec<RuleVerdict>,
    /// Every reference of the rules in document order (§3.4).
    pub references: Vec<RouteReference>,
    /// the same for every parent.
    pub resolved_refs: Judged<RouteResolvedRefs>,
    /// One per `spec.parentRefs[]`.
    pub parents: Vec<ParentVerdict>,
}

/// May a rule be served?
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleVerdict {
    /// Yes.
    Valid,
    /// No: dropped.
    Invalid(RuleProblem),
}

/// Why a rule is dropped (§1.6.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleProblem {
    /// An enum value that gwc does not know: UnsupportedValue.
    UnknownValue(CompactString),
    /// A feature that the profile lacks: UnsupportedValue.
    UnsupportedFeature(CompactString),
    /// A regular expression that does not compile: UnsupportedValue (GWC5012).
    InvalidRegex {
        /// The pattern.
        pattern: CompactString,
        /// Too large rather than broken.
        too_large: bool,
        /// Position of the match in the rule.
        position: usize,
    },
    /// `ReplacePrefixMatch` with a match that is not a prefix: UnsupportedValue.
    PrefixRewriteWithoutPrefix,
    /// `backendRequest` longer than `request`: UnsupportedValue.
    TimeoutsInverted,
    /// IncompatibleFilters; the two filters.
    IncompatibleFilters(CompactString, CompactString),
}

impl RuleProblem {
    /// True for reason IncompatibleFilters, false for UnsupportedValue.
    #[must_use]
    pub fn is_incompatible_filters(&self) -> bool {
        matches!(self, Self::IncompatibleFilters(..))
    }
}

/// One reference of a route's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteReference {
    /// Rule.
    pub rule: usize,
    /// Where in the rule.
    pub place: ReferencePlace,
    /// What for.
    pub role: ReferenceRole,
    /// The decision.
    pub verdict: Judged<BackendVerdict>,
}

/// Where in a rule a reference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferencePlace {
    /// `filters[i]`.
    Filter(usize),
    /// `backendRefs[i]`.
    Backend(usize),
    /// `backendRefs[i].filters[j]`.
    BackendFilter(usize, usize),
}

/// What a reference is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReferenceRole {
    /// Primary traffic.
    Backend,
    /// RequestMirror.
    Mirror,
    /// ExternalAuth.
    ExternalAuth,
    /// ExtensionRef.
    Extension,
}

/// Verdict on a reference of a route (§3.2, §3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackendVerdict {
    /// A Service and the position of the port in its `ports`.
    Service(ServiceId, usize),
    /// Something else that exists (ServiceImport, an extension object, a backend of the implementation).
    Other,
    /// Taken for granted.
    Assumed,
    /// B-2.
    InvalidKind,
    /// B-3.
    RefNotPermitted(NotPermitted),
    /// B-4.
    NotFound,
    /// The target would be refused by an API server: BackendNotFound, reported with the target.
    Refused,
    /// B-5: no port.
    PortMissing(ServiceId),
    /// B-6: the Service has no such port.
    PortNotFound(ServiceId),
    /// B-7: ExternalName.
    ExternalName(ServiceId),
    /// B-11 to B-13: `appProtocol` that the route kind cannot use; position of the port.
    UnsupportedAppProtocol(ServiceId, usize),
    /// B-14, B-21: transport protocol that the route kind cannot use; position of the port.
    UnsupportedTransport(ServiceId, usize),
}

/// `ResolvedRefs` of a route; the reason with the highest rank (§3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteResolvedRefs {
    ///
    RefNotPermitted,
    ///
    InvalidKind,
    ///
    BackendNotFound,
    ///
    UnsupportedProtocol,
    /// B-7: implementation-specific rank.
    UnsupportedValue,
    ///
    ResolvedRefs,
}

/// The outcome for one parentRef.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentVerdict {
    /// no entry is ever written.
    NoEntry(NoEntry),
    /// An entry is written.
    Entry(ParentEntry),
}

/// Why there is no entry in `status.parents` (§2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEntry {
    /// The Gateway or ListenerSet is not there. The flag says whether the world's extent proves it.
    ParentAbsent {
        /// True: proven; false: it may be elsewhere.
        proven: bool,
    },
    /// It is there, but an API server would refuse it.
    ParentRefused,
    /// Group and kind are no parent.
    UnknownKind,
    /// A Service: mesh, which gwc does not evaluate (§2.7). True when the Service is known to be missing.
    MeshService {
        /// The Service is not there and the extent is known.
        absent: bool,
    },
    /// Nobody manages the Gateway.
    NotManaged(GatewayId),
    /// The ListenerSet has no Gateway that anybody manages.
    ListenerSetWithoutGateway(ListenerSetId),
}

/// An entry of `status.parents`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentEntry {
    /// The Gateway, also when the parent is a ListenerSet.
    pub gateway: GatewayId,
    /// The ListenerSet, where it is the parent.
    pub listener_set: Option<ListenerSetId>,
    ///
    pub accepted: Judged<RouteAccepted>,
    /// positions of the dropped rules; empty: the condition is absent.
    pub dropped_rules: Vec<usize>,
    /// How each listener of the parent fared, in spec order.
    pub candidates: Vec<Candidate>,
    /// Proofs of attachment, for every listener of C2 when accepted.
    pub bindings: Vec<Binding>,
}

/// `Accepted` of a route for one parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteAccepted {
    ///
    Accepted,
    ///
    NoMatchingParent,
    /// R-2 by D35: the ListenerSet itself is not allowed.
    ListenerSetNotAllowed,
    ///
    NotAllowedByListeners,
    ///
    NoMatchingListenerHostname,
    /// every rule is invalid.
    UnsupportedValue,
    /// every rule is invalid, the first by its filters.
    IncompatibleFilters,
    /// Depends on facts that the world does not hold.
    Undetermined,
}

/// How one listener fared as a candidate (§2.3); each test is recorded even when an earlier one failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The listener.
    pub listener: ListenerId,
    /// `sectionName` fits.
    pub section: bool,
    /// `port` fits.
    pub port: bool,
    /// The kind is among the effective kinds.
    pub kind: bool,
    /// `allowedRoutes.namespaces` admits the route's namespace.
    pub namespace: Judged<Tri>,
    /// Hostnames that both serve; `None`: none. `Some([])` for L4 kinds; an entry `None` means any name.
    pub hostnames: Option<Vec<Option<Hostname>>>,
}

impl Candidate {
    /// C2: section, port, kind, namespace and hostnames fit.
    #[must_use]
    pub fn attached(&self) -> bool {
        self.section && self.port && self.kind && self.namespace.verdict == Tri::Yes && self.hostnames.is_some()
    }
}

/// Proof that a route attaches to a listener with these hostnames; only `eval/attach.rs` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    listener: ListenerId,
    hostnames: Vec<Option<Hostname>>,
}

impl Binding {
    /// The listener.
    #[must_use]
    pub fn listener(&self) -> ListenerId {
        self.listener
    }

    /// Hostnames served there; an entry `None` means any name; empty for L4 kinds.
    #[must_use]
    pub fn hostnames(&self) -> &[Option<Hostname>] {
        &self.hostnames
    }
}

/// Verdicts on a policy (status.md §1.8, §1.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVerdict {
    /// BT-1 to BT-5.
    pub accepted: Judged<PolicyAccepted>,
    /// BT-6 to BT-8.
    pub resolved_refs: Judged<PolicyResolvedRefs>,
    /// One per target.
    pub targets: Vec<Judged<TargetVerdict>>,
    /// One per CA ref.
    pub cas: Vec<Judged<CaVerdict>>,
    /// Managed Gateways whose routes use a target (BT-9).
    pub ancestors: Vec<GatewayId>,
}

/// `Accepted` of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyAccepted {
    /// BT-5.
    Accepted,
    /// BT-1.
    TargetNotFound,
    /// BT-2: the winners.
    Conflicted(Vec<BackendTlsPolicyId>),
    /// BT-2 for XBackendTrafficPolicy.
    TrafficConflicted(Vec<crate::graph::BackendTrafficPolicyId>),
    /// BT-3.
    Invalid(PolicyProblem),
    /// BT-4.
    NoValidCaCertificate,
}

/// Why a policy is invalid (BT-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyProblem {
    /// `wellKnownCACertificates` has an unknown value.
    WellKnown,
    /// The port that `sectionName` selects is UDP.
    UdpPort,
    /// The target is no Service.
    TargetKind,
}

/// `ResolvedRefs` of a BackendTLSPolicy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyResolvedRefs {
    /// BT-8.
    ResolvedRefs,
    /// BT-6.
    InvalidKind,
    /// BT-7.
    InvalidCaCertificateRef,
}

/// Verdict on a target of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetVerdict {
    /// The Service, and the position of the named port.
    Found(ServiceId, Option<usize>),
    /// Taken for granted.
    Assumed,
    /// Not there.
    NotFound,
    /// There, but an API server would refuse it.
    Refused,
    /// The Service has no port of this name.
    SectionNotFound(ServiceId),
    /// Not a Service.
    UnsupportedKind,
}
