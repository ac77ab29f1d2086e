//! Sockets of echo backends: connections that are accepted, bytes of TCP and datagrams of UDP that go back.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::spawn_local;

use crate::echo::record::{Recorded, Recorder};
use crate::echo::{EchoService, Speech, request};

/// Accepting goes on after this if it failed, as it does without descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// What every connection of an address needs.
pub(super) struct Site {
    pub(super) service: EchoService,
    pub(super) recorder: Recorder,
    /// Connections so far, over all sites.
    pub(super) connections: Rc<Cell<u64>>,
}

/// One connection.
pub(super) struct Peer {
    pub(super) site: Rc<Site>,
    pub(super) address: SocketAddr,
    /// Number of the connection, from 1.
    pub(super) number: u64,
}

impl Site {
    /// An empty record.
    pub(super) fn recorded(&self, proto: &str, client: SocketAddr, connection: u64) -> Recorded {
        Recorded {
            namespace: self.service.namespace.clone(),
            service: self.service.service.clone(),
            port: self.service.port,
            proto: proto.to_owned(),
            client,
            connection,
            head: Vec::new(),
            body: Vec::new(),
            body_length: 0,
            trailers: Vec::new(),
            complete: false,
        }
    }
}

/// Accepts connections for ever.
pub(super) async fn accept(listener: TcpListener, site: Site) {
    let site = Rc::new(site);
    loop {
        let Ok((stream, address)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Without it answers in parts would wait for acknowledgements.
        let _ = stream.set_nodelay(true);
        let number = site.connections.get() + 1;
        site.connections.set(number);
        let peer = Peer { site: Rc::clone(&site), address, number };
        match Speech::of(site.service.protocol) {
            Speech::Http => spawn_local(request::connection(stream, peer)),
            Speech::Tcp | Speech::Udp => spawn_local(bytes(stream, peer)),
        };
    }
}

/// Sends bytes back until the client ends its side.
async fn bytes(mut stream: TcpStream, peer: Peer) {
    let mut note = peer.site.recorder.note(|| peer.site.recorded("TCP", peer.address, peer.number));
    let mut room = vec![0; 16 * 1024];
    loop {
        let Ok(n) = stream.read(&mut room).await else { return };
        let got = room.get(..n).unwrap_or_default();
        note.data(got);
        if got.is_empty() {
            note.send();
            let _ = stream.shutdown().await;
            return;
        }
        if stream.write_all(got).await.is_err() {
            return;
        }
    }
}

/// Sends datagrams back for ever.
pub(super) async fn datagrams(socket: UdpSocket, site: Site) {
    let mut room = vec![0; 64 * 1024];
    loop {
        let Ok((n, client)) = socket.recv_from(&mut room).await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let got = room.get(..n).unwrap_or_default();
        let mut note = site.recorder.note(|| site.recorded("UDP", client, 0));
        note.data(got);
        note.send();
        let _ = socket.send_to(got, client).await;
    }
}
