//! The options of `seedling serve`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

/// What is served, where, and how.
#[derive(Args)]
pub struct ServeArguments {
    /// The built page's folder [default: the folder page beside this program, or web/dist]
    #[arg(long, value_name = "DIR")]
    pub page: Option<PathBuf>,
    /// The port [default: 8080, or 8443 with --https]; 0 is any free one
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Listen only at this address of this computer: 127.0.0.1 is for this computer alone, :: for IPv6 too
    #[arg(long, value_name = "IP", default_value = "0.0.0.0")]
    pub address: IpAddr,
    /// Encrypt, by a certificate made for this; browsers warn of it, and then offer WebGPU
    #[arg(long)]
    pub https: bool,
    /// What follows # in the addresses and in the code: settings of the first run, as in a copied link
    #[arg(long, value_name = "SETTINGS")]
    pub link: Option<String>,
    /// Serve nothing: write a folder with the page and this program, to carry to another computer
    #[arg(long, value_name = "DIR", conflicts_with_all = ["port", "https", "link"])]
    pub copy: Option<PathBuf>,
}
