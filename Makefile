# Tiketz: everything a developer runs. `make help` lists it.

# Lambda's runtime is Python 3.13; the code runs on 3.11 and later.
PYTHON ?= $(shell for each in python3.13 $$HOME/.pyenv/versions/3.13*/bin/python /usr/local/opt/python@3.13/bin/python3.13 \
	/opt/homebrew/bin/python3.13 python3.12 $$HOME/.pyenv/versions/3.12*/bin/python python3.11 python3; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$each" && break; done)
RUN = .venv/bin
TEMPLATES = template.yaml hosting.yaml dashboard.yaml alarms.yaml github.yaml $(wildcard functions/*/template.yaml)
export PYTHONDONTWRITEBYTECODE = 1
export SAM_CLI_TELEMETRY = 0

.PHONY: help
help:  ## List what there is to make
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

# ------------------------------------------------------------------ run

.PHONY: dev
dev: .venv/local .venv-lambda/done web/dist/index.html  ## Run everything on this machine (PORT=, HOLD_SECONDS=, FRESH=1, DYNAMODB=local, CONTAINERS=1)
	@exec $(RUN)/python -m local

.PHONY: trace
trace: .venv/local  ## Print everything that happened to an order, from the running local environment (ORDER=)
	@$(RUN)/python -m tools.trace "$(ORDER)"

.PHONY: dynamodb-local
dynamodb-local: .venv/local  ## Fetch Amazon's DynamoDB Local, the second engine (needs Java 17 and Maven)
	@local/aws/dynamodb_local/fetch

.PHONY: stripe-mock
stripe-mock: .tools/bin/stripe-mock  ## Build Stripe's own stripe-mock, which checks what we ask of Stripe (needs Go)
.tools/bin/stripe-mock:
	@GOBIN="$(CURDIR)/.tools/bin" $(or $(shell command -v go),/usr/local/go/bin/go) install github.com/stripe/stripe-mock@v0.203.0

# ------------------------------------------------------------------ prove

# Tests in JOBS processes (0: in this one); TESTS= are pytest's own arguments.
PYTEST = $(RUN)/pytest -n $(or $(JOBS),2) --no-loadscope-reorder

.PHONY: test
test: .venv/dev .venv-lambda/done web/dist/index.html  ## Prove a change in minutes (TESTS="tests/unit -k orders", JOBS=2, DYNAMODB=local)
	@$(PYTEST) $(or $(TESTS),-m fast)

.PHONY: test-all
test-all: .venv/dev .venv-lambda/done web/dist/index.html  ## Run every test, on both engines of DynamoDB (JOBS=2)
	@$(PYTEST) --both-engines

.PHONY: simulate
simulate: .venv/dev  ## Simulate users and faults in virtual time, and check the invariants (SECONDS=60, SEED=0)
	@$(RUN)/python -m tests.simulation --seconds $(or $(SECONDS),60) --seed $(or $(SEED),0)

.PHONY: crash-sweep
crash-sweep: .venv/dev  ## Replay each scenario with every fault at every call, and check the invariants
	@$(RUN)/python -m tests.simulation.crash_sweep

.PHONY: simulate-mutants
simulate-mutants: .venv/dev  ## Check that the simulation catches seeded bugs
	@$(RUN)/python -m tests.simulation.mutant_run

.PHONY: fuzz
fuzz: .venv/dev .venv-lambda/done web/dist/index.html  ## Fuzz the API against openapi.json (EXAMPLES=100, SEED=)
	@$(RUN)/python -m tests.fuzz --examples $(or $(EXAMPLES),100) $(if $(SEED),--seed $(SEED))

.PHONY: corpus
corpus: .venv/dev  ## Inspect the corpus of ticket files, and print what comes of each and the precision
	@$(RUN)/python -m tests.corpus

.PHONY: chaos
chaos: .venv/dev .venv-lambda/done web/dist/index.html  ## Kill the local environment under load, then check the invariants (KILLS=50, SEED=)
	@$(RUN)/python -m tests.chaos --kills $(or $(KILLS),50) $(if $(SEED),--seed $(SEED))

.PHONY: races
races: .venv/dev .venv-lambda/done web/dist/index.html dynamodb-local  ## Race 200 buyers for one ticket, 50 times, on both DynamoDB engines (ROUNDS=50)
	@$(RUN)/python -m tests.races --rounds $(or $(ROUNDS),50)

.PHONY: permissions
permissions: .venv/dev  ## Compare the permissions of every function with those it needs
	@$(RUN)/python -m tests.permissions

.PHONY: mutation
mutation: .venv/dev  ## Run mutmut on models and repositories: the unit tests must kill the mutants (NAMES="orders.model*")
	@$(RUN)/python -m tests.mutation $(NAMES)

.PHONY: check
check: .venv/dev templates web/node_modules tools/spectral/node_modules  ## Check style, types, dead code, names, templates, documents and the web client
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/vulture
	$(RUN)/python -m tools.naming
	$(RUN)/python -m tools.openapi --check
	npm --prefix tools/spectral run --silent lint
	npm --prefix web run --silent check

.PHONY: templates
templates: .venv-sam/done
	@for each in $(TEMPLATES); do .venv-sam/bin/sam validate --lint --template "$$each" || exit 1; done

.PHONY: screenshots
screenshots: .venv/dev .venv-lambda/done web/dist/index.html  ## Save screenshots of every page and mail, on desktop and phone, light and dark, to web/screens/ (SCENES="help sell"; needs Chromium)
	@$(RUN)/python -m tests.e2e.screenshots $(SCENES)

.PHONY: web-audit
web-audit: .venv/dev .venv-lambda/done web/dist/index.html  ## Check the sizes, Lighthouse scores and axe violations of the web client (needs Chromium)
	@$(RUN)/python -m tests.e2e.audit

.PHONY: smoke
smoke: build .venv/local .venv-lambda/done  ## Run every built function once under Lambda's own emulator, without Docker
	@$(RUN)/python -m tools.smoke

.PHONY: invoke
invoke: .venv/local  ## Run a built function in a container, while make dev runs (FUNCTION=Orders/Api, EVENT=a file; needs Docker)
	@$(RUN)/python -m tools.invoke "$(FUNCTION)" $(call option,event,$(EVENT))

.PHONY: sam-local-check
sam-local-check: build .venv/local .venv-lambda/done web/dist/index.html  ## Run every built function in a container once (needs Docker)
	@$(RUN)/python -m tools.invoke --all

# The processor of this machine, unless ARCHITECTURE= names another.
BUILT_FOR = $(or $(ARCHITECTURE),$(if $(filter arm64 aarch64,$(shell uname -m)),arm64,x86_64))

.PHONY: build
build: .venv-sam/done  ## Build all functions as `sam build` does for AWS (ARCHITECTURE=arm64 for deploying)
	@PATH="$(dir $(PYTHON)):$$PATH" .venv-sam/bin/sam build --parallel --cached --parameter-overrides Architecture=$(BUILT_FOR)
	@$(PYTHON) -m tools.built_architecture $(BUILT_FOR)
	@$(PYTHON) -m tools.botocore_data
	@$(PYTHON) -m tools.bytecode

# ------------------------------------------------------------------ measure

.PHONY: bench
bench: build .venv/dev .venv-lambda/done .tiketz/bench/typical  ## Count the instructions of every function, cold and warm (NAMES=, COUNTER=hardware)
	@$(RUN)/python -m bench.cold_start $(if $(COUNTER),--counter $(COUNTER)) $(NAMES)

.PHONY: bench-check
bench-check: build .venv/dev .venv-lambda/done .tiketz/bench/typical  ## Fail where a function executes 3 % more than in bench/results.json
	@$(RUN)/python -m bench.cold_start --check $(NAMES)

.PHONY: bench-cost
bench-cost: .venv/dev .venv-lambda/done web/dist/index.html dynamodb-local  ## Count what AWS bills for one purchase, in dollars per million
	@$(RUN)/python -m bench.cost

.PHONY: bench-contention
bench-contention: .venv/dev dynamodb-local  ## Measure throughput of 1 to 64 concurrent buyers, of one ticket and of many (ARGS=--engine local)
	@$(RUN)/python -m bench.contention $(ARGS)

.tiketz/bench/typical: bench/typical/requirements.txt .venv-lambda/done
	@rm -rf $@
	@.venv-lambda/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r $< --target $@
	@.venv-lambda/bin/python -m compileall -q --invalidation-mode unchecked-hash $@

# ------------------------------------------------------------------ operate

# python -m operate's option for a variable that is given: $(call option,order,$(ORDER)) is --order "…"
option = $(if $(2),--$(1) "$(2)")
OPERATE = @$(RUN)/python -m operate

.PHONY: deploy
deploy: .venv/local  ## Build for AWS, deploy a stage and its web client (STAGE=dev, BASE=, LOSE=1, ALARM_EMAIL=, MAIL_FROM=, YES=1)
	$(OPERATE) deploy $(call option,stage,$(STAGE)) $(call option,alarm-email,$(ALARM_EMAIL)) $(call option,mail-from,$(MAIL_FROM)) $(if $(YES),--yes) $(COMPARISON)

.PHONY: deploy-check
deploy-check: .venv/local templates .venv-scan/done  ## Check a deployment as far as that needs no account (BASE=a commit, LOSE=1)
	@$(RUN)/python -m tools.template_rules
	@LOG_LEVEL=ERROR .venv-scan/bin/checkov --config-file .checkov.yaml $(addprefix -f ,$(TEMPLATES))
	@echo "checkov found nothing in the templates"
	@$(MAKE) --no-print-directory rehearse

.PHONY: rehearse
rehearse: .venv/local .venv-lambda/done .venv-sam/done web/dist/index.html  ## Compare, package and locally deploy all stacks
	$(OPERATE) diff $(COMPARISON)
	@$(RUN)/python -m tools.packaging_check
	@$(RUN)/python -m tools.rehearse

COMPARISON = $(call option,base,$(BASE)) $(if $(LOSE),--allow-data-loss)

.PHONY: delete
delete: .venv/local  ## Delete a stage and all its data (STAGE=dev SURE=tiketz-dev)
	$(OPERATE) delete $(call option,stage,$(STAGE)) $(call option,sure,$(SURE))

.PHONY: secrets
secrets: .venv/local  ## Create a stage's missing secrets, or replace one (STAGE=dev, KIND=stripe/secret-key)
	$(OPERATE) secrets $(call option,stage,$(STAGE)) $(call option,kind,$(KIND))

.PHONY: rotate-keys
rotate-keys: .venv/local  ## Take the next step of rotating the session signing keys (STAGE=dev, NOW=1: they leaked)
	$(OPERATE) rotate-keys $(call option,stage,$(STAGE)) $(if $(NOW),--now)

.PHONY: mail
mail: .venv/local  ## Have SES send a stage's mails, and print what is left to do by hand (STAGE=dev FROM=tickets@example.com)
	$(OPERATE) mail $(call option,stage,$(STAGE)) $(call option,from,$(FROM))

.PHONY: errors
errors: .venv/local  ## Print a service's warnings and errors of the last hour (STAGE=dev SERVICE=orders)
	$(OPERATE) errors $(call option,stage,$(STAGE)) $(call option,service,$(SERVICE))

.PHONY: redrive
redrive: .venv/local  ## Move a service's failed messages back to its inbox (STAGE=dev QUEUE=orders, or the queue's name)
	$(OPERATE) redrive $(call option,stage,$(STAGE)) $(call option,queue,$(or $(QUEUE),$(SERVICE)))

.PHONY: addresses
addresses: .venv/local  ## List accounts that share a mailbox, or that no mail reaches (STAGE=dev)
	$(OPERATE) addresses $(call option,stage,$(STAGE))

.PHONY: republish
republish: .venv/local  ## Republish the latest event of a service's rows (STAGE=dev SERVICE=orders SINCE=2026-12-01T18:00)
	$(OPERATE) republish $(call option,stage,$(STAGE)) $(call option,service,$(SERVICE)) $(call option,since,$(SINCE))

.PHONY: replay
replay: .venv/local  ## Replay archived events (STAGE=dev FROM=2026-12-01T18:00 TO=2026-12-01T19:00)
	$(OPERATE) replay $(call option,stage,$(STAGE)) $(call option,from,$(FROM)) $(call option,to,$(TO))

.PHONY: refund
refund: .venv/local  ## Refund an order in full (STAGE=dev ORDER=)
	$(OPERATE) refund $(call option,stage,$(STAGE)) $(call option,order,$(ORDER))

.PHONY: restore
restore: .venv/local  ## Restore a table (STAGE=prod SERVICE=orders AT=2026-12-01T18:00), or copy rows back (TABLE=, KEY=)
	$(OPERATE) restore $(call option,stage,$(STAGE)) $(call option,service,$(SERVICE)) $(call option,at,$(AT)) \
		$(call option,table,$(TABLE)) $(call option,key,$(KEY))

.PHONY: aws-check
aws-check: .venv/local  ## Try a throw-away stage on AWS, and delete it; what differs from docs/aws.md (STAGE=check)
	$(OPERATE) aws-check $(call option,stage,$(STAGE))

# ------------------------------------------------------------------ keep

.PHONY: openapi
openapi: .venv/dev  ## Write docs/openapi.json and docs/events/ from the code, and the web client's types from them
	$(RUN)/python -m tools.openapi
	npm --prefix web run --silent api-types

PIN = $(RUN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

.PHONY: lock
lock: .venv/dev  ## Pin the packages that pyproject.toml lists, with hashes (ARGS="--upgrade-package stripe")
	@$(PIN) --group dev -o requirements/dev.txt
	@$(PIN) --group local -c requirements/dev.txt -o requirements/local.txt
	@$(PIN) --group lambda -c requirements/dev.txt -o requirements/lambda.txt
	@$(PIN) --group layer -c requirements/dev.txt -o layers/common/requirements.txt
	@$(PIN) --group auth -c requirements/dev.txt -o functions/auth/requirements.txt
	@$(PIN) --group payments -c requirements/dev.txt -o functions/payments/requirements.txt
	@$(PIN) --group delivery -c requirements/dev.txt -o functions/delivery/requirements.txt
	@$(PIN) --group notifications -c requirements/dev.txt -o functions/notifications/requirements.txt
	@$(PIN) --group typical -c requirements/dev.txt -o bench/typical/requirements.txt \
		--no-emit-package botocore --no-emit-package python-dateutil --no-emit-package six --no-emit-package urllib3
	@$(PIN) --group sam -o requirements/sam.txt
	@$(PIN) --group scan -o requirements/scan.txt

.PHONY: audit
audit: .venv-scan/done  ## Fail where a pinned package has a known vulnerability (asks PyPI and npm)
	@for each in dev sam scan; do .venv-scan/bin/pip-audit --strict --disable-pip \
		--progress-spinner off --require-hashes -r requirements/$$each.txt || exit 1; done
	@npm --prefix web audit
	@npm --prefix tools/spectral audit

.PHONY: coverage
coverage: .venv/dev .venv-lambda/done  ## Fail where tests execute less than 95 % of the services' and the layer's lines
	@$(RUN)/pytest -n $(or $(JOBS),2) --cov=functions --cov=layers --cov-fail-under=95 --cov-report=term:skip-covered \
		$(if $(GITHUB_STEP_SUMMARY),--cov-report=markdown-append:$(GITHUB_STEP_SUMMARY)) tests/unit tests/contract tests/integration

.PHONY: format
format: .venv/dev web/node_modules  ## Format everything
	$(RUN)/ruff check --fix --quiet . && $(RUN)/ruff format --quiet .
	npm --prefix web run --silent format

.PHONY: clean
clean:  ## Remove what was built or installed; stored data stays (.tiketz/)
	rm -rf .venv .venv-lambda .venv-sam .venv-scan .aws-sam web/node_modules web/dist tools/spectral/node_modules

# ------------------------------------------------------------------ environments

define venv
	@test -n "$(PYTHON)" || { echo "Tiketz needs Python 3.11 or later (3.13 is what Lambda runs): install it, or name it by PYTHON=…" >&2; exit 2; }
	@test -x $(1)/bin/python || { echo "Making $(1) with $(PYTHON)" >&2; $(PYTHON) -m venv $(1); }
	@echo "Installing $(2) into $(1)" >&2
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(2)
endef

.venv/local: requirements/local.txt pyproject.toml
	$(call venv,.venv,requirements/local.txt)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: requirements/dev.txt .venv/local
	$(call venv,.venv,requirements/dev.txt)
	@touch $@

.venv-lambda/done: requirements/lambda.txt
	$(call venv,.venv-lambda,requirements/lambda.txt)
	@touch $@

.venv-sam/done: requirements/sam.txt
	$(call venv,.venv-sam,requirements/sam.txt)
	@touch $@

.venv-scan/done: requirements/scan.txt
	$(call venv,.venv-scan,requirements/scan.txt)
	@touch $@

web/node_modules: web/package-lock.json
	@command -v npm >/dev/null || { echo "The web client needs Node 20 or later: install it." >&2; exit 2; }
	@echo "Installing the web client's packages" >&2
	@npm --prefix web ci --loglevel=error
	@touch $@

tools/spectral/node_modules: tools/spectral/package-lock.json web/node_modules
	@npm --prefix tools/spectral ci --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules docs/openapi.json $(shell find web/src web/public web/index.html web/build web/worker web/package.json web/vite.config.ts -type f 2>/dev/null)
	@echo "Building the web client" >&2
	@npm --prefix web run --silent build
	@touch $@
