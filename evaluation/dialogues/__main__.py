"""Plays written dialogues through the real channels, model, actions and database; exits 0 when all could be played."""

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from evaluation.dialogues.dialogue_file import Dialogue, read_dialogues
from evaluation.dialogues.playing import PlayedDialogue, play
from evaluation.dialogues.stage import Stage
from evaluation.dialogues.transcript import transcript_content, transcript_lines
from evaluation.instance_processes import InstanceError
from evaluation.located_yaml import ContentError
from evaluation.places import PROJECT_ROOT

PLAYED, NOT_PLAYED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class BadInputError(ValueError):
    """What the command line names is not there; the message is meant for whoever runs the command."""


class TrainingError(RuntimeError):
    """There is no current model, and none could be trained."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the dialogues of a file.

    Args:
        arguments: the command line, without the program's name.

    Returns:
        The exit code: 0 all dialogues were played, 1 one or more could not be, 2 bad input, 130 interrupted.
    """
    options = _parser().parse_args(arguments)
    try:
        dialogues = _chosen(read_dialogues(options.file), options.only)
        transcripts = _writable(options.transcripts)
        model = _existing(options.model) if options.model else None
    except (BadInputError, ContentError, OSError) as error:
        print(f"Nothing was played: {error}", file=sys.stderr)
        return BAD_INPUT
    try:
        return _play_all(dialogues, model or _current_model(), transcripts, options.quiet)
    except (InstanceError, TrainingError, SQLAlchemyError) as error:
        print(f"Not all dialogues were played: {error}", file=sys.stderr)
        return NOT_PLAYED
    except KeyboardInterrupt:
        print("Interrupted; everything that was started has ended.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.dialogues", description=__doc__)
    parser.add_argument("file", type=Path, help="the YAML file of dialogues; its form is in docs/dialogues.md")
    parser.add_argument("--transcripts", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--only", metavar="TEXT", default="", help="play only dialogues whose name has this text")
    parser.add_argument("--model", type=Path, help="the model; the current one, trained if needed, when left out")
    parser.add_argument("--quiet", action="store_true", help="no transcript on the screen")
    return parser


def _chosen(dialogues: list[Dialogue], text: str) -> list[Dialogue]:
    chosen = [dialogue for dialogue in dialogues if text.lower() in dialogue.name.lower()]
    if not chosen:
        raise BadInputError(f"no dialogue has '{text}' in its name.")
    return chosen


def _writable(path: Path) -> Path:
    """The file to write, refused before anything is played rather than after."""
    if path.is_dir() or not path.parent.is_dir():
        raise BadInputError(f"{path} cannot be written: it is a folder, or its folder is not there.")
    return path


def _existing(model: Path) -> Path:
    if not model.is_file():
        raise BadInputError(f"there is no model at {model}.")
    return model.resolve()


def _current_model() -> Path:
    """The model of the present content; the training command prints its path as the last line."""
    print("The model is trained first if something changed since the last time.", file=sys.stderr, flush=True)
    command = (sys.executable, "-m", "nlu.training")
    done = subprocess.run(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise TrainingError("there is no current model, and training one failed.")
    return PROJECT_ROOT / done.stdout.strip().splitlines()[-1]


def _play_all(dialogues: list[Dialogue], model: Path, transcripts: Path, quiet: bool) -> int:
    played: list[PlayedDialogue] = []
    with Stage(model) as stage:
        for dialogue in dialogues:
            played.append(play(dialogue, stage))
            # Written after each, so that an interruption loses nothing.
            content = json.dumps(transcript_content(played), ensure_ascii=False, indent=2)
            transcripts.write_text(content + "\n", encoding="utf-8")
            if not quiet:
                print("\n".join([*transcript_lines(played[-1]), ""]), flush=True)
    return _closing(played, transcripts)


def _closing(played: list[PlayedDialogue], transcripts: Path) -> int:
    troubled = [each for each in played if each.problem]
    for each in troubled:
        print(f"'{each.dialogue.name}' could not be played as written: {each.problem}", file=sys.stderr)
    print(f"{len(played) - len(troubled)} of {len(played)} dialogues played; transcripts in {transcripts}.")
    return NOT_PLAYED if troubled else PLAYED


if __name__ == "__main__":
    # Ended like with Ctrl-C, so that what was started is ended and temporary files are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
