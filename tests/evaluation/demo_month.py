"""`python -m tests.evaluation.demo_month FOLDER`: a small made-up month on a bot with a small model."""

import subprocess
import sys
from pathlib import Path

import yaml

from clinic.settings import PROJECT_ROOT
from evaluation.demo_data import __main__ as command
from evaluation.demo_data import scenes

SCENES = ("what are milia?",)

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    model, book = folder / "stub.tar.gz", folder / "scenes.yml"
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.channels.stub_model", str(model)], cwd=PROJECT_ROOT, check=True
    )
    content = {"names": ["Ann Fox"], "times": ["noon"], "scenes": [{"says": list(SCENES)}]}
    book.write_text(yaml.safe_dump(content), encoding="utf-8")
    scenes.SceneBook.__init__.__defaults__ = (book,)
    command._current_model = lambda: model
    sys.exit(command.main(["--days", "10", "--conversations", "4"]))
