"""Files, folders, patterns and a list mean photos."""

import errno
import os
from pathlib import Path

import pytest

from visage.photos.listing import NoPhotosError, list_photos
from visage.photos.reading import PhotoError, read_photo

Factory = pytest.TempPathFactory


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("b.jpg", "a.PNG", "deep/c.webp", "notes.txt", "odd[1].jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*words: str, listed: tuple[str, ...] = ()) -> list[str]:
    return [path.as_posix() for path in list_photos(words, listed=listed)]


@pytest.mark.usefixtures("folder")
class TestInAFolder:
    def test_a_folder_means_the_photos_in_and_below_it_by_name(self) -> None:
        assert names(".") == ["a.PNG", "b.jpg", "deep/c.webp", "odd[1].jpg"]

    def test_a_file_is_taken_whatever_its_name(self) -> None:
        assert names("notes.txt") == ["notes.txt"]

    def test_a_missing_file_is_kept_for_its_row(self) -> None:
        assert names("gone.jpg") == ["gone.jpg"]

    def test_a_pattern_means_what_it_matches(self) -> None:
        assert names("*.jpg") == ["b.jpg", "odd[1].jpg"]
        assert names("**/*.webp") == ["deep/c.webp"]

    def test_a_file_whose_name_looks_like_a_pattern_is_a_file(self) -> None:
        assert names("odd[1].jpg") == ["odd[1].jpg"]

    def test_a_dash_means_the_list_with_its_spaces_and_without_empty_lines(self) -> None:
        assert names("-", listed=("b.jpg\n", "\n", "my photo.jpg\r\n")) == ["b.jpg", "my photo.jpg"]

    def test_a_photo_named_twice_is_read_once(self) -> None:
        assert names("b.jpg", "*.jpg") == ["b.jpg", "odd[1].jpg"]

    @pytest.mark.parametrize(
        ("word", "said"), [("*.gif", "nothing matches"), ("empty", "holds no photos")]
    )
    def test_a_mistake_is_said_at_once(self, word: str, said: str) -> None:
        Path("empty").mkdir()
        with pytest.raises(NoPhotosError, match=said):
            names(word)

    def test_an_empty_list_is_said(self) -> None:
        with pytest.raises(NoPhotosError, match="no photos: name files"):
            names("-")

    def test_an_empty_word_is_not_the_current_folder(self) -> None:
        with pytest.raises(NoPhotosError, match="the current folder is ."):
            names("b.jpg", "")

    def test_links_in_loops_give_each_photo_once(self) -> None:
        for link in ("again", "deep/up", "deep/here"):
            Path(link).symlink_to(Path.cwd())
        assert names(".") == ["a.PNG", "b.jpg", "deep/c.webp", "odd[1].jpg"]
        assert names("**/*.jpg") == ["b.jpg", "odd[1].jpg"]
        assert names("**/*.webp") == ["deep/c.webp"]
        assert names("*/*.webp") == ["deep/c.webp"]

    def test_a_folder_that_is_only_linked_is_entered(self, tmp_path_factory: Factory) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        (elsewhere / "d.jpg").touch()
        Path("deep/linked").symlink_to(elsewhere)
        assert names("deep") == ["deep/c.webp", "deep/linked/d.jpg"]
        assert names("**/d.jpg") == ["deep/linked/d.jpg"]

    def test_a_folder_has_its_own_name_not_that_of_a_link_beside_it(self) -> None:
        Path("album").symlink_to("deep")
        assert names(".")[2:3] == ["deep/c.webp"]

    def test_two_stars_enter_no_hidden_folders_and_mean_all_files_at_the_end(self) -> None:
        Path("deep/.trash").mkdir()
        Path("deep/.trash/e.jpg").touch()
        Path("deep/more").mkdir()
        Path("deep/more/f.txt").touch()
        assert names("deep/**") == ["deep/c.webp", "deep/more/f.txt"]
        assert names("**/deep/**/*.txt") == ["deep/more/f.txt"]

    def test_a_pattern_works_in_a_folder_whose_name_has_brackets(self) -> None:
        Path("Holiday [2019]").mkdir()
        Path("Holiday [2019]/g.jpg").touch()
        assert names("Holiday [2019]/*.jpg") == ["Holiday [2019]/g.jpg"]
        assert names("Holiday [2019]/**/*.jpg") == ["Holiday [2019]/g.jpg"]
        assert names(f"{Path.cwd()}/H*/*.jpg") == [f"{Path.cwd().as_posix()}/Holiday [2019]/g.jpg"]

    def test_all_endings_that_the_decoder_knows_are_photos(self) -> None:
        for name in ("a.jfif", "a.pgm", "a.ppm"):
            Path(name).touch()
        assert {"a.jfif", "a.pgm", "a.ppm"} < set(names("."))

    def test_a_folder_that_cannot_be_read_is_a_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scan = os.scandir

        def guarded(path: str) -> object:
            if Path(path).name == "deep":
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return scan(path)

        monkeypatch.setattr(os, "scandir", guarded)
        assert names(".") == ["a.PNG", "b.jpg", "deep", "odd[1].jpg"]
        assert names("deep") == ["deep"]
        assert names("**/*.webp") == ["deep"]
        with pytest.raises(PhotoError, match="the folder can't be read: Permission denied"):
            read_photo(Path("deep"))

    @pytest.mark.parametrize("word", ["x" * 300 + ".jpg", "locked/a.jpg"])
    def test_what_cannot_be_looked_at_is_kept_for_its_row(
        self, word: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        look = os.stat

        def guarded(path: str, **words: object) -> object:
            if "locked" in str(path):
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return look(path, **words)

        monkeypatch.setattr(os, "stat", guarded)
        assert names(word) == [word]
        with pytest.raises(PhotoError, match="no such file|can't be read: Permission denied"):
            read_photo(Path(word))
