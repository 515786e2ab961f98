//! `--enroll`: gives a user an offline factor.
use crate::load::{self, Loaded};
use crate::offline::{self, Kind};
use crate::store::Store;
use crate::sys;
use base::fail::{Fail, Result};
use base::out::Out;
use getopts::Matches;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use std::path::Path;

/// Enrols the user named on the command line in place of any earlier enrolment, and prints what the user has to keep.
///
/// # Errors
/// The configuration does not say which factor, the user is unknown, or the state cannot be written.
pub fn run(found: &Matches, out: &mut Out, tool: &str) -> Result {
    let [name] = found.free.as_slice() else { return Err(Fail::Usage("--enroll: expected one user".into())) };
    let path = found.opt_strs("c").pop().unwrap_or_else(|| load::DEFAULT.into());
    let Loaded { config, faults, .. } = load::load(Path::new(&path), tool, "root", true);
    if let Some(fault) = faults.last() {
        return Err(Fail::Other(fault.clone()));
    }
    let Some(kind) = config.offline else {
        return Err(Fail::Other(format!("{path}: expected offline = totp or offline = codes")));
    };
    let user = sys::user_by_name(name).ok_or_else(|| Fail::Other(format!("{name}: no such user")))?;
    let (enrolment, shown) = match kind {
        Kind::Totp => {
            let (enrolment, secret) = offline::new_totp().map_err(Fail::Other)?;
            let uri = offline::uri(&user.name, &sys::hostname(), &secret);
            let code = QrCode::new(uri.as_bytes()).map_err(|e| Fail::Other(format!("QR code: {e}")))?;
            // Terminals are dark as a rule; the quiet zone belongs to the code.
            let picture = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
            (enrolment, format!("{}\n\n{picture}\n", *uri))
        }
        Kind::Codes => {
            let (enrolment, codes) = offline::new_codes().map_err(Fail::Other)?;
            (enrolment, codes.join("\n") + "\n")
        }
    };
    let place = config.statedir.display().to_string();
    let store = Store::open(&config.statedir).map_err(Fail::on(&place))?;
    let files = store.lock(&user.name).map_err(Fail::on(&place))?;
    files.write("offline", enrolment.render().as_bytes()).map_err(Fail::on(&place))?;
    out.text(&shown)?;
    Ok(0)
}
