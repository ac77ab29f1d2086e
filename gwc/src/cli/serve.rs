//! `gwc serve`: what was typed. What becomes of it is in `serve/`.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::InputArgs;

/// `gwc serve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ServeArgs {
    /// File, folder, glob, or `-` for standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Where Gateways listen.
    #[command(flatten)]
    pub(crate) listen: ListenArgs,
    /// Where requests go.
    #[command(flatten)]
    pub(crate) backends: BackendArgs,
    /// How the run goes.
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// How requests are treated and logged.
    #[command(flatten)]
    pub(crate) proxy: ProxyArgs,
    /// A cluster in place of files.
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub(crate) cluster: crate::cluster::ClusterArgs,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Examples under the help.
const EXAMPLES: &str = "\
Examples:
  gwc serve manifests --echo
  gwc serve manifests --map store/web:8080=localhost:3000 --echo
  gwc serve manifests --port-offset 8000 --tls self-signed --access-log -
  gwc serve manifests --echo --exec ./smoke-test.sh
  gwc serve manifests --validate
  gwc serve --cluster --address-pool 127.0.1.0/24

The world is closed: what the manifests do not hold does not exist, but for what --echo, --map and --tls supply.";

/// Where Gateways listen.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Listening")]
pub(crate) struct ListenArgs {
    /// Address of the first Gateway, or of one Gateway (repeatable); port 0: any free port [default: 127.0.0.1; further
    /// Gateways on a taken port get 127.0.0.2 and so on]
    #[arg(long, value_name = "[NS/NAME=]ADDR")]
    pub(crate) bind: Vec<String>,
    /// Added to every port [default: 0, or 8000 without the right to bind low ports]
    #[arg(long, value_name = "N")]
    pub(crate) port_offset: Option<u16>,
    /// Only Gateways of this class (repeatable) [default: every Gateway, whatever its class]
    #[arg(long, value_name = "NAME")]
    pub(crate) gateway_class: Vec<String>,
    /// Certificates: those of Secrets only, or a local authority for every listener [default: Secrets where given, the
    /// local authority for the rest]
    #[arg(long, value_name = "HOW")]
    pub(crate) tls: Option<TlsSource>,
}

/// Where certificates of listeners come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TlsSource {
    /// Secrets of the manifests.
    FromSecrets,
    /// A local authority, made at start.
    SelfSigned,
}

/// Where requests go.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Backends")]
pub(crate) struct BackendArgs {
    /// A port of a Service is reached at HOST:PORT (repeatable)
    #[arg(long, value_name = "NS/SVC:PORT=HOST:PORT")]
    pub(crate) map: Vec<String>,
    /// What is not mapped goes to a built-in backend that answers with what it saw; missing Services are taken to exist
    #[arg(long)]
    pub(crate) echo: bool,
}

/// How the run goes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Run")]
pub(crate) struct RunArgs {
    /// Load again when files change: on or off
    #[arg(long, value_name = "WHETHER", default_value = "on", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "on")]
    pub(crate) watch: Switch,
    /// Serve what the API server would take, even if it would refuse the rest
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Load, print the table, end
    #[arg(long)]
    pub(crate) validate: bool,
    /// Serve an IR of `gwc compile --emit json` instead of manifests
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "filename", "context", "env"])]
    pub(crate) ir: Option<PathBuf>,
    /// Run a command once requests are served, with addresses in GWC_*; its exit code becomes ours (last option)
    #[arg(long, value_name = "CMD", num_args = 1.., allow_hyphen_values = true, conflicts_with = "validate")]
    pub(crate) exec: Vec<std::ffi::OsString>,
    /// Address of metrics, health, live routes, or off [default: 127.0.0.1:9901]
    #[arg(long, value_name = "ADDR|off")]
    pub(crate) admin: Option<String>,
    /// From SIGTERM until no more connections are taken; meanwhile not ready [default: 0s, or 5s with --cluster]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) drain_delay: Option<std::time::Duration>,
    /// Until open connections are closed
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub(crate) drain_timeout: std::time::Duration,
}

/// How requests are treated and logged.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Proxy")]
pub(crate) struct ProxyArgs {
    /// Worker threads [default: one for each CPU]
    #[arg(long, value_name = "N")]
    pub(crate) workers: Option<NonZeroUsize>,
    /// File that gets a line per request; - for standard output
    #[arg(long, value_name = "PATH")]
    pub(crate) access_log: Option<PathBuf>,
    /// Format of these lines
    #[arg(long, value_name = "FORMAT", default_value = "json", requires = "access_log")]
    pub(crate) access_log_format: LogLine,
    /// One request in so many is logged
    #[arg(long, value_name = "N", default_value = "1", requires = "access_log")]
    pub(crate) access_log_sample: NonZeroU64,
    /// Networks whose X-Forwarded headers count (comma-separated, repeatable) [default: none]
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<String>,
    /// What %2F and %5C in a path mean
    #[arg(long, value_name = "HOW", default_value = "keep")]
    pub(crate) encoded_slash: Slashes,
    /// Requests without X-Request-Id get one
    #[arg(long)]
    pub(crate) request_id: bool,
    /// Redirects name the port that is bound, not that of the listener
    #[arg(long)]
    pub(crate) redirect_bound_port: bool,
    /// Responses name route, rule and match in X-Gwc-Route
    #[arg(long)]
    pub(crate) explain_header: bool,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

/// Format of a line of the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLine {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

/// What an encoded slash means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Slashes {
    /// It stays as it is and separates nothing.
    Keep,
    /// The request is refused.
    Reject,
}

/// `30s`, `500ms`, `2m`; a number alone is seconds.
fn duration(text: &str) -> Result<std::time::Duration, String> {
    let digits = text.find(|byte: char| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "a time is a number with ms, s or m, as 30s".to_owned())?;
    let milliseconds = match unit {
        "ms" => Some(number),
        "" | "s" => number.checked_mul(1000),
        "m" => number.checked_mul(60_000),
        _ => None,
    };
    let milliseconds = milliseconds.filter(|all| *all <= MAX_MILLISECONDS);
    milliseconds.map(std::time::Duration::from_millis).ok_or_else(|| "a time is a number with ms, s or m".to_owned())
}

/// A day: nobody drains longer.
const MAX_MILLISECONDS: u64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let of = |text| duration(text).map(|time| time.as_millis());
        assert_eq!(of("30s"), Ok(30_000));
        assert_eq!(of("5"), Ok(5_000));
        assert_eq!(of("250ms"), Ok(250));
        assert_eq!(of("2m"), Ok(120_000));
        for wrong in ["", "s", "1h", "-1s", "1.5s", "99999999999999999999s", "9999999m"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
