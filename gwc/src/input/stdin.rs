//! Standard input as one text, read at most once.

use std::io::Read;

use gwc_core::source::{Origin, Role, Source};

use crate::input::files::MAX_BYTES;

/// Standard input under the name that `--stdin-filename` gives it.
#[derive(Debug)]
pub(crate) struct Stdin {
    name: String,
    bytes: Option<Vec<u8>>,
}

impl Stdin {
    /// Nothing is read yet.
    pub(crate) fn new(name: Option<&str>) -> Self {
        Self { name: name.unwrap_or("<stdin>").replace('\\', "/"), bytes: None }
    }

    /// The text; the same for every world that asks.
    pub(crate) fn source(&mut self, role: Role) -> Result<Source, String> {
        let bytes = match &self.bytes {
            Some(bytes) => bytes.clone(),
            None => {
                let mut bytes = Vec::new();
                let mut limited = std::io::stdin().lock().take(MAX_BYTES + 1);
                limited.read_to_end(&mut bytes).map_err(|error| format!("{}: cannot be read: {error}", self.name))?;
                if bytes.len() as u64 > MAX_BYTES {
                    return Err(format!("{}: is larger than {} MiB", self.name, MAX_BYTES >> 20));
                }
                self.bytes.insert(bytes).clone()
            }
        };
        Ok(Source::from_bytes(self.name.clone(), Origin::Stdin, role, true, bytes))
    }
}
