//! A mock of Duo's Auth API for the tests, on loopback only: real TLS, real signatures, scripted answers.
//!
//! `duo-mock DIR [--skew SECONDS] [--san NAME] [--proxy USER:PASSWORD]` makes a certificate authority and a server certificate, writes
//! DIR/ca.pem, DIR/login_duo.conf and DIR/port, and serves until it is killed. DIR/mode, read for each connection and request,
//! makes it misbehave: `silent`, `nohandshake`, `drip`, `oversize`, `malformed`, `500`, `close`, `lost` (/auth breaks off),
//! `refuse` (no TLS, closed). DIR/requests is the log. What a user name stands for is in `script.rs`.
mod bson;
mod script;

use data_encoding::{BASE64, HEXLOWER};
use ring::hmac;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use script::{Reply, Request, Script};
use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Integration and secret key that it accepts.
const IKEY: &str = "DIXYZV6YM8IFYVWBINCA";
const SKEY: &str = "yWHSMhWucAcp7qvuH3HWTaSaKABs8Gaddiv1NIRo";

type Tls = StreamOwned<ServerConnection, TcpStream>;

struct Mock {
    dir: PathBuf,
    skew: i64,
    proxy: Option<String>,
    tls: Arc<ServerConfig>,
    script: Mutex<Script>,
    log: Mutex<fs::File>,
}

fn main() {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().expect("usage: duo-mock DIR [--skew SECONDS] [--san NAME] [--proxy USER:PASSWORD]"));
    let (mut skew, mut san, mut proxy) = (0, None, None);
    while let Some(option) = args.next() {
        let value = args.next().expect("a value");
        match option.as_str() {
            "--skew" => skew = value.parse().expect("seconds"),
            "--san" => san = Some(value),
            "--proxy" => proxy = Some(value),
            _ => panic!("{option}: unknown"),
        }
    }
    let names = san.map_or_else(|| ["localhost", "127.0.0.1", "::1"].map(String::from).to_vec(), |name| vec![name]);
    let tls = certify(&dir, names);
    let log = Mutex::new(OpenOptions::new().create(true).append(true).open(dir.join("requests")).expect("log"));
    let mock = Arc::new(Mock { dir, skew, proxy, tls, script: Mutex::default(), log });
    let v4 = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = v4.local_addr().expect("address").port();
    // The same port on ::1, where the machine has it.
    if let Ok(v6) = TcpListener::bind(("::1", port)) {
        let mock = Arc::clone(&mock);
        thread::spawn(move || serve(&mock, &v6));
    }
    if mock.proxy.is_some() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        write_whole(&mock.dir.join("proxy-port"), &listener.local_addr().expect("address").port().to_string());
        let mock = Arc::clone(&mock);
        thread::spawn(move || proxy_for(&mock, &listener));
    }
    let conf =
        format!("[duo]\nikey = {IKEY}\nskey = {SKEY}\nhost = localhost:{port}\ncafile = {}\n", mock.dir.join("ca.pem").display());
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(mock.dir.join("login_duo.conf"))
        .expect("conf");
    file.write_all(conf.as_bytes()).expect("conf");
    write_whole(&mock.dir.join("port"), &port.to_string());
    serve(&mock, &v4);
}

fn write_whole(path: &Path, text: &str) {
    let fresh = path.with_extension("new");
    fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, path)).expect("writable folder");
}

fn certify(dir: &Path, names: Vec<String>) -> Arc<ServerConfig> {
    let ca_key = rcgen::KeyPair::generate().expect("key");
    let mut ca = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    ca.distinguished_name.push(rcgen::DnType::CommonName, "duo-mock CA");
    let ca_cert = ca.self_signed(&ca_key).expect("authority");
    fs::write(dir.join("ca.pem"), ca_cert.pem()).expect("writable folder");
    let key = rcgen::KeyPair::generate().expect("key");
    let mut leaf = rcgen::CertificateParams::new(names).expect("names");
    leaf.distinguished_name.push(rcgen::DnType::CommonName, "duo-mock");
    let cert = leaf.signed_by(&key, &rcgen::Issuer::new(ca, ca_key)).expect("certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(rustls::ALL_VERSIONS).expect("versions");
    Arc::new(config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).expect("key fits"))
}

fn serve(mock: &Arc<Mock>, listener: &TcpListener) {
    for socket in listener.incoming().flatten() {
        let mock = Arc::clone(mock);
        thread::spawn(move || drop(connection(&mock, socket)));
    }
}

impl Mock {
    fn mode(&self) -> String {
        fs::read_to_string(self.dir.join("mode")).unwrap_or_default().trim().to_string()
    }

    fn note(&self, line: &str) {
        let mut log = self.log.lock().expect("log");
        log.write_all(format!("{line}\n").as_bytes()).expect("log");
    }

    fn now(&self) -> i64 {
        i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).expect("clock").as_secs()).expect("clock") + self.skew
    }
}

fn forever() -> ! {
    loop {
        thread::sleep(Duration::from_secs(3600));
    }
}

fn connection(mock: &Mock, socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    match mock.mode().as_str() {
        "nohandshake" => forever(),
        "refuse" => return socket.shutdown(Shutdown::Both),
        _ => {}
    }
    let tls = ServerConnection::new(Arc::clone(&mock.tls)).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(tls, socket);
    let mut busy = 0;
    while let Some(request) = read_request(&mut stream)? {
        mock.note(&format!("{} {} {}", request.method, request.path, request.raw));
        let mode = mock.mode();
        if misbehave(&mode, &request, &mut stream)? {
            return Ok(());
        }
        let reply = if request.path == "/auth/v2/ping" || authentic(mock, &request) {
            let mut script = mock.script.lock().expect("script");
            script.answer(&request, mock.now(), &mut busy)
        } else {
            Reply::status(401)
        };
        thread::sleep(reply.pause);
        let text = format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\n{}\r\n", reply.status, reply.body.len(), reply.headers);
        stream.write_all(&[text.as_bytes(), &reply.body].concat())?;
        stream.flush()?;
    }
    Ok(())
}

/// Does what the mode asks for in place of an answer; true when that ends the connection.
fn misbehave(mode: &str, request: &Request, stream: &mut Tls) -> io::Result<bool> {
    match mode {
        "silent" => forever(),
        "silent-auth" if request.path.ends_with("/auth") => forever(),
        "lost" if request.path.ends_with("/auth") || request.path.ends_with("/auth.bson") => {}
        "close" => {}
        "malformed" => stream.write_all(b"SPDY/9 what\r\n\r\n")?,
        "500" => stream.write_all(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n").and_then(|()| stream.flush())?,
        "drip" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")?;
            loop {
                stream.write_all(b" ")?;
                stream.flush()?;
                thread::sleep(Duration::from_millis(200));
            }
        }
        "oversize" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20000000\r\n")?;
            for _ in 0..512 << 4 {
                stream.write_all(&[b' '; 1 << 16])?;
            }
        }
        _ => return Ok(false),
    }
    stream.flush()?;
    stream.sock.shutdown(Shutdown::Both)?;
    Ok(true)
}

/// The signature of the API's version 2, or of the version 1 that login_duo 1.11 speaks.
fn authentic(mock: &Mock, request: &Request) -> bool {
    let date = request.header("x-duo-date").or_else(|| request.header("date")).unwrap_or_default();
    let host = request.header("host").unwrap_or_default().rsplit_once(':').map_or("", |(host, _)| host).to_lowercase();
    let mut parts = vec![request.method.as_str(), &host, &request.path, &request.raw];
    let algorithm = if request.path.starts_with("/rest/v1/") {
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY
    } else {
        let at = jiff::fmt::rfc2822::parse(&date).map(|t| t.timestamp().as_second());
        if !at.is_ok_and(|at| (at - mock.now()).abs() <= 300) {
            return false;
        }
        parts.insert(0, &date);
        hmac::HMAC_SHA512
    };
    let signature = hmac::sign(&hmac::Key::new(algorithm, SKEY.as_bytes()), parts.join("\n").as_bytes());
    let want = format!("Basic {}", BASE64.encode(format!("{IKEY}:{}", HEXLOWER.encode(signature.as_ref())).as_bytes()));
    request.header("authorization").as_deref() == Some(&want)
}

fn read_request(stream: &mut Tls) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    let mut fields = [httparse::EMPTY_HEADER; 32];
    let mut parsed = httparse::Request::new(&mut fields);
    parsed.parse(&head).map_err(io::Error::other)?;
    let headers: Vec<_> =
        parsed.headers.iter().map(|h| (h.name.to_lowercase(), String::from_utf8_lossy(h.value).into_owned())).collect();
    let target = parsed.path.unwrap_or_default().to_string();
    let (path, query) = target.split_once('?').map_or((target.as_str(), ""), |(p, q)| (p, q));
    let mut request = Request { method: parsed.method.unwrap_or_default().into(), path: path.into(), raw: query.into(), headers };
    if let Some(length) = request.header("content-length") {
        let mut body = vec![0; length.parse().map_err(io::Error::other)?];
        stream.read_exact(&mut body)?;
        request.raw = String::from_utf8_lossy(&body).into_owned();
    }
    Ok(Some(request))
}

/// The CONNECT proxy.
fn proxy_for(mock: &Arc<Mock>, listener: &TcpListener) {
    for socket in listener.incoming().flatten() {
        let mock = Arc::clone(mock);
        thread::spawn(move || drop(tunnel(&mock, socket)));
    }
}

fn tunnel(mock: &Mock, mut socket: TcpStream) -> io::Result<()> {
    let mut lines = Vec::new();
    let mut reader = BufReader::new(socket.try_clone()?);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_string());
    }
    let first = lines.first().cloned().unwrap_or_default();
    mock.note(&first);
    let want = format!("Proxy-Authorization: Basic {}", BASE64.encode(mock.proxy.as_deref().unwrap_or_default().as_bytes()));
    if !lines.contains(&want) {
        return socket.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    }
    let far = TcpStream::connect(first.split(' ').nth(1).unwrap_or_default())?;
    socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut a, mut b) = (socket.try_clone()?, far.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut a, &mut b);
        b.shutdown(Shutdown::Both)
    });
    let (mut a, mut b) = (far, socket);
    let _ = io::copy(&mut a, &mut b);
    b.shutdown(Shutdown::Both)
}
