//! The shape of a test file, `version: 1`. Reading it with places is in [`super::read`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::suite::file::value::{Code, Condition, NameOrIndex, Nothing, OneOf, Pairs, Scalar, Text, Values, plain};
use crate::suite::share::Share;

pub(crate) mod value;

/// The one version that there is.
pub(crate) const VERSION: i64 = 1;

/// Route tests, status assertions and wanted coverage of one world.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the shape for the schema; its parts are read one by one")]
pub(crate) struct TestFile {
    /// Always 1.
    #[schemars(range(min = 1, max = 1))]
    pub(crate) version: i64,
    /// Name of an `[env.NAME]` table, or paths relative to this file. Default: the configuration, else the folder of
    /// this file.
    #[serde(default)]
    pub(crate) world: Option<World>,
    /// What requests have unless they say otherwise.
    #[serde(default)]
    pub(crate) defaults: Defaults,
    /// Requests and what is to happen to them.
    #[serde(default)]
    pub(crate) tests: Vec<RouteTest>,
    /// Objects and what their status is to say.
    #[serde(default)]
    pub(crate) status: Vec<StatusTest>,
    /// How much of the world the requests are to reach.
    #[serde(default)]
    pub(crate) coverage: Option<Coverage>,
}

/// Keys at the top of a file, for messages.
pub(crate) const KEYS: [&str; 6] = ["version", "world", "defaults", "tests", "status", "coverage"];

/// The manifests that a file is about.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum World {
    /// Name of an `[env.NAME]` table, or one path.
    One(String),
    /// Files, folders and globs.
    Paths(Vec<String>),
}

/// What requests have unless they say otherwise.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Defaults {
    /// `http`, `https`, `grpc`, `grpcs`, `tls`, `tcp` or `udp`; default `http`.
    pub(crate) scheme: Option<Text>,
    /// Port of the socket; default: that of the scheme.
    pub(crate) port: Option<u16>,
    /// The Gateway that requests arrive at, `NAMESPACE/NAME`; default: each that listens on the port.
    pub(crate) gateway: Option<Text>,
    /// Header lines.
    pub(crate) headers: Pairs<Option<Values>>,
}

/// One request, or one for each combination of `each`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RouteTest {
    /// Name; default: the request.
    #[serde(default)]
    pub(crate) name: Option<Text>,
    /// A URL, or its parts.
    pub(crate) request: RequestSpec,
    /// Values for fields of the request; every combination is a test.
    #[serde(default)]
    pub(crate) each: Each,
    /// What is to happen.
    pub(crate) expect: Expect,
    /// True, or why the test is left out.
    #[serde(default)]
    pub(crate) skip: Option<Skip>,
}

/// A request.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum RequestSpec {
    /// `https://shop.example.com/cart?x=1`.
    Url(String),
    /// Its parts.
    Parts(Box<RequestParts>),
}

/// Parts of a request.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct RequestParts {
    /// `http`, `https`, `grpc`, `grpcs`, `tls`, `tcp` or `udp`.
    pub(crate) scheme: Option<Text>,
    /// Host as in `Host`; for TLS the name in the ClientHello.
    pub(crate) host: Option<Text>,
    /// Port of the socket.
    pub(crate) port: Option<u16>,
    /// Path, with a query where `query` is not used.
    pub(crate) path: Option<Text>,
    /// Method; default `GET`, for gRPC `POST`.
    pub(crate) method: Option<Text>,
    /// Header lines by name; a list is several lines, `null` takes a default away.
    pub(crate) headers: Pairs<Option<Values>>,
    /// Query parameters by name, not yet encoded.
    pub(crate) query: Pairs<Option<Values>>,
    /// Name in the ClientHello; default: the host.
    pub(crate) sni: Option<Text>,
    /// `package.Service/Method` of a gRPC call.
    pub(crate) grpc: Option<Text>,
    /// The Gateway that it arrives at, `NAMESPACE/NAME`.
    pub(crate) gateway: Option<Text>,
}

/// Values for fields of a request.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Each {
    /// Schemes.
    pub(crate) scheme: Vec<Text>,
    /// Hosts.
    pub(crate) host: Vec<Text>,
    /// Ports.
    pub(crate) port: Vec<u16>,
    /// Paths.
    pub(crate) path: Vec<Text>,
    /// Methods.
    pub(crate) method: Vec<Text>,
    /// Sets of header lines, laid over those of the request.
    pub(crate) headers: Vec<Pairs<Option<Values>>>,
    /// Sets of query parameters, laid over those of the request.
    pub(crate) query: Vec<Pairs<Option<Values>>>,
    /// Names in the ClientHello.
    pub(crate) sni: Vec<Text>,
    /// gRPC calls.
    pub(crate) grpc: Vec<Text>,
    /// Gateways.
    pub(crate) gateway: Vec<Text>,
}

/// What is to happen to a request; every key that is there must hold.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Expect {
    /// The route that takes it: `NAME`, `NAMESPACE/NAME` or `KIND/NAMESPACE/NAME`.
    pub(crate) route: Option<Text>,
    /// Name of the rule, or its position from 0.
    pub(crate) rule: Option<NameOrIndex>,
    /// Position of the match in its rule, from 0.
    pub(crate) r#match: Option<u32>,
    /// The listener: `NAME` or `NAMESPACE/GATEWAY/NAME`.
    pub(crate) listener: Option<Text>,
    /// The Gateway: `NAME` or `NAMESPACE/NAME`.
    pub(crate) gateway: Option<Text>,
    /// Every backend that gets a part, with its share: `90%`, `33% ± 1`; named `NAME`, `NAME:PORT` or
    /// `NAMESPACE/NAME:PORT`.
    pub(crate) backends: Option<Pairs<Share>>,
    /// Status of an answer that the gateway gives itself; for gRPC a code of gRPC too.
    pub(crate) status: Option<Code>,
    /// `Location` of a redirect.
    pub(crate) location: Option<Text>,
    /// The request as backends get it.
    pub(crate) upstream: Option<Upstream>,
    /// Every backend that gets a copy.
    pub(crate) mirrors: Option<Vec<Mirror>>,
    /// No rule takes it: status of the answer, or `closed`.
    pub(crate) not_routed: Option<Code>,
    /// The same rule, backends and status as for this request.
    pub(crate) same_as: Option<RequestSpec>,
}

/// The request as backends get it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Upstream {
    /// `Host` as sent.
    pub(crate) host: Option<Text>,
    /// Path as sent; with a `?` the query too.
    pub(crate) path: Option<Text>,
    /// Header lines as sent.
    pub(crate) headers: UpstreamHeaders,
    /// Longest time for one try, as in `10s`; `none` for no limit.
    pub(crate) timeout: Option<Text>,
}

/// Header lines as sent to a backend.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct UpstreamHeaders {
    /// Names with their values, all lines of a name joined by `,`.
    pub(crate) set: Pairs<Values>,
    /// Names that must not be there.
    pub(crate) absent: Vec<Text>,
}

/// A copy of the request.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Mirror {
    /// The backend; its share may be any.
    Backend(String),
    /// The backend with its share.
    Shared(Pairs<Share>),
}

/// One object and what its status is to say.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct StatusTest {
    /// `KIND/NAMESPACE/NAME`; a listener of a Gateway or ListenerSet is `KIND/NAMESPACE/NAME/LISTENER`.
    pub(crate) object: Text,
    /// For routes and policies: one parent, `NAME`, `NAMESPACE/NAME` or `NAMESPACE/NAME/LISTENER`. Default: all of them.
    #[serde(default)]
    pub(crate) parent: Option<Text>,
    /// Conditions by type: `True`, `False`, `Unknown`, `absent`, or with the reason, `False/NotAllowedByListeners`.
    #[serde(default)]
    pub(crate) expect: BTreeMap<String, Condition>,
    /// Routes that are attached to a listener; a number, or numbers by listener.
    #[serde(default)]
    pub(crate) attached_routes: Option<Attached>,
}

/// Numbers of attached routes.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Attached {
    /// Of the listener that is named, or of the only one.
    Number(u32),
    /// By listener.
    Listeners(Pairs<u32>),
}

/// How much of the world the requests are to reach.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Coverage {
    /// What is counted; default: rules.
    pub(crate) unit: Option<Unit>,
    /// Least part that must be reached, in percent.
    #[schemars(range(min = 0, max = 100))]
    pub(crate) fail_under: Option<f64>,
    /// Names, with globs, that are not counted: `legacy/*`, `store/window#testers`.
    pub(crate) exclude: Vec<Text>,
}

/// What coverage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    /// Rules of routes.
    #[default]
    Rule,
    /// Matches of rules.
    Match,
    /// Backends of rules.
    Backend,
    /// Listeners.
    Listener,
}

/// Units by name.
pub(crate) const UNITS: [(&str, Unit); 4] =
    [("rule", Unit::Rule), ("match", Unit::Match), ("backend", Unit::Backend), ("listener", Unit::Listener)];

impl Unit {
    /// As in the file.
    pub(crate) fn name(self) -> &'static str {
        UNITS.into_iter().find(|(_, unit)| *unit == self).map_or("", |(name, _)| name)
    }

    /// Several of them.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Rule => "rules",
            Self::Match => "matches",
            Self::Backend => "backends",
            Self::Listener => "listeners",
        }
    }
}

/// True, or a reason.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Skip {
    /// Left out or not.
    Flag(bool),
    /// Left out for this reason.
    Reason(String),
}

impl<'de> Deserialize<'de> for World {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOf::<Self, Text, Nothing> {
            wanted: "the name of a world or a list of paths",
            scalar: |scalar| plain(scalar).map(Self::One),
            list: Some(|paths| Self::Paths(paths.into_iter().map(|path| path.0).collect())),
            mapping: None,
        })
    }
}

impl<'de> Deserialize<'de> for RequestSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOf::<Self, Nothing, RequestParts> {
            wanted: "a URL or the parts of a request",
            scalar: |scalar| plain(scalar).map(Self::Url),
            list: None,
            mapping: Some(|parts| Self::Parts(Box::new(parts))),
        })
    }
}

impl<'de> Deserialize<'de> for Mirror {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOf::<Self, Nothing, Pairs<Share>> {
            wanted: "a backend, or a backend with its share",
            scalar: |scalar| plain(scalar).map(Self::Backend),
            list: None,
            mapping: Some(Self::Shared),
        })
    }
}

impl<'de> Deserialize<'de> for Attached {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOf::<Self, Nothing, Pairs<u32>> {
            wanted: "a number, or numbers by listener",
            scalar: |scalar| match scalar {
                Scalar::Int(number) => {
                    u32::try_from(number).map(Self::Number).map_err(|_| "routes are counted from 0".to_owned())
                }
                Scalar::Text(_) | Scalar::Float(_) | Scalar::Bool(_) => {
                    Err("routes are counted in whole numbers".to_owned())
                }
            },
            list: None,
            mapping: Some(Self::Listeners),
        })
    }
}

impl<'de> Deserialize<'de> for Skip {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match value::scalar(deserializer, "true, false or a reason")? {
            Scalar::Bool(flag) => Ok(Self::Flag(flag)),
            other @ (Scalar::Text(_) | Scalar::Int(_) | Scalar::Float(_)) => value::text_of(other).map(Self::Reason),
        }
    }
}
