"""The shipped model: an encoder of texts that also reads a question and a passage together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import FootnoteError

__all__ = [
    "DIMENSIONS",
    "MeaningNotInstalledError",
    "MeaningUnavailableError",
    "Model",
    "Vectors",
    "knows",
]

FOLDER = Path(__file__).parent
LANGUAGE = "en"
DIMENSIONS = 384
MOST_TOKENS = 96
"""Of a text, or of a question and a passage together; what is longer is read from its start."""
TOGETHER = 8
"""Texts that are read at once: of like length, since the short ones are padded."""

Vectors = NDArray[np.float32]


class MeaningUnavailableError(FootnoteError):
    """The model cannot be run, as where its file is not as it was shipped."""


class MeaningNotInstalledError(MeaningUnavailableError):
    """What runs the model, the extra `meaning`, is not installed."""


class Model:
    """The model in `folder`, checked against the digest beside it, on one thread.

    Raises MeaningUnavailableError. May be used by several threads.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        if not all(map(find_spec, ("onnxruntime", "tokenizers"))):
            raise MeaningNotInstalledError(
                "what passages mean needs one more package; install it with: pip install "
                "'footnote[meaning]' (from a checkout: pip install -e '.[meaning]')"
            )
        try:
            import onnxruntime  # noqa: PLC0415 - of the extra
            from tokenizers import Tokenizer  # noqa: PLC0415
        except ImportError as error:
            raise MeaningUnavailableError(f"what runs the model does not load: {error}") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        content = _checked(folder)
        try:
            self._session: Any = onnxruntime.InferenceSession(
                content["model.onnx"], options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer: Any = Tokenizer.from_str(content["tokenizer.json"].decode())
        except Exception as error:  # noqa: BLE001 - each library has errors of its own
            raise MeaningUnavailableError(f"the model does not load: {error}") from None
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, of length one, shape (texts, DIMENSIONS)."""
        return self._run("vector", [(text,) for text in texts], (DIMENSIONS,))

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """How well each passage answers the question, in log-odds, shape (passages,)."""
        return self._run("score", [(question, passage) for passage in passages], ())

    def _run(self, output: str, texts: list[Any], shape: tuple[int, ...]) -> NDArray[np.float32]:
        # One by one: a batch would start as many threads as there are cores.
        encoded = [self._tokenizer.encode(*map(_well_formed, text)) for text in texts]
        found = np.zeros((len(texts), *shape), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(encoded[at].ids))
        for start in range(0, len(order), TOGETHER):
            some = order[start : start + TOGETHER]
            longest = len(encoded[some[-1]].ids)
            table = np.zeros((3, len(some), longest), dtype=np.int64)
            for row, at in enumerate(some):
                one = encoded[at]
                table[:, row, : len(one.ids)] = one.ids, one.type_ids, one.attention_mask
            inputs = dict(zip(("ids", "kinds", "mask"), table, strict=True))
            found[some] = self._session.run([output], inputs)[0]
        return found


def knows(languages: Collection[str]) -> bool:
    """Whether documents in these languages can be read; with any other, words alone are asked."""
    return set(languages) == {LANGUAGE}


def _well_formed(text: str) -> str:
    """Text without lone surrogates, which cannot be encoded."""
    return text.encode("utf-8", "replace").decode()


def _checked(folder: Path) -> dict[str, bytes]:
    """The model's files by name. Raises MeaningUnavailableError for one not as it was shipped."""
    try:
        digests = json.loads((folder / "digests.json").read_text(encoding="utf-8"))
        content = {name: (folder / name).read_bytes() for name in digests}
    except (OSError, ValueError) as error:
        raise MeaningUnavailableError(f"the model cannot be read ({error})") from None
    for name, digest in digests.items():
        if hashlib.sha256(content[name]).hexdigest() != digest:
            reason = f"{folder / name} is not as it was shipped; install Footnote again"
            raise MeaningUnavailableError(reason)
    return content
