//! `gwc route`: what was typed. Options of the request have curl's names and meaning; what becomes of them is in
//! `route/request.rs`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::InputArgs;

/// `gwc route`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RouteArgs {
    /// The request: a URL (http, https, grpc, grpcs, tls, tcp, udp), a path alone (every Gateway and every name that it
    /// serves), or a whole `curl …` line in quotes
    #[arg(value_name = "URL|PATH", required_unless_present_any = ["from_har", "from_log"])]
    pub(crate) request: Option<String>,
    /// File, folder, glob, or `-` for standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The request.
    #[command(flatten)]
    pub(crate) options: RequestArgs,
    /// Where it goes.
    #[command(flatten)]
    pub(crate) question: QuestionArgs,
    /// Many requests.
    #[command(flatten)]
    pub(crate) batch: BatchArgs,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Examples under the help.
const EXAMPLES: &str = "\
Examples:
  gwc route https://shop.example.com/cart -- manifests
  gwc route -X POST -H 'x-canary: 1' https://shop.example.com/cart -- manifests
  gwc route grpc://api.example.com/shop.Cart/Add -- manifests
  gwc route --all https://shop.example.com/cart -- manifests
  gwc route --why-not store/window https://shop.example.com/cart -- manifests
  gwc route --from-log access.log https://shop.example.com -- manifests

No header is sent that is not named, but those that a body, -u or gRPC imply.";

/// The request, in curl's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Request (names and meaning as in curl)")]
pub(crate) struct RequestArgs {
    /// Method [default: GET; POST with a body, HEAD with -I]
    #[arg(short = 'X', long = "request", value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// Header line; `NAME:` takes an implied one away, `NAME;` sends it empty (repeatable)
    #[arg(short = 'H', long = "header", value_name = "LINE", allow_hyphen_values = true)]
    pub(crate) header: Vec<String>,
    /// Body, or @FILE (repeatable: joined by `&`)
    #[arg(short = 'd', long = "data", visible_aliases = ["data-raw", "data-binary", "data-ascii"], value_name = "DATA")]
    #[arg(allow_hyphen_values = true)]
    pub(crate) data: Vec<String>,
    /// Body part that is URL-encoded: TEXT, or NAME=TEXT (repeatable)
    #[arg(long, value_name = "DATA", allow_hyphen_values = true)]
    pub(crate) data_urlencode: Vec<String>,
    /// A body of this many bytes
    #[arg(long, value_name = "BYTES", conflicts_with_all = ["data", "data_urlencode", "json"])]
    pub(crate) data_size: Option<u64>,
    /// JSON body, with its content type
    #[arg(long, value_name = "DATA", conflicts_with_all = ["data", "data_urlencode"])]
    pub(crate) json: Option<String>,
    /// The data goes into the query
    #[arg(short = 'G', long)]
    pub(crate) get: bool,
    /// HEAD
    #[arg(short = 'I', long)]
    pub(crate) head: bool,
    /// Query parameter, URL-encoded: TEXT, or NAME=TEXT (repeatable)
    #[arg(long, value_name = "DATA", allow_hyphen_values = true)]
    pub(crate) url_query: Vec<String>,
    /// User-Agent
    #[arg(short = 'A', long, value_name = "NAME")]
    pub(crate) user_agent: Option<String>,
    /// Referer
    #[arg(short = 'e', long, value_name = "URL")]
    pub(crate) referer: Option<String>,
    /// Cookies, NAME=VALUE (repeatable)
    #[arg(short = 'b', long, value_name = "COOKIES")]
    pub(crate) cookie: Vec<String>,
    /// Basic authorization
    #[arg(short = 'u', long, value_name = "USER:PASSWORD")]
    pub(crate) user: Option<String>,
    /// Bearer authorization
    #[arg(long, value_name = "TOKEN", conflicts_with = "user")]
    pub(crate) oauth2_bearer: Option<String>,
    /// Name in the ClientHello; empty: none [default: the host of the URL]
    #[arg(long, value_name = "NAME")]
    pub(crate) sni: Option<String>,
    /// Port that the request arrives at, where it is not the one in the URL
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) resolve_port: Option<u16>,
}

/// What is asked about the request.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Question")]
pub(crate) struct QuestionArgs {
    /// Only this Gateway, or this listener of it [default: every Gateway that could take the request]
    #[arg(long, value_name = "NS/NAME[/LISTENER]")]
    pub(crate) gateway: Option<String>,
    /// Every match that could take requests, in order of precedence, with what decided
    #[arg(long)]
    pub(crate) all: bool,
    /// Why this route did not get the request (repeatable)
    #[arg(long, value_name = "[KIND/]NS/NAME", conflicts_with_all = ["from_har", "from_log"])]
    pub(crate) why_not: Vec<String>,
    /// Exit 1 when nothing matched
    #[arg(long)]
    pub(crate) fail_unmatched: bool,
    /// tree, table or json; to a file with FMT=PATH (repeatable) [default: tree]
    #[arg(short, long, value_name = "FMT[=PATH]")]
    pub(crate) output: Vec<String>,
}

/// Requests from a record.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Many requests")]
pub(crate) struct BatchArgs {
    /// Requests of a HAR file, as browsers save it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from_log", "all"])]
    pub(crate) from_har: Option<PathBuf>,
    /// Requests of an access log, `-` for standard input; scheme, host and port that it lacks come from a URL argument
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub(crate) from_log: Option<PathBuf>,
    /// Format of the log: combined (also common, and with the virtual host in front) or json (one object a line)
    #[arg(long, value_name = "FORMAT", requires = "from_log")]
    pub(crate) log_format: Option<LogFormat>,
    /// How many unmatched requests and rules without one are listed [default: 10]
    #[arg(long, value_name = "N")]
    pub(crate) top: Option<usize>,
}

/// Format of an access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// Apache and NGINX.
    Combined,
    /// One JSON object a line.
    Json,
}
