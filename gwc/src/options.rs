//! What the command line means together with environment and `gwc.toml`: worlds to compile, rules to run.
//!
//! Precedence everywhere: flag, environment (`GWC_*`, read by clap), file, default (cli-and-rules.md §9).

use std::path::{Path, PathBuf};

use gwc_core::diagnostic::{Basis, Diagnostic, Severity, rule};
use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap, Span};

use crate::cli::{GlobalArgs, InputArgs, LintArgs, Missing, Mode, WorldArgs};
use crate::config::load::{self, Loaded};
use crate::config::{AssumeTable, EnvTable, Ignore};
use crate::failure::Failure;
use crate::input::files::Filter;
use crate::nearest;
use crate::options::ignores::Ignores;
use crate::selection::{Selection, Wishes};

pub(crate) mod assume;
pub(crate) mod ignores;
pub(crate) mod rules;
pub(crate) mod time;

/// One world: where its objects come from and what it rests on.
#[derive(Debug, Clone)]
pub(crate) struct WorldSpec {
    /// Name of the `[env.*]` table, or `default`.
    pub(crate) name: String,
    /// Files, folders, globs, `-`.
    pub(crate) paths: Vec<PathBuf>,
    /// Read-only objects.
    pub(crate) context: Vec<PathBuf>,
    /// Everything the compiler wants to know.
    pub(crate) profile: Profile,
    /// Facts in the words of the user.
    pub(crate) facts: Vec<String>,
    /// Suppressions of the configuration.
    pub(crate) ignores: Ignores,
}

/// Everything that a command on manifests needs.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Folder that shown paths are relative to.
    pub(crate) root: PathBuf,
    /// The configuration.
    pub(crate) loaded: Loaded,
    /// The worlds, in order of their names.
    pub(crate) worlds: Vec<WorldSpec>,
    /// Which discovered files count.
    pub(crate) filter: Filter,
    /// Zero objects is no error.
    pub(crate) allow_empty: bool,
    /// Things to say on stderr.
    pub(crate) remarks: Vec<String>,
}

/// When a run counts as failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Threshold {
    /// From this severity on; `Off`: never.
    pub(crate) fail_on: Severity,
    /// More warnings than this fail.
    pub(crate) max_warnings: Option<usize>,
    /// Conditions that cannot be determined fail.
    pub(crate) on_undetermined: bool,
}

impl Settings {
    /// Reads configuration and flags.
    pub(crate) fn new(
        global: &GlobalArgs,
        input: &InputArgs,
        paths: &[PathBuf],
        default_mode: WorldMode,
    ) -> Result<Self, Failure> {
        let paths: Vec<PathBuf> = paths.iter().chain(&input.filename).cloned().collect();
        let first = paths.iter().find(|path| path.as_os_str() != "-").map_or(Path::new("."), |path| existing(path));
        let loaded = load::load(first, &global.config, global.no_config)?;
        Self::with(loaded, input, paths, default_mode)
    }

    /// As [`Settings::new`], with a configuration that was found otherwise than from the paths.
    pub(crate) fn with(
        loaded: Loaded,
        input: &InputArgs,
        paths: Vec<PathBuf>,
        default_mode: WorldMode,
    ) -> Result<Self, Failure> {
        let root = root(&loaded);
        let table = &loaded.config.input;
        let filter = Filter::new(
            &table.include,
            &[&table.exclude, &loaded.config.test.paths],
            table.follow_symlinks.unwrap_or(false),
        )?;
        let mut settings = Self {
            filter,
            allow_empty: input.allow_empty || table.allow_empty.unwrap_or(false),
            worlds: Vec::new(),
            remarks: Vec::new(),
            root,
            loaded,
        };
        settings.worlds = settings.worlds(input, paths, default_mode)?;
        Ok(settings)
    }

    fn worlds(
        &mut self,
        input: &InputArgs,
        paths: Vec<PathBuf>,
        default_mode: WorldMode,
    ) -> Result<Vec<WorldSpec>, Failure> {
        let envs = self.loaded.config.env.clone();
        let unknown = input.env.iter().find(|name| !envs.contains_key(*name));
        if let Some(name) = unknown {
            let there: Vec<&str> = envs.keys().map(String::as_str).collect();
            let hint = nearest::hint(name, there.iter().copied());
            let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
            return Err(Failure::usage(format!(
                "no world `[env.{name}]` in the configuration{hint}; there are: {there}"
            )));
        }
        let wanted = |name: &String, table: &EnvTable| match input.env.as_slice() {
            [] => paths.is_empty() && !table.paths.is_empty(),
            names => names.contains(name),
        };
        let chosen: Vec<(&String, &EnvTable)> = envs.iter().filter(|(name, table)| wanted(name, table)).collect();
        if chosen.is_empty() {
            let none = EnvTable::default();
            return Ok(vec![self.world(input, &paths, ("default", &none), default_mode)?]);
        }
        chosen.into_iter().map(|(name, table)| self.world(input, &paths, (name, table), default_mode)).collect()
    }

    fn world(
        &mut self,
        input: &InputArgs,
        paths: &[PathBuf],
        (name, env): (&str, &EnvTable),
        default_mode: WorldMode,
    ) -> Result<WorldSpec, Failure> {
        if !env.kustomize.is_empty() || !env.helm.is_empty() {
            let message = "`kustomize` and `helm` are not built yet; render to a folder or pipe to `-`";
            return Err(Failure::usage(format!("[env.{name}]: {message}")));
        }
        let here = |path: &String| if path == "-" { PathBuf::from(path) } else { self.root.join(path) };
        let paths = match (paths, env.paths.as_slice()) {
            ([], []) => vec![PathBuf::from(".")],
            ([], own) => own.iter().map(here).collect(),
            (given, _) => given.to_vec(),
        };
        let configured = if env.context.is_empty() { &self.loaded.config.world.context } else { &env.context };
        let context = match input.context.as_slice() {
            [] => configured.iter().map(here).collect(),
            given => given.to_vec(),
        };
        let (profile, facts) = self.profile(input, (name, env), default_mode)?;
        let ignores = Ignores::new(&self.loaded, profile.now)?;
        Ok(WorldSpec { name: name.to_owned(), paths, context, profile, facts, ignores })
    }

    fn profile(
        &mut self,
        input: &InputArgs,
        (name, env): (&str, &EnvTable),
        default_mode: WorldMode,
    ) -> Result<(Profile, Vec<String>), Failure> {
        let config = &self.loaded.config;
        let args = &input.world;
        let now = args.now.as_deref().map_or_else(|| Ok(time::clock()), time::seconds);
        let now = now.map_err(|message| Failure::usage(format!("--now: {message}")))?;
        let written = env.mode.as_deref().or(config.world.mode.as_deref());
        let mode = match (args.world, written) {
            (Some(mode), _) => world_mode(mode),
            (None, Some(text)) => mode_of(text)?,
            (None, None) => default_mode,
        };
        let mut profile = Profile::new(mode, now);
        let per_kind = [("Secret", args.missing_secrets), ("Service", args.missing_services)];
        for (kind, missing) in per_kind.into_iter().filter_map(|(kind, missing)| Some((kind, missing?))) {
            profile.world.per_kind.insert(kind.into(), missing_mode(missing));
        }
        let (target, remark) = target(args, &[env_target(env), config_target(config)])?;
        profile.target = target;
        self.remarks.extend(remark.filter(|remark| !self.remarks.contains(remark)));
        let namespace = input.namespace.as_deref().or(config.input.default_namespace.as_deref());
        if let Some(namespace) = namespace {
            profile.default_namespace = namespace.into();
        }
        let facts = facts(args, &[&config.world.assume, &env.assume]);
        for fact in &facts {
            let added = assume::add(&mut profile.world.assumptions, fact);
            added.map_err(|message| Failure::usage(format!("assumption of world `{name}`: {message}")))?;
        }
        profile.rule_options = rules::options(&config.lint.options)?;
        Ok((profile, facts))
    }
}

impl WorldSpec {
    /// GWC0095: facts that no verdict rests on. They are shown in a text of their own.
    pub(crate) fn unused_assumptions(&self, used: &[String], sources: &mut SourceMap) -> Vec<Diagnostic> {
        let is_used = |fact: &&String| used.iter().any(|used| assume::subject(used) == assume::subject(fact));
        let unused: Vec<&String> = self.facts.iter().filter(|fact| !is_used(fact)).collect();
        if unused.is_empty() {
            return Vec::new();
        }
        let text: String = unused.iter().map(|fact| format!("--assume {fact}\n")).collect();
        let source = Source::from_bytes("<assumptions>", Origin::Memory, Role::Context, true, text.into_bytes());
        let id = sources.add(source);
        let mut at = 0;
        let mut findings = Vec::new();
        for fact in unused {
            let start = at + u32::try_from("--assume ".len()).unwrap_or(0);
            let end = start + u32::try_from(fact.len()).unwrap_or(0);
            at = end + 1;
            let severity = rule::of(rule::UNUSED_ASSUMPTION).map_or(Severity::Warning, |rule| rule.severity);
            let message = format!("no verdict rests on the assumption `{fact}`; remove it or mend its name");
            let span = Span::new(id, start, end);
            findings.push(Diagnostic::new(rule::UNUSED_ASSUMPTION, severity, Basis::Spec, span, message));
        }
        findings
    }
}

/// Which rules run, from flags over `[lint]`.
pub(crate) fn selection(args: &LintArgs, loaded: &Loaded) -> Result<Selection, Failure> {
    let table = &loaded.config.lint;
    let selectors = table.ignore.iter().filter_map(|ignore| match ignore {
        Ignore::Selector(text) => Some(text.clone()),
        Ignore::Entry(_) => None,
    });
    let mut severity: Vec<(String, String)> = Vec::new();
    let from_table = table.severity.iter().map(|(selector, level)| (selector.clone(), level.clone()));
    severity.extend(from_table);
    for text in &args.severity {
        let (selector, level) = text
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("--severity `{text}`: the form is SEL=LEVEL, as GWC7=error")))?;
        severity.retain(|(known, _)| known != selector);
        severity.push((selector.to_owned(), level.to_owned()));
    }
    let or = |flags: &[String], file: Vec<String>| if flags.is_empty() { file } else { flags.to_vec() };
    let mut extend_select = table.extend_select.clone();
    extend_select.extend(args.extend_select.iter().cloned());
    Selection::new(&Wishes {
        preset: args.preset.clone().or_else(|| table.preset.clone()),
        select: or(&args.select, table.select.clone()),
        extend_select,
        ignore: or(&args.ignore, selectors.chain(table.extend_ignore.iter().cloned()).collect()),
        severity,
    })
}

/// When the run fails, from flags over `[lint]`.
pub(crate) fn threshold(args: &LintArgs, loaded: &Loaded, selection: &Selection) -> Result<Threshold, Failure> {
    let table = &loaded.config.lint;
    let text = args.fail_on.as_deref().or(table.fail_on.as_deref()).unwrap_or("error");
    let levels = ["error", "warning", "info", "never"];
    let fail_on = match text {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "info" => Severity::Info,
        "never" => Severity::Off,
        _ => {
            let hint = nearest::hint(text, levels);
            return Err(Failure::usage(format!("unknown --fail-on `{text}`{hint}; there are {}", levels.join(", "))));
        }
    };
    let on_undetermined = args.fail_on_undetermined
        || table.fail_on_undetermined.unwrap_or(selection.preset == crate::selection::Preset::Strict);
    Ok(Threshold { fail_on, max_warnings: args.max_warnings.or(table.max_warnings), on_undetermined })
}

/// Reads `VERSION[/CHANNEL]`; the text is a remark where another patch than the bundled one was named.
pub(crate) fn read_target(version: &str, channel: Option<&str>) -> Result<(Target, Option<String>), Failure> {
    let (version, own) = version.split_once('/').map_or((version, None), |(version, own)| (version, Some(own)));
    let Some((bundle, is_other_patch)) = Bundle::parse(version) else {
        let there: Vec<&str> = gwc_core::profile::BUNDLES.map(Bundle::version).to_vec();
        let message = format!("unknown Gateway API release `{version}`; there are {}", there.join(", "));
        return Err(Failure::usage(message));
    };
    let channel = match own.or(channel) {
        None | Some("standard") => Channel::Standard,
        Some("experimental") => Channel::Experimental,
        Some(text) => {
            let hint = nearest::hint(text, ["standard", "experimental"]);
            return Err(Failure::usage(format!("unknown channel `{text}`{hint}; there are standard, experimental")));
        }
    };
    let remark =
        is_other_patch.then(|| format!("Gateway API {version} is taken as {}, the bundled patch", bundle.version()));
    Ok((Target { bundle, channel }, remark))
}

/// The nearest part of a path that exists, for finding the configuration of a glob or a missing file.
pub(crate) fn existing(path: &Path) -> &Path {
    path.ancestors().find(|part| part.exists()).unwrap_or(Path::new("."))
}

/// The configuration's folder, else the repository that holds the working folder, else the working folder.
pub(crate) fn root(loaded: &Loaded) -> PathBuf {
    let current = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    let configured = loaded.path.as_ref().and_then(|path| std::fs::canonicalize(path).ok());
    match configured.as_deref().and_then(Path::parent) {
        Some(folder) => folder.to_path_buf(),
        None => current.ancestors().find(|folder| load::is_root(folder)).unwrap_or(&current).to_path_buf(),
    }
}

/// The target: flag, else the first table that names anything.
fn target(
    args: &WorldArgs,
    tables: &[(Option<&str>, Option<&str>)],
) -> Result<(Option<Target>, Option<String>), Failure> {
    let channel = tables.iter().find_map(|(_, channel)| *channel);
    let version = args.gateway_api.as_deref().or_else(|| tables.iter().find_map(|(version, _)| *version));
    match (version, channel) {
        (None, None) => Ok((None, None)),
        (version, channel) => {
            let newest = Target::default().bundle.version();
            let (target, remark) = read_target(version.unwrap_or(newest), channel)?;
            Ok((Some(target), remark))
        }
    }
}

fn env_target(env: &EnvTable) -> (Option<&str>, Option<&str>) {
    (env.gateway_api.as_deref(), env.channel.as_deref())
}

fn config_target(config: &crate::config::Config) -> (Option<&str>, Option<&str>) {
    (config.target.gateway_api.as_deref(), config.target.channel.as_deref())
}

/// All facts in `--assume` form, flags last.
fn facts(args: &WorldArgs, tables: &[&AssumeTable]) -> Vec<String> {
    let mut facts: Vec<String> = tables.iter().flat_map(|table| table.facts()).collect();
    facts.extend(args.assume.iter().cloned());
    facts.extend(args.assume_class.iter().map(|class| format!("gatewayclass:{class}")));
    facts
}

fn world_mode(mode: Mode) -> WorldMode {
    match mode {
        Mode::Auto => WorldMode::Auto,
        Mode::Open => WorldMode::Open,
        Mode::Closed => WorldMode::Closed,
    }
}

fn missing_mode(missing: Missing) -> WorldMode {
    match missing {
        Missing::Assume => WorldMode::Open,
        Missing::Error => WorldMode::Closed,
    }
}

fn mode_of(text: &str) -> Result<WorldMode, Failure> {
    match text {
        "auto" => Ok(WorldMode::Auto),
        "open" => Ok(WorldMode::Open),
        "closed" => Ok(WorldMode::Closed),
        _ => {
            let hint = nearest::hint(text, ["auto", "open", "closed"]);
            Err(Failure::usage(format!("unknown world mode `{text}`{hint}; there are auto, open, closed")))
        }
    }
}
