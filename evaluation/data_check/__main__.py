"""Runs every check, prints what was found and a summary; exits 1 when anything was."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from evaluation.data_check.content import ProjectContent
from evaluation.data_check.essential_words import check_danger, check_said_facts
from evaluation.data_check.findings import Finding
from evaluation.data_check.held_out_lines import check_held_out_lines
from evaluation.data_check.label_coverage import check_answers, check_rules, check_training_lines
from evaluation.data_check.named_facts import check_demanded_facts, check_known_facts
from evaluation.data_check.reading_content import read_project
from evaluation.data_check.reading_level import check_reading_level
from evaluation.data_check.repeated_lines import check_repeated_across_labels, check_repeated_within_label
from evaluation.data_check.response_use import check_missing_responses, check_unused_responses
from evaluation.data_check.sms_length import check_sms_length, check_variables
from evaluation.data_check.topic_files import check_further_topics, check_topics
from evaluation.data_check.wording import check_wording
from evaluation.located_yaml import ContentError
from evaluation.places import PROJECT_ROOT, PlaceError, held_out_folder

Check = Callable[[ProjectContent], Iterable[Finding]]
CHECKS: dict[str, Check] = {
    "training lines for every label": check_training_lines,
    "a rule for every label": check_rules,
    "an answer for web and sms": check_answers,
    "answers name their facts": check_demanded_facts,
    "named facts exist": check_known_facts,
    "each topic stands for itself": check_topics,
    "answers say their topic": check_further_topics,
    "no line twice in a label": check_repeated_within_label,
    "no line under two labels": check_repeated_across_labels,
    "no held-out message trained on": check_held_out_lines,
    "every response is used": check_unused_responses,
    "every named response exists": check_missing_responses,
    "variables are known": check_variables,
    "answers say their facts": check_said_facts,
    "danger keeps its words": check_danger,
    "easy to read": check_reading_level,
    "no promise, price or verdict": check_wording,
    "text messages are short": check_sms_length,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the project's data; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.data_check", description=__doc__)
    parser.add_argument("--project", type=Path, default=PROJECT_ROOT, help="the folder of the project to check")
    root = parser.parse_args(arguments).project.resolve()
    try:
        content = read_project(root, held_out_folder(root))
    except ContentError as error:
        print(Finding(error.path, error.line, error.problem).shown(root))
        return 1
    except (PlaceError, OSError) as error:
        print(f"The project cannot be checked: {error}", file=sys.stderr)
        return 1
    found = {title: sorted(set(check(content))) for title, check in CHECKS.items()}
    _print_findings(found, root)
    _print_summary(found, content)
    return 1 if any(found.values()) else 0


def _print_findings(found: dict[str, list[Finding]], root: Path) -> None:
    for findings in found.values():
        for finding in findings:
            print(finding.shown(root))


def _print_summary(found: dict[str, list[Finding]], content: ProjectContent) -> None:
    held_out = "none found" if content.held_out is None else f"{len(content.held_out):,}"
    print(
        f"Read: {len(content.labels)} labels, {len(content.lines):,} training lines, {content.rules.count} rules, "
        f"{len(content.variations)} wordings, {len(content.facts.known)} facts, held-out messages: {held_out}."
    )
    for title, findings in found.items():
        left_out = content.held_out is None and CHECKS[title] is check_held_out_lines
        print(f"  {title:<34}{'skipped' if left_out else len(findings) or 'ok':>8}")
    if content.held_out is None:
        print(
            "SKIPPED: no held-out messages beside the project; set EVALUATION_DIR to compare training lines with them "
            "(docs/settings.md)."
        )
    total = sum(len(findings) for findings in found.values())
    skipped = " 1 check was skipped." if content.held_out is None else ""
    print((f"To put right: {total}." if total else "Nothing to put right.") + skipped)


if __name__ == "__main__":
    sys.exit(main())
