//! The world that is converted: read, without what gwc itself wrote, compiled, and its Ingresses selected.
//!
//! Everything is read, also what is not converted: Ingresses share hosts (ingress-migrate.md §1, §5.5).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gwc_core::api::ingress::{Ingress, IngressClass};
use gwc_core::diagnostic::rule;
use gwc_core::graph::Graph;
use gwc_core::ingress::select::{self, Controller, Selected};
use gwc_core::profile::{Statuses, Target};
use gwc_core::source::{Origin, Role, Source, SourceId, SourceMap};
use gwc_core::value::ObjectKey;
use gwc_core::yaml::{Node, parse};

use crate::cli::GlobalArgs;
use crate::commands;
use crate::compile as compiler;
use crate::failure::{Exit, Failure};
use crate::findings::Run;
use crate::input::Order as FileOrder;
use crate::input::stdin::Stdin;
use crate::migration::Converted;
use crate::migration::decide::{Decided, Order};
use crate::options::Settings;
use crate::output::counted;

/// Label of everything that gwc writes.
const GENERATED: &str = "migrate.gwc/generated";

/// From this many bytes on, one text is worth several threads.
const MUCH: usize = 1 << 20;

/// The world that was read.
pub(crate) struct World {
    /// Texts and compilation.
    pub(crate) run: Run,
    /// Says whether all of it could be read.
    pub(crate) exit: Exit,
    /// Place of the controller's ConfigMap.
    pub(crate) controller: Option<SourceId>,
}

/// Reads and compiles the world.
pub(crate) fn read(
    global: &GlobalArgs,
    settings: &mut Settings,
    stdin_name: Option<&str>,
    decided: &mut Decided,
) -> Result<World, Failure> {
    commands::remarks(global, settings);
    if let Some(threads) = global.threads {
        commands::set_threads(threads.get());
    }
    let mut worlds = std::mem::take(&mut settings.worlds).into_iter();
    let (Some(spec), None) = (worlds.next(), worlds.next()) else {
        return Err(Failure::usage("one world is converted at a time; name it with --env NAME"));
    };
    let mut exit = Exit::Success;
    let (sources, _) = commands::read(settings, &spec, FileOrder::ByName, &mut Stdin::new(stdin_name), &mut exit);
    let mut sources = without_generated(sources);
    let controller =
        decided.controller_config.as_deref().map(|path| controller_config(path, &mut sources)).transpose()?;
    if sources.iter().map(|(_, source)| source.text.len()).sum::<usize>() < MUCH {
        commands::set_threads(1);
    }
    let mut profile = spec.profile.clone();
    profile.statuses = Statuses::LeftOut;
    // What lints say about the input is for `gwc check` to say.
    profile.skipped_rules = rule::RULES.iter().map(|rule| rule.code.number).collect();
    let compilation = compiler::compile(&sources, &profile);
    if let Some((path, id)) = decided.controller_config.as_deref().zip(controller) {
        decided.options.controller_config = Some(data(path, id, &compilation.graph)?);
    }
    if compilation.graph.ingresses.is_empty() && compilation.diagnostics.0.is_empty() {
        let files = sources.iter().filter(|(_, source)| source.role == Role::Checked).count();
        return Err(Failure::input(format!("no Ingress found in {}", counted(files, "file"))));
    }
    Ok(World { run: Run { spec, sources, compilation }, exit, controller })
}

/// The CRDs that the output is for, and whether the user named them.
pub(crate) fn target(run: &Run, settings: &Settings, is_flag: bool, decided: &Decided) -> (Target, bool) {
    let target = run.compilation.target;
    let channel = decided.channel.unwrap_or(target.channel);
    let config = &settings.loaded.config;
    let of_env = config.env.get(&run.spec.name).is_some_and(|env| env.gateway_api.is_some());
    let is_named = is_flag || of_env || config.target.gateway_api.is_some();
    (Target { channel, ..target }, is_named)
}

/// The Ingresses of each class in the order of its controller.
pub(crate) fn select<'w>(graph: &'w Graph, decided: &Decided) -> Selected<'w> {
    let all: Vec<&Ingress> = graph.ingresses.iter().map(|(_, ingress)| ingress).collect();
    let classes: Vec<&IngressClass> = graph.ingress_classes.iter().map(|(_, class)| class).collect();
    let facts = &decided.classes;
    let usual = select::Choice::default();
    let choice = select::Choice {
        class: decided.picked.class.as_deref(),
        controller: facts.controller,
        nginx_controller: facts.nginx_controller.as_deref().unwrap_or(usual.nginx_controller),
        nginx_class: facts.nginx_class.as_deref().unwrap_or(usual.nginx_class),
        unclassed: facts.unclassed.as_deref(),
    };
    let mut selected = select::select(&all, &classes, &choice);
    for list in selected.read.values_mut() {
        match decided.order {
            Order::Controller => {}
            // Places are given in the order of the names of files.
            Order::File => {
                list.sort_by_key(|one| (one.meta.created, one.meta.span.source, one.meta.span.start));
            }
            Order::Name => list.sort_by(|a, b| (a.meta.created, &a.meta.key).cmp(&(b.meta.created, &b.meta.key))),
        }
    }
    selected.tied &= decided.order == Order::Controller;
    selected
}

/// The Ingresses to convert; `None`: all of them.
pub(crate) fn chosen(selected: &Selected<'_>, decided: &Decided) -> Result<Option<BTreeSet<ObjectKey>>, Failure> {
    let picked = &decided.picked;
    let read: Vec<&Ingress> = selected.read.values().flatten().copied().collect();
    if let Some(missing) = picked.named.iter().find(|key| !read.iter().any(|one| one.meta.key == **key)) {
        return Err(Failure::input(format!("--ingress {missing}: there is no such Ingress among those that are read")));
    }
    if picked.namespace.is_none() && picked.labels.is_none() && picked.named.is_empty() {
        return Ok(None);
    }
    let is_picked = |one: &&&Ingress| {
        let (key, meta) = (&one.meta.key, &one.meta);
        picked.namespace.as_ref().is_none_or(|namespace| key.namespace == namespace.as_str())
            && picked.labels.as_ref().is_none_or(|labels| labels.matches(|name| meta.label(name)))
            && (picked.named.is_empty() || picked.named.contains(key))
    };
    Ok(Some(read.iter().filter(is_picked).map(|one| one.meta.key.clone()).collect()))
}

/// The Ingresses that are converted, by namespace and name.
pub(crate) fn converted(selected: &Selected<'_>, chosen: Option<&BTreeSet<ObjectKey>>) -> Vec<Converted> {
    let mut all = Vec::new();
    for ((controller, class), ingresses) in &selected.read {
        let is_chosen = |one: &&&Ingress| chosen.is_none_or(|chosen| chosen.contains(&one.meta.key));
        all.extend(ingresses.iter().filter(is_chosen).map(|one| Converted {
            namespace: one.meta.key.namespace.to_string(),
            name: one.meta.key.name.to_string(),
            class: class.to_string(),
            controller: match controller {
                Controller::IngressNginx => "ingress-nginx",
                Controller::Generic => "generic",
            },
            hosts: one.rules.iter().filter_map(|rule| Some(rule.host.as_ref()?.value.to_lowercase().into())).collect(),
            addresses: one.addresses.iter().map(ToString::to_string).collect(),
        }));
    }
    all.sort();
    all
}

/// Adds the manifest of the controller's ConfigMap, so that findings can point into it.
fn controller_config(path: &Path, sources: &mut SourceMap) -> Result<SourceId, Failure> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::input(format!("--controller-config: cannot read `{shown}`: {error}")))?;
    Ok(sources.add(Source::from_bytes(shown, Origin::File, Role::Context, true, bytes)))
}

/// The data of the one ConfigMap in a source.
fn data(path: &Path, id: SourceId, graph: &Graph) -> Result<BTreeMap<String, String>, Failure> {
    let mut maps = graph.config_maps.iter().filter(|(_, map)| map.meta.span.source == id);
    let (Some((_, map)), None) = (maps.next(), maps.next()) else {
        let message = "holds not exactly one ConfigMap that can be read";
        return Err(Failure::input(format!("--controller-config: `{}` {message}", path.display())));
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let pairs = map.data.iter().filter_map(|(key, value)| Some((key.to_string(), text(value.bytes.as_deref()?))));
    Ok(pairs.collect())
}

/// Blanks out objects that gwc wrote: a folder may hold both sides (§5.3). All places stay as they are.
fn without_generated(sources: SourceMap) -> SourceMap {
    if !sources.iter().any(|(_, source)| source.text.contains(GENERATED)) {
        return sources;
    }
    let mut cleaned = SourceMap::new();
    for (id, source) in sources.iter() {
        let mut source = source.clone();
        if source.text.contains(GENERATED) {
            let documents = parse::parse(id, &source);
            for document in &documents {
                document.root.iter().for_each(|root| blank_generated(root, &mut source.text));
            }
        }
        cleaned.add(source);
    }
    cleaned
}

fn blank_generated(node: &Node, text: &mut String) {
    let label = node.at(&["metadata", "labels", GENERATED]).and_then(Node::as_str);
    if label == Some("true") {
        blank(text, node.start as usize..node.end as usize);
        return;
    }
    let is_list = node.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    if is_list {
        node.get("items").map_or(&[][..], Node::items).iter().for_each(|item| blank_generated(item, text));
    }
}

/// Spaces for everything but line breaks; an item in flow style leaves an empty mapping behind.
pub(crate) fn blank(text: &mut String, range: std::ops::Range<usize>) {
    let Some(old) = text.get(range.clone()) else { return };
    let is_flow = old.starts_with('{') && old.ends_with('}') && old.len() > 1;
    // Byte for byte: places are counted in bytes.
    let mut bytes: Vec<u8> = old.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect();
    if let (true, [first, .., last]) = (is_flow, bytes.as_mut_slice()) {
        (*first, *last) = (b'{', b'}');
    }
    text.replace_range(range, &String::from_utf8_lossy(&bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> (String, Vec<String>) {
        let mut sources = SourceMap::new();
        sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
        let sources = without_generated(sources);
        let profile = gwc_core::profile::Profile::new(gwc_core::profile::WorldMode::Open, 0);
        let compilation = compiler::compile(&sources, &profile);
        assert!(compilation.diagnostics.0.iter().all(|one| one.code != rule::YAML_SYNTAX), "{text}");
        let names = compilation.objects.iter().map(|object| object.object.name.clone()).collect();
        (sources.iter().next().unwrap().1.text.clone(), names)
    }

    #[test]
    fn own_output_is_no_input() {
        let own = "metadata: {name: own, labels: {migrate.gwc/generated: \"true\"}}";
        let text = format!(
            "apiVersion: v1\nkind: Service\n{own}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: ü}}\n"
        );
        let (rest, names) = cleaned(&text);
        assert_eq!((rest.len(), names), (text.len(), vec!["ü".to_owned()]));
    }

    #[test]
    fn items_of_lists_too() {
        let label = "labels: {migrate.gwc/generated: \"true\"}";
        let block = format!(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: own\n    {label}\n- apiVersion: v1\n  kind: Service\n  metadata: {{name: other}}\n"
        );
        assert_eq!(cleaned(&block).1, ["other"]);
        let item = |name: &str, label: &str| {
            format!(
                "{{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{{\"name\":\"{name}\",\"labels\":{{\"{label}\":\"true\"}}}}}}"
            )
        };
        let (own, other) = (item("own", GENERATED), item("other", "x"));
        let json = format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{own},{other}]}}");
        assert_eq!(cleaned(&json).1, ["other"]);
    }
}
