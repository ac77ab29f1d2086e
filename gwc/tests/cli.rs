//! The command line through the binary: exit codes of cli-and-rules.md §4, formats, inputs, configuration.
//!
//! The environment is scrubbed; every test has a folder of its own. What rules say is in tests/fixtures.rs.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A manifest without a finding of severity error in the default world.
const GOOD: &str = "apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  ports:
  - port: 80
";

/// A manifest with a key given twice, which the API server refuses too: the port is no number.
const BAD: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: gw
  namespace: shop
spec:
  gatewayClassName: main
  gatewayClassName: main
  listeners:
  - name: http
    protocol: HTTP
    port: eighty
";

/// A manifest that does not parse.
const BROKEN: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: [x\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(folder).stdin(Stdio::null()).args(arguments);
    command
}

fn gwc(folder: &Path, arguments: &[&str]) -> Output {
    let start = Instant::now();
    let output = command(folder, arguments).output().expect("gwc runs");
    assert!(start.elapsed() < Duration::from_secs(60), "{arguments:?} took too long");
    output
}

fn piped(folder: &Path, arguments: &[&str], text: &str) -> Output {
    use std::io::Write;
    let mut child = command(folder, arguments);
    let mut child =
        child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("gwc runs");
    child.stdin.take().expect("stdin").write_all(text.as_bytes()).expect("written");
    child.wait_with_output().expect("gwc ends")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_str(&out(output)).unwrap_or_else(|error| panic!("{error}: {}\n{}", out(output), err(output)))
}

/// Exit code and one line of stderr that is expected.
fn expect(folder: &Path, arguments: &[&str], wanted: i32, message: &str) {
    let output = gwc(folder, arguments);
    assert_eq!(code(&output), wanted, "{arguments:?}\n{}{}", out(&output), err(&output));
    assert!(err(&output).contains(message), "{arguments:?}: `{message}` is not in\n{}", err(&output));
}

#[test]
fn exit_0_prints_one_summary_on_stderr_and_nothing_on_stdout() {
    let folder = folder(&[("a.yaml", GOOD)]);
    let output = gwc(folder.path(), &["check"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""), "{}", err(&output));
    assert!(err(&output).starts_with("No findings in 1 object, 1 file\n"), "{}", err(&output));
    assert!(err(&output).contains("Gateway API v1.6.1/standard (default"), "{}", err(&output));
}

#[test]
fn exit_1_for_findings_and_only_from_the_threshold_on() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let exit = |arguments: &[&str]| code(&gwc(folder.path(), arguments));
    assert_eq!(exit(&["check", "bad.yaml"]), 1);
    assert_eq!(exit(&["check", "bad.yaml", "--exit-zero"]), 0);
    assert_eq!(exit(&["check", "bad.yaml", "--fail-on", "never"]), 0);
    assert_eq!(exit(&["check", "bad.yaml", "--ignore", "ALL"]), 0);
    assert_eq!(exit(&["check", "bad.yaml", "--severity", "ALL=warning"]), 0);
    assert_eq!(exit(&["check", "bad.yaml", "--severity", "ALL=warning", "--max-warnings", "0"]), 1);
    assert_eq!(exit(&["check", "bad.yaml", "--severity", "ALL=warning", "--fail-on", "warning"]), 1);
    assert_eq!(exit(&["check", "bad.yaml", "-qq"]), 1);
    assert_eq!(out(&gwc(folder.path(), &["check", "bad.yaml", "-qq"])), "");
}

#[test]
fn a_syntax_error_is_a_finding_and_the_format_never_changes_the_code() {
    let folder = folder(&[("broken.yaml", BROKEN)]);
    for format in ["full", "concise", "grouped", "json", "json-v1", "jsonl", "sarif", "github", "junit"] {
        let output = gwc(folder.path(), &["check", "broken.yaml", "-o", format]);
        assert_eq!(code(&output), 1, "{format}: {}", err(&output));
        assert!(out(&output).contains("GWC0001"), "{format}");
    }
}

#[test]
fn exit_2_for_a_wrong_command_line() {
    let folder = folder(&[("a.yaml", GOOD)]);
    let at = folder.path();
    expect(at, &["chekc"], 2, "unknown command `chekc`; did you mean `check`?");
    expect(at, &["lsp"], 2, "`gwc lsp` is not built yet; commands there are: check, status");
    expect(at, &["check", "--fix"], 2, "`--fix` is not built yet");
    expect(at, &["check", "--nonsense"], 2, "unexpected argument");
    expect(at, &["check", "-o", "gitlab"], 2, "output format `gitlab` is not built yet; there are full, concise");
    expect(at, &["check", "-o", "jsno"], 2, "did you mean `json`?");
    expect(at, &["check", "-o", "json", "-o", "full"], 2, "two output formats for stdout");
    expect(at, &["check", "--select", "GWC99"], 2, "unknown rule `GWC99`");
    expect(at, &["check", "--ignore", "backend-not-fund"], 2, "did you mean `backend-not-found`?");
    expect(at, &["check", "--preset", "stric"], 2, "did you mean `strict`?");
    expect(at, &["check", "--severity", "GWC1=loud"], 2, "unknown severity `loud`");
    expect(at, &["check", "--gateway-api", "2.0"], 2, "unknown Gateway API release `2.0`");
    expect(at, &["check", "--gateway-api", "1.6/beta"], 2, "unknown channel `beta`");
    expect(at, &["check", "--now", "today"], 2, "RFC 3339");
    expect(at, &["check", "--assume", "service:shop/cart"], 2, "service:NS/NAME:PORT");
    expect(at, &["check", "--env", "prod"], 2, "no world `[env.prod]`");
    expect(at, &["check", "-o", "admission-jsonl"], 2, "needs --phase admission");
    expect(at, &["schema", "dif-json"], 2, "did you mean `diff-json`?; there are config");
    expect(at, &["completions", "nushell"], 2, "not built yet");
    expect(at, &["explain", "ref-not-permited"], 2, "did you mean `ref-not-permitted`?");
    expect(at, &[], 2, "Usage");
}

#[test]
fn exit_3_for_input_that_cannot_be_had() {
    let folder = folder(&[("empty/readme.txt", ""), ("none/x.yaml", "# nothing\n")]);
    let at = folder.path();
    expect(at, &["check", "nope.yaml"], 3, "nope.yaml: no such file or folder");
    expect(at, &["check", "*.yaml"], 3, "no manifest matches this glob");
    expect(at, &["check", "empty"], 3, "no manifests found");
    expect(at, &["check", "none"], 3, "no Kubernetes objects found in 1 file");
    expect(at, &["check", "empty", "--allow-empty"], 0, "");
    expect(at, &["check", "/dev/null"], 3, "is a device");
    expect(at, &["status", "nope.yaml"], 3, "no such file");
}

#[test]
fn an_unreadable_path_wins_over_findings_and_the_rest_is_still_checked() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let output = gwc(folder.path(), &["check", "bad.yaml", "nope.yaml", "-o", "concise"]);
    assert_eq!(code(&output), 3);
    assert!(out(&output).contains("bad.yaml:8:"), "{}", out(&output));
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_symlink_loops_never_hang() {
    let folder = folder(&[("a.yaml", GOOD)]);
    let at = folder.path();
    let made = Command::new("mkfifo").arg(at.join("pipe.yaml")).status();
    if made.is_ok_and(|status| status.success()) {
        expect(at, &["check", "pipe.yaml"], 3, "pipe.yaml: is a pipe");
        expect(at, &["check", "."], 3, "pipe.yaml: is a pipe");
        std::fs::remove_file(at.join("pipe.yaml")).expect("removed");
    }
    let _socket = std::os::unix::net::UnixListener::bind(at.join("socket.yaml")).expect("a socket");
    expect(at, &["check", "socket.yaml"], 3, "socket.yaml: is a socket");
    std::fs::remove_file(at.join("socket.yaml")).expect("removed");
    std::os::unix::fs::symlink("loop.yaml", at.join("loop.yaml")).expect("a link");
    expect(at, &["check", "loop.yaml"], 3, "leads back to itself");
    expect(at, &["check", "."], 3, "leads back to itself");
    std::fs::remove_file(at.join("loop.yaml")).expect("removed");
    std::os::unix::fs::symlink("..", at.join("up")).expect("a link");
    expect(at, &["check", "."], 0, "1 object, 1 file");
}

#[cfg(unix)]
#[test]
fn unreadable_files_are_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("secret.yaml", GOOD)]);
    let file = folder.path().join("secret.yaml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).expect("permissions");
    // Root may read everything; then there is nothing to see here.
    if std::fs::read(&file).is_err() {
        expect(folder.path(), &["check", "secret.yaml"], 3, "secret.yaml: permission denied");
    }
}

#[test]
fn folders_obey_ignore_files_and_skip_what_is_hidden() {
    let folder = folder(&[
        ("a/good.yaml", GOOD),
        ("a/ignored.yaml", BAD),
        ("a/vendor/bad.yaml", BAD),
        ("a/.hidden/bad.yaml", BAD),
        ("a/x.gwc-test.yaml", BAD),
        ("a/notes.txt", BAD),
        (".gitignore", "ignored.yaml\n"),
        (".gwcignore", "vendor/\n"),
    ]);
    let at = folder.path();
    expect(at, &["check"], 0, "1 object, 1 file");
    expect(at, &["check", "a/*.yaml"], 0, "1 object, 1 file");
    assert_eq!(code(&gwc(at, &["check", "a/ignored.yaml"])), 1, "named files are read");
    assert_eq!(code(&gwc(at, &["check", "a/.hidden"])), 1, "a named folder is read");
}

#[test]
fn the_same_file_is_read_once_and_context_is_not_reported() {
    let folder = folder(&[("a.yaml", GOOD), ("bad.yaml", BAD)]);
    let at = folder.path();
    expect(at, &["check", "a.yaml", "./a.yaml", "-f", "a.yaml"], 0, "1 object, 1 file");
    expect(at, &["check", "a.yaml", "-C", "bad.yaml"], 0, "1 object, 1 file");
}

#[test]
fn standard_input_has_a_name() {
    let folder = folder(&[]);
    let output = piped(folder.path(), &["check", "-", "-o", "concise"], BROKEN);
    assert_eq!(code(&output), 1);
    assert!(out(&output).starts_with("<stdin>:"), "{}", out(&output));
    let output = piped(folder.path(), &["check", "-", "--stdin-filename", "x/y.yaml", "-o", "concise"], BROKEN);
    assert!(out(&output).starts_with("x/y.yaml:"), "{}", out(&output));
    let output = piped(folder.path(), &["check", "-"], "");
    assert_eq!(code(&output), 3, "{}", err(&output));
}

#[test]
fn json_and_sarif_parse_and_hold_what_they_must() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let value = json(&gwc(folder.path(), &["check", "bad.yaml", "-o", "json"]));
    assert_eq!((&value["schema"], &value["tool"]["name"]), (&"gwc.check/v1".into(), &"gwc".into()));
    assert_eq!(value["worlds"][0]["target"]["gatewayApi"], "v1.6.1");
    let findings = value["diagnostics"].as_array().expect("findings");
    assert!(!findings.is_empty());
    for finding in findings {
        for key in ["code", "name", "severity", "basis", "message", "pointer", "fingerprint", "docs"] {
            assert!(finding[key].is_string(), "{key}: {finding}");
        }
        assert_eq!(finding["locations"][0]["role"], "primary");
        assert_eq!(finding["locations"][0]["file"], "bad.yaml");
    }
    let lines = out(&gwc(folder.path(), &["check", "bad.yaml", "-o", "jsonl"]));
    assert_eq!(lines.lines().count(), findings.len());
    let sarif = json(&gwc(folder.path(), &["check", "bad.yaml", "-o", "sarif"]));
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string());
    }
}

/// Tags balance, attributes are quoted, no raw `<` or `&` in texts: enough to be read by any XML parser.
fn assert_well_formed(xml: &str) {
    let mut open = Vec::new();
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").expect("a declaration");
    while let Some(at) = rest.find('<') {
        for entity in rest[..at].split('&').skip(1) {
            assert!(entity.contains(';'), "a raw `&` before {entity}");
        }
        let end = at + rest[at..].find('>').expect("a closed tag");
        let tag = &rest[at + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        assert!(!tag.contains('<'), "{tag}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().expect("a name").to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?} not closed");
}

#[test]
fn junit_is_well_formed_and_lists_clean_objects() {
    let folder = folder(&[("good.yaml", GOOD), ("bad.yaml", BAD), ("odd <&\">.yaml", BROKEN)]);
    let xml = out(&gwc(folder.path(), &["check", "-o", "junit"]));
    assert_well_formed(&xml);
    assert!(xml.contains("name=\"Service/shop/cart\"/>"), "{xml}");
    assert!(xml.contains("<failure "), "{xml}");
}

#[test]
fn several_formats_go_to_files() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let arguments = ["check", "bad.yaml", "-o", "concise", "-o", "json=out.json", "-o", "sarif=out.sarif"];
    let output = gwc(folder.path(), &arguments);
    assert_eq!(code(&output), 1);
    assert!(out(&output).starts_with("bad.yaml:"), "{}", out(&output));
    for file in ["out.json", "out.sarif"] {
        let text = std::fs::read_to_string(folder.path().join(file)).expect("a file");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    }
    expect(folder.path(), &["check", "bad.yaml", "-o", "json=no/such/folder.json"], 2, "cannot write");
}

#[test]
fn github_comes_in_addition_on_its_runners() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let run = |arguments: &[&str]| {
        let mut command = command(folder.path(), arguments);
        out(&command.env("GITHUB_ACTIONS", "true").output().expect("gwc runs"))
    };
    assert!(run(&["check", "bad.yaml"]).contains("\n::error file=bad.yaml,line="));
    assert!(!run(&["check", "bad.yaml", "-o", "concise"]).contains("::error"));
}

#[test]
fn colours_follow_flag_and_environment() {
    let folder = folder(&[("bad.yaml", BAD)]);
    let colored = |arguments: &[&str], variable: (&str, &str)| {
        let mut command = command(folder.path(), arguments);
        out(&command.env(variable.0, variable.1).output().expect("gwc runs")).contains('\u{1b}')
    };
    assert!(!colored(&["check", "bad.yaml"], ("TERM", "xterm")));
    assert!(colored(&["check", "bad.yaml"], ("FORCE_COLOR", "1")));
    assert!(!colored(&["check", "bad.yaml", "--color", "never"], ("FORCE_COLOR", "1")));
    assert!(colored(&["check", "bad.yaml", "--color", "always"], ("NO_COLOR", "1")));
}

#[test]
fn bytes_are_the_same_for_any_threads_and_argument_order() {
    let mut files = Vec::new();
    for number in 0..80 {
        let text = if number % 3 == 0 { BAD } else { GOOD };
        files.push((format!("{number:02}.yaml"), text.replace("name: gw", &format!("name: gw{number}"))));
    }
    let pairs: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&pairs);
    let names: Vec<&str> = pairs.iter().map(|(name, _)| *name).collect();
    let run = |threads: &str, names: &[&str]| {
        let mut arguments = vec!["check", "--threads", threads, "-o", "json", "--now", "2026-01-01T00:00:00Z"];
        arguments.extend(names);
        let output = gwc(folder.path(), &arguments);
        assert_eq!(code(&output), 1);
        out(&output)
    };
    let first = run("1", &names);
    let shuffled: Vec<&str> = names.iter().rev().copied().collect();
    assert_eq!(first, run("2", &names));
    assert_eq!(first, run("8", &shuffled));
    assert_eq!(first, run("8", &[]), "a folder is its files");
}

#[test]
fn configuration_is_found_merged_and_strict() {
    let folder = folder(&[
        ("base.toml", "[lint]\npreset = \"strict\"\n"),
        ("gwc.toml", "extends = \"base.toml\"\n[lint]\nfail-on = \"never\"\n[input]\nexclude = [\"skip/**\"]\n"),
        ("m/bad.yaml", BAD),
        ("skip/broken.yaml", BROKEN),
    ]);
    let at = folder.path();
    let output = gwc(at, &["check", "-o", "concise"]);
    assert_eq!(code(&output), 0, "fail-on comes from the file: {}", err(&output));
    assert!(out(&output).contains("m/bad.yaml:") && !out(&output).contains("skip/"), "{}", out(&output));
    assert_eq!(code(&gwc(at, &["check", "--fail-on", "error"])), 1, "a flag wins");
    assert_eq!(code(&gwc(at, &["check", "--config", "lint.fail-on=error"])), 1, "--config wins");
    assert_eq!(code(&gwc(at, &["check", "--no-config"])), 1);
    let mut with_variable = command(at, &["check"]);
    assert_eq!(code(&with_variable.env("GWC_FAIL_ON", "error").output().expect("gwc runs")), 1, "environment wins");
    let shown = out(&gwc(at, &["config", "show", "--preset", "all"]));
    for line in ["lint.preset = all  # --preset\n", "lint.fail-on = \"never\"  # gwc.toml:3\n", "# default\n"] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert_eq!(out(&gwc(at, &["config", "path", "m"])), "gwc.toml\n");
}

#[test]
fn configuration_errors_name_file_line_and_nearest_key() {
    let wrong = [
        ("[lnt]\n", "gwc.toml:1: unknown key `lnt`; did you mean `lint`?"),
        ("[lint]\nfail-no = \"x\"\n", "gwc.toml:2: unknown key `fail-no`; did you mean `fail-on`?"),
        ("[lint\n", "gwc.toml:1: "),
        ("[lint]\npreset = 1\n", "gwc.toml:2: invalid type"),
        ("[lint]\npreset = \"stric\"\n", "did you mean `strict`?"),
        ("[lint.options.GWC4004]\ndasy = 3\n", "unknown option `dasy`; did you mean `days`?"),
        ("[[lint.ignore]]\nrule = \"GWC9999\"\n", "unknown rule `GWC9999`"),
        ("[world.assume]\nsecrets = {tls = []}\n", "secret:NS/NAME"),
        ("[env.a]\nkustomize = [\"x\"]\npaths = [\".\"]\n", "not built yet"),
    ];
    for (text, message) in wrong {
        let folder = folder(&[("gwc.toml", text), ("a.yaml", GOOD)]);
        expect(folder.path(), &["check"], 2, message);
    }
    let folder = folder(&[("a.yaml", GOOD)]);
    expect(folder.path(), &["check", "--config", "nope.toml"], 2, "cannot read the configuration");
}

#[test]
fn worlds_of_the_configuration_share_findings() {
    let folder = folder(&[
        ("gwc.toml", "[env.prod]\npaths = [\"base\", \"prod\"]\n[env.stage]\npaths = [\"base\"]\n"),
        ("base/bad.yaml", BAD),
        ("prod/broken.yaml", BROKEN),
    ]);
    let value = json(&gwc(folder.path(), &["check", "-o", "json"]));
    let worlds = |file: &str| -> Vec<String> {
        let findings = value["diagnostics"].as_array().expect("findings").iter();
        let own = findings.filter(|finding| finding["locations"][0]["file"] == file);
        own.map(|finding| finding["worlds"].to_string()).collect()
    };
    assert!(worlds("base/bad.yaml").iter().all(|names| names == "[\"prod\",\"stage\"]"), "{value}");
    assert!(worlds("prod/broken.yaml").iter().all(|names| names == "[\"prod\"]"), "{value}");
    let value = json(&gwc(folder.path(), &["check", "-o", "json", "--env", "stage"]));
    assert_eq!(value["worlds"].as_array().map(Vec::len), Some(1));
}

#[test]
fn suppressions_hold_expire_and_can_be_audited() {
    let ignores =
        "[[lint.ignore]]\nrule = \"GWC0002\"\nkind = \"Gate*\"\nreason = \"known\"\nexpires = \"2026-03-31\"\n";
    let folder = folder(&[("gwc.toml", ignores), ("bad.yaml", BAD)]);
    let at = folder.path();
    let codes = |arguments: &[&str]| -> Vec<String> {
        let mut all = vec!["check", "-o", "json"];
        all.extend(arguments);
        let findings = json(&gwc(at, &all))["diagnostics"].as_array().cloned().unwrap_or_default();
        findings.iter().map(|finding| finding["code"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let before = ["--now", "2026-03-31T12:00:00Z"];
    let after = ["--now", "2026-04-01T12:00:00Z"];
    let has = |codes: &[String], code: &str| codes.iter().any(|found| found == code);
    assert!(!has(&codes(&before), "GWC0002"));
    assert!(has(&codes(&after), "GWC0002") && has(&codes(&after), "GWC0093"));
    assert!(has(&codes(&["--no-suppressions", before[0], before[1]]), "GWC0002"));
    let shown = json(&gwc(at, &["check", "-o", "json", "--show-suppressed", before[0], before[1]]));
    let suppressed = shown["diagnostics"].as_array().expect("findings").iter();
    let how: Vec<&serde_json::Value> = suppressed.filter_map(|finding| finding.get("suppressed")).collect();
    assert!(how.iter().any(|how| how["how"] == "config" && how["reason"] == "known"), "{shown}");
}

#[test]
fn unused_assumptions_are_reported() {
    let folder = folder(&[("a.yaml", GOOD)]);
    let output = gwc(folder.path(), &["check", "--assume", "secret:shop/tls", "-o", "concise"]);
    assert_eq!(code(&output), 0);
    assert!(out(&output).contains("warning[GWC0095]") && out(&output).contains("secret:shop/tls"), "{}", out(&output));
}

#[test]
fn arguments_can_come_from_a_file() {
    let folder = folder(&[("args", "check\nbad.yaml\n-o\nconcise\n"), ("bad.yaml", BAD)]);
    let output = gwc(folder.path(), &["@args"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    expect(folder.path(), &["@nope"], 2, "cannot read arguments");
}

#[test]
fn admission_prints_one_line_per_document() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}}\n";
    let text = format!("{BAD}---\n---\n{list}---\na: [b\n");
    let folder = folder(&[("all.yaml", &text)]);
    let arguments = ["check", "--phase", "admission", "--gateway-api", "v1.6/standard", "-o", "admission-jsonl"];
    let mut all: Vec<&str> = arguments.to_vec();
    all.push("all.yaml");
    let output = gwc(folder.path(), &all);
    assert_eq!(code(&output), 1);
    let lines: Vec<serde_json::Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(
        (&lines[0]["document"], &lines[0]["kind"], &lines[0]["allowed"]),
        (&0.into(), &"Gateway".into(), &false.into())
    );
    let error = &lines[0]["errors"][0];
    assert_eq!((&error["field"], &error["type"]), (&"spec.listeners[0].port".into(), &"FieldValueTypeInvalid".into()));
    assert_eq!((&lines[1]["item"], &lines[1]["allowed"]), (&0.into(), &serde_json::Value::Null));
    assert_eq!((&lines[2]["errors"][0]["type"], &lines[2]["allowed"]), (&"Decode".into(), &false.into()));
    let good = folder_with_route();
    let mut all: Vec<&str> = arguments.to_vec();
    all.extend(["--show-object", "route.yaml"]);
    let output = gwc(good.path(), &all);
    assert_eq!(code(&output), 0, "{}", out(&output));
    let line = json(&output);
    assert_eq!(line["object"]["spec"]["rules"][0]["matches"][0]["path"]["value"], "/", "defaults are in: {line}");
    assert!(line["object"].get("status").is_none());
    expect(good.path(), &["check", "--phase", "admission", "-o", "admission-jsonl", "nope.yaml"], 3, "no such file");
}

fn folder_with_route() -> TempDir {
    let route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: shop}\n\
                 spec:\n  rules:\n  - backendRefs: [{name: cart, port: 80}]\nstatus: {parents: []}\n";
    folder(&[("route.yaml", route)])
}

#[test]
fn status_prints_its_document_and_names_missing_classes() {
    let gateway = BAD.replace("eighty", "80").replacen("  gatewayClassName: main\n", "", 1);
    let folder = folder(&[("gw.yaml", &gateway), ("bad.yaml", &BAD.replace("name: gw", "name: other"))]);
    let at = folder.path();
    let output = gwc(at, &["status", "gw.yaml", "-o", "json"]);
    let value = json(&output);
    assert_eq!(value["schema"], "gwc.status/v1");
    assert!(value["items"].is_array());
    assert!(err(&output).contains("--assume gatewayclass:main=example.com/controller"), "{}", err(&output));
    let assumed = gwc(at, &["status", "gw.yaml", "--assume", "gatewayclass:main=example.com/gw"]);
    assert!(!err(&assumed).contains("--assume"), "{}", err(&assumed));
    assert_eq!(code(&gwc(at, &["status", "bad.yaml"])), 1, "a refused object fails");
    expect(at, &["status", "gw.yaml", "gateway/shop/nope"], 3, "no object `gateway/shop/nope`");
    expect(at, &["status", "gw.yaml", "-o", "tree"], 2, "not built yet; there are table, wide, yaml, json, patch");
}

#[test]
fn explain_knows_rules_reasons_and_conditions() {
    let folder = folder(&[]);
    let at = folder.path();
    let text = |what: &str| {
        let output = gwc(at, &["explain", what]);
        assert_eq!(code(&output), 0, "{what}: {}", err(&output));
        out(&output)
    };
    assert!(text("GWC1009").starts_with("GWC1009 ref-not-permitted\n"));
    assert_eq!(text("ref-not-permitted"), text("gwc1009"));
    assert!(text("NotAllowedByListeners").contains("rule GWC2001 namespace-not-allowed"));
    assert!(text("Accepted").contains("(condition of") && text("Accepted").contains("(reason of"));
    assert!(out(&gwc(at, &["explain", "--list"])).contains("GWC1009  ref-not-permitted"));
}

#[test]
fn every_side_command_prints_something_well_formed() {
    let folder = folder(&[]);
    let at = folder.path();
    for name in ["config", "check-json", "status-json"] {
        assert_eq!(json(&gwc(at, &["schema", name]))["type"], "object", "{name}");
    }
    assert!(json(&gwc(at, &["rules", "-o", "json"])).as_array().is_some_and(|rules| rules.len() > 100));
    assert!(out(&gwc(at, &["rules"])).contains("GWC1009  ref-not-permitted"));
    assert!(out(&gwc(at, &["rules", "-o", "md"])).starts_with("# Rules\n"));
    assert_eq!(json(&gwc(at, &["version", "-o", "json"]))["name"], "gwc");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(out(&gwc(at, &["completions", shell])).contains("gwc"), "{shell}");
    }
    assert!(out(&gwc(at, &["man"])).contains(".TH gwc 1"));
    assert!(out(&gwc(at, &["man", "check"])).contains("max\\-warnings"));
    assert!(out(&gwc(at, &["--version"])).starts_with("gwc "));
}

#[cfg(unix)]
#[test]
fn under_a_kubectl_name_the_usage_says_so() {
    let folder = folder(&[]);
    let name = folder.path().join("kubectl-gwc");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_gwc"), &name).expect("a link");
    let output = Command::new(&name).env_clear().arg("--help").output().expect("gwc runs");
    assert!(out(&output).contains("kubectl gwc"), "{}", out(&output));
}

#[test]
fn secrets_never_appear() {
    let pem = "-----BEGIN PRIVATE KEY-----\\nTUlJc2VjcmV0\\n-----END PRIVATE KEY-----";
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: t, namespace: s}}\nunknown: 1\ntype: 5\ndata:\n  tls.key: c2VjcmV0\n  \
         tls.key: c2Vjb25k\n  bad: 7\nstringData:\n  p: \"{pem}\"\n"
    );
    let broken = format!("{text}  x: [\n");
    let folder = folder(&[("secret.yaml", &text), ("broken.yaml", &broken)]);
    for format in ["full", "concise", "grouped", "json", "jsonl", "sarif", "github", "junit"] {
        let output = gwc(folder.path(), &["check", "--preset", "all", "-o", format]);
        let all = out(&output) + &err(&output);
        for secret in ["c2VjcmV0", "c2Vjb25k", "TUlJc2VjcmV0"] {
            assert!(!all.contains(secret), "{format}: {all}");
        }
    }
    let arguments = ["check", "--phase", "admission", "--show-object", "-o", "admission-jsonl"];
    let output = gwc(folder.path(), &arguments);
    assert!(!out(&output).contains("c2Vj") && !out(&output).contains("TUlJ"), "{}", out(&output));
}

/// What Helm and kustomize leave in their output names the file to change.
#[test]
fn findings_on_rendered_manifests_name_their_file() {
    let helm = format!("---\n# Source: shop/templates/gateway.yaml\n{BAD}");
    let origin = "  annotations:\n    config.kubernetes.io/origin: |\n      path: base/gateway.yaml\n      repo: https://example.com/shop\n      ref: v1\n";
    let kustomize = BAD.replace("spec:\n", &format!("{origin}spec:\n"));
    let listed = format!("apiVersion: v1\nkind: List\nitems:\n- {}", kustomize.trim_end().replace('\n', "\n  "));
    let cases = [
        (helm, Some("rendered from `shop/templates/gateway.yaml`")),
        (kustomize, Some("rendered from `base/gateway.yaml` of https://example.com/shop at v1")),
        (listed, Some("rendered from `base/gateway.yaml` of https://example.com/shop at v1")),
        (format!("# Sources: none\n{BAD}"), None),
        (format!("{BAD}# Source: behind.yaml\n"), None),
    ];
    let at = folder(&[]);
    for (text, note) in cases {
        let report = json(&piped(at.path(), &["check", "-", "-o", "json", "--no-config"], &text));
        let findings = report["diagnostics"].as_array().expect("findings");
        let about = findings.iter().find(|finding| finding["code"] == "GWC0002").expect("the key that is there twice");
        let notes: Vec<&str> =
            about["notes"].as_array().expect("notes").iter().filter_map(|note| note.as_str()).collect();
        let found = notes.into_iter().find(|note| note.starts_with("rendered from"));
        assert_eq!(found, note, "{text}");
    }
}

#[test]
fn status_tells_objects_refused_by_a_rule_of_any_group() {
    let gateway = GOOD_GATEWAY.replace("HTTP\n", "HTTPS\n    tls: {mode: Passthrough}\n");
    let folder = folder(&[("gw.yaml", &gateway)]);
    let output = gwc(folder.path(), &["status", "--no-config", "--allow-empty", "gw.yaml"]);
    assert_eq!(code(&output), 1, "{}", out(&output));
    assert!(err(&output).contains("error[GWC4007]"), "{}", err(&output));
    let folder = self::folder(&[("gw.yaml", GOOD_GATEWAY)]);
    assert_eq!(code(&gwc(folder.path(), &["status", "--no-config", "gw.yaml"])), 0);
}

/// A Gateway that the API server takes.
const GOOD_GATEWAY: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: gw
  namespace: shop
spec:
  gatewayClassName: main
  listeners:
  - name: web
    port: 443
    protocol: HTTP
";
