# The commands of this repository. `make test` is the one that must always pass.
.PHONY: test unit build tools bench fuzz race openapi pictures

test: tools ## install what is missing, check, run every test
	./scripts/test.sh

tools: ## Chromium, PostgreSQL and mail programs from Debian, if missing
	./scripts/tools.sh

unit: ## the fast tests alone
	go vet ./... && go test ./...

build: ## the one binary, without a C compiler
	CGO_ENABLED=0 go build -trimpath -o openflegt ./cmd/openflegt

bench: ## the benchmarks; compare two runs with benchstat
	go test -run '^$$' -bench . -benchmem ./internal/... ./cmd/...
	go test -run '^$$' -bench 'Reach|ScanMemory' -benchtime 1s -timeout 30m ./e2e

fuzz: ## send odd bodies to the interface, two minutes for each group of operations
	scripts/fuzz.sh 2m

# SQLite is C put into Go: the check of its pointers, which -race brings along, takes a third of the
# time and is not ours to make.
RACE = CGO_ENABLED=1 go test -race -gcflags='modernc.org/...=-d=checkptr=0' -timeout 60m

race: ## look for data races where much goes on at once; needs a C compiler and a quarter of an hour
	$(RACE) ./internal/notice ./internal/store
	$(RACE) -run 'Import|Bulk|Refused|Rival|Two|FewScans|Webhook|Once' ./internal/registry
	$(RACE) -run 'Event|Waiting|HowMany|Rival|Webhook|Once|Key|Ledger' ./internal/api

openapi: ## write docs/openapi.json from the code; refuses what breaks programs
	OPENFLEGT_WRITE_OPENAPI=yes go test -count=1 -run '^TestDescription$$' ./internal/api

pictures: ## take the pictures of the user guide and of the README anew
	OPENFLEGT_PICTURES=1 go test -count=1 -run TestThePictures ./e2e
