//! `gwc ingress-migrate`: its flags, and the `[migrate]` table of the configuration, which has a key for each decision.
//!
//! Both are one structure, so that no flag can be without its key. Words are read in [`crate::migration::decide`]
//! (ingress-migrate.md §5.5).

use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cli::InputArgs;

/// `gwc ingress-migrate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Manifests go to --out, the report to the other side: to stderr while manifests go to stdout. Only Ingresses of \
--namespace are converted where one is given. Exit code: 0 converted, 1 a finding from --fail-on on, a lost access \
control, a difference that nothing explains, or drift under --check; the manifests are written all the same.")]
#[expect(clippy::struct_excessive_bools, reason = "one flag each; this is the typed command line")]
pub(crate) struct MigrateArgs {
    /// File, folder, glob, or `-` for standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Decisions.
    #[command(flatten)]
    pub(crate) decisions: Decisions,
    /// Format of the report, to a file with FMT=PATH (repeatable) [default: full]
    #[arg(short, long, value_name = "FMT[=PATH]", help_heading = "Output")]
    pub(crate) output: Vec<String>,
    /// Write nothing; exit 1 where the files of --out are not what would be written
    #[arg(long, help_heading = "Output")]
    pub(crate) check: bool,
    /// Overwrite and remove files that were changed by hand
    #[arg(long, help_heading = "Output")]
    pub(crate) force: bool,
    /// Report, inventory and steps of the cut-over; no manifest
    #[arg(long, conflicts_with = "check", help_heading = "Output")]
    pub(crate) plan: bool,
    /// Address of the old controller, to send the requests of the verification to (with --new; one for each scheme)
    #[arg(long, value_name = "URL", requires = "new", help_heading = "Verification")]
    pub(crate) old: Vec<String>,
    /// Address of the new Gateway (with --old; one for each scheme)
    #[arg(long, value_name = "URL", requires = "old", help_heading = "Verification")]
    pub(crate) new: Vec<String>,
    /// Send other methods than GET, HEAD and OPTIONS to --old and --new too
    #[arg(long, requires = "old", help_heading = "Verification")]
    pub(crate) allow_unsafe_methods: bool,
}

/// `[migrate]`: decisions about the migration of Ingresses; each is a flag of `gwc ingress-migrate` too.
#[derive(Debug, Clone, Default, Args, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Decisions {
    /// Convert only Ingresses with these labels
    #[arg(long, value_name = "SELECTOR", help_heading = "Selection")]
    pub(crate) selector: Option<String>,
    /// Convert only these Ingresses: NS/NAME (repeatable)
    #[arg(long, value_name = "NS/NAME", help_heading = "Selection")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ingress: Vec<String>,
    /// Convert only this IngressClass
    #[arg(long, value_name = "NAME", help_heading = "Selection")]
    pub(crate) class: Option<String>,
    /// Controller of the Ingresses: ingress-nginx or generic [default: that of their class]
    #[arg(long, value_name = "NAME", help_heading = "Selection")]
    pub(crate) provider: Option<String>,
    /// Class of Ingresses that name none
    #[arg(long, value_name = "NAME", help_heading = "Selection")]
    pub(crate) class_for_unclassed: Option<String>,

    /// What to write: standard [default: standard]
    #[arg(long, value_name = "TARGET", value_delimiter = ',', help_heading = "Target")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) emit: Vec<String>,
    /// standard or experimental [default: standard]
    #[arg(long, value_name = "CHANNEL", help_heading = "Target")]
    pub(crate) channel: Option<String>,

    /// Which Gateways: shared, per-namespace, per-ingress [default: shared]
    #[arg(long, value_name = "MODE", help_heading = "Topology")]
    pub(crate) gateway_mode: Option<String>,
    /// Attach to this Gateway, write none: NS/NAME
    #[arg(long, value_name = "NS/NAME", help_heading = "Topology")]
    pub(crate) gateway: Option<String>,
    /// Name of the Gateway [default: that of the class]
    #[arg(long, value_name = "NAME", help_heading = "Topology")]
    pub(crate) gateway_name: Option<String>,
    /// Namespace of the Gateway [default: gateway-infra]
    #[arg(long, value_name = "NS", help_heading = "Topology")]
    pub(crate) gateway_namespace: Option<String>,
    /// Where listeners go: auto, gateway, listenerset [default: auto]
    #[arg(long, value_name = "WHERE", help_heading = "Topology")]
    pub(crate) listeners: Option<String>,
    /// What an HTTPS listener stands for: host or cert [default: host]
    #[arg(long, value_name = "WHAT", help_heading = "Topology")]
    pub(crate) https_listeners: Option<String>,
    /// Port of HTTP listeners [default: 80]
    #[arg(long, value_name = "PORT", help_heading = "Topology")]
    pub(crate) http_port: Option<u16>,
    /// Port of HTTPS listeners [default: 443]
    #[arg(long, value_name = "PORT", help_heading = "Topology")]
    pub(crate) https_port: Option<u16>,
    /// GatewayClass of an IngressClass: CLASS=GATEWAYCLASS (repeatable)
    #[arg(long, value_name = "CLASS=GATEWAYCLASS", help_heading = "Topology")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) class_map: Vec<String>,
    /// GatewayClasses have the names of the IngressClasses
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Topology")]
    pub(crate) class_map_identity: Option<bool>,
    /// Write the GatewayClass too
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Topology")]
    pub(crate) emit_gatewayclass: Option<bool>,
    /// Write the namespace of the Gateway too
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Topology")]
    pub(crate) emit_namespace: Option<bool>,
    /// Listeners take routes of all namespaces
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Topology")]
    pub(crate) allow_all_namespaces: Option<bool>,

    /// Certificate of hosts that have none of their own: NS/SECRET
    #[arg(long, value_name = "NS/SECRET", help_heading = "Facts about the controller")]
    pub(crate) default_certificate: Option<String>,
    /// What answers where no Ingress does: NS/SERVICE:PORT
    #[arg(long, value_name = "NS/SERVICE:PORT", help_heading = "Facts about the controller")]
    pub(crate) default_backend: Option<String>,
    /// Manifest of the controller's ConfigMap
    #[arg(long, value_name = "FILE", help_heading = "Facts about the controller")]
    pub(crate) controller_config: Option<PathBuf>,
    /// Flags that the controller runs with, as one text
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true, help_heading = "Facts about the controller")]
    pub(crate) controller_args: Option<String>,
    /// `spec.controller` of its IngressClasses [default: k8s.io/ingress-nginx]
    #[arg(long, value_name = "NAME", help_heading = "Facts about the controller")]
    pub(crate) controller_class: Option<String>,
    /// Prefix of its annotations [default: nginx.ingress.kubernetes.io]
    #[arg(long, value_name = "PREFIX", help_heading = "Facts about the controller")]
    pub(crate) annotation_prefix: Option<String>,
    /// Name that the certificate of a backend has: SERVICE=NAME or NS/SERVICE=NAME (repeatable)
    #[arg(long, value_name = "SERVICE=NAME", help_heading = "Facts about the controller")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) backend_hostname: Vec<String>,
    /// Issuer that cert-manager uses by default: KIND/NAME
    #[arg(long, value_name = "KIND/NAME", help_heading = "Facts about the controller")]
    pub(crate) issuer: Option<String>,
    /// Order of Ingresses of the same age: file or name [default: that of the controller]
    #[arg(long, value_name = "ORDER", help_heading = "Facts about the controller")]
    pub(crate) assume_order: Option<String>,
    /// TLS ends in front of the controller
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Facts about the controller")]
    pub(crate) external_tls: Option<bool>,

    /// Regular expressions that may become prefixes: off, auto or on [default: off]
    #[arg(long, value_name = "WHEN", help_heading = "Conversion")]
    pub(crate) simplify_regex: Option<String>,
    /// What becomes of timeouts between reads: policy or backend-request [default: policy]
    #[arg(long, value_name = "HOW", help_heading = "Conversion")]
    pub(crate) timeout_mapping: Option<String>,
    /// Defaults of the controller to keep: hsts
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "Conversion")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) preserve_defaults: Vec<String>,
    /// Translate snippets that are understood
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) read_snippets: Option<bool>,
    /// Keep the text of snippets as comments
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) keep_snippets: Option<bool>,
    /// Write backends that are resources
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) keep_resource_backends: Option<bool>,
    /// Copy all labels
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) keep_labels: Option<bool>,
    /// Copy annotations of other tools
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) keep_annotations: Option<bool>,
    /// Allow credentials together with every origin
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) cors_keep_credentials: Option<bool>,
    /// Serve hosts in clear text whose certificate is not known
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) allow_plaintext_downgrade: Option<bool>,
    /// Leave rules out that cannot be converted, instead of closing them
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Conversion")]
    pub(crate) omit_unconvertible: Option<bool>,

    /// Accept a loss: `CODE:NS/NAME[:REASON]` (repeatable)
    #[arg(long, value_name = "CODE:NS/NAME[:REASON]", help_heading = "Findings")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) accept: Vec<String>,
    /// File of accepted losses, one a line
    #[arg(long, value_name = "FILE", help_heading = "Findings")]
    pub(crate) accept_file: Option<PathBuf>,
    /// Exit 1 from this severity on: error, warning, info or never [default: error]
    #[arg(long, value_name = "LEVEL", help_heading = "Findings")]
    pub(crate) fail_on: Option<String>,

    /// Compare old and new: off, fast or full [default: fast]
    #[arg(long, value_name = "LEVEL", help_heading = "Verification")]
    pub(crate) verify: Option<String>,
    /// Cells of a host to look at before it is sampled [default: 20000 for fast, 200000 for full]
    #[arg(long, value_name = "N", help_heading = "Verification")]
    pub(crate) verify_budget: Option<usize>,
    /// Write the requests and answers of the verification as tests for `gwc test`
    #[arg(long, value_name = "FILE", help_heading = "Verification")]
    pub(crate) record: Option<PathBuf>,

    /// Where manifests go: `-`, a file, or a folder [default: -]
    #[arg(long, value_name = "-|FILE|DIR/", help_heading = "Output")]
    pub(crate) out: Option<String>,
    /// Files of a folder: single, per-kind, per-namespace, per-ingress [default: per-namespace]
    #[arg(long, value_name = "LAYOUT", help_heading = "Output")]
    pub(crate) layout: Option<String>,
    /// Write a kustomization.yaml beside the files
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Output")]
    pub(crate) kustomization: Option<bool>,
    /// Comments in manifests: none, brief or full [default: brief]
    #[arg(long, value_name = "HOW", help_heading = "Output")]
    pub(crate) comments: Option<String>,
    /// No labels and annotations that name the source
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", hide_possible_values = true, help_heading = "Output")]
    pub(crate) no_provenance: Option<bool>,
}
