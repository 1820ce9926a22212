"""Which commits have the code that a dvc.lock names, by the hashes of the files themselves.

A commit's id changes when a branch is rebased or squashed, its files don't. So a kept state names
no commit: whichever has the files will do.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from visage.files.md5 import md5_bytes, md5_folder
from visage.submission.git import GitError, git, git_bytes
from visage.submission.lock import Stage

CODE: Final = ("src", "stages", "constraints.txt")  # what of the stages' inputs Git keeps


def code_commits(root: Path, stages: Sequence[Stage]) -> list[str]:
    """Returns the commits of branches and tags that have what the stages read, newest first.

    Experiments are left out: they are what a clone does not have.
    """
    words = ("rev-list", "HEAD", "--branches", "--tags", "--remotes", "--full-history")
    commits = git(root, *words, "--", *CODE).split()
    trees = {commit: _blobs(root, commit) for commit in commits}
    hashes = _md5_of_blobs(root, {blob for tree in trees.values() for blob in tree.values()})
    wanted = _code(stages)
    return [commit for commit, tree in trees.items() if _fits(tree, wanted, hashes)]


def _code(stages: Iterable[Stage]) -> dict[str, str]:
    """The md5 of the files and folders of code that the stages read, by path."""
    read = {path: md5 for stage in stages for path, md5 in stage.deps.items()}
    return {path: md5 for path, md5 in read.items() if path.partition("/")[0] in CODE}


def _fits(tree: Mapping[str, str], wanted: Mapping[str, str], hashes: Mapping[str, str]) -> bool:
    return all(_md5(path, tree, hashes) == md5 for path, md5 in wanted.items())


def _md5(path: str, tree: Mapping[str, str], hashes: Mapping[str, str]) -> str | None:
    """The md5 of a file or, as DVC forms it, of a folder; None where a commit has neither."""
    if path in tree:
        return hashes[tree[path]]
    inside = f"{path}/"
    below = {name.removeprefix(inside): tree[name] for name in tree if name.startswith(inside)}
    return md5_folder({name: hashes[blob] for name, blob in below.items()}) if below else None


def _blobs(root: Path, commit: str) -> dict[str, str]:
    """The ids of a commit's files of code, by their paths below the project."""
    listed = git(root, "ls-tree", "-r", "-z", commit, "--", *CODE)
    rows = (row.split("\t", 1) for row in listed.split("\0") if row)
    return {path: about.split()[2] for about, path in rows}


def _md5_of_blobs(root: Path, blobs: Iterable[str]) -> dict[str, str]:
    """The md5 of each blob's content: one process for all of them."""
    names = "".join(f"{blob}\n" for blob in blobs).encode()
    out = git_bytes(root, "cat-file", "--batch", given=names)
    found, at = {}, 0
    while at < len(out):
        end = out.index(b"\n", at)
        blob, kind, *size = out[at:end].decode().split()
        if not size:
            raise GitError(
                f"{root}: object {blob} is {kind}, so the code of old commits can't be read; "
                "`git fetch` or another clone has it, `git fsck` names all"
            )
        at = end + 1 + int(size[0])
        found[blob] = md5_bytes(out[end + 1 : at])
        at += 1  # the line's end behind the content
    return found
