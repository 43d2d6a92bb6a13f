//! Tables as text, as spreadsheets write them: RFC 4180, with commas, semicolons or tabs between the cells.

use std::iter::Peekable;
use std::str::Chars;

/// A row: its line in the file, from 1, and its cells.
pub(super) type Row = (usize, Vec<String>);

/// The rows of a table, without blank lines; a quote that is never closed is an error at its line.
pub(super) fn rows(text: &str, between: char) -> Result<Vec<Row>, usize> {
    // Some programs begin with a mark of the encoding.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut letters = text.chars().peekable();
    let mut rows = Vec::new();
    let mut line = 1;
    while letters.peek().is_some() {
        let first = line;
        let mut cells = Vec::new();
        loop {
            cells.push(cell(&mut letters, between, &mut line).ok_or(first)?);
            match letters.next() {
                Some(letter) if letter == between => {}
                Some('\r') if letters.peek() == Some(&'\n') => {}
                _ => break,
            }
        }
        line += 1;
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push((first, cells));
        }
    }
    Ok(rows)
}

/// A cell, up to what ends it; none if its quote is never closed.
fn cell(letters: &mut Peekable<Chars>, between: char, line: &mut usize) -> Option<String> {
    let mut cell = String::new();
    let quoted = letters.next_if_eq(&'"').is_some();
    if quoted {
        loop {
            match letters.next()? {
                // Two quotes are one in the text.
                '"' if letters.next_if_eq(&'"').is_none() => break,
                letter => {
                    *line += usize::from(letter == '\n');
                    cell.push(letter);
                }
            }
        }
    }
    while let Some(letter) = letters.next_if(|letter| *letter != between && *letter != '\n') {
        cell.push(letter);
    }
    Some(cell.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_spreadsheets_write_them() {
        let read = |text: &str, between| {
            let rows = rows(text, between).unwrap();
            rows.into_iter().map(|(line, cells)| format!("{line}:{}", cells.join("|"))).collect::<Vec<_>>()
        };
        assert_eq!(read("\u{feff}a,b\r\n1, 2 \r\n\r\n3,4", ','), ["1:a|b", "2:1|2", "4:3|4"]);
        assert_eq!(read("a;\"b;\"\"c\"\"\nd\"\ne;f\n", ';'), ["1:a|b;\"c\"\nd", "3:e|f"]);
        assert_eq!(read("a\t\n,\tb", '\t'), ["1:a|", "2:,|b"]);
        assert_eq!(read("", ','), Vec::<String>::new());
        assert_eq!(rows("a,b\nc,\"d\n\n", ','), Err(2));
    }
}
