//! Settings of the proxy from what was typed: logs, trusted networks, limits.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use gwc_core::exchange::normalise::EncodedSlash;
use gwc_runtime::{AccessLog, Limits, LogFormat, Options};

use crate::cli::serve::{LogLine, ProxyArgs, RunArgs, Slashes};
use crate::failure::Failure;

/// Waits until the last line of the log is written, once the proxy is gone.
#[derive(Debug, Default)]
pub(crate) struct Log(Option<Receiver<()>>);

impl Log {
    /// Waits, but not for ever: a log that cannot be written must not keep the process.
    pub(crate) fn finish(self) {
        // Nothing is ever sent: the other end goes with the thread that writes.
        let _ = self.0.map(|ended| ended.recv_timeout(Duration::from_secs(1)));
    }
}

/// An output that tells when it is dropped.
struct Telling<W> {
    out: W,
    _ended: Sender<()>,
}

impl<W: Write> Write for Telling<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The settings; what happens inside is told to `events`.
pub(crate) fn options(
    proxy: &ProxyArgs,
    run: &RunArgs,
    events: impl Fn(gwc_runtime::Event) + Send + Sync + 'static,
) -> Result<(Options, Log), Failure> {
    let logged = proxy.access_log.as_deref().map(|path| log(proxy, path)).transpose()?;
    let (access_log, ended) = logged.unzip();
    let trusted = proxy.trusted_proxies.iter().map(|text| {
        network(text).ok_or_else(|| Failure::usage(format!("--trusted-proxies `{text}`: the form is 10.0.0.0/8")))
    });
    let options = Options {
        workers: proxy.workers,
        limits: Limits { drain: run.drain_timeout, ..Limits::default() },
        access_log,
        trusted_proxies: trusted.collect::<Result<_, _>>()?,
        encoded_slash: match proxy.encoded_slash {
            Slashes::Keep => EncodedSlash::Keep,
            Slashes::Reject => EncodedSlash::Reject,
        },
        request_id: proxy.request_id,
        redirect_bound_port: proxy.redirect_bound_port,
        explain_header: proxy.explain_header,
        localhost_alias: true,
        events: std::sync::Arc::new(events),
        ..Options::default()
    };
    Ok((options, Log(ended)))
}

fn log(proxy: &ProxyArgs, path: &Path) -> Result<(AccessLog, Receiver<()>), Failure> {
    let format = match proxy.access_log_format {
        LogLine::Text => LogFormat::Text,
        LogLine::Json => LogFormat::Json,
    };
    let (ending, ended) = channel();
    let opened = if path.as_os_str() == "-" {
        AccessLog::new(format, Telling { out: io::stdout(), _ended: ending })
    } else {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|out| AccessLog::new(format, Telling { out, _ended: ending }))
    };
    let mut log = opened.map_err(|error| Failure::usage(format!("--access-log `{}`: {error}", path.display())))?;
    log.sample = proxy.access_log_sample.get();
    Ok((log, ended))
}

/// An address with the length of its network, or alone.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length = length.map_or(Some(most), |length| length.parse().ok())?;
    (length <= most).then_some((address, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_single_addresses() {
        assert_eq!(network("10.0.0.0/8"), Some(("10.0.0.0".parse().unwrap(), 8)));
        assert_eq!(network("::1"), Some(("::1".parse().unwrap(), 128)));
        for wrong in ["", "10.0.0.0/33", "10.0.0.0/", "10/8", "host/8", "::/129"] {
            assert_eq!(network(wrong), None, "{wrong}");
        }
    }
}
