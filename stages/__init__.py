"""The stages' scripts, `python -m stages.<name>`, and what runs before and around each of them.

This folder's own checkout comes first on the path: a queued experiment runs a snapshot in a
temporary folder, where an editable install would import the original checkout's code. And OpenCV
reads its limit of pixels once, when a stage's imports load it.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
import_module("visage.data.pixels").limit_opencv()  # by name: it can only refuse


def run(stage: Callable[[], None]) -> None:
    """Checks the whole of params.yaml, runs a stage, and turns a user's error into one message.

    The check is loaded by name: it can only refuse, never change a result, and so it is none of
    the modules on which a stage depends. So is what starts several processes.
    """
    from visage.errors import VisageError

    launch = import_module("visage.inference.launch")
    with launch.one_message():
        try:
            import_module("visage.cli.guard").guard()
            launch.launch(Path(sys.argv[0]).stem)
            stage()
        except VisageError as error:
            sys.exit(f"\nERROR: {error}")
        except OSError as error:
            if error.errno not in import_module("visage.files.places").FULL:
                raise
            sys.exit(f"\nERROR: the disk is full ({error}); free some space and run `dvc repro`")
        except KeyboardInterrupt:
            sys.exit("\nInterrupted; `dvc repro` goes on from here")
