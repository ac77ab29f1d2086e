//! Which listener of a socket and which entry of a listener take a request. Knows the IR only: no Kubernetes.
//!
//! [`reference`](mod@reference) is the specification in linear code; [`Program`] and [`SocketProgram`] give the same
//! answers from hash probes (runtime-design.md §4). Both take the request as normalised by `exchange/normalise.rs`.

pub mod boundary;
mod build;
mod hash;
mod host;
mod path;
mod patterns;
mod predicate;
mod program;
pub mod reference;
mod socket;
mod switch;
mod table;

pub use program::{Memory, Program};
pub use socket::SocketProgram;

/// Does a request that no entry of its narrowest hostname accepts try the wider ones of the same listener?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum HostFallthrough {
    /// Yes: the literal reading (routing.md §2.4).
    #[default]
    On,
    /// No: as Envoy and NGINX do, with one virtual host per name.
    Off,
}

/// The parts of a request that matches look at, normalised (routing.md §2.1, §3.2).
#[derive(Clone, Copy)]
pub struct RequestHead<'r> {
    /// Host in lower case, without port and trailing dot; `None`: no host, or an IP address. For TLS the SNI.
    pub host: Option<&'r str>,
    /// Path, dot segments resolved; starts with `/` (or is `*`).
    pub path: &'r str,
    /// Query as received, without `?`; `None`: no `?`.
    pub query: Option<&'r str>,
    /// Method.
    pub method: &'r str,
    /// Header lines.
    pub headers: &'r dyn Headers,
}

/// Header lines of a request, wherever they are kept.
pub trait Headers {
    /// Calls `visit` with the value of each line of `name` (lower case), in order.
    fn lines(&self, name: &str, visit: &mut dyn FnMut(&[u8]));
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for [(N, V)] {
    fn lines(&self, name: &str, visit: &mut dyn FnMut(&[u8])) {
        for (own, value) in self {
            if own.as_ref().eq_ignore_ascii_case(name) {
                visit(value.as_ref());
            }
        }
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for Vec<(N, V)> {
    fn lines(&self, name: &str, visit: &mut dyn FnMut(&[u8])) {
        self.as_slice().lines(name, visit);
    }
}
