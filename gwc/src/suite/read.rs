//! From the text of a test file to a [`Suite`]: every problem with its place, every test with its requests.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use gwc_core::source::{Source, SourceId, SourceMap, Span};
use gwc_core::yaml::{Document, Node, Value, de, parse};
use serde::de::DeserializeOwned;

use crate::config::load::explain;
use crate::nearest;
use crate::object_name::ObjectName;
use crate::suite::file::{self, Attached, Coverage, Defaults, Expect, RouteTest, Skip, StatusTest, World};
use crate::suite::request::{self, Asked};
use crate::texts::{Texts, node_of_span};

/// A test file as read.
#[derive(Debug)]
pub(crate) struct Suite {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Its text alone.
    pub(crate) sources: SourceMap,
    /// Its documents.
    pub(crate) documents: Vec<Document>,
    /// The manifests that it names, and where.
    pub(crate) world: Option<(World, Span)>,
    /// Requests.
    pub(crate) cases: Vec<Case>,
    /// Status assertions.
    pub(crate) statuses: Vec<StatusCase>,
    /// Wanted coverage, and where.
    pub(crate) coverage: Option<(Coverage, Span)>,
    /// What is wrong with it; with any, nothing of it is run.
    pub(crate) problems: Vec<Problem>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where.
    pub(crate) span: Span,
    /// What.
    pub(crate) message: String,
    /// How to cure it.
    pub(crate) help: Option<String>,
}

/// One request and what is to happen to it.
#[derive(Debug)]
pub(crate) struct Case {
    /// Name.
    pub(crate) name: String,
    /// Position in `tests`.
    pub(crate) test: usize,
    /// Where the test stands.
    pub(crate) span: Span,
    /// The request.
    pub(crate) asked: Asked,
    /// The request of `same-as`.
    pub(crate) same_as: Option<Asked>,
    /// What is to happen.
    pub(crate) expect: Rc<Expect>,
    /// Why it is left out.
    pub(crate) skip: Option<String>,
}

/// One object and what its status is to say.
#[derive(Debug)]
pub(crate) struct StatusCase {
    /// Name.
    pub(crate) name: String,
    /// Position in `status`.
    pub(crate) position: usize,
    /// Where it stands.
    pub(crate) span: Span,
    /// The object.
    pub(crate) object: ObjectName,
    /// A listener of it.
    pub(crate) listener: Option<String>,
    /// As written.
    pub(crate) test: StatusTest,
}

impl Suite {
    /// Reads the text of a file.
    pub(crate) fn new(path: &Path, source: Source) -> Self {
        let mut sources = SourceMap::new();
        let id = sources.add(source);
        let documents = parse::parse(id, sources.source(id));
        let mut suite = Self {
            path: path.to_path_buf(),
            sources,
            documents,
            world: None,
            cases: Vec::new(),
            statuses: Vec::new(),
            coverage: None,
            problems: Vec::new(),
        };
        let documents = std::mem::take(&mut suite.documents);
        let mut reader = Reader { id, suite: &mut suite };
        reader.read(&documents);
        suite.documents = documents;
        suite
    }

    /// The text, for display.
    pub(crate) fn texts(&self) -> Texts<'_> {
        Texts::new(&self.sources, &self.documents)
    }

    /// Where a key of a test stands: `["expect", "route"]` below item `position` of `list`; the item where it is not
    /// there.
    pub(crate) fn place(&self, list: &str, position: usize, keys: &[&str], otherwise: Span) -> Span {
        let root = self.documents.iter().find_map(|document| document.root.as_ref());
        let item = root.and_then(|root| root.get(list)).and_then(|list| list.items().get(position));
        let Some(mut node) = item else { return otherwise };
        let mut span = otherwise;
        for key in keys {
            let Some(entry) = node.entry(key) else { break };
            span = Span::new(otherwise.source, entry.key.start, entry.value.end.max(entry.key.end));
            node = &entry.value;
        }
        span
    }
}

/// Fills a suite.
struct Reader<'s> {
    id: SourceId,
    suite: &'s mut Suite,
}

impl Reader<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        self.suite.problems.push(Problem { span, message: message.into(), help });
    }

    fn read(&mut self, documents: &[Document]) {
        for problem in documents.iter().flat_map(|document| &document.problems) {
            self.problem(problem.span, problem.message.clone(), problem.help.clone());
        }
        if !self.suite.problems.is_empty() {
            return;
        }
        let mut roots = documents.iter().filter_map(|document| document.root.as_ref());
        let Some(root) = roots.next() else {
            let help = Some("write `version: 1` and `tests`".to_owned());
            return self.problem(Span::new(self.id, 0, 0), "the test file is empty", help);
        };
        if let Some(second) = roots.next() {
            let help = Some("move it to a file of its own".to_owned());
            return self.problem(second.span(self.id), "a test file is one document, and this is a second one", help);
        }
        if !matches!(root.value, Value::Mapping(_)) {
            let help = Some("write `version: 1` and `tests`".to_owned());
            return self.problem(
                root.span(self.id),
                format!("a test file is a mapping, not a {}", root.type_name()),
                help,
            );
        }
        self.top(root);
        let defaults = self.part::<Defaults>(root, "defaults").unwrap_or_default();
        self.suite.world = self.part::<World>(root, "world").zip(root.field("world").map(|node| node.span(self.id)));
        self.coverage(root);
        for (position, item) in self.list(root, "tests").iter().enumerate() {
            self.test(position, item, &defaults);
        }
        for (position, item) in self.list(root, "status").iter().enumerate() {
            self.status(position, item);
        }
    }

    /// Version and names of the keys.
    fn top(&mut self, root: &Node) {
        match root.field("version") {
            None => {
                let start = Span::new(self.id, root.start, root.start);
                self.problem(start, "the key `version` is missing", Some("write `version: 1`".to_owned()));
            }
            Some(node) if node.as_int() == Some(file::VERSION) => {}
            Some(node) => {
                let message = "this version of the format is not known";
                self.problem(node.span(self.id), message, Some(format!("write `version: {}`", file::VERSION)));
            }
        }
        for entry in root.entries().iter().filter(|entry| !file::KEYS.contains(&entry.key.text.as_str())) {
            let hint = nearest::hint(&entry.key.text, file::KEYS);
            let help = Some(format!("keys there are: {}", file::KEYS.join(", ")));
            self.problem(entry.key.span(self.id), format!("unknown key `{}`{hint}", entry.key.text), help);
        }
    }

    /// Items of a list; anything else is a problem.
    fn list<'n>(&mut self, root: &'n Node, key: &str) -> &'n [Node] {
        match root.field(key) {
            Some(node) if !matches!(node.value, Value::Sequence(_)) => {
                self.problem(node.span(self.id), format!("`{key}` is a list, not a {}", node.type_name()), None);
                &[]
            }
            Some(node) => node.items(),
            None => &[],
        }
    }

    /// A part of the file as a type; `None` where it is absent or wrong.
    fn part<T: DeserializeOwned>(&mut self, root: &Node, key: &str) -> Option<T> {
        self.typed(root.field(key)?)
    }

    fn typed<T: DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        match de::from_node(node) {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(node, &error);
                None
            }
        }
    }

    /// An error of the reader, at the key that is unknown or the value that does not fit.
    fn wrong(&mut self, node: &Node, error: &de::DeError) {
        let (start, end) = error.place.unwrap_or((node.start, node.end));
        let mut span = Span::new(self.id, start, end);
        let inner = node_of_span(node, span);
        let unknown = error.message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
        if let Some(entry) = unknown.zip(inner).and_then(|(key, inner)| inner.entry(key)) {
            span = entry.key.span(self.id);
        }
        let message = explain(&error.message, None);
        let (message, help) = message
            .split_once("; keys there are: ")
            .map_or((message.as_str(), None), |(what, keys)| (what, Some(format!("keys there are: {keys}"))));
        let message = reworded(message);
        self.problem(span, message, help);
    }

    fn coverage(&mut self, root: &Node) {
        let Some(node) = root.field("coverage") else { return };
        let Some(coverage) = self.typed::<Coverage>(node) else { return };
        if coverage.fail_under.is_some_and(|percent| !(0.0..=100.0).contains(&percent)) {
            let place = node.field("fail-under").unwrap_or(node).span(self.id);
            self.problem(place, "`fail-under` is a part in percent, 0 to 100", None);
        }
        for (text, item) in coverage.exclude.iter().zip(node.field("exclude").map(Node::items).unwrap_or_default()) {
            if let Err(error) = globset::Glob::new(&text.0) {
                self.problem(item.span(self.id), format!("`{}` is no glob: {}", text.0, error.kind()), None);
            }
        }
        self.suite.coverage = Some((coverage, node.span(self.id)));
    }

    fn test(&mut self, position: usize, item: &Node, defaults: &Defaults) {
        let Some(test) = self.typed::<RouteTest>(item) else { return };
        let place = |keys: &[&str]| item.at(keys).unwrap_or(item);
        for problem in expect_problems(&test.expect) {
            let node = place(&["expect"]);
            let node = problem.key.and_then(|key| node.get(key)).unwrap_or(node);
            self.problem(node.span(self.id), problem.message, None);
        }
        let request = place(&["request"]).span(self.id);
        let same_as = test
            .expect
            .same_as
            .as_ref()
            .map(|spec| request::parts(spec).and_then(|parts| request::build(&parts, defaults)));
        let same_as = match same_as.transpose() {
            Ok(same_as) => same_as,
            Err(message) => return self.problem(place(&["expect", "same-as"]).span(self.id), message, None),
        };
        let combinations = match request::parts(&test.request) {
            Ok(parts) => request::combinations(parts, &test.each),
            Err(message) => return self.problem(request, message, None),
        };
        let combinations = match combinations {
            Ok(combinations) => combinations,
            Err(message) => return self.problem(place(&["each"]).span(self.id), message, None),
        };
        let skip = match &test.skip {
            None | Some(Skip::Flag(false)) => None,
            Some(Skip::Flag(true)) => Some(String::new()),
            Some(Skip::Reason(reason)) => Some(reason.clone()),
        };
        let expect = Rc::new(test.expect);
        for combination in combinations {
            let asked = match request::build(&combination.parts, defaults) {
                Ok(asked) => asked,
                Err(message) => return self.problem(request, format!("{message}{}", combination.suffix()), None),
            };
            let name = test.name.as_ref().map_or_else(|| request::line(&asked.request), |name| name.0.clone());
            let name = if test.name.is_some() { name + &combination.suffix() } else { name };
            let (same_as, expect, skip) = (same_as.clone(), Rc::clone(&expect), skip.clone());
            let span = item.span(self.id);
            self.suite.cases.push(Case { name, test: position, span, asked, same_as, expect, skip });
        }
    }

    fn status(&mut self, position: usize, item: &Node) {
        let Some(test) = self.typed::<StatusTest>(item) else { return };
        let node = item.get("object").unwrap_or(item);
        let text = test.object.0.as_str();
        let (object, listener) = match text.split('/').collect::<Vec<_>>().as_slice() {
            [kind, namespace, name, listener] => {
                (ObjectName::parse(&format!("{kind}/{namespace}/{name}")), Some((*listener).to_owned()))
            }
            _ => (ObjectName::parse(text), None),
        };
        let Some(object) = object else {
            let help = Some("write KIND/NAMESPACE/NAME, for a listener KIND/NAMESPACE/NAME/LISTENER".to_owned());
            return self.problem(node.span(self.id), format!("`{text}` names no object"), help);
        };
        if listener.is_some() && !object.has_listeners() {
            let message = format!("`{text}` names a listener of a kind that has none");
            return self.problem(
                node.span(self.id),
                message,
                Some("Gateways and ListenerSets have listeners".to_owned()),
            );
        }
        if test.expect.is_empty() && test.attached_routes.is_none() {
            let help = Some("write `expect` or `attached-routes`".to_owned());
            return self.problem(item.span(self.id), "the assertion expects nothing", help);
        }
        if let (Some(attached), false) = (&test.attached_routes, object.has_listeners()) {
            let number = matches!(attached, Attached::Number(_));
            let node = item.get("attached-routes").unwrap_or(item);
            let what = if number { "a number of routes" } else { "numbers of routes" };
            return self.problem(node.span(self.id), format!("{what} is a matter of Gateways and ListenerSets"), None);
        }
        let parent = test.parent.as_ref().map(|parent| format!(" for {}", parent.0)).unwrap_or_default();
        let name = format!("status of {text}{parent}");
        let span = item.span(self.id);
        self.suite.statuses.push(StatusCase { name, position, span, object, listener, test });
    }
}

/// serde's words in ours.
fn reworded(message: &str) -> String {
    if let Some(key) = message.strip_prefix("missing field ") {
        return format!("the key {key} is missing");
    }
    let Some(rest) = message.strip_prefix("unknown variant ") else { return message.to_owned() };
    let mut words = rest.split('`').skip(1).step_by(2);
    let word = words.next().unwrap_or_default();
    let known: Vec<&str> = words.collect();
    format!("unknown word `{word}`{}; there are {}", nearest::hint(word, known.iter().copied()), known.join(", "))
}

/// What is wrong with an expectation, and at which key.
struct ExpectProblem {
    key: Option<&'static str>,
    message: String,
}

fn expect_problems(expect: &Expect) -> Vec<ExpectProblem> {
    let routed = [
        ("route", expect.route.is_some()),
        ("rule", expect.rule.is_some()),
        ("match", expect.r#match.is_some()),
        ("backends", expect.backends.is_some()),
        ("status", expect.status.is_some()),
        ("location", expect.location.is_some()),
        ("upstream", expect.upstream.is_some()),
        ("mirrors", expect.mirrors.is_some()),
    ];
    let others = [
        ("listener", expect.listener.is_some()),
        ("gateway", expect.gateway.is_some()),
        ("not-routed", expect.not_routed.is_some()),
        ("same-as", expect.same_as.is_some()),
    ];
    let mut problems = Vec::new();
    if !routed.iter().chain(&others).any(|(_, is_given)| *is_given) {
        problems.push(ExpectProblem { key: None, message: "the test expects nothing".to_owned() });
    }
    if expect.not_routed.is_some() {
        let clash = routed.into_iter().find(|(_, is_given)| *is_given);
        problems.extend(clash.map(|(key, _)| ExpectProblem {
            key: Some(key),
            message: format!("`{key}` and `not-routed` cannot both hold"),
        }));
    }
    if let Some(text) = expect.upstream.as_ref().and_then(|upstream| upstream.timeout.as_ref())
        && super::expect::duration(&text.0).is_none()
    {
        let message = format!("the timeout `{}` is no duration such as `1m30s`, nor `none`", text.0);
        problems.push(ExpectProblem { key: Some("upstream"), message });
    }
    problems
}
