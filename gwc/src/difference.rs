//! `gwc diff`: changes in words, for people and machines. What changed is decided in `gwc_core::change`.

use gwc_core::change::{Aspect, Changes, Class, Status, Traffic};
use gwc_core::ir::{Config, Filter, Match, Place, Rule};
use gwc_core::predict::{Answer, AnsweredBy, Closed, Outcome, Prediction, Request, Scheme, url};

use crate::output::ir_text;
use crate::route::{World, words};

pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod text;

/// A backend whose share moves far in one change (GWC7007).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cutover {
    /// The backend.
    pub(crate) backend: String,
    /// Percent before.
    pub(crate) old: f64,
    /// Percent now.
    pub(crate) new: f64,
    /// A request of it.
    pub(crate) request: String,
    /// `file:line:column` of the rule.
    pub(crate) place: Option<String>,
}

/// Findings of severity error that came and went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// `GWC1234 message`, only on the new side.
    pub(crate) new: Vec<String>,
    /// Only on the old side.
    pub(crate) fixed: Vec<String>,
}

/// Everything that is printed.
pub(crate) struct Report<'r> {
    /// The old side.
    pub(crate) old: World<'r>,
    /// The new side.
    pub(crate) new: World<'r>,
    /// What changed.
    pub(crate) changes: Changes,
    /// GWC7007.
    pub(crate) cutovers: Vec<Cutover>,
    /// Errors.
    pub(crate) findings: Findings,
}

/// Something that changed, in words.
pub(crate) struct Item {
    /// How bad it is.
    pub(crate) class: Class,
    /// What it is about.
    pub(crate) title: String,
    /// A request that shows it, as `gwc route` takes it.
    pub(crate) witness: Option<String>,
    /// What was.
    pub(crate) old: Option<String>,
    /// What is.
    pub(crate) new: Option<String>,
    /// Further remarks.
    pub(crate) notes: Vec<String>,
}

impl Report<'_> {
    /// One line: what it comes to.
    pub(crate) fn verdict(&self) -> String {
        let changes = &self.changes;
        let counted = |class: Class, word: &str| {
            let n = changes.count(class);
            (n > 0).then(|| format!("{n} {word}"))
        };
        let counts: Vec<String> = [
            counted(Class::Break, "break"),
            counted(Class::Unproven, "unproven"),
            counted(Class::Shift, "shift"),
            counted(Class::Add, "add"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let noops = changes.count(Class::Noop);
        let texts = if noops == 1 { "1 object".to_owned() } else { format!("{noops} objects") };
        let differ = if noops == 1 { "differs" } else { "differ" };
        match (counts.is_empty(), noops) {
            (true, 0) => "no change: every request is answered as before".to_owned(),
            (true, _) => format!("no change: {texts} {differ} in text, every request is answered as before"),
            (false, 0) => counts.join(", "),
            (false, _) => format!("{}, {texts} without effect", counts.join(", ")),
        }
    }

    /// Changes in words, the worst first.
    pub(crate) fn items(&self) -> Vec<Item> {
        let changes = &self.changes;
        let mut items: Vec<Item> =
            changes.structure.iter().map(|one| plain(one.class, format!("{} {}", one.subject, one.what))).collect();
        items.extend(changes.traffic.iter().map(|one| self.traffic(one)));
        items.extend(changes.unproven.iter().map(|one| {
            let host = one.host.as_deref().unwrap_or("requests without a name");
            let title = format!("Gateway {} port {}: {host}{} is not decided", one.gateway, one.port, one.path);
            Item { notes: vec![one.why.to_owned()], ..plain(Class::Unproven, title) }
        }));
        items.extend(changes.statuses.iter().map(status));
        items.sort_by_key(|item| item.class);
        items
    }

    fn traffic(&self, one: &Traffic) -> Item {
        let mut notes = Vec::new();
        if one.is_new_loop {
            notes.push("clients are now redirected for ever".to_owned());
        }
        if one.n_more > 0 {
            let regions =
                if one.n_more == 1 { "1 further region".to_owned() } else { format!("{} further regions", one.n_more) };
            notes.push(format!("the same in {regions}"));
        }
        let aspects: Vec<&str> = one.aspects.iter().map(|aspect| aspect.name()).collect();
        Item {
            class: one.class,
            title: format!("{}: {} on Gateway {}", shown_url(&one.request), aspects.join(", "), one.gateway),
            // No URL asks for `*`.
            witness: (one.request.target != "*").then(|| command(&one.request, &one.gateway)),
            old: Some(told(&self.old, &one.old, &one.aspects)),
            new: Some(told(&self.new, &one.new, &one.aspects)),
            notes,
        }
    }
}

fn plain(class: Class, title: String) -> Item {
    Item { class, title, witness: None, old: None, new: None, notes: Vec::new() }
}

fn status(one: &Status) -> Item {
    let of = one.of.as_ref().map(|of| format!(" ({of})")).unwrap_or_default();
    let said = |side: Option<(&str, &str)>| {
        side.map_or("not written".to_owned(), |(status, reason)| format!("{status}/{reason}"))
    };
    let title = format!("{}{of}: {}", one.object, one.r#type);
    Item { old: Some(said(one.old)), new: Some(said(one.new)), ..plain(one.class, title) }
}

/// `GET http://shop.example.com/cart`.
pub(crate) fn shown_url(request: &Request) -> String {
    let method = if request.scheme.is_http() && !request.scheme.is_grpc() {
        format!("{} ", request.method)
    } else {
        String::new()
    };
    let target = if request.target == "*" {
        let bare = url(&Request { target: String::new(), ..request.clone() });
        format!("* of {bare}")
    } else if request.scheme.is_http() {
        url(request)
    } else {
        let host = request.sni.as_deref().unwrap_or("*");
        format!("{}://{host}:{}", request.scheme.name(), request.port)
    };
    format!("{method}{target}")
}

/// The witness as a command line.
pub(crate) fn command(request: &Request, gateway: &str) -> String {
    let mut words = vec!["gwc route".to_owned(), format!("--gateway {gateway}")];
    let is_default = request.method == "GET" || request.scheme.is_grpc() || !request.scheme.is_http();
    if !is_default {
        words.push(format!("-X {}", request.method));
    }
    words.extend(request.headers.iter().map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}")))));
    let target = match request.scheme {
        Scheme::Tls | Scheme::Tcp | Scheme::Udp => {
            let host = request.sni.as_deref().unwrap_or("192.0.2.1");
            format!("{}://{host}:{}", request.scheme.name(), request.port)
        }
        Scheme::Http | Scheme::Https | Scheme::Grpc | Scheme::Grpcs => url(request),
    };
    words.push(quoted(&target));
    words.join(" ")
}

/// A word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// What happens to a request, by which rule, and what the rule says of these aspects.
fn told(world: &World<'_>, prediction: &Prediction, aspects: &[Aspect]) -> String {
    let fate = fate(world.config(), prediction);
    let Some(rule) = prediction.rule(world.config()) else { return fate };
    let place = place(world, rule).map(|place| format!(" at {place}")).unwrap_or_default();
    let details = details(world.config(), rule, aspects);
    let details = if details.is_empty() { String::new() } else { format!("; {}", details.join("; ")) };
    format!("{fate} by {}{place}{details}", words::rule(&rule.trace))
}

/// `file:line:column` of a rule.
pub(crate) fn place(world: &World<'_>, rule: &Rule) -> Option<String> {
    world.span(rule.trace.place).map(|span| world.texts.short(span))
}

/// What a rule says of aspects that the fate of a request does not show; "none" where it says nothing.
fn details(config: &Config, rule: &Rule, aspects: &[Aspect]) -> Vec<String> {
    let filters = |wanted: fn(&Filter) -> bool| -> Vec<String> {
        let of_backends = rule.backends.iter().flat_map(|backend| &backend.filters);
        let all = rule.filters.iter().chain(of_backends).filter(|filter| wanted(filter));
        all.map(|filter| ir_text::filter(config, filter)).collect()
    };
    let of = |aspect: &Aspect| -> Option<Vec<String>> {
        Some(match aspect {
            Aspect::Headers => filters(|one| matches!(one, Filter::RequestHeaders(_) | Filter::ResponseHeaders(_))),
            Aspect::Mirrors => filters(|one| matches!(one, Filter::Mirror(_))),
            Aspect::Cors => filters(|one| matches!(one, Filter::Cors(_))),
            Aspect::ExternalAuth => filters(|one| matches!(one, Filter::ExternalAuth(_))),
            Aspect::Timeouts => ir_text::timeouts(rule),
            Aspect::Retry => ir_text::retry(rule).into_iter().collect(),
            Aspect::Session => rule.session_persistence.as_deref().map(ir_text::session).into_iter().collect(),
            Aspect::Answer
            | Aspect::Backends
            | Aspect::Weights
            | Aspect::Redirect
            | Aspect::Rewrite
            | Aspect::BackendConnection => return None,
        })
    };
    let told = aspects.iter().filter_map(|aspect| Some((aspect, of(aspect)?)));
    told.flat_map(|(aspect, lines)| if lines.is_empty() { vec![format!("no {}", aspect.name())] } else { lines })
        .collect()
}

/// The conditions under which an entry takes a request, without their place.
pub(crate) fn conditions(config: &Config, prediction: &Prediction) -> Option<Match> {
    let found = config.match_of(prediction.entry(config)?)?;
    Some(Match { place: Place::default(), ..found.clone() })
}

fn fate(config: &Config, prediction: &Prediction) -> String {
    match &prediction.outcome {
        Outcome::Closed(why) => match why {
            Closed::NoListenerForSni => "closed: no listener for the name".to_owned(),
            Closed::WrongProtocol => "closed: the port speaks another protocol".to_owned(),
            Closed::NoRoute => "closed: nothing takes it".to_owned(),
            Closed::NoBackend => "closed: no usable backend".to_owned(),
        },
        Outcome::Answered(answer) => answered(answer),
        Outcome::Forwarded(forward) => {
            let share = |share: &gwc_core::predict::Share| {
                let name = config.key(&share.target).map(ToString::to_string);
                let status = share.status.map(|status| format!(" answers {status}")).unwrap_or_default();
                let part =
                    if forward.shares.len() > 1 { format!("{}/{} ", share.weight, share.total) } else { String::new() };
                let path = if share.upstream.target.is_empty() {
                    String::new()
                } else {
                    format!(" as {}", share.upstream.target)
                };
                let path = if rewritten(prediction, &share.upstream.target) { path } else { String::new() };
                format!("{part}{}{path}{status}", name.unwrap_or_default())
            };
            let shares: Vec<String> = forward.shares.iter().map(share).collect();
            format!("sent to {}", shares.join(", "))
        }
    }
}

fn rewritten(prediction: &Prediction, target: &str) -> bool {
    target.split('?').next() != Some(prediction.path.as_str())
}

fn answered(answer: &Answer) -> String {
    let grpc = answer.grpc_status.map(|code| format!(", grpc-status {code}")).unwrap_or_default();
    let why = match answer.by {
        AnsweredBy::BadRequest => "malformed",
        AnsweredBy::NoListener => "no listener takes the name",
        AnsweredBy::Misdirected => "the name belongs to another listener",
        AnsweredBy::NoRule => "no rule takes it",
        AnsweredBy::Redirect => "redirect",
        AnsweredBy::Preflight => "CORS preflight",
        AnsweredBy::Filter => "a filter is unresolved",
        AnsweredBy::NoBackend => "no usable backend",
    };
    let location = answer.location.as_ref().map(|location| format!(" to {location}")).unwrap_or_default();
    format!("{}{grpc}: {why}{location}", answer.status)
}
