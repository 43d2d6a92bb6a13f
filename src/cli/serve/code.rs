//! An address as a QR code, two rows of modules a line of text.

use qrcode::{Color, QrCode};

/// Light modules around a code, so that cameras find it (ISO/IEC 18004).
const QUIET: i64 = 4;
/// Black on white, whatever the terminal's own colours are; and the terminal's own again.
const PAPER: (&str, &str) = ("\x1b[38;2;0;0;0;48;2;255;255;255m", "\x1b[0m");

/// The code in lines; none if the text is longer than a code can hold. On a terminal it has its own colours; elsewhere
/// letters are taken for the light modules, as on a dark screen.
pub fn code(text: &str, terminal: bool) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let side = code.width() as i64;
    let modules = code.to_colors();
    let dark = |x: i64, y: i64| {
        let inside = (0..side).contains(&x) && (0..side).contains(&y);
        inside && modules[(y * side + x) as usize] == Color::Dark
    };
    let mut lines = String::new();
    for y in (-QUIET..side + QUIET).step_by(2) {
        let module = |x: i64| match (dark(x, y) == terminal, dark(x, y + 1) == terminal) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        let line: String = (-QUIET..side + QUIET).map(module).collect();
        match terminal {
            true => lines.push_str(&format!("  {}{line}{}\n", PAPER.0, PAPER.1)),
            false => lines.push_str(&format!("  {line}\n")),
        }
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of a printed code, dark ones true, without the light ones around it.
    fn modules(lines: &str, terminal: bool) -> Vec<Vec<bool>> {
        let mut rows = Vec::new();
        for line in lines.lines() {
            let plain = line.trim_start_matches("  ").replace(PAPER.0, "").replace(PAPER.1, "");
            for half in ['▀', '▄'] {
                rows.push(plain.chars().map(|c| (c == '█' || c == half) == terminal).collect::<Vec<_>>());
            }
        }
        let quiet = QUIET as usize;
        let side = rows[0].len() - 2 * quiet;
        assert!(rows[..quiet].concat().iter().all(|dark| !dark), "light above");
        let inner = rows[quiet..quiet + side].iter().map(|row| row[quiet..quiet + side].to_vec());
        inner.collect()
    }

    #[test]
    fn the_printed_code_is_the_code_of_the_address() {
        let address = "https://192.168.1.20:8443/#preset=small";
        let code = QrCode::new(address).unwrap();
        let expected: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        for terminal in [true, false] {
            let printed = super::code(address, terminal).unwrap();
            let found = modules(&printed, terminal);
            assert_eq!(found.concat(), expected);
            // The three corners that cameras look for are dark.
            let last = found.len() - 1;
            assert!(found[0][0] && found[0][last] && found[last][0]);
        }
        assert_eq!(super::code(&"x".repeat(5000), true), None);
    }
}
