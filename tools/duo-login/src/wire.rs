//! One TLS connection to the API, through a proxy if there is one, every wait bounded.
use crate::http::{self, Response};
use crate::origin::{Origin, Proxy};
use crate::sys::{self, Ready};
use crate::tls;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most that one address may take to accept a connection, and again to finish the handshake.
const STEP: Duration = Duration::from_secs(5);

/// The most that is read of one response, head and chunk framing included.
const READ_MOST: usize = 2 * http::BODY_MOST + 2 * http::HEAD_MOST;

/// Why there is no connection, or no response on it.
#[derive(Debug)]
pub enum Lost {
    /// A time-out of TCP's connect: worth another attempt.
    Unanswered,
    /// Anything else, in words.
    Because(String),
}

impl From<io::Error> for Lost {
    fn from(e: io::Error) -> Self {
        Self::Because(sys::strerror(&e))
    }
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unanswered => f.write_str("Failed to connect: timed out"),
            Self::Because(why) => f.write_str(why),
        }
    }
}

/// Where and how to connect.
pub struct Route {
    /// The API.
    pub target: Origin,
    /// Its name in the certificate.
    pub name: ServerName<'static>,
    /// The proxy before it.
    pub proxy: Option<Proxy>,
    /// TLS settings.
    pub tls: Arc<ClientConfig>,
    /// `User-Agent`.
    pub agent: String,
}

impl Route {
    /// What has to be resolved: the proxy, or the API itself.
    #[must_use]
    pub fn first_hop(&self) -> &Origin {
        self.proxy.as_ref().map_or(&self.target, |p| &p.origin)
    }
}

/// An established connection.
pub struct Wire {
    socket: TcpStream,
    tls: ClientConnection,
}

impl Wire {
    /// Tries each address in turn until one completes the TLS handshake.
    ///
    /// # Errors
    /// Why the last one did not.
    pub fn open(route: &Route, addresses: &[SocketAddr], deadline: Instant) -> Result<Self, Lost> {
        let mut last = Lost::Because("no address".into());
        for address in addresses {
            match Self::open_one(route, *address, deadline) {
                Ok(wire) => return Ok(wire),
                Err(why) => last = why,
            }
        }
        Err(last)
    }

    fn open_one(route: &Route, address: SocketAddr, deadline: Instant) -> Result<Self, Lost> {
        let mut socket = connect(address, step(deadline))?;
        let until = step(deadline);
        if let Some(proxy) = &route.proxy {
            tunnel(&mut socket, &proxy.connect(&route.target, &route.agent), until)?;
        }
        let mut tls =
            ClientConnection::new(Arc::clone(&route.tls), route.name.clone()).map_err(|e| Lost::Because(tls::reason(&e)))?;
        tls.set_buffer_limit(None);
        let mut wire = Self { socket, tls };
        while wire.tls.is_handshaking() {
            wire.flush(until)
                .and_then(|()| if wire.tls.is_handshaking() { wire.receive(until).map(drop) } else { Ok(()) })
                .map_err(|e| match e.kind() {
                    ErrorKind::TimedOut => Lost::Because("TLS handshake timed out".into()),
                    ErrorKind::UnexpectedEof => Lost::Because("connection closed in the TLS handshake".into()),
                    _ => e.into(),
                })?;
        }
        Ok(wire)
    }

    /// The local address of the connection.
    #[must_use]
    pub fn local(&self) -> Option<IpAddr> {
        self.socket.local_addr().ok().map(|a| a.ip())
    }

    /// Whether the server has closed an idle connection or sent what nobody asked for.
    #[must_use]
    pub fn is_stale(&mut self) -> bool {
        match sys::poll(&self.socket, Ready::Read, Duration::ZERO) {
            Ok(false) => false,
            // TLS 1.3 session tickets are all that may arrive unasked.
            _ => {
                !matches!(self.receive(Instant::now() + Duration::from_millis(10)), Ok(true))
                    || self.plaintext().is_ok_and(|b| !b.is_empty())
            }
        }
    }

    /// Writes a whole request; one TLS record as a rule.
    ///
    /// # Errors
    /// `TimedOut` at the deadline, or what the socket said.
    pub fn send(&mut self, request: &[u8], deadline: Instant) -> io::Result<()> {
        self.tls.writer().write_all(request)?;
        self.flush(deadline)
    }

    /// Reads one response by `first`; with `rest`, only its first byte, and what follows within `rest` of that.
    ///
    /// # Errors
    /// Why there is none.
    pub fn response(&mut self, first: Instant, rest: Option<Duration>) -> Result<Response, Lost> {
        let mut received = Vec::new();
        let mut deadline = first;
        loop {
            let open = match self.receive(deadline) {
                Ok(open) => open,
                Err(e) if e.kind() == ErrorKind::TimedOut => return Err(Lost::Because("no answer: timed out".into())),
                Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Err(Lost::Because("Connection closed".into())),
                Err(e) => return Err(e.into()),
            };
            let more = self.plaintext()?;
            if received.is_empty() && !more.is_empty() {
                deadline = rest.map_or(first, |rest| Instant::now() + rest);
            }
            received.extend_from_slice(&more);
            if let Some(response) = http::parse(&received, !open).map_err(Lost::Because)? {
                return Ok(response);
            }
            if received.len() > READ_MOST {
                return Err(Lost::Because("response too large".into()));
            }
        }
    }

    fn flush(&mut self, deadline: Instant) -> io::Result<()> {
        while self.tls.wants_write() {
            match self.tls.write_tls(&mut self.socket) {
                Ok(_) => {}
                Err(e) if e.kind() == ErrorKind::WouldBlock => wait(&self.socket, Ready::Write, deadline)?,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    /// Takes in one piece of what the server sends; false when it has closed cleanly.
    fn receive(&mut self, deadline: Instant) -> io::Result<bool> {
        wait(&self.socket, Ready::Read, deadline)?;
        match self.tls.read_tls(&mut self.socket) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => return Ok(true),
            Err(e) => return Err(e),
        }
        let state = self.tls.process_new_packets().map_err(|e| {
            // The alert tells the server why; nothing is lost if it cannot be sent.
            let _ = self.tls.write_tls(&mut self.socket);
            io::Error::other(tls::reason(&e))
        })?;
        Ok(!state.peer_has_closed())
    }

    fn plaintext(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut piece = [0; 4096];
        loop {
            match self.tls.reader().read(&mut piece) {
                Ok(0) => return Ok(bytes),
                Ok(n) => bytes.extend_from_slice(piece.get(..n).unwrap_or_default()),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(bytes),
                Err(e) => return Err(e),
            }
        }
    }
}

/// The end of a step that begins now.
fn step(deadline: Instant) -> Instant {
    deadline.min(Instant::now() + STEP)
}

/// Waits once; `TimedOut` when nothing came.
fn wait(socket: &TcpStream, ready: Ready, deadline: Instant) -> io::Result<()> {
    let left = deadline.saturating_duration_since(Instant::now());
    if sys::poll(socket, ready, left)? { Ok(()) } else { Err(ErrorKind::TimedOut.into()) }
}

fn connect(address: SocketAddr, deadline: Instant) -> Result<TcpStream, Lost> {
    let refused = |e: io::Error| Lost::Because(format!("Failed to connect: {}", sys::strerror(&e)));
    let socket = socket2::Socket::new(socket2::Domain::for_address(address), socket2::Type::STREAM, None).map_err(refused)?;
    socket.set_nonblocking(true).map_err(refused)?;
    match socket.connect(&address.into()) {
        Err(e) if e.raw_os_error() != Some(libc::EINPROGRESS) => return Err(refused(e)),
        _ => {}
    }
    let socket = TcpStream::from(socket);
    match wait(&socket, Ready::Write, deadline) {
        Err(e) if e.kind() == ErrorKind::TimedOut => return Err(Lost::Unanswered),
        other => other.map_err(refused)?,
    }
    if let Some(e) = socket.take_error().map_err(refused)? {
        return Err(refused(e));
    }
    // A request goes out at once, whatever the previous one still waits for.
    socket.set_nodelay(true).map_err(refused)?;
    Ok(socket)
}

/// Asks the proxy for a tunnel. Nothing behind the head of its answer is read: it belongs to TLS.
fn tunnel(socket: &mut TcpStream, request: &[u8], deadline: Instant) -> Result<(), Lost> {
    let failed = |e: io::Error| match e.kind() {
        ErrorKind::TimedOut => Lost::Because("Proxy connection timed out".into()),
        _ => Lost::Because(format!("Proxy connection error: {}", sys::strerror(&e))),
    };
    let mut rest = request;
    while !rest.is_empty() {
        match socket.write(rest) {
            Ok(n) => rest = rest.get(n..).unwrap_or_default(),
            Err(e) if e.kind() == ErrorKind::WouldBlock => wait(socket, Ready::Write, deadline).map_err(failed)?,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(failed(e)),
        }
    }
    let mut head = Vec::new();
    loop {
        wait(socket, Ready::Read, deadline).map_err(failed)?;
        let mut byte = [0];
        match socket.read(&mut byte) {
            Ok(0) => return Err(Lost::Because("Proxy connection error: closed".into())),
            Ok(_) => head.extend_from_slice(&byte),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(e) => return Err(failed(e)),
        }
        match http::parse_connect(&head).map_err(|e| Lost::Because(format!("Proxy error: {e}")))? {
            Some((200..=299, _)) => return Ok(()),
            Some((_, line)) => return Err(Lost::Because(format!("Proxy error: {line}"))),
            None => {}
        }
    }
}
