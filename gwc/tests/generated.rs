//! Committed documents that the binary writes: the rule reference, JSON Schemas, manual pages, completion scripts.
//! They must be what the binary prints today, and nothing else may lie beside them.
//!
//! `GWC_WRITE_DOCS=1 cargo test -p gwc --test generated` writes them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The command that the messages name.
const REFRESH: &str = "GWC_WRITE_DOCS=1 cargo test -p gwc --test generated";

const SHELLS: [(&str, &str); 5] =
    [("bash", "gwc.bash"), ("zsh", "_gwc"), ("fish", "gwc.fish"), ("powershell", "_gwc.ps1"), ("elvish", "gwc.elv")];

const SCHEMAS: [&str; 9] = [
    "config",
    "check-json",
    "status-json",
    "diff-json",
    "migrate-json",
    "route-json",
    "route-batch-json",
    "test-file",
    "test-json",
];

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

fn gwc(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    let output = command.env_clear().stdin(Stdio::null()).args(arguments).output().expect("gwc runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The commands that the help lists, in its order.
fn commands() -> Vec<String> {
    let help = gwc(&["--help"]);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

/// Every generated document: path below `docs`, text.
fn documents() -> BTreeMap<String, String> {
    let mut all = BTreeMap::from([("rules.md".to_owned(), gwc(&["rules", "--no-config", "-o", "md"]))]);
    for name in SCHEMAS {
        all.insert(format!("schemas/{name}.json"), gwc(&["schema", name]));
    }
    all.insert("man/gwc.1".to_owned(), gwc(&["man"]));
    for command in commands() {
        all.insert(format!("man/gwc-{command}.1"), gwc(&["man", &command]));
    }
    for (shell, file) in SHELLS {
        all.insert(format!("completions/{file}"), gwc(&["completions", shell]));
    }
    all
}

/// The first line that differs, for the message.
fn difference(committed: &str, printed: &str) -> String {
    let (mut old, mut new) = (committed.lines(), printed.lines());
    for number in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (old, new) if old == new => {}
            (old, new) => {
                return format!(
                    "line {number} is `{}`, the binary prints `{}`",
                    old.unwrap_or("(end)"),
                    new.unwrap_or("(end)")
                );
            }
        }
    }
    "line ends differ".to_owned()
}

#[test]
fn committed_documents_are_what_the_binary_prints() {
    let is_refresh = std::env::var_os("GWC_WRITE_DOCS").is_some();
    let mut problems = Vec::new();
    for (name, printed) in documents() {
        let path = docs().join(&name);
        if is_refresh {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, &printed).expect("a document");
        }
        match std::fs::read_to_string(&path) {
            Ok(committed) if committed == printed => {}
            Ok(committed) => problems.push(format!("docs/{name}: {}", difference(&committed, &printed))),
            Err(error) => problems.push(format!("docs/{name}: {error}")),
        }
    }
    assert!(problems.is_empty(), "{}\nrefresh with: {REFRESH}", problems.join("\n"));
}

#[test]
fn no_document_is_left_over() {
    let wanted: BTreeSet<String> = documents().into_keys().collect();
    for folder in ["schemas", "man", "completions"] {
        for entry in std::fs::read_dir(docs().join(folder)).expect("a folder of documents") {
            let name = format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy());
            assert!(wanted.contains(&name), "docs/{name} is printed by no command; remove it");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let commands = commands();
    for known in
        ["check", "status", "explain", "route", "test", "rules", "config", "schema", "completions", "man", "version"]
    {
        assert!(commands.iter().any(|command| command == known), "{known} is not among {commands:?}");
    }
    let main = gwc(&["man"]);
    for command in commands {
        let written = command.replace('-', "\\-");
        assert!(main.contains(&format!("gwc\\-{written}(1)")), "gwc(1) does not name {command}");
        let heading = gwc(&["man", &command]);
        assert!(heading.contains(&format!("gwc\\-{written} \\- ")), "gwc-{command}(1) has no name line:\n{heading}");
    }
}

#[test]
fn addresses_of_findings_are_anchors_of_the_rule_reference() {
    let reference = gwc(&["rules", "--no-config", "-o", "md"]);
    let rules: serde_json::Value =
        serde_json::from_str(&gwc(&["rules", "--no-config", "--preset", "all", "-o", "json"])).expect("JSON");
    let built = rules.as_array().expect("a list of rules").iter().filter(|rule| rule["built"] == true);
    let codes: Vec<&str> = built.map(|rule| rule["code"].as_str().expect("a code")).collect();
    assert!(codes.len() > 90, "only {} rules", codes.len());
    for code in codes {
        let anchor = format!("<a id=\"{}\"></a>", code.to_lowercase());
        assert_eq!(reference.matches(&anchor).count(), 1, "anchor of {code}");
    }
}

#[test]
fn schemas_are_closed_under_their_references() {
    for name in SCHEMAS {
        let text = gwc(&["schema", name]);
        let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(schema["$schema"].is_string() && schema["title"].is_string(), "{name}");
        let definitions = schema["$defs"].as_object().expect("definitions");
        for reference in text.split("\"#/$defs/").skip(1) {
            let target = reference.split('"').next().expect("a name");
            assert!(definitions.contains_key(target), "{name}: {target}");
        }
    }
}
