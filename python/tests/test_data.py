import numpy as np
import pytest
import seedling
from conftest import CLASSES


def test_parts_share_no_image_and_have_the_shapes_that_are_said(data):
    assert data.class_names == CLASSES
    for part, count in [("train", 200), ("validation", 50), ("held-out", 90)]:
        images, labels = data.images(part), data.labels(part)
        assert images.shape == (count, 3, 32, 32) and images.dtype == np.uint8
        assert labels.shape == (count,) and set(labels) == {0, 1, 2}
    assert not set(data.indices("train")) & set(data.indices("validation"))
    mean, std = data.normalization
    pixels = data.images("train") / 255
    assert np.allclose(pixels.mean((0, 2, 3)), mean, atol=1e-6) and np.allclose(pixels.std((0, 2, 3)), std, atol=1e-6)


def test_arrays_of_either_layout_are_the_same_data(data):
    part = lambda name: (data.images(name), data.labels(name))
    last = lambda name: (data.images(name).transpose(0, 2, 3, 1), list(data.labels(name)))
    first = seedling.Data.from_arrays(part("train"), part("held-out"), part("validation"), CLASSES)
    second = seedling.Data.from_arrays(last("train"), last("held-out"), last("validation"), CLASSES)
    assert first.sha256 == second.sha256 != data.sha256
    assert np.array_equal(second.images("train"), data.images("train"))
    assert np.array_equal(second.normalization[0], data.normalization[0])


def test_without_a_validation_part_every_fifth_image_is_one(data):
    images, labels = data.images("train"), data.labels("train")
    own = seedling.Data.from_arrays((images, labels), (images[:9], labels[:9]))
    assert np.array_equal(own.images("validation"), images[4::5])
    assert np.array_equal(own.labels("train"), np.delete(labels, np.s_[4::5]))
    assert own.class_names == ["0", "1", "2"]


def test_what_does_not_fit_is_named(data):
    images, labels = data.images("held-out"), data.labels("held-out")
    part = (images, labels)
    with pytest.raises(seedling.SeedlingError, match="class.* \"dragon\""):
        seedling.load_data(classes=["cat", "dragon"])
    with pytest.raises(seedling.SeedlingError, match="part: found \"test\", expected \"train\""):
        data.images("test")
    with pytest.raises(seedling.SeedlingError, match=r"train, images: found shape \[90, 3, 16, 32\]"):
        seedling.Data.from_arrays((images[:, :, ::2], labels), part)
    with pytest.raises(seedling.SeedlingError, match="held-out, labels: found -1, expected 0 to 2"):
        seedling.Data.from_arrays(part, (images, labels - 1))
    with pytest.raises(seedling.SeedlingError, match="train, pixels: found"):
        seedling.Data.from_arrays((images, labels[:-1]), part, part)
    with pytest.raises(TypeError):
        seedling.Data.from_arrays((images.astype("float32"), labels), part)
