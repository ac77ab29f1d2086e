//! `gwc route`: what happens to one request, or to the requests of a record.

use std::path::{Path, PathBuf};

use gwc_core::predict::{Predictor, predict};
use gwc_core::profile::WorldMode;

use crate::cli::GlobalArgs;
use crate::cli::route::{BatchArgs, LogFormat, RequestArgs, RouteArgs};
use crate::commands;
use crate::compile::ObjectSummary;
use crate::failure::{Exit, Failure, Outcome};
use crate::findings::Run;
use crate::options::Settings;
use crate::output::style::Style;
use crate::output::{self, Wanted, counted, emit, route_batch, route_table, route_tree, say};
use crate::route::answer::{Extent, answer};
use crate::route::batch::log::Template;
use crate::route::batch::{self, BatchReport, Record};
use crate::route::model::{self, Answer, RouteReport};
use crate::route::request::{self, Asked};
use crate::route::scope::{Arrival, GatewayName, arrivals, nowhere};
use crate::route::why_not::{self, why_not};
use crate::route::{World, curl, outcome};
use crate::texts::printable;

/// Formats, the default first.
const FORMATS: [(&str, Format); 3] = [("tree", Format::Tree), ("table", Format::Table), ("json", Format::Json)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Tree,
    Table,
    Json,
}

/// How many lines lists of a record have.
const TOP: usize = 10;

/// What is asked of the worlds.
enum Question {
    /// What happens to this request.
    One(Asked),
    /// What happens to those of a record, by name.
    Many(String, Record),
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &RouteArgs) -> Outcome {
    let wanted = output::wanted(&args.question.output, &FORMATS)?;
    let gateway = args.question.gateway.as_deref().map(GatewayName::parse).transpose()?;
    let whys: Vec<why_not::Wanted> =
        args.question.why_not.iter().map(|text| why_not::Wanted::parse(text)).collect::<Result<_, _>>()?;
    let (question, paths) = question(global, args)?;
    let mut settings = Settings::new(global, &args.input, &paths, WorldMode::Auto)?;
    let worlds = commands::compile_worlds(global, &mut settings, args.input.stdin_filename.as_deref())?;
    let has_several = worlds.runs.len() > 1;
    let name = |run: &Run| has_several.then(|| run.spec.name.clone());
    let names: Vec<Option<String>> = worlds.runs.iter().map(name).collect();
    let served: Vec<World<'_>> =
        worlds.runs.iter().zip(&names).map(|(run, name)| World::new(run, name.as_deref())).collect();
    let compilations: Vec<_> = worlds.runs.iter().map(|run| &run.compilation).collect();
    if let Some(failure) = gateway.as_ref().and_then(|name| name.problem(&compilations)) {
        return Err(failure);
    }
    worlds.runs.iter().for_each(|run| left_out(global, run));
    let is_matched = match question {
        Question::One(asked) => {
            let extent = if args.question.all { Extent::All } else { Extent::Near };
            let inquiry = Inquiry { asked, gateway, whys, extent };
            let report = inquiry.report(&served)?;
            print_one(global, &wanted, &report, extent)?;
            report.matched
        }
        Question::Many(name, record) => {
            let top = args.batch.top.unwrap_or(TOP);
            let report = spread(&served, (name, &record), gateway.as_ref(), top);
            print_many(global, &wanted, &report, top)?;
            report.worlds.iter().all(|world| world.unmatched == 0)
        }
    };
    let verdict = if args.question.fail_unmatched && !is_matched { Exit::Bad } else { Exit::Success };
    Ok(worlds.exit.max(verdict))
}

/// Says on stderr that objects do not count.
fn left_out(global: &GlobalArgs, run: &Run) {
    let refused = run.compilation.graph.refused.len();
    if refused > 0 && global.quiet == 0 {
        let what = counted(refused, "object");
        say(&format!("note: {what} would be refused by the API server and is left out; see `gwc check`"));
    }
}

/// What is asked, and where the manifests are.
fn question(global: &GlobalArgs, args: &RouteArgs) -> Result<(Question, Vec<PathBuf>), Failure> {
    let BatchArgs { from_har, from_log, .. } = &args.batch;
    let mut paths = args.paths.clone();
    let Some(file) = from_har.as_ref().or(from_log.as_ref()) else {
        let text = args.request.as_deref().unwrap_or_default();
        let asked = one(global, text, &args.options)?;
        return Ok((Question::One(asked), paths));
    };
    // Without a URL the first word is a path of manifests like the others.
    let url = args.request.as_ref().filter(|word| word.contains("://"));
    if let Some(word) = args.request.as_ref().filter(|_| url.is_none()) {
        paths.insert(0, PathBuf::from(word));
    }
    let record = record(file, url.map(String::as_str), args)?;
    Ok((Question::Many(file.display().to_string().replace('\\', "/"), record), paths))
}

/// The request of the command line, or of the curl line in it.
fn one(global: &GlobalArgs, text: &str, options: &RequestArgs) -> Result<Asked, Failure> {
    if !curl::is_line(text) {
        if !text.contains("://") && !text.starts_with('/') && Path::new(text).exists() {
            let message =
                format!("`{text}` is a path of this machine; the request comes first: gwc route URL -- {text}");
            return Err(Failure::usage(message));
        }
        return request::request(text, options);
    }
    let pasted = curl::parse(text)?;
    if !pasted.without_effect.is_empty() && global.quiet == 0 {
        say(&format!("note: without effect on routing: {}", pasted.without_effect.join(", ")));
    }
    let own = ["--sni", "--resolve-port"];
    let line = RequestArgs { sni: None, resolve_port: None, ..options.clone() };
    if line != RequestArgs::default() {
        let message =
            format!("options of the request belong into the curl line; beside it stand {}", own.join(" and "));
        return Err(Failure::usage(message));
    }
    let sni = options.sni.clone().or(pasted.options.sni);
    let resolve_port = options.resolve_port.or(pasted.options.resolve_port);
    request::request(&pasted.url, &RequestArgs { sni, resolve_port, ..pasted.options })
}

/// The requests of a HAR file or log.
fn record(file: &Path, url: Option<&str>, args: &RouteArgs) -> Result<Record, Failure> {
    let options = &args.options;
    let allowed = RequestArgs {
        header: options.header.clone(),
        sni: options.sni.clone(),
        resolve_port: options.resolve_port,
        ..RequestArgs::default()
    };
    if *options != allowed {
        return Err(Failure::usage("of the request's options a record takes -H, --sni and --resolve-port only"));
    }
    let text = match file.as_os_str() == "-" {
        true => std::io::read_to_string(std::io::stdin()),
        false => std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    };
    let text = text.map_err(|error| Failure::input(format!("cannot read `{}`: {error}", file.display())))?;
    let base = request::request(url.unwrap_or("/"), options)?;
    let Some(format) = args.batch.from_log.as_ref().map(|_| args.batch.log_format.unwrap_or(LogFormat::Combined))
    else {
        if url.is_some() || !options.header.is_empty() || options.sni.is_some() {
            return Err(Failure::usage("a HAR file has URLs and headers of its own; only --resolve-port goes with it"));
        }
        let read = batch::har::read(&text, options.resolve_port);
        return read.map_err(|problem| Failure::input(format!("`{}`: {problem}", file.display())));
    };
    if !matches!(base.request.target.as_str(), "/" | "") {
        return Err(Failure::usage(format!(
            "the paths come from the log; leave `{}` out of the URL",
            base.request.target
        )));
    }
    let template = Template { request: base.request, port: options.resolve_port, is_sni_fixed: options.sni.is_some() };
    Ok(batch::log::read(&text, format, &template))
}

/// One request and what is asked about it.
struct Inquiry {
    asked: Asked,
    gateway: Option<GatewayName>,
    whys: Vec<why_not::Wanted>,
    extent: Extent,
}

impl Inquiry {
    fn report(&self, worlds: &[World<'_>]) -> Result<RouteReport, Failure> {
        for wanted in &self.whys {
            if worlds.iter().all(|world| wanted.routes(world).is_empty()) {
                return Err(wanted.unknown(worlds));
            }
        }
        let mut report = RouteReport { schema: model::SCHEMA, matched: false, answers: Vec::new(), notes: Vec::new() };
        for world in worlds {
            let before = report.answers.len();
            self.answer(world, &mut report);
            if report.answers.len() == before {
                let name = world.name.map(|name| format!("world {name}: ")).unwrap_or_default();
                let text = match self.asked.any_socket {
                    true => "no Gateway serves HTTP".to_owned(),
                    false => nowhere(world.config(), &self.asked.request, self.gateway.as_ref()),
                };
                report.notes.push(format!("{name}{text}"));
            }
        }
        report.matched = report.answers.iter().any(|answer| answer.rule.is_some());
        Ok(report)
    }

    fn answer(&self, world: &World<'_>, report: &mut RouteReport) {
        let routes: Vec<&ObjectSummary> = self.whys.iter().flat_map(|wanted| wanted.routes(world)).collect();
        // One request is not worth compiling every listener.
        let predictor = std::cell::LazyCell::new(|| Predictor::new(world.config()));
        for Arrival { request, sockets } in arrivals(world.config(), &self.asked, self.gateway.as_ref()) {
            let answers = sockets.iter().filter_map(|socket| {
                let prediction = match self.asked.any_socket {
                    true => predictor.predict(*socket, &request),
                    false => predict(world.config(), *socket, &request),
                };
                let why_not = routes.iter().map(|route| why_not(world, &request, &prediction, route)).collect();
                let answer = answer(world, &request, &prediction, self.extent)?;
                let redirects = answer.outcome.location.as_ref();
                let redirects = redirects.and_then(|_| outcome::redirects(&predictor, &request, &prediction));
                Some(Answer { why_not, redirects, ..answer })
            });
            report.answers.extend(answers);
        }
    }
}

fn spread(
    worlds: &[World<'_>],
    (name, record): (String, &Record),
    gateway: Option<&GatewayName>,
    top: usize,
) -> BatchReport {
    BatchReport {
        schema: batch::SCHEMA,
        record: name,
        requests: record.requests.len(),
        unreadable: record.unreadable.clone(),
        skipped: record.skipped,
        worlds: worlds.iter().map(|world| batch::spread(world, record, gateway, top)).collect(),
    }
}

fn print_one(
    global: &GlobalArgs,
    wanted: &[Wanted<Format>],
    report: &RouteReport,
    extent: Extent,
) -> Result<(), Failure> {
    print(global, wanted, |format, style| match format {
        Format::Tree if extent == Extent::All => {
            let text = |answer: &Answer| {
                let tree = Answer { candidates: Vec::new(), more_candidates: 0, ..answer.clone() };
                format!("{}\n{}", route_tree::tree(&tree, style), route_tree::ranking(answer, style))
            };
            let notes = report.notes.iter().map(|note| printable(note) + "\n");
            report.answers.iter().map(text).chain(notes).collect::<Vec<_>>().join("\n")
        }
        Format::Tree => route_tree::write(report, style),
        Format::Table => route_table::write(report, style),
        Format::Json => json(report),
    })
}

fn print_many(global: &GlobalArgs, wanted: &[Wanted<Format>], report: &BatchReport, top: usize) -> Result<(), Failure> {
    print(global, wanted, |format, style| match format {
        Format::Tree | Format::Table => route_batch::write(report, top, style),
        Format::Json => json(report),
    })
}

fn print(
    global: &GlobalArgs,
    wanted: &[Wanted<Format>],
    write: impl Fn(Format, Style) -> String,
) -> Result<(), Failure> {
    for one in wanted {
        let style = if one.path.is_some() { Style::PLAIN } else { Style::of_stdout(global) };
        if global.quiet < 2 || one.path.is_some() {
            emit(&write(one.format, style), one.path.as_deref())?;
        }
    }
    Ok(())
}

fn json(report: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    text
}
