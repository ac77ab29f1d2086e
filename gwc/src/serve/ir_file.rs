//! `--ir FILE`: an IR that `gwc compile --emit json` wrote. It has no secrets: certificates come from `--tls`.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use gwc_core::ir::Config;
use gwc_core::ir::secret::SecretStore;

use crate::failure::Exit;
use crate::serve::load::{Loaded, Refused, Rest, World};

/// Problems of one file that are printed.
const MOST: usize = 20;

/// Reads one file again and again.
#[derive(Debug)]
pub(crate) struct IrFile {
    path: PathBuf,
    /// Hash of what it held; the text may be larger than all that is served.
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
        let bytes = std::fs::read(&self.path);
        let bytes = bytes.map_err(|error| Refused { text: format!("error: {shown}: {error}\n"), exit: Exit::Input })?;
        let hash = hash(&bytes);
        if self.last.replace(hash) == Some(hash) {
            return Ok(Loaded::Same);
        }
        let read: Result<Config, serde_json::Error> = serde_json::from_slice(&bytes);
        drop(bytes);
        let config = read.map_err(|error| {
            let text = format!("error: {shown} is no IR of `gwc compile --emit json`: {error}\n");
            Refused { text, exit: Exit::Bad }
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

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}
