# The book: one run of pandoc for each page, by the filter tools/book.lua.
#
# The survey says what stands where in all chapters, and is where a dangling name stops
# the build.  It is replaced only if it changed, so that a page is not made anew for
# every word of its neighbours.

BOOK := $B/book
BOOK_CODE := $(wildcard $(foreach floor,ref proofs_numeric tests tools live examples, \
    $(floor)/*.[ch] $(floor)/*/*.[ch]))
BOOK_FILES := $(BOOK_CODE) $(wildcard figures/*.gp figures/*.dot tools/*.lua tools/*.gp)
BOOK_TOOLS := $(wildcard tools/book.[^j]* tools/book/*) tools/template.html tools/path.lua \
    $(patsubst %,tools/%.lua,concordance divs spine tsv) tools/figure.gp
BOOK_FLOORS := $(patsubst %,$B/sources/%.stamp,$(sort $(foreach file,$(BOOK_FILES), \
    $(firstword $(subst /, ,$(file))))))
# What is wrong with these names, the survey says.
BOOK_NAMED := $(shell lua5.4 tools/named.lua book.md 2>/dev/null)
BOOK_LECTURES := $(patsubst lectures/%.tsv,%,$(filter lectures/%,$(BOOK_NAMED)))
BOOK_CHAPTERS := $(patsubst chapters/%.md,$(BOOK)/%.html,$(filter chapters/%,$(BOOK_NAMED)))
BOOK_BACK := $(patsubst %,$(BOOK)/%.html,errata claims subjects names notation prefixes \
    bibliography search $(addprefix concordance-,$(BOOK_LECTURES)))
BOOK_FONTS := $(patsubst %,$(BOOK)/fonts/%.woff2,DejaVuSansMono DejaVuSansMono-Bold \
    $(addprefix texgyrepagella-,regular italic bold bolditalic math))
BOOK_STATIC := $(addprefix $(BOOK)/,style.css book.js search.js search_page.js icon.svg)
# Who teaches has the book without the answers to its exercises: SOLUTIONS=no.
ifneq ($(filter-out yes no,$(SOLUTIONS))$(word 2,$(SOLUTIONS)),)
    $(error SOLUTIONS must be yes or no, got "$(SOLUTIONS)")
endif
UNANSWERED := $(if $(UNSOLVED),yes,$(filter no,$(SOLUTIONS)))
PANDOC := pandoc --defaults tools/book.yaml --metadata build=$B \
    $(if $(UNSOLVED),--metadata unsolved=yes) \
    $(if $(UNANSWERED),--metadata unanswered=yes)
PAGE := $(PANDOC) --template tools/template.html --metadata

.SECONDEXPANSION:
.PHONY: book
book: $(BOOK)/index.html ## make the book as a site: build/book/index.html; SOLUTIONS=no

$(BOOK)/index.html: $(BOOK_CHAPTERS) $(BOOK_BACK) $(BOOK_FONTS) $(BOOK_STATIC) \
    $(BOOK)/cards.js $(BOOK)/search-index.js $(BOOK)/data $(BOOK_FLOORS)
# A link to what is not there stops the book; in a tree of exercises figures may wait.
$(BOOK)/index.html: book.md $(wildcard chapters/* lectures/*) tools/dead_links.lua
	@$(PAGE) page=index $< -o $(NEW) && mv $(NEW) $@
	$(if $(UNSOLVED),,@lua5.4 tools/dead_links.lua $(BOOK) \
	    $(notdir $@ $(BOOK_CHAPTERS) $(BOOK_BACK)) search-index.js)

# Of the code, a chapter takes its excerpt, which the survey writes only if it changed.
$(BOOK_CHAPTERS): $(BOOK)/%.html: chapters/%.md $B/excerpts/%.txt $B/answers
	@$(PAGE) page=chapter $< -o $(NEW) && mv $(NEW) $@

$B/excerpts/%.txt: $B/survey.stamp ;

# Whether the chapters show solutions; they are made anew where that changes.
$B/answers: always
	@mkdir -p $(@D)
	@echo '$(if $(UNANSWERED),no,yes)' >$(NEW) && $(IF_CHANGED)

$(BOOK)/notation.html $(BOOK)/prefixes.html: book.md
$(BOOK_BACK): $(BOOK)/%.html: $(wildcard chapters/* lectures/*) $(BOOK_CODE)
	@$(PAGE) page=$* /dev/null -o $(NEW) && mv $(NEW) $@

$(BOOK)/index.html $(BOOK_CHAPTERS) $(BOOK_BACK): $B/survey.json $B/ledger.json \
    $(wildcard $B/soak.json) $(BOOK_TOOLS) chapters/references.bib

# The source files, floor by floor: one run makes the pages of all that changed.
of_floor = $(filter $1/%,$(BOOK_FILES))
SOURCE_TOOLS := tools/book.lua tools/book.yaml tools/template.html \
    $(patsubst %,tools/book/%.lua,files frame source)
$(BOOK_FLOORS): $B/sources/%.stamp: $$(call of_floor,$$*) $(SOURCE_TOOLS)
	$(eval changed := $(if $(filter $(SOURCE_TOOLS),$?),$(call of_floor,$*),$?))
	@mkdir -p $(@D) $(sort $(dir $(changed:%=$(BOOK)/source/%)))
	@$(PAGE) page=sources --metadata files="$(changed)" /dev/null -o $(NEW) && mv $(NEW) $@

$B/survey.json: $B/survey.stamp ;
$B/survey.stamp: book.md $(wildcard chapters/* lectures/* figures/*) $B/ledger.json $B/definitions.tsv \
    $(BOOK_TOOLS)
	@mkdir -p $(BOOK) $B/excerpts $B/records
	@$(PANDOC) --metadata page=survey --to plain book.md -o $(NEW) && \
	    if cmp -s $(NEW) $B/survey.json; then rm $(NEW); else mv $(NEW) $B/survey.json; fi
	@touch $@

$B/definitions.tsv: $(BOOK_CODE) tools/book.ctags tools/definitions.lua tools/book/tags.lua
	@mkdir -p $(@D)
	@lua5.4 tools/definitions.lua $(BOOK_CODE) >$(NEW) && mv $(NEW) $@

$(BOOK)/data: $B/ledger.json
	@new="$(CURDIR)/$(NEW)" && mkdir -p "$$new" $B/evidence && (cd $B/evidence && \
	    find . -name '*.tsv' -exec install -D {} "$$new/{}.txt" \;) && \
	    rm -rf $@ && mv -T "$$new" $@

$(BOOK)/cards.js: $B/survey.json $B/ledger.json $B/definitions.tsv $(BOOK_TOOLS)
	@$(PANDOC) --metadata page=cards --to plain /dev/null -o $(NEW) && mv $(NEW) $@

# What search finds: each page that it finds anything on has written its records.
RECORDS := $(patsubst $(BOOK)/%.html,$B/records/%.js,$(BOOK_CHAPTERS)) $B/records/back.js
$(BOOK)/search-index.js: $(BOOK_CHAPTERS) $(BOOK)/search.html
	@{ echo 'const records = ['; cat $(RECORDS); echo '];'; } >$(NEW) && mv $(NEW) $@

$(BOOK_STATIC): $(BOOK)/%: tools/%
	@mkdir -p $(@D) && cp $< $@

vpath %.otf $(addprefix /usr/share/texmf/fonts/opentype/public/,tex-gyre tex-gyre-math)
vpath %.ttf /usr/share/fonts/truetype/dejavu
WOFF2 = @mkdir -p $(@D) && cp $< $(@D) && \
    woff2_compress $(@D)/$(<F) >/dev/null 2>&1 && rm $(@D)/$(<F)
$(BOOK)/fonts/texgyre%.woff2: texgyre%.otf ; $(WOFF2)
$(BOOK)/fonts/DejaVu%.woff2: DejaVu%.ttf ; $(WOFF2)
