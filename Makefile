# `make demo` and `make test` do all the set-up themselves; both are quick when nothing has to be done.
.PHONY: setup demo test lint bench lock

DEMO := demo
SAMPLES := ../shared/samples

setup:
	@./setup.sh

demo: setup
	@rm -rf $(DEMO)/ho-so
	@.venv/bin/python -m benchmarks.drawing $(DEMO)/ho-so --seed 1 --dossiers 3 --strength light
	@.venv/bin/sohoa ingest $(DEMO)/ho-so --home $(DEMO)/du-lieu
	@.venv/bin/sohoa show --home $(DEMO)/du-lieu

test: setup
	@tests/services/setup.sh
	@.venv/bin/python -m pytest -q -n auto $(PYTEST)

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup
	@.venv/bin/python -m benchmarks.real_acts --samples $(SAMPLES)/real
	@.venv/bin/python -m benchmarks.decree_cer --samples $(SAMPLES)/decree

# Pins every dependency with its hashes. The lock names no package index, so an office's own mirror serves it as well.
lock: setup
	@PATH="$(CURDIR)/.tools/bin:$$PATH" uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --group dev pyproject.toml -o requirements.lock
