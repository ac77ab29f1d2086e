//! Which rules run at which severity: presets, selectors, overrides (cli-and-rules.md §2.1, §12).
//!
//! A selector that is more specific wins over a wider one; of two equal ones, ignoring wins.

use gwc_core::diagnostic::rule::{self, Group, RULES, Rule};
use gwc_core::diagnostic::{Basis, Code, Diagnostic, Severity};

use crate::failure::Failure;
use crate::nearest;

/// Base rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preset {
    /// What the specification says.
    SpecOnly,
    /// Severities as the catalogue lists them.
    Recommended,
    /// Practice and security rules on, remarks become warnings.
    Strict,
    /// Recommended and portability.
    Portable,
    /// Every rule.
    All,
}

/// The presets by name.
pub(crate) const PRESETS: [(&str, Preset); 5] = [
    ("spec-only", Preset::SpecOnly),
    ("recommended", Preset::Recommended),
    ("strict", Preset::Strict),
    ("portable", Preset::Portable),
    ("all", Preset::All),
];

/// A set of rules, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selector {
    /// Every rule.
    All,
    /// A group.
    Group(Group),
    /// Codes that begin with this many characters of the code (`GWC10`).
    Prefix(&'static str),
    /// One rule.
    Rule(Code),
}

/// What was asked for, in words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// Preset name.
    pub(crate) preset: Option<String>,
    /// `--select`.
    pub(crate) select: Vec<String>,
    /// `--extend-select`.
    pub(crate) extend_select: Vec<String>,
    /// `--ignore`.
    pub(crate) ignore: Vec<String>,
    /// `SEL`, `LEVEL`.
    pub(crate) severity: Vec<(String, String)>,
}

/// State of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// Severity in effect; `Off` when the rule does not run.
    pub(crate) severity: Severity,
    /// A severity that the user gave, which holds for assumed findings too.
    pub(crate) is_forced: bool,
}

/// State of every rule.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    states: Vec<State>,
    /// The preset.
    pub(crate) preset: Preset,
}

/// The name of a severity.
pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Off => "off",
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The name of a group.
pub(crate) fn group_name(group: Group) -> &'static str {
    match group {
        Group::Schema => "schema",
        Group::Refs => "refs",
        Group::Attach => "attach",
        Group::Conflict => "conflict",
        Group::Tls => "tls",
        Group::Traffic => "traffic",
        Group::Port => "port",
        Group::Bp => "bp",
        Group::Security => "security",
        Group::Version => "version",
        Group::Migrate => "migrate",
    }
}

/// The name of a basis.
pub(crate) fn basis_name(basis: Basis) -> &'static str {
    match basis {
        Basis::Spec => "spec",
        Basis::Derived => "derived",
        Basis::Profile => "profile",
        Basis::Assumed => "assumed",
        Basis::Heuristic => "heuristic",
    }
}

/// Reads a severity; the error lists the words there are.
pub(crate) fn severity(text: &str) -> Result<Severity, Failure> {
    let levels = [Severity::Error, Severity::Warning, Severity::Info, Severity::Off];
    let found = levels.into_iter().find(|level| severity_name(*level) == text);
    found.ok_or_else(|| {
        let hint = nearest::hint(text, levels.map(severity_name));
        Failure::usage(format!("unknown severity `{text}`{hint}; there are error, warning, info, off"))
    })
}

impl Selector {
    /// Reads a selector; the error has the nearest match.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("ALL") {
            return Ok(Self::All);
        }
        if let Some(rule) = rule::find(text) {
            return Ok(Self::Rule(rule.code));
        }
        if let Some(rule) = RULES.iter().find(|rule| group_name(rule.group) == text) {
            return Ok(Self::Group(rule.group));
        }
        let prefix = RULES.iter().find_map(|rule| {
            let head = rule.code.number.get(..text.len())?;
            (text.len() >= 3 && head.eq_ignore_ascii_case(text)).then_some(head)
        });
        prefix.map(Self::Prefix).ok_or_else(|| {
            let words = RULES.iter().flat_map(|rule| [rule.code.number, rule.code.name, group_name(rule.group)]);
            Failure::usage(format!(
                "unknown rule `{text}`{}; a selector is a code, a prefix of one, a group, a name or ALL",
                nearest::hint(text, words)
            ))
        })
    }

    /// Does the set hold this rule?
    pub(crate) fn matches(self, code: Code) -> bool {
        match self {
            Self::All => true,
            Self::Group(group) => rule::of(code).is_some_and(|rule| rule.group == group),
            Self::Prefix(prefix) => code.number.starts_with(prefix),
            Self::Rule(only) => only == code,
        }
    }

    fn specificity(self) -> usize {
        match self {
            Self::All => 1,
            Self::Prefix(prefix) => prefix.len(),
            Self::Group(_) => 5,
            Self::Rule(_) => 100,
        }
    }
}

impl Selection {
    /// The state of every rule.
    pub(crate) fn new(wishes: &Wishes) -> Result<Self, Failure> {
        let preset = wishes.preset.as_deref().map_or(Ok(Preset::Recommended), preset)?;
        let parse = |list: &[String]| list.iter().map(|text| Selector::parse(text)).collect::<Result<Vec<_>, _>>();
        let (select, extend, ignore) = (parse(&wishes.select)?, parse(&wishes.extend_select)?, parse(&wishes.ignore)?);
        let mut overrides = Vec::new();
        for (text, level) in &wishes.severity {
            overrides.push((Selector::parse(text)?, severity(level)?));
        }
        let lists = Lists { preset, select, extend, ignore, overrides };
        Ok(Self { states: RULES.iter().map(|rule| lists.state(rule)).collect(), preset })
    }

    /// State of a rule.
    pub(crate) fn state(&self, code: Code) -> State {
        let at = RULES.binary_search_by_key(&code.number, |rule| rule.code.number);
        let state = at.ok().and_then(|at| self.states.get(at));
        state.copied().unwrap_or(State { severity: Severity::Warning, is_forced: false })
    }

    /// Severity of a finding; `Off` when it is not to be reported.
    pub(crate) fn severity_of(&self, diagnostic: &Diagnostic) -> Severity {
        let state = self.state(diagnostic.code);
        let default = rule::of(diagnostic.code).map_or(state.severity, |rule| rule.severity);
        if state.is_forced || state.severity == Severity::Off || diagnostic.severity == Severity::Off {
            state.severity
        } else if state.severity == default {
            diagnostic.severity
        } else if diagnostic.severity < default {
            state.severity.min(diagnostic.severity)
        } else {
            state.severity
        }
    }
}

/// Reads a preset.
pub(crate) fn preset(text: &str) -> Result<Preset, Failure> {
    let found = PRESETS.iter().find(|(name, _)| *name == text);
    found.map(|(_, preset)| *preset).ok_or_else(|| {
        let names = PRESETS.map(|(name, _)| name);
        let hint = nearest::hint(text, names);
        Failure::usage(format!("unknown preset `{text}`{hint}; there are {}", names.join(", ")))
    })
}

struct Lists {
    preset: Preset,
    select: Vec<Selector>,
    extend: Vec<Selector>,
    ignore: Vec<Selector>,
    overrides: Vec<(Selector, Severity)>,
}

impl Lists {
    fn state(&self, rule: &Rule) -> State {
        let best = |list: &[Selector]| {
            let matching = list.iter().filter(|selector| selector.matches(rule.code));
            matching.map(|selector| selector.specificity()).max().unwrap_or(0)
        };
        let wanted = best(&self.select).max(best(&self.extend));
        let mut severity = self.preset_severity(rule);
        if wanted == 0 && !self.select.is_empty() {
            severity = Severity::Off;
        } else if wanted > 0 && severity == Severity::Off {
            severity = rule.severity.max(Severity::Warning);
        }
        if best(&self.ignore) >= wanted.max(1) {
            severity = Severity::Off;
        }
        let forced = self.overrides.iter().filter(|(selector, _)| selector.matches(rule.code));
        match forced.max_by_key(|(selector, _)| selector.specificity()) {
            Some((_, level)) if *level == Severity::Off => State { severity: Severity::Off, is_forced: true },
            // An override turns a rule on that is off by default, but not one that was ignored or not selected.
            Some((_, level)) if severity != Severity::Off || self.is_off_by_default(rule) => {
                State { severity: *level, is_forced: true }
            }
            _ => State { severity, is_forced: false },
        }
    }

    fn is_off_by_default(&self, rule: &Rule) -> bool {
        let named = |list: &[Selector]| list.iter().any(|selector| selector.matches(rule.code));
        self.preset_severity(rule) == Severity::Off
            && !named(&self.ignore)
            && (self.select.is_empty() || named(&self.select))
    }

    fn preset_severity(&self, rule: &Rule) -> Severity {
        let default = rule.severity;
        match self.preset {
            // What a migration loses is no matter of taste: only flags that name it say otherwise.
            _ if rule.group == Group::Migrate => default,
            Preset::SpecOnly if rule.basis == Basis::Spec => default,
            Preset::SpecOnly => Severity::Off,
            Preset::Recommended => default,
            Preset::Strict => match (default, rule.group) {
                (Severity::Off, Group::Bp | Group::Security) | (Severity::Info, _) => Severity::Warning,
                _ => default,
            },
            Preset::Portable if rule.group == Group::Port => default.max(Severity::Warning),
            Preset::Portable => default,
            Preset::All => {
                if default == Severity::Off {
                    Severity::Warning
                } else {
                    default
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(wishes: Wishes) -> Selection {
        Selection::new(&wishes).unwrap()
    }

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn select_replaces_and_the_specific_wins() {
        let chosen = selection(Wishes { select: list(&["GWC1"]), ignore: list(&["GWC1005"]), ..Wishes::default() });
        assert_eq!(chosen.state(rule::BACKEND_NOT_FOUND).severity, Severity::Off);
        assert_eq!(chosen.state(rule::PARENT_NOT_FOUND).severity, Severity::Error);
        assert_eq!(chosen.state(rule::NAMESPACE_NOT_ALLOWED).severity, Severity::Off);
        let chosen = selection(Wishes { ignore: list(&["ALL"]), extend_select: list(&["refs"]), ..Wishes::default() });
        assert_eq!(chosen.state(rule::PARENT_NOT_FOUND).severity, Severity::Error);
        assert_eq!(chosen.state(rule::NAMESPACE_NOT_ALLOWED).severity, Severity::Off);
    }

    #[test]
    fn presets_change_what_the_catalogue_says() {
        let preset = |name: &str| selection(Wishes { preset: Some(name.to_owned()), ..Wishes::default() });
        assert_eq!(preset("recommended").state(rule::NO_TIMEOUT).severity, Severity::Off);
        assert_eq!(preset("strict").state(rule::NO_TIMEOUT).severity, Severity::Warning);
        assert_eq!(preset("strict").state(rule::EXTENDED_FEATURE).severity, Severity::Off);
        assert_eq!(preset("portable").state(rule::EXTENDED_FEATURE).severity, Severity::Warning);
        assert_eq!(preset("all").state(rule::RETRY_UNSAFE_METHOD).severity, Severity::Warning);
        assert_eq!(preset("spec-only").state(rule::GRANT_REVIEW).severity, Severity::Off);
        for (name, _) in PRESETS {
            let state = preset(name).state(rule::ANNOTATION_CONVERTED);
            assert_eq!(state.severity, Severity::Info, "{name}: findings of a migration keep their weight");
        }
    }

    #[test]
    fn severity_overrides_turn_on_and_off() {
        let severity = vec![("GWC7".to_owned(), "error".to_owned()), ("GWC7014".to_owned(), "off".to_owned())];
        let chosen = selection(Wishes { severity, ignore: list(&["GWC7003"]), ..Wishes::default() });
        assert_eq!(chosen.state(rule::BACKEND_TLS_MISSING).severity, Severity::Error);
        assert_eq!(chosen.state(rule::NO_TIMEOUT).severity, Severity::Off);
        assert_eq!(chosen.state(rule::GRANT_REVIEW).severity, Severity::Off, "ignored stays ignored");
    }

    #[test]
    fn unknown_selectors_have_a_nearest_match() {
        let error = Selector::parse("backend-not-fund").unwrap_err();
        assert!(error.message.contains("did you mean `backend-not-found`?"), "{}", error.message);
        assert!(Selector::parse("GWC77").is_err());
        assert_eq!(Selector::parse("gwc10").unwrap(), Selector::Prefix("GWC10"));
        assert_eq!(Selector::parse("refs").unwrap(), Selector::Group(Group::Refs));
        assert_eq!(Selector::parse("migrate").unwrap(), Selector::Group(Group::Migrate));
        assert_eq!(Selector::parse("mig5").unwrap(), Selector::Prefix("MIG5"));
    }
}
