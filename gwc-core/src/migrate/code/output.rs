//! Limits of the output, its verification, and what the target has: MIG6 to MIG8.
//!
//! One page for each finding; number, name and severity are its row of the registry.

use crate::diagnostic::rule::{self, Docs};
use crate::migrate::code::{Direction, Finding, PAGE};

/// By number.
pub(super) static ALL: &[Finding] = &[
    Finding {
        code: rule::ROUTE_SPLIT,
        direction: None,
        docs: Docs {
            summary: "a route has more rules or matches than one object may hold, and was divided",
            what: "A route may have 16 rules and 128 matches; the host has more.",
            why: "The rules stand in several routes (`…-p2`, `…-p3`). Rules whose order matters were kept together.",
            fix: "Nothing.",
            spec: "`HTTPRoute.spec.rules`; migration reference §2.12",
            ..PAGE
        },
    },
    Finding {
        code: rule::LISTENERS_DIVIDED,
        direction: None,
        docs: Docs {
            summary: "there are more listeners than one Gateway may hold",
            what: "A Gateway may have 64 listeners. What does not fit is in ListenerSets where the bundle has them \
                   (1.5 and newer), else in further Gateways.",
            why: "Each Gateway has its own address, so that one DNS record no longer serves all hosts. ListenerSets \
                  share the address of their Gateway.",
            fix: "Choose a bundle with ListenerSet (`--gateway-api 1.5`), put hosts on one wildcard listener with \
                  `--https-listeners cert`, or follow the list of hosts and Gateways in the cut-over plan.",
            spec: "`Gateway.spec.listeners`, ListenerSet; migration reference §5.1",
            ..PAGE
        },
    },
    Finding {
        code: rule::ROUTE_KINDS_SHARE_HOST,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "HTTPRoute and GRPCRoute would share a host on one listener",
            what: "Some paths of the host are gRPC and some are not.",
            why: "A listener accepts only one of HTTPRoute and GRPCRoute for a host. An HTTPRoute was written for \
                  all of them; the gRPC backends need `appProtocol: kubernetes.io/h2c` on their Services.",
            fix: "Apply the patch for the Services that the output holds, or give gRPC a host of its own.",
            spec: "GRPCRoute; migration reference §3.8",
            ..PAGE
        },
    },
    Finding {
        code: rule::NAME_SHORTENED,
        direction: None,
        docs: Docs {
            summary: "a name was too long and was shortened",
            what: "A name that was put together would be longer than the API allows; its end was replaced by a digest.",
            why: "The name is stable, but no longer tells everything.",
            fix: "Nothing.",
            spec: "migration reference §2.13",
            ..PAGE
        },
    },
    Finding {
        code: rule::VERIFIED_EQUAL,
        direction: None,
        docs: Docs {
            summary: "the written manifests route as the Ingresses did",
            what: "All requests of the model were answered alike by the Ingresses and by the written manifests, \
                   except where another finding announces a difference.",
            why: "It says over how many hosts, classes of paths and cells this was shown, and whether these were all \
                  there are.",
            fix: "Nothing.",
            spec: "migration reference §7",
            ..PAGE
        },
    },
    Finding {
        code: rule::VERIFIED_DIFFERENT,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "a request is answered differently than before",
            what: "The verification found a request that the written manifests treat differently, and no finding \
                   announces it.",
            why: "The request would get another answer after the cut-over. Either the conversion is wrong, or the \
                  model of one side is.",
            fix: "Do not cut over for this host before you know which. Replay the request with the `curl` line of \
                  the finding; if the conversion is wrong, please report it.",
            spec: "migration reference §7.5",
            ..PAGE
        },
    },
    Finding {
        code: rule::NOT_VERIFIED,
        direction: None,
        docs: Docs {
            summary: "a dimension of the requests could not be verified",
            what: "There were more cells than the budget, or an expression could not be turned into an automaton.",
            why: "For this part the result is a sample, not a proof; the finding says how large.",
            fix: "Raise `--verify-budget`, or use `--verify full`.",
            spec: "migration reference §7.2, §7.3",
            ..PAGE
        },
    },
    Finding {
        code: rule::FEATURE_NOT_CLAIMED,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "the target does not claim a feature that the output needs",
            what: "The output needs an extended feature of Gateway API that the implementation does not claim.",
            why: "The implementation may refuse the route, or ignore the field.",
            fix: "Choose another target with `--emit`, or remove what needs the feature from the Ingress.",
            spec: "`GatewayClass.status.supportedFeatures`; migration reference §6.2",
            ..PAGE
        },
    },
    Finding {
        code: rule::CHANNEL_OR_BUNDLE,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "the chosen channel or bundle does not have what would carry this, so it counts as lost",
            what: "A field for it exists in the experimental channel or in a newer bundle than the one that the \
                   output is for.",
            why: "It was not written, because the API server would drop it silently. The annotation counts as lost.",
            fix: "Write it with `--channel experimental` or `--gateway-api VERSION`, if the cluster has those CRDs.",
            spec: "migration reference §1.5, §5.5",
            ..PAGE
        },
    },
];
