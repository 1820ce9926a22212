import pytest

from visage.training.resuming import MINUTES, Resume, ResumeError, resume_mode, state_minutes


def test_without_a_word_trainings_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISAGE_RESUME", raising=False)
    monkeypatch.delenv("VISAGE_STATE_MINUTES", raising=False)
    assert (resume_mode(), state_minutes()) == (Resume.AUTO, MINUTES)


def test_an_unknown_word_is_refused_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAGE_RESUME", "yes")
    with pytest.raises(ResumeError, match="VISAGE_RESUME=yes: must be auto, force, restart, never"):
        resume_mode()


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan"])
def test_minutes_are_a_number_above_zero(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("VISAGE_STATE_MINUTES", text)
    with pytest.raises(ResumeError, match="above 0"):
        state_minutes()
