"""`python -m launcher.licences`: the licences of the packages that a running bot needs, as their metadata names them.

It exits with 1 when a licence is unknown or forbids this use: the program is the clinic's own and its source stays
closed, so nothing may oblige it to be published. docs/dependencies.md has the table by kinds.
"""

import argparse
import importlib.metadata
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from packaging.requirements import Requirement

from clinic.settings import PROJECT_ROOT

LOCK_FILE = PROJECT_ROOT / "requirements.lock"
PINNED = re.compile(r"^([A-Za-z0-9._-]+==\S+(?: ; [^\\\n]+)?)", re.MULTILINE)
CLASSIFIER = "License :: "
SAYS_NOTHING = ("", "unknown", "dual license")


class Kind(str, Enum):
    """What a licence asks of a program that uses the package as it is."""

    PERMISSIVE = "permissive"
    """Keep its notice."""
    WEAK_COPYLEFT = "weak copyleft"
    """Keep its notice; publish changes of the package itself, of which there are none."""
    FORBIDDEN = "forbidden"
    """Would oblige the program's own source to be published, or excludes commercial use."""
    UNKNOWN = "unknown"
    """Nobody has judged it yet."""


# SPDX identifiers: https://spdx.org/licenses
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        (
            *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "ISC", "MIT", "MIT-0", "MIT-CMU"),
            *("PSF-2.0", "TCL", "Unlicense"),
        ),
        Kind.PERMISSIVE,
    ),
    **dict.fromkeys(("LGPL-3.0", "MPL-2.0"), Kind.WEAK_COPYLEFT),
    **dict.fromkeys(
        (
            *("GPL", "GPL-2.0", "GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0", "GPL-3.0-only", "GPL-3.0-or-later"),
            *("AGPL-3.0", "AGPL-3.0-only", "AGPL-3.0-or-later", "SSPL-1.0", "BUSL-1.1", "CC-BY-NC-4.0"),
        ),
        Kind.FORBIDDEN,
    ),
}

# What packages write instead of an SPDX identifier, in small letters: texts of `License`, and names of classifiers.
WRITTEN_AS: Mapping[str, str] = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license v2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD",
    "gnu affero general public license v3": "AGPL-3.0",
    "gnu affero general public license v3 or later (agplv3+)": "AGPL-3.0",
    "gnu general public license (gpl)": "GPL",
    "gnu general public license v2 (gplv2)": "GPL-2.0",
    "gnu general public license v2 or later (gplv2+)": "GPL-2.0",
    "gnu general public license v3 (gplv3)": "GPL-3.0",
    "gnu general public license v3 or later (gplv3+)": "GPL-3.0",
    # psycopg2-binary, which is under LGPL-3.0 or later with an exception for OpenSSL.
    "gnu library or lesser general public license (lgpl)": "LGPL-3.0",
    "lgpl with exceptions": "LGPL-3.0",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl 2.0": "MPL-2.0",
    "new bsd": "BSD-3-Clause",
    "psf": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}


@dataclass(frozen=True)
class Licence:
    """A package and its licence as an SPDX expression; what could not be read stands there as the package wrote it."""

    package: str
    expression: str

    @property
    def kind(self) -> Kind:
        """The strictest of what must be kept, where several may be chosen from the most liberal of them."""
        strictness = list(Kind)
        choices = re.split(r" or ", self.expression, flags=re.IGNORECASE)
        together = [[_kind_of(part) for part in re.split(r" and ", each, flags=re.IGNORECASE)] for each in choices]
        return min((max(kinds, key=strictness.index) for kinds in together), key=strictness.index)


def runtime_licences() -> list[Licence]:
    """The licences of all packages of the lock file that this machine needs, by name.

    Raises:
        importlib.metadata.PackageNotFoundError: one of them is not installed.
    """
    pinned = (Requirement(line) for line in PINNED.findall(LOCK_FILE.read_text(encoding="utf-8")))
    needed = (each.name for each in pinned if each.marker is None or each.marker.evaluate())
    return [licence_of(name, importlib.metadata.metadata(name)) for name in sorted(needed)]


def licence_of(package: str, metadata: importlib.metadata.PackageMetadata) -> Licence:
    """What a package's metadata says: its SPDX expression, else its one line of licence, else its classifiers.

    Several classifiers count as all of them together, since they cannot say that one may be chosen.
    """
    fields = {name: (metadata.get_all(name) or [""])[0].strip() for name in ("License-Expression", "License")}
    line = fields["License"].partition("\n")[0].partition(";")[0].strip()
    classifiers = [each for each in metadata.get_all("Classifier") or [] if each.startswith(CLASSIFIER)]
    named = [_identifier(each.rpartition(" :: ")[2]) for each in classifiers if each.count(" :: ") > 1]
    if fields["License-Expression"]:
        return Licence(package, fields["License-Expression"])
    said = [] if line.lower() in SAYS_NOTHING else [_identifier(line)]
    if said and all(_kind_of(each) is not Kind.FORBIDDEN for each in named):
        written = Licence(package, said[0])
        if written.kind is not Kind.UNKNOWN or not named:
            return written
    return Licence(package, " AND ".join(sorted({*named, *(said if not named else ())})))


def _identifier(written: str) -> str:
    return WRITTEN_AS.get(written.lower(), written)


def _kind_of(identifier: str) -> Kind:
    return KINDS.get(_identifier(identifier.strip()), Kind.UNKNOWN)


def report(licences: Iterable[Licence]) -> str:
    """A line for each licence, by kinds, with the packages under it."""
    packages: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in licences:
        packages[each.kind.value, each.expression].append(each.package)
    lines = [f"{kind}: {licence} ({len(names)}): {', '.join(names)}" for (kind, licence), names in packages.items()]
    return "\n".join(sorted(lines)) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Print the licences; 1 when one of them may not be used."""
    parser = argparse.ArgumentParser(
        prog="python -m launcher.licences", description="List the licences of the packages that a running bot needs."
    )
    parser.parse_args(arguments)
    licences = runtime_licences()
    sys.stdout.write(report(licences))
    return int(any(each.kind in (Kind.FORBIDDEN, Kind.UNKNOWN) for each in licences))


if __name__ == "__main__":
    sys.exit(main())
