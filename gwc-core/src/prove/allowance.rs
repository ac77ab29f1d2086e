//! Differences that were announced: which requests may be answered in another way, and how.
//!
//! An allowance is as narrow as the reason for it. One that says "anything may differ here" would hide a wrong
//! conversion.

use compact_str::CompactString;

use crate::ingress::PathId;

/// An announced difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allowance {
    /// Position of the report item that announces it.
    pub item: usize,
    /// Requests that it is about.
    pub place: Place,
    /// How they may differ.
    pub kind: Kind,
}

/// Requests, by who decided about them on the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// All of the class.
    Everywhere,
    /// Those of a host as an Ingress writes it, in lower case; empty for requests of no host.
    Host(CompactString),
    /// Those that an Ingress decides: its position in [`crate::ingress::World::ingresses`].
    Ingress(usize),
    /// Those that a path decides.
    Path(PathId),
    /// Those of a host that a rendered path decides, whoever owns it.
    Rendered(CompactString, CompactString),
}

/// How a request may differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The host has more labels before a wildcard than one: the source has no server for it.
    DeeperName,
    /// Names that a regular expression of `server-alias` takes are no hosts of the target.
    NameLost,
    /// The path is in other letters than the source's path, which ignores case.
    LetterCase,
    /// The path goes on after the source's path without a slash in between.
    StringPrefix,
    /// A regular expression became a literal; the path is not one of those that both take.
    RegexSimplified,
    /// Overlapping expressions: which one takes the request is not defined by Gateway API.
    RegexOrder,
    /// The path has bytes that both sides normalise in their own way (`//`, `/./`, `%2F`, encoded letters).
    Normalisation,
    /// In such a spelling a request passes by an access control: only an error may say so.
    NormalisedAccess,
    /// The redirect that adds a final slash is not written.
    SlashRedirect,
    /// `Location` has lost the query, or keeps one that the source drops.
    RedirectQuery,
    /// `Location` differs in one final slash.
    RedirectSlash,
    /// The status of a redirect is another one.
    RedirectCode,
    /// `Location` differs in its port, or in scheme and host being written or not.
    RedirectOrigin,
    /// Nothing redirects to HTTPS any more, or only under a condition on a header.
    TlsRedirectLost,
    /// The rule is closed on purpose: the target answers 500.
    Closed,
    /// The path or the Ingress is not in the output: whatever takes the request now.
    Dropped,
    /// The source refuses to serve (503), the target answers 500 or the like: no backend on either side.
    Unavailable,
    /// The rewritten path differs.
    Rewrite,
    /// The host sent to the backend differs.
    Host,
    /// Preflights are answered by a CORS filter or go to the backend.
    Preflight,
    /// A cookie of a canary is compared by a regular expression.
    CanaryCookie,
    /// Shares of backends differ (a canary that a header or cookie cannot express).
    Shares,
    /// The path is that of no call of gRPC (`/service/method`), and a GRPCRoute takes calls only.
    NoCall,
    /// The protocol to the backend differs.
    BackendProtocol,
    /// The backend speaks HTTP/2 only, and its Service does not say so yet, or a policy cannot say so.
    BackendHttp2,
    /// HTTPS is not served for the host, or with another certificate.
    Certificate,
    /// This dimension of policy is not kept.
    Policy(Dimension),
}

/// What a policy is about (§7.2, L3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// Who is let in: only where the user accepted the loss.
    Access,
    /// Sizes of bodies.
    BodySize,
    /// Timeouts.
    Timeouts,
    /// Retries.
    Retries,
    /// Stickiness and choice of endpoints.
    Affinity,
    /// Copies of requests.
    Mirror,
    /// CORS headers of answers.
    Cors,
    /// Headers set on the way.
    Headers,
    /// Answers that are replaced.
    Errors,
}
