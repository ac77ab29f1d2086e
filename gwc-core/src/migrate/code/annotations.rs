//! Annotations of the controller: MIG5.
//!
//! One page for each finding; number, name and severity are its row of the registry.

use crate::diagnostic::rule::{self, Docs};
use crate::migrate::code::{Direction, Finding, PAGE};

/// By number.
pub(super) static ALL: &[Finding] = &[
    Finding {
        code: rule::ANNOTATION_CONVERTED,
        direction: None,
        docs: Docs {
            summary: "an annotation was translated",
            what: "The annotation became the fields that the report names.",
            why: "It is listed so that every annotation is accounted for.",
            fix: "Nothing.",
            spec: "migration reference §3.8",
            ..PAGE
        },
    },
    Finding {
        code: rule::ANNOTATION_APPROXIMATED,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "an annotation was translated with a known difference",
            what: "The nearest construct of Gateway API was written. It does not do the same for every request.",
            why: "The finding has a request that is treated differently and says in which direction: more is \
                  allowed, less is, or the answer has other bytes.",
            fix: "Decide whether the difference matters; if it does, use the policy of the implementation that the \
                  report names.",
            spec: "migration reference §3.8",
            ..PAGE
        },
    },
    Finding {
        code: rule::ANNOTATION_NEEDS_POLICY,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "only a policy of an implementation can carry an annotation",
            what: "Standard Gateway API has no field for it, but implementations have policies that attach to the \
                   route or the Gateway.",
            why: "Until such a policy is applied, the default of the implementation holds: other time limits, other \
                  body sizes, other balancing.",
            fix: "Write the policy that the report names under `alternatives`, and apply it together with the route.",
            spec: "migration reference §3.8, §6.1",
            ..PAGE
        },
    },
    Finding {
        code: rule::ANNOTATION_LOST,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "nothing carries an annotation",
            what: "Neither Gateway API nor a policy of a known implementation has it.",
            why: "What the annotation did ends with the cut-over.",
            fix: "Move it to the application, or do without; the report says what it did.",
            spec: "migration reference §3.8, §2.16",
            ..PAGE
        },
    },
    Finding {
        code: rule::ANNOTATION_INERT,
        direction: None,
        docs: Docs {
            summary: "an annotation has no effect on the controller either",
            what: "The value is not the one that turns it on, a companion is missing, another annotation overrides \
                   it, or the controller stopped reading it.",
            why: "It is not converted, and nothing changes by that.",
            fix: "Remove the annotation.",
            spec: "migration reference §0",
            ..PAGE
        },
    },
    Finding {
        code: rule::ANNOTATION_UNKNOWN,
        direction: None,
        docs: Docs {
            summary: "an annotation has the prefix of the controller and is not one of its keys",
            what: "The key begins with the prefix of the controller, but the controller has no such annotation.",
            why: "It is most often a misspelling: somebody believes that it is in force, and it is not. It is not \
                  converted.",
            fix: "Correct the key or remove it.",
            spec: "migration reference §3.8",
            ..PAGE
        },
    },
    Finding {
        code: rule::ANNOTATION_INVALID,
        direction: None,
        docs: Docs {
            summary: "the value of an annotation is invalid, so the controller used its default",
            what: "The controller validates values and does not use one that fails; the default is in force.",
            why: "What is converted is the default, as on the controller. What the author wanted was never in force.",
            fix: "Correct the value (`proxy-read-timeout` takes seconds without a unit, for example) or remove the \
                  annotation.",
            spec: "migration reference §3.8",
            ..PAGE
        },
    },
    Finding {
        code: rule::SNIPPET,
        direction: Some(Direction::Alters),
        docs: Docs {
            summary: "an annotation holds raw configuration of the controller",
            what: "A snippet is text of nginx configuration. It can do anything, so it is not converted.",
            why: "Whatever it does ends with the cut-over. Snippets that refuse requests count as access control \
                  (MIG511) and close the rules that they guarded.",
            fix: "Read it and write what it does as filters or policies; `--read-snippets` translates the most \
                  common lines.",
            spec: "migration reference §3.8, §3.10",
            ..PAGE
        },
    },
    Finding {
        code: rule::LOCATION_DENIED,
        direction: None,
        docs: Docs {
            summary: "the controller refused to serve the location and answered 503",
            what: "The controller found a value that it takes for dangerous or wrong, and answered every request of \
                   this location with 503.",
            why: "The location never worked. Its rule is written without a backend, so that no other rule takes its \
                  requests.",
            fix: "Correct the value that the finding names, or remove the path.",
            spec: "migration reference §3.3",
            ..PAGE
        },
    },
    Finding {
        code: rule::ANNOTATION_SPILLS,
        direction: None,
        docs: Docs {
            summary: "an annotation acts on other Ingresses too",
            what: "The annotation acts on the whole host or on every use of a Service, not only on the paths of its \
                   Ingress.",
            why: "Other Ingresses, even of other namespaces, were served by it. The output does the same where that \
                  can be written; the finding names whom it reaches.",
            fix: "Nothing, if that is what everyone expects. Else correct it after the cut-over, in the routes of \
                  the others.",
            spec: "migration reference §3.2",
            ..PAGE
        },
    },
    Finding {
        code: rule::ACCESS_CONTROL_LOST,
        direction: Some(Direction::Widens),
        docs: Docs {
            summary: "nothing carries an access control any more",
            what: "An address list, authentication, a client certificate, a rate limit, a firewall or a snippet that \
                   refuses requests guarded these paths, and standard Gateway API has nothing that does.",
            why: "Converted without it, the paths would be open to everyone. So their rules are written without \
                  backends, answer 500, and the command fails.",
            fix: "Have a policy of the implementation ready that does the same, then accept the loss by name: \
                  `--accept MIG511:NAMESPACE/INGRESS:REASON`. The rules get their backends back, and the report \
                  keeps the decision.",
            spec: "migration reference §0, §5.6",
            ..PAGE
        },
    },
];
