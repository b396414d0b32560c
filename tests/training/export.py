"""The model that has learned, as ONNX in 8 bits, with its words and its digest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model

from tests.training.model import Model, base_tokenizer, batched

__all__ = ["export"]

INPUTS = ["ids", "kinds", "mask"]
OUTPUTS = ["vector", "score"]
OPSET = 17


def export(model: Model, folder: Path) -> None:
    """Write model.onnx, tokenizer.json and their digests into `folder`."""
    example = batched(base_tokenizer(), [("who wrote it?", "She wrote it."), ("when?", "In 1965.")])
    axes = {name: {0: "texts", 1: "tokens"} for name in INPUTS} | {
        name: {0: "texts"} for name in OUTPUTS
    }
    with TemporaryDirectory() as made:
        plain, fused = Path(made) / "plain.onnx", Path(made) / "fused.onnx"
        torch.onnx.export(
            model.eval(),
            (example.ids, example.kinds, example.mask),
            plain,
            input_names=INPUTS,
            output_names=OUTPUTS,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
        config = model.encoder.config
        optimised = optimize_model(
            str(plain), "bert", num_heads=config.num_attention_heads, hidden_size=config.hidden_size
        )
        optimised.save_model_to_file(str(fused))
        written = folder / "model.onnx"
        # Seven bits a weight: with eight, machines without VNNI overflow and read otherwise.
        quantize_dynamic(
            fused,
            written,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    onnx.checker.check_model(str(written))
    tokenizer = base_tokenizer()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    digests = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("model.onnx", "tokenizer.json")
    }
    (folder / "digests.json").write_text(f"{json.dumps(digests, indent=2)}\n", encoding="utf-8")
