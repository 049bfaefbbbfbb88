# Two commands for everybody: `make demo` and `make test`. Each makes its own environment in .venv and needs Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
GENERATORS := tools/places.py tools/records.py tools/clauses.py tools/fingerprints.py tools/use_table.py tools/policy_schema.py tools/readme.py

.PHONY: demo test check format docs clean

# NOTE: a stamp and not the folder, so that a changed list of dependencies is installed.
$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[bom,html]" --group dev --group guard
	touch $(READY)

# The demo Hub serves sample repos on 127.0.0.1. Exit code 1 of the check means that the policy refuses the model, as it should.
demo: $(READY)
	@$(BIN)/python -m licensecheck.demo -- $(CURDIR)/$(BIN)/licensecheck check sample-org/open-code-closed-weights; \
	code=$$?; if [ $$code -eq 1 ]; then echo "(exit code 1: the policy refuses this model)"; else exit $$code; fi

test: $(READY)
	$(BIN)/pytest -n auto

# What CI runs before a change goes in.
check: $(READY)
	$(BIN)/ruff format --check licensecheck tests tools benchmarks hf_licensecheck.py
	$(BIN)/ruff check licensecheck tests tools benchmarks hf_licensecheck.py
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/licensecheck rules check
	for tool in $(GENERATORS); do $(BIN)/python $$tool --check || exit 1; done
	$(BIN)/pytest -n auto

format: $(READY)
	$(BIN)/ruff format licensecheck tests tools benchmarks hf_licensecheck.py
	$(BIN)/ruff check --fix licensecheck tests tools benchmarks hf_licensecheck.py

# Writes the generated files anew; `make check` compares them.
docs: $(READY)
	for tool in $(GENERATORS); do $(BIN)/python $$tool || exit 1; done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
