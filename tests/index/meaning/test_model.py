"""The shipped model: as it was shipped, small, and telling what it was made to tell."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from index.meaning import MeaningNotInstalledError, MeaningUnavailableError, Model
from index.meaning.model import DIMENSIONS, FOLDER

FILES = ("model.onnx", "tokenizer.json", "digests.json")
MOST_BYTES = 25_000_000

pytest.importorskip("onnxruntime")
pytest.importorskip("tokenizers")


@pytest.fixture(scope="module", name="model")
def _model() -> Model:
    return Model()


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def test_it_is_small_and_has_its_card() -> None:
    assert sum((FOLDER / name).stat().st_size for name in FILES) < MOST_BYTES
    assert (FOLDER / "MODEL.md").exists()


def test_vectors_have_the_length_one_and_do_not_depend_on_their_company(model: Model) -> None:
    alone = model.vectors(["What does it cost?"])
    together = model.vectors(["What does it cost?", "A passage of some more words. " * 9])
    assert alone.shape == (1, DIMENSIONS)
    assert np.linalg.norm(together, axis=1) == pytest.approx([1.0, 1.0], abs=1e-3)
    assert float(alone[0] @ together[0]) > 0.98


def test_nothing_and_very_much_can_be_read(model: Model) -> None:
    assert model.vectors(["", "word " * 5000]).shape == (2, DIMENSIONS)
    assert np.isfinite(model.scores("?", ["", "word " * 5000])).all()


def test_what_cannot_be_encoded_is_read_all_the_same(model: Model) -> None:
    assert np.isfinite(model.vectors(["a lamp \udcff"])).all()
    assert np.isfinite(model.scores("\ud800", ["a lamp \udcff"])).all()


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (
            "who painted the ceiling of the chapel?",
            "The ceiling of the chapel was painted by Michelangelo.",
            "The chapel is open from Monday to Saturday.",
        ),
        (
            "whats the fine if im late",
            "A loan that is returned after its due date costs two crowns a day.",
            "The library is on the second floor of the town hall.",
        ),
        (
            "when do you close",
            "Opening hours are from nine in the morning until six in the evening.",
            "The building was finished by the architect Anna Berg.",
        ),
    ],
)
def test_what_answers_is_nearer_and_read_as_the_better_answer(
    model: Model, question: str, right: str, wrong: str
) -> None:
    near, far = model.vectors([right, wrong]) @ model.vectors([question])[0]
    better, worse = model.scores(question, [right, wrong])
    assert near > far
    assert better > worse


def test_a_file_that_is_not_as_it_was_shipped_is_refused(folder: Path) -> None:
    content = bytearray((folder / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.onnx").write_bytes(content)
    with pytest.raises(MeaningUnavailableError, match=r"model\.onnx is not as it was shipped"):
        Model(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(MeaningUnavailableError, match=name.replace(".", r"\.")):
        Model(folder)


def test_what_is_no_model_is_refused_in_words(folder: Path) -> None:
    content = b"no model"
    (folder / "model.onnx").write_bytes(content)
    digests = json.loads((folder / "digests.json").read_text())
    digests["model.onnx"] = hashlib.sha256(content).hexdigest()
    (folder / "digests.json").write_text(json.dumps(digests))
    with pytest.raises(MeaningUnavailableError, match="the model does not load"):
        Model(folder)


def test_without_its_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.meaning.model.find_spec", lambda _: None)
    with pytest.raises(MeaningNotInstalledError, match=r"footnote\[meaning\]"):
        Model()


def test_what_runs_it_may_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.meaning.model.find_spec", lambda _: True)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(MeaningUnavailableError, match="does not load") as caught:
        Model()
    assert not isinstance(caught.value, MeaningNotInstalledError)
