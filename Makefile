# Two commands do all the set-up: `make run` and `make test`. The rest is for those who work on the project.
PYTHON ?= python3
BIN := .venv/bin
EDITION ?= 2023
export PYTHONUTF8 := 1

.PHONY: run test check audit bench fuzz torture engines dev report errors format lock schema reconstruct spark clean

run: .venv/installed
	$(BIN)/calm run $(EDITION)

test: check
	$(BIN)/pytest

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pip check
	$(BIN)/python -m tests.dependencies

# Which locked versions have known vulnerabilities. Needs pip-audit and the network; says so where it cannot ask.
audit: .venv/installed
	$(BIN)/python -m tests.audit

# Hand-written SQL, pandas, polars and the pipeline on the same simulated files, each in a process of its own; CALM_BENCH
# says how many submissions. Writes benchmarks/results.md and results.svg.
bench: .venv/installed
	$(BIN)/python -m benchmarks.run

# Long forms: a thousand surveys for each property, with shrinking of what fails, and ten thousand mutated exports.
fuzz: .venv/installed
	HYPOTHESIS_PROFILE=fuzz CALM_MUTATIONS=10000 $(BIN)/pytest --dist load tests/test_properties.py \
	    tests/exports tests/test_canonical.py tests/test_mutations.py

# Long forms of the fault tests: killed, flipped, full, read and written at once. As root also with a small disk.
torture: .venv/installed
	CALM_TORTURE=1 $(BIN)/pytest tests/vintages tests/test_made_up_edition.py

# The same tables on DuckDB and on Spark, at length: single cells, clusters on loopback, a simulation (of a hundred
# thousand submissions with CALM_TORTURE=1).
engines: spark
	$(BIN)/pytest -n 1 -m '' tests/engines

dev: .venv/installed
	DAGSTER_HOME=$(CURDIR)/.dagster PYTHONWARNINGS="ignore:Function" $(BIN)/dagster dev -w workspace.yaml

report: .venv/installed
	$(BIN)/calm report $(EDITION) --lang en
	$(BIN)/calm report $(EDITION) --lang zh

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: .venv/installed
	$(BIN)/calm schema

errors: .venv/installed
	$(BIN)/calm errors --write

reconstruct: .venv/installed
	$(BIN)/calm reconstruct $(EDITION)

# --no-deps: the lock is complete, and pip would otherwise ask the index again for extras.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# The engine for editions that outgrow one machine: half a gigabyte, and Java 17 besides (docs/scale.md).
spark: .venv/installed requirements-spark.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-spark.lock

# Needs uv; the lock names no index and holds for every platform and Python from 3.11.
lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    --extra dev pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --no-deps \
	    --constraint requirements.lock requirements-spark.in -o requirements-spark.lock

clean:
	cd data/warehouse && rm -rf current vintages stages tables proofs locks docs letters report exports
