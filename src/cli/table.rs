//! Tables for people, in plain text.

/// Rows with aligned columns: the first and, if `last_left`, the last to the left, the others to the right.
/// Every line begins with `indent`; trailing blanks are cut.
pub fn aligned(rows: &[Vec<String>], indent: &str, last_left: bool) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter(|row| row.len() > 1)
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            if column > 0 {
                line.push_str("   ");
            }
            if column == 0 || (last_left && column + 1 == columns) {
                line.push_str(&format!("{cell:<width$}"));
            } else {
                line.push_str(&format!("{cell:>width$}"));
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Columns that a paragraph may take.
const WIDTH: usize = 108;

/// A paragraph, broken between words into lines that all begin with `indent`. French blanks before marks do not break.
pub fn wrapped(text: &str, indent: &str) -> String {
    let (mut lines, mut line) = (String::new(), indent.to_owned());
    for word in text.split(' ') {
        let begun = line.len() > indent.len();
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line = indent.to_owned();
        } else if begun {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_broken_between_words() {
        let words = ["α".repeat(60), "β".repeat(45), "γ\u{a0}:".into(), "δ".repeat(200), "ε".into()];
        let [first, second, third, long, last] = words.clone();
        assert_eq!(
            wrapped(&words.join(" "), "  "),
            format!("  {first} {second}\n  {third}\n  {long}\n  {last}\n")
        );
    }

    #[test]
    fn columns_line_up() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["a", "1", "x"]), row(["long", "1,000", ""]), vec!["a heading of its own".into()]];
        assert_eq!(
            aligned(&rows, "  ", true),
            "  a          1   x\n  long   1,000\n  a heading of its own\n"
        );
    }
}
