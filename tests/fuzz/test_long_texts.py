"""No text, however long and repetitive, keeps a reader of what strangers write busy without end."""

import subprocess
import sys

from hypothesis import settings

from clinic.settings import PROJECT_ROOT
from tests.fuzz.readers import READERS
from tests.fuzzing import LONG

EACH_IN_THE_GATE = 16
# The readers work in a process of their own, which is ended when it takes far longer than any machine needs.
SECONDS_UNTIL_HOPELESS = 600


def test_long_texts_are_read_to_their_end() -> None:
    each = 1 if settings.get_current_profile_name() == LONG else EACH_IN_THE_GATE
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz.readers", str(each)]
    within = SECONDS_UNTIL_HOPELESS
    ran = subprocess.run(command, check=False, cwd=PROJECT_ROOT, timeout=within, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2_000:]
    assert ran.stdout.splitlines() == list(READERS)
