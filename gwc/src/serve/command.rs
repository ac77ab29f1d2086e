//! `--exec`: a command that runs while we serve, with the addresses in its environment.

use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::mpsc::Sender;

use gwc_core::ir::{Config, Protocol};
use tokio::process::Command;
use tokio::sync::oneshot;

use crate::serve::examples::reachable;
use crate::serve::session::Event;

/// A command that runs; it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    _end: oneshot::Sender<()>,
}

/// Starts the command; its end is an event.
pub(crate) fn start(
    words: &[OsString],
    variables: Vec<(String, OsString)>,
    events: Sender<Event>,
) -> io::Result<Running> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no command is given"));
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let spawn = || Command::new(program).args(arguments).envs(variables).kill_on_drop(true).spawn();
    let mut child = {
        let _entered = runtime.enter();
        spawn()?
    };
    let (end, ended) = oneshot::channel::<()>();
    std::thread::Builder::new().name("exec".to_owned()).spawn(move || {
        let code = runtime.block_on(async {
            tokio::select! {
                status = child.wait() => Some(status.map_or(1, code)),
                _ = ended => {
                    let _ = child.kill().await;
                    None
                }
            }
        });
        if let Some(code) = code {
            let _ = events.send(Event::Ended(code));
        }
    })?;
    Ok(Running { _end: end })
}

/// The code as a shell would tell it: 128 and the number of the signal for a command that one ended.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| signal + 128);
    #[cfg(not(unix))]
    let signal = None;
    status.code().or(signal).and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// `GWC_URL` for the first listener of HTTP, `GWC_ADDRESS_NS_GATEWAY_LISTENER` for each, `GWC_CA_FILE`, `GWC_ADMIN_URL`.
pub(crate) fn variables(
    config: &Config,
    addresses: &[Result<SocketAddr, String>],
    authority: Option<&Path>,
    admin: Option<SocketAddr>,
) -> Vec<(String, OsString)> {
    let mut all: Vec<(String, OsString)> = Vec::new();
    let mut url = None;
    for (socket, address) in config.sockets.iter().zip(addresses) {
        let Ok(at) = address.as_ref().map(|at| reachable(*at)) else { continue };
        let gateway = config.gateway(socket);
        for listener in &socket.listeners {
            let name = format!("{}_{}_{}", gateway.namespace, gateway.name, listener.name);
            let variable = (format!("GWC_ADDRESS_{}", upper(&name)), at.to_string().into());
            all.push(variable);
            let scheme = match listener.protocol {
                Protocol::Http => "http",
                Protocol::Https => "https",
                Protocol::Tls | Protocol::Tcp | Protocol::Udp => continue,
            };
            url.get_or_insert_with(|| format!("{scheme}://{at}"));
        }
    }
    all.extend(url.map(|url| ("GWC_URL".to_owned(), url.into())));
    all.extend(authority.map(|file| ("GWC_CA_FILE".to_owned(), file.as_os_str().to_owned())));
    all.extend(admin.map(|at| ("GWC_ADMIN_URL".to_owned(), format!("http://{}", reachable(at)).into())));
    all
}

/// A name as variables are written.
fn upper(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables_are_plain() {
        assert_eq!(upper("infra_my-gateway_http.v2"), "INFRA_MY_GATEWAY_HTTP_V2");
    }

    #[cfg(unix)]
    #[test]
    fn codes_are_those_of_a_shell() {
        let run = |script: &str| code(std::process::Command::new("sh").args(["-c", script]).status().unwrap());
        assert_eq!(run("exit 7"), 7);
        assert_eq!(run("kill -TERM $$"), 143);
    }
}
