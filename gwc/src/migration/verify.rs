//! Both sides next to each other: the model of the controller and the compiled text (ingress-migrate.md §7).
//!
//! What the verifier finds comes back as items of the report: witnesses of what was announced, differences that were
//! not (MIG702), and how much was looked at (MIG701, MIG703).

use std::collections::BTreeSet;

use gwc_core::api::ingress::{Ingress, Port};
use gwc_core::diagnostic::Severity;
use gwc_core::graph::Graph;
use gwc_core::ingress::generic::Rules;
use gwc_core::ingress::nginx::{self, Servers};
use gwc_core::ingress::select::{Controller, Selected};
use gwc_core::ingress::{Backend, Decided as DecidedBy, Scheme, World};
use gwc_core::migrate::annotation::Verdict;
use gwc_core::migrate::code;
use gwc_core::migrate::item::{Fact, Item, Origin, Output, Witness};
use gwc_core::migrate::{Conversion, Options};
use gwc_core::predict::Predictor;
use gwc_core::prove::allowance::Dimension;
use gwc_core::prove::{self, Allowance, Aspect, Difference, Side, Source, Target, Verification};
use gwc_core::source::SourceId;
use gwc_core::value::ObjectKey;

use crate::migration::cases::{self, Case};
use crate::migration::decide::{Decided, Level};
use crate::migration::selfcheck::Checked;

/// What was looked at, over all classes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verified {
    /// Hosts.
    pub(crate) hosts: usize,
    /// Classes of paths.
    pub(crate) path_classes: usize,
    /// Requests that were compared.
    pub(crate) cells: usize,
    /// Requests that there are.
    pub(crate) all_cells: usize,
    /// Everything was looked at.
    pub(crate) is_exhaustive: bool,
    /// Requests that differ as announced.
    pub(crate) explained: usize,
    /// Requests that differ otherwise.
    pub(crate) unexplained: usize,
    /// Requests with the answers of the source, for tests.
    pub(crate) cases: Vec<Case>,
}

/// What the verifier looks at.
pub(crate) struct Cx<'c, 'w> {
    /// The world of the Ingresses.
    pub(crate) graph: &'w Graph,
    /// Place of the controller's ConfigMap.
    pub(crate) controller: Option<SourceId>,
    /// The Ingresses of each class.
    pub(crate) selected: &'c Selected<'w>,
    /// The written text.
    pub(crate) checked: &'c Checked,
    /// Decisions.
    pub(crate) decided: &'c Decided,
}

/// Most texts that could not be verified as a whole, each an item.
const UNVERIFIED: usize = 20;

/// Compares all classes; items and witnesses go to the report. `None`: nothing was to be compared.
pub(crate) fn verify(cx: &Cx<'_, '_>, conversion: &mut Conversion) -> Option<Verified> {
    let level = match cx.decided.verify.level? {
        Level::Fast => prove::Level::Fast,
        Level::Full => prove::Level::Full,
    };
    let mut all = Verified { is_exhaustive: true, ..Verified::default() };
    let graph = cx.graph;
    let services = graph.services.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let secrets = graph.secrets.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let config_maps = graph.config_maps.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let config = &cx.checked.run()?.compilation.lowered.config;
    let predictor = Predictor::new(config);
    for part in conversion.classes.clone() {
        let Some(ingresses) = cx.selected.read.get(&(part.controller, part.class.clone())) else { continue };
        let world = World { ingresses, services: &services, secrets: &secrets, config_maps: &config_maps };
        let model = Model::compile(part.controller, &world, cx);
        let target = Target::new(&predictor, &part.gateways).with_homes(&part.hosts);
        let is_own = |one: &&Allowance| part.items.contains(&one.item);
        let allowances: BTreeSet<Allowance> = conversion.report.allowances().iter().filter(is_own).cloned().collect();
        let side = Side { source: model.source(), target: &target };
        let result = prove::verify(side, &allowances, level, Some(cx.decided.verify.budget));
        if cx.decided.record.is_some() || cx.decided.replays {
            let both = cases::Sides { source: model.source(), predictor: &predictor, gateways: &part.gateways };
            all.cases.extend(cases::of_class(&both, ingresses, &result));
        }
        report(&result, (&part.class, ingresses), conversion);
        all.add(&result);
    }
    Some(all)
}

impl Verified {
    fn add(&mut self, one: &Verification) {
        self.hosts += one.hosts;
        self.path_classes += one.path_classes;
        self.cells += one.cells;
        self.all_cells = self.all_cells.saturating_add(one.all_cells);
        self.is_exhaustive &= one.is_exhaustive();
        self.explained += one.n_explained;
        self.unexplained += one.n_unexplained + one.n_policies;
    }

    /// For people.
    pub(crate) fn words(&self) -> String {
        let seen = format!("{} hosts, {} path classes, {} cells", self.hosts, self.path_classes, self.cells);
        let announced = match self.explained {
            0 => String::new(),
            count => format!(" but for {count} that differ as announced"),
        };
        match (self.unexplained, self.is_exhaustive) {
            (0, true) => format!("equal{announced}: {seen}, exhaustive"),
            (0, false) => format!("no difference{announced} in {seen} of {}", self.all_cells),
            (count, _) => format!("{count} requests differ unannounced: {seen}"),
        }
    }
}

/// The compiled model of a controller.
enum Model {
    Nginx(Box<Servers>),
    Generic(Rules),
}

impl Model {
    fn compile(controller: Controller, world: &World<'_>, cx: &Cx<'_, '_>) -> Self {
        match controller {
            Controller::IngressNginx => Self::Nginx(Box::new(Servers::compile(world, config(cx)))),
            Controller::Generic => Self::Generic(Rules::compile(world)),
        }
    }

    fn source(&self) -> Source<'_> {
        match self {
            Self::Nginx(servers) => Source::Nginx(servers),
            Self::Generic(rules) => Source::Generic(rules),
        }
    }
}

/// What ingress-nginx runs with, as far as it is told (§3.9).
fn config(cx: &Cx<'_, '_>) -> nginx::Config {
    let options: &Options = &cx.decided.options;
    let mut config = nginx::Config::default();
    let mut maps = cx.graph.config_maps.iter().map(|(_, map)| map);
    if let Some(map) = cx.controller.and_then(|id| maps.find(|map| map.meta.span.source == id)) {
        config = config.with_config_map(map);
    }
    if let Some(flags) = &options.controller_flags {
        config = config.with_flags(flags);
    }
    config.annotation_prefix.clone_from(&options.annotation_prefix);
    if let Some((service, port)) = &options.default_backend {
        config.default_backend = Some(Backend { service: service.clone(), port: Port::Number(*port) });
    }
    config
}

/// What came out, as items of the report.
fn report(result: &Verification, (class, ingresses): (&str, &[&Ingress]), conversion: &mut Conversion) {
    for (at, witness) in &result.explained {
        let item = conversion.report.item_mut(gwc_core::migrate::ItemId(*at));
        if let Some(item) = item.filter(|item| item.witness.is_none()) {
            item.witness = Some(words(witness));
        }
    }
    for difference in &result.unexplained {
        conversion.report.add(different(difference, ingresses));
    }
    let item = |verdict, code, message: String| {
        let source =
            Origin { kind: "IngressClass", object: ObjectKey::new("", class), span: None, pointer: String::new() };
        Item::new(source, Fact::Default("verification"), result.level.name(), verdict).finding(code, message)
    };
    if result.is_proof() {
        let (hosts, classes, cells) = (result.hosts, result.path_classes, result.cells);
        let announced = if result.n_explained > 0 { " but for what is announced" } else { "" };
        let message =
            format!("equal{announced}: {hosts} hosts, {classes} path classes, {cells} cells, exhaustive (`{class}`)");
        conversion.report.add(item(Verdict::Exact, code::VERIFIED_EQUAL, message));
    }
    if result.cells < result.all_cells {
        let percent = result.cells.saturating_mul(100) / result.all_cells.max(1);
        let found = if result.n_unexplained == 0 { "no difference" } else { "differences" };
        let (cells, all) = (result.cells, result.all_cells);
        let message = format!("{found} in {cells} of {all} cells ({percent} %, `{class}`)");
        let item = item(Verdict::Global, code::NOT_VERIFIED, message).help("raise --verify-budget");
        conversion.report.add(item);
    }
    for text in result.unverified.iter().take(UNVERIFIED) {
        let message = format!("{} could not be verified as a whole", cut(text, 70));
        conversion.report.add(item(Verdict::Global, code::NOT_VERIFIED, message));
    }
}

/// Longest request in a message.
const REQUEST: usize = 70;

fn different(difference: &Difference, ingresses: &[&Ingress]) -> Item {
    let witness = &difference.witness;
    let source = origin(difference.old.as_ref(), ingresses);
    let line = cut(&witness.request.line(), REQUEST);
    let aspects: BTreeSet<&str> = witness.aspects.iter().map(|aspect| aspect_words(*aspect)).collect();
    let aspects: Vec<&str> = aspects.into_iter().collect();
    let message = format!("`{line}` is not answered as before: {}", aspects.join(", "));
    let value = format!("{} requests of `{}`", difference.n_requests, difference.host);
    let fact = Fact::Field("request".to_owned());
    let mut item = Item::new(source, fact, value, Verdict::None).finding(code::VERIFIED_DIFFERENT, message);
    if let Some(rule) = &difference.new {
        let position = rule.position.map(|position| format!("/matches/{position}")).unwrap_or_default();
        let pointer = format!("/spec/rules/{}{position}", rule.rule);
        item.output = vec![Output { object: rule.route.clone(), pointer }];
    }
    if !witness.is_error() {
        item = item.severity(Severity::Warning);
    }
    let location = difference.old.as_ref().map(|old| format!(", location `{}`", old.rendered));
    let decided = format!("decided on the old side: {}{}", difference.step.as_str(), location.unwrap_or_default());
    let usual = if witness.request.scheme == Scheme::Https { 443 } else { 80 };
    let port = if witness.port == 0 { usual } else { witness.port };
    let curl = witness.request.curl("ADDRESS", port);
    item.witness = Some(words(witness));
    item.help(format!("{decided}; try both sides: {curl}"))
}

fn words(witness: &prove::Witness) -> Witness {
    Witness { request: witness.request.line(), old: witness.old.to_string(), new: witness.new.to_string() }
}

/// The path of an Ingress that decided, else the Ingress, else nothing in particular.
fn origin(decided: Option<&DecidedBy>, ingresses: &[&Ingress]) -> Origin {
    let nowhere = Origin { kind: "Ingress", object: ObjectKey::new("", ""), span: None, pointer: String::new() };
    let Some((decided, ingress)) = decided.and_then(|one| Some((one, ingresses.get(one.ingress)?))) else {
        return nowhere;
    };
    let id = decided.path;
    let path = id.and_then(|id| ingress.rules.get(id.rule)?.paths.as_ref()?.get(id.path));
    let pointer = id.filter(|_| path.is_some()).map(|id| format!("/spec/rules/{}/http/paths/{}", id.rule, id.path));
    Origin {
        kind: "Ingress",
        object: ingress.meta.key.clone(),
        span: Some(path.map_or(ingress.meta.name_span, |path| path.span)),
        pointer: pointer.unwrap_or_default(),
    }
}

/// A text of at most so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// In what outcomes differ, for people.
fn aspect_words(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Connection => "connection",
        Aspect::Sort => "answer",
        Aspect::Shares => "backends",
        Aspect::Path => "path as sent",
        Aspect::Query => "query as sent",
        Aspect::Host => "host as sent",
        Aspect::Code => "status of the redirect",
        Aspect::Origin => "scheme or host of the redirect",
        Aspect::LocationPath => "path of the redirect",
        Aspect::LocationQuery => "query of the redirect",
        Aspect::Wire => "protocol to the backend",
        Aspect::Policy(dimension) => dimension_words(dimension),
    }
}

fn dimension_words(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Access => "access control",
        Dimension::BodySize => "size of bodies",
        Dimension::Timeouts => "timeouts",
        Dimension::Retries => "retries",
        Dimension::Affinity => "affinity",
        Dimension::Mirror => "copies",
        Dimension::Cors => "CORS",
        Dimension::Headers => "headers",
        Dimension::Errors => "replaced answers",
    }
}
