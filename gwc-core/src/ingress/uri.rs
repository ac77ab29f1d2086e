//! Request targets and hosts as nginx reads them: decoded, slashes merged, dot segments resolved.
//!
//! Bytes, not text: what an escape stands for need not be UTF-8. Measured on nginx 1.22 (ingress-migrate.md §2.3).

/// A target, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target<'t> {
    /// What locations are compared with.
    pub(super) path: Vec<u8>,
    /// Query, without `?`.
    pub(super) query: Option<&'t str>,
}

/// Where a reader stands between slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Usual,
    Slash,
    Dot,
    DotDot,
}

/// `None`: nginx answers 400.
pub(super) fn target(raw: &str) -> Option<Target<'_>> {
    if !raw.starts_with('/') || raw.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return None;
    }
    let (mut path, mut state) = (Vec::with_capacity(raw.len()), State::Usual);
    let mut query = None;
    let mut at = 0;
    while let Some(&byte) = raw.as_bytes().get(at) {
        if byte == b'#' {
            break;
        }
        if byte == b'?' {
            let after = raw.get(at + 1..).unwrap_or_default();
            query = Some(after.split_once('#').map_or(after, |(query, _)| query));
            break;
        }
        let (decoded, literal, length) = if byte == b'%' { escape(raw.get(at..)?)? } else { (byte, false, 1) };
        at += length;
        state = step(&mut path, state, decoded, literal)?;
    }
    finish(&mut path, state)?;
    Some(Target { path, query })
}

/// The byte of an escape, is it exempt from what the byte means in a path, and the length of the escape.
fn escape(text: &str) -> Option<(u8, bool, usize)> {
    let digits = text.get(1..3).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    let byte = u8::from_str_radix(digits, 16).ok().filter(|byte| *byte != 0)?;
    Some((byte, matches!(byte, b'%' | b'#' | b'?'), 3))
}

fn step(path: &mut Vec<u8>, state: State, byte: u8, literal: bool) -> Option<State> {
    if literal {
        path.push(byte);
        return Some(State::Usual);
    }
    let next = match (state, byte) {
        (State::Slash, b'/') => return Some(State::Slash),
        (State::Dot, b'/') => {
            path.pop();
            return Some(State::Slash);
        }
        (State::DotDot, b'/') => {
            leave_segment(path)?;
            return Some(State::Slash);
        }
        (_, b'/') => State::Slash,
        (State::Slash, b'.') => State::Dot,
        (State::Dot, b'.') => State::DotDot,
        (State::Usual | State::Slash | State::Dot | State::DotDot, _) => State::Usual,
    };
    path.push(byte);
    Some(next)
}

fn finish(path: &mut Vec<u8>, state: State) -> Option<()> {
    match state {
        State::Dot => {
            path.pop();
        }
        State::DotDot => leave_segment(path)?,
        State::Usual | State::Slash => {}
    }
    Some(())
}

/// Takes `x/..` from the end; above the root there is nothing.
fn leave_segment(path: &mut Vec<u8>) -> Option<()> {
    let kept = path.len().checked_sub(4)?;
    let at = path.get(..=kept)?.iter().rposition(|byte| *byte == b'/')?;
    path.truncate(at + 1);
    Some(())
}

/// A path as nginx sends it after a rewrite.
pub(super) fn escaped(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for &byte in path {
        if byte <= b' ' || byte >= 0x7f || matches!(byte, b'#' | b'%' | b'?') {
            text.push_str(&format!("%{byte:02X}"));
        } else {
            text.push(char::from(byte));
        }
    }
    text
}

/// The host that server names are compared with: lower case, without port and final dot. `None`: nginx answers 400.
pub(super) fn host(authority: &str) -> Option<String> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let host = authority.get(..end)?;
    let bad = |byte: u8| byte <= b' ' || byte == 0x7f || byte == b'/';
    if host.contains("..") || authority.bytes().any(bad) {
        return None;
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_nginx_reads_them() {
        for (raw, path, query) in [
            ("/", "/", None),
            ("/fo%6F/x", "/foo/x", None),
            ("//foo//x", "/foo/x", None),
            ("/x/../foo/x", "/foo/x", None),
            ("/foo%2Fx", "/foo/x", None),
            ("/foo/.", "/foo/", None),
            ("/foo/./", "/foo/", None),
            ("/a/b/..", "/a/", None),
            ("/a/..", "/", None),
            ("/a/%2e%2e/b", "/b", None),
            ("/a%3Fb?c", "/a?b", Some("c")),
            ("/a%23b", "/a#b", None),
            ("/a#b?c", "/a", None),
            ("/a?b#c", "/a", Some("b")),
            ("/a?", "/a", Some("")),
            ("/.well/x", "/.well/x", None),
            ("/..x", "/..x", None),
            ("/a/...", "/a/...", None),
            ("/ü/%C3%BC", "/ü/ü", None),
        ] {
            let read = target(raw).unwrap_or_else(|| panic!("{raw} is refused"));
            assert_eq!((String::from_utf8_lossy(&read.path).as_ref(), read.query), (path, query), "{raw}");
        }
        for raw in ["", "x", "/..", "/a/../..", "/%", "/%zz", "/%00", "/a b"] {
            assert_eq!(target(raw), None, "{raw}");
        }
    }

    #[test]
    fn hosts_lose_port_case_and_dot() {
        assert_eq!(host("A.io:80").as_deref(), Some("a.io"));
        assert_eq!(host("a.io.").as_deref(), Some("a.io"));
        assert_eq!(host("[::1]:80").as_deref(), Some("[::1]"));
        for bad in ["", "a..b", "a/b", ":80", "."] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }
}
