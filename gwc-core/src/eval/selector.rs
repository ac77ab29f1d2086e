//! Which namespaces a listener or a Gateway admits: `from` and label selectors (status.md §2.5).

use std::collections::BTreeSet;

use compact_str::CompactString;

use crate::api::Meta;
use crate::api::gateway::{AllowedNamespaces, From, LabelSelector, SelectorExpression};
use crate::eval::world::Cx;
use crate::eval::{Fact, Judged, Support, Tri};
use crate::graph::{Graph, Resolution};
use crate::profile::{Profile, WorldMode};

/// The label that the API server puts on every Namespace.
pub const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// May an object in `namespace` attach to one in `own`? Nothing written about listeners means None.
pub(crate) fn admits(cx: &Cx<'_>, allowed: &AllowedNamespaces, own: &str, namespace: &str) -> Judged<Tri> {
    match allowed.from {
        From::All => Judged::spec(Tri::Yes),
        From::Same => Judged::spec(if own == namespace { Tri::Yes } else { Tri::No }),
        From::Selector => match &allowed.selector {
            Some(selector) => selects(cx, selector, namespace),
            None => Judged::spec(Tri::No),
        },
        From::None => Judged::spec(Tri::No),
    }
}

/// What is known of the labels of one namespace.
struct Labels<'w> {
    namespace: &'w str,
    meta: Option<&'w Meta>,
    given: Option<&'w std::collections::BTreeMap<CompactString, CompactString>>,
}

/// Where the value of a label comes from.
enum Known<'w> {
    /// The manifest, or the API server.
    Written(Option<&'w str>),
    /// `--assume namespace:…`.
    Given(Option<&'w str>),
    /// Nobody says.
    Unknown,
}

impl<'w> Labels<'w> {
    fn of(graph: &'w Graph, profile: &'w Profile, namespace: &'w str) -> Self {
        let meta = match graph.namespace(namespace) {
            Resolution::Found(id) => Some(&graph.namespaces[id].meta),
            Resolution::Refused(_) | Resolution::Absent => None,
        };
        Self { namespace, meta, given: profile.world.assumptions.namespaces.get(namespace) }
    }

    fn get(&self, key: &str) -> Known<'w> {
        if key == NAME_LABEL {
            return Known::Written(Some(self.namespace));
        }
        if let Some(value) = self.meta.and_then(|meta| meta.label(key)) {
            return Known::Written(Some(value));
        }
        match (self.given.map(|labels| labels.get(key)), self.meta) {
            (Some(Some(value)), _) => Known::Given(Some(value.as_str())),
            (_, Some(_)) => Known::Written(None),
            (Some(None), None) => Known::Given(None),
            (None, None) => Known::Unknown,
        }
    }
}

/// One requirement of a selector.
enum Requirement<'s> {
    Label(&'s str, &'s str),
    Expression(&'s SelectorExpression),
}

impl<'s> Requirement<'s> {
    fn key(&self) -> &'s str {
        match self {
            Self::Label(key, _) => key,
            Self::Expression(expression) => &expression.key,
        }
    }

    fn holds(&self, value: Option<&str>) -> bool {
        match self {
            Self::Label(_, wanted) => value == Some(wanted),
            Self::Expression(expression) => {
                let listed = value.is_some_and(|value| expression.values.iter().any(|one| one == value));
                match expression.operator.as_str() {
                    "In" => listed,
                    "NotIn" => !listed,
                    "Exists" => value.is_some(),
                    "DoesNotExist" => value.is_none(),
                    // Refused by `is_valid` before anything is asked.
                    _ => false,
                }
            }
        }
    }
}

fn requirements(selector: &LabelSelector) -> impl Iterator<Item = Requirement<'_>> {
    let labels = selector.match_labels.iter().map(|(key, value, _)| Requirement::Label(key, value));
    labels.chain(selector.expressions.iter().map(Requirement::Expression))
}

/// Does every expression have the values that its operator needs (D30: else the selector matches nothing)?
#[must_use]
pub fn is_valid(selector: &LabelSelector) -> bool {
    selector.expressions.iter().all(|expression| match expression.operator.as_str() {
        "In" | "NotIn" => !expression.values.is_empty(),
        "Exists" | "DoesNotExist" => expression.values.is_empty(),
        _ => false,
    })
}

fn selects(cx: &Cx<'_>, selector: &LabelSelector, namespace: &str) -> Judged<Tri> {
    if !is_valid(selector) {
        return Judged::spec(Tri::No);
    }
    let labels = Labels::of(cx.graph, cx.profile, namespace);
    let mut unknown = BTreeSet::new();
    let (mut given, mut refused_by_given) = (Vec::new(), false);
    for requirement in requirements(selector) {
        match labels.get(requirement.key()) {
            Known::Written(value) if !requirement.holds(value) => return Judged::spec(Tri::No),
            Known::Written(_) => {}
            Known::Given(value) => {
                given.push(CompactString::from(requirement.key()));
                refused_by_given |= !requirement.holds(value);
            }
            Known::Unknown => {
                unknown.insert(CompactString::from(requirement.key()));
            }
        }
    }
    if !given.is_empty() {
        let support = cx.given(Fact::NamespaceLabels(namespace.into(), given));
        return Judged::new(if refused_by_given { Tri::No } else { Tri::Yes }, support);
    }
    if unknown.is_empty() {
        return Judged::spec(Tri::Yes);
    }
    let fact = Fact::NamespaceLabels(namespace.into(), unknown.into_iter().collect());
    if cx.profile.world.mode_of("Namespace") != WorldMode::Closed {
        return Judged::new(Tri::Undetermined, Support::missing(fact));
    }
    // A closed world holds every label there is; the missing Namespace itself is what is assumed.
    let holds = requirements(selector).all(|requirement| match labels.get(requirement.key()) {
        Known::Written(value) | Known::Given(value) => requirement.holds(value),
        Known::Unknown => requirement.holds(None),
    });
    Judged::new(if holds { Tri::Yes } else { Tri::No }, Support::assumed(fact))
}

/// The requirements of a selector that a namespace does not meet, for explanations.
#[must_use]
pub fn unmet(graph: &Graph, profile: &Profile, selector: &LabelSelector, namespace: &str) -> Vec<Unmet> {
    let labels = Labels::of(graph, profile, namespace);
    let failing = requirements(selector).filter_map(|requirement| {
        let (value, known) = match labels.get(requirement.key()) {
            Known::Written(value) | Known::Given(value) => (value, true),
            Known::Unknown => (None, false),
        };
        let (operator, values) = match requirement {
            Requirement::Label(_, wanted) => ("In".into(), vec![CompactString::from(wanted)]),
            Requirement::Expression(expression) => (expression.operator.clone(), expression.values.clone()),
        };
        let unmet = Unmet { key: requirement.key().into(), operator, values, actual: value.map(Into::into), known };
        (!requirement.holds(value)).then_some(unmet)
    });
    failing.collect()
}

/// One requirement that a namespace does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// Label key.
    pub key: CompactString,
    /// `In` (also for `matchLabels`), `NotIn`, `Exists`, `DoesNotExist`.
    pub operator: CompactString,
    /// Wanted values.
    pub values: Vec<CompactString>,
    /// Value that the namespace has.
    pub actual: Option<CompactString>,
    /// False when nobody says which labels the namespace has.
    pub known: bool,
}
