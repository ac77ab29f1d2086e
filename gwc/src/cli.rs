//! What was typed: the clap definitions of every command. What it means is in [`crate::options`].
//!
//! Flags of features that do not exist yet are not accepted here; [`crate::arguments`] explains them.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub(crate) mod migrate;
pub(crate) mod route;
#[cfg(feature = "serve")]
pub(crate) mod serve;
pub(crate) mod test;

/// Compiler, linter and local runtime for Kubernetes Gateway API manifests.
#[derive(Debug, Parser)]
#[command(name = "gwc", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands that there are.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check manifests: syntax, schema and rules of the API server, references, predicted status, lints
    #[command(alias = "lint")]
    Check(Box<CheckArgs>),
    /// Print the status that a conformant controller would write
    Status(Box<StatusArgs>),
    /// Explain a rule, a condition or reason, or the attachment of one object
    Explain(Box<ExplainArgs>),
    /// Compile manifests to the match IR: what is served, as text, JSON or figures
    Compile(Box<CompileArgs>),
    /// Compare two worlds: what a change does to traffic, statuses and findings
    Diff(Box<DiffArgs>),
    /// Draw objects and references, coloured by verdict
    Graph(Box<GraphArgs>),
    /// Which listener, route and rule serve a request, and why the others do not
    #[command(alias = "trace")]
    Route(Box<route::RouteArgs>),
    /// Run route tests: requests and statuses against what is expected, coverage
    Test(Box<test::TestArgs>),
    /// Serve manifests: a running gateway from a folder
    #[cfg(feature = "serve")]
    Serve(Box<serve::ServeArgs>),
    /// Convert Ingresses to Gateway API: manifests, a report of what is lost, and proof
    IngressMigrate(Box<migrate::MigrateArgs>),
    /// List the rules and their state in the current configuration
    Rules(Box<RulesArgs>),
    /// Show the configuration
    Config(Box<ConfigArgs>),
    /// Print the JSON Schema of a file format
    Schema(SchemaArgs),
    /// Print a completion script
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
    /// Print version, bundled Gateway API releases and features
    Version(VersionArgs),
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// When to use colours [default: auto]
    #[arg(long, global = true, value_name = "WHEN", env = "GWC_COLOR", hide_env = true)]
    pub(crate) color: Option<When>,
    /// When to print hyperlinks [default: auto]
    #[arg(long, global = true, value_name = "WHEN", env = "GWC_HYPERLINKS", hide_env = true)]
    pub(crate) hyperlinks: Option<When>,
    /// When to show progress on stderr [default: auto]
    #[arg(long, global = true, value_name = "WHEN", env = "GWC_PROGRESS", hide_env = true)]
    pub(crate) progress: Option<When>,
    /// Print findings only; twice: nothing but the exit code
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) quiet: u8,
    /// Say more on stderr
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Threads to use [default: all cores]
    #[arg(long, global = true, value_name = "N", env = "GWC_THREADS", hide_env = true)]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
    /// Configuration file, or one setting as KEY=VALUE (repeatable)
    #[arg(long, global = true, value_name = "FILE|KEY=VALUE", env = "GWC_CONFIG", hide_env = true)]
    pub(crate) config: Vec<String>,
    /// Read no configuration file
    #[arg(long, global = true)]
    pub(crate) no_config: bool,
}

/// `auto`, `always` or `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where manifests come from and what is taken for granted.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// File, folder or glob with manifests to check (repeatable)
    #[arg(short = 'f', long = "filename", value_name = "PATH")]
    pub(crate) filename: Vec<PathBuf>,
    /// Name to show for standard input
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_filename: Option<String>,
    /// Read-only objects: resolve references, never reported on (repeatable)
    #[arg(short = 'C', long = "context", value_name = "PATH")]
    pub(crate) context: Vec<PathBuf>,
    /// World of the configuration, `[env.NAME]` (repeatable) [default: all]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Vec<String>,
    /// Namespace for namespaced objects that name none [default: default]
    #[arg(short, long, value_name = "NS", env = "GWC_NAMESPACE", hide_env = true)]
    pub(crate) namespace: Option<String>,
    /// Zero objects is no error
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Facts and target.
    #[command(flatten)]
    pub(crate) world: WorldArgs,
}

/// What the evaluation rests on.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "World")]
pub(crate) struct WorldArgs {
    /// What a missing object means: auto, open or closed
    #[arg(long, value_name = "MODE", env = "GWC_WORLD", hide_env = true)]
    pub(crate) world: Option<Mode>,
    /// Fact to take for granted, for example `secret:shop/tls` (repeatable)
    #[arg(long, value_name = "FACT")]
    pub(crate) assume: Vec<String>,
    /// GatewayClass to take for granted: NAME=CONTROLLER (repeatable)
    #[arg(long, value_name = "NAME=CONTROLLER")]
    pub(crate) assume_class: Vec<String>,
    /// What a missing Secret means
    #[arg(long, value_name = "HOW")]
    pub(crate) missing_secrets: Option<Missing>,
    /// What a missing Service means
    #[arg(long, value_name = "HOW")]
    pub(crate) missing_services: Option<Missing>,
    /// The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]
    #[arg(long, value_name = "TIME", env = "GWC_NOW", hide_env = true)]
    pub(crate) now: Option<String>,
    /// Gateway API release and channel of the cluster [default: detect, else newest/standard]
    #[arg(long, value_name = "VERSION[/CHANNEL]", env = "GWC_GATEWAY_API", hide_env = true)]
    pub(crate) gateway_api: Option<String>,
}

/// World mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// As closed where the world holds objects of the kind, else open.
    Auto,
    /// Absence proves nothing.
    Open,
    /// What is not there does not exist.
    Closed,
}

/// What a missing object of one kind means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    /// It exists and is suitable.
    Assume,
    /// It does not exist.
    Error,
}

/// Which rules run and what counts as failure.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct LintArgs {
    /// Base rule set: spec-only, recommended, strict, portable, all [default: recommended]
    #[arg(long, value_name = "PRESET", env = "GWC_PRESET", hide_env = true)]
    pub(crate) preset: Option<String>,
    /// Run only these rules: code, prefix, group, name or ALL
    #[arg(long, value_name = "SEL", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Run these rules too
    #[arg(long, value_name = "SEL", value_delimiter = ',')]
    pub(crate) extend_select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "SEL", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Severity of rules: error, warning, info or off
    #[arg(long, value_name = "SEL=LEVEL", value_delimiter = ',')]
    pub(crate) severity: Vec<String>,
    /// Exit 1 from this severity on: error, warning, info or never [default: error]
    #[arg(long, value_name = "LEVEL", env = "GWC_FAIL_ON", hide_env = true)]
    pub(crate) fail_on: Option<String>,
    /// Exit 1 when more warnings than this remain
    #[arg(long, value_name = "N")]
    pub(crate) max_warnings: Option<usize>,
    /// Conditions that cannot be determined count as errors
    #[arg(long)]
    pub(crate) fail_on_undetermined: bool,
}

/// `gwc check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// File, folder, glob, or `-` for standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Rules.
    #[command(flatten)]
    pub(crate) lint: LintArgs,
    /// Output.
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// How findings are reported.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
#[expect(clippy::struct_excessive_bools, reason = "one flag each; this is the typed command line")]
pub(crate) struct ReportArgs {
    /// Output format, to a file with FMT=PATH (repeatable) [default: full]
    #[arg(short, long, value_name = "FMT[=PATH]")]
    pub(crate) output: Vec<String>,
    /// At most this many findings of one rule are printed
    #[arg(long, value_name = "N")]
    pub(crate) max_per_rule: Option<usize>,
    /// Exit 0 instead of 1
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Report suppressed findings as if they were not suppressed
    #[arg(long)]
    pub(crate) no_suppressions: bool,
    /// Print suppressed findings too, marked as such
    #[arg(long, conflicts_with = "no_suppressions")]
    pub(crate) show_suppressed: bool,
    /// Count findings per rule, kind and namespace
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Print times of the phases on stderr
    #[arg(long)]
    pub(crate) timings: bool,
    /// Run one phase alone: admission (the API server's verdict; with -o admission-jsonl)
    #[arg(long, value_name = "PHASE")]
    pub(crate) phase: Option<Phase>,
    /// With --phase admission: print the object as the server would store it
    #[arg(long, requires = "phase")]
    pub(crate) show_object: bool,
}

/// Phases that can run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Phase {
    /// What the API server decides.
    Admission,
}

/// `gwc status`.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Files, folders, globs, `-`, and KIND/NS/NAME to print only those objects [default: .]
    #[arg(value_name = "PATH|KIND/NS/NAME")]
    pub(crate) paths: Vec<PathBuf>,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Output format, to a file with FMT=PATH (repeatable) [default: table]
    #[arg(short, long, value_name = "FMT[=PATH]")]
    pub(crate) output: Vec<String>,
    /// Only objects with a condition that is not as it should be
    #[arg(long)]
    pub(crate) only_negative: bool,
    /// One line of reason per condition, with file and line
    #[arg(long)]
    pub(crate) why: bool,
    /// Exit 1 when an object's Accepted, ResolvedRefs or Programmed is not True
    #[arg(long)]
    pub(crate) fail_on_negative: bool,
}

/// `gwc explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A rule (`GWC1009`, `ref-not-permitted`), a condition, a reason, or KIND/NS/NAME
    #[arg(value_name = "WHAT", required_unless_present = "list")]
    pub(crate) what: Option<String>,
    /// Files, folders, globs or `-` for KIND/NS/NAME [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Everything explainable
    #[arg(long, conflicts_with = "what")]
    pub(crate) list: bool,
}

/// `gwc compile`.
#[derive(Debug, Args)]
pub(crate) struct CompileArgs {
    /// File, folder, glob, or `-` for standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// What to print
    #[arg(long, value_name = "WHAT", default_value = "ir")]
    pub(crate) emit: Emit,
    /// File to write to [default: standard output]
    #[arg(short = 'O', long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,
    /// Only this listener of a Gateway or ListenerSet
    #[arg(long, value_name = "NS/NAME/LISTENER")]
    pub(crate) listener: Option<String>,
    /// Compare the compiled matcher with the reference on generated boundary requests
    #[arg(long)]
    pub(crate) verify: bool,
}

/// What `gwc compile` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// The IR as indented text, to be committed and reviewed.
    Ir,
    /// The IR as JSON; its schema is `gwc schema ir`.
    Json,
    /// Figures.
    Stats,
}

/// `gwc diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Complete over what the match IR decides: when it says `no change`, every request to the Gateways is answered as before, \
given equal backends. What backends do and which endpoints a Service has is not compared. What cannot be decided within \
a budget (regular expressions) is `unproven`, which counts as a shift.")]
pub(crate) struct DiffArgs {
    /// The world as it was: file, folder, glob, `git:REF[:PATH]`, or `env:NAME` of the configuration
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The world as it shall be
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// text, markdown or json, to a file with FMT=PATH (repeatable) [default: text]
    #[arg(short, long, value_name = "FMT[=PATH]")]
    pub(crate) output: Vec<String>,
    /// Exit 1 from this class on: break, shift, add or never [default: break]
    #[arg(long, value_name = "CLASS")]
    pub(crate) fail_on: Option<String>,
}

/// `gwc graph`.
#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    /// File, folder, glob, or `-` for standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Input.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// tree, dot, mermaid or json, to a file with FMT=PATH (repeatable) [default: tree]
    #[arg(short, long, value_name = "FMT[=PATH]")]
    pub(crate) output: Vec<String>,
    /// Only what is connected with this object
    #[arg(long, value_name = "KIND/NS/NAME")]
    pub(crate) focus: Option<String>,
    /// At most this many references away: from the focus [default: 2], else from the roots [default: all]
    #[arg(long, value_name = "N")]
    pub(crate) depth: Option<usize>,
    /// Kinds to add: policies, grants, secrets (ConfigMaps too), endpoints
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub(crate) include: Vec<crate::picture::Include>,
    /// Name the conditions that are not as they should be
    #[arg(long)]
    pub(crate) status: bool,
}

/// `gwc rules`.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// table, json or md [default: table]
    #[arg(short, long, value_name = "FMT[=PATH]")]
    pub(crate) output: Vec<String>,
    /// Rules.
    #[command(flatten)]
    pub(crate) lint: LintArgs,
}

/// `gwc config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// What to print.
    #[command(subcommand)]
    pub(crate) what: ConfigCommand,
}

/// What `gwc config` prints.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Each value in effect with its origin
    Show(Box<ConfigShowArgs>),
    /// The configuration file in use
    Path(ConfigPathArgs),
    /// JSON Schema of gwc.toml
    Schema,
}

/// `gwc config show`.
#[derive(Debug, Args)]
pub(crate) struct ConfigShowArgs {
    /// Path to start the search from [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Rules.
    #[command(flatten)]
    pub(crate) lint: LintArgs,
    /// World.
    #[command(flatten)]
    pub(crate) world: WorldArgs,
}

/// `gwc config path`.
#[derive(Debug, Args)]
pub(crate) struct ConfigPathArgs {
    /// Path to start the search from [default: .]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

/// `gwc schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Name of the format; an unknown one lists those there are
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
}

/// `gwc completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL")]
    pub(crate) shell: String,
}

/// `gwc man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Command to print the page of [default: gwc itself]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

/// `gwc version`.
#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// text or json [default: text]
    #[arg(short, long, value_name = "FMT")]
    pub(crate) output: Option<String>,
}
