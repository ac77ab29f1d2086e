//! `gwc test`: what was typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::InputArgs;

/// `gwc test`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestArgs {
    /// Test file, or folder or glob with `*.gwc-test.yaml` files [default: `[test].paths`, else .]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Manifests: file, folder, glob or `-` [default: `world` of the test file, the configuration, its folder]
    #[arg(value_name = "PATH", last = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Which tests, and what is made of them.
    #[command(flatten)]
    pub(crate) pick: PickArgs,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Examples under the help.
const EXAMPLES: &str = "\
Examples:
  gwc test
  gwc test store.gwc-test.yaml -- manifests
  gwc test --fail-under 80 -o junit=report.xml
  gwc test --live http://127.0.0.1:8080 store.gwc-test.yaml -- manifests
  gwc test --record store.gwc-test.yaml -- manifests";

/// Which tests, and what is made of them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tests")]
pub(crate) struct PickArgs {
    /// Only tests whose name matches this regular expression somewhere; coverage is not judged
    #[arg(long, value_name = "REGEX")]
    pub(crate) filter: Option<String>,
    /// Print names and places of the tests and run nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Which tests are printed [default: failures]
    #[arg(long, value_name = "WHICH")]
    pub(crate) show: Option<Show>,
    /// Exit 1 when less than this part is reached, in percent
    #[arg(long, value_name = "PERCENT", env = "GWC_FAIL_UNDER", hide_env = true)]
    pub(crate) fail_under: Option<f64>,
    /// Write tests that pin what happens today, to FILE or stdout, and run nothing
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with_all = ["files", "filter", "list", "show", "output"])]
    pub(crate) record: Option<Option<PathBuf>>,
    /// Send the requests to a running gateway too, at this http or https URL (repeatable), and compare its answers
    #[cfg(feature = "serve")]
    #[arg(long, value_name = "URL", conflicts_with_all = ["record", "list"])]
    pub(crate) live: Vec<String>,
    /// Authorities that certificates of the gateway come from, for --live with https
    #[cfg(feature = "serve")]
    #[arg(long, value_name = "FILE", requires = "live")]
    pub(crate) live_ca: Option<PathBuf>,
    /// full, json, junit or tap; to a file with FMT=PATH (repeatable) [default: full]
    #[arg(short, long, value_name = "FMT[=PATH]")]
    pub(crate) output: Vec<String>,
}

/// Which tests are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    /// Those that failed.
    Failures,
    /// All.
    All,
}
