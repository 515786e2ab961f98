//! How the API's server is known: TLS 1.2 or later, Duo's roots or those of `cafile`.
use crate::conf::Config;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::io::Read;
use std::sync::Arc;

/// The roots that Duo's own clients pin, of their bundles before and since 2025.
const ROOTS: &[u8] = include_bytes!("../data/roots.pem");

/// The most bytes of a `cafile`.
const CAFILE_MOST: u64 = 4 << 20;

/// The client's side of TLS as configured.
///
/// # Errors
/// `cafile` cannot be read or holds no certificate; the text says so.
pub fn config(conf: &Config) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_protocol_versions(rustls::ALL_VERSIONS).map_err(|e| e.to_string())?;
    let mut config = if conf.noverify {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Unverified(provider))).with_no_client_auth()
    } else {
        builder.with_root_certificates(roots(conf)?).with_no_client_auth()
    };
    // One process, one connection: nothing to resume.
    config.resumption = rustls::client::Resumption::disabled();
    Ok(Arc::new(config))
}

fn roots(conf: &Config) -> Result<RootCertStore, String> {
    let mut own = Vec::new();
    let (name, pem) = match &conf.cafile {
        None => (String::from("built-in roots"), ROOTS),
        Some(path) => {
            let name = path.display().to_string();
            let file = std::fs::File::open(path).map_err(|e| format!("cafile {name}: {}", crate::sys::strerror(&e)))?;
            file.take(CAFILE_MOST).read_to_end(&mut own).map_err(|e| format!("cafile {name}: {}", crate::sys::strerror(&e)))?;
            (name, own.as_slice())
        }
    };
    let mut store = RootCertStore::empty();
    let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|e| format!("cafile {name}: {e}"))?;
    store.add_parsable_certificates(found);
    if store.is_empty() { Err(format!("cafile {name}: no certificates")) } else { Ok(store) }
}

/// A failed handshake in login_duo's words.
#[must_use]
pub fn reason(e: &Error) -> String {
    match e {
        Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            "Certificate name validation failed".into()
        }
        Error::InvalidCertificate(why) => format!("certificate verify failed: {why}"),
        other => other.to_string(),
    }
}

/// `noverify = yes`: any certificate will do, but the server must hold its key.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pinned_root_is_usable() {
        let found = CertificateDer::pem_slice_iter(ROOTS).collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(RootCertStore::empty().add_parsable_certificates(found), (22, 0));
    }

    #[test]
    fn an_unusable_cafile_is_an_error() {
        let mut conf = Config::new(false);
        for (path, want) in [
            ("/nonexistent", "cafile /nonexistent: No such file or directory"),
            ("/dev/null", "cafile /dev/null: no certificates"),
            ("", "cafile : No such file or directory"),
        ] {
            conf.cafile = Some(path.into());
            assert_eq!(config(&conf).unwrap_err(), want);
        }
    }
}
