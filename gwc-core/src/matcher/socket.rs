//! One port: which listener takes a name, and the programs of all its listeners. A request never leaves its listener.

use crate::ir::{Config, Listener, Protocol, Socket};
use crate::matcher::host::{self, HostTable};
use crate::matcher::{HostFallthrough, Program};

/// The compiled listeners of one socket; agrees with [`listener`](super::reference::listener) and
/// [`find`](super::reference::find).
#[derive(Debug)]
pub struct SocketProgram {
    /// By position in `Socket::listeners`.
    programs: Vec<Program>,
    names: HostTable,
    /// For authorities behind an SNI: names among the listeners of one protocol, where a port has two.
    by_protocol: Vec<(Protocol, HostTable)>,
}

impl SocketProgram {
    /// Compiles a socket of `config`; for the seed see [`Program::compile`].
    #[must_use]
    pub fn compile(config: &Config, socket: &Socket, seed: u64, fallthrough: HostFallthrough) -> Self {
        let programs = socket.listeners.iter();
        let programs = programs.map(|one| Program::compile_with(config, one, seed, fallthrough)).collect();
        let mut protocols: Vec<Protocol> = socket.listeners.iter().map(|one| one.protocol).collect();
        protocols.sort_unstable();
        protocols.dedup();
        let table = |protocol| (protocol, names(socket, seed, |one| one.protocol == protocol));
        let by_protocol = protocols.into_iter().map(table).collect();
        Self { programs, names: names(socket, seed, |_| true), by_protocol }
    }

    /// The listener that takes a name: the Host in clear text, the SNI of a ClientHello (routing.md §1.2, §1.3); its
    /// position in `Socket::listeners`.
    #[must_use]
    pub fn listener(&self, name: Option<&str>) -> Option<usize> {
        position(&self.names, name)
    }

    /// As [`SocketProgram::listener`], among the listeners of one protocol: for the authority of a request behind an
    /// SNI (§1.4).
    #[must_use]
    pub fn listener_of(&self, protocol: Protocol, name: Option<&str>) -> Option<usize> {
        let (_, names) = self.by_protocol.iter().find(|(own, _)| *own == protocol)?;
        position(names, name)
    }

    /// The entries of a listener.
    #[must_use]
    pub fn program(&self, listener: usize) -> Option<&Program> {
        self.programs.get(listener)
    }
}

fn names(socket: &Socket, seed: u64, wanted: impl Fn(&Listener) -> bool) -> HostTable {
    let listeners = socket.listeners.iter().zip(0u32..).filter(|(one, _)| wanted(one));
    let (hostnames, positions): (Vec<_>, Vec<u32>) =
        listeners.map(|(one, position)| (one.hostname.as_ref(), position)).unzip();
    let first = |group: &[u32]| group.first().and_then(|one| positions.get(*one as usize)).copied();
    HostTable::build(&hostnames, seed, |group| first(group).unwrap_or(host::NONE))
}

fn position(names: &HostTable, name: Option<&str>) -> Option<usize> {
    let position = names.get(name);
    (position != host::NONE).then_some(position as usize)
}
