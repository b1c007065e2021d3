# Needs only Python 3.11 or later, make and git. PYTHON names another interpreter: make PYTHON=python3.12 run
PYTHON ?= python3
PY := .venv/bin/python
CODE := bin cases kscmp_review themes tests manage.py
export PYTHONUNBUFFERED := 1

# Settings of a real installation, with secrets made for this one call.
DEPLOYED = KSCMP_VAR=var/check KSCMP_HOSTS=review.example DATABASE_URL=sqlite:///:memory: \
	KSCMP_SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))') \
	KSCMP_RECORD_KEYS=check:$$($(PY) -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())')

.PHONY: help load rehearse setup setup-dev run test test-long check check-code check-templates check-django check-addresses fix bench screenshots example-report lock clean

help:
	@echo 'make run        serve the demonstration review at http://127.0.0.1:8000 (PORT moves it)'
	@echo 'make test       every test: on SQLite, on PostgreSQL, in a browser, by a PDF validator'
	@echo 'make test-long  the tests that take minutes, and Word and OpenDocument files in LibreOffice'
	@echo 'make check      style, types, templates, migrations, the deployment check'
	@echo 'make fix        put right what the tools can put right'
	@echo 'make bench      our speed beside a reference, measured in one run (ONLY=import measures one subject)'
	@echo 'make load       500 people at work for ten minutes, on a machine with nothing else to do (PEOPLE, MINUTES)'
	@echo 'make rehearse   carry out docs/deploy.md step by step here, on loopback'
	@echo 'make screenshots  take the pictures of docs/screenshots again'
	@echo 'make example-report  build the files of docs/example-report again'
	@echo 'make setup      install and build only; all of the above do it first'
	@echo 'make lock       choose newer packages and write the lock files'
	@echo 'make clean      remove what was installed and built; records in var/ stay'

setup:
	@$(PYTHON) bin/set_up.py

setup-dev:
	@$(PYTHON) bin/set_up.py --dev

run: setup
	@exec $(PY) -m bin.serve

test: setup-dev
	@$(PY) -m bin.run_tests

test-long: setup-dev
	@$(PY) -m bin.run_tests --long

check: check-code check-templates check-django check-addresses
	@echo 'make check: all well'

check-code: setup-dev
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)
	.venv/bin/mypy $(CODE)
	.venv/bin/bandit --quiet --recursive --configfile pyproject.toml cases kscmp_review themes manage.py

check-templates: setup-dev
	@! git grep -nE '^(<{7}|>{7}) ' -- . || { echo "left over from a merge"; exit 1; }
	.venv/bin/djlint templates --lint --quiet
	KSCMP_VAR=var/check $(PY) -m bin.check_templates

check-django: setup-dev
	KSCMP_VAR=var/check $(PY) manage.py makemigrations --check --dry-run
	@echo manage.py check --deploy --fail-level WARNING
	@$(DEPLOYED) $(PY) -W error manage.py check --deploy --fail-level WARNING

check-addresses: setup-dev
	$(PY) -m bin.check_addresses

fix: setup-dev
	.venv/bin/ruff check --fix $(CODE)
	.venv/bin/ruff format $(CODE)

rehearse: setup-dev
	@$(PY) -m bin.rehearse_deploy

bench: setup-dev
	@$(PY) -m tests.bench $(ONLY)

PEOPLE ?= 500
MINUTES ?= 10
load: setup-dev
	@$(PY) -m tests.load --people $(PEOPLE) --minutes $(MINUTES) --write

screenshots: setup-dev
	@KSCMP_VAR=var/tests $(PY) -m pytest -q tests/journeys/pictures.py

example-report: setup
	@$(PY) -m bin.example_report

lock: setup
	@for name in uv node base; do $(LOCK) requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done
	@$(LOCK) --constraints requirements/base.txt requirements/dev.in --output-file requirements/dev.txt
	npm update --package-lock-only --ignore-scripts

LOCK = .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-config

clean:
	rm -rf .venv node_modules var/assets var/static var/check var/mypy var/tests var/test-results
