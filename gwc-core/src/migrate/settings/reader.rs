//! Annotations of one Ingress by key, each with the state that it is in and the report item that says so.
//!
//! A key gets its item when it is read, whatever its value; the readers of the single settings only say more of it.
//! That way no annotation can be left out of the report (ingress-migrate.md §5.4).

use std::collections::BTreeMap;

use crate::api::Text;
use crate::api::ingress::Ingress;
use crate::diagnostic::{Code, Severity};
use crate::ingress::select::{CLASS_ANNOTATION, Controller};
use crate::migrate::Cx;
use crate::migrate::annotation::{self, Annotation, ValueKind, Verdict, truth};
use crate::migrate::code;
use crate::migrate::item::{Fact, Item, ItemId, Origin};
use crate::migrate::settings::{Foreign, Setting, foreign, value, word};
use crate::profile::Channel;

/// An Ingress to be read.
#[derive(Clone, Copy)]
pub(in crate::migrate) struct Subject<'w> {
    /// The Ingress.
    pub(in crate::migrate) ingress: &'w Ingress,
    /// Its position.
    pub(in crate::migrate) at: usize,
    /// Its controller.
    pub(in crate::migrate) controller: Controller,
    /// Is it a canary with a path that is served like any other, because an older Ingress uses its Service port (step E)?
    pub(in crate::migrate) is_plain: bool,
    /// The item that stands for all annotations of an Ingress that is not to be converted.
    pub(in crate::migrate) silent: Option<ItemId>,
}

/// What the controller does with a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    InForce,
    /// Its default holds.
    Refused,
    Inert,
}

#[derive(Clone, Copy)]
struct Key<'w> {
    row: &'static Annotation,
    value: &'w str,
    item: ItemId,
    state: State,
}

pub(super) struct Reader<'r, 'o, 'w> {
    pub(super) cx: &'r mut Cx<'o, 'w>,
    pub(super) subject: Subject<'w>,
    keys: BTreeMap<&'static str, Key<'w>>,
    pub(super) foreign: Vec<Foreign>,
}

impl<'r, 'o, 'w> Reader<'r, 'o, 'w> {
    /// Reads all keys; those whose value is refused, or that do nothing, are marked.
    pub(super) fn new(subject: Subject<'w>, cx: &'r mut Cx<'o, 'w>) -> Self {
        let mut reader = Self { cx, subject, keys: BTreeMap::new(), foreign: Vec::new() };
        let prefix = format!("{}/", reader.cx.options.annotation_prefix);
        for (name, text) in &subject.ingress.meta.annotations {
            match name.value.strip_prefix(prefix.as_str()) {
                Some(key) if subject.controller == Controller::IngressNginx => reader.own(key, name, text),
                Some(_) => {
                    let message =
                        format!("`{}` is read by ingress-nginx only, which does not serve the class", name.value);
                    reader.inert_item(name, text, message);
                }
                None if name.value == CLASS_ANNOTATION => reader.class(name, text),
                None => foreign::add(&mut reader, name, text),
            }
        }
        reader.drop_refused();
        reader.drop_helpers();
        reader
    }

    /// Namespace of the Ingress.
    pub(super) fn namespace(&self) -> &'w str {
        &self.subject.ingress.meta.key.namespace
    }

    /// The place of an annotation.
    pub(super) fn origin(&self, name: &Text) -> Origin {
        Origin {
            kind: "Ingress",
            object: self.subject.ingress.meta.key.clone(),
            span: Some(name.span),
            pointer: format!("/metadata/annotations/{}", word::escaped(&name.value)),
        }
    }

    /// A new item for an annotation.
    pub(super) fn item(&self, name: &Text, text: &Text, verdict: Verdict) -> Item {
        let shown = word::shown(&name.value, &text.value);
        Item::new(self.origin(name), Fact::Annotation(name.value.to_string()), shown, verdict)
    }

    /// Adds an item, unless the Ingress is not to be converted.
    pub(super) fn add(&mut self, item: Item) -> ItemId {
        self.subject.silent.unwrap_or_else(|| self.cx.report.add(item))
    }

    pub(super) fn inert_item(&mut self, name: &Text, text: &Text, message: impl Into<String>) -> ItemId {
        let item = self.item(name, text, Verdict::Inert).finding(code::ANNOTATION_INERT, message);
        self.add(item)
    }

    fn class(&mut self, name: &Text, text: &Text) {
        let field = self.subject.ingress.class.as_ref().filter(|field| !field.value.is_empty());
        let Some(field) = field.filter(|field| field.value != text.value && !text.value.is_empty()) else {
            let item = self.item(name, text, Verdict::Exact);
            self.add(item);
            return;
        };
        let message =
            format!("the annotation names the class `{}`, the field `{}`, which counts", text.value, field.value);
        let item = self.item(name, text, Verdict::Inert).finding(code::CLASS_DISAGREES, message);
        self.add(item.help("remove the annotation"));
    }

    /// A key with the prefix of the controller.
    fn own(&mut self, key: &'w str, name: &Text, text: &'w Text) {
        let Some(row) = annotation::find(key) else {
            self.unknown(key, name, text);
            return;
        };
        let value = text.value.trim();
        if value.is_empty() {
            self.inert_item(name, text, format!("`{key}` is empty, which counts as absent"));
            return;
        }
        let is_alias = row.key != key;
        let earlier = self.keys.get(row.key).map(|earlier| earlier.item);
        if is_alias && earlier.is_some() {
            self.inert_item(name, text, format!("`{}` wins over its other name `{key}`", row.key));
            return;
        }
        let item = self.item(name, text, row.verdict).scope(row.scope);
        let item = self.add(self.within_channel(row, word::usual(row, value, item)));
        if let Some(earlier) = earlier {
            self.inert(earlier, format!("`{key}` stands twice or under its other name, which wins"));
        }
        self.keys.insert(row.key, Key { row, value, item, state: State::InForce });
    }

    /// What only the experimental channel has a field for is not written for the other one, and counts as lost.
    fn within_channel(&self, row: &Annotation, item: Item) -> Item {
        let is_missing = row.has_experimental_field && self.cx.options.target.channel == Channel::Standard;
        if !is_missing || !matches!(item.verdict, Verdict::Approx | Verdict::Policy) {
            return item;
        }
        let message = format!("`{}` needs a field of the experimental channel, so it is not written", row.key);
        Item { verdict: Verdict::Policy, ..item.finding(code::CHANNEL_OR_BUNDLE, message) }
    }

    fn unknown(&mut self, key: &str, name: &Text, text: &Text) {
        if annotation::is_removed(key) {
            self.inert_item(name, text, format!("the controller no longer reads `{key}`"));
            return;
        }
        let message = format!("the controller knows no annotation `{}`", word::short(key));
        let item = self.item(name, text, Verdict::Inert).finding(code::ANNOTATION_UNKNOWN, message);
        let near = *self.cx.nearest.entry(key.into()).or_insert_with(|| {
            let aliases = annotation::ALIASES.iter().map(|(alias, _)| *alias);
            let known = annotation::annotations().map(|row| row.key).chain(aliases);
            crate::value::name::nearest(key, known)
        });
        let help = near.map_or_else(|| "remove it".to_owned(), |near| format!("is `{near}` meant?"));
        self.add(item.help(help));
    }

    fn drop_refused(&mut self) {
        let refused: Vec<(&'static str, &'static str)> =
            self.keys.iter().filter_map(|(key, own)| Some((*key, value::refused(own.row, own.value)?))).collect();
        for (key, wanted) in refused {
            self.refuse(key, &format!("the controller takes {wanted}"));
        }
    }

    /// Keys that need another one that is not in force.
    fn drop_helpers(&mut self) {
        let idle = self.keys.values().filter(|own| own.state == State::InForce && !self.has_companion(own.row));
        let idle: Vec<&'static Annotation> = idle.map(|own| own.row).collect();
        for row in idle {
            let companions = row.helper_of.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or ");
            self.drop(row.key, format!("`{}` does nothing without {companions}", row.key));
        }
    }

    fn has_companion(&self, row: &Annotation) -> bool {
        row.helper_of.is_empty() || row.helper_of.iter().any(|key| self.is_on(key))
    }

    /// Is the key in force, and does its value switch something on?
    pub(super) fn is_on(&self, key: &str) -> bool {
        let Some(own) = self.keys.get(key).filter(|own| own.state == State::InForce) else { return false };
        let is_on = if own.row.value == ValueKind::Bool {
            truth(own.value) == Some(true)
        } else if own.row.value == ValueKind::Integer && key != "canary-weight" {
            own.value.parse::<i64>().is_ok_and(|number| number > 0)
        } else {
            key != "backend-protocol" || own.value.eq_ignore_ascii_case("FCGI")
        };
        is_on && self.has_companion(own.row)
    }

    /// Keys that stand in the Ingress with a value.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static Annotation, &'w str, ItemId)> + '_ {
        self.keys.values().map(|own| (own.row, own.value, own.item))
    }

    /// Keys in force.
    pub(super) fn in_force(&self) -> impl Iterator<Item = (&'static Annotation, &'w str, ItemId)> + '_ {
        let in_force = self.keys.values().filter(|own| own.state == State::InForce);
        in_force.map(|own| (own.row, own.value, own.item))
    }

    /// The text of a key, in force or refused.
    pub(super) fn written(&self, key: &str) -> Option<Setting<&'w str>> {
        let own = self.keys.get(key).filter(|own| own.state != State::Inert)?;
        Some(Setting { value: own.value, item: own.item })
    }

    /// The text of a key in force.
    pub(super) fn text(&self, key: &str) -> Option<Setting<&'w str>> {
        let own = self.keys.get(key).filter(|own| own.state == State::InForce)?;
        Some(Setting { value: own.value, item: own.item })
    }

    pub(super) fn flag(&self, key: &str) -> Option<Setting<bool>> {
        let text = self.text(key)?;
        Some(Setting { value: truth(text.value)?, item: text.item })
    }

    /// The item of a key that is set to true.
    pub(super) fn set(&self, key: &str) -> Option<ItemId> {
        self.flag(key).filter(|flag| flag.value).map(|flag| flag.item)
    }

    pub(super) fn number(&self, key: &str) -> Option<Setting<i64>> {
        let text = self.text(key)?;
        Some(Setting { value: text.value.parse().ok()?, item: text.item })
    }

    /// The value is not used; the controller's default holds.
    pub(super) fn refuse(&mut self, key: &'static str, why: &str) {
        let Some(own) = self.keys.get_mut(key) else { return };
        own.state = State::Refused;
        let item = own.item;
        let message = format!("the value of `{key}` is not used: {why}");
        self.say(item, Verdict::Inert, code::ANNOTATION_INVALID, &message);
        self.advise(item, Some("correct the value, or remove it: what the controller does now is its default"));
    }

    /// The key does nothing.
    pub(super) fn drop(&mut self, key: &str, message: String) {
        let Some(own) = self.keys.get_mut(key) else { return };
        own.state = State::Inert;
        let item = own.item;
        self.inert(item, message);
    }

    fn inert(&mut self, item: ItemId, message: String) {
        self.say(item, Verdict::Inert, code::ANNOTATION_INERT, &message);
        self.advise(item, None);
    }

    /// Says something else of an item than is usual for its key.
    pub(super) fn say(&mut self, item: ItemId, verdict: Verdict, code: Code, message: &str) {
        if self.subject.silent.is_some() {
            return;
        }
        self.cx.report.restate(item, (verdict, code), message);
    }

    /// Says how much an item weighs, where its finding's usual severity does not fit.
    pub(super) fn weigh(&mut self, item: ItemId, severity: Severity) {
        if let Some(own) = self.cx.report.item_mut(item).filter(|_| self.subject.silent.is_none()) {
            own.severity = severity;
        }
    }

    pub(super) fn advise(&mut self, item: ItemId, help: Option<&str>) {
        if self.subject.silent.is_some() {
            return;
        }
        if let Some(own) = self.cx.report.item_mut(item) {
            own.help = help.map(str::to_owned);
        }
    }
}
