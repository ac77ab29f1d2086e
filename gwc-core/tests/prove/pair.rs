//! Ingresses on one side, manifests of Gateway API on the other, both compiled for the verifier.

use std::collections::{BTreeMap, BTreeSet};

use gwc_core::diagnostic::{Diagnostic, Severity};
use gwc_core::ingress::World;
use gwc_core::ingress::generic::Rules;
use gwc_core::ingress::nginx::{Config, Servers};
use gwc_core::ingress::select::{self, Choice, Controller};
use gwc_core::ir;
use gwc_core::predict::Predictor;
use gwc_core::profile::{Profile, WorldMode};
use gwc_core::prove::{self, Allowance, Level, Side, Source, Target, Verification};
use gwc_core::source::{Origin, Role, Source as File, SourceMap};
use gwc_core::value::ObjectKey;

/// Which model is the source.
pub(crate) enum Controlled {
    Nginx(Box<Servers>),
    Generic(Rules),
}

/// Both sides.
pub(crate) struct Pair {
    pub(crate) source: Controlled,
    pub(crate) target: ir::Config,
    pub(crate) gateways: Vec<ObjectKey>,
}

pub(crate) fn compile(text: &str) -> gwc_core::Compilation {
    let mut sources = SourceMap::new();
    sources.add(File::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
    let compilation = gwc_core::compile(&sources, &Profile::new(WorldMode::Open, 1_780_272_000));
    let refused = |one: &&Diagnostic| one.severity == Severity::Error && one.code.number.starts_with("GWC0");
    let refused: Vec<&str> = compilation.diagnostics.0.iter().filter(refused).map(|one| one.message.as_str()).collect();
    assert_eq!(refused, [""; 0], "{text}");
    compilation
}

/// The IR of manifests.
pub(crate) fn target(text: &str) -> (ir::Config, Vec<ObjectKey>) {
    let compilation = compile(text);
    let gateways = compilation.graph.gateways.iter().map(|(_, one)| one.meta.key.clone()).collect();
    (compilation.lowered.config, gateways)
}

/// The model of the Ingresses of a text.
pub(crate) fn source(text: &str, controller: Controller) -> Controlled {
    let graph = compile(text).graph;
    let all: Vec<_> = graph.ingresses.iter().map(|(_, one)| one).collect();
    let services: BTreeMap<_, _> = graph.services.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let choice = Choice { controller: Some(controller), unclassed: Some("nginx"), ..Choice::default() };
    let mut selected = select::select(&all, &[], &choice);
    let own = selected.read.remove(&(controller, "nginx".into())).unwrap_or_default();
    let secrets: BTreeMap<_, _> = graph.secrets.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let config_maps: BTreeMap<_, _> = graph.config_maps.iter().map(|(_, one)| (one.meta.key.clone(), one)).collect();
    let world = World { ingresses: &own, services: &services, secrets: &secrets, config_maps: &config_maps };
    match controller {
        Controller::IngressNginx => Controlled::Nginx(Box::new(Servers::compile(&world, Config::default()))),
        Controller::Generic => Controlled::Generic(Rules::compile(&world)),
    }
}

impl Controlled {
    pub(crate) fn model(&self) -> Source<'_> {
        match self {
            Self::Nginx(servers) => Source::Nginx(servers),
            Self::Generic(rules) => Source::Generic(rules),
        }
    }
}

impl Pair {
    pub(crate) fn new(ingresses: &str, manifests: &str) -> Self {
        Self::of(ingresses, manifests, Controller::IngressNginx)
    }

    pub(crate) fn of(ingresses: &str, manifests: &str, controller: Controller) -> Self {
        let (target, gateways) = target(manifests);
        Self { source: source(ingresses, controller), target, gateways }
    }

    pub(crate) fn verify(&self, allowances: &[Allowance], level: Level, budget: Option<usize>) -> Verification {
        let predictor = Predictor::new(&self.target);
        let target = Target::new(&predictor, &self.gateways);
        let side = Side { source: self.source.model(), target: &target };
        prove::verify(side, &allowances.iter().cloned().collect::<BTreeSet<_>>(), level, budget)
    }

    pub(crate) fn fast(&self, allowances: &[Allowance]) -> Verification {
        self.verify(allowances, Level::Fast, None)
    }
}

/// Differences in words: `aspects request: old → new`.
pub(crate) fn words(verification: &Verification) -> Vec<String> {
    let line = |one: &prove::Difference| {
        let witness = &one.witness;
        format!("{:?} {}: {} → {}", witness.aspects, witness.request.line(), witness.old, witness.new)
    };
    verification.unexplained.iter().map(line).collect()
}
