//! Where to connect: the API's host and the proxy before it.
use data_encoding::BASE64;
use zeroize::Zeroizing;

/// A host and a port.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Origin {
    /// From `host[:port]`; an IPv6 address with a port stands in brackets.
    ///
    /// # Errors
    /// What is wrong, in a few words.
    pub fn parse(text: &str, port: u16) -> Result<Self, String> {
        let (host, rest) = match text.strip_prefix('[').and_then(|t| t.split_once(']')) {
            Some((host, rest)) => (host, rest),
            // More than one colon outside brackets is an IPv6 address.
            None if text.matches(':').count() > 1 => (text, ""),
            None => text.split_at(text.find(':').unwrap_or(text.len())),
        };
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => Some(port),
            None => None,
            Some(port) => port.parse().ok().filter(|p| *p > 0),
        };
        let port = port.ok_or_else(|| format!("'{text}': expected host[:port]"))?;
        if host.is_empty() || host.bytes().any(|b| b <= b' ' || b >= 0x7f || b"/@?#\\".contains(&b)) {
            return Err(format!("'{text}': expected host[:port]"));
        }
        Ok(Self { host: host.into(), port })
    }

    /// As in a `Host` header or a CONNECT line: an IPv6 address in brackets, the port unless it is `usual`.
    #[must_use]
    pub fn authority(&self, usual: u16) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }
}

/// An HTTP proxy that tunnels by CONNECT (RFC 9110, section 9.3.6).
pub struct Proxy {
    /// Where it listens.
    pub origin: Origin,
    /// The `Proxy-Authorization` header with its line end, or nothing.
    authorization: Zeroizing<String>,
}

impl Proxy {
    /// From `[http://][user:password@]host[:port][/]`; port 80 by default.
    ///
    /// # Errors
    /// What is wrong; never the password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = match text.split_once("://") {
            Some(("http", rest)) => rest,
            Some(_) => return Err("http_proxy must be HTTP".into()),
            None => text,
        };
        let (user, rest) = rest.rsplit_once('@').map_or((None, rest), |(user, rest)| (Some(user), rest));
        let host = rest.split('/').next().unwrap_or_default();
        let origin = Origin::parse(host, 80).map_err(|e| format!("http_proxy {e}"))?;
        let authorization = user.map(|u| format!("Proxy-Authorization: Basic {}\r\n", BASE64.encode(u.as_bytes())));
        Ok(Self { origin, authorization: authorization.unwrap_or_default().into() })
    }

    /// The request for a tunnel to `target`.
    #[must_use]
    pub fn connect(&self, target: &Origin, agent: &str) -> Zeroizing<Vec<u8>> {
        let to = target.authority(0);
        let text = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\nUser-Agent: {agent}\r\n{}\r\n", *self.authorization);
        Zeroizing::new(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(host: &str, port: u16) -> Origin {
        Origin { host: host.into(), port }
    }

    #[test]
    fn origins() {
        for (text, want) in [
            ("a.b", origin("a.b", 443)),
            ("a:1", origin("a", 1)),
            ("[::1]:8443", origin("::1", 8443)),
            ("[::1]", origin("::1", 443)),
            ("::1", origin("::1", 443)),
        ] {
            assert_eq!(Origin::parse(text, 443).unwrap(), want);
        }
        for text in ["", ":1", "a:", "a:0", "a:65536", "a:x", "[::1]x", "a b", "a/b", "u@h", "a\n", "é"] {
            assert!(Origin::parse(text, 443).is_err(), "{text}");
        }
        assert_eq!(origin("::1", 443).authority(443), "[::1]");
        assert_eq!(origin("a", 1).authority(443), "a:1");
    }

    #[test]
    fn proxies() {
        let p = Proxy::parse("http://user:p@ss@proxy:3128/").unwrap();
        assert_eq!(p.origin, origin("proxy", 3128));
        let text = p.connect(&origin("api", 443), "x");
        assert!(text.starts_with(
            b"CONNECT api:443 HTTP/1.1\r\nHost: api:443\r\nUser-Agent: x\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n"
        ));
        assert_eq!(Proxy::parse("proxy").unwrap().origin, origin("proxy", 80));
        assert_eq!(Proxy::parse("https://proxy").err().unwrap(), "http_proxy must be HTTP");
        assert_eq!(Proxy::parse("u:secret@h:x").err().unwrap(), "http_proxy 'h:x': expected host[:port]");
    }
}
