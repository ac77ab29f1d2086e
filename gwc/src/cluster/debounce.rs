//! When changes are acted on (runtime-design.md §7.2): a lone one at once, a burst when it ends, but never much later.

use std::time::{Duration, Instant};

/// Without a change for so long, the next one is acted on at once.
const REST: Duration = Duration::from_millis(100);
/// The end of a burst.
const QUIET: Duration = Duration::from_millis(50);
/// No change waits longer.
const LIMIT: Duration = Duration::from_millis(500);

/// Changes that wait.
#[derive(Debug, Default)]
pub(crate) struct Debounce {
    /// First and last change that wait.
    waiting: Option<(Instant, Instant)>,
    /// When the first one that waits is acted on, if none follows.
    hurry: bool,
    /// The last change or the end of the last action.
    busy: Option<Instant>,
}

impl Debounce {
    /// Something changed.
    pub(crate) fn changed(&mut self, now: Instant) {
        self.waiting = match self.waiting {
            Some((first, _)) => Some((first, now)),
            None => {
                self.hurry = self.busy.is_none_or(|busy| now.saturating_duration_since(busy) >= REST);
                Some((now, now))
            }
        };
        self.busy = Some(now);
    }

    /// When to act; `None`: nothing waits.
    pub(crate) fn due(&self) -> Option<Instant> {
        let (first, last) = self.waiting?;
        Some(if self.hurry { first } else { (last + QUIET).min(first + LIMIT) })
    }

    /// Everything that waits is acted on now.
    pub(crate) fn taken(&mut self) {
        self.waiting = None;
    }

    /// The action ended.
    pub(crate) fn done(&mut self, now: Instant) {
        self.busy = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, millis: u64) -> Instant {
        start + Duration::from_millis(millis)
    }

    #[test]
    fn a_lone_change_is_acted_on_at_once() {
        let (start, mut debounce) = (Instant::now(), Debounce::default());
        assert_eq!(debounce.due(), None);
        debounce.changed(start);
        assert_eq!(debounce.due(), Some(start));
        debounce.taken();
        assert_eq!(debounce.due(), None);
        debounce.done(after(start, 10));
        debounce.changed(after(start, 110));
        assert_eq!(debounce.due(), Some(after(start, 110)));
    }

    #[test]
    fn a_burst_is_acted_on_when_it_ends() {
        let (start, mut debounce) = (Instant::now(), Debounce::default());
        debounce.changed(start);
        debounce.taken();
        debounce.done(after(start, 5));
        debounce.changed(after(start, 20));
        assert_eq!(debounce.due(), Some(after(start, 70)));
        debounce.changed(after(start, 40));
        assert_eq!(debounce.due(), Some(after(start, 90)));
    }

    #[test]
    fn a_long_burst_does_not_wait_for_its_end() {
        let (start, mut debounce) = (Instant::now(), Debounce::default());
        debounce.done(start);
        for millis in (0..1_000).step_by(40) {
            debounce.changed(after(start, millis));
        }
        assert_eq!(debounce.due(), Some(after(start, 500)));
    }
}
