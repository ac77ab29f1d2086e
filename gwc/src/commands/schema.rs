//! `gwc schema NAME`: JSON Schemas of the file formats.

use crate::cli::SchemaArgs;
use crate::config::Config;
use crate::failure::{Exit, Failure, Outcome};
use crate::nearest;
use crate::output::test_json::TestReport;
use crate::output::{emit, json, status_json};
use crate::route::batch::BatchReport;
use crate::route::model::RouteReport;
use crate::suite::file::TestFile;

/// Makes a schema.
type Schema = fn() -> schemars::Schema;

/// Schemas by name.
const THERE: [(&str, Schema); 11] = [
    ("config", config_schema),
    ("check-json", check_schema),
    ("status-json", status_schema),
    ("diff-json", diff_schema),
    ("graph-json", graph_schema),
    ("route-json", route_schema),
    ("route-batch-json", route_batch_schema),
    ("ir", ir_schema),
    ("migrate-json", migrate_schema),
    ("test-file", test_file_schema),
    ("test-json", test_schema),
];

/// Runs the command.
pub(crate) fn run(args: &SchemaArgs) -> Outcome {
    let names = THERE.map(|(name, _)| name);
    let Some((_, schema)) = THERE.iter().find(|(name, _)| *name == args.name) else {
        let problem = format!("unknown schema `{}`{}", args.name, nearest::hint(&args.name, names));
        return Err(Failure::usage(format!("{problem}; there are {}", names.join(", "))));
    };
    emit(&text(&schema()), None)?;
    Ok(Exit::Success)
}

/// The schema of gwc.toml.
pub(crate) fn config_schema() -> schemars::Schema {
    schemars::schema_for!(Config)
}

/// A schema as text.
pub(crate) fn text(schema: &schemars::Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

fn check_schema() -> schemars::Schema {
    schemars::schema_for!(json::Check)
}

fn status_schema() -> schemars::Schema {
    schemars::schema_for!(status_json::StatusList)
}

fn graph_schema() -> schemars::Schema {
    schemars::schema_for!(crate::picture::json::Graph)
}

fn route_schema() -> schemars::Schema {
    schemars::schema_for!(RouteReport)
}

fn route_batch_schema() -> schemars::Schema {
    schemars::schema_for!(BatchReport)
}

fn ir_schema() -> schemars::Schema {
    schemars::schema_for!(gwc_core::ir::Config)
}

fn migrate_schema() -> schemars::Schema {
    schemars::schema_for!(crate::migration::json::MigrationReport)
}

fn test_file_schema() -> schemars::Schema {
    schemars::schema_for!(TestFile)
}

fn test_schema() -> schemars::Schema {
    schemars::schema_for!(TestReport)
}

fn diff_schema() -> schemars::Schema {
    schemars::schema_for!(crate::difference::json::Diff)
}
