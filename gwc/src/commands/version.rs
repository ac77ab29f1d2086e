//! `gwc version`: the program, the bundled releases, the features.

use gwc_core::profile::{BUNDLES, Bundle, Channel};
use serde_json::json;

use crate::cli::VersionArgs;
use crate::failure::{Exit, Outcome};
use crate::output::{self, emit};

/// Runs the command.
pub(crate) fn run(args: &VersionArgs) -> Outcome {
    let texts: Vec<String> = args.output.iter().cloned().collect();
    let wanted = output::wanted(&texts, &[("text", false), ("json", true)])?;
    let version = env!("CARGO_PKG_VERSION");
    let commit = option_env!("GWC_COMMIT");
    let bundles = BUNDLES.map(Bundle::version);
    let channels = [Channel::Standard, Channel::Experimental].map(Channel::name);
    for one in wanted {
        let text = if one.format {
            let value = json!({
                "name": "gwc",
                "version": version,
                "commit": commit,
                "gatewayApi": { "versions": bundles, "channels": channels },
                "features": [],
            });
            serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
        } else {
            let commit = commit.map(|commit| format!(" ({commit})")).unwrap_or_default();
            let (bundles, channels) = (bundles.join(", "), channels.join(", "));
            format!("gwc {version}{commit}\nGateway API: {bundles} ({channels})\n")
        };
        emit(&text, one.path.as_deref())?;
    }
    Ok(Exit::Success)
}
