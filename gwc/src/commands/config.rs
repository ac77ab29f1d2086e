//! `gwc config show|path|schema`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::cli::{ConfigArgs, ConfigCommand, ConfigShowArgs, GlobalArgs};
use crate::commands::schema;
use crate::config::load::{self, Loaded};
use crate::config::origin;
use crate::failure::{Exit, Outcome};
use crate::input::files::shown;
use crate::options;
use crate::output::emit;

/// Settings with a flag or a default: key, clap id, environment variable, default.
const FLAGS: &[(&str, &str, &str, &str)] = &[
    ("input.default-namespace", "namespace", "GWC_NAMESPACE", "default"),
    ("lint.extend-select", "extend_select", "", "[]"),
    ("lint.fail-on", "fail_on", "GWC_FAIL_ON", "error"),
    ("lint.fail-on-undetermined", "fail_on_undetermined", "", "false"),
    ("lint.ignore", "ignore", "", "[]"),
    ("lint.max-warnings", "max_warnings", "", "unlimited"),
    ("lint.preset", "preset", "GWC_PRESET", "recommended"),
    ("lint.select", "select", "", "[]"),
    ("lint.severity", "severity", "", "{}"),
    ("target.gateway-api", "gateway_api", "GWC_GATEWAY_API", "detect, else newest"),
    ("target.channel", "", "", "detect, else standard"),
    ("world.mode", "world", "GWC_WORLD", "auto; status: closed"),
];

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &ConfigArgs, matches: &ArgMatches) -> Outcome {
    let text = match &args.what {
        ConfigCommand::Schema => schema::text(&schema::config_schema()),
        ConfigCommand::Path(args) => {
            let loaded = load::load(start(&args.paths), &global.config, global.no_config)?;
            match loaded.path {
                Some(path) => format!("{}\n", relative(&path)),
                None => "no configuration file; the defaults hold\n".to_owned(),
            }
        }
        ConfigCommand::Show(args) => {
            let loaded = load::load(start(&args.paths), &global.config, global.no_config)?;
            check(args, &loaded)?;
            let matches = matches.subcommand_matches("config").and_then(|matches| matches.subcommand_matches("show"));
            show(&loaded, matches)
        }
    };
    emit(&text, None)?;
    Ok(Exit::Success)
}

/// Wrong values fail here as they would in a check.
fn check(args: &ConfigShowArgs, loaded: &Loaded) -> Result<(), crate::failure::Failure> {
    let selection = options::selection(&args.lint, loaded)?;
    options::threshold(&args.lint, loaded, &selection)?;
    options::rules::options(&loaded.config.lint.options)?;
    options::ignores::Ignores::new(loaded, options::time::clock()).map(|_| ())
}

fn start(paths: &[PathBuf]) -> &Path {
    paths.first().map_or(Path::new("."), PathBuf::as_path)
}

fn relative(path: &Path) -> String {
    std::env::current_dir().map_or_else(|_| path.display().to_string(), |folder| shown(path, &folder))
}

/// `key = value  # origin`, sorted by key.
fn show(loaded: &Loaded, matches: Option<&ArgMatches>) -> String {
    let mut values: BTreeMap<String, (String, String)> = BTreeMap::new();
    flatten(&loaded.table, "", loaded, &mut values);
    for (key, id, variable, default) in FLAGS {
        if let Some((text, origin)) = matches.and_then(|matches| typed(matches, id, variable)) {
            values.insert((*key).to_owned(), (text, origin));
        } else if !values.keys().any(|known| known == key || known.starts_with(&format!("{key}."))) {
            values.insert((*key).to_owned(), ((*default).to_owned(), "default".to_owned()));
        }
    }
    let lines = values.into_iter().map(|(key, (value, origin))| format!("{key} = {value}  # {origin}\n"));
    lines.collect()
}

fn flatten(table: &toml::Table, parent: &str, loaded: &Loaded, values: &mut BTreeMap<String, (String, String)>) {
    for (key, value) in table {
        let path = origin::join(parent, key);
        if let Some(inner) = value.as_table().filter(|inner| !inner.is_empty()) {
            flatten(inner, &path, loaded, values);
        } else {
            let origin = loaded.origins.get(&path).cloned().unwrap_or_default();
            values.insert(path, (value.to_string(), origin));
        }
    }
}

/// The value of a flag or environment variable, where one was given.
fn typed(matches: &ArgMatches, id: &str, variable: &str) -> Option<(String, String)> {
    if id.is_empty() || !matches.try_contains_id(id).unwrap_or(false) {
        return None;
    }
    let source = matches.value_source(id)?;
    let origin = if source == ValueSource::CommandLine {
        format!("--{}", id.replace('_', "-"))
    } else if source == ValueSource::EnvVariable {
        variable.to_owned()
    } else {
        return None;
    };
    let words = matches.get_raw(id)?.map(|word| word.to_string_lossy().into_owned());
    Some((words.collect::<Vec<_>>().join(", "), origin))
}
