//! Who is older: the tie-break of every conflict (status.md §5.7, cli-and-rules.md §5.4).

use compact_str::format_compact;

use crate::api::Meta;
use crate::api::Role;
use crate::eval::world::Cx;
use crate::eval::{Fact, Support};
use crate::value::ObjectKey;

/// Age of an object; the smaller wins. Fields are in the order in which they decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age {
    /// Objects without a creation time come after those with one.
    undated: bool,
    /// Seconds since 1970; 0 without a time.
    created: i64,
    /// Undated objects that are only now added come after those of the context.
    new: bool,
    /// `namespace/name`, the last resort.
    key: ObjectKey,
}

impl Age {
    /// Age of an object.
    #[must_use]
    pub fn of(meta: &Meta) -> Self {
        Self {
            undated: meta.created.is_none(),
            created: meta.created.unwrap_or_default(),
            new: meta.created.is_none() && meta.role == Role::Checked,
            key: meta.key.clone(),
        }
    }

    /// Did only the name decide, for lack of a creation time?
    #[must_use]
    pub fn only_name_decides(&self, other: &Self) -> bool {
        let undated = self.undated || other.undated;
        undated && (self.undated, self.created, self.new) == (other.undated, other.created, other.new)
    }
}

/// How well "`winner` is older than `loser`" stands; both are objects of `kind`.
pub(crate) fn support(cx: &Cx<'_>, kind: &'static str, winner: &Meta, loser: &Meta) -> Support {
    if Age::of(winner).only_name_decides(&Age::of(loser)) {
        return Support::assumed(created(kind, winner)).and(&Support::assumed(created(kind, loser)));
    }
    let given = [winner, loser].map(|meta| given(cx, kind, meta));
    Support::all(given.iter().flatten())
}

/// The fact behind a creation time that the user vouches for.
fn given(cx: &Cx<'_>, kind: &'static str, meta: &Meta) -> Option<Support> {
    let times = &cx.assumptions().created;
    if times.is_empty() {
        return None;
    }
    let name = format_compact!("{}/{}", meta.kind.value.to_lowercase(), meta.key);
    times.contains_key(&name).then(|| cx.given(created(kind, meta)))
}

fn created(kind: &'static str, meta: &Meta) -> Fact {
    Fact::Created(kind, meta.key.clone())
}
