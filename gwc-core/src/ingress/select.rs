//! Which Ingresses a controller reads, and in which order (ingress-migrate.md §1.2 to §1.4).

use std::collections::BTreeMap;

use compact_str::CompactString;

use crate::api::ingress::{Ingress, IngressClass};

/// The older way to name a class.
pub const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

/// A controller that gwc knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Controller {
    /// ingress-nginx of the Kubernetes project.
    IngressNginx,
    /// Any other: the text of the Ingress API.
    Generic,
}

/// What the command line says about classes.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'c> {
    /// The class to read; `None`: every class of the controller.
    pub class: Option<&'c str>,
    /// The controller, where it is forced.
    pub controller: Option<Controller>,
    /// `spec.controller` of the classes of ingress-nginx.
    pub nginx_controller: &'c str,
    /// Class that ingress-nginx takes from the annotation.
    pub nginx_class: &'c str,
    /// Class of Ingresses that name none, where no default class says it.
    pub unclassed: Option<&'c str>,
}

impl Default for Choice<'_> {
    fn default() -> Self {
        let (nginx_controller, nginx_class) = ("k8s.io/ingress-nginx", "nginx");
        Self { class: None, controller: None, nginx_controller, nginx_class, unclassed: None }
    }
}

impl<'c> Choice<'c> {
    /// The choice that the flags of an ingress-nginx make, named with or without the dashes in front.
    #[must_use]
    pub fn of_flags(flags: &'c BTreeMap<String, String>) -> Self {
        let flag = |key: &str| flags.iter().find(|(own, _)| own.trim_start_matches('-') == key);
        let text = |key: &str| flag(key).map(|(_, text)| text.trim());
        let named = |key: &str| text(key).filter(|text| !text.is_empty());
        let usual = Self::default();
        let nginx_class = named("ingress-class").unwrap_or(usual.nginx_class);
        // A flag without a value is set.
        let is_set = |text: &str| matches!(text, "" | "1" | "t" | "T" | "true" | "TRUE" | "True");
        let reads_unclassed = text("watch-ingress-without-class").is_some_and(is_set);
        Self {
            nginx_controller: named("controller-class").unwrap_or(usual.nginx_controller),
            nginx_class,
            unclassed: reads_unclassed.then_some(nginx_class),
            ..usual
        }
    }
}

/// How the class of an Ingress was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// `spec.ingressClassName`.
    Field,
    /// The annotation.
    Annotation,
    /// The only default IngressClass.
    Default,
    /// The choice for Ingresses that name none.
    Chosen,
}

/// The class of an Ingress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Name.
    pub name: CompactString,
    /// How it was found.
    pub origin: Origin,
    /// Who serves it.
    pub controller: Controller,
    /// The controller is guessed from the name: no IngressClass of this name is known.
    pub guessed: bool,
    /// The annotation names another class than the field (MIG102).
    pub contradicted: bool,
}

/// An Ingress with its class; `None`: it has none (MIG101).
#[derive(Debug, Clone)]
pub struct Classed<'w> {
    /// The Ingress.
    pub ingress: &'w Ingress,
    /// Its class.
    pub class: Option<Class>,
}

/// Ingresses by whether they are read.
#[derive(Debug, Clone, Default)]
pub struct Selected<'w> {
    /// Those of each controller and class, in the controller's order.
    pub read: BTreeMap<(Controller, CompactString), Vec<&'w Ingress>>,
    /// Of another class than the chosen one.
    pub other: Vec<Classed<'w>>,
    /// Without any class (MIG101).
    pub unclassed: Vec<&'w Ingress>,
    /// Pairs that only the rule for equal timestamps puts in order (MIG105): is the answer worth a doubt?
    pub tied: bool,
}

/// Class and controller of an Ingress.
#[must_use]
pub fn class_of(ingress: &Ingress, classes: &[&IngressClass], choice: &Choice<'_>) -> Option<Class> {
    let annotation = ingress.annotation(CLASS_ANNOTATION).map(|text| text.value.as_str());
    let annotation = annotation.filter(|name| !name.is_empty());
    let field = ingress.class.as_ref().map(|text| text.value.as_str()).filter(|name| !name.is_empty());
    let contradicted = field.zip(annotation).is_some_and(|(one, other)| one != other);
    let (name, origin) = field
        .map(|name| (name, Origin::Field))
        .or_else(|| annotation.map(|name| (name, Origin::Annotation)))
        .or_else(|| only_default(classes).map(|name| (name, Origin::Default)))
        .or_else(|| choice.unclassed.map(|name| (name, Origin::Chosen)))?;
    let known = classes.iter().find(|class| class.meta.key.name == name);
    let controller = match (choice.controller, known.and_then(|class| class.controller.as_ref())) {
        (Some(forced), _) => forced,
        (None, Some(text)) if text.value == choice.nginx_controller => Controller::IngressNginx,
        (None, Some(_)) => Controller::Generic,
        (None, None) if name == choice.nginx_class => Controller::IngressNginx,
        (None, None) => Controller::Generic,
    };
    Some(Class { name: name.into(), origin, controller, guessed: known.is_none(), contradicted })
}

/// The only IngressClass that is the default.
fn only_default<'w>(classes: &[&'w IngressClass]) -> Option<&'w str> {
    let mut defaults = classes.iter().filter(|class| class.is_default());
    let first = defaults.next()?;
    defaults.next().is_none().then_some(first.meta.key.name.as_str())
}

/// Divides Ingresses by controller and class, each list in the order of its controller.
#[must_use]
pub fn select<'w>(ingresses: &[&'w Ingress], classes: &[&IngressClass], choice: &Choice<'_>) -> Selected<'w> {
    let mut selected = Selected::default();
    for ingress in ingresses {
        let Some(class) = class_of(ingress, classes, choice) else {
            selected.unclassed.push(ingress);
            continue;
        };
        if choice.class.is_some_and(|wanted| wanted != class.name) {
            selected.other.push(Classed { ingress, class: Some(class) });
            continue;
        }
        selected.read.entry((class.controller, class.name)).or_default().push(ingress);
    }
    for ((controller, _), list) in &mut selected.read {
        selected.tied |= sort(*controller, list);
    }
    selected
}

/// Puts Ingresses in the order of the controller; does a tie of timestamps decide anything?
pub fn sort(controller: Controller, ingresses: &mut [&Ingress]) -> bool {
    // ingress-nginx compares names downwards when timestamps are equal, which is the usual case after one `apply`.
    ingresses.sort_by(|a, b| {
        let names = a.meta.key.cmp(&b.meta.key);
        let names = if controller == Controller::IngressNginx { names.reverse() } else { names };
        a.meta.created.cmp(&b.meta.created).then(names)
    });
    ingresses.windows(2).any(|pair| matches!(pair, [a, b] if a.meta.created == b.meta.created))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Profile, WorldMode};
    use crate::source::{Origin as SourceOrigin, Role, Source, SourceMap};

    const HEAD: &str = "---\napiVersion: networking.k8s.io/v1\n";

    fn world(text: &str) -> crate::Compilation {
        let mut sources = SourceMap::new();
        sources.add(Source::from_bytes("a.yaml", SourceOrigin::Memory, Role::Checked, true, text.into()));
        crate::compile(&sources, &Profile::new(WorldMode::Open, 0))
    }

    fn ingress(name: &str, annotation: &str, class: &str) -> String {
        let spec = "defaultBackend: {service: {name: s, port: {number: 80}}}";
        let class = if class.is_empty() { String::new() } else { format!("ingressClassName: {class}, ") };
        let metadata = format!("{{name: {name}, annotations: {{{CLASS_ANNOTATION}: \"{annotation}\"}}}}");
        format!("{HEAD}kind: Ingress\nmetadata: {metadata}\nspec: {{{class}{spec}}}\n")
    }

    fn class(name: &str, controller: &str, is_default: bool) -> String {
        let annotation = format!("ingressclass.kubernetes.io/is-default-class: \"{is_default}\"");
        let metadata = format!("{{name: {name}, annotations: {{{annotation}}}}}");
        format!("{HEAD}kind: IngressClass\nmetadata: {metadata}\nspec: {{controller: {controller}}}\n")
    }

    fn classes_of(text: &str, choice: &Choice<'_>) -> Vec<Option<Class>> {
        let graph = world(text).graph;
        let classes: Vec<&IngressClass> = graph.ingress_classes.iter().map(|(_, class)| class).collect();
        graph.ingresses.iter().map(|(_, ingress)| class_of(ingress, &classes, choice)).collect()
    }

    #[test]
    fn field_then_annotation_then_default() {
        let text = class("inner", "k8s.io/ingress-nginx", true)
            + &ingress("a", "other", "inner")
            + &ingress("b", "nginx", "")
            + &ingress("c", "", "");
        let found = classes_of(&text, &Choice::default());
        let found: Vec<Class> = found.into_iter().flatten().collect();
        let short: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.origin, one.contradicted)).collect();
        let expected =
            [("inner", Origin::Field, true), ("nginx", Origin::Annotation, false), ("inner", Origin::Default, false)];
        assert_eq!(short, expected);
        assert!(found.iter().all(|one| one.controller == Controller::IngressNginx));
        assert_eq!(found.iter().map(|one| one.guessed).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn a_class_belongs_to_its_controller_and_two_defaults_are_none() {
        let one = class("x", "x.io/c", true) + &ingress("a", "", "x");
        assert_eq!(classes_of(&one, &Choice::default())[0].as_ref().unwrap().controller, Controller::Generic);
        let forced = Choice { controller: Some(Controller::IngressNginx), ..Choice::default() };
        assert_eq!(classes_of(&one, &forced)[0].as_ref().unwrap().controller, Controller::IngressNginx);
        let two = class("x", "x.io/c", true) + &class("y", "x.io/c", true) + &ingress("a", "", "");
        assert_eq!(classes_of(&two, &Choice::default()), [None]);
        let chosen = Choice { unclassed: Some("y"), ..Choice::default() };
        assert_eq!(classes_of(&two, &chosen)[0].as_ref().unwrap().origin, Origin::Chosen);
    }

    #[test]
    fn flags_choose() {
        let flags = |all: &[(&str, &str)]| -> BTreeMap<String, String> {
            all.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
        };
        assert_eq!(Choice::of_flags(&flags(&[])).unclassed, None);
        let all = flags(&[
            ("--ingress-class", "inner"),
            ("controller-class", "x.io/c"),
            ("--watch-ingress-without-class", ""),
        ]);
        let choice = Choice::of_flags(&all);
        assert_eq!((choice.nginx_class, choice.nginx_controller, choice.unclassed), ("inner", "x.io/c", Some("inner")));
    }

    #[test]
    fn selection_divides_and_orders() {
        let text =
            ingress("a", "", "nginx") + &ingress("b", "", "nginx") + &ingress("c", "", "kong") + &ingress("d", "", "");
        let graph = world(&text).graph;
        let all: Vec<&Ingress> = graph.ingresses.iter().map(|(_, ingress)| ingress).collect();
        let selected = select(&all, &[], &Choice { class: Some("nginx"), ..Choice::default() });
        let names: Vec<_> = selected.read.values().flatten().map(|one| one.meta.key.name.as_str()).collect();
        assert_eq!((names, selected.other.len(), selected.unclassed.len()), (vec!["b", "a"], 1, 1));
        assert!(selected.tied);
    }
}
