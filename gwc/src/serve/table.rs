//! The account at start: listeners with addresses and routes, what is not served and why, lines to try.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;

use gwc_core::ir::{Config, Listener};

use crate::output::style::{Ink, Style};
use crate::texts::printable;

/// Routes that are named in one row.
const MOST_ROUTES: usize = 4;

/// Lines under one heading.
const MOST_LINES: usize = 40;

/// What is served, after sockets are bound.
pub(crate) struct Account<'a> {
    /// The IR.
    pub(crate) config: &'a Config,
    /// By position in [`Config::sockets`]: its address, or why it has none.
    pub(crate) addresses: &'a [Result<SocketAddr, String>],
    /// What is not served, or not all of it.
    pub(crate) unserved: &'a [String],
    /// Backends without any endpoint.
    pub(crate) without: &'a [String],
    /// Requests to try.
    pub(crate) examples: &'a [String],
    /// Addresses for a browser.
    pub(crate) pages: &'a [String],
    /// Certificate of the local authority.
    pub(crate) authority: Option<&'a Path>,
    /// The admin endpoint.
    pub(crate) admin: Option<SocketAddr>,
}

/// The whole account.
pub(crate) fn write(account: &Account<'_>, style: Style) -> String {
    let mut out = listeners(account, style);
    let unserved: Vec<String> = account.unserved.iter().map(|line| printable(line)).collect();
    section(&mut out, "not served, or not all of it:", &unserved, style);
    if !account.without.is_empty() {
        let heading = "no endpoints are known (503); --map NS/SVC:PORT=HOST:PORT or --echo gives them some:";
        section(&mut out, heading, account.without, style);
    }
    section(&mut out, "try:", account.examples, style);
    section(&mut out, "in a browser:", account.pages, style);
    if let Some(file) = account.authority {
        let _ = writeln!(out, "\ncertificate of the local authority: {}", file.display());
    }
    if let Some(admin) = account.admin {
        let _ = writeln!(out, "\nmetrics, health, live routes: http://{admin}/");
    }
    out
}

fn section(out: &mut String, heading: &str, lines: &[String], style: Style) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", style.paint(Ink::Strong, heading));
    for line in lines.iter().take(MOST_LINES) {
        let _ = writeln!(out, "  {line}");
    }
    if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
        let _ = writeln!(out, "  and {more} more");
    }
}

const HEAD: [&str; 5] = ["LISTENER", "PROTOCOL", "HOSTNAME", "ADDRESS", "ROUTES"];

fn listeners(account: &Account<'_>, style: Style) -> String {
    let mut rows: Vec<[String; 5]> = Vec::new();
    for (at, socket) in account.config.sockets.iter().enumerate() {
        let address = match account.addresses.get(at) {
            Some(Ok(address)) => address.to_string(),
            Some(Err(why)) => format!("none: {why}"),
            None => "none".to_owned(),
        };
        for listener in &socket.listeners {
            let gateway = account.config.gateway(socket);
            let (name, owner) = (&listener.name, &listener.owner);
            let whole = match owner.kind.as_str() {
                "Gateway" => format!("{}/{}/{name}", gateway.namespace, gateway.name),
                _ => format!("{}/{}/{name} of {}/{}", gateway.namespace, gateway.name, owner.namespace, owner.name),
            };
            let hostname = listener.hostname.as_ref().map_or_else(|| "*".to_owned(), ToString::to_string);
            let protocol = listener.protocol.name().to_owned();
            rows.push([whole, protocol, hostname, address.clone(), routes(account.config, listener)]);
        }
    }
    let mut out = String::new();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(HEAD.get(column).map(|head| head.len())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let line = |cells: &[&str]| {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let _ = writeln!(out, "{}", style.paint(Ink::Strong, &line(&HEAD)));
    for row in &rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        let _ = writeln!(out, "{}", printable(&line(&cells)));
    }
    out
}

/// The routes of a listener, by name.
fn routes(config: &Config, listener: &Listener) -> String {
    let traces =
        listener.entries.iter().filter_map(|entry| config.rules.get(entry.rule as usize)).map(|rule| &rule.trace);
    let all: BTreeSet<_> = traces.map(|trace| (trace.kind.name(), &trace.namespace, &trace.name)).collect();
    if all.is_empty() {
        return "none".to_owned();
    }
    let named = all.iter().take(MOST_ROUTES).map(|(kind, namespace, name)| format!("{kind} {namespace}/{name}"));
    let mut text = named.collect::<Vec<_>>().join(", ");
    if let Some(more) = all.len().checked_sub(MOST_ROUTES).filter(|more| *more > 0) {
        let _ = write!(text, ", {more} more");
    }
    text
}
