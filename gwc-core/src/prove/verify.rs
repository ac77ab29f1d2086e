//! All requests of a class, host by host: what is equal, what was announced, and what was not.
//!
//! Hosts are independent of each other, so they are looked at in parallel; their results are put together in the order
//! of their names.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::ingress::{Decided, Scheme, Step};
use crate::ir::{Filter, Match};
use crate::prove::allowance::Allowance;
use crate::prove::explain::{Case, Sides};
use crate::prove::outcome::{Aspect, Outcome};
use crate::prove::request::Request;
use crate::prove::source::Source;
use crate::prove::space::{self, Cache, Classes, Dimensions};
use crate::prove::target::{RuleId, Target};
use crate::value::RouteKind;
use crate::value::pattern::sample;

/// How much is looked at (ingress-migrate.md §7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Mutations one at a time, 20,000 cells for each host.
    Fast,
    /// Mutations in pairs, 200,000 cells for each host.
    Full,
}

impl Level {
    /// As on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Full => "full",
        }
    }

    fn budget(self) -> usize {
        match self {
            Self::Fast => 20_000,
            Self::Full => 200_000,
        }
    }
}

/// A request that both sides answer in their own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The request.
    pub request: Request,
    /// What the source does.
    pub old: Outcome,
    /// What the target does.
    pub new: Outcome,
    /// In what they differ.
    pub aspects: Vec<Aspect>,
    /// Port of the target's socket; 0: it has none.
    pub port: u16,
}

impl Witness {
    /// Does it show more than a policy that is not kept?
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.aspects.iter().any(|aspect| aspect.is_error())
    }
}

/// A difference that nothing announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Host of the source, or name of the target, as it is written there.
    pub host: String,
    /// A short request that shows it.
    pub witness: Witness,
    /// Who decides on the source.
    pub old: Option<Decided>,
    /// What decides on the source.
    pub step: Step,
    /// The rule that decides on the target.
    pub new: Option<RuleId>,
    /// Requests of the host that differ in the same way.
    pub n_requests: usize,
}

/// The result for a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What was asked for.
    pub level: Level,
    /// Hosts that were looked at.
    pub hosts: usize,
    /// Classes of paths, over all hosts.
    pub path_classes: usize,
    /// Requests that were compared.
    pub cells: usize,
    /// Requests that there are.
    pub all_cells: usize,
    /// What could not be looked at as a whole (MIG703): texts of expressions, paths of hosts.
    pub unverified: BTreeSet<String>,
    /// The first difference of each item that announced one, by its position.
    pub explained: BTreeMap<usize, Witness>,
    /// Requests that differ as announced.
    pub n_explained: usize,
    /// Differences that nothing announced, some of each host.
    pub unexplained: Vec<Difference>,
    /// How many requests differ unannounced, in more than a policy that is no access control.
    pub n_unexplained: usize,
    /// How many requests differ unannounced in policies only.
    pub n_policies: usize,
}

impl Verification {
    fn new(level: Level) -> Self {
        Self {
            level,
            hosts: 0,
            path_classes: 0,
            cells: 0,
            all_cells: 0,
            unverified: BTreeSet::new(),
            explained: BTreeMap::new(),
            n_explained: 0,
            unexplained: Vec::new(),
            n_unexplained: 0,
            n_policies: 0,
        }
    }

    /// Was every cell of the partition looked at?
    #[must_use]
    pub fn is_exhaustive(&self) -> bool {
        self.cells == self.all_cells && self.unverified.is_empty()
    }

    /// Does it prove that both sides are equal but for what was announced?
    #[must_use]
    pub fn is_proof(&self) -> bool {
        self.is_exhaustive() && self.n_unexplained == 0 && self.n_policies == 0
    }

    fn add(&mut self, other: Self) {
        self.hosts += other.hosts;
        self.path_classes += other.path_classes;
        self.cells += other.cells;
        self.all_cells = self.all_cells.saturating_add(other.all_cells);
        self.unverified.extend(other.unverified);
        for (item, witness) in other.explained {
            self.explained.entry(item).or_insert(witness);
        }
        self.n_explained += other.n_explained;
        self.unexplained.extend(other.unexplained);
        self.n_unexplained += other.n_unexplained;
        self.n_policies += other.n_policies;
    }
}

/// Both sides of a class.
#[derive(Debug, Clone, Copy)]
pub struct Side<'s> {
    /// The controller.
    pub source: Source<'s>,
    /// Its Gateways.
    pub target: &'s Target<'s>,
}

/// Unannounced differences of a host that are kept.
const MOST_DIFFERENCES: usize = 20;

/// Compares both sides of a class. `budget` takes the place of the level's number of cells for each host.
#[must_use]
pub fn verify(side: Side<'_>, allowances: &BTreeSet<Allowance>, level: Level, budget: Option<usize>) -> Verification {
    let sides = Sides::new(side.source, side.target, allowances);
    let names: BTreeSet<String> = side.source.names().into_iter().chain(side.target.names()).collect();
    let run = Run {
        sides: &sides,
        names: &names,
        cache: Cache::default(),
        level,
        budget: budget.unwrap_or_else(|| level.budget()),
    };
    // The last one stands for requests of no host.
    let groups: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).chain([None]).collect();
    let results: Vec<Verification> = groups.par_iter().map(|group| run.group(*group)).collect();
    let mut all = Verification::new(level);
    results.into_iter().for_each(|one| all.add(one));
    all
}

struct Run<'r> {
    sides: &'r Sides<'r>,
    names: &'r BTreeSet<String>,
    cache: Cache,
    level: Level,
    budget: usize,
}

/// A host to send, and how much of its paths.
struct Name {
    host: String,
    /// All classes, or a few: for names that both sides read as another one or know nothing of.
    is_whole: bool,
}

impl Run<'_> {
    fn group(&self, group: Option<&str>) -> Verification {
        let mut host = Host {
            run: self,
            written: group.unwrap_or_default(),
            left: self.budget,
            forwards: BTreeSet::new(),
            found: BTreeMap::new(),
            result: Verification::new(self.level),
        };
        host.result.hosts = 1;
        for name in self.names_of(group) {
            host.name(&name);
        }
        host.finish()
    }

    /// Names to ask for in a group: the host itself and its other spellings, names below and above a wildcard, a name
    /// that an expression takes, or one that nobody knows.
    fn names_of(&self, group: Option<&str>) -> Vec<Name> {
        let whole = |host: String| Name { host, is_whole: true };
        let part = |host: String| Name { host, is_whole: false };
        let Some(group) = group else { return vec![whole(self.free(".test"))] };
        if let Some(pattern) = group.strip_prefix('~') {
            let pattern = pattern.trim_start_matches('*').trim();
            return sample(&format!("(?i:{pattern})"))
                .map(|name| whole(name.to_ascii_lowercase()))
                .into_iter()
                .collect();
        }
        // The controller also makes names that no client can send (`www.*.a.io`).
        if group.trim_start_matches("*.").contains('*') {
            return Vec::new();
        }
        if let Some(parent) = group.strip_prefix("*.") {
            let mut names = vec![whole(self.free(&format!(".{parent}")))];
            names.push(part(format!("two.{}", self.free(&format!(".{parent}")))));
            names.extend((!self.names.contains(parent)).then(|| part(parent.to_owned())));
            return names;
        }
        // Both sides read case, port and final dot away before they look at anything else, so a path or two will show
        // whether they do.
        let mut names = vec![whole(group.to_owned()), part(group.to_ascii_uppercase()), part(format!("{group}."))];
        names.push(part(format!("{group}:80")));
        names
    }

    /// A name with this end that is not written anywhere.
    fn free(&self, end: &str) -> String {
        let mut labels = (0u32..).map(|n| if n == 0 { format!("other{end}") } else { format!("other{n}{end}") });
        labels.find(|name| !self.names.contains(name)).unwrap_or_default()
    }
}

/// Differences that are alike: the same aspects, decided by the same path and the same rule.
type Alike = (Vec<Aspect>, Option<(usize, String)>, Option<RuleId>);

/// One group of names.
struct Host<'h> {
    run: &'h Run<'h>,
    written: &'h str,
    left: usize,
    /// Schemes in which a request was sent to a backend by both sides: one shows what is announced for everything.
    forwards: BTreeSet<Scheme>,
    found: BTreeMap<Alike, (Case, usize)>,
    result: Verification,
}

/// The plan of one name at one socket.
struct Plan<'p> {
    name: &'p Name,
    scheme: Scheme,
    socket: Option<usize>,
    matches: Vec<&'p Match>,
    /// Do GRPCRoutes serve the name? Clients of gRPC send nothing but `POST`.
    is_grpc: bool,
    dimensions: Dimensions,
}

impl Host<'_> {
    fn name(&mut self, name: &Name) {
        let (source, target) = (self.run.sides.source, self.run.sides.target);
        let bare = Request::get(Scheme::Http, &name.host, "/").name();
        let host = source.leads_to(&bare).map(|(host, _)| host);
        let config = target.config();
        let mut probes = source.probes(host);
        let mut plans = Vec::new();
        for scheme in [Scheme::Http, Scheme::Https] {
            let sockets: Vec<Option<usize>> = target.sockets(scheme, &bare).into_iter().map(Some).collect();
            for socket in if sockets.is_empty() { vec![None] } else { sockets } {
                let entries = socket.map(|socket| target.entries(socket, &bare, scheme)).unwrap_or_default();
                let matches: Vec<&Match> = entries.iter().filter_map(|entry| config.match_of(entry)).collect();
                let rules = entries.iter().map(|entry| config.rule(entry));
                probes.origins.extend(rules.flat_map(|rule| &rule.filters).flat_map(allowed_origins));
                let dimensions = Dimensions::of(&matches, &probes);
                let is_grpc = entries.iter().any(|entry| config.rule(entry).trace.kind == RouteKind::Grpc);
                plans.push(Plan { name, scheme, socket, matches, is_grpc, dimensions });
            }
        }
        let all: Vec<&Match> = plans.iter().flat_map(|plan| plan.matches.iter().copied()).collect();
        let mut classes = space::classes(&source.paths(host), &all, &self.run.cache);
        if !name.is_whole {
            classes.paths.truncate(1);
            classes.mutations.clear();
        }
        if !classes.is_complete {
            self.result.unverified.insert(format!("paths of `{bare}`"));
        }
        self.result.path_classes += classes.paths.len();
        self.plans(&plans, &classes);
    }

    /// First all paths without anything else, then mutations, then the other cells: what the budget leaves out is far
    /// from the rules.
    fn plans(&mut self, plans: &[Plan<'_>], classes: &Classes) {
        // Where no socket is, there is no answer, whatever the path.
        let (nowhere, plans): (Vec<&Plan<'_>>, Vec<&Plan<'_>>) = plans.iter().partition(|plan| plan.socket.is_none());
        for (plan, path) in nowhere.iter().filter_map(|plan| Some((plan, classes.paths.first()?))) {
            self.cell(plan, path, 0);
        }
        for plan in &plans {
            for path in &classes.paths {
                self.cell(plan, path, 0);
            }
        }
        let pairs: Vec<String> = if self.run.level == Level::Full {
            let paths = classes.mutations.iter().filter(|one| !one.contains('?'));
            paths.flat_map(|one| space::mutations(one.trim_end_matches('/'))).collect()
        } else {
            Vec::new()
        };
        for plan in &plans {
            for target in classes.mutations.iter().chain(&pairs) {
                self.cell(plan, target, 0);
            }
        }
        for plan in plans.into_iter().filter(|plan| plan.dimensions.n_cells() > 1) {
            self.others(plan, classes);
        }
    }

    /// Cells in which methods, headers or queries are set: all of them, or a sample that always is the same.
    fn others(&mut self, plan: &Plan<'_>, classes: &Classes) {
        let n_cells = plan.dimensions.n_cells();
        let all = classes.paths.len().saturating_mul(n_cells.saturating_sub(1));
        if all <= self.left {
            for path in &classes.paths {
                (1..n_cells).for_each(|cell| self.cell(plan, path, cell));
            }
            return;
        }
        self.result.all_cells = self.result.all_cells.saturating_add(all - self.left);
        let mut state = 1u64;
        let mut random = |limit: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or_default() % limit.max(1)
        };
        for _ in 0..self.left {
            let (path, cell) = (random(classes.paths.len()), 1 + random(n_cells.saturating_sub(1)));
            if let Some(path) = classes.paths.get(path) {
                self.cell(plan, path, cell);
            }
        }
    }

    fn cell(&mut self, plan: &Plan<'_>, target: &str, cell: usize) {
        self.result.all_cells = self.result.all_cells.saturating_add(1);
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        self.result.cells += 1;
        let mut request = Request::get(plan.scheme, &plan.name.host, target);
        // The port that the scheme implies.
        if let (Scheme::Https, Some(name)) = (plan.scheme, plan.name.host.strip_suffix(":80")) {
            request.host = format!("{name}:443");
        }
        plan.dimensions.apply(cell, &mut request);
        if plan.is_grpc {
            request.method = "POST".into();
        }
        let case = self.run.sides.ask(&request, plan.socket);
        if let Outcome::Unknown(text) = &case.old.outcome {
            self.result.unverified.insert(format!("`{text}`"));
        }
        let is_forward = case.old.outcome.forward().is_some() && case.new.outcome.forward().is_some();
        if is_forward && self.forwards.insert(plan.scheme) {
            self.explained(&case, self.run.sides.general(&case));
        }
        if case.aspects.is_empty() {
            return;
        }
        let (items, open) = self.run.sides.explain(&case);
        if open.is_empty() {
            self.result.n_explained += 1;
            self.explained(&case, items);
        } else {
            self.keep(Case { aspects: open, ..case });
        }
    }

    fn explained(&mut self, case: &Case, items: BTreeSet<usize>) {
        for item in items {
            self.result.explained.entry(item).or_insert_with(|| witness(case));
        }
    }

    fn keep(&mut self, case: Case) {
        match case.aspects.iter().any(|aspect| aspect.is_error()) {
            true => self.result.n_unexplained += 1,
            false => self.result.n_policies += 1,
        }
        let decided = case.old.decided.as_ref().map(|one| (one.ingress, one.rendered.to_string()));
        let rule = self.run.sides.target.rule_id(&case.new);
        let key: Alike = (case.aspects.clone(), decided, rule);
        match self.found.get_mut(&key) {
            Some((known, n)) => {
                *n += 1;
                if case.request.weight() < known.request.weight() {
                    *known = case;
                }
            }
            None => drop(self.found.insert(key, (case, 1))),
        }
    }

    fn finish(mut self) -> Verification {
        for (case, n_requests) in std::mem::take(&mut self.found).into_values().take(MOST_DIFFERENCES) {
            let case = self.shortest(case);
            let new = self.run.sides.target.rule_id(&case.new);
            let (host, witness) = (self.written.to_owned(), witness(&case));
            self.result.unexplained.push(Difference {
                host,
                witness,
                old: case.old.decided,
                step: case.old.step,
                new,
                n_requests,
            });
        }
        self.result
    }

    /// Leaves out what the difference does not need.
    fn shortest(&self, mut case: Case) -> Case {
        // Each step makes the request shorter, so there are few.
        while let Some(shorter) = simpler(&case.request).into_iter().find_map(|request| self.same(&case, &request)) {
            case = shorter;
        }
        case
    }

    /// A request that differs in the same aspects, decided by the same rule, unannounced.
    fn same(&self, case: &Case, request: &Request) -> Option<Case> {
        let sides = self.run.sides;
        let other = sides.ask(request, case.socket);
        let rendered = |case: &Case| case.old.decided.clone();
        let (_, open) = sides.explain(&other);
        let is_same = open == case.aspects
            && rendered(&other) == rendered(case)
            && sides.target.rule_id(&other.new) == sides.target.rule_id(&case.new);
        is_same.then_some(Case { aspects: open, ..other })
    }
}

fn allowed_origins(filter: &Filter) -> impl Iterator<Item = &str> {
    let cors = if let Filter::Cors(cors) = filter { Some(cors) } else { None };
    cors.into_iter().flat_map(|cors| &cors.allow_origins).map(|origin| origin.as_str())
}

fn witness(case: &Case) -> Witness {
    Witness {
        request: case.request.clone(),
        old: case.old.outcome.clone(),
        new: case.new.outcome.clone(),
        aspects: case.aspects.clone(),
        port: case.new.port,
    }
}

/// Simpler requests: without the query, a header, the method; with a shorter path.
fn simpler(request: &Request) -> Vec<Request> {
    let mut all = Vec::new();
    if request.query().is_some() {
        all.push(Request { target: request.path().to_owned(), ..request.clone() });
    }
    for at in 0..request.headers.len() {
        let mut one = request.clone();
        one.headers.remove(at);
        all.push(one);
    }
    if request.method != "GET" {
        all.push(Request { method: "GET".into(), ..request.clone() });
    }
    let path = request.path();
    let bare = path.trim_end_matches('/');
    let above = bare.rsplit_once('/').map_or("/", |(above, _)| if above.is_empty() { "/" } else { above });
    for shorter in [above, bare] {
        if shorter.len() < path.len() && shorter.starts_with('/') {
            all.push(request.with_path(shorter));
        }
    }
    all
}
