//! Keys about time, size, retries and stickiness.

use crate::diagnostic::Severity;
use crate::migrate::annotation::{Annotation, Scope, ValueKind, Verdict};

/// By key.
pub(super) static KEYS: &[Annotation] = &[
    Annotation::new(
        "affinity",
        Scope::Upstream,
        Verdict::Approx,
        ValueKind::Enum(&["cookie"]),
        "keeps a client on one endpoint by a cookie",
        "use the experimental channel's session persistence, or a policy of the implementation",
    )
    .experimental_field(),
    Annotation::new(
        "affinity-canary-behavior",
        Scope::Upstream,
        Verdict::None,
        ValueKind::Enum(&["sticky", "legacy"]),
        "says whether a client stays with the canary it was sent to",
        "nothing",
    )
    .helper_of(&["affinity"])
    .loss(Severity::Info),
    Annotation::new(
        "affinity-mode",
        Scope::Upstream,
        Verdict::None,
        ValueKind::Enum(&["balanced", "persistent"]),
        "says whether clients move when endpoints are added",
        "nothing",
    )
    .helper_of(&["affinity"])
    .loss(Severity::Info),
    Annotation::new(
        "client-body-buffer-size",
        Scope::Location,
        Verdict::None,
        ValueKind::Size,
        "sets how much of a request body stays in memory",
        "nothing",
    )
    .loss(Severity::Info),
    Annotation::new(
        "proxy-body-size",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Size,
        "limits the size of request bodies",
        "set the limit in a policy of the implementation",
    ),
    Annotation::new(
        "proxy-buffer-size",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Size,
        "sets the room for the headers of an answer",
        "set it in a policy, if the backend sends large headers",
    ),
    Annotation::new(
        "proxy-buffering",
        Scope::Location,
        Verdict::Policy,
        ValueKind::OnOff,
        "collects the answer before it is sent to the client",
        "set it in a policy of the implementation, if slow clients are a burden for the backend",
    ),
    Annotation::new(
        "proxy-buffers-number",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "sets the number of buffers for an answer",
        "set it in a policy, if at all",
    ),
    Annotation::new(
        "proxy-busy-buffers-size",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Size,
        "limits the buffers that are being sent",
        "set it in a policy, if at all",
    ),
    Annotation::new(
        "proxy-connect-timeout",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "limits the time until the backend accepts a connection, in seconds",
        "set it in a policy of the implementation",
    ),
    Annotation::new(
        "proxy-max-temp-file-size",
        Scope::Location,
        Verdict::None,
        ValueKind::Size,
        "limits what an answer may take on disk",
        "nothing",
    )
    .loss(Severity::Info),
    Annotation::new(
        "proxy-next-upstream",
        Scope::Location,
        Verdict::Approx,
        ValueKind::List,
        "says after which failures another endpoint is tried",
        "set retries in a policy, and check that repeated POST requests do no harm",
    )
    .experimental_field(),
    Annotation::new(
        "proxy-next-upstream-timeout",
        Scope::Location,
        Verdict::None,
        ValueKind::Integer,
        "limits the time for all tries, in seconds",
        "bound the whole exchange by a timeout of the route",
    ),
    Annotation::new(
        "proxy-next-upstream-tries",
        Scope::Location,
        Verdict::Approx,
        ValueKind::Integer,
        "limits how often a request is tried",
        "set the number of retries in a policy",
    )
    .experimental_field(),
    Annotation::new(
        "proxy-read-timeout",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "limits the time between two reads from the backend, in seconds",
        "set an idle timeout in a policy: the timeouts of a route limit the whole exchange",
    ),
    Annotation::new(
        "proxy-request-buffering",
        Scope::Location,
        Verdict::None,
        ValueKind::OnOff,
        "collects the request before it is sent to the backend",
        "check that the backend can stand slow uploads",
    ),
    Annotation::new(
        "proxy-send-timeout",
        Scope::Location,
        Verdict::Policy,
        ValueKind::Integer,
        "limits the time between two writes to the backend, in seconds",
        "set an idle timeout in a policy: the timeouts of a route limit the whole exchange",
    ),
    Annotation::new(
        "session-cookie-change-on-failure",
        Scope::Upstream,
        Verdict::None,
        ValueKind::Bool,
        "gives a new cookie when the endpoint fails",
        "check what the implementation does when an endpoint is gone",
    )
    .helper_of(&["affinity"]),
    Annotation::new(
        "session-cookie-conditional-samesite-none",
        Scope::Upstream,
        Verdict::None,
        ValueKind::Bool,
        "leaves `SameSite=None` out for browsers that misread it",
        "nothing; such browsers have died out",
    )
    .helper_of(&["session-cookie-samesite"]),
    Annotation::new(
        "session-cookie-domain",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Hosts,
        "sets the domain of the cookie",
        "set it in a policy of the implementation",
    )
    .helper_of(&["affinity"]),
    Annotation::new(
        "session-cookie-expires",
        Scope::Upstream,
        Verdict::Approx,
        ValueKind::Integer,
        "sets how long the cookie lives, for old browsers",
        "set the lifetime in the session persistence",
    )
    .helper_of(&["affinity"])
    .experimental_field(),
    Annotation::new(
        "session-cookie-max-age",
        Scope::Upstream,
        Verdict::Approx,
        ValueKind::Integer,
        "sets how long the cookie lives, in seconds",
        "set the lifetime in the session persistence",
    )
    .helper_of(&["affinity"])
    .experimental_field(),
    Annotation::new(
        "session-cookie-name",
        Scope::Upstream,
        Verdict::Approx,
        ValueKind::Header,
        "names the cookie",
        "expect that clients are spread anew once: the value of the cookie differs",
    )
    .helper_of(&["affinity"])
    .experimental_field(),
    Annotation::new(
        "session-cookie-path",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Path,
        "sets the path of the cookie",
        "set it in a policy of the implementation",
    )
    .helper_of(&["affinity"]),
    Annotation::new(
        "session-cookie-samesite",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Enum(&["None", "Lax", "Strict"]),
        "sets `SameSite` of the cookie",
        "set it in a policy of the implementation",
    )
    .helper_of(&["affinity"]),
    Annotation::new(
        "session-cookie-secure",
        Scope::Upstream,
        Verdict::Policy,
        ValueKind::Bool,
        "sets `Secure` of the cookie",
        "set it in a policy of the implementation",
    )
    .helper_of(&["affinity"]),
];
