//! A certificate for one evening, made and signed by this program itself: it encrypts, but no browser knows its signer.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};

use super::error::ServeError;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long it is valid from now on, in days, and before, for clocks that are slow. Browsers refuse more than 398.
const VALID: (u32, u32) = (30, 2);

/// A certificate with its key, as the server needs them.
pub struct Made {
    /// How connections are encrypted.
    pub config: Arc<ServerConfig>,
    /// The certificate itself (DER).
    pub certificate: CertificateDer<'static>,
}

/// Makes a certificate for these names and addresses, of which the key is never written anywhere.
///
/// # Errors
///
/// Where the system gives no random numbers, or a name is no name of a computer.
pub fn make(names: Vec<String>) -> Result<Made, ServeError> {
    let failed = |error: rcgen::Error| ServeError::Certificate(error.to_string());
    let key = KeyPair::generate().map_err(failed)?;
    let mut wanted = CertificateParams::new(names).map_err(failed)?;
    wanted.distinguished_name.push(DnType::CommonName, "Seedling, made by seedling serve --https");
    wanted.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = date_time_ymd(1970, 1, 1) + now;
    (wanted.not_before, wanted.not_after) = (now - VALID.1 * DAY, now + VALID.0 * DAY);
    let certificate = wanted.self_signed(&key).map_err(failed)?.der().clone();
    let failed = |error: rustls::Error| ServeError::Certificate(error.to_string());
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(vec![certificate.clone()], key.into())
        })
        .map_err(failed)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Made { config: Arc::new(config), certificate })
}

impl Made {
    /// Its SHA-256 fingerprint, as browsers show it.
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(&self.certificate);
        hash.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }
}
