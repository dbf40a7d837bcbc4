"""The command that lays the second topic beside a copy changes a copy alone, and once."""

from pathlib import Path

import pytest

from clinic.settings import PROJECT_ROOT
from tests.second_topic.__main__ import ADDED, main
from tests.second_topic.laid_beside import copy_product


def test_a_copy_has_the_topic_afterwards_and_is_left_alone_the_next_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_product(tmp_path)
    assert main([str(tmp_path)]) == 0
    assert (tmp_path / ADDED).is_file()
    labels = (tmp_path / "data" / "labels.yml").read_text(encoding="utf-8")
    assert labels.count("  faq/kp_what_is:") == 1
    assert main([str(tmp_path)]) == 1
    assert (tmp_path / "data" / "labels.yml").read_text(encoding="utf-8") == labels
    assert "has the topic already" in capsys.readouterr().err


def test_the_product_itself_and_any_other_folder_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(PROJECT_ROOT)]) == 1
    assert "take a copy" in capsys.readouterr().err
    assert main([str(tmp_path)]) == 1
    assert "no copy of the product" in capsys.readouterr().err
