use super::*;
use crate::lesson::{built_in, names};

const HEAD: &str = "title = \"T\"\nsummary = \"S\"\nminutes = 5\n[settings]\nrounds = 1\n";

fn step(fields: &str) -> Result<Lesson, String> {
    let text = format!("{HEAD}[[step]]\nname = \"one\"\ntitle = \"Q\"\ntext = \"A.\"\n{fields}\n");
    Lesson::parse("l", "l.toml", &text).map_err(|error| error.to_string())
}

#[test]
fn every_lesson_that_comes_with_the_program_is_sound_and_short() {
    for name in names() {
        let lesson = built_in(name).unwrap().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(lesson.name, name);
        assert!((1..=20).contains(&lesson.minutes) && lesson.language == "en", "{name}");
        for step in &lesson.steps {
            assert!(
                step.text.len() <= 4 && !step.right.is_empty() | (step.ask == Ask::Read),
                "{}",
                step.name
            );
            assert!(step.text.iter().all(|part| part.split(' ').count() < 75), "{name}: {}", step.name);
        }
        assert!(matches!(lesson.steps.last().map(|step| &step.ask), Some(Ask::Write { .. })), "{name}");
    }
    assert!(built_in("nothing").is_none());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/lessons");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .collect();
    let mut known: Vec<&str> = names().collect();
    files.sort();
    known.sort();
    assert_eq!(files, known, "each file is offered");
}

#[test]
fn the_first_lesson_has_the_steps_that_links_lead_to() {
    let lesson = built_in("first").unwrap().unwrap();
    let asks: Vec<&str> = lesson.steps.iter().map(|step| step.ask.name()).collect();
    let expected = [
        "candidate",
        "number",
        "choose",
        "vote",
        "order",
        "candidate",
        "scale",
        "choose",
        "pick",
        "do",
        "choose",
        "write",
    ];
    assert_eq!(asks, expected);
    assert_eq!((lesson.place("beat"), lesson.place("2"), lesson.place("0")), (Some(8), Some(1), None));
    assert_eq!((lesson.place("nothing"), lesson.place("13")), (None, None));
    assert_eq!(lesson.steps[0].on, On::Recorded);
    assert_eq!(lesson.steps[1].on, On::Run);
    let race = lesson.race_before(10).unwrap();
    assert_eq!((race.entrants[0].settings.rounds, race.entrants[1].settings.rounds), (1, 0));
    assert_eq!(race.entrants[1].settings.preset, "6-M-8-M-8", "what it does not change stays");
    assert!(lesson.race_before(8).is_none());
}

#[test]
fn what_is_wrong_is_named_by_file_step_and_field() {
    for (fields, parts) in [
        ("ask = \"climb\"", ["field \"ask\"", "\"climb\"", "read, do, choose"]),
        ("", ["field \"ask\"", "nothing", "one of read"]),
        ("ask = \"read\"\nasks = 3", ["field \"asks\"", "found 3", "no such field here, only name, title"]),
        ("ask = \"read\"\nneeds = \"lunch\"", ["field \"needs\"", "\"lunch\"", "seed, train"]),
        ("ask = \"read\"\npoint-at = [\"nose\"]", ["field \"point-at\"", "\"nose\"", "play, stage"]),
        ("ask = \"read\"\nshow = \"moon\"", ["field \"show\"", "\"moon\"", "cloud, curves"]),
        ("ask = \"read\"\non = \"recorded\"", ["field \"on\"", "recorded", "a recorded run in the lesson"]),
        ("ask = \"read\"\nright = \"{truth}\"", ["field \"right\"", "{truth}", "{answer}"]),
        ("ask = \"read\"\nhint = \"{x}\"", ["field \"hint\"", "{x}", "no braces"]),
        ("ask = \"choose\"\noptions = [\"a\", \"a\"]", ["field \"options\"", "1 different", "two or more"]),
        ("ask = \"choose\"\noptions = [\"a\", \"b\"]\nanswer = 3", ["field \"answer\"", "found 3", "1 to 2"]),
        (
            "ask = \"choose\"\noptions = [\"a\", \"b\"]\ncheck = \"answer\"\nwrong = \"w\"",
            ["field \"answer\"", "nothing", "the right answer"],
        ),
        ("ask = \"number\"\ncheck = \"largest-error\"", ["field \"check\"", "largest-error", "chance-level"]),
        ("ask = \"number\"\nanswer = 3", ["field \"wrong\"", "nothing", "a wrong answer"]),
        ("ask = \"number\"\nwithin = -1", ["field \"within\"", "-1", "from 0"]),
        ("ask = \"candidate\"\nof = \"two\"", ["field \"of\"", "\"two\"", "an earlier step"]),
        ("ask = \"do\"\nuntil = \"race\"", ["field \"entrant\"", "0 of them", "two or more"]),
        ("ask = \"do\"", ["field \"until\"", "nothing", "a stage, or race"]),
        ("ask = \"pick\"\nmost = 0", ["field \"most\"", "found 0", "a whole number from 1"]),
        (
            "ask = \"choose\"\noptions = [\"a\", \"b\"]\ncheck = \"race-winner\"\nwrong = \"w\"",
            ["field \"check\"", "without a race", "an earlier step"],
        ),
    ] {
        let message = step(fields).expect_err(fields);
        assert!(message.starts_with("l.toml: step 1 \"one\": "), "{message}");
        assert!(parts.iter().all(|part| message.contains(part)), "{fields}: {message}");
    }
    for (text, parts) in [
        ("title = 3", ["l.toml: field \"title\"", "found 3", "a text in quotes"]),
        ("title = \"\"", ["field \"title\"", "an empty text", "some words"]),
        ("title = ", ["l.toml: ", "line 1", "title"]),
    ] {
        let message = Lesson::parse("l", "l.toml", text).unwrap_err().to_string();
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
    for (head, parts) in [
        (HEAD.replace("rounds = 1", "rouns = 1"), ["field \"settings\"", "rouns", "docs/settings.md"]),
        (
            HEAD.replace("rounds = 1", "training.batch = 0"),
            ["field \"settings.training.batch\"", "found 0", "from 2"],
        ),
        (HEAD.replace("[settings]\nrounds = 1", ""), ["\"settings\"", "neither", "one of them"]),
        (HEAD.replace("minutes = 5", "minutes = 601"), ["\"minutes\"", "601", "1 to 600"]),
        (HEAD.to_owned(), ["\"step\"", "none", "at least one"]),
    ] {
        let message = Lesson::parse("l", "l.toml", &head).unwrap_err().to_string();
        assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    }
}

#[test]
fn two_steps_cannot_have_one_name() {
    let twice = "ask = \"read\"\n[[step]]\nname = \"one\"\ntitle = \"Q\"\ntext = \"A.\"\nask = \"read\"";
    let message = step(twice).unwrap_err();
    assert!(message.contains("step 2 \"one\"") && message.contains("no other step has"), "{message}");
    let numbered = step("ask = \"read\"").unwrap();
    assert_eq!(numbered.steps[0].check, Check::Kept);
    let message = Lesson::parse(
        "l",
        "l.toml",
        &format!("{HEAD}[[step]]\nname = \"12\"\ntitle = \"Q\"\ntext = \"A.\"\nask = \"read\""),
    );
    assert!(message.unwrap_err().to_string().contains("small letters"), "a number would be a place");
}

#[test]
fn every_field_and_check_is_in_the_teachers_notes() {
    let notes =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/workshop.md")).unwrap();
    for name in Check::ALL.map(Check::name).into_iter().chain(Ask::NAMES) {
        assert!(notes.contains(&format!("\n| `{name}` | ")), "{name}");
    }
    // The tabs stand there as the names of panels.
    for name in crate::lesson::Place::ALL.map(crate::lesson::Place::name) {
        assert!(notes.contains(&format!("`{name}`")), "{name}");
    }
    for value in Check::ALL.into_iter().flat_map(|check| check.values()) {
        assert!(notes.contains(&format!("{{{value}}}")), "{value}");
    }
}

#[test]
fn paragraphs_are_parted_by_blank_lines() {
    assert_eq!(paragraphs("\nOne\nline.\n\n\nTwo.\n"), ["One line.", "Two."]);
}

#[test]
fn lessons_of_strangers_are_survived() {
    let seeds: Vec<Vec<u8>> = names()
        .map(|name| {
            std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/lessons/{name}.toml")))
        })
        .map(Result::unwrap)
        .collect();
    crate::mutation_tests::survive("lessons", &seeds, |input| {
        let _ = Lesson::parse("l", "l.toml", &String::from_utf8_lossy(input));
    });
}
