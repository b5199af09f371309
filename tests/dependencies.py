"""What can be known of the dependencies without asking anybody: `make check` runs it as a program.

Whether a version has a known vulnerability only others can say; that is `make audit`.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from tests.commands import HOME

LOCK, OPTIONAL = HOME / "requirements.lock", HOME / "requirements-spark.lock"
OURS = "calm-pipeline"
OF_THE_ENVIRONMENT = {OURS, "pip", "setuptools", "wheel"}
# Licences under which a dependency may be used and handed on with the project; as their makers write them.
ALLOWED = {
    *("0BSD", "3-Clause BSD License", "BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause"),
    *("Apache License, Version 2.0", "Apache Software License", "Apache-2.0", "Apache 2.0"),
    *("MIT", "MIT License", "MIT-0", "MIT-CMU", "ISC License (ISCL)", "Zlib", "CC0-1.0"),
    *("PSF-2.0", "Python Software Foundation License", "Artistic License"),
    *("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    "GNU Library or Lesser General Public License (LGPL)",
}
# Those that say nothing, or something that needs a person to read it, and why they may be used.
READ = {
    "axe-playwright-python": "MIT by its repository; tests only",
    "pingouin": "GPL-3.0: used unaltered and not handed on with the project",
    "text-unidecode": "offered under the Artistic License too",
}


def locked(text: str) -> tuple[dict[str, Requirement], list[str]]:
    """The entries of a lock by name, and what is wrong with it: every entry is one version with hashes, and no more."""
    entries, problems = {}, []
    for line in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = line.split(" --hash=")
        try:
            entry = Requirement(requirement)
        except InvalidRequirement:
            problems.append(f"requirements.lock: this is no pinned dependency: {line[:60]}")
            continue
        exact = [one.operator for one in entry.specifier] == ["=="]
        if entry.url or not exact or not hashes or not all(one.startswith("sha256:") for one in map(str.strip, hashes)):
            problems.append(f"{entry.name}: the lock must give one version and its SHA-256")
        entries[canonicalize_name(entry.name)] = entry
    return entries, problems


def problems(text: str, installed: list[Distribution]) -> Iterator[str]:
    """A sentence for everything that is wrong with a lock or with what is installed."""
    entries, wrong = locked(text)
    yield from wrong
    there = {canonicalize_name(one.name): one for one in installed}
    for name, entry in entries.items():
        if entry.marker is None or entry.marker.evaluate():
            found = there[name].version if name in there else "nothing"
            if not entry.specifier.contains(found if name in there else "0", prereleases=True):
                yield f"{name}: the lock says {entry.specifier}, installed is {found}"
    for name in sorted(there.keys() - entries.keys() - OF_THE_ENVIRONMENT):
        yield f"{name}: is installed and not in the lock"
    for name, one in there.items():
        if name != OURS and one.read_text("direct_url.json"):
            yield f"{name}: was installed from an address and not from an index"
        unknown = sorted(licences(one) - ALLOWED) if name not in READ | dict.fromkeys(OF_THE_ENVIRONMENT) else []
        if unknown:
            yield f"{name}: its licence is not among those allowed: {', '.join(unknown)}"


def licences(one: Distribution) -> set[str]:
    """What a package says of its licence: an expression, else classifiers, else free text."""
    about = one.metadata
    listed = [entry.rpartition(" :: ")[2] for entry in about.get_all("Classifier") or () if entry.startswith("License")]
    said = about.get("License-Expression") or "; ".join(listed) or about.get("License") or "none"
    return set(re.split(r"; | AND | OR ", said.strip())) - {"OSI Approved"}


def here() -> Iterator[str]:
    """What is wrong with this environment; the lock of an extra counts where the extra is installed."""
    found = list(distributions())
    extra = any(one.name == "pyspark" for one in found)
    yield from problems("".join(lock.read_text(encoding="utf-8") for lock in (LOCK, OPTIONAL)[: 1 + extra]), found)


def main() -> int:
    found = list(here())
    sys.stdout.writelines(f"{one}\n" for one in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
