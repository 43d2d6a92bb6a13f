//! The folders of the studies that the window keeps beside its runs, in the command line's own format: after a restart
//! they show what was found so far, and go on from there.

use std::path::{Path, PathBuf};

use crate::files::{FileError, age, exists, folders_in, read, write_atomically};
use crate::study::{Figure, PLAN_FILE, Plan, Race, RunError, Standing, collect_so_far, figures, standing};

/// The folder of all studies, in the place of the runs.
const STUDIES: &str = "studies";

/// What a study is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A race.
    Race,
    /// The figure of this number.
    Figure(u8),
}

impl Kind {
    /// What it is called: `race`, `figure 2`.
    pub fn name(self) -> String {
        match self {
            Kind::Race => "race".into(),
            Kind::Figure(number) => format!("figure {number}"),
        }
    }

    /// The plan of its first study in `folder`.
    fn plan_file(self, folder: &Path) -> PathBuf {
        match self {
            Kind::Race => folder.join(PLAN_FILE),
            Kind::Figure(number) => figures::study_folder(number, 0, folder).join(PLAN_FILE),
        }
    }
}

/// A run of a study.
#[derive(Clone, Debug)]
pub struct StudyRun {
    /// Its name.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// How far it is.
    pub standing: Standing,
}

/// A study as far as it has come.
#[derive(Clone, Debug)]
pub struct Studied {
    /// Its first plan.
    pub plan: Plan,
    /// Its runs, in the plan's order.
    pub runs: Vec<StudyRun>,
    /// What the runs of a race show.
    pub race: Race,
    /// The figure, once all its runs are done.
    pub figure: Option<Figure>,
}

impl Studied {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.runs.iter().all(|run| run.standing == Standing::Done)
    }

    /// Reads it from its folder.
    pub fn read(kind: Kind, folder: &Path) -> Result<Self, RunError> {
        match kind {
            Kind::Race => {
                let collection = collect_so_far(folder)?;
                let runs = runs(&collection.plan, folder)?;
                Ok(Self { plan: collection.plan, runs, race: collection.race, figure: None })
            }
            Kind::Figure(number) => {
                let mut all = Vec::new();
                let mut begun = 0;
                for index in 0..figures::studies(number) {
                    let study = figures::study_folder(number, index, folder);
                    // A later one is planned once the first is done.
                    if index == 0 || exists(&study.join(PLAN_FILE)) {
                        all.extend(runs(&Plan::of(&study)?, &study)?);
                        begun += 1;
                    }
                }
                let plan = Plan::of(&figures::study_folder(number, 0, folder))?;
                let mut studied = Self { plan, runs: all, race: Race::default(), figure: None };
                if begun == figures::studies(number) && studied.is_done() {
                    studied.figure = Some(figures::draw(number, folder)?);
                }
                Ok(studied)
            }
        }
    }
}

fn runs(plan: &Plan, folder: &Path) -> Result<Vec<StudyRun>, RunError> {
    let run = |run: crate::study::Planned| {
        let place = run.folder(folder);
        Ok(StudyRun { id: run.id(), standing: standing(&place)?, folder: place })
    };
    plan.runs().into_iter().map(run).collect()
}

/// The folder of the study that begins with `plan`: where it has been begun, or else a new one, not made yet.
pub fn folder_for(home: &Path, kind: Kind, plan: &Plan) -> PathBuf {
    let same = |folder: &PathBuf| Plan::read(&kind.plan_file(folder)).is_ok_and(|other| other == *plan);
    if let Some(folder) = folders(home, kind).into_iter().find(same) {
        return folder;
    }
    let number = |folder: &PathBuf| folder.file_name()?.to_str()?.split(' ').next()?.parse::<u32>().ok();
    let last = folders_in(&home.join(STUDIES)).iter().filter_map(number).max().unwrap_or(0);
    home.join(STUDIES).join(format!("{:04} {}", last + 1, kind.name()))
}

/// The study of this kind that was started last.
pub fn latest(home: &Path, kind: Kind) -> Option<PathBuf> {
    let mut found: Vec<(f64, PathBuf)> = folders(home, kind)
        .into_iter()
        .filter_map(|folder| Some((age(&kind.plan_file(&folder))?, folder)))
        .collect();
    found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    found.into_iter().next().map(|(_, folder)| folder)
}

/// Makes the study in `folder`, if it is there, the one that was started last.
pub fn start_again(kind: Kind, folder: &Path) -> Result<(), FileError> {
    let path = kind.plan_file(folder);
    match exists(&path) {
        true => write_atomically(&path, &read(&path)?),
        false => Ok(()),
    }
}

/// The folders of the studies of this kind.
fn folders(home: &Path, kind: Kind) -> Vec<PathBuf> {
    let name = kind.name();
    let is = |folder: &PathBuf| {
        let said = folder.file_name().and_then(|name| name.to_str()?.split_once(' '));
        said.is_some_and(|(_, rest)| rest == name)
    };
    folders_in(&home.join(STUDIES)).into_iter().filter(is).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_study_is_found_by_its_plan_and_the_last_one_by_its_start() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("plan.toml");
        let plan = |seed: u64| {
            std::fs::write(&file, format!("seeds = [{seed}]\n")).unwrap();
            Plan::read(&file).unwrap()
        };
        let (one, two) = (plan(1), plan(2));
        assert_eq!(latest(home.path(), Kind::Race), None);
        let first = folder_for(home.path(), Kind::Race, &one);
        assert!(first.ends_with("studies/0001 race"));
        one.settle(&first).unwrap();
        let second = folder_for(home.path(), Kind::Race, &two);
        assert!(second.ends_with("studies/0002 race"));
        two.settle(&second).unwrap();
        assert!(folder_for(home.path(), Kind::Figure(2), &one).ends_with("studies/0003 figure 2"));
        assert_eq!(latest(home.path(), Kind::Figure(2)), None);
        assert_eq!(folder_for(home.path(), Kind::Race, &one), first);
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
        for folder in [&first, &second] {
            std::fs::File::open(folder.join(PLAN_FILE)).unwrap().set_modified(old).unwrap();
        }
        start_again(Kind::Race, &first).unwrap();
        assert_eq!(latest(home.path(), Kind::Race), Some(first.clone()));
        let studied = Studied::read(Kind::Race, &first).unwrap();
        assert_eq!((studied.runs.len(), studied.is_done()), (1, false));
        assert_eq!((studied.runs[0].id.as_str(), studied.runs[0].standing), ("run-1", Standing::Missing));
    }
}
