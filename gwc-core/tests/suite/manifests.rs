//! Worlds of the official conformance suite: base manifests, what its code generates, the files of one test, and the
//! changes that its code makes between two checks. What is asserted of them is in the tests that use this.

use std::collections::BTreeMap;

use gwc_core::profile::{Bundle, Channel, Profile, Target, WorldMode};
use gwc_core::source::{Origin, Role, Source, SourceMap};
use gwc_core::{Compilation, compile};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance/v1.6.1");
pub(crate) const INFRA: &str = "gateway-conformance-infra";
/// A file of the suite; `None` where the data are not there.
#[expect(clippy::disallowed_methods, reason = "the test reads the suite's manifests; the library reads no files")]
pub(crate) fn manifest(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{FOLDER}/{path}")).ok()
}

/// A heading of a table and its lines.
pub(crate) struct Run {
    /// Words of the heading.
    pub(crate) words: Vec<String>,
    /// What the suite changes in code first.
    pub(crate) step: Option<String>,
    without: Vec<String>,
    channel: Channel,
    pub(crate) lines: Vec<String>,
}

/// Reads a table: `== words… key=value…` and the lines of each heading.
pub(crate) fn runs(table: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some(heading) = line.strip_prefix("== ") else {
            runs.last_mut().expect("a heading first").lines.push(line.to_owned());
            continue;
        };
        let (options, words): (Vec<&str>, Vec<&str>) = heading.split(' ').partition(|word| word.contains('='));
        let options: BTreeMap<&str, &str> = options.iter().filter_map(|word| word.split_once('=')).collect();
        let experimental = options.get("channel") == Some(&"experimental");
        runs.push(Run {
            words: words.iter().map(ToString::to_string).collect(),
            step: options.get("step").map(ToString::to_string),
            without: options.get("without").iter().flat_map(|list| list.split(',')).map(str::to_owned).collect(),
            channel: if experimental { Channel::Experimental } else { Channel::Standard },
            lines: Vec::new(),
        });
    }
    runs
}

/// Objects that the suite makes in code before any test.
fn generated() -> String {
    let mut text = String::from(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: conformance}\nspec: {controllerName: gwc.dev/gateway-controller}\n",
    );
    let secrets = [
        ("gateway-conformance-web-backend", "certificate", vec!["*"]),
        (INFRA, "tls-validity-checks-certificate", vec!["*", "*.org", "*.wildcard.org"]),
        (INFRA, "tls-validity-checks-client-certificate", vec!["client"]),
        (INFRA, "tls-validity-checks-per-port-client-certificate", vec!["client"]),
        (INFRA, "tls-checks-certificate", vec!["abc.example.com", "other.example.com"]),
        (INFRA, "tls-checks-client-certificate", vec!["client"]),
        (INFRA, "tls-passthrough-checks-certificate", vec!["abc.example.com"]),
        ("gateway-conformance-app-backend", "tls-passthrough-checks-certificate", vec!["abc.example.com"]),
        (INFRA, "tls-terminate-checks-certificate", vec!["tls.example.com"]),
    ];
    for (namespace, name, hosts) in secrets {
        let pair = pair(&hosts);
        let (certificate, key) = (indent(&pair.0), indent(&pair.1));
        text.push_str(&format!(
            "---\napiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: {namespace}}}\ntype: kubernetes.io/tls\nstringData:\n  tls.crt: |\n{certificate}  tls.key: |\n{key}"
        ));
    }
    let authorities = [
        ("gateway-conformance-web-backend", "web-backend-cm"),
        (INFRA, "tls-validity-checks-ca-certificate"),
        (INFRA, "tls-validity-checks-per-port-ca-certificate"),
        (INFRA, "tls-checks-ca-certificate"),
        (INFRA, "mismatch-ca-certificate"),
    ];
    for (namespace, name) in authorities {
        let certificate = indent(&pair(&["ca"]).0);
        text.push_str(&format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\ndata:\n  ca.crt: |\n{certificate}"
        ));
    }
    text
}

fn pair(hosts: &[&str]) -> (String, String) {
    let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    let made = rcgen::generate_simple_self_signed(hosts).expect("a certificate");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// What the suite changes in code between two checks.
fn edit(step: Option<&str>, test: &mut String, generated: &mut String) {
    let generation = |kind: &str, text: &str| {
        let at = text.find(&format!("kind: {kind}\n")).expect("the kind");
        let metadata = at + text[at..].find("metadata:\n").expect("metadata") + "metadata:\n".len();
        format!("{}  generation: 2\n{}", &text[..metadata], &text[metadata..])
    };
    match step {
        None => {}
        Some("bump-class") => *test = generation("GatewayClass", test).replace("\"old\"", "\"new\""),
        Some("bump-route") => *test = generation("HTTPRoute", test).replace("infra-backend-v1", "infra-backend-v2"),
        Some("bump-policy") => *test = generation("BackendTLSPolicy", test),
        Some("add-listener") => {
            *test = generation("Gateway", test);
            test.push_str(
                "\n    - name: alternate\n      port: 80\n      protocol: HTTP\n      hostname: foo.com\n      allowedRoutes: {namespaces: {from: All}}\n",
            );
        }
        Some("modify-listeners") => modify_listeners(test, generation),
        Some("delete-grants") => {
            let kept = test.split("\n---\n").filter(|document| !document.contains("kind: ReferenceGrant"));
            *test = kept.collect::<Vec<_>>().join("\n---\n");
        }
        Some("addresses-all") => addresses(test, &[]),
        Some("addresses-unusable") => addresses(test, &["test/fake-invalid-type"]),
        Some("addresses-usable") => addresses(test, &["test/fake-invalid-type", "192.0.2.1"]),
        Some("newer-tcp-route") => newer_route(test, "TCPRoute", "tcp"),
        Some("newer-udp-route") => newer_route(test, "UDPRoute", "udp"),
        // The suite writes the addresses of pods.
        Some("write-slices") => {
            let endpoints = "addressType: IPv4\nendpoints: [{addresses: [203.0.113.20], conditions: {ready: true}}]\n";
            *test = test.replace("addressType: IPv4\n", endpoints);
        }
        Some("delete-ca") => {
            let kept = generated.split("\n---\n").filter(|document| !document.contains("tls-checks-ca-certificate"));
            *generated = kept.collect::<Vec<_>>().join("\n---\n");
        }
        Some("empty-ca") => {
            edit(Some("delete-ca"), test, generated);
            generated.push_str(&format!(
                "\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: tls-checks-ca-certificate, namespace: {INFRA}}}\ndata: {{ca.crt: \"\"}}\n"
            ));
        }
        Some(other) => panic!("unknown step {other}"),
    }
}

/// GatewayModifyListeners: one Gateway gains `http`, the other loses `https`.
fn modify_listeners(test: &mut String, generation: impl Fn(&str, &str) -> String) {
    let documents: Vec<_> = test.split("---\n").map(str::to_owned).collect();
    let changed = documents.into_iter().map(|document| {
        if document.contains("kind: Gateway\nmetadata:\n  name: gateway-add-listener") {
            let more =
                "  - name: http\n    port: 80\n    protocol: HTTP\n    allowedRoutes: {namespaces: {from: All}}\n";
            return generation("Gateway", &document) + more;
        }
        if document.contains("kind: Gateway\nmetadata:\n  name: gateway-remove-listener") {
            let document = generation("Gateway", &document);
            let (start, end) =
                (document.find("  - name: https").expect("https"), document.find("  - name: http\n").expect("http"));
            return format!("{}{}", &document[..start], &document[end..]);
        }
        document
    });
    *test = changed.collect::<Vec<_>>().join("---\n");
}

/// GatewayStaticAddresses: fills in the placeholders, leaving some entries out.
fn addresses(test: &mut String, removed: &[&str]) {
    let (start, end) = (test.find("  - type:").expect("addresses"), test.find("  listeners:").expect("listeners"));
    let entries =
        [("test/fake-invalid-type", "fake address teehee!"), ("IPAddress", "192.0.2.1"), ("IPAddress", "203.0.113.7")];
    let kept = entries.iter().filter(|(kind, value)| !removed.contains(kind) && !removed.contains(value));
    let list: String = kept.map(|(kind, value)| format!("  - {{type: \"{kind}\", value: \"{value}\"}}\n")).collect();
    *test = format!("{}{list}{}", &test[..start], &test[end..]);
}

/// The newer route of the *MultipleRoutesAttachment tests: the older one again, for the second backend.
fn newer_route(test: &mut String, kind: &str, protocol: &str) {
    let older =
        test.split("\n---\n").find(|document| document.contains(&format!("kind: {kind}\nmetadata"))).expect("a route");
    let newer = older
        .replace("-older", "-newer")
        .replace(&format!("{protocol}-attach-backend-1"), &format!("{protocol}-attach-backend-2"));
    let created = |document: &str, second: u8| {
        let stamp = format!("metadata:\n  creationTimestamp: \"2026-01-01T00:00:0{second}Z\"\n");
        document.replacen("metadata:\n", &stamp, 1)
    };
    *test = format!("{}\n---\n{}", test.replace(older, &created(older, 0)), created(&newer, 1));
}

/// Compiles the base manifests, the generated objects and the files of one test, as the suite applies them.
pub(crate) fn world(run: &Run, files: &[String], base: &str) -> (Compilation, Target) {
    let texts = files.iter().map(|file| manifest(&format!("tests/{file}.yaml")).expect("the test's file"));
    let mut test = texts.collect::<Vec<_>>().join("\n---\n");
    let mut generated = generated();
    edit(run.step.as_deref(), &mut test, &mut generated);
    let mut sources = SourceMap::new();
    for (name, text) in [("base.yaml", base), ("generated.yaml", &generated), ("test.yaml", &test)] {
        let text = text.replace("{GATEWAY_CLASS_NAME}", "conformance");
        let text = text.replace("{GATEWAY_CONTROLLER_NAME}", "gwc.dev/gateway-controller");
        sources.add(Source::from_bytes(name, Origin::Memory, Role::Checked, true, text.into_bytes()));
    }
    let target = Target { bundle: Bundle::V1_6, channel: run.channel };
    let mut profile = Profile::new(WorldMode::Closed, 0);
    profile.target = Some(target);
    profile.knobs.usable_addresses = Some(vec!["203.0.113.0/24".into()]);
    for feature in &run.without {
        assert!(profile.knobs.features.remove(feature.as_str()), "{feature} is a feature");
    }
    (compile(&sources, &profile), target)
}

/// Namespace and name of a word of the table.
pub(crate) fn key(word: &str) -> (String, String) {
    match word.split_once('/') {
        None => (INFRA.to_owned(), word.to_owned()),
        Some(("", name)) => (String::new(), name.to_owned()),
        Some((namespace, name)) => match namespace.strip_prefix('@') {
            Some(namespace) => (namespace.to_owned(), name.to_owned()),
            None => (format!("gateway-conformance-{namespace}"), name.to_owned()),
        },
    }
}
