//! The values of events: scalars, histograms, pictures, settings.

use std::collections::BTreeMap;

use prost::Message;

use super::event_file::now;
use super::proto::{
    Content, Dimension, FLOAT, HParams, Histogram, Image, Metadata, PluginData, STRING, SessionStart,
    Setting, SettingKind, Shape, TENSORS, Tensor, Value,
};
use crate::lab::Config;
use crate::plot::{Picture, pixels, png};

/// Buckets of a histogram.
const BUCKETS: usize = 30;
/// Pixels a point of a picture.
const SCALE: f32 = 1.5;

/// A number.
pub fn scalar(tag: &str, number: f64) -> Value {
    Value { tag: tag.to_owned(), metadata: None, content: Some(Content::Scalar(number as f32)) }
}

/// How numbers, of which there is one at least, are distributed.
pub fn histogram(tag: &str, numbers: &[f64]) -> Value {
    let min = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let max = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Equal numbers have one bucket around them.
    let width = if max > min { (max - min) / BUCKETS as f64 } else { 1.0 };
    let mut bucket = vec![0.0; BUCKETS];
    for number in numbers {
        bucket[(((number - min) / width) as usize).min(BUCKETS - 1)] += 1.0;
    }
    let histogram = Histogram {
        min,
        max,
        num: numbers.len() as f64,
        sum: numbers.iter().sum(),
        sum_squares: numbers.iter().map(|number| number * number).sum(),
        bucket_limit: (1..=BUCKETS).map(|edge| min + width * edge as f64).collect(),
        bucket,
    };
    Value { tag: tag.to_owned(), metadata: None, content: Some(Content::Histogram(histogram)) }
}

/// A picture, on a light ground.
pub fn picture(tag: &str, picture: &Picture) -> Value {
    let pixels = pixels(&picture.page(), false, SCALE);
    let image = Image {
        height: pixels.height as i32,
        width: pixels.width as i32,
        colorspace: 3,
        encoded_image_string: png(&pixels),
    };
    Value { tag: tag.to_owned(), metadata: None, content: Some(Content::Image(image)) }
}

/// All settings, for people.
pub fn text(tag: &str, config: &Config) -> Value {
    let toml = toml::to_string(config).expect("plain data serialises");
    let tensor = Tensor {
        dtype: STRING,
        tensor_shape: Some(Shape { dim: vec![Dimension { size: 1 }] }),
        float_val: vec![],
        string_val: vec![format!("```toml\n{toml}```\n").into_bytes()],
    };
    shown_by("text", vec![], tag, tensor, TENSORS)
}

/// All settings, for the plugin that compares runs by them; the metrics are the scalars of the run.
pub fn hyper_parameters(config: &Config) -> Value {
    let mut settings = BTreeMap::new();
    collect("", &serde_json::json!(config), &mut settings);
    let start = SessionStart { hparams: settings, start_time_secs: now() };
    let content = HParams { session_start_info: Some(start) }.encode_to_vec();
    // A value needs a tensor, which this plugin does not read.
    let tensor = Tensor {
        dtype: FLOAT,
        tensor_shape: Some(Shape { dim: vec![Dimension { size: 1 }] }),
        float_val: vec![0.0],
        string_val: vec![],
    };
    shown_by("hparams", content, "_hparams_/session_start_info", tensor, 0)
}

fn shown_by(plugin: &str, content: Vec<u8>, tag: &str, tensor: Tensor, data_class: i32) -> Value {
    let plugin_data = Some(PluginData { plugin_name: plugin.to_owned(), content });
    let metadata = Some(Metadata { plugin_data, data_class });
    Value { tag: tag.to_owned(), metadata, content: Some(Content::Tensor(tensor)) }
}

/// The settings below `name`, by their dotted names; lists as texts.
fn collect(name: &str, value: &serde_json::Value, settings: &mut BTreeMap<String, Setting>) {
    let kind = match value {
        serde_json::Value::Object(members) => {
            for (member, value) in members {
                let name = if name.is_empty() { member.clone() } else { format!("{name}.{member}") };
                collect(&name, value, settings);
            }
            return;
        }
        serde_json::Value::Null => return,
        serde_json::Value::Number(number) => SettingKind::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::Bool(flag) => SettingKind::Flag(*flag),
        serde_json::Value::String(text) => SettingKind::Text(text.clone()),
        list => SettingKind::Text(list.to_string()),
    };
    settings.insert(name.to_owned(), Setting { kind: Some(kind) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_a_bucket_that_it_fits() {
        let numbers = [-2.0, -1.0, 0.5, 0.5, 4.0];
        let Some(Content::Histogram(found)) = histogram("gains", &numbers).content else { panic!() };
        assert_eq!(
            (found.min, found.max, found.num, found.sum, found.sum_squares),
            (-2.0, 4.0, 5.0, 2.0, 21.5)
        );
        for (index, (limit, count)) in found.bucket_limit.iter().zip(&found.bucket).enumerate() {
            let low = if index == 0 { f64::NEG_INFINITY } else { found.bucket_limit[index - 1] };
            // The last bucket has its upper end as well.
            let inside = |number: &&f64| **number >= low && (**number < *limit || index + 1 == BUCKETS);
            assert_eq!(numbers.iter().filter(inside).count() as f64, *count, "{low} to {limit}");
        }
        let Some(Content::Histogram(equal)) = histogram("gains", &[0.5; 3]).content else { panic!() };
        assert_eq!((equal.bucket[0], equal.bucket.iter().sum::<f64>()), (3.0, 3.0));
    }

    #[test]
    fn settings_have_their_dotted_names() {
        let mut settings = BTreeMap::new();
        collect("", &serde_json::json!(Config::default()), &mut settings);
        let number = |name: &str| match settings[name].kind {
            Some(SettingKind::Number(number)) => number,
            ref other => panic!("{name}: {other:?}"),
        };
        assert_eq!(number("training.epochs"), Config::default().training.epochs as f64);
        assert!(matches!(settings["confirm"].kind, Some(SettingKind::Flag(_))));
        assert!(
            matches!(&settings["families"].kind, Some(SettingKind::Text(text)) if text.contains("split"))
        );
    }
}
