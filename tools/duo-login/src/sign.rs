//! Signed requests of the Auth API, signature version 2 (Duo, "Authenticating API requests").
use data_encoding::{BASE64, HEXLOWER};
use ring::hmac;
use zeroize::Zeroizing;

/// Parameters of a request.
pub type Params<'a> = [(&'a str, &'a str)];

/// `k=v&...`, encoded by RFC 3986 and sorted: the body of a POST, the query of a GET, and what is signed.
#[must_use]
pub fn query(params: &Params<'_>) -> String {
    let mut pairs: Vec<String> = params.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
    pairs.sort();
    pairs.join("&")
}

/// Percent-encodes all but RFC 3986's unreserved characters.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut to = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => to.push(char::from(b)),
            _ => to.push_str(&format!("%{b:02X}")),
        }
    }
    to
}

/// What is signed: the date, the method, the host in lower case without its port, the path and the query.
#[must_use]
pub fn canonical(date: &str, method: &str, host: &str, path: &str, query: &str) -> String {
    format!("{date}\n{method}\n{}\n{path}\n{query}", host.to_ascii_lowercase())
}

/// The value of the `Authorization` header.
#[must_use]
pub fn authorization(ikey: &str, skey: &str, canonical: &str) -> Zeroizing<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA512, skey.as_bytes());
    let signature = HEXLOWER.encode(hmac::sign(&key, canonical.as_bytes()).as_ref());
    Zeroizing::new(format!("Basic {}", BASE64.encode(format!("{ikey}:{signature}").as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of Duo's documentation.
    #[test]
    fn documented_vector() {
        let query = query(&[("username", "root"), ("realname", "First Last")]);
        assert_eq!(query, "realname=First%20Last&username=root");
        let date = "Tue, 21 Aug 2012 17:29:18 -0000";
        let text = canonical(date, "POST", "API-xxxxxxxx.duosecurity.com", "/accounts/v1/account/list", &query);
        let value = authorization("DIWJ8X6AEYOR5OMC6TQ1", "Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep", &text);
        let plain = BASE64.decode(value.strip_prefix("Basic ").unwrap().as_bytes()).unwrap();
        let want = "DIWJ8X6AEYOR5OMC6TQ1:1bffb8924348f7db7da9e7d7d749ded93aafd02d8e904960da7b96c57510220185a64a2827ee8f24ac5d30802a9ee97e59de44b304b18242f0d596d15a8122af";
        assert_eq!(String::from_utf8(plain).unwrap(), want);
    }

    #[test]
    fn encoding_keeps_only_the_unreserved() {
        assert_eq!(encoded("aZ09-._~ /é+&="), "aZ09-._~%20%2F%C3%A9%2B%26%3D");
    }
}
