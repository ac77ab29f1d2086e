//! `gwc route`: what happens to one request, or to the requests of a record.

use std::path::{Path, PathBuf};

use gwc_core::predict::{Predictor, predict};
use gwc_core::profile::WorldMode;

use crate::cli::GlobalArgs;
use crate::cli::route::{BatchArgs, RequestArgs, RouteArgs};
use crate::commands;
use crate::compile::ObjectSummary;
use crate::failure::{Exit, Failure, Outcome};
use crate::findings::Run;
use crate::options::Settings;
use crate::output::style::Style;
use crate::output::{self, Wanted, counted, emit, route_batch, route_table, route_tree, say};
use crate::route::answer::{Extent, answer};
use crate::route::batch::source::Source;
use crate::route::batch::{self, BatchReport, Record, Tally};
use crate::route::model::{self, Answer, RouteReport};
use crate::route::request::{self, Asked};
use crate::route::scope::{Arrival, GatewayName, arrivals, nowhere};
use crate::route::why_not::{self, why_not};
use crate::route::{World, curl, outcome};

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
    /// What happens to those of a record.
    Many(Source),
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
        Question::Many(source) => {
            let top = args.batch.top.unwrap_or(TOP);
            let report = spread(&served, source, gateway.as_ref(), top)?;
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
    let url = args.request.as_ref().filter(|word| word.contains("://") && !Path::new(word).exists());
    if let Some(word) = args.request.as_ref().filter(|_| url.is_none()) {
        paths.insert(0, PathBuf::from(word));
    }
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    if is_stdin(file) && paths.iter().chain(&args.input.filename).any(is_stdin) {
        return Err(Failure::usage("standard input cannot be both the record and the manifests"));
    }
    Ok((Question::Many(Source::open(file, url.map(String::as_str), args)?), paths))
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
        let mut report = RouteReport {
            schema: model::SCHEMA,
            matched: false,
            answers: Vec::new(),
            notes: Vec::new(),
            why_not: Vec::new(),
        };
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
                let routes = self.whys.iter().flat_map(|wanted| wanted.routes(world));
                report.why_not.extend(routes.map(|route| why_not::unasked(world, route)));
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

/// Counts the requests of a record in every world.
fn spread(
    worlds: &[World<'_>],
    source: Source,
    gateway: Option<&GatewayName>,
    top: usize,
) -> Result<BatchReport, Failure> {
    let name = source.name.clone();
    let mut tallies: Vec<Tally<'_>> = worlds.iter().map(|world| Tally::new(world, gateway)).collect();
    let record = source.read(&mut |request| tallies.iter_mut().for_each(|tally| tally.add(request)))?;
    let Record { requests, unreadable, skipped } = record;
    let worlds = tallies.into_iter().map(|tally| tally.finish(requests, top)).collect();
    Ok(BatchReport { schema: batch::SCHEMA, record: name, requests, unreadable, skipped, worlds })
}

fn print_one(
    global: &GlobalArgs,
    wanted: &[Wanted<Format>],
    report: &RouteReport,
    extent: Extent,
) -> Result<(), Failure> {
    print(global, wanted, |format, style| match format {
        Format::Tree if extent == Extent::All => route_tree::write_ranked(report, style),
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
