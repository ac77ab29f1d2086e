//! Sends requests of HTTP/1.1 at a fixed rate and prints counts and latencies as one JSON object. A request that starts
//! late because the answer before it was late counts from when it was due.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::{io_error, report};

/// What to send, and how often.
pub(crate) struct Plan<'a> {
    /// Where to.
    pub(crate) address: &'a str,
    /// `Host`.
    pub(crate) host: &'a str,
    /// Path and query.
    pub(crate) path: &'a str,
    /// Requests per second, over all connections.
    pub(crate) rate: f64,
    /// How many requests.
    pub(crate) requests: usize,
}

/// Connections; each has a thread.
const CONNECTIONS: usize = 32;

/// What one connection saw.
#[derive(Default)]
struct Seen {
    micros: Vec<u64>,
    failed: usize,
    first_failure: Option<String>,
}

/// Runs a plan and prints what came of it.
pub(crate) fn run(plan: &Plan) -> io::Result<()> {
    let start = Instant::now() + Duration::from_millis(20);
    let seen: Vec<Seen> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|number| scope.spawn(move || client(plan, start, number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let failed: usize = seen.iter().map(|one| one.failed).sum();
    let failure = seen.iter().find_map(|one| one.first_failure.clone());
    let mut micros: Vec<u64> = seen.into_iter().flat_map(|one| one.micros).collect();
    micros.sort_unstable();
    let at = |share: f64| micros.get(((micros.len() as f64 * share) as usize).min(micros.len().saturating_sub(1)));
    report(
        &json!({
            "answered": micros.len(), "failed": failed, "failure": failure,
            "p50_us": at(0.5), "p99_us": at(0.99), "p999_us": at(0.999), "max_us": micros.last(),
        })
        .to_string(),
    );
    if micros.len() + failed == plan.requests { Ok(()) } else { Err(io_error("a client ended early")) }
}

fn client(plan: &Plan, start: Instant, number: usize) -> Seen {
    let mut seen = Seen::default();
    let request = format!("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: bench\r\n\r\n", plan.path, plan.host);
    let mut stream = None;
    for position in (number..plan.requests).step_by(CONNECTIONS) {
        let due = start + Duration::from_secs_f64(position as f64 / plan.rate);
        let wait = due.saturating_duration_since(Instant::now());
        let from = if wait.is_zero() {
            due
        } else {
            std::thread::sleep(wait);
            Instant::now()
        };
        match exchange(&mut stream, plan.address, request.as_bytes()) {
            Ok(()) => seen.micros.push(u64::try_from(from.elapsed().as_micros()).unwrap_or(u64::MAX)),
            Err(error) => {
                stream = None;
                seen.failed += 1;
                seen.first_failure.get_or_insert(error.to_string());
            }
        }
    }
    seen
}

/// One request; any answer but 200 fails.
fn exchange(kept: &mut Option<TcpStream>, address: &str, request: &[u8]) -> io::Result<()> {
    let mut stream = match kept.take() {
        Some(stream) => stream,
        None => connect(address)?,
    };
    stream.write_all(request)?;
    let mut answer = Vec::with_capacity(4096);
    let mut block = [0; 4096];
    let length = loop {
        if let Some(length) = whole_length(&answer)? {
            break length;
        }
        read(&mut stream, &mut block, &mut answer)?;
    };
    while answer.len() < length {
        read(&mut stream, &mut block, &mut answer)?;
    }
    *kept = Some(stream);
    Ok(())
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    Ok(stream)
}

fn read(stream: &mut TcpStream, block: &mut [u8], answer: &mut Vec<u8>) -> io::Result<()> {
    match stream.read(block)? {
        0 => Err(io_error(if answer.is_empty() { "closed before the answer" } else { "closed inside the answer" })),
        n => {
            answer.extend_from_slice(&block[..n]);
            Ok(())
        }
    }
}

/// Bytes of head and body together, once the head is there.
fn whole_length(answer: &[u8]) -> io::Result<Option<usize>> {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let status = head.lines().next().unwrap_or_default();
    if !status.starts_with("http/1.1 200") {
        return Err(io_error(status));
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.and_then(|value| value.trim().parse().ok()).ok_or_else(|| io_error("no length"))?;
    Ok(Some(end + 4 + length))
}
