//! Signals as events: SIGTERM and SIGINT stop, SIGHUP loads again. On other systems Ctrl-C stops.

use std::io;
use std::sync::mpsc::{Sender, channel};

use crate::serve::session::Event;

/// Starts to listen for signals, on a thread of its own; once this returns none is missed.
pub(crate) fn start(events: Sender<Event>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ready, installed) = channel();
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(listen(&events, |result| drop(ready.send(result))));
    })?;
    installed.recv().unwrap_or_else(|_| Err(io::Error::other("the thread for signals ended")))
}

#[cfg(unix)]
async fn listen(events: &Sender<Event>, ready: impl FnOnce(io::Result<()>)) {
    use tokio::signal::unix::{SignalKind, signal};

    let all = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()));
    let (mut terminate, mut interrupt, mut hangup) = match all {
        (Ok(terminate), Ok(interrupt), Ok(hangup)) => (terminate, interrupt, hangup),
        (Err(error), _, _) | (_, Err(error), _) | (_, _, Err(error)) => return ready(Err(error)),
    };
    ready(Ok(()));
    loop {
        let event = tokio::select! {
            Some(()) = terminate.recv() => Event::Stop { interrupt: false },
            Some(()) = interrupt.recv() => Event::Stop { interrupt: true },
            Some(()) = hangup.recv() => Event::Reload,
            else => return,
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

#[cfg(not(unix))]
async fn listen(events: &Sender<Event>, ready: impl FnOnce(io::Result<()>)) {
    ready(Ok(()));
    while tokio::signal::ctrl_c().await.is_ok() {
        if events.send(Event::Stop { interrupt: true }).is_err() {
            return;
        }
    }
}
