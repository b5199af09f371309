"""Which locked versions have known vulnerabilities, by pip-audit, which asks OSV: `make audit`."""

import json
import shutil
import subprocess
import sys

from tests.dependencies import LOCK

ASK = ("--vulnerability-service", "osv", "--format", "json", "--progress-spinner", "off", "--timeout", "20")
NOT_ASKED = "It is not known whether the locked versions have vulnerabilities: {why}.\n"


def audit(program: str | None) -> tuple[int, str]:
    """The exit code and a sentence a finding; nobody who could not be asked makes it fail."""
    if program is None:
        return 0, NOT_ASKED.format(why="pip-audit is not installed")
    arguments = [program, *ASK, "--disable-pip", "--no-deps", "--requirement", str(LOCK)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    try:
        asked = json.loads(done.stdout)["dependencies"]
    except ValueError:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        return 0, NOT_ASKED.format(why=f"pip-audit could not ask OSV ({said[-1][:200]})")
    skipped = [one["name"] for one in asked if "skip_reason" in one]
    found = [
        f"{one['name']} {one['version']}: {vulnerability['id']}, mended in {', '.join(vulnerability['fix_versions'])}\n"
        for one in asked
        for vulnerability in one.get("vulns", ())
    ]
    about = f"{len(asked) - len(skipped)} versions asked about, {len(found)} vulnerabilities known\n"
    unknown = NOT_ASKED.format(why="OSV does not know " + ", ".join(skipped)) if skipped else ""
    return (1 if found else 0), "".join([*found, about, unknown])


if __name__ == "__main__":
    code, text = audit(shutil.which("pip-audit"))
    sys.stdout.write(text)
    sys.exit(code)
