//! HTTP/1 as bytes: heads line by line, bodies by their framing, and what breaks the rules named instead of repaired.
//! Both ends of the tests read with it; text is Latin-1, so no byte is lost.

use std::io::{self, Read, Write};

/// A stream and what was read of it ahead.
pub(crate) struct Wire<S> {
    pub(crate) stream: S,
    buffer: Vec<u8>,
}

/// Start line and header lines, as they stand on the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) start: String,
    pub(crate) lines: Vec<(String, String)>,
}

/// A body, and how its end was known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) trailers: Vec<(String, String)>,
    /// `none`, `length`, `chunked` or `close`.
    pub(crate) framing: &'static str,
}

pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

pub(crate) fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect()
}

fn broken(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

impl Head {
    /// Values of a field, in order.
    pub(crate) fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        let own = move |(own, _): &&(String, String)| own.eq_ignore_ascii_case(name);
        self.lines.iter().filter(own).map(|(_, value)| value.as_str())
    }

    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Status of an answer; 0: it has none.
    pub(crate) fn status(&self) -> u16 {
        self.start.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
    }

    fn parse(bytes: &[u8]) -> io::Result<Self> {
        let head = text(bytes);
        let mut lines = head.split("\r\n");
        let start = lines.next().unwrap_or_default().to_owned();
        if head.replace("\r\n", "").contains(['\r', '\n', '\0']) {
            return Err(broken(format!("bare CR, LF or NUL in {head:?}")));
        }
        let line = |line: &str| {
            let (name, value) = line.split_once(':').ok_or_else(|| broken(format!("no colon in {line:?}")))?;
            if name.is_empty() || !name.bytes().all(is_token) {
                return Err(broken(format!("name {name:?}")));
            }
            Ok((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
        };
        Ok(Self { start, lines: lines.map(line).collect::<io::Result<_>>()? })
    }

    /// Length of the body by `Content-Length`, or `chunked`; an error if that could be read in two ways.
    fn framing(&self) -> io::Result<Option<Option<usize>>> {
        let lengths: Vec<&str> = self.all("content-length").collect();
        let codings: Vec<&str> = self.all("transfer-encoding").collect();
        match (lengths.as_slice(), codings.as_slice()) {
            ([], []) => Ok(None),
            ([one], []) if !one.is_empty() && one.bytes().all(|digit| digit.is_ascii_digit()) => {
                Ok(Some(Some(one.parse().map_err(|_| broken("Content-Length"))?)))
            }
            ([], [one]) if one.eq_ignore_ascii_case("chunked") => Ok(Some(None)),
            (_, _) => Err(broken(format!("framing {lengths:?} {codings:?}"))),
        }
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl<S: Read + Write> Wire<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, buffer: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let mut block = [0; 16 * 1024];
        let n_read = loop {
            match self.stream.read(&mut block) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A peer that closes without close_notify has still closed.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break 0,
                read => break read?,
            }
        };
        self.buffer.extend_from_slice(&block[..n_read]);
        Ok(n_read > 0)
    }

    fn through(&mut self, end: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let mut from = 0;
        loop {
            let found = self.buffer[from..].windows(end.len()).position(|window| window == end);
            if let Some(at) = found {
                let rest = self.buffer.split_off(from + at + end.len());
                let mut taken = std::mem::replace(&mut self.buffer, rest);
                taken.truncate(from + at);
                return Ok(Some(taken));
            }
            from = self.buffer.len().saturating_sub(end.len() - 1);
            if !self.fill()? {
                return match self.buffer.is_empty() {
                    true => Ok(None),
                    false => Err(broken(format!("ends within {:?}", text(&self.buffer)))),
                };
            }
        }
    }

    pub(crate) fn exactly(&mut self, n_bytes: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < n_bytes {
            if !self.fill()? {
                return Err(broken(format!("ends after {} of {n_bytes} bytes", self.buffer.len())));
            }
        }
        let rest = self.buffer.split_off(n_bytes);
        Ok(std::mem::replace(&mut self.buffer, rest))
    }

    /// Everything up to the end.
    pub(crate) fn rest(&mut self) -> io::Result<Vec<u8>> {
        while self.fill()? {}
        Ok(std::mem::take(&mut self.buffer))
    }

    /// The next head; `None`: the other side closed.
    pub(crate) fn head(&mut self) -> io::Result<Option<Head>> {
        match self.through(b"\r\n\r\n")? {
            Some(bytes) => Head::parse(&bytes).map(Some),
            None => Ok(None),
        }
    }

    /// The body of a request.
    pub(crate) fn request_body(&mut self, head: &Head) -> io::Result<Body> {
        match head.framing()? {
            None => Ok(Body { framing: "none", ..Body::default() }),
            Some(Some(length)) => Ok(Body { bytes: self.exactly(length)?, framing: "length", trailers: Vec::new() }),
            Some(None) => self.chunked(),
        }
    }

    /// The body of an answer.
    pub(crate) fn response_body(&mut self, head: &Head, method: &str) -> io::Result<Body> {
        if method == "HEAD" || matches!(head.status(), 0..=199 | 204 | 304) {
            return Ok(Body { framing: "none", ..Body::default() });
        }
        match head.framing()? {
            None => Ok(Body { bytes: self.rest()?, framing: "close", trailers: Vec::new() }),
            Some(Some(length)) => Ok(Body { bytes: self.exactly(length)?, framing: "length", trailers: Vec::new() }),
            Some(None) => self.chunked(),
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let line = self.through(b"\r\n")?.ok_or_else(|| broken("ends within a chunked body"))?;
        Ok(text(&line))
    }

    fn chunked(&mut self) -> io::Result<Body> {
        let mut body = Body { framing: "chunked", ..Body::default() };
        loop {
            let line = self.line()?;
            let digits = !line.is_empty() && line.bytes().all(|digit| digit.is_ascii_hexdigit());
            let size = usize::from_str_radix(&line, 16).ok().filter(|_| digits);
            let size = size.ok_or_else(|| broken(format!("chunk size {line:?}")))?;
            if size == 0 {
                break;
            }
            body.bytes.extend(self.exactly(size)?);
            if self.exactly(2)? != b"\r\n" {
                return Err(broken("no line end after a chunk"));
            }
        }
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(body);
            }
            let (name, value) = line.split_once(':').ok_or_else(|| broken(format!("trailer {line:?}")))?;
            body.trailers.push((name.to_owned(), value.trim().to_owned()));
        }
    }
}

/// A body in chunks of at most 5 bytes, so that their ends matter.
pub(crate) fn in_chunks(body: &[u8], trailers: &[(String, String)]) -> Vec<u8> {
    let size = if body.len() > 4096 { 4000 } else { 5 };
    let mut out = Vec::new();
    for chunk in body.chunks(size) {
        out.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        out.extend(chunk);
        out.extend(b"\r\n");
    }
    out.extend(b"0\r\n");
    for (name, value) in trailers {
        out.extend(bytes(&format!("{name}: {value}\r\n")));
    }
    out.extend(b"\r\n");
    out
}
