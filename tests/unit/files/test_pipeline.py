from pathlib import Path

from visage.files.pipeline import wanted_deps, with_module_deps

TEXT = """\
# Why this file is as it is.
stages:
  one:
    desc: One
    cmd: python -m stages.one
    deps:
    # The user's.
    - ${data.root}
    - src/visage/gone.py  # soon
    - src/visage/heads/${model.head}.py
    - stages/one.py
# Below.
plots:
- one:
    x: epoch
"""


def rewritten(*modules: str) -> str:
    return with_module_deps(TEXT, lambda stage: [Path(module) for module in modules])


def test_modules_are_replaced_and_the_rest_stays() -> None:
    assert rewritten("src/visage/new.py", "stages/one.py") == TEXT.replace(
        "    - src/visage/gone.py  # soon\n    - src/visage/heads/${model.head}.py\n",
        "    - src/visage/heads/${model.head}.py\n    - src/visage/new.py\n",
    )


def test_a_list_that_is_right_stays_byte_for_byte() -> None:
    assert rewritten("src/visage/gone.py", "stages/one.py") == TEXT


def test_data_and_folders_are_kept() -> None:
    deps = ["constraints.txt", "data/faces", "src/visage/views"]
    assert wanted_deps(deps, [Path("stages/one.py")]) == [*deps, "stages/one.py"]


def test_a_file_in_a_named_folder_is_not_named_again() -> None:
    views = "src/visage/views"
    modules = [Path(f"{views}/identity.py"), Path("src/visage/views2.py")]
    assert wanted_deps([views], modules) == [views, "src/visage/views2.py"]
