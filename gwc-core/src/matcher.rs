//! Which entry of a listener takes a request. Knows the IR only: no routes, no Gateways, no Kubernetes.
//!
//! [`reference`] is the specification in linear code; [`Program`] is the same answer from hash probes
//! (runtime-design.md §4). Both take the request as normalised by `exchange/normalise.rs`.

pub mod reference;

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
