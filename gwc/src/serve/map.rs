//! `--map` and `--echo`: which endpoints backends get on a laptop, where the addresses of pods lead nowhere.
//!
//! `--map` comes first, then `--echo`; EndpointSlices of the manifests count only where neither says anything.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use gwc_core::ir::backend::BackendKey;
use gwc_core::ir::{Backend, Config, Endpoint, Str};

use crate::failure::Failure;

/// One `--map NS/SVC:PORT=HOST:PORT`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Map {
    namespace: String,
    service: String,
    port: u16,
    host: String,
    target: u16,
}

/// All `--map`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Maps(Vec<Map>);

/// Makes the address of the built-in backend for a backend.
pub(crate) type AddressOf<'a> = &'a mut dyn FnMut(&Backend) -> io::Result<SocketAddr>;

/// What became of the backends of a load.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Filled {
    /// Things to say.
    pub(crate) notes: Vec<String>,
    /// Backends without any endpoint: they answer 503.
    pub(crate) without: Vec<String>,
}

impl Maps {
    /// Reads every form `NS/SVC:PORT=HOST:PORT`.
    pub(crate) fn read(texts: &[String]) -> Result<Self, Failure> {
        let maps = texts.iter().map(|text| {
            map(text).ok_or_else(|| Failure::usage(format!("--map `{text}`: the form is NS/SVC:PORT=HOST:PORT")))
        });
        maps.collect::<Result<Vec<Map>, Failure>>().map(Self)
    }

    /// Ports of Services that are mapped, by `NS/SVC`: facts of the world.
    pub(crate) fn services(&self) -> BTreeMap<String, Vec<u16>> {
        let mut all: BTreeMap<String, Vec<u16>> = BTreeMap::new();
        for map in &self.0 {
            all.entry(format!("{}/{}", map.namespace, map.service)).or_default().push(map.port);
        }
        all
    }

    /// Gives every backend its endpoints; `echo` makes the address of the built-in backend for one.
    pub(crate) fn fill(&self, config: &mut Config, mut echo: Option<AddressOf<'_>>) -> Filled {
        let mut filled = Filled::default();
        for map in self.0.iter().filter(|map| !config.backends.iter().any(|backend| map.is(&backend.key))) {
            let name = format!("{}/{}:{}", map.namespace, map.service, map.port);
            filled.notes.push(format!("--map {name}: no route that is served sends there"));
        }
        let mut in_clear = Vec::new();
        for backend in &mut config.backends {
            let result = match (self.0.iter().find(|map| map.is(&backend.key)), echo.as_mut()) {
                (Some(map), _) => map.endpoints(),
                (None, Some(echo)) => {
                    in_clear.extend(backend.tls.take().map(|_| backend.key.to_string()));
                    echo(backend).map(|at| vec![at])
                }
                (None, None) => {
                    filled.without.extend((!has_endpoint(backend)).then(|| backend.key.to_string()));
                    continue;
                }
            };
            let addresses = result.unwrap_or_else(|error| {
                filled.notes.push(format!("{}: {error}", backend.key));
                Vec::new()
            });
            backend.endpoints = Some(endpoints(addresses));
        }
        filled.without.dedup();
        if !in_clear.is_empty() {
            filled.notes.push(format!("--echo speaks clear text in place of TLS to {}", in_clear.join(", ")));
        }
        filled
    }
}

impl Map {
    fn is(&self, key: &BackendKey) -> bool {
        let is_service = key.group.is_empty() && key.kind == "Service";
        is_service && key.namespace == *self.namespace && key.name == *self.service && key.port == Some(self.port)
    }

    /// Addresses of the host, looked up now: a name may have several, and the next is tried when one refuses.
    fn endpoints(&self) -> io::Result<Vec<SocketAddr>> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let found: Vec<SocketAddr> = (host, self.target).to_socket_addrs()?.collect();
        if found.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("`{}` has no address", self.host)));
        }
        Ok(found)
    }
}

fn has_endpoint(backend: &Backend) -> bool {
    backend.endpoints.iter().flatten().any(|endpoint| endpoint.ready)
}

/// Sorted, each once, as the IR wants them.
fn endpoints(addresses: Vec<SocketAddr>) -> Vec<Endpoint> {
    let endpoint = |at: SocketAddr| Endpoint { address: Str::from(at.ip().to_string()), port: at.port(), ready: true };
    let mut all: Vec<Endpoint> = addresses.into_iter().map(endpoint).collect();
    all.sort();
    all.dedup();
    all
}

fn map(text: &str) -> Option<Map> {
    let (service, target) = text.split_once('=')?;
    let (name, port) = service.rsplit_once(':')?;
    let (namespace, service) = name.split_once('/')?;
    let (host, target) = target.rsplit_once(':')?;
    let is_whole = !namespace.is_empty() && !service.is_empty() && !host.is_empty() && !service.contains('/');
    let number = |text: &str| text.parse::<u16>().ok().filter(|port| *port != 0);
    is_whole.then_some(())?;
    Some(Map {
        namespace: namespace.to_owned(),
        service: service.to_owned(),
        port: number(port)?,
        host: host.to_owned(),
        target: number(target)?,
    })
}

#[cfg(test)]
mod tests {
    use gwc_core::ir::BackendProtocol;
    use gwc_core::ir::tls::{BackendTls, Trust};

    use super::*;

    fn backend(name: &str, endpoints: Option<Vec<Endpoint>>) -> Backend {
        Backend {
            key: BackendKey {
                group: "".into(),
                kind: "Service".into(),
                namespace: "store".into(),
                name: name.into(),
                port: Some(80),
            },
            protocol: BackendProtocol::Http1,
            tls: None,
            endpoints,
            session_persistence: None,
            retry_budget: None,
            assumed: false,
        }
    }

    fn pod() -> Vec<Endpoint> {
        vec![Endpoint { address: "10.0.0.1".into(), port: 8080, ready: true }]
    }

    fn ends(config: &Config) -> Vec<String> {
        let text = |backend: &Backend| {
            let all = backend.endpoints.iter().flatten().map(|one| format!("{}:{}", one.address, one.port));
            all.collect::<Vec<_>>().join(" ")
        };
        config.backends.iter().map(text).collect()
    }

    #[test]
    fn a_map_comes_before_echo_and_echo_before_slices() {
        let maps = Maps::read(&["store/a:80=127.0.0.1:3000".to_owned()]).unwrap();
        let start =
            Config { backends: vec![backend("a", Some(pod())), backend("b", Some(pod()))], ..Config::default() };
        let mut config = start.clone();
        let filled = maps.fill(&mut config, Some(&mut |_| Ok("127.0.0.1:4000".parse().unwrap())));
        assert_eq!(ends(&config), ["127.0.0.1:3000", "127.0.0.1:4000"]);
        assert_eq!(filled, Filled::default());

        let mut config = start;
        maps.fill(&mut config, None);
        assert_eq!(ends(&config), ["127.0.0.1:3000", "10.0.0.1:8080"]);
    }

    #[test]
    fn what_leads_nowhere_is_named() {
        let maps = Maps::read(&["store/c:80=127.0.0.1:3000".to_owned()]).unwrap();
        let mut config =
            Config { backends: vec![backend("a", None), backend("b", Some(Vec::new()))], ..Config::default() };
        let filled = maps.fill(&mut config, None);
        assert_eq!(filled.notes, ["--map store/c:80: no route that is served sends there"]);
        assert_eq!(filled.without, ["store/a:80", "store/b:80"]);
    }

    #[test]
    fn echo_is_spoken_to_in_clear_text() {
        let mut config = Config { backends: vec![backend("a", None)], ..Config::default() };
        config.backends[0].tls = Some(BackendTls {
            policy: "store/tls".into(),
            hostname: "a.example".into(),
            subject_alt_names: Vec::new(),
            trust: Trust::System,
        });
        let filled = Maps::default().fill(&mut config, Some(&mut |_| Ok("127.0.0.1:4000".parse().unwrap())));
        assert_eq!(config.backends[0].tls, None);
        assert_eq!(filled.notes, ["--echo speaks clear text in place of TLS to store/a:80"]);
    }

    #[test]
    fn maps_are_facts_of_the_world() {
        let texts = ["store/a:80=localhost:1", "store/a:81=[::1]:2"].map(str::to_owned);
        let maps = Maps::read(&texts).unwrap();
        assert_eq!(maps.services(), BTreeMap::from([("store/a".to_owned(), vec![80, 81])]));
        assert_eq!(maps.0[1].endpoints().unwrap(), ["[::1]:2".parse().unwrap()]);
        for wrong in
            ["", "a:80=b:1", "s/a=b:1", "s/a:80=b", "s/a:0=b:1", "s/a:80=b:0", "s/a:80=:1", "/a:80=b:1", "s/a/b:80=c:1"]
        {
            assert!(Maps::read(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
