//! From paths to what is served: read, compile, refuse or take, with an account of what is not served and why.
//!
//! A load is whole or nothing: where anything does not parse or an API server would refuse it, the old one stays.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use gwc_core::diagnostic::Severity;
use gwc_core::diagnostic::rule::{self, Group};
use gwc_core::ir::Config;
use gwc_core::ir::secret::SecretStore;
use gwc_core::lower::Lowered;
use gwc_core::profile::{Target, TargetSource, WorldMode};
use gwc_core::source::{Role, SourceMap, Span};
use gwc_core::status::ObjectStatus;

use crate::cli::GlobalArgs;
use crate::cli::serve::{ServeArgs, TlsSource};
use crate::compile::{self as compiler, Compilation};
use crate::failure::{Exit, Failure};
use crate::findings::{Finding, Report, Run, SuppressionMode};
use crate::input::stdin::Stdin;
use crate::input::{self, Order, Request};
use crate::options::{self, Settings, WorldSpec};
use crate::output;
use crate::output::style::Style;
use crate::selection::Selection;
use crate::serve::map::Maps;
use crate::serve::unserved;

/// Reads and compiles one world again and again.
pub(crate) struct Loader {
    settings: Settings,
    spec: WorldSpec,
    stdin: Stdin,
    selection: Selection,
    style: Style,
    keep_going: bool,
    threads: usize,
    /// Hash of the texts of the last load that was taken or refused.
    last: Option<u64>,
    /// Hash of each object of the last load that was taken.
    objects: BTreeMap<String, u64>,
}

/// What is served, before it meets this machine.
#[derive(Debug)]
pub(crate) struct World {
    /// The IR.
    pub(crate) config: Config,
    /// Material behind its ids.
    pub(crate) secrets: SecretStore,
    /// Statuses of the objects, for metrics.
    pub(crate) statuses: Vec<ObjectStatus>,
    /// What is not served, or not all of it, and why.
    pub(crate) unserved: Vec<String>,
    /// Things to know.
    pub(crate) notes: Vec<String>,
    /// Objects that are not as they were in the load before, each with `+`, `-` or `~`.
    pub(crate) changes: Vec<String>,
    /// What is left of the compilation: taking it apart can wait until its result is served.
    pub(crate) rest: Rest,
}

/// Texts and trees that nobody needs any more.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    _parts: Option<Box<(SourceMap, Compilation)>>,
}

/// What came of reading.
pub(crate) enum Loaded {
    /// The texts are those of last time.
    Same,
    /// They can be served.
    Good(Box<World>),
}

/// Why nothing was taken: the text to print, and the exit code of a first load.
#[derive(Debug)]
pub(crate) struct Refused {
    /// What `gwc check` prints of it.
    pub(crate) text: String,
    /// Exit code, if this was the first load.
    pub(crate) exit: Exit,
}

impl Loader {
    /// Reads flags and configuration; nothing is loaded yet.
    pub(crate) fn new(global: &GlobalArgs, args: &ServeArgs, maps: &Maps) -> Result<Self, Failure> {
        let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Closed)?;
        let selection = options::selection(&crate::cli::LintArgs::default(), &settings.loaded)?;
        let mut worlds = std::mem::take(&mut settings.worlds);
        if worlds.len() > 1 {
            let names: Vec<&str> = worlds.iter().map(|world| world.name.as_str()).collect();
            return Err(Failure::usage(format!("one world can be served; name it with --env: {}", names.join(", "))));
        }
        let Some(mut spec) = worlds.pop() else { return Err(Failure::usage("there is no world to serve")) };
        crate::commands::remarks(global, &settings);
        assume(&mut spec, args, maps);
        Ok(Self {
            stdin: Stdin::new(args.input.stdin_filename.as_deref()),
            selection,
            style: Style::of_stderr(global),
            keep_going: args.run.keep_going,
            threads: global.threads.map_or(0, std::num::NonZeroUsize::get),
            last: None,
            objects: BTreeMap::new(),
            settings,
            spec,
        })
    }

    /// Paths that are read.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &std::path::PathBuf> {
        self.spec.paths.iter().chain(&self.spec.context)
    }

    /// Reads everything anew and compiles it.
    pub(crate) fn load(&mut self) -> Result<Loaded, Refused> {
        // At the first load all threads may help; later one does, and only while no worker wants to.
        let is_first = self.last.is_none();
        let builder = rayon::ThreadPoolBuilder::new().num_threads(if is_first { self.threads } else { 1 });
        let begin = move |_| {
            if !is_first {
                gwc_runtime::yield_to_workers()
            }
        };
        let pool = builder.start_handler(begin).build();
        let pool = pool.map_err(|error| Refused { text: format!("error: {error}"), exit: Exit::Internal })?;
        pool.install(|| self.load_here())
    }

    fn load_here(&mut self) -> Result<Loaded, Refused> {
        let request = Request {
            paths: &self.spec.paths,
            context: &self.spec.context,
            root: &self.settings.root,
            filter: &self.settings.filter,
            order: Order::ByName,
        };
        let read = input::load(&request, &mut self.stdin);
        if !read.problems.is_empty() && !self.keep_going {
            self.last = Some(0);
            let text = read.problems.iter().map(|problem| format!("error: {problem}\n")).collect();
            return Err(Refused { text, exit: Exit::Input });
        }
        let hash = hash(&read.sources, &read.problems);
        if self.last.replace(hash) == Some(hash) {
            return Ok(Loaded::Same);
        }
        let mut notes: Vec<String> = read.problems;
        let mut compilation = compiler::compile(&read.sources, &self.spec.profile);
        if compilation.objects.is_empty() && compilation.diagnostics.0.is_empty() && !self.settings.allow_empty {
            let text =
                "error: no Kubernetes objects found; name other paths, or allow it with --allow-empty\n".to_owned();
            return Err(Refused { text, exit: Exit::Input });
        }
        let Lowered { config, secrets, .. } = std::mem::take(&mut compilation.lowered);
        let statuses = std::mem::take(&mut compilation.statuses);
        notes.extend(target_note(&compilation));
        let mut unserved = unserved::of_versions(&compilation, &read.sources);
        unserved.extend(unserved::of_statuses(&statuses));
        let objects = objects(&compilation, &read.sources);
        let blocking = blocking(&compilation, &read.sources);
        let mut rest = Rest::default();
        if blocking.is_empty() {
            rest._parts = Some(Box::new((read.sources, compilation)));
        } else {
            let text = self.report(read.sources, compilation, &blocking);
            if !self.keep_going {
                return Err(Refused { text, exit: Exit::Bad });
            }
            notes.extend(text.lines().map(str::to_owned));
        }
        let changes = changes(&self.objects, &objects);
        self.objects = objects;
        Ok(Loaded::Good(Box::new(World { config, secrets, statuses, unserved, notes, changes, rest })))
    }

    /// The findings that stand in the way: as `gwc check` prints them, or a line for each where they do not.
    fn report(&self, sources: SourceMap, compilation: Compilation, blocking: &[Span]) -> String {
        let run = Run { spec: self.spec.clone(), sources, compilation };
        let report = Report::new(vec![run], &self.selection, SuppressionMode::Ignore);
        let is_in = |span: Span| blocking.iter().any(|other| contains(*other, span));
        let is_shown =
            |finding: &&Finding| finding.diagnostic.severity == Severity::Error && is_in(finding.diagnostic.primary);
        let shown: Vec<&Finding> = report.findings.iter().filter(is_shown).collect();
        match self.keep_going {
            true => output::concise::write(&report, &shown, Style::PLAIN),
            false => output::text::write(&report, &shown, self.style),
        }
    }
}

/// What `--echo`, `--map`, `--tls` and the laptop itself supply to the world, and what need not be computed.
fn assume(spec: &mut WorldSpec, args: &ServeArgs, maps: &Maps) {
    let world = &mut spec.profile.world;
    let mut open = |kind: &str| {
        world.per_kind.entry(kind.into()).or_insert(WorldMode::Open);
    };
    // Every Gateway is served, whatever its class.
    open("GatewayClass");
    if args.listen.tls != Some(TlsSource::FromSecrets) {
        open("Secret");
    }
    if args.backends.echo {
        open("Service");
    } else {
        for (service, ports) in maps.services() {
            world.assumptions.services.entry(service.into()).or_default().extend(ports);
        }
    }
    let is_needed = |rule: &&rule::Rule| matches!(rule.group, Group::Schema | Group::Version);
    spec.profile.skipped_rules =
        rule::RULES.iter().filter(|rule| !is_needed(rule)).map(|rule| rule.code.number).collect();
}

/// Documents that do not parse, and objects that an API server would refuse.
fn blocking(compilation: &Compilation, sources: &SourceMap) -> Vec<Span> {
    let is_checked = |span: &Span| sources.source(span.source).role == Role::Checked;
    let broken = compilation.diagnostics.0.iter().filter(|finding| finding.code == rule::YAML_SYNTAX);
    let broken = broken.map(|finding| finding.primary);
    compilation.graph.refused.values().copied().chain(broken).filter(is_checked).collect()
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}

/// Which CRDs count, where nobody named them.
fn target_note(compilation: &Compilation) -> Option<String> {
    let Target { bundle, channel } = compilation.target;
    let how = match compilation.target_source {
        TargetSource::Given | TargetSource::Default => return None,
        TargetSource::Detected => "detected from the CRDs in the input",
    };
    Some(format!("target: Gateway API {}/{} ({how})", bundle.version(), channel.name()))
}

/// Of all texts with their names.
fn hash(sources: &SourceMap, problems: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (_, source) in sources.iter() {
        (&source.name, &source.text).hash(&mut hasher);
    }
    problems.hash(&mut hasher);
    hasher.finish()
}

/// Every object with the hash of its text.
fn objects(compilation: &Compilation, sources: &SourceMap) -> BTreeMap<String, u64> {
    let all = compilation.objects.iter().map(|summary| {
        let (object, span) = (&summary.object, summary.span);
        let text = sources.source(span.source).text.get(span.start as usize..span.end as usize);
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let namespace = if object.namespace.is_empty() { String::new() } else { format!("{}/", object.namespace) };
        (format!("{} {namespace}{}", object.kind, object.name), hasher.finish())
    });
    all.collect()
}

/// What was added, changed, removed, in order of names.
fn changes(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Vec<String> {
    let mut all: BTreeMap<&String, char> = BTreeMap::new();
    all.extend(before.keys().filter(|name| !now.contains_key(*name)).map(|name| (name, '-')));
    for (name, hash) in now {
        match before.get(name) {
            None => all.insert(name, '+'),
            Some(old) if old != hash => all.insert(name, '~'),
            Some(_) => None,
        };
    }
    all.into_iter().map(|(name, mark)| format!("{mark}{name}")).collect()
}
