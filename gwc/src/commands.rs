//! One arm per command, and what commands on manifests share: reading and compiling the worlds.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use gwc_core::source::{Origin, Role};

use crate::arguments::{self, Stop};
use crate::cli::{Cli, Command, GlobalArgs};
use crate::compile as compiler;
use crate::failure::{Exit, Failure, Outcome};
use crate::findings::Run;
use crate::input::stdin::Stdin;
use crate::input::{self, Order, Request};
use crate::options::{Settings, WorldSpec};
use crate::output::{emit, say};
use crate::progress::Progress;

pub(crate) mod admission;
pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod ingress_migrate;
pub(crate) mod man;
pub(crate) mod route;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod test;
pub(crate) mod version;

/// Parses the arguments and runs the command.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> Outcome {
    let (cli, matches) = match arguments::parse(arguments) {
        Ok(parsed) => parsed,
        Err(Stop::Text(text)) => return emit(&text, None).map(|()| Exit::Success),
        Err(Stop::Help(text)) => {
            say(&text);
            return Ok(Exit::Usage);
        }
        Err(Stop::Failure(failure)) => return Err(failure),
    };
    let Cli { global, command } = cli;
    match command {
        Command::Check(args) => check::run(&global, &args),
        Command::Status(args) => status::run(&global, &args),
        Command::Explain(args) => explain::run(&global, &args),
        Command::Compile(args) => self::compile::run(&global, &args),
        Command::Diff(args) => diff::run(&global, &args),
        Command::Graph(args) => graph::run(&global, &args),
        Command::Route(args) => route::run(&global, &args),
        Command::Test(args) => test::run(&global, &args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => crate::serve::session::run(&global, &args),
        Command::IngressMigrate(args) => ingress_migrate::run(&global, &args),
        Command::Rules(args) => rules::run(&global, &args),
        Command::Config(args) => config::run(&global, &args, &matches),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
        Command::Version(args) => version::run(&args),
    }
}

/// Compiled worlds and what could not be read.
pub(crate) struct Worlds {
    /// The worlds that hold anything.
    pub(crate) runs: Vec<Run>,
    /// The exit code that the input asks for: `Input` after a problem, else `Success`.
    pub(crate) exit: Exit,
    /// Test files in the folders of each world.
    pub(crate) tests: Vec<Vec<input::files::File>>,
    /// Time spent reading.
    pub(crate) reading: Duration,
    /// Time spent compiling.
    pub(crate) compiling: Duration,
}

/// Reads and compiles all worlds of the settings; says on stderr what could not be read.
pub(crate) fn compile_worlds(
    global: &GlobalArgs,
    settings: &mut Settings,
    stdin_name: Option<&str>,
) -> Result<Worlds, Failure> {
    let mut worlds = Worlds {
        runs: Vec::new(),
        exit: Exit::Success,
        tests: Vec::new(),
        reading: Duration::ZERO,
        compiling: Duration::ZERO,
    };
    let mut stdin = Stdin::new(stdin_name);
    let progress = Progress::new(global);
    remarks(global, settings);
    if let Some(threads) = global.threads {
        // Reading is parallel too, so a wish comes before the first file.
        set_threads(threads.get());
    }
    for spec in std::mem::take(&mut settings.worlds) {
        let start = Instant::now();
        progress.say("reading");
        let (sources, tests) = read(settings, &spec, Order::ByName, &mut stdin, &mut worlds.exit);
        worlds.tests.push(tests);
        let read = Instant::now();
        if sources.len() < FEW_SOURCES {
            set_threads(1);
        }
        progress.say(&format!("checking {} files", sources.len()));
        let compilation = compiler::compile(&sources, &spec.profile);
        worlds.reading += read - start;
        worlds.compiling += read.elapsed();
        worlds.runs.push(Run { spec, sources, compilation });
    }
    progress.clear();
    let is_empty = worlds.runs.iter().all(|run| !has_content(run));
    if is_empty && worlds.exit == Exit::Success && !settings.allow_empty {
        return Err(nothing_found(&worlds.runs));
    }
    Ok(worlds)
}

/// The texts of a world, and the test files beside them; problems go to stderr and into `exit`.
pub(crate) fn read(
    settings: &Settings,
    spec: &WorldSpec,
    order: Order,
    stdin: &mut Stdin,
    exit: &mut Exit,
) -> (gwc_core::source::SourceMap, Vec<input::files::File>) {
    let request =
        Request { paths: &spec.paths, context: &spec.context, root: &settings.root, filter: &settings.filter, order };
    let input = input::load(&request, stdin);
    for problem in &input.problems {
        say(&format!("error: {problem}"));
        *exit = (*exit).max(Exit::Input);
    }
    (input.sources, input.tests)
}

/// Things to know about the configuration, unless quiet.
pub(crate) fn remarks(global: &GlobalArgs, settings: &Settings) {
    if global.quiet == 0 {
        settings.remarks.iter().for_each(|remark| say(&format!("note: {remark}")));
    }
    if global.verbose > 0 {
        let path = settings.loaded.path.as_ref().map_or_else(|| "none".to_owned(), |path| path.display().to_string());
        say(&format!("configuration: {path}"));
    }
}

/// With fewer texts than this, threads cost more than they save.
const FEW_SOURCES: usize = 32;

/// Sets the size of the thread pool, once: the pool of the first world serves all of them.
pub(crate) fn set_threads(wanted: usize) {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(wanted);
    let builder = if wanted == 1 { builder.use_current_thread() } else { builder };
    let _ = builder.build_global();
}

/// A world holds something when a checked text gave an object or does not parse.
fn has_content(run: &Run) -> bool {
    let is_checked = |object: &compiler::ObjectSummary| object.role == Role::Checked;
    run.compilation.objects.iter().any(is_checked) || !run.compilation.diagnostics.0.is_empty()
}

fn nothing_found(runs: &[Run]) -> Failure {
    let is_file = |source: &gwc_core::source::Source| source.role == Role::Checked && source.origin != Origin::Memory;
    let files: usize = runs.iter().map(|run| run.sources.iter().filter(|(_, source)| is_file(source)).count()).sum();
    let what = match files {
        0 => "no manifests found: no file ends in .yaml, .yml or .json".to_owned(),
        1 => "no Kubernetes objects found in 1 file".to_owned(),
        files => format!("no Kubernetes objects found in {files} files"),
    };
    Failure::input(format!("{what}; name other paths, or allow it with --allow-empty"))
}
