//! What is grown, from which images.

use super::entry::{MOST_COUNTED, choose, flag, limit, list, listed, setting, whole};
use crate::data::Labels;
use crate::lab::settings::{NONE, Setting, Value};
use crate::network::{PRESETS, preset};

/// In the order of the setup dialog.
pub static SETTINGS: &[Setting] = &[
    setting("preset", "Seed network", PRESET, "Small, so that growing it shows something"),
    setting(
        "network",
        "Saved network",
        NETWORK,
        "A run's network, or another program's as ONNX, to start from its layers instead of the seed network's",
    )
    .advanced(),
    setting(
        "inherit",
        "Keep its weights",
        flag!(inherit),
        "Starts with the saved network's weights too, not only its layers",
    )
    .advanced(),
    setting(
        "seed",
        "Seed",
        whole!(0..=u64::MAX, seed),
        "Names every random choice: the same number gives the same run",
    ),
    setting(
        "data.dir",
        "Images",
        DIR,
        "CIFAR-10, CIFAR-100 or MNIST as their authors offer them, a folder of pictures for each class, or a table (CSV); \
         without one, the built-in part of CIFAR-10",
    ),
    setting(
        "data.classes",
        "Classes",
        CLASSES,
        "The classes to keep; fewer are easier to tell apart",
    ),
    setting("data.labels", "Labels", LABELS, "CIFAR-100 has 100 fine classes in 20 coarse ones").advanced(),
    setting(
        "data.train",
        "Images to train on",
        limit!(0..=MOST_COUNTED, 1_000, data.train),
        "All there are, if not limited",
    ),
    setting(
        "data.validation",
        "Validation images",
        limit!(0..=MOST_COUNTED, 250, data.validation),
        "Taken from the training images, to choose scales and changes by; without a limit, a quarter of the images to \
         train on if those are limited, else a fifth of all",
    )
    .advanced(),
    setting(
        "data.held-out",
        "Images held out",
        limit!(0..=MOST_COUNTED, 500, data.held_out),
        "Never learned or chosen from; every gain is reported on these, and more make surer numbers",
    ),
];

const PRESET: Value = Value::Text {
    expected: || {
        let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
        format!("{}, or layers such as 8-8-M-16", names.join(", "))
    },
    get: |config| config.preset.clone(),
    set: |config, text| {
        let known = preset(text, 10).is_ok();
        if known {
            text.clone_into(&mut config.preset);
        }
        known
    },
};

const NETWORK: Value = Value::Text {
    expected: || format!("a run's folder, a .safetensors or an .onnx file, or {NONE}"),
    get: |config| config.network.as_ref().map_or(NONE.to_owned(), |network| network.display().to_string()),
    set: |config, text| {
        config.network = (text != NONE).then(|| text.into());
        !text.is_empty()
    },
};

const DIR: Value = Value::Text {
    expected: || format!("a folder, archive or table, or {NONE}"),
    get: |config| config.data.dir.as_ref().map_or(NONE.to_owned(), |folder| folder.display().to_string()),
    set: |config, text| {
        config.data.dir = (text != NONE).then(|| text.into());
        !text.is_empty()
    },
};

const CLASSES: Value = Value::Text {
    expected: || format!("names or numbers such as cat,dog or 3,5, or {NONE} for all"),
    // A blank in a name would end it in a list; the names take an underscore for it.
    get: |config| listed(config.data.classes.as_deref()).replace(' ', "_"),
    set: |config, text| {
        let read = |parts: Vec<String>| parts.iter().map(|part| part.parse()).collect::<Result<_, _>>();
        let Ok(classes) = list(text).map(read).transpose();
        config.data.classes = classes;
        true
    },
};

const LABELS: Value = Value::Choice {
    names: || vec![("fine", "fine"), ("coarse", "coarse")],
    get: |config| match config.data.labels {
        Labels::Fine => "fine",
        Labels::Coarse => "coarse",
    },
    set: |config, name| {
        let found = [("fine", Labels::Fine), ("coarse", Labels::Coarse)];
        choose(&mut config.data.labels, &found, name)
    },
};
