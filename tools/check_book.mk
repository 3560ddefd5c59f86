# The book in a real browser: tests/browser/ opens every page of it, in Chromium.

BROWSER := $B/browser
# The one without windows is the fastest.
CHROMIUM := $(firstword $(foreach program,chromium-headless-shell chromium \
    chromium-browser google-chrome,$(shell command -v $(program))))
BROWSER_NEEDS := $(strip $(if $(CHROMIUM),,chromium) \
    $(foreach program,node npm,$(if $(shell command -v $(program)),,$(program))))

.PHONY: check-book
check-book: $(BROWSER)/node_modules/.package-lock.json book ## open the book in a real browser
	@NODE_PATH=$(BROWSER)/node_modules CHROMIUM=$(CHROMIUM) \
	    node tests/browser/check.cjs $(BOOK)
	@node tests/browser/search.cjs $(BOOK)

# What drives the browser and what finds faults of access: pinned, and no browser with it.
$(BROWSER)/node_modules/.package-lock.json: $(wildcard tests/browser/package*.json)
	$(if $(BROWSER_NEEDS),@echo "make check-book needs $(BROWSER_NEEDS);" \
	    "on Debian: ./bootstrap --dev" >&2; exit 1)
	@mkdir -p $(BROWSER) && cp $^ $(BROWSER)
	@cd $(BROWSER) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
	    >/dev/null
	@touch $@
