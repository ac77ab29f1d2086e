//! A run of `gwc serve`: the first load, then events one after the other until the end.
//!
//! The engine has its own threads; here is the one that waits, loads anew, and tells.

use std::io::IsTerminal;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use gwc_core::ir::Config;
use gwc_core::ir::secret::SecretStore;
use gwc_runtime::admin::{Admin, Facts};
use gwc_runtime::echo::{Echo, EchoService};
use gwc_runtime::{Applied, Load, Runtime};

use crate::cli::GlobalArgs;
use crate::cli::serve::{ServeArgs, Switch};
use crate::failure::{Exit, Failure, Outcome};
use crate::options::time;
use crate::output::style::Style;
use crate::output::{emit, say};
use crate::serve::admin::Judged;
use crate::serve::authority::{Authority, Local};
use crate::serve::command::{self, Running};
use crate::serve::examples::{self, Reach};
use crate::serve::ir_file::IrFile;
use crate::serve::load::{Loaded, Loader, Refused, Rest, World};
use crate::serve::map::Maps;
use crate::serve::plan::{self, Binds, FIRST_FREE, OFFSET, Place, Plan, Wishes};
use crate::serve::{admin, memory, proxy, redirects, signals, table, unserved, watch};

/// Something that a run waits for.
#[derive(Debug)]
pub(crate) enum Event {
    /// Files may have changed.
    Changed,
    /// SIGHUP.
    Reload,
    /// SIGTERM, or SIGINT.
    Stop {
        /// SIGINT: on a terminal somebody is waiting.
        interrupt: bool,
    },
    /// The command of `--exec` ended with this code.
    Ended(u8),
    /// All connections have ended, or their time is over.
    Drained,
}

/// After a change, files are read once nothing has changed for this long,
const QUIET: Duration = Duration::from_millis(50);
/// or after this long.
const LONGEST: Duration = Duration::from_millis(500);

/// How long connections may take to end when somebody waits at the terminal, or the command has ended.
const IMPATIENT: Duration = Duration::from_secs(1);

/// What a load is, once it meets this machine.
struct Prepared {
    config: Config,
    secrets: SecretStore,
    plan: Plan,
    unserved: Vec<String>,
    without: Vec<String>,
    notes: Vec<String>,
    judged: Judged,
    /// Goes once the load is served.
    _rest: Rest,
}

/// A load that is served.
struct Served {
    config: Arc<Config>,
    generation: u64,
    /// By position in [`Config::sockets`]: its address, or why it has none.
    addresses: Vec<Result<SocketAddr, String>>,
}

/// Where loads come from.
enum Source {
    Manifests(Box<Loader>),
    Ir(IrFile),
}

impl Source {
    fn load(&mut self) -> Result<Loaded, Refused> {
        match self {
            Self::Manifests(loader) => loader.load(),
            Self::Ir(file) => file.load(),
        }
    }

    fn paths(&self) -> Vec<PathBuf> {
        match self {
            Self::Manifests(loader) => loader.paths().cloned().collect(),
            Self::Ir(file) => vec![file.path().clone()],
        }
    }
}

/// State of a run.
struct Session<'s> {
    global: &'s GlobalArgs,
    args: &'s ServeArgs,
    source: Source,
    binds: Binds,
    maps: Maps,
    /// Added to every port; decided by the first load.
    offset: Option<u16>,
    plan: Plan,
    echo: Option<Echo>,
    local: Local,
    facts: Facts,
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &ServeArgs) -> Outcome {
    #[cfg(feature = "cluster")]
    if args.cluster.context.is_some() {
        let (options, log) = proxy::options(&args.proxy, &args.run, tell)?;
        let outcome = crate::cluster::serve(&args.cluster, &args.run, options);
        log.finish();
        return outcome;
    }
    let maps = Maps::read(&args.backends.map)?;
    let source = match &args.run.ir {
        Some(file) => Source::Ir(IrFile::new(file)),
        None => Source::Manifests(Box::new(Loader::new(global, args, &maps)?)),
    };
    let binds = Binds::read(&args.listen.bind)?;
    let (options, log) = proxy::options(&args.proxy, &args.run, tell)?;
    let offset = args.listen.port_offset;
    let local = Local::new(args.listen.tls, std::env::temp_dir(), time::clock());
    let mut session = Session {
        global,
        args,
        source,
        binds,
        maps,
        offset,
        plan: Plan::default(),
        echo: None,
        local,
        facts: admin::facts(),
    };
    let start = Instant::now();
    let (sender, events) = channel();
    if !args.run.validate {
        signals::start(sender.clone()).map_err(|error| Failure::internal(format!("signals: {error}")))?;
    }
    // Watching begins before the first look, so that no change falls between.
    let watch = (args.run.watch == Switch::On && !args.run.validate).then(|| {
        let paths = session.source.paths();
        watch::start(paths.iter(), sender.clone(), &|text| say(&format!("warning: {text}")))
    });
    let prepared = session.first()?;
    if args.run.validate {
        session.show(&prepared.config, &prepared, &planned(&prepared.plan), None)?;
        return Ok(Exit::Success);
    }
    let runtime = Runtime::start(options).map_err(|error| Failure::input(error.to_string()))?;
    let outcome = session.serve(&runtime, (prepared, start), sender, &events);
    runtime.shutdown();
    drop((runtime, watch));
    log.finish();
    outcome
}

/// What the proxy has to tell.
fn tell(event: gwc_runtime::Event) {
    say(&match event {
        gwc_runtime::Event::Unsupported { rule, needs } => {
            format!("warning: {rule} needs {needs}, which is not built yet: 501")
        }
        gwc_runtime::Event::Panic { message } => {
            format!("error: a connection was closed after an internal error: {message}; please report it")
        }
        gwc_runtime::Event::NoDescriptors => "warning: no file descriptors are left; accepting pauses".to_owned(),
        gwc_runtime::Event::Material { id, problem } => format!("warning: certificate {id}: {problem}"),
        other => format!("warning: {other:?}"),
    });
}

/// Addresses as they are planned.
fn planned(plan: &Plan) -> Vec<Result<SocketAddr, String>> {
    let place = |place: &Place| match place {
        Place::At(at) => Ok(*at),
        Place::Nowhere(why) => Err(why.clone()),
    };
    plan.places.iter().map(place).collect()
}

/// Addresses as they are bound.
fn bound(plan: &Plan, applied: &Applied) -> Vec<Result<SocketAddr, String>> {
    let mut all = planned(plan);
    for one in &applied.bound {
        if let Some(slot) = all.get_mut(one.socket) {
            *slot = one.result.clone().map_err(|error| cannot_bind(one.asked, &error));
        }
    }
    all
}

/// Why an address is not bound, and what helps.
fn cannot_bind(at: SocketAddr, error: &std::io::Error) -> String {
    use std::io::ErrorKind;

    let kind = error.kind();
    if kind == ErrorKind::PermissionDenied {
        format!("no right to bind {at}; see --port-offset, or sysctl net.ipv4.ip_unprivileged_port_start")
    } else if kind == ErrorKind::AddrInUse {
        format!("{at} is in use by another process; see --port-offset, --bind")
    } else if kind == ErrorKind::AddrNotAvailable {
        format!("this machine does not have the address {}", at.ip())
    } else {
        format!("{at}: {error}")
    }
}

impl Session<'_> {
    /// The first load, which must succeed.
    fn first(&mut self) -> Result<Prepared, Failure> {
        let world = match self.source.load() {
            Ok(Loaded::Good(world)) => world,
            Ok(Loaded::Same) => return Err(Failure::internal("the first load found nothing new")),
            Err(Refused { text, exit }) => {
                say(&text);
                let hint = match (exit, &self.source) {
                    (Exit::Bad, Source::Manifests(_)) => "; --keep-going serves the rest",
                    _ => "",
                };
                return Err(Failure { exit, message: format!("nothing is served{hint}") });
            }
        };
        let prepared = self.prepare(*world).map_err(|error| Failure::input(format!("--echo, --tls: {error}")))?;
        let unknown: Vec<String> = self.binds.unknown(&prepared.config.gateways).collect();
        if let Some(name) = unknown.first() {
            return Err(Failure::usage(format!("--bind: no Gateway `{name}` is served")));
        }
        self.notes(&prepared);
        if prepared.config.sockets.is_empty() {
            prepared.unserved.iter().for_each(|line| say(&format!("not served: {line}")));
            let allowed = self.args.input.allow_empty;
            let message = "no listener of a Gateway can be served".to_owned();
            return if allowed { Ok(prepared) } else { Err(Failure { exit: Exit::Bad, message }) };
        }
        Ok(prepared)
    }

    fn notes(&self, prepared: &Prepared) {
        if self.global.quiet == 0 {
            prepared.notes.iter().for_each(|note| say(&format!("note: {note}")));
        }
    }

    /// Addresses, endpoints and certificates for a world.
    fn prepare(&mut self, world: World) -> std::io::Result<Prepared> {
        let World { mut config, mut secrets, statuses, unserved, mut notes, rest, .. } = world;
        let classes = &self.args.listen.gateway_class;
        if !classes.is_empty() {
            let is_wanted = |class: &str| classes.iter().any(|wanted| wanted == class);
            config = config.restricted(|config, socket, _| is_wanted(&config.gateway(socket).class));
        }
        let offset = *self.offset.get_or_insert_with(|| offset(&config, &mut notes));
        let wishes = Wishes { binds: &self.binds, offset, many_loopbacks: cfg!(target_os = "linux") };
        let plan = plan::plan(&config, &wishes, &self.plan.gateways);

        if self.args.proxy.redirect_bound_port {
            redirects::settle(&mut config, &plan);
        } else if redirects::lead_astray(&config, &plan) {
            let flag = "--redirect-bound-port lets them name those that are bound";
            notes.push(format!("redirects name ports as the manifests do; {flag}"));
        }

        if self.args.backends.echo && self.echo.is_none() && !self.args.run.validate {
            self.echo = Some(Echo::start()?);
        }
        let filled = if self.args.backends.echo {
            let echo = self.echo.as_ref();
            let mut address = |backend: &gwc_core::ir::Backend| match echo {
                Some(echo) => echo.add(service(backend)),
                // Nothing is sent: any address will do.
                None => Ok(SocketAddr::from(([127, 0, 0, 1], 1))),
            };
            self.maps.fill(&mut config, Some(&mut address))
        } else {
            self.maps.fill(&mut config, None)
        };
        notes.extend(filled.notes);

        let addresses: Vec<Option<IpAddr>> =
            config.gateways.iter().map(|gateway| plan.gateways.get(&plan::name_of(gateway)).copied()).collect();
        let address = |gateway: u32| addresses.get(gateway as usize).copied().flatten();
        self.local.supply(&mut config, &mut secrets, address)?;

        let judged = Judged::new(&statuses, &config);
        let mut all = unserved;
        all.extend(unserved::of_proxy(&config));
        self.plan = plan.clone();
        Ok(Prepared { config, secrets, plan, unserved: all, without: filled.without, notes, judged, _rest: rest })
    }

    /// Hands a load to the workers.
    fn swap(&self, runtime: &Runtime, prepared: &mut Prepared, start: Instant) -> Served {
        let config = Arc::new(std::mem::take(&mut prepared.config));
        let secrets = Arc::new(std::mem::take(&mut prepared.secrets));
        let place = |place: &Place| match place {
            Place::At(at) => vec![*at],
            Place::Nowhere(_) => Vec::new(),
        };
        let addresses = prepared.plan.places.iter().map(place).collect();
        let applied = runtime.swap(Load { config: Arc::clone(&config), secrets, addresses });
        std::mem::take(&mut prepared.judged).tell(&self.facts, &applied, start.elapsed());
        let addresses = bound(&prepared.plan, &applied);
        Served { config, generation: applied.generation, addresses }
    }

    /// Serves until the end.
    fn serve(
        &mut self,
        runtime: &Runtime,
        (mut prepared, start): (Prepared, Instant),
        sender: Sender<Event>,
        events: &Receiver<Event>,
    ) -> Outcome {
        let Served { config, addresses, .. } = self.swap(runtime, &mut prepared, start);
        if !config.sockets.is_empty() && addresses.iter().all(Result::is_err) {
            let reasons: Vec<&str> =
                addresses.iter().filter_map(|one| one.as_ref().err().map(String::as_str)).collect();
            return Err(Failure::input(format!("no address can be bound: {}", reasons.join("; "))));
        }
        let admin = admin::start(self.args.run.admin.as_deref(), runtime, &self.facts)?;
        let admin_address = admin.as_ref().map(Admin::address);
        self.show(&config, &prepared, &addresses, admin_address)?;
        let mut running = None;
        if !self.args.run.exec.is_empty() {
            let file = self.local.file();
            let variables = command::variables(&config, &addresses, file, admin_address);
            let started = command::start(&self.args.run.exec, variables, sender.clone());
            let name = self.args.run.exec.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
            running = Some(started.map_err(|error| Failure::usage(format!("--exec `{name}`: {error}")))?);
        }
        // From here on nothing of the first load is needed but what workers have.
        drop((config, prepared));
        self.wait(runtime, running, &sender, events)
    }

    /// Handles events until one ends the run.
    fn wait(
        &mut self,
        runtime: &Runtime,
        running: Option<Running>,
        sender: &Sender<Event>,
        events: &Receiver<Event>,
    ) -> Outcome {
        let mut waiting: Option<Event> = None;
        loop {
            let Some(event) = waiting.take().or_else(|| memory::next(events)) else {
                return Err(Failure::internal("nothing is left to wait for"));
            };
            match event {
                Event::Changed => {
                    waiting = settle(events);
                    self.reload(runtime, false);
                }
                Event::Reload => self.reload(runtime, true),
                Event::Stop { interrupt } => {
                    let ended = self.stop(runtime, interrupt, sender, events);
                    // A command that did not come to its end has no code of its own.
                    let is_whole = running.is_none() && ended == Stopped::Drained;
                    return Ok(Some(Exit::Success).filter(|_| is_whole).unwrap_or(by_signal(interrupt)));
                }
                Event::Ended(code) => {
                    runtime.drain(IMPATIENT.min(self.args.run.drain_timeout));
                    return Ok(Exit::Given(code));
                }
                Event::Drained => {}
            }
        }
    }

    /// Lets connections end; a second signal ends at once.
    fn stop(&self, runtime: &Runtime, interrupt: bool, sender: &Sender<Event>, events: &Receiver<Event>) -> Stopped {
        let run = &self.args.run;
        let is_awaited = interrupt && std::io::stderr().is_terminal();
        let (delay, limit) = match is_awaited {
            true => (Duration::ZERO, IMPATIENT.min(run.drain_timeout)),
            false => (run.drain_delay.unwrap_or_default(), run.drain_timeout),
        };
        if self.global.quiet == 0 {
            say("stopping: open connections may end; another signal closes them");
        }
        admin::update(&self.facts, |facts| facts.is_stopping = true);
        if !delay.is_zero() && is_stopped(events, Some(delay)) {
            return Stopped::AtOnce;
        }
        let (handle, sender) = (runtime.clone(), sender.clone());
        let drain = move || {
            handle.drain(limit);
            let _ = sender.send(Event::Drained);
        };
        if std::thread::Builder::new().name("drain".to_owned()).spawn(drain).is_err() {
            return Stopped::AtOnce;
        }
        if is_stopped(events, None) { Stopped::AtOnce } else { Stopped::Drained }
    }

    /// Loads anew; whatever goes wrong, the old load stays whole.
    fn reload(&mut self, runtime: &Runtime, asked: bool) {
        let start = Instant::now();
        let world = match self.source.load() {
            Ok(Loaded::Good(world)) => world,
            Ok(Loaded::Same) => {
                if asked && self.global.quiet == 0 {
                    say("reload: nothing has changed");
                }
                return;
            }
            Err(Refused { text, .. }) => {
                say(&text);
                let first = text.lines().next().unwrap_or_default();
                admin::update(&self.facts, |facts| facts.refused(first));
                return say("reload: refused; what was served before stays");
            }
        };
        let changes = changes(&world.changes);
        let mut prepared = match self.prepare(*world) {
            Ok(prepared) => prepared,
            Err(error) => {
                admin::update(&self.facts, |facts| facts.refused(error.to_string()));
                return say(&format!("reload: {error}; what was served before stays"));
            }
        };
        self.notes(&prepared);
        let Served { generation, addresses, .. } = self.swap(runtime, &mut prepared, start);
        for why in addresses.iter().filter_map(|one| one.as_ref().err()) {
            say(&format!("warning: {why}"));
        }
        if self.global.quiet == 0 {
            let milliseconds = start.elapsed().as_millis();
            say(&format!("reload: generation {generation}, {changes}, {milliseconds} ms"));
        }
    }

    /// Prints the account.
    fn show(
        &self,
        config: &Config,
        prepared: &Prepared,
        addresses: &[Result<SocketAddr, String>],
        admin: Option<SocketAddr>,
    ) -> Result<(), Failure> {
        if self.global.quiet > 0 {
            return Ok(());
        }
        // What a run that only loads has made ends with it.
        let is_running = !self.args.run.validate;
        let authority = self.local.file().filter(|_| is_running);
        let is_local = &Authority::is_own;
        let reach = Reach { addresses, authority, is_local };
        let (lines, pages) = match is_running {
            true => (examples::examples(config, &reach), examples::pages(config, &reach)),
            false => (Vec::new(), Vec::new()),
        };
        let account = table::Account {
            config,
            addresses,
            unserved: &prepared.unserved,
            without: &prepared.without,
            examples: &lines,
            pages: &pages,
            authority,
            admin,
        };
        emit(&table::write(&account, Style::of_stdout(self.global)), None)
    }
}

/// As a shell tells the end by SIGINT or SIGTERM.
fn by_signal(interrupt: bool) -> Exit {
    Exit::Given(if interrupt { 130 } else { 143 })
}

/// How a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stopped {
    /// Connections have ended, or their time was over.
    Drained,
    /// A second signal.
    AtOnce,
}

/// Waits until all is drained, or for this long; true: a signal came first.
fn is_stopped(events: &Receiver<Event>, limit: Option<Duration>) -> bool {
    let until = limit.map(|limit| Instant::now() + limit);
    loop {
        let event = match until {
            Some(until) => events.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Ok(Event::Stop { .. }) => return true,
            Ok(Event::Drained) | Err(_) => return false,
            Ok(Event::Changed | Event::Reload | Event::Ended(_)) => {}
        }
    }
}

/// Waits until files rest; an event of another kind that came meanwhile.
fn settle(events: &Receiver<Event>) -> Option<Event> {
    let until = Instant::now() + LONGEST;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match events.recv_timeout(QUIET.min(left)) {
            Ok(Event::Changed) if !left.is_zero() => {}
            Ok(Event::Changed) | Err(_) => return None,
            Ok(other) => return Some(other),
        }
    }
}

/// What changed, in a few words.
fn changes(all: &[String]) -> String {
    const MOST: usize = 3;
    match all.len() {
        0 => "no object changed".to_owned(),
        1..=MOST => all.join(", "),
        more => format!("{}, {} more", all.iter().take(MOST).cloned().collect::<Vec<_>>().join(", "), more - MOST),
    }
}

/// The offset of ports: that of the flag, else what the right to bind low ports allows.
fn offset(config: &Config, notes: &mut Vec<String>) -> u16 {
    let low = config.sockets.iter().map(|socket| socket.port).find(|port| *port < FIRST_FREE);
    let is_refused = |port: u16| {
        let probe = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port));
        probe.is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
    };
    if !low.is_some_and(is_refused) {
        return 0;
    }
    notes.push(format!(
        "without the right to bind ports below {FIRST_FREE}, {OFFSET} is added to every port (--port-offset)"
    ));
    OFFSET
}

fn service(backend: &gwc_core::ir::Backend) -> EchoService {
    let key = &backend.key;
    EchoService {
        namespace: key.namespace.to_string(),
        service: key.name.to_string(),
        port: key.port.unwrap_or_default(),
        protocol: backend.protocol,
    }
}
