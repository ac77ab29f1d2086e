//! `gwc route` for people: one decision tree per answer, from the socket to backend or answer.

use std::fmt::Write;

use crate::output::style::{Ink, Style};
use crate::route::model::{
    Answer, At, BackendShare, Candidate, Change, HeaderLine, HostStep, ListenerStep, MirrorCopy, RouteReport, WhyNot,
};
use crate::texts::printable;

/// How many listeners are listed that did not take a request.
const MOST_LISTENERS: usize = 5;

/// How many facts are listed that an answer rests on.
const MOST_ASSUMPTIONS: usize = 8;

/// All answers.
pub(crate) fn write(report: &RouteReport, style: Style) -> String {
    let texts = report.answers.iter().map(|answer| tree(answer, style));
    texts.collect::<Vec<_>>().join("\n") + &rest(report, style)
}

/// All answers of --all: the ranking stands below the tree.
pub(crate) fn write_ranked(report: &RouteReport, style: Style) -> String {
    let text = |answer: &Answer| {
        let alone = Answer { candidates: Vec::new(), more_candidates: 0, ..answer.clone() };
        let ranking = if answer.candidates.is_empty() { String::new() } else { ranking(answer, style) };
        format!("{}{ranking}", tree(&alone, style))
    };
    report.answers.iter().map(text).collect::<Vec<_>>().join("\n") + &rest(report, style)
}

/// What belongs to no answer.
fn rest(report: &RouteReport, style: Style) -> String {
    let mut out: String = report.notes.iter().map(|note| printable(note) + "\n").collect();
    let unasked = Branch { text: String::new(), below: report.why_not.iter().map(|one| why_not(one, style)).collect() };
    unasked.write_below("", &mut out);
    out
}

/// A line with lines below it.
#[derive(Debug, Default)]
struct Branch {
    text: String,
    below: Vec<Self>,
}

impl Branch {
    fn leaf(text: impl Into<String>) -> Self {
        Self { text: text.into(), below: Vec::new() }
    }

    fn push(&mut self, text: impl Into<String>) {
        self.below.push(Self::leaf(text));
    }

    fn write(&self, indent: &str, is_last: bool, out: &mut String) {
        let (mark, more) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let _ = writeln!(out, "{indent}{mark}{}", self.text);
        self.write_below(&format!("{indent}{more}"), out);
    }

    fn write_below(&self, indent: &str, out: &mut String) {
        for (position, branch) in self.below.iter().enumerate() {
            branch.write(indent, position + 1 == self.below.len(), out);
        }
    }
}

/// One answer; also what a failed route test shows.
pub(crate) fn tree(answer: &Answer, style: Style) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", style.paint(Ink::Strong, &printable(&request_line(answer))));
    for HeaderLine { name, value } in &answer.request.headers {
        let _ = writeln!(out, "{}", style.paint(Ink::Dim, &printable(&format!("  {name}: {value}"))));
    }
    let (gateway, socket) = (&answer.gateway, &answer.socket);
    let world = answer.world.as_ref().map(|world| format!("world {world}: ")).unwrap_or_default();
    let mut root = Branch::leaf(format!(
        "{world}Gateway {}/{}, {} port {}",
        gateway.namespace, gateway.name, socket.transport, socket.port
    ));
    root.below.extend(listeners(answer, style));
    root.below.extend(hostnames(answer, style));
    root.below.extend(rule(answer, style));
    if !answer.filters.is_empty() {
        let mut branch = Branch::leaf("filters");
        for filter in &answer.filters {
            branch.push(printable(&format!("{}: {}", filter.r#type, filter.effect)));
        }
        root.below.push(branch);
    }
    root.below.push(ending(answer, style));
    root.below.extend(settings(answer));
    root.below.extend(answer.mirrors.iter().map(|copy| mirror(copy, style)));
    root.below.extend(assumptions(answer, style));
    root.below.extend(answer.why_not.iter().map(|found| why_not(found, style)));
    let _ = writeln!(out, "{}", printable(&root.text));
    root.write_below("", &mut out);
    out
}

/// `GET https://shop.example.com/cart`; the SNI where it says more.
pub(crate) fn request_line(answer: &Answer) -> String {
    let request = &answer.request;
    if request.target.is_empty() {
        let sni = match (&request.sni, request.scheme) {
            (Some(sni), _) => format!(" with SNI {sni}"),
            (None, "tls") => " without SNI".to_owned(),
            (None, _) => String::new(),
        };
        let what = if request.scheme == "udp" { "datagram" } else { "connection" };
        return format!("{} {what}{sni}", request.scheme.to_uppercase());
    }
    let host = request.authority.as_deref().unwrap_or_default();
    let mut text = format!("{} {}://{host}{}", request.method, request.scheme, request.target);
    if request.authority.is_none() {
        text.push_str(" (no Host)");
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if let Some(sni) = request.sni.as_ref().filter(|sni| !sni.eq_ignore_ascii_case(name)) {
        text.push_str(&format!(" (SNI {sni})"));
    }
    text
}

fn place(at: Option<&At>, style: Style) -> String {
    let text = at.map(|at| format!("{}:{}:{}", at.file, at.line, at.column)).unwrap_or_default();
    if text.is_empty() { text } else { format!("  {}", style.paint(Ink::Dim, &printable(&text))) }
}

/// The listener that took the request, then the others; of many only the first.
fn listeners(answer: &Answer, style: Style) -> Vec<Branch> {
    let chosen = answer.listeners.iter().filter(|step| step.chosen);
    let others: Vec<&ListenerStep> = answer.listeners.iter().filter(|step| !step.chosen).collect();
    let more = others.len().saturating_sub(MOST_LISTENERS);
    let shown = chosen.chain(others.into_iter().take(MOST_LISTENERS)).map(|step| listener(step, style));
    let rest = (more > 0).then(|| Branch::leaf(style.paint(Ink::Dim, &format!("and {more} more listeners"))));
    shown.chain(rest).collect()
}

fn listener(step: &ListenerStep, style: Style) -> Branch {
    let hostname = step.hostname.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    let set = step.listener_set.as_ref().map(|set| format!(" of ListenerSet {set}")).unwrap_or_default();
    let (word, ink) = if step.chosen { ("listener", Ink::Green) } else { ("not listener", Ink::Dim) };
    let name = style.paint(ink, &printable(&format!("{word} {}", step.name)));
    let about = printable(&format!("{set} ({}{hostname}): {}", step.protocol, step.why));
    Branch::leaf(format!("{name}{about}{}", place(step.location.as_ref(), style)))
}

fn host_name(step: &HostStep) -> String {
    match (&step.written, &step.matches) {
        (Some(written), Some(matches)) if written != matches => format!("{written} (here {matches})"),
        (Some(written), _) => written.clone(),
        (None, Some(matches)) => format!("{matches} (of the listener; the routes name none)"),
        (None, None) => "any name".to_owned(),
    }
}

/// Hostnames that were asked: those without a match first.
fn hostnames(answer: &Answer, style: Style) -> Vec<Branch> {
    let branch = |step: &HostStep| {
        let name = printable(&host_name(step));
        match (step.chosen, answer.rule.is_some()) {
            (true, _) => Branch::leaf(format!("{} {name}", style.paint(Ink::Green, "hostname"))),
            (false, true) => Branch::leaf(format!("hostname {name}: no rule of it matches, wider names are asked")),
            (false, false) => Branch::leaf(format!("hostname {name}: no rule of it matches")),
        }
    };
    answer.hostnames.iter().map(branch).collect()
}

/// `HTTPRoute store/window rule 1 (everybody) match 0`.
pub(crate) fn candidate_name(candidate: &Candidate) -> String {
    let name = candidate.rule_name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let found = candidate.r#match.map(|position| format!(" match {position}")).unwrap_or_default();
    let implied = if candidate.preflight { " (implied preflight)" } else { "" };
    let Candidate { kind, namespace, name: route, rule, .. } = candidate;
    format!("{kind} {namespace}/{route} rule {rule}{name}{found}{implied}")
}

/// The rule that won, or that none did, with the matches that came near below.
fn rule(answer: &Answer, style: Style) -> Option<Branch> {
    let mut branch = match &answer.rule {
        Some(rule) => {
            let name = style.paint(Ink::Green, &printable(&candidate_name(rule)));
            let mut branch = Branch::leaf(format!("{name}{}", place(rule.location.as_ref(), style)));
            branch.push(printable(&format!("by {}", rule.conditions)));
            branch
        }
        None if answer.candidates.is_empty() => return None,
        None => Branch::leaf(style.paint(Ink::Red, "no rule matches")),
    };
    let winner = answer.rule.as_ref().map(|rule| rule.position);
    branch.below.extend(answer.candidates.iter().map(|one| candidate(one, winner, style)));
    if answer.more_candidates > 0 {
        branch.push(format!("and {} more (--all)", answer.more_candidates));
    }
    Some(branch)
}

fn candidate(one: &Candidate, winner: Option<usize>, style: Style) -> Branch {
    let by = one.criterion.as_ref().map(|text| format!(", by {text}")).unwrap_or_default();
    let verdict = one.failed.as_ref().map(|failed| style.paint(Ink::Yellow, &printable(&format!(": {}", failed.text))));
    let order = match winner {
        Some(winner) if one.position < winner => format!("asked before it{by}: "),
        Some(_) => format!("matches too, but comes after it{by}: "),
        None => String::new(),
    };
    let name = printable(&format!("{order}{}", candidate_name(one)));
    Branch::leaf(format!("{name}{}{}", verdict.unwrap_or_default(), place(one.location.as_ref(), style)))
}

/// The ranking of --all, as a list: what decided stands in front of each.
fn ranking(answer: &Answer, style: Style) -> String {
    let mut out = String::new();
    let winner = answer.rule.as_ref().map(|rule| rule.position);
    let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, "candidates in order of precedence"));
    for one in &answer.candidates {
        let mark = if Some(one.position) == winner { "→" } else { " " };
        let criterion = one.criterion.as_ref().map(|text| format!("  [behind by {text}]")).unwrap_or_default();
        let hostname = one.hostname.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        let verdict = match (&one.failed, Some(one.position) == winner) {
            (Some(failed), _) => style.paint(Ink::Yellow, &printable(&failed.text)),
            (None, true) => style.paint(Ink::Green, "wins"),
            (None, false) => "matches too".to_owned(),
        };
        let name = printable(&format!("{mark} {:>3} {}", one.position + 1, candidate_name(one)));
        let about = printable(&format!("{hostname}{}{criterion}", one.conditions));
        let _ = writeln!(out, "{name}{}\n      {about}\n      {verdict}", place(one.location.as_ref(), style));
    }
    out
}

/// Where the request goes.
fn ending(answer: &Answer, style: Style) -> Branch {
    let end = &answer.outcome;
    let status = end.status.map(|status| format!(" with {status}")).unwrap_or_default();
    let grpc = end.grpc_status.map(|status| format!(", grpc-status {}", grpc_status(status))).unwrap_or_default();
    let ink = match (end.kind, end.status) {
        ("forwarded", _) => Ink::Green,
        (_, Some(100..400)) if end.grpc_status.is_none_or(|status| status == 0) => Ink::Cyan,
        (_, Some(_) | None) => Ink::Red,
    };
    let text = style.paint(ink, &format!("{}{status}{grpc}: {}", end.kind, end.text));
    let mut branch = Branch::leaf(text);
    branch.below.extend(end.location.iter().map(|location| Branch::leaf(printable(&format!("Location: {location}")))));
    for HeaderLine { name, value } in &end.headers {
        branch.push(printable(&format!("{name}: {value}")));
    }
    if let Some(redirects) = &answer.redirects {
        for hop in redirects.hops.iter().skip(1) {
            branch.push(printable(&format!("then {} {}: {} {}", hop.method, hop.url, hop.status, hop.location)));
        }
        let ink = if redirects.end == "served" { Ink::Dim } else { Ink::Red };
        branch.push(style.paint(ink, &printable(&redirects.text)));
    }
    if let Some(server) = &answer.external_auth {
        branch.push(printable(&format!("{server} is asked first")));
    }
    branch.below.extend(answer.backends.iter().map(|share| backend(share, style)));
    branch
}

/// Number and name of a gRPC status that gateways answer with.
pub(crate) fn grpc_status(status: u8) -> String {
    let name = match status {
        0 => "OK",
        2 => "UNKNOWN",
        12 => "UNIMPLEMENTED",
        13 => "INTERNAL",
        14 => "UNAVAILABLE",
        16 => "UNAUTHENTICATED",
        other => return other.to_string(),
    };
    format!("{status} {name}")
}

fn backend(share: &BackendShare, style: Style) -> Branch {
    let mut about: Vec<String> = share.protocol.iter().map(|protocol| (*protocol).to_owned()).collect();
    about.extend(share.tls.iter().map(|policy| format!("TLS by BackendTLSPolicy {policy}")));
    about.extend(share.endpoints.iter().map(|all| match all.as_slice() {
        [] => "no ready endpoint".to_owned(),
        all => format!("endpoints {}", all.join(", ")),
    }));
    let about = if about.is_empty() { String::new() } else { format!("  {}", about.join(", ")) };
    let problem = match (&share.invalid, share.status) {
        (Some(reason), Some(status)) => format!("  {reason}: {status}"),
        (Some(reason), None) => format!("  {reason}"),
        (None, Some(status)) => format!("  answers {status}"),
        (None, None) => String::new(),
    };
    let name = printable(&format!("{} %  {}", share.percent, share.backend));
    let mut branch =
        Branch::leaf(format!("{name}{}{}", printable(&about), style.paint(Ink::Red, &printable(&problem))));
    if let Some(upstream) = &share.upstream {
        branch.below.extend(upstream.changes.iter().map(|one| change(one, style)));
    }
    for text in &share.response {
        branch.push(printable(&format!("response: {text}")));
    }
    branch
}

fn change(change: &Change, style: Style) -> Branch {
    let text = match (&change.from, &change.to) {
        (Some(from), Some(to)) => style.paint(Ink::Cyan, &printable(&format!("~ {}: {from} → {to}", change.what))),
        (None, Some(to)) => style.paint(Ink::Green, &printable(&format!("+ {}: {to}", change.what))),
        (Some(from), None) => style.paint(Ink::Red, &printable(&format!("- {}: {from}", change.what))),
        (None, None) => String::new(),
    };
    Branch::leaf(text)
}

fn mirror(copy: &MirrorCopy, style: Style) -> Branch {
    let problem = copy.invalid.as_ref().map(|reason| format!("  {reason}: no copy is made")).unwrap_or_default();
    let text = printable(&format!("mirror {} %  {}", copy.percent, copy.backend));
    let mut branch = Branch::leaf(format!("{text}{}", style.paint(Ink::Red, &printable(&problem))));
    branch.below.extend(copy.upstream.changes.iter().map(|one| change(one, style)));
    branch
}

/// `1500` as `1.5s`.
fn duration(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1000) { format!("{}s", milliseconds / 1000) } else { format!("{milliseconds}ms") }
}

/// Timeouts, retries, session persistence.
fn settings(answer: &Answer) -> Vec<Branch> {
    let mut all = Vec::new();
    let limits = [("request", answer.timeouts.request), ("backend request", answer.timeouts.backend_request)];
    let limits = limits.into_iter().filter_map(|(name, limit)| Some(format!("{name} {}", duration(limit?))));
    let limits: Vec<String> = limits.collect();
    if !limits.is_empty() {
        all.push(Branch::leaf(format!("timeouts: {}", limits.join(", "))));
    }
    if let Some(retry) = &answer.retry {
        let codes: Vec<String> = retry.codes.iter().map(ToString::to_string).collect();
        let codes = if codes.is_empty() { "connection errors".to_owned() } else { codes.join(", ") };
        all.push(Branch::leaf(format!(
            "retry: {} times on {codes}, after {}",
            retry.attempts,
            duration(retry.backoff)
        )));
    }
    if let Some(session) = &answer.session_persistence {
        let carrier = if session.header { "header" } else { "cookie" };
        all.push(Branch::leaf(printable(&format!("session: {carrier} {}", session.name))));
    }
    all
}

fn assumptions(answer: &Answer, style: Style) -> Option<Branch> {
    if answer.assumptions.is_empty() {
        return None;
    }
    let mut branch = Branch::leaf(style.paint(Ink::Yellow, "rests on what the input does not hold"));
    for assumption in answer.assumptions.iter().take(MOST_ASSUMPTIONS) {
        let word = if assumption.given { "given by " } else { "" };
        let flag = assumption.flag.as_ref().map(|flag| format!("  ({word}--assume {flag})")).unwrap_or_default();
        branch.push(printable(&format!("{}{flag}", assumption.fact)));
    }
    let more = answer.assumptions.len().saturating_sub(MOST_ASSUMPTIONS);
    if more > 0 {
        branch.push(format!("and {more} more facts (-o json)"));
    }
    Some(branch)
}

fn why_not(found: &WhyNot, style: Style) -> Branch {
    let question = style.paint(Ink::Strong, &printable(&format!("why not {}:", found.route)));
    let answer = printable(&format!("{}: {}", found.criterion, found.text));
    let mut branch = Branch::leaf(format!("{question} {answer}{}", place(found.location.as_ref(), style)));
    for detail in &found.details {
        branch.push(format!("{}{}", printable(&detail.text), place(detail.location.as_ref(), style)));
    }
    branch
}
