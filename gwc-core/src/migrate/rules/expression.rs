//! Locations of hosts of regular expressions: the first that matches takes the request, whatever its case (§3.1 J).
//!
//! A path stays an expression unless a rewrite needs a prefix (§3.6) or the user wants literals simplified (§3.4).
//! Whether the order of the controller survives is for `order` to find out.

use std::rc::Rc;

use crate::diagnostic::Severity;
use crate::migrate::Cx;
use crate::migrate::annotation::Verdict;
use crate::migrate::code;
use crate::migrate::options::SimplifyRegex;
use crate::migrate::render::model::{PathChange, PathKind};
use crate::migrate::rules::piece::{Draft, Piece};
use crate::migrate::rules::plain::shortened;
use crate::migrate::rules::redirect;
use crate::migrate::rules::regex::{Construct, Expression};
use crate::migrate::rules::report::{self, Notes, weaken};
use crate::migrate::rules::shape::{self, Bare, Prefix, Shape};
use crate::migrate::rules::treatment::{self, Answer, Treatment};
use crate::migrate::rules::{At, close, literal, order};
use crate::migrate::settings::UrlRedirect;
use crate::migrate::site::Location;
use crate::prove::Kind;
use crate::value::pattern::Pattern;

/// A location, read.
struct Read<'p> {
    location: &'p Location,
    treatment: Rc<Treatment>,
    expression: Result<Expression, Construct>,
    shape: Shape,
}

/// The pieces of a host, in the order of the controller.
pub(super) fn drafts<'p>(at: At<'p, '_>, notes: &mut Notes, cx: &mut Cx<'_, '_>) -> Vec<Draft<'p>> {
    let all: Vec<Read<'p>> =
        at.host.locations.iter().map(|location| read(at, location, (&mut *notes, &mut *cx))).collect();
    let simplifies = match cx.options.simplify_regex {
        SimplifyRegex::Off => false,
        SimplifyRegex::On => true,
        SimplifyRegex::Auto => all.iter().all(Read::is_simple),
    };
    let host = Host { at, all: &all, simplifies };
    let mut drafts = Vec::new();
    for (index, one) in all.iter().enumerate() {
        if !host.is_said_by_next(index) {
            drafts.extend(host.drafts(index, one, cx));
        }
        // What stands behind the first `/` gets no request, even where that answers 404 and needs no rule.
        if one.location.path == "/" {
            break;
        }
    }
    order::settled(at, drafts, cx)
}

fn read<'p>(at: At<'p, '_>, location: &'p Location, (notes, cx): (&mut Notes, &mut Cx<'_, '_>)) -> Read<'p> {
    let mut treatment = treatment::of(at, location, (notes, &mut *cx));
    let expression = Expression::read(&location.path);
    let settings = at.settings(location);
    let is_forwarded = matches!(treatment.answer, Answer::Forward(_));
    let mut shape = match (&expression, settings) {
        (Ok(expression), Some(settings)) if is_forwarded => shape::shape(location, settings, expression),
        _ => Shape::Keep,
    };
    let item = settings.and_then(|settings| settings.rewrite_target.as_ref()).map(|setting| setting.item);
    if let (Shape::Impossible(why), Some(item)) = (&shape, item) {
        let message = format!("no filter can rewrite `{}` so: {why}; the rule is closed", shortened(&location.path));
        weaken(item, (code::ANNOTATION_NEEDS_POLICY, Verdict::Policy), &message, cx);
        if let Some(item) = cx.report.item_mut(item) {
            item.severity = Severity::Error;
        }
        treatment.answer = Answer::Closed(item);
    }
    if let (Shape::Redirect(url), Some(item)) = (&shape, item) {
        let to = UrlRedirect { url: url.as_str().into(), code: 302 };
        // A rewrite to a URL keeps the query, as a redirect of the API does, and comes before that to HTTPS.
        let filter = redirect::to_place(at, location, (&to, item), cx);
        treatment = match filter {
            Some(filter) => Treatment { items: vec![item], ..Treatment::redirecting(vec![filter]) },
            None => Treatment::new(Answer::Closed(item)),
        };
        shape = Shape::Keep;
    }
    Read { location, treatment: Rc::new(treatment), expression, shape }
}

impl Read<'_> {
    /// Does a prefix of the API say the path, but for its case and for what follows without a slash?
    fn is_simple(&self) -> bool {
        matches!(self.shape, Shape::Prefix(_)) || self.expression.as_ref().is_ok_and(|one| one.literal.is_some())
    }

    fn takes(&self, path: &str) -> bool {
        let pattern = self.expression.as_ref().ok().and_then(|one| Pattern::new(&one.emitted).ok());
        pattern.is_some_and(|pattern| pattern.is_match(path.as_bytes()))
    }
}

/// All locations of a host.
struct Host<'h, 'p, 'w> {
    at: At<'p, 'w>,
    all: &'h [Read<'p>],
    simplifies: bool,
}

impl<'p> Host<'_, 'p, '_> {
    /// `/foo/` and then `/foo` of one path of an Ingress (step G): the second takes what the first does.
    fn is_said_by_next(&self, index: usize) -> bool {
        let (Some(one), Some(next)) = (self.all.get(index), self.all.get(index + 1)) else { return false };
        one.location.origin == next.location.origin
            && one.location.path.strip_suffix('/') == Some(next.location.path.as_str())
            && one.treatment == next.treatment
            && one.shape == next.shape
    }

    fn drafts(&self, index: usize, one: &Read<'p>, cx: &mut Cx<'_, '_>) -> Vec<Draft<'p>> {
        let Read { location, treatment, .. } = one;
        if treatment.answer == Answer::Nothing && !treatment.to_https {
            return Vec::new();
        }
        let expression = match &one.expression {
            Ok(expression) => expression,
            Err(construct) => {
                let path = shortened(&location.path);
                let message = format!("the path `{path}` uses {construct}, so no match can be written");
                close::without_match(self.at, location, (code::REGEX_CONSTRUCT, message), cx);
                return Vec::new();
            }
        };
        let place = report::place(self.at, location);
        let item = self.at.settings(location).and_then(|settings| settings.rewrite_target.as_ref());
        if let (Shape::Same, Some(setting)) = (&one.shape, item) {
            cx.report.allow(setting.item, place, Kind::LetterCase);
        }
        match &one.shape {
            Shape::Prefix(prefix) => self.prefixed(index, prefix, cx),
            Shape::Full(path) => self.matching((index, one), expression, Some(PathChange::Full(path.clone())), cx),
            Shape::Keep | Shape::Same | Shape::Redirect(_) | Shape::Impossible(_) => {
                self.matching((index, one), expression, None, cx)
            }
        }
    }

    /// Pieces that take what the expression takes.
    fn matching(
        &self,
        (index, one): (usize, &Read<'p>),
        expression: &Expression,
        change: Option<PathChange>,
        cx: &mut Cx<'_, '_>,
    ) -> Vec<Draft<'p>> {
        let Read { location, treatment, .. } = one;
        let literal = expression.literal.as_deref().filter(|text| self.simplifies || *text == "/");
        if let Some(literal) = literal {
            let Some(piece) = super::plain::piece(self.at, (PathKind::Prefix, literal), location, cx) else {
                return Vec::new();
            };
            let mut piece = piece.with(change);
            if literal != "/" {
                narrowed(self.at, location, (literal, true), (&mut piece, cx));
            }
            let bare = literal.strip_suffix('/').filter(|bare| !bare.is_empty());
            let guard = bare.and_then(|bare| self.elsewhere((index, location), bare, cx));
            return guard.into_iter().chain([Draft::new(location, piece, treatment)]).collect();
        }
        if !literal::fits(&expression.emitted) {
            let message = "the expression of the path is longer than a match may be".to_owned();
            close::without_match(self.at, location, (code::NOT_REPRESENTABLE, message), cx);
            return Vec::new();
        }
        let message = format!(
            "the path `{}` is a regular expression, which each implementation reads in its own way",
            shortened(&location.path)
        );
        cx.report.add(report::of_location(self.at, location, Verdict::Approx).finding(code::REGEX_PATH, message));
        let mut piece = Piece::new(PathKind::Regex, expression.emitted.as_str()).with(change);
        piece.codes.push(code::REGEX_PATH);
        piece.codes.extend(treatment.code(cx));
        vec![Draft::new(location, piece, treatment)]
    }

    /// Pieces of a prefix that is replaced.
    fn prefixed(&self, index: usize, prefix: &Prefix, cx: &mut Cx<'_, '_>) -> Vec<Draft<'p>> {
        let Some(Read { location, treatment, .. }) = self.all.get(index) else { return Vec::new() };
        let base = if prefix.base.is_empty() { "/" } else { prefix.base.as_str() };
        let Some(value) = literal::encoded(base) else { return Vec::new() };
        let mut piece = Piece::new(PathKind::Prefix, value.as_str()).with(Some(prefix.change()));
        narrowed(self.at, location, (base, prefix.is_by_letters), (&mut piece, cx));
        let exact = |change: Option<PathChange>, treatment: &Rc<Treatment>| {
            Draft::new(location, Piece::new(PathKind::Exact, value.as_str()).with(change), treatment)
        };
        let bare = match &prefix.bare {
            Bare::Same => None,
            Bare::Full(full) => Some(exact(Some(PathChange::Full(full.clone())), treatment)),
            Bare::Elsewhere => self.elsewhere((index, location), base, cx),
            Bare::Fails => {
                let setting = self.at.settings(location).and_then(|settings| settings.rewrite_target.as_ref());
                setting.map(|setting| exact(None, &Rc::new(Treatment::new(Answer::Closed(setting.item)))))
            }
        };
        bare.into_iter().chain([Draft::new(location, piece, treatment)]).collect()
    }

    /// A path that a prefix takes and the location does not: the first other location that takes it (§3.6).
    fn elsewhere(
        &self,
        (index, location): (usize, &'p Location),
        bare: &str,
        cx: &mut Cx<'_, '_>,
    ) -> Option<Draft<'p>> {
        let value = literal::encoded(bare)?;
        let mut others = self.all.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, other)| other);
        let found = others.find(|other| other.takes(&value));
        let Some(other) = found.filter(|other| other.treatment.answer != Answer::Nothing) else {
            let to_https = found.is_some_and(|other| other.treatment.to_https);
            let treatment = Treatment { to_https, ..close::not_found(self.at, (bare, location), cx) };
            return Some(Draft::new(location, Piece::new(PathKind::Exact, value), &Rc::new(treatment)));
        };
        let change = match &other.shape {
            Shape::Keep | Shape::Same | Shape::Redirect(_) | Shape::Impossible(_) => None,
            Shape::Full(path) => Some(PathChange::Full(path.clone())),
            Shape::Prefix(prefix) => prefix.of(bare).map(PathChange::Full),
        };
        Some(Draft::new(other.location, Piece::new(PathKind::Exact, value).with(change), &other.treatment))
    }
}

/// Announces what a prefix of the API takes less than the expression did.
fn narrowed(
    at: At<'_, '_>,
    location: &Location,
    (base, is_by_letters): (&str, bool),
    (piece, cx): (&mut Piece, &mut Cx<'_, '_>),
) {
    let place = report::place(at, location);
    if base.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        let other = base.to_ascii_uppercase();
        let other = if other == base { base.to_ascii_lowercase() } else { other };
        let message = format!("the controller also took `{}` here", shortened(&other));
        let item = report::of_location(at, location, Verdict::Approx).finding(code::CASE_INSENSITIVE, message);
        let id = cx.report.add(item);
        cx.report.allow(id, place.clone(), Kind::LetterCase);
        piece.codes.push(code::CASE_INSENSITIVE);
    }
    if is_by_letters {
        let message = format!("the controller also took `{}x` here", shortened(base));
        let item = report::of_location(at, location, Verdict::Approx).finding(code::STRING_PREFIX, message);
        let id = cx.report.add(item);
        cx.report.allow(id, place, Kind::StringPrefix);
        piece.codes.push(code::STRING_PREFIX);
    }
}
