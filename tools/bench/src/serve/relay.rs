//! The floor: what a process costs that hands bytes from one socket to another and knows no HTTP. It opens one
//! connection to the backend for each of a client.

use std::io;

use tokio::net::{TcpListener, TcpStream};

/// Relays until it is ended from outside.
pub(crate) fn run(address: &str, backend: &str) -> io::Result<()> {
    super::on_one_thread(async {
        let listener = TcpListener::bind(address).await?;
        loop {
            let (client, _) = listener.accept().await?;
            let backend = backend.to_owned();
            tokio::task::spawn_local(async move {
                // Either side may go at any time.
                let _ = connection(client, &backend).await;
            });
        }
    })
}

async fn connection(mut client: TcpStream, backend: &str) -> io::Result<()> {
    let mut backend = TcpStream::connect(backend).await?;
    client.set_nodelay(true)?;
    backend.set_nodelay(true)?;
    tokio::io::copy_bidirectional(&mut client, &mut backend).await?;
    Ok(())
}
