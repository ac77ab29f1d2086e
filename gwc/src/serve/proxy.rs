//! Settings of the proxy from what was typed: logs, trusted networks, limits.

use std::fs::OpenOptions;
use std::io;
use std::net::IpAddr;
use std::path::Path;

use gwc_core::exchange::normalise::EncodedSlash;
use gwc_runtime::{AccessLog, Limits, LogFormat, Options};

use crate::cli::serve::{LogLine, ProxyArgs, RunArgs, Slashes};
use crate::failure::Failure;

/// The settings; what happens inside is told to `events`.
pub(crate) fn options(
    proxy: &ProxyArgs,
    run: &RunArgs,
    events: impl Fn(gwc_runtime::Event) + Send + Sync + 'static,
) -> Result<Options, Failure> {
    let trusted = proxy.trusted_proxies.iter().map(|text| {
        network(text).ok_or_else(|| Failure::usage(format!("--trusted-proxies `{text}`: the form is 10.0.0.0/8")))
    });
    Ok(Options {
        workers: proxy.workers,
        limits: Limits { drain: run.drain_timeout, ..Limits::default() },
        access_log: proxy.access_log.as_deref().map(|path| log(proxy, path)).transpose()?,
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
    })
}

fn log(proxy: &ProxyArgs, path: &Path) -> Result<AccessLog, Failure> {
    let format = match proxy.access_log_format {
        LogLine::Text => LogFormat::Text,
        LogLine::Json => LogFormat::Json,
    };
    let opened = if path.as_os_str() == "-" {
        AccessLog::new(format, io::stdout())
    } else {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|file| AccessLog::new(format, file))
    };
    let mut log = opened.map_err(|error| Failure::usage(format!("--access-log `{}`: {error}", path.display())))?;
    log.sample = proxy.access_log_sample.get();
    Ok(log)
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
