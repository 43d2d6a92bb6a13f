//! `seedling serve`: the built page for a class's browsers, from this program itself; or a folder of both to carry there.

mod answer;
mod certificate;
mod channel;
mod code;
mod copy;
mod error;
mod options;
mod reach;
mod request;
mod server;
mod site;
#[cfg(test)]
mod tests;

use std::io::IsTerminal;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::ExitCode;

pub use error::ServeError;
pub use options::ServeArguments;

use super::arguments::from_here;
use super::console::Console;
use super::failure::Failure;
use super::interrupt::Interrupt;
use certificate::Made;
use reach::{Reach, reaches};
use server::{Patience, Server};
use site::Site;

/// What http:// costs, and what helps.
const PLAIN: &str = "\
Over http:// browsers on other computers keep from the page: WebGPU (it computes on one core of the processor
instead), visits without a connection, and the clipboard. Runs are kept in the browser all the same. The way round:
seedling serve --https. On this computer http://localhost has everything.";

/// What the browser says of a certificate that this program has made, and why.
const WARNED: &str = "\
Browsers will warn that this connection is not private: nobody but this program vouches for its certificate, and no
browser knows it. Choose \"Advanced\", then \"Proceed\" (Chrome, Edge), \"Accept the Risk\" (Firefox) or \"visit this
website\" (Safari), once a browser. The page then has WebGPU and the clipboard; visits without a connection still need a
certificate that the browser trusts. The certificate is made anew at each start. To be sure that it is this one, compare
its SHA-256 fingerprint:";

/// Runs the command.
pub fn serve(arguments: &ServeArguments, console: &Console) -> Result<ExitCode, Failure> {
    let site = Site::find(arguments.page.as_deref().map(from_here).as_deref())?;
    if let Some(folder) = &arguments.copy {
        for file in copy::copy(&site, &from_here(folder))? {
            console.line(&file.display().to_string());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let interrupt = Interrupt::listen_saying("\nEnding; once more ends at once.")?;
    let address = SocketAddr::new(arguments.address, arguments.port.unwrap_or(usual_port(arguments.https)));
    let reaches = reaches(arguments.address);
    let made = if arguments.https { Some(certificate::make(names(&reaches))?) } else { None };
    let about = about(&site);
    let https = made.as_ref().map(|made| made.config.clone());
    let server = Server::listen(address, site, https, Patience::default())?;
    console.line(&about);
    invite(console, &server, &reaches, made.as_ref(), arguments.link.as_deref());
    console.line("Ctrl-C ends it.");
    server.serve(|| interrupt.requested());
    let (answers, bytes) = server.sent();
    console.line(&format!("Ended: {answers} requests answered, {:.1} MB sent.", bytes as f64 / 1e6));
    Ok(ExitCode::SUCCESS)
}

/// The port of each protocol that needs no rights.
fn usual_port(https: bool) -> u16 {
    if https { 8443 } else { 8080 }
}

/// What a certificate is for: every address, and this computer.
fn names(reaches: &[Reach]) -> Vec<String> {
    let local = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string(), "::1".to_owned()];
    local.into_iter().chain(reaches.iter().map(|reach| reach.address.to_string())).collect()
}

fn about(site: &Site) -> String {
    let (mut plain, mut sent) = (0, 0);
    for (_, file) in site.files() {
        plain += file.plain.len();
        sent += file.squeezed.as_ref().unwrap_or(&file.plain).len();
    }
    let (count, folder) = (site.files().count(), site.folder.display());
    format!("{folder}: {count} files, {:.1} MB, sent as {:.1} MB", plain as f64 / 1e6, sent as f64 / 1e6)
}

/// Prints the addresses, the first one's code, and what browsers will say.
fn invite(console: &Console, server: &Server, reaches: &[Reach], made: Option<&Made>, link: Option<&str>) {
    let scheme = if made.is_some() { "https" } else { "http" };
    let fragment = link.map_or(String::new(), |link| format!("#{}", link.trim_start_matches('#')));
    let port = server.address().port();
    let url = |host: &str| format!("{scheme}://{host}:{port}/{fragment}");
    let mut lines: Vec<(String, String)> = Vec::new();
    for reach in reaches {
        let host = match reach.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        lines.push((url(&host), format!("for others ({})", reach.interface)));
    }
    let here = match server.address().ip() {
        IpAddr::V6(address) if address.is_loopback() => "[::1]",
        _ => "localhost",
    };
    if server.address().ip().is_loopback() || server.address().ip().is_unspecified() {
        lines.push((url(here), "on this computer".into()));
    }
    let wide = lines.iter().map(|(url, _)| url.len()).max().unwrap_or(0);
    console.line("");
    for (url, whom) in &lines {
        console.line(&format!("  {url:wide$}  {whom}"));
    }
    console.line("");
    if let Some((url, _)) = lines.first().filter(|_| !reaches.is_empty())
        && let Some(code) = code::code(url, std::io::stdout().is_terminal())
    {
        console.line(&code);
    }
    match made {
        Some(made) => console.line(&format!("{WARNED}\n{}\n", made.fingerprint())),
        None if reaches.is_empty() => console.line("Only this computer reaches it (--address).\n"),
        None => console.line(&format!("{PLAIN}\n")),
    }
}
