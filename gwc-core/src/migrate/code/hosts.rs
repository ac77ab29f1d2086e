//! Hosts, default backends and Services: MIG2.
//!
//! One page for each finding; number, name and severity are its row of the registry.

use crate::diagnostic::rule::{self, Docs};
use crate::migrate::code::{Direction, Finding, PAGE};

/// By number.
pub(super) static ALL: &[Finding] = &[
    Finding {
        code: rule::WILDCARD_HOST,
        direction: Some(Direction::Widens),
        docs: Docs {
            summary: "a wildcard host of an Ingress takes one label, that of a Gateway takes deeper names too",
            what: "The host is `*.example.com`. For an Ingress the star stands for one label, for a Gateway for one \
                   or more.",
            why: "`a.b.example.com` was not served and is now, if its DNS record leads here. Nothing in Gateway API \
                  narrows a wildcard.",
            fix: "Usually nothing: a certificate for `*.example.com` does not cover deeper names. Where it matters, \
                  list the hosts one by one.",
            spec: "`HTTPRoute.spec.hostnames`; migration reference §2.4",
            ..PAGE
        },
    },
    Finding {
        code: rule::HOST_FALL_THROUGH,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "requests that no path of a host takes go elsewhere than before",
            what: "A host has rules of its own, and a rule for all hosts or a wildcard covers it too.",
            why: "With ingress-nginx, a request that no path of the host takes ends there; some implementations of \
                  Gateway API would look on at the wildcard. The listeners of the output are divided so that they do \
                  not; where that is not enough, the finding has a request that shows it.",
            fix: "Nothing where the verification found no difference. Else give the host a rule for `/`.",
            spec: "migration reference §2.4",
            ..PAGE
        },
    },
    Finding {
        code: rule::DEFAULT_BACKEND_SCOPE,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "`defaultBackend` takes other requests than before",
            what: "`spec.defaultBackend` serves what no rule takes: depending on the controller and on the other \
                   Ingresses, of one host, of some, or of all.",
            why: "The scope that the controller gives it was reproduced as far as rules and listeners can say it; \
                  the finding names what is left.",
            fix: "Check that the hosts that the finding names still have the backend that you expect for `/`.",
            spec: "`spec.defaultBackend`; migration reference §2.5",
            ..PAGE
        },
    },
    Finding {
        code: rule::PATH_CLAIMED_TWICE,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "two Ingresses claim the same host, path and type; the later one is dropped",
            what: "The same host, path and path type stands in two Ingresses, or the same host has two certificates.",
            why: "The controller served the first and ignored the second without a word. The output does the same, \
                  so the second backend stays unreachable, as it was.",
            fix: "Remove the path from the Ingress that lost.",
            spec: "migration reference §1.4",
            ..PAGE
        },
    },
    Finding {
        code: rule::RESOURCE_BACKEND,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "a backend is a resource, not a Service",
            what: "`backend.resource` names an object instead of a Service.",
            why: "ingress-nginx ignores it and answers with its default backend. Few implementations of Gateway API \
                  know the kind either, so no backend was written.",
            fix: "Name a Service, or write the reference with `--keep-resource-backends` if the new implementation \
                  supports the kind.",
            spec: "migration reference §2.10",
            ..PAGE
        },
    },
    Finding {
        code: rule::EXTERNAL_NAME_SERVICE,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "a backend is a Service of type ExternalName",
            what: "The Service is an alias for a name outside of the cluster (`spec.type: ExternalName`).",
            why: "Implementations of Gateway API are advised against following it, because an alias can lead \
                  anywhere; the rule would answer 500.",
            fix: "Use the resource of the implementation for hosts outside of the cluster, or a Service with \
                  EndpointSlices of its own.",
            spec: "Gateway API, `BackendObjectReference`; migration reference §2.10",
            ..PAGE
        },
    },
    Finding {
        code: rule::PORT_RESOLVED,
        direction: None,
        docs: Docs {
            summary: "the port was found through `targetPort` or its name, and is written as the port of the Service",
            what: "The Ingress names a port by name, or by the number of the container's port. ingress-nginx finds \
                   such ports too.",
            why: "A `backendRef` only takes the number of the Service's port. The output has that number; a change \
                  of the Service has to be repeated there from now on.",
            fix: "Nothing.",
            spec: "`backendRefs[].port`; migration reference §2.9",
            ..PAGE
        },
    },
    Finding {
        code: rule::HOST_OF_SEVERAL_NAMESPACES,
        direction: None,
        docs: Docs {
            summary: "one host is served from several namespaces",
            what: "Ingresses of several namespaces have paths on this host. Where only some Ingresses are converted, \
                   this also says which others share a host with them.",
            why: "The routes are merged again, by the rules of Gateway API. Annotations that act on the whole host \
                  reach the paths of other teams.",
            fix: "Nothing. To keep others from adding paths to the host, narrow `allowedRoutes` of its listeners.",
            spec: "migration reference §2.7",
            ..PAGE
        },
    },
    Finding {
        code: rule::NOT_REPRESENTABLE,
        direction: Some(Direction::Narrows),
        docs: Docs {
            summary: "Gateway API has no way to write this host or path",
            what: "The host is no DNS name, or the path has characters that a match of Gateway API may not hold.",
            why: "The API server would refuse the object, so the path was left out. The finding names who serves \
                  these requests now.",
            fix: "Change host or path in the Ingress, or write a regular expression by hand.",
            spec: "migration reference §2.3, §2.4",
            ..PAGE
        },
    },
];
