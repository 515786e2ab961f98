//! Requests to the Auth API: signed, on one connection, within one deadline.
use crate::api::{self, Trouble};
use crate::conf::Config;
use crate::http;
use crate::origin::{Origin, Proxy};
use crate::sign::{self, Params};
use crate::sys;
use crate::tls;
use crate::wire::{Lost, Route, Wire};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use rustls::pki_types::ServerName;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// How long a person may take to answer a push or a call. Duo itself gives up after a minute.
pub const APPROVAL: Duration = Duration::from_secs(120);

/// The longest pause that a busy server is granted.
const BACKOFF_MOST: Duration = Duration::from_secs(32);

/// How often an unanswered connection is begun.
const ROUNDS: u32 = 3;

/// The client and its one connection.
pub struct Client {
    route: Route,
    ikey: String,
    skey: Zeroizing<String>,
    addresses: Vec<SocketAddr>,
    wire: Option<Wire>,
    /// The server's clock minus ours, seconds.
    offset: i64,
    timeout: Duration,
    deadline: Instant,
}

/// One call.
pub struct Call<'a> {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path below `/auth/v2`.
    pub path: &'static str,
    /// Parameters.
    pub params: &'a Params<'a>,
    /// May be sent again when the connection broke under it.
    pub again: bool,
    /// Waits for a person, who has until then.
    pub person: Option<Instant>,
}

impl Client {
    /// A client for what `conf` names. Nothing is sent yet.
    ///
    /// # Errors
    /// What makes it impossible: `cafile`, `host` or `http_proxy`.
    pub fn new(conf: &Config, tool: &str) -> Result<Self, String> {
        let target = Origin::parse(&conf.host, 443).map_err(|e| format!("host {e}"))?;
        let name = ServerName::try_from(target.host.clone()).map_err(|_| format!("host '{}': no host name", target.host))?;
        let proxy = conf.http_proxy.as_ref().map(|p| Proxy::parse(p)).transpose()?;
        let agent = format!("{tool}/{} ({}; {})", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
        let route = Route { target, name, proxy, tls: tls::config(conf)?, agent };
        let timeout = conf.https_timeout;
        Ok(Self {
            route,
            ikey: conf.ikey.clone(),
            skey: conf.skey.clone(),
            addresses: Vec::new(),
            wire: None,
            offset: 0,
            timeout,
            deadline: Instant::now() + timeout,
        })
    }

    /// Starts the deadline anew: what was waited for was a person, not the server.
    pub fn rearm(&mut self) {
        self.deadline = Instant::now() + self.timeout;
    }

    /// Looks up the host to connect to; once, before the process gives up what a look-up needs.
    ///
    /// # Errors
    /// It has no address, or none was found in time.
    pub fn resolve(&mut self) -> Result<(), Trouble> {
        let hop = self.route.first_hop().clone();
        let found = sys::in_time(self.deadline, move || sys::resolve(&hop.host, hop.port));
        // That is our own failure, and not the API's.
        let found =
            found.map_err(|e| Trouble::Own(Some(format!("cannot look up {}: {}", self.route.target.host, sys::strerror(&e)))))?;
        match found {
            Some(Ok(addresses)) => {
                self.addresses = addresses;
                Ok(())
            }
            Some(Err(why)) => Err(self.unreachable(&why)),
            None => Err(self.unreachable("name resolution timed out")),
        }
    }

    /// The local address that reaches the API, once connected.
    #[must_use]
    pub fn local(&self) -> Option<IpAddr> {
        self.wire.as_ref().and_then(Wire::local)
    }

    /// The server's clock minus ours, seconds, as /ping told it.
    #[must_use]
    pub fn skew(&self) -> i64 {
        self.offset
    }

    /// Takes over the server's clock from the answer to /ping, so that a wrong one here does not spoil the signatures.
    ///
    /// # Errors
    /// The answer has no time.
    pub fn set_clock(&mut self, body: &[u8]) -> Result<(), Trouble> {
        self.offset = api::ping(body)? - now();
        Ok(())
    }

    /// Makes a call and returns the body of a successful response. `say` hears about pauses.
    ///
    /// # Errors
    /// Anything but an HTTP success.
    pub fn call(&mut self, call: &Call<'_>, say: &mut dyn FnMut(&str)) -> Result<Vec<u8>, Trouble> {
        let mut pause = Duration::from_secs(1);
        loop {
            let response = self.exchange(call).map_err(|why| self.unreachable(&why.to_string()))?;
            if !response.keep_alive {
                self.wire = None;
            }
            if response.status != 429 {
                return api::check_status(response.status).map(|()| response.body);
            }
            let asked = response.retry_after.as_deref().and_then(|v| retry_after(v, now() + self.offset));
            let wait = asked.unwrap_or(pause);
            if asked.is_none() {
                pause *= 2;
            }
            let whole = wait + jitter();
            if wait > BACKOFF_MOST || Instant::now() + whole > self.deadline {
                return api::check_status(response.status).map(|()| response.body);
            }
            say(&format!("Rate-limiting response received from server. Waiting for {} seconds before retrying.", wait.as_secs()));
            std::thread::sleep(whole);
        }
    }

    /// Sends the request and reads its response. Only a connection that had been idle may fail once unnoticed,
    /// and only where sending twice does no harm.
    fn exchange(&mut self, call: &Call<'_>) -> Result<http::Response, Lost> {
        if self.wire.as_mut().is_some_and(Wire::is_stale) {
            self.wire = None;
        }
        let reused = self.wire.is_some();
        match self.exchange_once(call) {
            Err(_) if reused && call.again && Instant::now() < self.deadline => {
                self.wire = None;
                self.exchange_once(call)
            }
            done => done,
        }
        .inspect_err(|_| self.wire = None)
    }

    fn exchange_once(&mut self, call: &Call<'_>) -> Result<http::Response, Lost> {
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => self.connect()?,
        };
        let path = format!("/auth/v2{}", call.path);
        let request = self.request(call, &path);
        let timed_out = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::TimedOut => Lost::Because("Write timed out".into()),
            _ => e.into(),
        };
        wire.send(&request, self.deadline).map_err(timed_out)?;
        let response = wire.response(call.person.unwrap_or(self.deadline), call.person.map(|_| self.timeout))?;
        self.wire = Some(wire);
        Ok(response)
    }

    fn connect(&mut self) -> Result<Wire, Lost> {
        let mut pause = Duration::from_millis(250);
        let mut round = 1;
        loop {
            match Wire::open(&self.route, &self.addresses, self.deadline) {
                Err(Lost::Unanswered) if round < ROUNDS && Instant::now() + pause < self.deadline => {
                    std::thread::sleep(pause);
                    pause *= 2;
                    round += 1;
                }
                done => return done,
            }
        }
    }

    fn request(&self, call: &Call<'_>, path: &str) -> Zeroizing<Vec<u8>> {
        let date = Timestamp::from_second(now() + self.offset).unwrap_or(Timestamp::UNIX_EPOCH);
        let date = DateTimePrinter::new().timestamp_to_string(&date).unwrap_or_default();
        let query = sign::query(call.params);
        // The host as in the Host header, without its port.
        let host = self.route.target.authority(self.route.target.port);
        let signed = sign::canonical(&date, call.method, &host, path, &query);
        let authorization = sign::authorization(&self.ikey, &self.skey, &signed);
        let headers = Zeroizing::new(format!(
            "Host: {}\r\nUser-Agent: {}\r\nDate: {date}\r\nX-Duo-Date: {date}\r\nAuthorization: {}\r\n",
            self.route.target.authority(443),
            self.route.agent,
            *authorization
        ));
        match call.method {
            "GET" if query.is_empty() => http::request("GET", path, &headers, None),
            "GET" => http::request("GET", &format!("{path}?{query}"), &headers, None),
            method => http::request(method, path, &headers, Some(&query)),
        }
    }

    fn unreachable(&self, why: &str) -> Trouble {
        Trouble::Connect(format!("Couldn't connect to {}: {why}", self.route.target.authority(443)))
    }
}

/// Our clock, seconds since 1970.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}

/// Up to a second, so that clients turned away together do not come back together.
fn jitter() -> Duration {
    let mut bytes = [0; 2];
    // Without random numbers, without jitter.
    let _ = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes);
    Duration::from_millis(u64::from(u16::from_ne_bytes(bytes)) * 1000 / 65536)
}

/// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date to be reached from `now`.
fn retry_after(value: &str, now: i64) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(86_400)));
    }
    let at = value.rsplit_once(' ').and_then(|(date, _zone)| jiff::fmt::rfc2822::parse(&format!("{date} +0000")).ok())?;
    Some(Duration::from_secs(u64::try_from(at.timestamp().as_second().saturating_sub(now)).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_in_both_forms() {
        let now = 1_345_570_158;
        for (text, want) in [
            ("3", Some(3)),
            ("99999999999", Some(86_400)),
            ("Tue, 21 Aug 2012 17:29:21 GMT", Some(3)),
            ("Tue, 21 Aug 2012 17:29:21 UTC", Some(3)),
            ("Tue, 21 Aug 2012 17:29:11 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(text, now), want.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn jitter_stays_below_a_second() {
        assert!((0..1000).all(|_| jitter() < Duration::from_secs(1)));
    }
}
