//! Tests of [`crate::compile`].

mod build;
mod reference;

use super::*;
use crate::diagnostic::rule::{DOCUMENT_SKIPPED, YAML_DUPLICATE_KEY, YAML_SYNTAX};
use crate::graph::Resolution;
use crate::profile::{Bundle, Channel, WorldMode};
use crate::source::{Origin, Source};
use crate::value::{GroupKind, ObjectKey};

/// Who named a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Named,
    Discovered,
}

fn sources(texts: &[(&str, Role, Given, &str)]) -> SourceMap {
    let mut sources = SourceMap::new();
    for (name, role, given, text) in texts {
        let named = *given == Given::Named;
        sources.add(Source::from_bytes(*name, Origin::File, *role, named, text.as_bytes().to_vec()));
    }
    sources
}

fn profile() -> Profile {
    Profile::new(WorldMode::Closed, 0)
}

fn compiled(text: &str) -> Compilation {
    compile(&sources(&[("a.yaml", Role::Checked, Given::Named, text)]), &profile())
}

/// Findings that reading raises, by number.
fn reading(compilation: &Compilation) -> Vec<&'static str> {
    let numbers = compilation.diagnostics.0.iter().map(|diagnostic| diagnostic.code.number);
    numbers.filter(|number| *number <= "GWC0005").collect()
}

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n";

fn crd(version: &str, channel: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: x{version}\n  annotations: {{gateway.networking.k8s.io/bundle-version: {version}, gateway.networking.k8s.io/channel: {channel}}}\nspec: {{group: gateway.networking.k8s.io, names: {{kind: Gateway}}, scope: Namespaced}}\n"
    )
}

#[test]
fn documents_become_objects() {
    let text = format!(
        "{SERVICE}---\n# nothing\n---\napiVersion: x.example/v1\nkind: Thing\nmetadata: {{name: t, namespace: ns}}\n"
    );
    let compilation = compiled(&text);
    let names: Vec<_> = compilation
        .objects
        .iter()
        .map(|one| (one.object.name.as_str(), one.object.namespace.as_str(), one.document))
        .collect();
    assert_eq!(names, [("a", "default", 0), ("t", "ns", 2)]);
    assert_eq!((compilation.graph.services.len(), compilation.graph.others.len()), (1, 1));
    assert_eq!(compilation.target_source, TargetSource::Default);
    assert!(reading(&compilation).is_empty());
}

#[test]
fn lists_are_flattened() {
    let item = "{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{port: 1}]}}";
    let list =
        format!("apiVersion: v1\nkind: List\nitems: [{item}, {{apiVersion: v1, kind: List, items: [{item}]}}]\n");
    let compilation = compiled(&list);
    assert_eq!(
        (compilation.objects.len(), compilation.graph.services.len(), compilation.graph.duplicates.len()),
        (2, 1, 1)
    );
    let typed = "apiVersion: v1\nkind: ServiceList\nmetadata: {resourceVersion: '1'}\nitems: [{metadata: {name: c}, spec: {ports: [{port: 1}]}}]\n";
    let compilation = compiled(typed);
    assert_eq!((compilation.objects.len(), compilation.graph.services.len()), (1, 1));
    let sources = sources(&[("a.yaml", Role::Checked, Given::Named, typed)]);
    assert!(sources.slice(compilation.objects[0].span).starts_with("{metadata"));
}

#[test]
fn target_is_given_detected_or_default() {
    let world = |texts: &[String]| texts.join("---\n");
    let one = compiled(&world(&[crd("v1.2.1", "standard")]));
    assert_eq!(
        (one.target, one.target_source),
        (Target { bundle: Bundle::V1_2, channel: Channel::Standard }, TargetSource::Detected)
    );
    let mixed = compiled(&world(&[crd("v1.2.1", "experimental"), crd("v1.4.0", "standard")]));
    assert_eq!(mixed.target, Target { bundle: Bundle::V1_4, channel: Channel::Experimental });
    let given = Target { bundle: Bundle::V1_0, channel: Channel::Standard };
    let profile = Profile { target: Some(given), ..profile() };
    let text = crd("v1.2.1", "standard");
    let compilation = compile(&sources(&[("a.yaml", Role::Checked, Given::Named, &text)]), &profile);
    assert_eq!((compilation.target, compilation.target_source), (given, TargetSource::Given));
}

#[test]
fn refused_objects_are_left_out_but_pruned_ones_are_not() {
    let bad = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: ns}\nspec: {gatewayClassName: c}\n";
    let compilation = compiled(bad);
    let key = ObjectKey::new("ns", "g");
    assert!(matches!(compilation.graph.gateway(&key), Resolution::Refused(_)));
    let pruned = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: ns}\nspec: {gatewayClassName: c, extra: 1, listeners: [{name: l, port: 80, protocol: HTTP}]}\n";
    let compilation = compiled(pruned);
    assert!(matches!(compilation.graph.gateway(&key), Resolution::Found(_)));
}

#[test]
fn unserved_versions_are_analysed_without_status() {
    let text = "apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TCPRoute\nmetadata: {name: r}\nspec: {rules: [{backendRefs: [{name: s, port: 1}]}]}\n";
    let compilation = compiled(text);
    let route = compilation.graph.routes.iter().next().map(|(_, route)| route.meta.served);
    assert_eq!(route, Some(false));
    assert!(compilation.statuses.is_empty());
    let numbers: Vec<_> = compilation.diagnostics.0.iter().map(|diagnostic| diagnostic.code.number).collect();
    assert!(numbers.contains(&"GWC9001"), "{numbers:?}");
    let served = compiled(&text.replace("v1alpha2", "v1"));
    assert_eq!(served.statuses.len(), 1);
    let unknown = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gatewya\nmetadata: {name: g}\n";
    let compilation = compiled(unknown);
    let kind = GroupKind::new("gateway.networking.k8s.io", "Gatewya");
    assert!(matches!(compilation.graph.exists(&kind, &ObjectKey::new("default", "g")), Resolution::Refused(_)));
}

#[test]
fn only_named_files_and_manifests_are_talked_about() {
    let broken_values = "a: [\n";
    let broken_manifest = "apiVersion: v1\nkind: Service\nmetadata: [\n";
    let values = "replicas: 3\nreplicas: 4\n";
    let check = |given: Given, text: &str| {
        let compilation = compile(&sources(&[("a.yaml", Role::Checked, given, text)]), &profile());
        reading(&compilation)
    };
    assert!(check(Given::Discovered, broken_values).is_empty());
    assert_eq!(check(Given::Named, broken_values), [YAML_SYNTAX.number]);
    assert_eq!(check(Given::Discovered, broken_manifest), [YAML_SYNTAX.number]);
    assert!(check(Given::Discovered, values).is_empty());
    assert_eq!(check(Given::Named, values), [DOCUMENT_SKIPPED.number, YAML_DUPLICATE_KEY.number]);
    assert_eq!(check(Given::Discovered, "apiVersion: v1\nkind: ''\n"), [DOCUMENT_SKIPPED.number]);
    assert!(check(Given::Named, "# empty\n").is_empty());
}

#[test]
fn context_is_read_but_not_reported() {
    let broken = "apiVersion: v1\nkind: Service\nkind: Service\nmetadata: {name: b}\nspec: {ports: [{port: 80}]}\n";
    let world =
        sources(&[("a.yaml", Role::Checked, Given::Named, SERVICE), ("b.yaml", Role::Context, Given::Named, broken)]);
    let compilation = compile(&world, &profile());
    assert_eq!(compilation.graph.services.len(), 2);
    assert!(compilation.diagnostics.0.iter().all(|diagnostic| diagnostic.primary.source.index() == 0));
    assert!(reading(&compilation).is_empty());
}

#[test]
fn assumed_times_are_used_once_and_named() {
    let mut profile = profile();
    profile.world.assumptions.created.insert("service/default/a".into(), 1_704_067_200);
    profile.world.assumptions.created.insert("service/default/unused".into(), 0);
    let compilation = compile(&sources(&[("a.yaml", Role::Checked, Given::Named, SERVICE)]), &profile);
    assert_eq!(compilation.assumptions_used, ["created:service/default/a=2024-01-01T00:00:00Z"]);
    let created = compilation.graph.services.iter().next().and_then(|(_, service)| service.meta.created);
    assert_eq!(created, Some(1_704_067_200));
}

#[test]
fn result_does_not_depend_on_threads() {
    let texts: Vec<(String, String)> = (0..40)
        .map(|n| {
            (
                format!("{n}.yaml"),
                format!("{}---\n{}", SERVICE.replace("name: a", &format!("name: s{}", n % 30)), "a: 1\na: 2\n"),
            )
        })
        .collect();
    let all: Vec<_> =
        texts.iter().map(|(name, text)| (name.as_str(), Role::Checked, Given::Named, text.as_str())).collect();
    let world = sources(&all);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let compilation = pool.install(|| compile(&world, &profile()));
        format!("{:?} {:?} {:?}", compilation.diagnostics, compilation.objects, compilation.graph)
    };
    let one = run(1);
    assert!(one.contains(YAML_DUPLICATE_KEY.number));
    assert_eq!(run(2), one);
    assert_eq!(run(8), one);
}
