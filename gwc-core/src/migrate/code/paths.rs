//! Paths and regular expressions: MIG3.
//!
//! One page for each finding; number, name and severity are its row of the registry.

use crate::diagnostic::rule::{self, Docs};
use crate::migrate::code::{Direction, Finding, PAGE};

/// By number.
pub(super) static ALL: &[Finding] = &[
    Finding {
        code: rule::STRING_PREFIX,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "a prefix of characters became a prefix of path elements",
            what: "The controller matched the beginning of the text (`/foo` took `/foobar` too); a `PathPrefix` \
                   matches whole elements only.",
            why: "Requests like the one in the finding went to this backend and now get 404 or another rule.",
            fix: "Add a rule for what is missing, or keep a regular expression with `--simplify-regex=off`.",
            spec: "`PathPrefix`; migration reference §2.2, §3.4",
            ..PAGE
        },
    },
    Finding {
        code: rule::TRAILING_SLASH_REDIRECT,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "the redirect of the controller that adds a final slash",
            what: "nginx answers a request that lacks only the final slash of a location with a redirect to it.",
            why: "Where nothing else serves that path, the redirect was written as a rule of its own. Where the \
                  output has none, the request gets the answer of another rule, or 404.",
            fix: "Usually nothing.",
            spec: "migration reference §2.3",
            ..PAGE
        },
    },
    Finding {
        code: rule::REGEX_PATH,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "a path is a regular expression, which each implementation reads in its own way",
            what: "The match has the type `RegularExpression`.",
            why: "Gateway API leaves dialect and precedence of expressions to the implementation. The text is \
                  anchored at both ends and uses RE2 only, so that Envoy, nginx and Go read it alike; where it ranks \
                  among other matches still depends on the implementation.",
            fix: "Prefer `Exact` and `PathPrefix` where the expression is not needed; the report says where that \
                  would change nothing.",
            spec: "`HTTPPathMatch.type`; migration reference §3.4",
            ..PAGE
        },
    },
    Finding {
        code: rule::REGEX_ORDER,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "regular expressions overlap, and Gateway API does not say which one comes first",
            what: "Two expressions of one host take the same path. On the controller the one that stands first wins.",
            why: "Gateway API does not say which of two expressions comes first. The output keeps their order inside \
                  of one route, which most implementations follow; the finding has a path that both take.",
            fix: "Make the expressions disjoint, or replace one of them by `Exact` or `PathPrefix`.",
            spec: "migration reference §2.15",
            ..PAGE
        },
    },
    Finding {
        code: rule::REGEX_CONSTRUCT,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "a regular expression uses a construct that RE2 does not have",
            what: "The expression has a lookaround, a backreference, an atomic group or another construct that RE2 \
                   lacks.",
            why: "No implementation of Gateway API that reads RE2 would accept it. No rule was written; the finding \
                  names who serves the path now.",
            fix: "Write the expression without the construct; often it is two rules, of which the longer one wins.",
            spec: "migration reference §3.4",
            ..PAGE
        },
    },
    Finding {
        code: rule::CASE_INSENSITIVE,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "the controller ignored the case of the path",
            what: "As soon as one Ingress of a host uses `rewrite-target` or `use-regex`, ingress-nginx matches all \
                   paths of the host without regard to case.",
            why: "`/API` was served like `/api`. `Exact` and `PathPrefix` tell them apart, and `/API` now gets 404 \
                  or another rule.",
            fix: "Usually nothing. If clients depend on it, keep the expression (`--simplify-regex=off`) or add the \
                  spelling as a rule.",
            spec: "migration reference §2.3, §3.1",
            ..PAGE
        },
    },
    Finding {
        code: rule::PATH_ENCODING,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "a path had to be percent-encoded, or is normalised in another way",
            what: "nginx compares the decoded path, with double slashes merged and dots resolved; implementations of \
                   Gateway API normalise in other ways.",
            why: "Requests with `%2F`, `//` or `/../` may be matched by another rule than before. If access is \
                  guarded by path, that is a way around the guard.",
            fix: "Guard the whole host where you can, and check how the implementation normalises paths.",
            spec: "migration reference §2.3",
            ..PAGE
        },
    },
];
