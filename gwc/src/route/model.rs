//! The account of `gwc route`: what JSON prints, and what the other formats are written from (`gwc.route/v1`).

use gwc_core::ir::rule::{Retry, SessionPersistence, Timeouts};
use schemars::JsonSchema;
use serde::Serialize;

/// Name and version of the shape.
pub(crate) const SCHEMA: &str = "gwc.route/v1";

/// The whole document.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RouteReport {
    /// Always `gwc.route/v1`.
    pub(crate) schema: &'static str,
    /// Did a rule take the request anywhere?
    pub(crate) matched: bool,
    /// One per request, world and Gateway port; several requests come from a path without a host.
    pub(crate) answers: Vec<Answer>,
    /// What else there is to know, such as why there is no answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    /// Answers to --why-not where there is no answer to the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) why_not: Vec<WhyNot>,
}

/// What one Gateway does with a request.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// Name of the world, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) world: Option<String>,
    /// The request.
    pub(crate) request: SentRequest,
    /// The Gateway that it arrives at.
    pub(crate) gateway: ObjectKey,
    /// Where it arrives.
    pub(crate) socket: SocketName,
    /// All listeners of the port, in order.
    pub(crate) listeners: Vec<ListenerStep>,
    /// Host by which matching went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<String>,
    /// Path by which matching went, normalised.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) path: String,
    /// Hostnames of the listener's routes that cover the host, best first, up to the one whose rule took the request.
    pub(crate) hostnames: Vec<HostStep>,
    /// The rule that took the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<Candidate>,
    /// Without --all: the matches that came near, in order of precedence; with it: all of the listener.
    pub(crate) candidates: Vec<Candidate>,
    /// Matches that came near and are not listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) more_candidates: usize,
    /// Filters of the rule in the order in which they run.
    pub(crate) filters: Vec<FilterStep>,
    /// How it ends.
    pub(crate) outcome: Ending,
    /// Where a client goes that follows redirects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirects: Option<Redirects>,
    /// Backends with their shares.
    pub(crate) backends: Vec<BackendShare>,
    /// Copies.
    pub(crate) mirrors: Vec<MirrorCopy>,
    /// Server that is asked first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) external_auth: Option<String>,
    /// Limits of time.
    #[serde(skip_serializing_if = "Timeouts::is_none")]
    pub(crate) timeouts: Timeouts,
    /// Retries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry: Option<Retry>,
    /// Session persistence of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_persistence: Option<SessionPersistence>,
    /// Facts that the answer rests on and the world does not hold.
    pub(crate) assumptions: Vec<Assumption>,
    /// Answers to --why-not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) why_not: Vec<WhyNot>,
}

/// A request as sent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SentRequest {
    /// http, https, grpc, grpcs, tls, tcp or udp.
    pub(crate) scheme: &'static str,
    /// Method; empty for TLS, TCP and UDP.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) method: String,
    /// `Host` or `:authority`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authority: Option<String>,
    /// Name in the ClientHello.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sni: Option<String>,
    /// Port that it arrives at.
    pub(crate) port: u16,
    /// Path and query; empty for TLS, TCP and UDP.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) target: String,
    /// Header lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<HeaderLine>,
}

/// A header line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct HeaderLine {
    /// Name.
    pub(crate) name: String,
    /// Value.
    pub(crate) value: String,
}

/// Namespace and name.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ObjectKey {
    /// Namespace.
    pub(crate) namespace: String,
    /// Name.
    pub(crate) name: String,
}

/// A port of a Gateway.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct SocketName {
    /// TCP or UDP.
    pub(crate) transport: &'static str,
    /// Port.
    pub(crate) port: u16,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct At {
    /// File.
    pub(crate) file: String,
    /// Line, from 1.
    pub(crate) line: u32,
    /// Column in characters, from 1.
    pub(crate) column: u32,
}

/// A listener of the port, and why it took the request or not.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListenerStep {
    /// Its name.
    pub(crate) name: String,
    /// The ListenerSet that declares it, `namespace/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listener_set: Option<String>,
    /// Protocol.
    pub(crate) protocol: &'static str,
    /// Hostname; absent: any name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hostname: Option<String>,
    /// Did it take the request?
    pub(crate) chosen: bool,
    /// Why, or why not.
    pub(crate) why: String,
    /// Where it is declared.
    pub(crate) location: Option<At>,
}

/// A hostname whose rules were asked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HostStep {
    /// As routes write it; absent: routes without hostnames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) written: Option<String>,
    /// What it matches on this listener; absent: any name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) matches: Option<String>,
    /// Did one of its rules take the request?
    pub(crate) chosen: bool,
}

/// A match that may take requests.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Candidate {
    /// Position in the order of precedence, from 0.
    pub(crate) position: usize,
    /// Kind of the route.
    pub(crate) kind: &'static str,
    /// Namespace of the route.
    pub(crate) namespace: String,
    /// Name of the route.
    pub(crate) name: String,
    /// Position in `spec.rules`.
    pub(crate) rule: u32,
    /// Name of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule_name: Option<String>,
    /// Position in `matches`; absent where everything is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) r#match: Option<u32>,
    /// CORS preflight that a match with a method implies.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) preflight: bool,
    /// Hostname as written in the route; absent: any name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hostname: Option<String>,
    /// Its conditions in words.
    pub(crate) conditions: String,
    /// Does it accept the request?
    pub(crate) accepts: bool,
    /// The first condition that the request does not fulfil.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<FailedCondition>,
    /// With --all: why the candidate before it is asked first; else: why it stands before or behind the one that won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) criterion: Option<String>,
    /// Where it is written.
    pub(crate) location: Option<At>,
}

/// A condition that a request does not fulfil.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FailedCondition {
    /// `hostname`, `path`, `method`, `header NAME`, `query NAME` or `request` (no preflight).
    pub(crate) criterion: String,
    /// What the match wants.
    pub(crate) wanted: String,
    /// What the request has; absent: nothing of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) got: Option<String>,
    /// In words.
    pub(crate) text: String,
}

/// A filter.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FilterStep {
    /// Type, as in the API.
    pub(crate) r#type: &'static str,
    /// What it does.
    pub(crate) effect: String,
}

/// How a request ends.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ending {
    /// `forwarded`, `answered` by the gateway itself, or `closed` without an answer.
    pub(crate) kind: &'static str,
    /// Why, in one word, unless it is forwarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    /// In words.
    pub(crate) text: String,
    /// HTTP status of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// `grpc-status` of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) grpc_status: Option<u8>,
    /// `Location` of a redirect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    /// Header lines of the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<HeaderLine>,
}

/// Redirects that a client follows, as far as one Gateway gives them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Redirects {
    /// In their order, the request itself first.
    pub(crate) hops: Vec<RedirectHop>,
    /// `served`, `left` (the Gateway has no such port), `loop` or `endless`.
    pub(crate) end: &'static str,
    /// In words.
    pub(crate) text: String,
}

/// A request that is redirected.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RedirectHop {
    /// Method.
    pub(crate) method: String,
    /// URL.
    pub(crate) url: String,
    /// Status.
    pub(crate) status: u16,
    /// `Location`.
    pub(crate) location: String,
}

/// A backend and its part of the requests.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BackendShare {
    /// `namespace/name:port`.
    pub(crate) backend: String,
    /// Weight.
    pub(crate) weight: u32,
    /// Percent of the requests.
    pub(crate) percent: f64,
    /// How it is spoken to; absent for one that cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) protocol: Option<&'static str>,
    /// BackendTLSPolicy by which it is spoken to over TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls: Option<String>,
    /// Ready endpoints; absent: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoints: Option<Vec<String>>,
    /// Status that its share of clients gets, where it cannot be served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invalid: Option<String>,
    /// The request that it gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upstream: Option<SentUpstream>,
    /// Changes of the response.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) response: Vec<String>,
}

/// A copy of the request.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MirrorCopy {
    /// `namespace/name:port`.
    pub(crate) backend: String,
    /// Percent of the requests.
    pub(crate) percent: f64,
    /// Why there is no copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invalid: Option<String>,
    /// The copy.
    pub(crate) upstream: SentUpstream,
}

/// A request after filters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct SentUpstream {
    /// Method.
    pub(crate) method: String,
    /// `Host` or `:authority`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authority: Option<String>,
    /// Path and query.
    pub(crate) target: String,
    /// Header lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<HeaderLine>,
    /// What differs from the request as it came.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<Change>,
}

/// A difference between the request and what is sent upstream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Change {
    /// `method`, `host`, `path` or `header NAME`.
    pub(crate) what: String,
    /// As it came; absent: not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    /// As it is sent; absent: removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
}

/// A fact that is taken for granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(crate) struct Assumption {
    /// In words.
    pub(crate) fact: String,
    /// `--assume` argument that gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) flag: Option<String>,
    /// Was it given by `--assume` or the configuration?
    pub(crate) given: bool,
}

/// Why a route did not get the request.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WhyNot {
    /// `HTTPRoute store/window`.
    pub(crate) route: String,
    /// `won`, `outranked`, `hostname`, `path`, `method`, `header`, `query`, `preflight`, `not-asked`,
    /// `other-listener`, `other-gateway`, `not-attached`, `not-served` or `refused`.
    pub(crate) criterion: &'static str,
    /// In words.
    pub(crate) text: String,
    /// Where the deciding place is written.
    pub(crate) location: Option<At>,
    /// More of it: one line per match of the route, or per condition of its status.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) details: Vec<Detail>,
}

/// A line with its place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Detail {
    /// In words.
    pub(crate) text: String,
    /// Where it is written.
    pub(crate) location: Option<At>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
