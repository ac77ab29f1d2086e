//! Tests of graph building through [`crate::compile`]: order, duplicates, refused objects.

use crate::graph::{Graph, ListenerOwner, Resolution};
use crate::profile::{Profile, WorldMode};
use crate::source::{Origin, Role, Source, SourceMap};
use crate::value::{GroupKind, ObjectKey};

const GATEWAY: &str = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: infra}\nspec:\n  gatewayClassName: c\n  listeners: [{name: a, port: 80, protocol: HTTP}, {name: b, port: 81, protocol: HTTP}]\n";
const LISTENER_SET: &str = "apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {name: s, namespace: infra}\nspec:\n  parentRef: {name: g}\n  listeners: [{name: c, port: 82, protocol: HTTP}]\n";
const SERVICES: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: z, namespace: shop}\nspec: {ports: [{port: 1}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: {ports: [{port: 1}]}\n";
const REFUSED: &str =
    "apiVersion: v1\nkind: Service\nmetadata: {name: bad, namespace: broken}\nspec: {ports: [{port: 0}]}\n";
const OTHER: &str = "apiVersion: x.example/v1\nkind: Thing\nmetadata: {name: t}\n";

fn graph_of(texts: &[(&str, &str)]) -> (SourceMap, Graph) {
    let mut sources = SourceMap::new();
    for (name, text) in texts {
        sources.add(Source::from_bytes(*name, Origin::Memory, Role::Checked, true, text.as_bytes().to_vec()));
    }
    let graph = crate::compile(&sources, &Profile::new(WorldMode::Closed, 0)).graph;
    (sources, graph)
}

#[test]
fn arenas_do_not_depend_on_input_order() {
    let names = |graph: &Graph| -> Vec<String> {
        let services = graph.services.iter().map(|(_, service)| service.meta.key.to_string());
        let listeners = graph.listeners.ids().map(|id| graph.listener(id).name.value.to_string());
        services.chain(listeners).collect()
    };
    let texts = [("1", LISTENER_SET), ("2", SERVICES), ("3", GATEWAY)];
    let (_, forward) = graph_of(&texts);
    let mut backward = texts;
    backward.reverse();
    assert_eq!(names(&forward), ["shop/a", "shop/z", "a", "b", "c"]);
    assert_eq!(names(&graph_of(&backward).1), names(&forward));
    assert_eq!(forward.listeners_of(ListenerOwner::Gateway(forward.gateways.ids().next().unwrap())).len(), 2);
}

#[test]
fn first_duplicate_by_path_is_kept() {
    let second = SERVICES.replace("port: 1", "port: 2");
    for texts in
        [[("b.yaml", second.as_str()), ("a.yaml", SERVICES)], [("a.yaml", SERVICES), ("b.yaml", second.as_str())]]
    {
        let (sources, graph) = graph_of(&texts);
        assert_eq!((graph.services.len(), graph.duplicates.len()), (2, 2));
        assert!(graph.services.iter().all(|(_, service)| service.ports[0].port.value == 1));
        let dropped = &graph.duplicates[0].dropped;
        assert_eq!(sources.source(dropped.source()).name, "b.yaml");
    }
}

#[test]
fn refused_objects_resolve_as_refused_and_count_for_the_extent() {
    let (_, graph) = graph_of(&[("a", REFUSED)]);
    assert!(matches!(graph.service(&ObjectKey::new("broken", "bad")), Resolution::Refused(_)));
    assert_eq!(graph.service(&ObjectKey::new("broken", "other")), Resolution::Absent);
    let services = GroupKind::new("", "Service");
    assert!(graph.extent_known(&services, "broken") && !graph.extent_known(&services, "shop"));
}

#[test]
fn objects_of_unknown_scope_are_found_both_ways() {
    let (_, graph) = graph_of(&[("a", OTHER)]);
    let kind = GroupKind::new("x.example", "Thing");
    for namespace in ["", "default"] {
        assert!(matches!(graph.exists(&kind, &ObjectKey::new(namespace, "t")), Resolution::Found(_)));
    }
    assert_eq!(graph.exists(&kind, &ObjectKey::new("shop", "t")), Resolution::Absent);
}
