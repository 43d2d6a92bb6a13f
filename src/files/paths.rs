//! Paths as people write them: `~` for their own folder, and relative to where they were written.

use std::path::{Component, Path, PathBuf};

/// `path` in full: a leading `~` is the user's own folder, and what is relative is relative to `base`, which itself may
/// be relative to the current folder. Nothing is looked up: the path need not exist.
pub fn resolve(path: &Path, base: &Path) -> PathBuf {
    let mut parts = path.components();
    let full = match (parts.next(), std::env::home_dir()) {
        (Some(Component::Normal(first)), Some(home)) if first == "~" => home.join(parts.as_path()),
        _ => base.join(path),
    };
    std::path::absolute(&full).unwrap_or(full)
}

/// The relative path from the folder `from` to `to`; none if they have no common root, such as two drives.
pub fn relative(to: &Path, from: &Path) -> Option<PathBuf> {
    let (to, from) = (std::path::absolute(to).ok()?, std::path::absolute(from).ok()?);
    let shared = to.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return None;
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    Some(up.chain(to.components().skip(shared)).collect())
}

/// Where the way that [`relative`] found leads from the folder `from`.
pub fn along(way: &Path, from: &Path) -> PathBuf {
    let mut end = std::path::absolute(from).unwrap_or(from.to_owned());
    for part in way.components() {
        match part {
            Component::ParentDir => drop(end.pop()),
            other => end.push(other),
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_where_they_were_written() {
        let base = Path::new("/lesson");
        assert_eq!(resolve(Path::new("images"), base), Path::new("/lesson/images"));
        assert_eq!(resolve(Path::new("/images"), base), Path::new("/images"));
        let home = std::env::home_dir().unwrap();
        assert_eq!(resolve(Path::new("~/images"), base), home.join("images"));
        assert_eq!(resolve(Path::new("~"), base), home);
        // Only a whole first part is the user's folder.
        assert_eq!(resolve(Path::new("~other"), base), Path::new("/lesson/~other"));
        assert!(resolve(Path::new("images"), Path::new("")).is_absolute());
    }

    #[test]
    fn the_way_between_two_folders_leads_there() {
        let way = |to: &str, from: &str| relative(Path::new(to), Path::new(from)).unwrap();
        assert_eq!(way("/a/b/c", "/a/d"), Path::new("../b/c"));
        assert_eq!(way("/a/b", "/a"), Path::new("b"));
        assert_eq!(way("/x", "/a/b"), Path::new("../../x"));
        assert_eq!(along(&way("/a/b/c", "/a/d"), Path::new("/moved/d")), Path::new("/moved/b/c"));
    }
}
