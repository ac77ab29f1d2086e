//! Statuses as YAML: full objects with `.status`, or status documents alone (`patch`).

use serde_json::{Map, json};

use crate::mask;
use crate::output::status_json::{Shown, body};
use crate::output::value;
use crate::texts;

/// Full objects with the predicted status in place of any that was written.
pub(crate) fn write(shown: &[Shown<'_>]) -> String {
    let mut out = String::new();
    for one in shown {
        let status = one.status;
        let document = one.texts.document_at(status.span.source, status.span.start);
        let root = document.and_then(|document| document.root.as_ref());
        let Some(node) = root.map(|root| texts::node_of_span(root, status.span).unwrap_or(root)) else { continue };
        let mut object = mask::object(node).into_owned();
        object.replace("status", None);
        let mut value = value::json(&object);
        let written = status.body.as_ref().map(body);
        if let (Some(map), Some(written)) = (value.as_object_mut(), written) {
            map.insert("status".to_owned(), written);
        }
        document_text(one, &value, &mut out);
    }
    out
}

/// What a controller would send to the status sub-resource.
pub(crate) fn write_patches(shown: &[Shown<'_>]) -> String {
    let mut out = String::new();
    for one in shown {
        let object = &one.status.object;
        let Some(written) = one.status.body.as_ref().map(body) else { continue };
        let mut metadata = Map::new();
        metadata.insert("name".to_owned(), json!(object.name));
        if !object.namespace.is_empty() {
            metadata.insert("namespace".to_owned(), json!(object.namespace));
        }
        let value = json!({
            "apiVersion": object.api_version,
            "kind": object.kind,
            "metadata": metadata,
            "status": written,
        });
        document_text(one, &value, &mut out);
    }
    out
}

fn document_text(one: &Shown<'_>, value: &serde_json::Value, out: &mut String) {
    out.push_str("---\n");
    let comments = [one.world.map(|world| format!("world {world}")), one.status.note.clone()];
    for comment in comments.into_iter().flatten() {
        out.push_str(&format!("# {}\n", texts::printable(&comment).replace('\n', "\n# ")));
    }
    out.push_str(&value::yaml(value));
}
