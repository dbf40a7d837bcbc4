# Every command does its own set-up; `make` alone lists them. Parts of the gate alone: make test PARTS="lint types".
# Options of the soak: make soak SOAK="--kills 20 --postgres"; all of them: make soak SOAK=--help.
PARTS ?=
UPGRADE ?=
SOAK ?=
PYTHON_OF_PROJECT := .venv/bin/python

LOCK_OPTIONS := --quiet --override requirements.overrides --universal --python-version 3.10 --generate-hashes \
	--no-emit-index-url --no-header $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help run train test evaluate bench soak demo-data lock format

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s%s\n", $$1, $$2 }' Makefile

run: ## Start the bot, its action server and the staff console (ports 5005, 5055 and 8000)
	@launcher/prepare && exec $(PYTHON_OF_PROJECT) -m launcher run

train: ## Train the model when data, rules or understanding changed
	@launcher/prepare && exec $(PYTHON_OF_PROJECT) -m launcher train

test: ## Run the whole gate: form, types, imports, data, training, tests
	@launcher/prepare gate && exec $(PYTHON_OF_PROJECT) -m launcher gate $(PARTS)

evaluate: ## Measure understanding on the evaluation sets, and the redaction of transcripts
	@launcher/prepare gate && $(PYTHON_OF_PROJECT) -m nlu.training && { $(PYTHON_OF_PROJECT) -m evaluation.understanding; \
		understanding=$$?; $(PYTHON_OF_PROJECT) -m evaluation.redaction && exit $$understanding; }

bench: ## Measure speed and memory
	@launcher/prepare gate && $(PYTHON_OF_PROJECT) -m nlu.training && exec $(PYTHON_OF_PROJECT) -m evaluation.speed

soak: ## Kill the processes of a throw-away instance under load at random moments, and check what must hold
	@launcher/prepare gate && $(PYTHON_OF_PROJECT) -m nlu.training && exec $(PYTHON_OF_PROJECT) -m evaluation.soak $(SOAK)

demo-data: ## Fill the database with a month of made-up conversations, to try the staff console
	@launcher/prepare gate && exec $(PYTHON_OF_PROJECT) -m evaluation.demo_data

format: ## Put the code into the project's form
	@launcher/prepare gate && $(PYTHON_OF_PROJECT) -m ruff format && exec $(PYTHON_OF_PROJECT) -m ruff check --fix

lock: ## Write the lock files anew (needs uv); make lock UPGRADE=--upgrade takes newer packages
	@command -v uv >/dev/null || { echo "make lock needs uv (Debian: apt-get install pipx && pipx install uv; macOS: brew install uv)." >&2; exit 1; }
	uv pip compile $(LOCK_OPTIONS) requirements.in --output-file requirements.lock
	uv pip compile $(LOCK_OPTIONS) requirements-gate.in --output-file requirements-gate.lock
