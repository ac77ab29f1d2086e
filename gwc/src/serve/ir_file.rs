//! `--ir FILE`: an IR that `gwc compile --emit json` wrote. It has no secrets: certificates come from `--tls`.

use std::hash::{DefaultHasher, Hasher};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use gwc_core::ir::Config;
use gwc_core::ir::secret::SecretStore;

use crate::failure::Exit;
use crate::serve::load::{Loaded, Refused, Rest, World};

/// Bytes that are read at once.
const BLOCK: usize = 64 * 1024;

/// Problems of one file that are printed.
const MOST: usize = 20;

/// Reads one file again and again.
#[derive(Debug)]
pub(crate) struct IrFile {
    path: PathBuf,
    /// Hash of what it held.
    last: Option<u64>,
}

impl IrFile {
    /// Nothing is read yet.
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_path_buf(), last: None }
    }

    /// The file.
    pub(crate) fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Reads and checks it.
    pub(crate) fn load(&mut self) -> Result<Loaded, Refused> {
        let shown = self.path.display();
        let unreadable = |error| Refused { text: format!("error: {shown}: {error}\n"), exit: Exit::Input };
        let file = std::fs::File::open(&self.path).map_err(unreadable)?;
        // The text is never there as a whole: it is larger than all that is served.
        let mut reader = BufReader::with_capacity(BLOCK, Hashed { file, hasher: DefaultHasher::new() });
        let read: Result<Config, serde_json::Error> = serde_json::from_reader(&mut reader);
        let hash = reader.get_ref().hasher.finish();
        if self.last.replace(hash) == Some(hash) {
            return Ok(Loaded::Same);
        }
        let config = read.map_err(|error| match error.is_io() {
            true => unreadable(error.into()),
            false => {
                let text = format!("error: {shown} is no IR of `gwc compile --emit json`: {error}\n");
                Refused { text, exit: Exit::Bad }
            }
        })?;
        let problems = config.validate();
        if !problems.is_empty() {
            let lines = problems.iter().take(MOST).map(|problem| format!("error: {shown}: {problem}\n"));
            return Err(Refused { text: lines.collect(), exit: Exit::Bad });
        }
        Ok(Loaded::Good(Box::new(World {
            config,
            secrets: SecretStore::default(),
            statuses: Vec::new(),
            unserved: Vec::new(),
            notes: Vec::new(),
            changes: Vec::new(),
            rest: Rest::default(),
        })))
    }
}

/// A file that is hashed while it is read.
struct Hashed {
    file: std::fs::File,
    hasher: DefaultHasher,
}

impl Read for Hashed {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.file.read(block)?;
        self.hasher.write(&block[..n_bytes]);
        Ok(n_bytes)
    }
}
