//! `gwc test`: find test files, load the worlds that they are about, run them, print, exit code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gwc_core::profile::WorldMode;
use gwc_core::source::Role;
use gwc_core::value::pattern::Pattern;

use crate::cli::test::{Show, TestArgs};
use crate::cli::{GlobalArgs, InputArgs};
use crate::commands::{self, Worlds};
use crate::config::load::{self, Loaded};
use crate::failure::{Exit, Failure, Outcome};
use crate::input::files;
use crate::options::{self, Settings};
use crate::output::style::Style;
use crate::output::{self, emit, say, test_json, test_junit, test_tap, test_text};
use crate::route::World;
use crate::suite::coverage::Wish;
use crate::suite::file::{self, UNITS, Unit};
use crate::suite::read::{Problem, Suite};
use crate::suite::report::Report;
use crate::suite::run::Runner;
use crate::{nearest, suite};

/// Formats, the default first.
const FORMATS: [(&str, Format); 4] =
    [("full", Format::Full), ("json", Format::Json), ("junit", Format::JUnit), ("tap", Format::Tap)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Full,
    Json,
    JUnit,
    Tap,
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &TestArgs) -> Outcome {
    if let Some(file) = &args.pick.record {
        return record(global, args, file.as_deref());
    }
    let wanted = output::wanted(&args.pick.output, &FORMATS)?;
    let filter = args.pick.filter.as_deref().map(pattern).transpose()?;
    let picks = |name: &str| filter.as_ref().is_none_or(|filter| filter.is_match(name.as_bytes()));
    let (suites, mut exit) = suites(global, args)?;
    if args.pick.list {
        let text = test_text::list(&suites, &picks);
        emit(&text, None)?;
        let is_bad = suites.iter().any(|suite| !suite.problems.is_empty());
        return Ok(exit.max(if is_bad { Exit::Bad } else { Exit::Success }));
    }
    #[cfg(feature = "serve")]
    let live = live(args)?;
    let how = How {
        picks: &picks,
        #[cfg(feature = "serve")]
        live: live.as_ref(),
    };
    let mut report = Report::new(suites);
    for (choice, members) in choices(global, args, &mut report.suites)? {
        let worlds = choice.load(global, &args.input)?;
        exit = exit.max(worlds.worlds.exit);
        let wish = wish(args, &worlds.loaded, &members, &report.suites)?;
        one(&worlds.worlds, &wish, &members, &how, &mut report);
    }
    report.sort();
    if filter.is_some() {
        report.covered.clear();
    }
    let show = args.pick.show.unwrap_or(Show::Failures);
    for one in &wanted {
        let style = if one.path.is_some() { Style::PLAIN } else { Style::of_stdout(global) };
        let text = match one.format {
            Format::Full => test_text::write(&report, show, style, global.quiet),
            Format::Json => test_json::write(&report),
            Format::JUnit => test_junit::write(&report),
            Format::Tap => test_tap::write(&report),
        };
        if global.quiet < 2 || one.path.is_some() {
            emit(&text, one.path.as_deref())?;
        }
    }
    let exit = exit.max(if report.is_good() { Exit::Success } else { Exit::Bad });
    // The process ends here: taking a large world apart is work for nothing.
    std::mem::forget(report);
    Ok(exit)
}

/// `--filter` matches anywhere in a name.
fn pattern(text: &str) -> Result<Pattern, Failure> {
    Pattern::new(text).map_err(|_| Failure::usage(format!("--filter `{text}` is no regular expression")))?;
    let anywhere = Pattern::new(&format!("(?s:.*)(?:{text})(?s:.*)"));
    anywhere.map_err(|_| Failure::usage(format!("--filter `{text}` is no regular expression")))
}

/// The test files that were asked for.
fn suites(global: &GlobalArgs, args: &TestArgs) -> Result<(Vec<Suite>, Exit), Failure> {
    let first = args.files.first().map_or(Path::new("."), PathBuf::as_path);
    let loaded = load::load(options::existing(first), &global.config, global.no_config)?;
    let root = options::root(&loaded);
    let configured: Vec<PathBuf> = loaded.config.test.paths.iter().map(|path| root.join(path)).collect();
    let asked = match (args.files.as_slice(), configured.as_slice()) {
        ([], []) => vec![PathBuf::from(".")],
        ([], configured) => configured.to_vec(),
        (files, _) => files.to_vec(),
    };
    let (found, problems) = files::test_files(&asked, &root, &loaded.config.test.paths)?;
    let mut exit = Exit::Success;
    let mut suites = Vec::new();
    let read = found.into_iter().map(|file| (file.path().to_path_buf(), file.read()));
    let mut problems: Vec<String> = problems;
    for (path, read) in read {
        match read {
            Ok(source) => suites.push(Suite::new(&path, source)),
            Err(problem) => problems.push(problem),
        }
    }
    for problem in &problems {
        say(&format!("error: {problem}"));
        exit = Exit::Input;
    }
    if suites.is_empty() && exit == Exit::Success {
        return Err(Failure::input("no test files found; they end in .gwc-test.yaml, and `--record FILE` writes one"));
    }
    Ok((suites, exit))
}

/// The manifests that tests are about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Choice {
    /// Those of the command line.
    Given(Vec<PathBuf>),
    /// `[env.NAME]` of the configuration that counts for a folder.
    Env(PathBuf, String),
    /// The worlds of the configuration that counts for a folder.
    Configured(PathBuf),
    /// Paths, with the configuration that counts for a folder.
    Paths(PathBuf, Vec<PathBuf>),
}

/// Loaded worlds and the configuration that they come from.
struct Chosen {
    worlds: Worlds,
    loaded: Loaded,
}

impl Choice {
    fn load(&self, global: &GlobalArgs, input: &InputArgs) -> Result<Chosen, Failure> {
        let from = |start: &Path| load::load(start, &global.config, global.no_config);
        let mut settings = match self {
            Self::Given(paths) => Settings::new(global, input, paths, WorldMode::Auto)?,
            Self::Env(start, name) => {
                let input = InputArgs { env: vec![name.clone()], ..input.clone() };
                Settings::with(from(start)?, &input, Vec::new(), WorldMode::Auto)?
            }
            Self::Configured(start) => Settings::with(from(start)?, input, Vec::new(), WorldMode::Auto)?,
            Self::Paths(start, paths) => Settings::with(from(start)?, input, paths.clone(), WorldMode::Auto)?,
        };
        let worlds = commands::compile_worlds(global, &mut settings, input.stdin_filename.as_deref())?;
        Ok(Chosen { worlds, loaded: settings.loaded })
    }
}

/// Files by the manifests that they are about; files with problems are left out.
fn choices(
    global: &GlobalArgs,
    args: &TestArgs,
    suites: &mut [Suite],
) -> Result<BTreeMap<Choice, Vec<usize>>, Failure> {
    let given: Vec<PathBuf> = args.paths.iter().chain(&args.input.filename).cloned().collect();
    let is_given = !given.is_empty() || !args.input.env.is_empty();
    let mut all: BTreeMap<Choice, Vec<usize>> = BTreeMap::new();
    for (position, suite) in suites.iter_mut().enumerate() {
        if !suite.problems.is_empty() {
            continue;
        }
        let choice = match is_given {
            // -f stands in the input already.
            true => Some(Choice::Given(args.paths.clone())),
            false => choice(global, suite)?,
        };
        if let Some(choice) = choice {
            all.entry(choice).or_default().push(position);
        }
    }
    Ok(all)
}

/// What a file says about its manifests; `None` after a problem was added to it.
fn choice(global: &GlobalArgs, suite: &mut Suite) -> Result<Option<Choice>, Failure> {
    let folder = match suite.path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let loaded = load::load(&folder, &global.config, global.no_config)?;
    let envs = &loaded.config.env;
    let Some((world, span)) = &suite.world else {
        let is_configured = envs.values().any(|env| !env.paths.is_empty());
        return Ok(Some(if is_configured {
            Choice::Configured(folder)
        } else {
            Choice::Paths(folder.clone(), vec![folder])
        }));
    };
    let paths = match world {
        file::World::One(name) if envs.contains_key(name) => return Ok(Some(Choice::Env(folder, name.clone()))),
        file::World::One(path) => std::slice::from_ref(path),
        file::World::Paths(paths) => paths.as_slice(),
    };
    if let file::World::One(name) = world
        && !folder.join(name).exists()
        && !name.contains(['*', '?', '[', '{'])
    {
        let there: Vec<&str> = envs.keys().map(String::as_str).collect();
        let hint = nearest::hint(name, there.iter().copied());
        let help = Some("write paths relative to this file, or the name of an `[env.NAME]` table".to_owned());
        let message = format!("`{name}` is no path and no world of the configuration{hint}");
        suite.problems.push(Problem { span: *span, message, help });
        return Ok(None);
    }
    let paths = paths.iter().map(|path| if path == "." { folder.clone() } else { folder.join(path) }).collect();
    Ok(Some(Choice::Paths(folder, paths)))
}

/// What coverage is wanted: flag, files, configuration.
fn wish(args: &TestArgs, loaded: &Loaded, members: &[usize], suites: &[Suite]) -> Result<Wish, Failure> {
    let table = &loaded.config.test;
    let unit = |text: &String| -> Result<Unit, Failure> {
        let names = UNITS.map(|(name, _)| name);
        let found = UNITS.into_iter().find(|(name, _)| name == text).map(|(_, unit)| unit);
        found.ok_or_else(|| {
            let hint = nearest::hint(text, names);
            Failure::usage(format!("[test] unit `{text}`{hint}; there are {}", names.join(", ")))
        })
    };
    let configured = table.unit.as_ref().map(unit).transpose()?;
    let mut wish = Wish { is_asked: args.pick.fail_under.is_some(), ..Wish::default() };
    let mut least = None;
    for (coverage, _) in members.iter().filter_map(|at| suites.get(*at)?.coverage.as_ref()) {
        wish.is_asked = true;
        wish.unit = wish.unit.or(coverage.unit);
        least = coverage.fail_under.into_iter().chain(least).reduce(f64::max);
        wish.exclude.extend(coverage.exclude.iter().map(|text| text.0.clone()));
    }
    wish.unit = wish.unit.or(configured);
    wish.fail_under = args.pick.fail_under.or(least).or(table.fail_under);
    wish.is_asked |= wish.fail_under.is_some();
    if wish.fail_under.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) {
        return Err(Failure::usage("--fail-under is a part in percent, 0 to 100"));
    }
    Ok(wish)
}

/// Which tests run, and against what.
struct How<'h> {
    picks: &'h dyn Fn(&str) -> bool,
    /// A running gateway.
    #[cfg(feature = "serve")]
    live: Option<&'h suite::live::Live>,
}

/// The gateway of `--live`.
#[cfg(feature = "serve")]
fn live(args: &TestArgs) -> Result<Option<suite::live::Live>, Failure> {
    let urls = &args.pick.live;
    (!urls.is_empty()).then(|| suite::live::Live::read(urls, args.pick.live_ca.as_deref())).transpose()
}

/// Runs files on the worlds of one choice.
fn one(worlds: &Worlds, wish: &Wish, members: &[usize], how: &How<'_>, report: &mut Report) {
    let several = worlds.runs.len() > 1;
    for run in &worlds.runs {
        let is_named = several || run.spec.name != "default";
        let world = World::new(run, is_named.then_some(run.spec.name.as_str()));
        let mut runner = Runner::new(&world);
        #[cfg(feature = "serve")]
        {
            runner.live = how.live;
        }
        for (at, suite) in members.iter().filter_map(|at| Some((*at, report.suites.get(*at)?))) {
            runner.run(at, suite, how.picks, &mut report.outcomes);
        }
        report.covered.push(runner.reached.count(&world, wish));
        let refused = run.compilation.graph.refused.len();
        let is_checked = run.compilation.objects.iter().any(|object| object.role == Role::Checked);
        if refused > 0 && is_checked {
            report
                .notes
                .push(format!("{} of the world would be refused; see gwc check", output::counted(refused, "object")));
        }
    }
}

/// Writes tests that pin what happens today.
fn record(global: &GlobalArgs, args: &TestArgs, file: Option<&Path>) -> Outcome {
    let is_given = !args.paths.is_empty() || !args.input.filename.is_empty() || !args.input.env.is_empty();
    let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Auto)?;
    if settings.worlds.len() > 1 {
        let names: Vec<&str> = settings.worlds.iter().map(|world| world.name.as_str()).collect();
        return Err(Failure::usage(format!("one world can be recorded; name it with --env: {}", names.join(", "))));
    }
    let world = settings.worlds.first().map(|world| match (world.name.as_str(), is_given) {
        ("default", true | false) => suite::record::Source::Paths(world.paths.clone()),
        (name, _) => suite::record::Source::Env(name.to_owned()),
    });
    if let Some(file) = file {
        suite::record::may_be_replaced(file)?;
    }
    let worlds = commands::compile_worlds(global, &mut settings, args.input.stdin_filename.as_deref())?;
    let Some((run, source)) = worlds.runs.first().zip(world) else { return Ok(worlds.exit) };
    let world = World::new(run, None);
    let (text, count) = suite::record::record(&world, &source, file);
    emit(&text, file)?;
    if let Some(file) = file.filter(|_| global.quiet == 0) {
        say(&format!("{} written to {}", output::counted(count, "test"), file.display()));
    }
    Ok(worlds.exit)
}
