//! Servers as people write them, and the addresses behind the names.
use base::fail::{Fail, Result};
use std::fmt;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

const NTP_PORT: u16 = 123;
/// Bytes of a host's name at most (RFC 1035, section 2.3.4, without the root's).
const LONGEST: usize = 253;

/// A server: a host's name or address, and a port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    host: String,
    port: u16,
}

impl Target {
    /// Reads `host`, `host:port`, an IPv6 address, or `[address]:port`.
    ///
    /// # Errors
    /// The text is none of these.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = || Fail::Usage(format!("{text}: expected host, host:port or [address]:port"));
        let (host, port) = if text.parse::<IpAddr>().is_ok() {
            (text, None)
        } else if let Some((address, rest)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) {
            address.parse::<IpAddr>().map_err(|_| wrong())?;
            (address, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').ok_or_else(wrong)?) })
        } else {
            text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)))
        };
        let strange = |c: char| c.is_control() || c.is_whitespace() || ":[]/@".contains(c);
        if host.is_empty()
            || host.len() > LONGEST
            || host.starts_with('-')
            || host.parse::<IpAddr>().is_err() && host.contains(strange)
        {
            return Err(wrong());
        }
        let port = match port {
            None => NTP_PORT,
            Some(p) => p.parse().ok().filter(|&p| p > 0 && !port.is_some_and(|p| p.starts_with('+'))).ok_or_else(wrong)?,
        };
        Ok(Self { host: host.into(), port })
    }

    /// The address, if it is written as one.
    pub(crate) fn literal(&self) -> Option<SocketAddr> {
        Some(SocketAddr::new(self.host.parse().ok()?, self.port))
    }

    /// Its addresses. A name may take the resolver's whole timeout; an address takes no time.
    ///
    /// # Errors
    /// The name has no address, or the resolver cannot say.
    pub(crate) fn addresses(&self) -> Result<Vec<SocketAddr>> {
        if let Some(address) = self.literal() {
            return Ok(vec![address]);
        }
        // "failed to lookup address information: Name or service not known": the first half says nothing.
        (self.host.as_str(), self.port).to_socket_addrs().map(Iterator::collect).map_err(|e| {
            let why = e.to_string();
            Fail::Other(format!("{self}: {}", why.strip_prefix("failed to lookup address information: ").unwrap_or(&why)))
        })
    }
}

/// The addresses of all `targets`; the names are looked up at the same time.
pub(crate) fn resolve(targets: &[Target]) -> Vec<Result<Vec<SocketAddr>>> {
    std::thread::scope(|scope| {
        let lookups: Vec<_> =
            targets.iter().map(|t| if t.literal().is_some() { Err(t) } else { Ok(scope.spawn(|| t.addresses())) }).collect();
        let failed = || Err(Fail::Other("the look-up of a name ended early".into()));
        lookups
            .into_iter()
            .map(|l| l.map_or_else(Target::addresses, |thread| thread.join().unwrap_or_else(|_| failed())))
            .collect()
    })
}

impl fmt::Display for Target {
    /// As it was written, but for a port 123 and needless brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.port, self.host.contains(':')) {
            (NTP_PORT, _) => f.write_str(&self.host),
            (port, false) => write!(f, "{}:{port}", self.host),
            (port, true) => write!(f, "[{}]:{port}", self.host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        for (text, host, port, shown) in [
            ("ntp.example", "ntp.example", 123, "ntp.example"),
            ("ntp.example:1123", "ntp.example", 1123, "ntp.example:1123"),
            ("192.0.2.1", "192.0.2.1", 123, "192.0.2.1"),
            ("192.0.2.1:123", "192.0.2.1", 123, "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1", 123, "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1", 123, "2001:db8::1"),
            ("[::1]:65535", "::1", 65535, "[::1]:65535"),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.host.as_str(), target.port, target.to_string().as_str()), (host, port, shown));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "", ":", ":123", "a:", "a:0", "a:65536", "a:+1", "a:b", "a:1:2", "[::1", "[::1]x", "[::1]:", "[a]:1", "a b", "a\n",
            "-", "-x", "http://a",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        assert!(Target::parse(&"a".repeat(254)).is_err() && Target::parse(&"a".repeat(253)).is_ok());
        crate::testing::mutations(b"[2001:db8::1]:123", |bytes| {
            if let Ok(text) = std::str::from_utf8(bytes) {
                let _ = Target::parse(text);
            }
        });
    }
}
