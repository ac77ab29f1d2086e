//! What the input lacks or leaves open: MIG1.
//!
//! One page for each finding; number, name and severity are its row of the registry.

use crate::diagnostic::rule::{self, Docs};
use crate::migrate::code::{Finding, PAGE};

/// By number.
pub(super) static ALL: &[Finding] = &[
    Finding {
        code: rule::NO_CLASS,
        direction: None,
        docs: Docs {
            summary: "the Ingress has no class, and no default IngressClass is known",
            what: "Neither `spec.ingressClassName` nor the annotation `kubernetes.io/ingress.class` is set, and the \
                   input does not hold exactly one IngressClass that is marked as default.",
            why: "In the cluster such an Ingress is served by whichever controller takes Ingresses without a class, \
                  or by none. Nobody can tell from the manifests which one, so the Ingress is not converted.",
            fix: "Give the IngressClasses of the cluster as context (`-C`), set `spec.ingressClassName`, or say \
                  which class they belong to with `--class-for-unclassed NAME`.",
            spec: "migration reference §1.3; `ingressclass.kubernetes.io/is-default-class`",
            ..PAGE
        },
    },
    Finding {
        code: rule::CLASS_DISAGREES,
        direction: None,
        docs: Docs {
            summary: "the class field and the annotation `kubernetes.io/ingress.class` name two classes",
            what: "`spec.ingressClassName` names one class and the annotation `kubernetes.io/ingress.class` another.",
            why: "Controllers disagree about which of them counts. The rule of the controller was applied; another \
                  controller of the cluster may serve the Ingress at the same time.",
            fix: "Remove the annotation: it has been deprecated since the field exists.",
            spec: "migration reference §1.3",
            ..PAGE
        },
    },
    Finding {
        code: rule::UNKNOWN_CONTROLLER,
        direction: None,
        docs: Docs {
            summary: "the controller is not known, so only the core mapping of Ingress applies",
            what: "The controller named by `spec.controller` of the IngressClass has no profile here, or none is \
                   named and the annotations do not tell.",
            why: "The text of the Ingress API applies: `Exact` and `Prefix`, hosts, TLS. What the controller does \
                  beyond it, annotations and `ImplementationSpecific` paths above all, is not known and not \
                  converted.",
            fix: "Give the IngressClass as context, or name the controller with `--provider`.",
            spec: "migration reference §1.2",
            ..PAGE
        },
    },
    Finding {
        code: rule::SERVICE_NOT_GIVEN,
        direction: None,
        docs: Docs {
            summary: "a Service that the Ingress names is not in the input",
            what: "A path leads to a Service that is not in the input, or to a port that the Service does not have. \
                   With a named port it is an error, because the number cannot be found.",
            why: "An Ingress may name ports; a `backendRef` needs their number. What the Service says of its \
                  protocol, or that it is of type ExternalName, is not seen either.",
            fix: "Give the Services as context: `-C FOLDER` or `--cluster`.",
            spec: "`spec.rules[].http.paths[].backend.service.port`; migration reference §2.9",
            ..PAGE
        },
    },
    Finding {
        code: rule::ORDER_UNKNOWN,
        direction: None,
        docs: Docs {
            summary: "the result depends on the order of creation, and the input has no `creationTimestamp`",
            what: "Two Ingresses claim the same thing, and the older one wins. The manifests have no \
                   `creationTimestamp`, so the order of ties was used: for ingress-nginx, by namespace and name, \
                   descending.",
            why: "In the cluster the other Ingress may be the older one, and then the paths in question have another \
                  backend than the output gives them.",
            fix: "Convert what the cluster holds (`--cluster`, or `kubectl get ingress -A -o yaml`), settle the \
                  conflict in the Ingresses, or choose an order with `--assume-order`.",
            spec: "migration reference §1.4",
            ..PAGE
        },
    },
    Finding {
        code: rule::SECRET_NOT_GIVEN,
        direction: None,
        docs: Docs {
            summary: "the TLS Secret is not in the input, so nothing was decided from the names in its certificate",
            what: "A Secret that `spec.tls[].secretName` names is not in the input.",
            why: "Which hosts a certificate covers could not be looked up. Hosts were taken from `spec.tls[].hosts`, \
                  and where that list is empty, from the rules of the Ingress. Nothing of a Secret but the names in \
                  its certificate is ever looked at.",
            fix: "Nothing, if all hosts stand in `spec.tls[].hosts`. Else give the Secrets as context; their values \
                  are never written or printed.",
            spec: "migration reference §2.6",
            ..PAGE
        },
    },
    Finding {
        code: rule::CONTROLLER_CONFIG_NOT_GIVEN,
        direction: None,
        docs: Docs {
            summary: "neither ConfigMap nor flags of the controller are given, so its defaults are assumed",
            what: "The ConfigMap and the flags of the controller decide defaults: redirects to HTTPS, body sizes, \
                   allowed snippets, global address lists and more. None were given.",
            why: "The built-in defaults were assumed. A cluster with its own settings may behave differently, and \
                  global access control would not be seen.",
            fix: "Give the ConfigMap with `--controller-config FILE` and the flags of the controller with \
                  `--controller-args`.",
            spec: "migration reference §3.9",
            ..PAGE
        },
    },
    Finding {
        code: rule::OBJECT_GIVEN_TWICE,
        direction: None,
        docs: Docs {
            summary: "the same object stands in the input twice, with different content",
            what: "Two documents of the input are the same object, and they differ.",
            why: "Only one of them can be in the cluster; which one is not known, and the output follows the first.",
            fix: "Remove the one that is out of date, or convert fewer folders at once.",
            spec: "migration reference §1.1",
            ..PAGE
        },
    },
    Finding {
        code: rule::GATEWAY_CLASS_UNKNOWN,
        direction: None,
        docs: Docs {
            summary: "the name of the GatewayClass is not known",
            what: "The output has the text `change-me` as `gatewayClassName`.",
            why: "There is no such thing as a default GatewayClass: every Gateway has to name its class, and a class \
                  that no controller knows programs nothing.",
            fix: "Name it with `--class-map INGRESSCLASS=GATEWAYCLASS`, or give the one GatewayClass of the cluster \
                  as context.",
            spec: "`Gateway.spec.gatewayClassName`; migration reference §2.1",
            ..PAGE
        },
    },
];
