//! Reads a ClientHello as it arrives, for the server name that chooses the listener (routing.md §1.3, §6).
//!
//! It may span several segments and several records of TLS. What was read is kept byte for byte: whoever takes the
//! connection, this proxy or the backend behind a Passthrough listener, reads it again.

use std::net::IpAddr;

use bytes::BytesMut;

/// Most bytes that are read before the server name must be known (runtime-design.md §3.9).
pub(crate) const LIMIT: usize = 16 * 1024;

/// Content type of records that carry handshake messages.
const HANDSHAKE: u8 = 22;
/// Type of the handshake message.
const CLIENT_HELLO: u8 = 1;
/// Bytes before the content of a record, and before that of a handshake message.
const RECORD_HEADER: usize = 5;
const MESSAGE_HEADER: usize = 4;
/// The extension with the server name, and the kind of name that is a DNS name.
const SERVER_NAME: u16 = 0;
const HOST_NAME: u8 = 0;

/// What is known of a connection after some of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hello {
    /// The ClientHello goes on.
    Incomplete,
    /// The ClientHello names this host, in lower case and without a final dot; `None`: no name, or an address.
    Name(Option<String>),
    /// Not TLS, not well formed, or longer than [`LIMIT`].
    Refused,
}

/// A ClientHello that is being read.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// Everything that came.
    pub(crate) raw: BytesMut,
    /// Position in `raw` behind what was looked at.
    at: usize,
    /// Bytes of the current record that are still to come.
    left: usize,
    /// The handshake message, without the headers of its records.
    message: Vec<u8>,
}

impl Reader {
    /// Looks at the bytes that were added to [`Reader::raw`].
    pub(crate) fn look(&mut self) -> Hello {
        while let Some(rest) = self.raw.get(self.at..).filter(|rest| !rest.is_empty()) {
            if self.left > 0 {
                let n_bytes = rest.len().min(self.left);
                self.message.extend_from_slice(rest.get(..n_bytes).unwrap_or_default());
                (self.at, self.left) = (self.at + n_bytes, self.left - n_bytes);
                match self.message() {
                    Hello::Incomplete => continue,
                    decided @ (Hello::Name(_) | Hello::Refused) => return decided,
                }
            }
            match record(rest) {
                Record::Incomplete => break,
                Record::Handshake(length) => (self.at, self.left) = (self.at + RECORD_HEADER, length),
                Record::Other => return Hello::Refused,
            }
        }
        if self.raw.len() >= LIMIT { Hello::Refused } else { Hello::Incomplete }
    }

    /// The message, once all of it is there.
    fn message(&self) -> Hello {
        let mut parts = Parts(&self.message);
        let (kind, length) = (parts.byte(), parts.number(3));
        match (kind, length) {
            (Some(kind), _) if kind != CLIENT_HELLO => Hello::Refused,
            (Some(_), Some(length)) if length > LIMIT - RECORD_HEADER - MESSAGE_HEADER => Hello::Refused,
            (Some(_), Some(length)) => match parts.take(length) {
                Some(body) => server_name(body).map_or(Hello::Refused, Hello::Name),
                None => Hello::Incomplete,
            },
            (_, _) => Hello::Incomplete,
        }
    }
}

/// The beginning of a record.
enum Record {
    Incomplete,
    /// So many bytes of handshake messages.
    Handshake(usize),
    /// None that a connection may begin with.
    Other,
}

fn record(bytes: &[u8]) -> Record {
    // The first bytes tell at once that this is no TLS, however few have come.
    let is_handshake = bytes.first().is_none_or(|kind| *kind == HANDSHAKE);
    let is_version_3 = bytes.get(1).is_none_or(|major| *major == 3);
    if !is_handshake || !is_version_3 {
        return Record::Other;
    }
    let Some([_, _, _, high, low]) = bytes.first_chunk() else { return Record::Incomplete };
    match usize::from(u16::from_be_bytes([*high, *low])) {
        length @ 1..=LIMIT => Record::Handshake(length),
        _ => Record::Other,
    }
}

/// The server name in the body of a ClientHello; outer `None`: the body is not well formed.
fn server_name(body: &[u8]) -> Option<Option<String>> {
    let mut parts = Parts(body);
    // Version and random number, session, cipher suites, compression methods.
    parts.take(2 + 32)?;
    parts.list(1)?;
    parts.list(2)?;
    parts.list(1)?;
    if parts.0.is_empty() {
        return Some(None);
    }
    let mut extensions = Parts(parts.list(2)?);
    let mut found = None;
    while !extensions.0.is_empty() {
        let kind = extensions.number(2)?;
        let content = extensions.list(2)?;
        if kind == usize::from(SERVER_NAME) {
            if found.is_some() {
                return None;
            }
            found = Some(host_name(content)?);
        }
    }
    parts.0.is_empty().then(|| found.flatten())
}

/// The DNS name in a list of names.
fn host_name(content: &[u8]) -> Option<Option<String>> {
    let mut content = Parts(content);
    let mut names = Parts(content.list(2)?);
    if !content.0.is_empty() {
        return None;
    }
    let mut found = None;
    while !names.0.is_empty() {
        let kind = names.byte()?;
        let name = names.list(2)?;
        if kind == HOST_NAME {
            if found.is_some() || name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
                return None;
            }
            found = std::str::from_utf8(name).ok();
        }
    }
    let bare = found.map(|name| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase());
    Some(bare.filter(|name| name.parse::<IpAddr>().is_err()))
}

/// Bytes that are taken from the front.
struct Parts<'b>(&'b [u8]);

impl<'b> Parts<'b> {
    fn take(&mut self, n_bytes: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(n_bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// A number of at most three bytes.
    fn number(&mut self, n_bytes: usize) -> Option<usize> {
        let bytes = self.take(n_bytes)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    /// What stands behind its length, a number of so many bytes.
    fn list(&mut self, n_bytes: usize) -> Option<&'b [u8]> {
        let length = self.number(n_bytes)?;
        self.take(length)
    }
}

#[cfg(test)]
pub(crate) mod tests;
