//! What the user decides about a migration (ingress-migrate.md §5.5). Facts that manifests do not hold come in here.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;

use crate::migrate::annotation::truth;
use crate::profile::Target;
use crate::value::ObjectKey;

/// Which Gateways there are (§5.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum GatewayMode {
    /// One for each class.
    #[default]
    Shared,
    /// One for each class and namespace.
    PerNamespace,
    /// One for each Ingress.
    PerIngress,
    /// None is written: routes attach to this one.
    Existing(ObjectKey),
}

/// Where listeners go (§5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listeners {
    /// In the Gateway; in ListenerSets what does not fit, where the bundle has them.
    #[default]
    Auto,
    /// In Gateways only.
    Gateway,
    /// In ListenerSets of the namespaces of the Ingresses.
    ListenerSet,
}

/// HTTPS listeners stand for hosts or for certificates (§2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HttpsListeners {
    /// One for each host.
    #[default]
    Host,
    /// One for each certificate whose names one wildcard covers.
    Certificate,
}

/// May a regular expression become a prefix (§3.4)?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SimplifyRegex {
    /// Only where that changes nothing.
    #[default]
    Off,
    /// Where only case and tails change.
    Auto,
    /// Always where the text is literal.
    On,
}

/// What becomes of timeouts between reads (§3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeoutMapping {
    /// They need a policy.
    #[default]
    Policy,
    /// They bound the whole answer of the backend, which is less than before.
    BackendRequest,
}

/// Comments in YAML (§5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Comments {
    /// None.
    None,
    /// The source of each rule, and codes.
    #[default]
    Brief,
    /// Places and messages too.
    Full,
}

/// Choices that are off unless asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// GatewayClasses have the names of IngressClasses.
    ClassIdentity,
    /// Write the GatewayClass.
    EmitGatewayClass,
    /// Write the namespace of the Gateway.
    EmitNamespace,
    /// Listeners take routes of all namespaces.
    AllowAllNamespaces,
    /// Keep HSTS headers.
    PreserveHsts,
    /// Translate snippets that are understood.
    ReadSnippets,
    /// Keep the text of snippets in comments.
    KeepSnippets,
    /// Write backends that are resources.
    KeepResourceBackends,
    /// Copy all labels.
    KeepLabels,
    /// Copy annotations of other tools.
    KeepAnnotations,
    /// Credentials with every origin.
    CorsKeepCredentials,
    /// Serve hosts over HTTP whose certificate is not known.
    AllowPlaintextDowngrade,
    /// Leave rules out that cannot be converted, instead of closing them.
    OmitUnconvertible,
    /// TLS ends before the Gateway.
    ExternalTls,
    /// No labels and annotations of origin.
    NoProvenance,
}

/// All decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The CRDs that the output is for.
    pub target: Target,
    /// The bundle was named by the user: kinds that older bundles lack may be written.
    pub has_named_target: bool,
    /// GatewayClass of each IngressClass.
    pub classes: BTreeMap<CompactString, CompactString>,
    /// Gateways.
    pub gateways: GatewayMode,
    /// Name of the Gateway; else that of the class.
    pub gateway_name: Option<String>,
    /// Namespace of the Gateway.
    pub gateway_namespace: String,
    /// Places of listeners.
    pub listeners: Listeners,
    /// What HTTPS listeners stand for.
    pub https_listeners: HttpsListeners,
    /// Port of HTTP listeners.
    pub http_port: u16,
    /// Port of HTTPS listeners.
    pub https_port: u16,
    /// Certificate of hosts that have none of their own.
    pub default_certificate: Option<ObjectKey>,
    /// Service and port that answer where no Ingress does.
    pub default_backend: Option<(ObjectKey, u16)>,
    /// Name that a backend's certificate has, by Service (`name` or `namespace/name`).
    pub backend_hostnames: BTreeMap<String, String>,
    /// Kind and name of the issuer that takes the place of the controller's default one.
    pub issuer: Option<(String, String)>,
    /// Data of the controller's ConfigMap; `None`: not given (MIG107).
    pub controller_config: Option<BTreeMap<String, String>>,
    /// Flags of the controller without dashes; `None`: not given.
    pub controller_flags: Option<BTreeMap<String, String>>,
    /// Prefix of annotations, without the slash.
    pub annotation_prefix: CompactString,
    /// Regular expressions.
    pub simplify_regex: SimplifyRegex,
    /// Timeouts.
    pub timeout_mapping: TimeoutMapping,
    /// Comments.
    pub comments: Comments,
    /// Further choices.
    pub choices: BTreeSet<Choice>,
    /// Losses that are accepted: number of the finding, and the Ingress.
    pub accepted: BTreeSet<(CompactString, ObjectKey)>,
    /// Ingresses to convert; `None`: all. The others still shape the hosts that they share.
    pub chosen: Option<BTreeSet<ObjectKey>>,
}

impl Options {
    /// The defaults of the command line for a target.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            target,
            has_named_target: false,
            classes: BTreeMap::new(),
            gateways: GatewayMode::default(),
            gateway_name: None,
            gateway_namespace: "gateway-infra".into(),
            listeners: Listeners::default(),
            https_listeners: HttpsListeners::default(),
            http_port: 80,
            https_port: 443,
            default_certificate: None,
            default_backend: None,
            backend_hostnames: BTreeMap::new(),
            issuer: None,
            controller_config: None,
            controller_flags: None,
            annotation_prefix: CompactString::const_new("nginx.ingress.kubernetes.io"),
            simplify_regex: SimplifyRegex::default(),
            timeout_mapping: TimeoutMapping::default(),
            comments: Comments::default(),
            choices: BTreeSet::new(),
            accepted: BTreeSet::new(),
            chosen: None,
        }
    }

    /// Was this asked for?
    #[must_use]
    pub fn has(&self, choice: Choice) -> bool {
        self.choices.contains(&choice)
    }

    /// Is the loss that this finding reports about this Ingress accepted?
    #[must_use]
    pub fn accepts(&self, number: &str, ingress: &ObjectKey) -> bool {
        self.accepted.contains(&(number.into(), ingress.clone()))
    }

    /// A flag of the controller.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.controller_flags.as_ref()?.get(name).map(String::as_str)
    }

    /// Is a flag of the controller set? Without a value it is.
    #[must_use]
    pub fn has_flag(&self, name: &str) -> bool {
        self.flag(name).is_some_and(|text| text.is_empty() || truth(text) == Some(true))
    }

    /// The truth of a key of the controller's ConfigMap.
    #[must_use]
    pub fn truth_of(&self, key: &str) -> Option<bool> {
        self.setting(key).and_then(|text| truth(text.trim()))
    }

    /// A key of the controller's ConfigMap.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.controller_config.as_ref()?.get(key).map(String::as_str)
    }
}
