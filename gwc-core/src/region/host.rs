//! Atoms of names: inside of one, every hostname of a listener or route covers all names or none.

use std::collections::BTreeSet;

use crate::value::Hostname;

/// A set of names that no hostname of a world tells apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostAtom {
    /// One name.
    Exact(String),
    /// Names below a suffix (with its leading dot) that nothing narrower mentions.
    Below(String),
    /// Names that nothing mentions.
    Other,
    /// No name: an IP address, or none sent.
    Nameless,
}

impl HostAtom {
    /// The atom of names that only this hostname and wider ones cover.
    #[must_use]
    pub fn of(hostname: Option<&Hostname>) -> Self {
        match hostname {
            Some(Hostname::Exact(name)) => Self::Exact(name.to_string()),
            Some(Hostname::Wildcard(suffix)) => Self::Below(suffix.to_string()),
            None => Self::Other,
        }
    }

    /// Does a hostname (`None`: any name) cover the atom?
    #[must_use]
    pub fn is_covered_by(&self, hostname: Option<&Hostname>) -> bool {
        match (hostname, self) {
            (None, _) => true,
            (Some(hostname), Self::Exact(name)) => hostname.covers(name),
            (Some(Hostname::Wildcard(wide)), Self::Below(suffix)) => suffix.ends_with(wide.as_str()),
            (Some(Hostname::Exact(_)), Self::Below(_)) | (Some(_), Self::Other | Self::Nameless) => false,
        }
    }

    /// A name of the atom, none of the other `atoms`.
    #[must_use]
    pub fn name(&self, atoms: &BTreeSet<Self>) -> Option<String> {
        let labels = || (0u32..).map(|n| if n == 0 { "other".to_owned() } else { format!("other{n}") });
        let is_free = |name: &String| !atoms.contains(&Self::Exact(name.clone()));
        match self {
            Self::Exact(name) => Some(name.clone()),
            Self::Below(suffix) => labels().map(|label| format!("{label}{suffix}")).find(is_free),
            Self::Other => {
                let below = |name: &String| {
                    let dots = name.match_indices('.').filter_map(|(at, _)| name.get(at..));
                    dots.map(|suffix| Self::Below(suffix.to_owned())).any(|atom| atoms.contains(&atom))
                };
                labels().map(|label| format!("name.{label}")).find(|name| is_free(name) && !below(name))
            }
            Self::Nameless => None,
        }
    }
}

/// Every atom that hostnames make, without repetition.
pub(super) fn atoms<'h>(hostnames: impl Iterator<Item = Option<&'h Hostname>>) -> BTreeSet<HostAtom> {
    let mut atoms: BTreeSet<HostAtom> = hostnames.map(HostAtom::of).collect();
    atoms.extend([HostAtom::Other, HostAtom::Nameless]);
    atoms
}
