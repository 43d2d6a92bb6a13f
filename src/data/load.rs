//! From a configuration to the three parts.

use std::sync::Arc;

use super::catalogue::{Catalogue, Group};
use super::{Class, Data, DataConfig, DataError, Normalization, class, embedded, names, select, source};

/// Loads the images that `config` asks for and shares them out by `seed`: train and validation from the
/// training images, held-out from the test images, each balanced over the classes as far as their counts
/// allow and in the order of the source. Of images that come without test images, some are held out first.
///
/// # Errors
/// Files that are missing, unreadable, empty, cut off or of another layout; labels, classes and sizes that
/// the data set does not have.
pub fn load(config: &DataConfig, seed: u64) -> Result<Data, DataError> {
    let catalogue = match &config.dir {
        Some(dir) => source::catalogue(dir, config.labels)?,
        None => config.labels.only_fine().and_then(|()| embedded::catalogue())?,
    };
    let classes = match &config.classes {
        Some(classes) => class::numbers(classes, &catalogue.class_names)?,
        None => (0..catalogue.class_names.len() as u8).collect(),
    };
    check_classes(&classes, &catalogue)?;
    let catalogue = catalogue.with_split(config, &classes, seed)?;
    let available = |group| catalogue.labels(group).iter().filter(|label| classes.contains(label)).count();
    let (sizes, more) = select::sizes(config, available(Group::Training), available(Group::Test))?;
    let (train, validation) = select::choose(
        &catalogue.train,
        &classes,
        (sizes.train, sizes.validation),
        seed,
        "training images of a class",
    );
    let (held_out, _) =
        select::choose(&catalogue.test, &classes, (sizes.held_out, 0), seed, "test images of a class");
    let train = catalogue.images(Group::Training, &train, &classes)?;
    let validation = catalogue.images(Group::Training, &validation, &classes)?;
    let held_out = catalogue.images(Group::Test, &held_out, &classes)?;
    Ok(Data {
        name: catalogue.name,
        source: catalogue.source.into(),
        class_names: classes.iter().map(|&class| catalogue.class_names[usize::from(class)].clone()).collect(),
        normalization: Normalization::of(&train),
        train: Arc::new(train),
        validation: Arc::new(validation),
        held_out: Arc::new(held_out),
        sha256: catalogue.sha256,
        classes,
        notices: [catalogue.notices, more].concat(),
    })
}

impl DataConfig {
    /// The same with its classes by their numbers, as they are saved. Of a folder only the list of names is read.
    ///
    /// # Errors
    /// Classes that the data set does not have, and a folder whose names cannot be read.
    pub fn by_number(&self) -> Result<Self, DataError> {
        let Some(classes) = &self.classes else { return Ok(self.clone()) };
        let names = match &self.dir {
            Some(dir) => source::class_names(dir, self.labels)?,
            None => self.labels.only_fine().map(|()| names::owned(&names::CIFAR10))?,
        };
        Ok(Self { classes: Some(Class::numbers(&class::numbers(classes, &names)?)), ..self.clone() })
    }
}

/// Whether all chosen classes have images in each group that the source has.
fn check_classes(classes: &[u8], catalogue: &Catalogue) -> Result<(), DataError> {
    let groups = [(Group::Training, "training"), (Group::Test, "test")];
    for &class in classes {
        for &(group, part) in &groups[..if catalogue.has_split { 2 } else { 1 }] {
            if !catalogue.labels(group).contains(&class) {
                return Err(DataError::EmptyClass {
                    place: catalogue.place.clone(),
                    class,
                    name: catalogue.class_names[usize::from(class)].clone(),
                    part,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::data::Labels;
    use crate::data::{Images, PIXELS};

    fn counts(images: &Images, classes: u8) -> Vec<usize> {
        (0..classes).map(|class| images.labels.iter().filter(|&&label| label == class).count()).collect()
    }

    #[test]
    fn the_embedded_subset_is_shared_out_whole_and_balanced() {
        let data = load(&DataConfig::default(), 1).unwrap();
        assert_eq!((data.name.as_str(), data.source.as_str()), ("cifar10", "embedded"));
        assert_eq!(data.classes, (0..10).collect::<Vec<u8>>());
        assert_eq!(data.class_names[3], "cat");
        assert_eq!(counts(&data.train, 10), [160; 10]);
        assert_eq!(counts(&data.validation, 10), [40; 10]);
        assert_eq!(counts(&data.held_out, 10), [100; 10]);
        let train: BTreeSet<u32> = data.train.indices.iter().copied().collect();
        let validation: BTreeSet<u32> = data.validation.indices.iter().copied().collect();
        assert_eq!((train.len(), validation.len()), (1600, 400));
        assert!(train.is_disjoint(&validation));
        for part in [&data.train, &data.validation, &data.held_out] {
            assert!(part.indices.is_sorted());
            assert_eq!(part.pixels.len(), part.len() * PIXELS);
        }
        assert!(train.iter().all(|&index| index < 50_000));
        assert!(data.held_out.indices.iter().all(|&index| index < 10_000));
        // Known of CIFAR-10: means near 0.49, 0.48, 0.45 and deviations near 0.25.
        for (found, known) in data.normalization.mean.iter().zip([0.491, 0.482, 0.447]) {
            assert!((found - known).abs() < 0.02, "{found} {known}");
        }
        assert!(data.normalization.std.iter().all(|std| (0.22..0.29).contains(std)));
        assert!(data.notices.is_empty());
    }

    #[test]
    fn the_seed_alone_decides() {
        let config = DataConfig { train: Some(100), held_out: Some(50), ..DataConfig::default() };
        let (first, again, other) =
            (load(&config, 4).unwrap(), load(&config, 4).unwrap(), load(&config, 5).unwrap());
        let parts: [fn(&Data) -> &Images; 3] = [|d| &d.train, |d| &d.validation, |d| &d.held_out];
        for part in parts {
            let (first, again, other) = (part(&first), part(&again), part(&other));
            assert_eq!((&first.indices, &first.labels), (&again.indices, &again.labels));
            assert_eq!(first.pixels, again.pixels);
            assert_ne!(first.indices, other.indices);
        }
        assert_eq!(first.sha256, other.sha256);
        assert_eq!((first.train.len(), first.validation.len(), first.held_out.len()), (100, 25, 50));
    }

    #[test]
    fn labels_follow_the_order_of_the_classes() {
        let whole = load(&DataConfig { held_out: Some(1000), ..DataConfig::default() }, 1).unwrap();
        let config =
            DataConfig { classes: Some(Class::numbers(&[8, 3])), train: Some(320), ..DataConfig::default() };
        let data = load(&config, 1).unwrap();
        assert_eq!((&data.classes[..], data.class_names.join(" ").as_str()), (&[8, 3][..], "ship cat"));
        assert_eq!((counts(&data.train, 2), counts(&data.held_out, 2)), (vec![160; 2], vec![100; 2]));
        for (at, index) in data.held_out.indices.iter().enumerate() {
            let original = whole.held_out.indices.binary_search(index).unwrap();
            assert_eq!(whole.held_out.labels[original], [8, 3][usize::from(data.held_out.labels[at])]);
            assert_eq!(
                whole.held_out.pixels[original * PIXELS..][..PIXELS],
                data.held_out.pixels[at * PIXELS..][..PIXELS]
            );
        }
    }

    #[test]
    fn too_much_is_cut_with_a_notice_or_refused() {
        let ask = |train, validation| DataConfig { train, validation, ..DataConfig::default() };
        let data = load(&ask(Some(2000), None), 1).unwrap();
        assert_eq!((data.train.len(), data.validation.len(), data.notices.len()), (1600, 400, 1));
        assert!(data.notices[0].starts_with("2000 of the 2000 training images were asked for"));
        assert!(load(&ask(Some(2000), Some(1)), 1).is_err());
    }

    #[test]
    fn wrong_classes_are_named() {
        let config = DataConfig { classes: Some(Class::numbers(&[1, 10])), ..DataConfig::default() };
        let message = load(&config, 1).unwrap_err().to_string();
        assert!(
            message.starts_with("classes: found 10, expected names or numbers of 0 airplane"),
            "{message}"
        );
        let coarse = DataConfig { labels: Labels::Coarse, ..DataConfig::default() };
        assert!(matches!(load(&coarse, 1), Err(DataError::NoCoarseLabels)));
    }

    #[test]
    fn unknown_settings_are_refused() {
        let config: DataConfig = toml::from_str("labels = \"coarse\"\nheld-out = 5").unwrap();
        assert_eq!((config.labels, config.held_out, config.train), (Labels::Coarse, Some(5), None));
        assert!(toml::from_str::<DataConfig>("heldout = 5").unwrap_err().to_string().contains("heldout"));
        assert!(toml::from_str::<DataConfig>("train = -5").is_err());
    }
}
