//! Conditions of matches as Boolean variables, what follows from them, and requests that fulfil them.
//!
//! Headers: several lines can fulfil several conditions of one name at once, so their variables are free but for what
//! one value implies (routing.md §3.3). Query parameters: the first value counts, so values of one name exclude each
//! other (§3.4). Methods exclude each other.

use std::collections::BTreeMap;

use crate::ir::rule::{Match, ValueMatch};
use crate::ir::{Entry, Str};
use crate::matcher::boundary::{Probe, encoded};
use crate::region::language::{Automaton, Found, search};
use crate::value::pattern::{Pattern, literal, sample};

/// A condition that a request fulfils or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variable {
    /// The method.
    Method(Str),
    /// It is a CORS preflight.
    Preflight,
    /// A header.
    Header(ValueMatch),
    /// A query parameter.
    Query(ValueMatch),
}

/// Number of a variable.
pub(super) type Id = u32;

/// A conjunction: sorted, without repetition.
pub(super) type Conjunction = Vec<Id>;

/// All variables of a comparison, with what follows from each.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    all: Vec<Variable>,
    index: BTreeMap<Variable, Id>,
    /// True with it.
    implies: Vec<Vec<Id>>,
    /// Expressions that are false with it.
    bars: Vec<Vec<Id>>,
    /// `implies` read backwards: false when it is false.
    implied_by: Vec<Vec<Id>>,
    /// `bars` read backwards: false when it is true.
    barred_by: Vec<Vec<Id>>,
    /// Variables about one thing.
    groups: BTreeMap<Group, Vec<Id>>,
}

/// What variables are about: the method, a header, a query parameter.
type Group = (Kind, Str);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Method,
    Header,
    Query,
}

impl Variable {
    fn group(&self) -> Group {
        match self {
            Self::Method(_) | Self::Preflight => (Kind::Method, Str::default()),
            Self::Header(one) => (Kind::Header, one.name.clone()),
            Self::Query(one) => (Kind::Query, one.name.clone()),
        }
    }
}

/// Is there a request for some truth values?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Realised {
    /// Yes, this one.
    Yes,
    /// No: they contradict each other.
    Never,
    /// None was found.
    Unknown,
}

/// A variable with its automaton.
type Compiled = (Id, Automaton);

/// Expressions about one thing that are compared with each other.
const MOST_COMPARED: usize = 24;

/// Values of headers that are made up.
const HEADER_VALUES: &str = r"[!-~](?:[ -~]*[!-~])?";

/// Values of parameters: anything can be escaped.
const QUERY_VALUES: &str = r"(?s:.*)";

impl Conditions {
    /// The conjunction of an entry; its variables are added. Call [`Conditions::close`] before any question.
    pub(super) fn add(&mut self, entry: &Entry, found: Option<&Match>) -> Conjunction {
        let Some(found) = found else { return Vec::new() };
        let mut ids = Vec::new();
        if entry.preflight {
            ids.push(self.id(Variable::Preflight));
            self.id(Variable::Method(Str::from("OPTIONS")));
        } else if let Some(method) = &found.method {
            ids.push(self.id(Variable::Method(method.clone())));
        }
        ids.extend(found.headers.iter().map(|header| self.id(Variable::Header(header.clone()))));
        ids.extend(found.query_params.iter().map(|param| self.id(Variable::Query(param.clone()))));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn id(&mut self, variable: Variable) -> Id {
        let next = Id::try_from(self.all.len()).unwrap_or(Id::MAX);
        *self.index.entry(variable.clone()).or_insert_with(|| {
            self.all.push(variable);
            next
        })
    }

    /// Works out what follows from what.
    pub(super) fn close(&mut self) {
        for (variable, id) in &self.index {
            self.groups.entry(variable.group()).or_default().push(*id);
        }
        self.implies = vec![Vec::new(); self.all.len()];
        self.bars = vec![Vec::new(); self.all.len()];
        let options = self.index.get(&Variable::Method(Str::from("OPTIONS"))).copied();
        if let (Some(preflight), Some(options)) = (self.index.get(&Variable::Preflight), options) {
            self.implies.get_mut(*preflight as usize).into_iter().for_each(|own| own.push(options));
        }
        self.close_expressions();
        for ((kind, _), ids) in &self.groups {
            let regexes = ids.iter().copied().filter(|id| self.is_regex(*id));
            for (literal, regex, takes) in regexes.flat_map(|regex| self.judged(regex, ids)).collect::<Vec<_>>() {
                // Another line of a header can still match; of a parameter only one value counts.
                let list = match (takes, kind) {
                    (true, _) => self.implies.get_mut(literal as usize),
                    (false, Kind::Query) => self.bars.get_mut(literal as usize),
                    (false, Kind::Method | Kind::Header) => None,
                };
                list.into_iter().for_each(|own| own.push(regex));
            }
        }
        self.turn();
    }

    /// Everything known of one variable must follow at once, in both directions: a search drops variables that no line
    /// asks for any more (see `decide.rs`).
    fn turn(&mut self) {
        self.implied_by = turned(&self.implies);
        self.barred_by = turned(&self.bars);
    }

    /// Expressions about one thing: which include each other and, for parameters, which exclude each other.
    fn close_expressions(&mut self) {
        let (mut implied, mut barred) = (Vec::new(), Vec::new());
        for ((kind, _), ids) in &self.groups {
            let regexes: Vec<Id> = ids.iter().copied().filter(|id| self.is_regex(*id)).collect();
            if regexes.len() > MOST_COMPARED {
                continue;
            }
            let automaton = |id: Id| Some((id, Automaton::new(&self.value(id)?.value)?));
            let automata: Vec<Compiled> = regexes.into_iter().filter_map(automaton).collect();
            let pairs = automata.iter().flat_map(|one| automata.iter().map(move |other| (one, other)));
            let pairs: Vec<_> = pairs.filter(|(one, other)| one.0 != other.0).collect();
            // What holds for one value holds for the line of a header that has it; another line may fulfil more.
            let includes = |(one, other): &&(&Compiled, &Compiled)| search(&[&one.1], &[&other.1]) == Found::None;
            implied.extend(pairs.iter().filter(includes).map(|(one, other)| (one.0, other.0)));
            let is_query = *kind == Kind::Query;
            let excludes =
                |(one, other): &&(&Compiled, &Compiled)| is_query && search(&[&one.1, &other.1], &[]) == Found::None;
            barred.extend(pairs.iter().filter(excludes).map(|(one, other)| (one.0, other.0)));
        }
        for (one, other) in implied {
            self.implies.get_mut(one as usize).into_iter().for_each(|own| own.push(other));
        }
        for (one, other) in barred {
            self.bars.get_mut(one as usize).into_iter().for_each(|own| own.push(other));
        }
    }

    /// Literals about the same thing as an expression, and whether it takes them.
    fn judged(&self, regex: Id, ids: &[Id]) -> Vec<(Id, Id, bool)> {
        let pattern = self.value(regex).and_then(|value| Pattern::new(&value.value).ok());
        let takes = |literal: Id| {
            let text = self.value(literal).map_or("", |value| value.value.as_str());
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(text.as_bytes()))
        };
        let literals = ids.iter().copied().filter(|id| !self.is_regex(*id));
        literals.map(|literal| (literal, regex, takes(literal))).collect()
    }

    fn value(&self, id: Id) -> Option<&ValueMatch> {
        match self.all.get(id as usize)? {
            Variable::Header(value) | Variable::Query(value) => Some(value),
            Variable::Method(_) | Variable::Preflight => None,
        }
    }

    fn is_regex(&self, id: Id) -> bool {
        self.value(id).is_some_and(|value| value.regex)
    }

    /// Number of variables.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// What is true with a variable.
    pub(super) fn implied(&self, id: Id) -> &[Id] {
        self.implies.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// What is false when a variable is false.
    pub(super) fn implied_by(&self, id: Id) -> &[Id] {
        self.implied_by.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// What is false with a variable: other methods, other values of its parameter, expressions that do not take it.
    pub(super) fn excluded(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let own = self.all.get(id as usize).filter(|_| !self.is_regex(id));
        let group = own.and_then(|variable| match variable {
            Variable::Method(_) | Variable::Query(_) => self.groups.get(&variable.group()),
            Variable::Preflight | Variable::Header(_) => None,
        });
        let is_rival = move |other: &Id| {
            let is_preflight = matches!(self.all.get(*other as usize), Some(Variable::Preflight));
            *other != id && !is_preflight && !self.is_regex(*other)
        };
        let others = group.into_iter().flatten().copied().filter(is_rival);
        let barred = self.bars.get(id as usize).into_iter().chain(self.barred_by.get(id as usize));
        others.chain(barred.flatten().copied())
    }

    /// A conjunction with everything that follows from its members, expressions that include each other among them.
    pub(super) fn closure(&self, conjunction: &[Id]) -> Conjunction {
        let mut closed = conjunction.to_vec();
        for id in conjunction {
            closed.extend(self.implied(*id));
        }
        closed.sort_unstable();
        closed.dedup();
        closed
    }

    /// Can no request fulfil the conjunction?
    pub(super) fn is_contradictory(&self, conjunction: &[Id]) -> bool {
        conjunction.iter().any(|id| {
            let Some(value) = self.value(*id) else { return false };
            match (value.regex, self.all.get(*id as usize)) {
                (true, _) => Automaton::new(&value.value).is_some_and(|own| search(&[&own], &[]) == Found::None),
                (false, Some(Variable::Header(_))) => !can_be_sent(&value.value),
                (false, _) => false,
            }
        })
    }

    /// Gives a request the method, headers and query that fulfil the variables `trues` and, of the others, none of
    /// which `truth` says that it is false. Sorted `trues`.
    pub(super) fn realise(&self, trues: &[Id], truth: &dyn Fn(Id) -> Option<bool>, probe: &mut Probe) -> Realised {
        if !self.realise_method(trues, truth, probe) {
            return Realised::Never;
        }
        let mut things: BTreeMap<Group, Vec<Id>> = BTreeMap::new();
        for id in trues {
            let group = self.all.get(*id as usize).map(Variable::group);
            things.entry(group.unwrap_or((Kind::Method, Str::default()))).or_default().push(*id);
        }
        let (mut pairs, mut result) = (Vec::new(), Realised::Yes);
        for ((kind, name), wanted) in things.into_iter().filter(|((kind, _), _)| *kind != Kind::Method) {
            let values = match self.texts((kind, &name), &wanted, truth) {
                Ok(values) => values,
                Err(Realised::Never) => return Realised::Never,
                Err(open) => {
                    // Another thing may still be contradictory.
                    result = open;
                    continue;
                }
            };
            for value in values {
                match kind {
                    Kind::Header => probe.headers.push((name.as_str().to_owned(), value)),
                    Kind::Query | Kind::Method => pairs.push(format!("{}={}", encoded(&name), encoded(&value))),
                }
            }
        }
        probe.query = (!pairs.is_empty()).then(|| pairs.join("&"));
        result
    }

    /// False: no method will do.
    fn realise_method(&self, trues: &[Id], truth: &dyn Fn(Id) -> Option<bool>, probe: &mut Probe) -> bool {
        let wanted = trues.iter().find_map(|id| match self.all.get(*id as usize)? {
            Variable::Method(method) => Some(method.as_str()),
            Variable::Preflight | Variable::Header(_) | Variable::Query(_) => None,
        });
        let common = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"];
        let is_barred = |method: &str| {
            let id = self.index.get(&Variable::Method(Str::from(method)));
            id.is_some_and(|id| truth(*id) == Some(false))
        };
        let is_asterisk = probe.path == "*";
        if is_asterisk && (is_barred("OPTIONS") || !self.takes_asterisk(trues)) {
            return false;
        }
        let free = if is_asterisk { Some("OPTIONS") } else { common.into_iter().find(|method| !is_barred(method)) };
        wanted.or(free).unwrap_or("OTHER").clone_into(&mut probe.method);
        if trues.iter().any(|id| matches!(self.all.get(*id as usize), Some(Variable::Preflight))) {
            "OPTIONS".clone_into(&mut probe.method);
            probe.headers.push(("origin".to_owned(), "https://other.test".to_owned()));
            probe.headers.push(("access-control-request-method".to_owned(), "GET".to_owned()));
        }
        true
    }

    /// Can a request for `*` fulfil the conjunction? Its method is OPTIONS (routing.md §3.2).
    pub(super) fn takes_asterisk(&self, conjunction: &[Id]) -> bool {
        let methods = conjunction.iter().filter_map(|id| match self.all.get(*id as usize)? {
            Variable::Method(method) => Some(method.as_str()),
            Variable::Preflight | Variable::Header(_) | Variable::Query(_) => None,
        });
        methods.into_iter().all(|method| method == "OPTIONS")
    }

    /// Values of one header or parameter that fulfil the wanted variables, or why there are none.
    fn texts(
        &self,
        (kind, name): (Kind, &Str),
        wanted: &[Id],
        truth: &dyn Fn(Id) -> Option<bool>,
    ) -> Result<Vec<String>, Realised> {
        let values = || wanted.iter().filter_map(|id| self.value(*id));
        let mut found: Vec<String> =
            values().filter(|one| !one.regex).map(|one| one.value.as_str().to_owned()).collect();
        if kind == Kind::Header && !found.iter().all(|text| can_be_sent(text)) {
            return Err(Realised::Never);
        }
        let is_open = |one: &&ValueMatch| one.regex && !found.iter().any(|text| takes(&one.value, text));
        let open: Vec<&str> = values().filter(is_open).map(|one| one.value.as_str()).collect();
        if open.is_empty() {
            return Ok(found);
        }
        let group = self.groups.get(&(kind, name.clone())).map_or(&[][..], Vec::as_slice);
        let barred = group.iter().filter(|id| truth(**id) == Some(false)).filter_map(|id| self.value(*id));
        let barred = barred.map(|one| if one.regex { one.value.as_str().to_owned() } else { literal(&one.value) });
        let barred: Vec<String> = barred.take(MOST_BARRED).collect();
        let is_header = kind == Kind::Header;
        // Each line of a header may serve one expression; the one value of a parameter must serve all.
        let groups: Vec<Vec<&str>> =
            if is_header { open.into_iter().map(|one| vec![one]).collect() } else { vec![open] };
        for group in groups {
            found.push(text_of(&group, &barred, is_header)?);
        }
        Ok(found)
    }
}

/// Values that one text is kept from; a request is checked as a whole afterwards.
const MOST_BARRED: usize = 16;

/// A relation read backwards.
fn turned(relation: &[Vec<Id>]) -> Vec<Vec<Id>> {
    let mut turned = vec![Vec::new(); relation.len()];
    for (from, all) in (0..).zip(relation) {
        for to in all {
            turned.get_mut(*to as usize).into_iter().for_each(|own: &mut Vec<Id>| own.push(from));
        }
    }
    turned
}

/// Can a header have this value? White space around values is no part of them (RFC 9110 §5.5).
fn can_be_sent(value: &str) -> bool {
    let is_field = |letter: char| letter == '\t' || !letter.is_ascii_control();
    value.trim_matches([' ', '\t']) == value && value.chars().all(is_field)
}

fn takes(pattern: &str, text: &str) -> bool {
    Pattern::new(pattern).is_ok_and(|pattern| pattern.is_match(text.as_bytes()))
}

/// A text that all of these match and none of those.
fn text_of(wanted: &[&str], barred: &[String], is_header: bool) -> Result<String, Realised> {
    if let [only] = wanted
        && let Some(text) = sample(only).filter(|text| !barred.iter().any(|one| takes(one, text)))
        && (!is_header || takes(HEADER_VALUES, &text))
    {
        return Ok(text);
    }
    let all = |texts: &mut dyn Iterator<Item = &str>| texts.map(Automaton::new).collect::<Option<Vec<_>>>();
    let must = all(&mut wanted.iter().copied().chain([if is_header { HEADER_VALUES } else { QUERY_VALUES }]));
    let must_not = all(&mut barred.iter().map(String::as_str));
    let (must, must_not) = must.zip(must_not).ok_or(Realised::Unknown)?;
    let (must, must_not): (Vec<_>, Vec<_>) = (must.iter().collect(), must_not.iter().collect());
    // Headers can have values that are not made up here: contradictory is what no text at all fulfils.
    let any = must.get(..wanted.len()).unwrap_or_default();
    match search(&must, &must_not) {
        Found::Text(text) => Ok(text),
        Found::None if search(any, &must_not) == Found::None => Err(Realised::Never),
        Found::None | Found::Unproven => Err(Realised::Unknown),
    }
}
