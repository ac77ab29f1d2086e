//! Session persistence, with a generated name where none is written (routing.md §5.9).

use crate::api::route;
use crate::ir::Str;
use crate::ir::rule::SessionPersistence;

/// Sessions of `owner`: what the generated name is made of, so that it stays while the owner does.
pub(super) fn lower(written: &route::SessionPersistence, owner: &str) -> SessionPersistence {
    let name = written.name.as_ref().map_or_else(|| Str::from(format!("gwc-{:08x}", fnv1a(owner))), Str::from);
    SessionPersistence {
        name,
        header: written.header,
        permanent: written.permanent,
        absolute_timeout: written.absolute_timeout.filter(|milliseconds| *milliseconds > 0),
    }
}

/// FNV-1a of 32 bits: fixed for ever, since clients hold cookies of the names.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv1a_vectors() {
        assert_eq!([fnv1a(""), fnv1a("a"), fnv1a("foobar")], [0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968]);
    }
}
