//! `gwc.toml`: its shape (cli-and-rules.md §9). Finding, merging and reading it is in [`load`]; where a value came from
//! in [`origin`]. What the values mean together with flags is in [`crate::options`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) mod load;
pub(crate) mod origin;

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Config {
    /// Base file, relative to this one; lists here replace lists there, `extend-*` lists append.
    pub(crate) extends: Option<String>,
    /// The CRDs and the cluster.
    pub(crate) target: TargetTable,
    /// Which files are read.
    pub(crate) input: InputTable,
    /// What a missing object means.
    pub(crate) world: WorldTable,
    /// Named worlds.
    pub(crate) env: BTreeMap<String, EnvTable>,
    /// Rules.
    pub(crate) lint: LintTable,
    /// Route tests.
    pub(crate) test: TestTable,
    /// Semantic diff.
    pub(crate) diff: DiffTable,
    /// Local runtime.
    pub(crate) serve: ServeTable,
    /// Migration of Ingresses.
    pub(crate) migrate: crate::cli::migrate::Decisions,
    /// Formatting.
    pub(crate) fmt: FmtTable,
}

/// `[target]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct TargetTable {
    /// Gateway API release, for example `1.6`.
    pub(crate) gateway_api: Option<String>,
    /// `standard` or `experimental`.
    pub(crate) channel: Option<String>,
    /// Kubernetes release.
    pub(crate) kubernetes: Option<String>,
    /// Implementations to check against.
    pub(crate) profiles: Vec<String>,
    /// Domain of the cluster's Services.
    pub(crate) cluster_domain: Option<String>,
}

/// `[input]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct InputTable {
    /// Globs of discovered files to read; empty: all.
    pub(crate) include: Vec<String>,
    /// Globs of discovered files to skip.
    pub(crate) exclude: Vec<String>,
    /// Namespace for namespaced objects that name none.
    pub(crate) default_namespace: Option<String>,
    /// Enter symlinked folders.
    pub(crate) follow_symlinks: Option<bool>,
    /// Zero objects is no error.
    pub(crate) allow_empty: Option<bool>,
}

/// `[world]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct WorldTable {
    /// `auto`, `open` or `closed`.
    pub(crate) mode: Option<String>,
    /// Read-only objects.
    pub(crate) context: Vec<String>,
    /// Facts to take for granted.
    pub(crate) assume: AssumeTable,
}

/// `[world.assume]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct AssumeTable {
    /// Labels of namespaces.
    pub(crate) namespaces: BTreeMap<String, BTreeMap<String, String>>,
    /// Ports of Services, by `NS/NAME`.
    pub(crate) services: BTreeMap<String, Vec<u16>>,
    /// Certificate names of Secrets, by `NS/NAME`.
    pub(crate) secrets: BTreeMap<String, Vec<String>>,
    /// ConfigMaps, `NS/NAME`.
    pub(crate) configmaps: Vec<String>,
    /// Controller names by GatewayClass.
    pub(crate) gatewayclasses: BTreeMap<String, String>,
    /// `GROUP/KIND`.
    pub(crate) kinds: Vec<String>,
    /// Creation times by `KIND/NS/NAME`.
    pub(crate) created: BTreeMap<String, String>,
}

/// `[env.NAME]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct EnvTable {
    /// Files, folders and globs of this world.
    pub(crate) paths: Vec<String>,
    /// kustomize folders (not built yet).
    pub(crate) kustomize: Vec<String>,
    /// Helm charts (not built yet).
    pub(crate) helm: Vec<String>,
    /// Read-only objects.
    pub(crate) context: Vec<String>,
    /// Gateway API release.
    pub(crate) gateway_api: Option<String>,
    /// Channel.
    pub(crate) channel: Option<String>,
    /// Kubernetes release.
    pub(crate) kubernetes: Option<String>,
    /// Implementations.
    pub(crate) profiles: Vec<String>,
    /// Domain of the cluster's Services.
    pub(crate) cluster_domain: Option<String>,
    /// World mode.
    pub(crate) mode: Option<String>,
    /// Facts on top of `[world.assume]`.
    pub(crate) assume: AssumeTable,
}

/// `[lint]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct LintTable {
    /// Base rule set.
    pub(crate) preset: Option<String>,
    /// Run only these rules.
    pub(crate) select: Vec<String>,
    /// Run these rules too.
    pub(crate) extend_select: Vec<String>,
    /// Do not run these rules.
    pub(crate) ignore: Vec<Ignore>,
    /// Do not run these rules either; appends to what `extends` gave.
    pub(crate) extend_ignore: Vec<String>,
    /// `error`, `warning`, `info` or `never`.
    pub(crate) fail_on: Option<String>,
    /// Exit 1 when more warnings remain.
    pub(crate) max_warnings: Option<usize>,
    /// Conditions that cannot be determined count as errors.
    pub(crate) fail_on_undetermined: Option<bool>,
    /// Severity by selector.
    pub(crate) severity: BTreeMap<String, String>,
    /// Selectors to ignore by file glob.
    pub(crate) per_file_ignores: BTreeMap<String, Vec<String>>,
    /// Options by rule.
    pub(crate) options: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
}

/// One entry of `lint.ignore`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Ignore {
    /// A selector for every object.
    Selector(String),
    /// A suppression of some objects.
    Entry(IgnoreEntry),
}

/// `[[lint.ignore]]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct IgnoreEntry {
    /// Selector.
    pub(crate) rule: String,
    /// Kind, a glob.
    pub(crate) kind: Option<String>,
    /// Namespace, a glob.
    pub(crate) namespace: Option<String>,
    /// Name, a glob.
    pub(crate) name: Option<String>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// Last day (`2026-12-31`) or RFC 3339 time; a string.
    pub(crate) expires: Option<String>,
}

/// `[test]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct TestTable {
    /// Test files; never read as manifests.
    pub(crate) paths: Vec<String>,
    /// Coverage wanted, in percent.
    pub(crate) fail_under: Option<f64>,
    /// Unit of coverage.
    pub(crate) unit: Option<String>,
}

/// `[diff]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct DiffTable {
    /// `break`, `shift`, `add` or `never`.
    pub(crate) fail_on: Option<String>,
    /// Largest weight step that is no hard cutover.
    pub(crate) max_weight_step: Option<u32>,
}

/// `[serve]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct ServeTable {
    /// Address.
    pub(crate) bind: Option<String>,
    /// Added to every port.
    pub(crate) port_offset: Option<u16>,
    /// `NS/SVC:PORT` to `HOST:PORT`.
    pub(crate) map: BTreeMap<String, String>,
    /// Built-in backend for Services without a map.
    pub(crate) echo: Option<bool>,
    /// `self-signed` or `from-secrets`.
    pub(crate) tls: Option<String>,
}

/// `[fmt]`.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct FmtTable {
    /// `keep`, `explicit` or `strip`.
    pub(crate) defaults: Option<String>,
    /// Order of keys.
    pub(crate) key_order: Option<String>,
    /// Spaces per level.
    pub(crate) indent: Option<u8>,
}

impl<'de> Deserialize<'de> for Ignore {
    /// By hand, since an untagged enum would hide which key of a table is unknown.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IgnoreVisitor)
    }
}

struct IgnoreVisitor;

impl<'de> serde::de::Visitor<'de> for IgnoreVisitor {
    type Value = Ignore;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a selector or a table with `rule`")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Ignore, E> {
        Ok(Ignore::Selector(text.to_owned()))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Ignore, A::Error> {
        IgnoreEntry::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Ignore::Entry)
    }
}

impl AssumeTable {
    /// The facts in `--assume` form.
    pub(crate) fn facts(&self) -> Vec<String> {
        let pairs = |labels: &BTreeMap<String, String>| {
            let pairs: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            pairs.join(",")
        };
        let ports = |ports: &[u16]| ports.iter().map(u16::to_string).collect::<Vec<_>>().join(",");
        let mut facts = Vec::new();
        facts.extend(self.namespaces.iter().map(|(name, labels)| format!("namespace:{name}{{{}}}", pairs(labels))));
        facts.extend(self.services.iter().map(|(key, list)| format!("service:{key}:{}", ports(list))));
        facts.extend(self.secrets.iter().map(|(key, names)| match names.as_slice() {
            [] => format!("secret:{key}"),
            names => format!("secret:{key}{{san={}}}", names.join(",")),
        }));
        facts.extend(self.configmaps.iter().map(|key| format!("configmap:{key}")));
        facts.extend(self.gatewayclasses.iter().map(|(name, controller)| format!("gatewayclass:{name}={controller}")));
        facts.extend(self.kinds.iter().map(|kind| format!("kind:{kind}")));
        facts.extend(self.created.iter().map(|(object, time)| format!("created:{object}={time}")));
        facts
    }
}
