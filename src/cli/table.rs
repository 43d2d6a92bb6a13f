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

#[cfg(test)]
mod tests {
    use super::*;

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
