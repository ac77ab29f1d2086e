//! The human format `full` (cli-and-rules.md §6.1): header, place, excerpts across files, effect, help, fixes, notes.
//!
//! miette draws the excerpts through [`Excerpt`]; everything around them is written here, so that the layout is ours.

use std::fmt::{self, Write};

use gwc_core::diagnostic::{Applicability, Basis, Diagnostic, Severity};
use gwc_core::source::Span;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};

use crate::findings::{Finding, Report};
use crate::output::source_code::{Excerpt, MAX_LINE};
use crate::output::style::{Ink, Style, ink};
use crate::selection::{basis_name, severity_name};
use crate::texts::{Texts, printable};

/// Labels this many lines apart share an excerpt.
const NEAR: u32 = 2;

/// All findings that `shown` picks.
pub(crate) fn write(report: &Report, shown: &[&Finding], style: Style) -> String {
    let texts = report.texts();
    let renderer = Renderer::new(style);
    let mut out = String::new();
    for finding in shown {
        if let Some(texts) = texts.get(finding.run) {
            renderer.finding(finding, texts, &mut out);
        }
    }
    out
}

/// Something to say about one place that is no finding of a rule.
pub(crate) struct Remark<'r> {
    /// `error`, for example.
    pub(crate) word: &'r str,
    /// What is wrong.
    pub(crate) message: &'r str,
    /// Where.
    pub(crate) span: Span,
    /// How to cure it.
    pub(crate) help: Option<&'r str>,
}

/// A remark, drawn as a finding is.
pub(crate) fn remark(remark: &Remark<'_>, texts: &Texts<'_>, style: Style) -> String {
    let renderer = Renderer::new(style);
    let group = [mark(remark.span, "", true, texts)];
    let drawn = renderer.excerpt(&group, texts, Severity::Error);
    let head = style.paint(ink(Severity::Error), remark.word);
    let mut out = format!("{head}: {}\n", style.paint(Ink::Strong, &printable(remark.message)));
    let bar = drawn.as_ref().map_or(3, |(column, _)| *column);
    let place = style.paint(Ink::Cyan, &texts.short(remark.span));
    let _ = writeln!(out, "{:indent$}--> {place}", "", indent = bar.saturating_sub(1));
    out.push_str(drawn.as_ref().map_or("", |(_, body)| body.as_str()));
    if let Some(help) = remark.help {
        line(&mut out, bar, &style.paint(Ink::Strong, "help"), &printable(help));
    }
    out.push('\n');
    out
}

/// `docs/rules.md#gwc1009` (spec README ruling 18).
pub(crate) fn docs_address(diagnostic: &Diagnostic) -> String {
    format!("docs/rules.md#{}", diagnostic.code.number.to_lowercase())
}

/// A label that is cut to its first line.
struct Mark<'d> {
    span: Span,
    line: u32,
    text: &'d str,
    is_primary: bool,
}

struct Renderer {
    style: Style,
    styles: ThemeStyles,
}

impl Renderer {
    fn new(style: Style) -> Self {
        let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        Self { style, styles }
    }

    fn finding(&self, finding: &Finding, texts: &Texts<'_>, out: &mut String) {
        let diagnostic = &finding.diagnostic;
        self.header(finding, out);
        let groups = groups(diagnostic, texts);
        let drawn: Vec<_> = groups.iter().map(|group| self.excerpt(group, texts, diagnostic.severity)).collect();
        // All gutters stand under each other.
        let bar = drawn.iter().flatten().map(|(column, _)| *column).max().unwrap_or(3);
        for (position, (group, excerpt)) in groups.iter().zip(&drawn).enumerate() {
            let Some(first) = group.iter().find(|mark| mark.is_primary).or(group.first()) else { continue };
            let arrow = if position == 0 { "-->" } else { ":::" };
            let place = self.style.paint(Ink::Cyan, &texts.short(first.span));
            let _ = writeln!(out, "{:indent$}{arrow} {place}", "", indent = bar.saturating_sub(1));
            match excerpt {
                Some((column, body)) => {
                    let pad = bar.saturating_sub(*column);
                    out.extend(body.lines().map(|line| format!("{:pad$}{line}\n", "")));
                }
                None => {
                    let labels = group.iter().filter(|mark| !mark.text.is_empty());
                    labels.for_each(|mark| line(out, bar, "", &printable(mark.text)));
                }
            }
        }
        self.footer(finding, bar, out);
        out.push('\n');
    }

    fn header(&self, finding: &Finding, out: &mut String) {
        let diagnostic = &finding.diagnostic;
        let severity = severity_name(diagnostic.severity);
        let sub_id = diagnostic.sub_id.map(|sub_id| format!("/{sub_id}")).unwrap_or_default();
        let code = format!("[{}{sub_id} {}]", diagnostic.code.number, diagnostic.code.name);
        let head = self.style.paint(ink(diagnostic.severity), &format!("{severity}{code}"));
        let head = self.style.link(&docs_address(diagnostic), &head);
        let message = self.style.paint(Ink::Strong, &printable(&diagnostic.message));
        let _ = writeln!(out, "{head}: {message}");
    }

    fn footer(&self, finding: &Finding, bar: usize, out: &mut String) {
        let diagnostic = &finding.diagnostic;
        let key = |text: &str| self.style.paint(Ink::Strong, text);
        for condition in &diagnostic.conditions {
            let parent = condition.parent.as_ref().map(|parent| format!(" for {parent}")).unwrap_or_default();
            let words = format!("{}={}/{}", condition.r#type, condition.status, condition.reason);
            // The sentence of the effect may already begin with the condition.
            if diagnostic.effect.as_ref().is_some_and(|effect| effect.contains(&words)) {
                continue;
            }
            let text = format!("{words}{parent}");
            line(out, bar, &key("effect"), &printable(&text));
        }
        let texts = [("effect", &diagnostic.effect), ("help", &diagnostic.help)];
        for (name, text) in texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
            line(out, bar, &key(name), &printable(text));
        }
        for fix in &diagnostic.fixes {
            let class = applicability_name(fix.applicability);
            line(out, bar, &key("fix"), &format!("{} ({class})", printable(&fix.title)));
        }
        diagnostic.notes.iter().for_each(|note| line(out, bar, &key("note"), &printable(note)));
        if diagnostic.basis != Basis::Spec {
            let facts = match diagnostic.assumptions.as_slice() {
                [] => String::new(),
                facts => format!(": {}", facts.join(", ")),
            };
            let text = format!("basis {}{facts}", basis_name(diagnostic.basis));
            line(out, bar, &key("note"), &printable(&text));
        }
        if finding.worlds.len() > 1 {
            line(out, bar, &key("note"), &format!("in worlds {}", finding.worlds.join(", ")));
        }
        if let Some(suppressed) = &finding.suppressed {
            let reason = suppressed.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
            line(out, bar, &key("note"), &printable(&format!("suppressed by {}{reason}", suppressed.how)));
        }
    }

    /// The excerpt of marks in one text, and the column of its gutter.
    fn excerpt(&self, group: &[Mark<'_>], texts: &Texts<'_>, severity: Severity) -> Option<(usize, String)> {
        let id = group.first()?.span.source;
        let (text, lines) = (texts.shown(id), texts.lines(id));
        let is_fit = |mark: &Mark<'_>| lines.line_range(text, mark.line as usize - 1).len() <= MAX_LINE;
        if text.is_empty() || !group.iter().all(is_fit) {
            return None;
        }
        let snippet = Snippet { source: Excerpt { name: texts.name(id), text, lines }, marks: group };
        let mut order: Vec<&Mark<'_>> = group.iter().collect();
        order.sort_by_key(|mark| mark.span.start);
        let main = match severity {
            Severity::Error => self.styles.error,
            Severity::Warning => self.styles.warning,
            Severity::Info | Severity::Off => self.styles.help,
        };
        let mut styles = self.styles.clone();
        styles.link = ThemeStyles::none().link;
        styles.highlights = order.iter().map(|mark| if mark.is_primary { main } else { self.styles.advice }).collect();
        let theme = GraphicalTheme { characters: characters(), styles };
        let handler = GraphicalReportHandler::new_themed(theme).with_context_lines(1).with_width(MAX_LINE + 80);
        let mut drawn = String::new();
        handler.without_syntax_highlighting().render_report(&mut drawn, &snippet).ok()?;
        Some(body(&drawn))
    }
}

/// What miette drew without its own header and frame: the column of the gutter, the lines.
fn body(drawn: &str) -> (usize, String) {
    let mut column = 3;
    let mut out = String::new();
    for line in drawn.lines().skip_while(|line| !line.trim_start().starts_with(",-[")) {
        let bare = line.trim_start();
        if bare.starts_with(",-[") {
            column = line.len() - bare.len();
            let _ = writeln!(out, "{:column$}|", "");
        } else if bare != "`----" {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    let _ = writeln!(out, "{:column$}|", "");
    (column, out)
}

fn characters() -> ThemeCharacters {
    ThemeCharacters { vbar_break: '|', underbar: '^', ..ThemeCharacters::ascii() }
}

/// One `= key: text` line, or a plain one; further lines of the text are indented.
fn line(out: &mut String, bar: usize, key: &str, text: &str) {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let head = if key.is_empty() { String::new() } else { format!("{key}: ") };
    let _ = writeln!(out, "{:bar$}= {head}{first}", "");
    for more in lines {
        let _ = writeln!(out, "{:bar$}  {more}", "");
    }
}

/// The name of a class of fixes.
pub(crate) fn applicability_name(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Safe => "safe",
        Applicability::Unsafe => "unsafe",
        Applicability::Suggestion => "suggestion",
    }
}

/// Marks that share an excerpt; the primary's group first, the others in the order of the labels.
fn groups<'d>(diagnostic: &'d Diagnostic, texts: &Texts<'_>) -> Vec<Vec<Mark<'d>>> {
    let mut groups = vec![vec![mark(diagnostic.primary, &diagnostic.primary_label, true, texts)]];
    for label in &diagnostic.labels {
        // Both speak of one place: one text is enough.
        if label.span == diagnostic.primary
            && diagnostic.primary_label.is_empty()
            && let Some(primary) = groups.first_mut().and_then(|group| group.first_mut())
        {
            primary.text = &label.text;
            continue;
        }
        let mark = mark(label.span, &label.text, false, texts);
        let is_near = |other: &Mark<'_>| {
            other.span.source == mark.span.source && other.line.abs_diff(mark.line) <= NEAR && !overlaps(other, &mark)
        };
        match groups.iter_mut().find(|group| group.iter().any(is_near)) {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    groups
}

fn overlaps(a: &Mark<'_>, b: &Mark<'_>) -> bool {
    a.line == b.line && a.span.start <= b.span.end && b.span.start <= a.span.end
}

/// A label, cut to the first line of its span.
fn mark<'d>(span: Span, text: &'d str, is_primary: bool, texts: &Texts<'_>) -> Mark<'d> {
    let (lines, raw) = (texts.lines(span.source), texts.raw(span.source));
    let mut start = (span.start as usize).min(raw.len());
    while !raw.is_char_boundary(start) {
        start -= 1;
    }
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let mut line = lines.line_column(raw, at(start)).line;
    let mut range = lines.line_range(raw, line as usize - 1);
    // The end of the text behind its last line break is shown at the end of the last line.
    if range.is_empty() && range.start >= raw.len() && line > 1 {
        line -= 1;
        range = lines.line_range(raw, line as usize - 1);
    }
    let start = start.min(range.end);
    let mut end = (span.end as usize).clamp(start, range.end);
    while !raw.is_char_boundary(end) {
        end += 1;
    }
    Mark { span: Span::new(span.source, at(start), at(end)), line, text, is_primary }
}

/// What miette is asked to draw: nothing but an excerpt.
#[derive(Clone, Copy)]
struct Snippet<'s, 'd> {
    source: Excerpt<'s>,
    marks: &'s [Mark<'d>],
}

impl fmt::Debug for Snippet<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snippet")
    }
}

impl fmt::Display for Snippet<'_, '_> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet<'_, '_> {}

impl miette::Diagnostic for Snippet<'_, '_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.marks.iter().map(|mark| {
            let span = (mark.span.start as usize, (mark.span.end - mark.span.start) as usize);
            let text = Some(printable(mark.text)).filter(|text| !text.is_empty());
            match mark.is_primary {
                true => LabeledSpan::new_primary_with_span(text, span),
                false => LabeledSpan::new_with_span(text, span),
            }
        })))
    }
}
