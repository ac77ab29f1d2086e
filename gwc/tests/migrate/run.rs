//! One run of the command, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::case::{Run, documents, workspace};
use crate::fact;
use crate::outcome::{self, TargetSide};

/// 2026-06-01.
const NOW: &str = "2026-06-01T00:00:00Z";

/// What a run printed.
pub(crate) struct Printed {
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) manifests: String,
    /// Standard error: the report for people.
    pub(crate) report: String,
    /// The report for programs.
    pub(crate) json: Value,
}

/// Runs the binary in the workspace, with an environment of its own.
pub(crate) fn gwc(arguments: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gwc"));
    command.env_clear().current_dir(workspace()).stdin(Stdio::null()).args(arguments);
    command.output().expect("gwc runs")
}

pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The arguments of a run, without its paths.
pub(crate) fn arguments(run: &Run) -> Vec<String> {
    let mut arguments = words("ingress-migrate --color never --no-config --now");
    arguments.push(NOW.to_owned());
    if let Some(bundle) = run.bundle() {
        arguments.extend(["--gateway-api".to_owned(), bundle.to_owned()]);
    }
    arguments.extend(run.arguments());
    arguments
}

/// Runs a case; reports go to a folder.
pub(crate) fn print(run: &Run, folder: &Path) -> Printed {
    let json = folder.join("report.json");
    let mut all = arguments(run);
    all.extend([format!("-ojson={}", json.display()), "-ofull".to_owned(), run.path()]);
    let output = gwc(&all);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Printed {
        code: output.status.code(),
        manifests: text(&output.stdout),
        report: text(&output.stderr),
        json: std::fs::read(json).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default(),
    }
}

/// What is wrong with a run: its results, and the laws that hold for all runs.
pub(crate) fn problems(run: &Run, printed: &Printed, folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    if printed.code != Some(run.expect.exit) {
        let last: String = printed.report.lines().take(3).collect::<Vec<_>>().join(" | ");
        problems.push(format!("exit {:?}, not {}: {last}", printed.code, run.expect.exit));
    }
    problems.extend(report_problems(run, printed));
    let objects = documents(&printed.manifests);
    if run.expect.refused {
        if !objects.is_empty() {
            problems.push(format!("{} objects are written", objects.len()));
        }
        return problems;
    }
    problems.extend(object_problems(run, &objects));
    problems.extend(request_problems(run, &printed.manifests));
    problems.extend(incomplete(run, &printed.json));
    problems.extend(laws(run, printed, folder));
    problems
}

fn items(json: &Value) -> &[Value] {
    json.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text_at<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn report_problems(run: &Run, printed: &Printed) -> Vec<String> {
    let expect = &run.expect;
    let mut problems = Vec::new();
    let items = items(&printed.json);
    if items.is_empty() && !expect.refused {
        problems.push("the report has no items".to_owned());
    }
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    // What the reader and the API server say of the input stands beside the items.
    let diagnostics = printed.json.get("diagnostics").and_then(Value::as_array);
    for item in items.iter().chain(diagnostics.into_iter().flatten()) {
        *codes.entry(text_at(item, "code")).or_default() += 1;
    }
    let wanted = expect.codes.iter().filter(|code| !codes.contains_key(code.as_str()));
    problems.extend(wanted.map(|code| format!("no {code}")));
    let mut unwanted = expect.absent.clone();
    // A difference that nothing announced.
    unwanted.extend(Some("MIG702".to_owned()).filter(|code| !expect.codes.contains(code)));
    for code in unwanted.iter().filter(|code| codes.contains_key(code.as_str())) {
        let own = items.iter().filter(|item| text_at(item, "code") == code);
        problems.push(format!("{code}: {}", own.map(|item| text_at(item, "message")).collect::<Vec<_>>().join("; ")));
    }
    let any = expect.any_codes.iter().filter(|some| !some.iter().any(|code| codes.contains_key(code.as_str())));
    problems.extend(any.map(|some| format!("none of {some:?}")));
    for (code, n) in &expect.code_counts {
        let found = codes.get(code.as_str()).copied().unwrap_or_default();
        problems.extend(Some(format!("{code} {found} times, not {n}")).filter(|_| found != *n));
    }
    let missing = expect.items.iter().filter(|expected| !items.iter().any(|item| fact::holds(item, expected)));
    problems.extend(missing.map(|expected| format!("no item {expected}; {}", alike(items, expected))));
    for (code, text) in &expect.witnesses {
        let shows = |item: &&Value| {
            text_at(item, "code") == code && item.get("witness").is_some_and(|one| one.to_string().contains(text))
        };
        problems
            .extend(Some(format!("no witness of {code} with {text}")).filter(|_| !items.iter().any(|one| shows(&one))));
    }
    for code in &expect.accepted {
        let is = |item: &Value| text_at(item, "code") == code && item.get("accepted").is_some_and(|one| !one.is_null());
        problems.extend(Some(format!("{code} is not accepted")).filter(|_| !items.iter().any(is)));
    }
    if let Some(controls) = &expect.controls {
        let found = fact::at(&printed.json, "summary.access_controls");
        problems.extend(
            Some(format!("access controls {found:?}")).filter(|_| !found.iter().any(|one| fact::holds(one, controls))),
        );
    }
    let said = format!("{}{}", printed.report, printed.json);
    problems
        .extend(expect.says.iter().filter(|text| !said.contains(*text)).map(|text| format!("{text:?} is not said")));
    let all = format!("{said}{}", printed.manifests);
    problems.extend(expect.never.iter().filter(|text| all.contains(*text)).map(|text| format!("{text:?} is shown")));
    problems
}

/// Items about the same fact.
fn alike(items: &[Value], expected: &Value) -> String {
    let fact = text_at(expected, "fact");
    let own = items.iter().filter(|item| text_at(item, "fact") == fact && !fact.is_empty());
    own.map(|item| format!("{} {}", text_at(item, "code"), text_at(item, "verdict"))).collect::<Vec<_>>().join(", ")
}

fn object_problems(run: &Run, objects: &[Value]) -> Vec<String> {
    let mut problems: Vec<String> =
        run.expect.objects.iter().flat_map(|facts| fact::problems(objects, facts)).collect();
    for name in &run.expect.absent_objects {
        problems
            .extend(Some(format!("{name} is there")).filter(|_| objects.iter().any(|one| fact::is_named(one, name))));
    }
    for (kind, n) in &run.expect.counts {
        let names: Vec<String> = objects.iter().filter(|one| text_at(one, "kind") == kind).map(fact::name_of).collect();
        problems.extend(Some(format!("{} {kind}, not {n}: {names:?}", names.len())).filter(|_| names.len() != *n));
    }
    problems
}

fn request_problems(run: &Run, manifests: &str) -> Vec<String> {
    let target = TargetSide::new(run, manifests);
    let mut problems = Vec::new();
    for ask in &run.expect.requests {
        let expected = ask.target.as_deref().unwrap_or(if ask.source == "unknown" { "any" } else { &ask.source });
        let actual = target.ask(ask);
        if !outcome::fits(&actual, expected) {
            problems.push(format!("{} {:?}: target {actual}, not {expected}", ask.request, ask.headers));
        }
    }
    problems
}

/// Every annotation of every converted Ingress is the fact of one item, and of no other (§5.4).
fn incomplete(run: &Run, json: &Value) -> Vec<String> {
    let mut written: BTreeSet<String> = BTreeSet::new();
    for object in documents(&run.input).iter().filter(|one| text_at(one, "kind") == "Ingress") {
        let name = fact::name_of(object);
        if run.expect.not_selected.iter().any(|other| name == format!("Ingress/{other}")) {
            continue;
        }
        let annotations = object.pointer("/metadata/annotations").and_then(Value::as_object);
        written.extend(annotations.into_iter().flatten().map(|(key, _)| format!("{name} {key}")));
    }
    let mut reported: BTreeMap<String, usize> = BTreeMap::new();
    for item in items(json) {
        if text_at(item, "kind") == "annotation" {
            let key = text_at(item, "fact");
            let object = item.pointer("/source/object").and_then(Value::as_str).unwrap_or_default();
            *reported.entry(format!("{object} {key}")).or_default() += 1;
        }
    }
    let lost = written.iter().filter(|one| !reported.contains_key(*one)).map(|one| format!("{one} is in no item"));
    let ingress = |one: &&String| one.starts_with("Ingress/");
    let invented = reported.keys().filter(ingress).filter(|one| !written.contains(*one));
    let invented = invented.filter(|one| !run.expect.not_selected.iter().any(|name| one.contains(name)));
    let mut problems: Vec<String> = lost.chain(invented.map(|one| format!("{one} is in no input"))).collect();
    let repeated = reported.iter().filter(|(_, n)| **n > 1);
    problems.extend(repeated.map(|(one, n)| format!("{one} is in {n} items")));
    problems
}

/// What holds for all runs (§5.3, §5.6): the output passes the checks, and neither the order of the input nor an earlier
/// output in it changes a byte.
fn laws(run: &Run, printed: &Printed, folder: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let written = folder.join("output.yaml");
    std::fs::write(&written, &printed.manifests).expect("a file");
    if printed.manifests.is_empty() {
        return problems;
    }
    let mut check = words("check --color never --no-config --world open -o concise --now");
    check.push(NOW.to_owned());
    check.push("--gateway-api".to_owned());
    let channel = run.option("--channel").unwrap_or_else(|| "standard".to_owned());
    check.push(format!("{}/{channel}", run.bundle().unwrap_or("1.6")));
    check.push(written.display().to_string());
    let checked = gwc(&check);
    if checked.status.code() != Some(0) {
        let said = String::from_utf8_lossy(&checked.stdout);
        problems.push(format!("gwc check: {}", said.lines().take(4).collect::<Vec<_>>().join(" | ")));
    }
    let again = |paths: &[String]| {
        let mut all = arguments(run);
        all.extend(words("--verify off"));
        all.extend(paths.iter().cloned());
        String::from_utf8_lossy(&gwc(&all).stdout).into_owned()
    };
    if again(&[run.path(), written.display().to_string()]) != printed.manifests {
        problems.push("a second run on input and output writes other bytes".to_owned());
    }
    if run.is_shuffled() {
        let mut documents: Vec<&str> = run.input.split("\n---\n").collect();
        documents.reverse();
        let middle = documents.len() / 3;
        documents.rotate_left(middle);
        let shuffled = folder.join("shuffled.yaml");
        std::fs::write(&shuffled, documents.join("\n---\n")).expect("a file");
        if again(&[shuffled.display().to_string()]) != printed.manifests {
            problems.push("the order of documents changes the output".to_owned());
        }
    }
    problems
}
