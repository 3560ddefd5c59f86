# The book: a run of pandoc for each page, and one for the short ones at the back, by the
# filter tools/book.lua.
#
# A page depends on as little as it shows, so that a word in a chapter makes little anew.
# Each chapter is read once for the others: the notes on it are its outline and where it
# speaks of which subject, and beside them are its claims and errata, which other pages
# show too.  From all notes comes the survey, what stands where in the book; there a
# dangling name stops the build.  All these are replaced only if they changed.

# A course is a book of some chapters, with a spine of its own: COURSE=NAME.
COURSES := $(patsubst courses/%/book.md,%,$(wildcard courses/*/book.md))
ifneq ($(filter-out $(COURSES),$(COURSE))$(word 2,$(COURSE)),)
    $(error there is no course "$(COURSE)"; there are: $(COURSES))
endif
SPINE := $(if $(COURSE),courses/$(COURSE)/)book.md
W := $B$(if $(COURSE),/courses/$(COURSE))
BOOK := $W/book
BOOK_CODE := $(wildcard $(foreach floor,ref proofs_numeric tests tools live examples, \
    $(floor)/*.[ch] $(floor)/*/*.[ch]))
BOOK_FILES := $(BOOK_CODE) $(wildcard figures/*.gp figures/*.dot tools/*.lua tools/*.gp)
BOOK_TOOLS := $(wildcard tools/book.[^j]* tools/book/*) \
    $(addprefix tools/,$(addsuffix .lua,path files sources tsv divs concordance spine) \
    figure.gp axes.gp)
BOOK_FLOORS := $(patsubst %,$W/sources/%.stamp,$(sort $(foreach file,$(BOOK_FILES), \
    $(firstword $(subst /, ,$(file))))))
# What is wrong with these names, the survey says.
BOOK_NAMED := $(shell lua5.4 tools/named.lua $(SPINE) 2>/dev/null)
BOOK_LECTURES := $(patsubst lectures/%.tsv,%,$(filter lectures/%,$(BOOK_NAMED)))
BOOK_STEMS := $(patsubst chapters/%.md,%,$(filter $(BOOK_NAMED),$(wildcard chapters/*.md)))
BOOK_CHAPTERS := $(BOOK_STEMS:%=$(BOOK)/%.html)
BOOK_ABOUT := $(BOOK_LECTURES:%=$(BOOK)/concordance-%.html)
# Made by one run, which sets no citations: a page that comes to cite moves down.
BOOK_TOGETHER := $(patsubst %,$(BOOK)/%.html,claims margins precision speed subjects names \
    notation prefixes search) $(BOOK_ABOUT)
BOOK_CITING := $(patsubst %,$(BOOK)/%.html,errata bibliography)
BOOK_BACK := $(BOOK_TOGETHER) $(BOOK_CITING)
BOOK_PAGES := $(BOOK)/index.html $(BOOK_CHAPTERS) $(BOOK_BACK)
BOOK_FONTS := $(patsubst %,$(BOOK)/fonts/%.woff2,DejaVuSansMono DejaVuSansMono-Bold \
    $(addprefix texgyrepagella-,regular italic bold bolditalic math))
BOOK_STATIC := $(addprefix $(BOOK)/,style.css book.js search.js search_page.js icon.svg)
# Who teaches has the book without the answers to its exercises: SOLUTIONS=no.
ifneq ($(filter-out yes no,$(SOLUTIONS))$(word 2,$(SOLUTIONS)),)
    $(error SOLUTIONS must be yes or no, got "$(SOLUTIONS)")
endif
UNANSWERED := $(if $(UNSOLVED),yes,$(filter no,$(SOLUTIONS)))
PANDOC := pandoc --defaults tools/book.yaml --metadata build=$B \
    --metadata work=$W --metadata spine=$(SPINE) \
    $(if $(UNSOLVED),--metadata unsolved=yes) \
    $(if $(UNANSWERED),--metadata unanswered=yes)
PAGE := $(PANDOC) --template tools/template.html --metadata
# For what cites, and for it alone: to read the works takes as long as all else.
CITING := --citeproc --lua-filter tools/book/entry.lua

# On a terminal, a line tells how many pages have been made, and which comes next.
PROGRESS = $(eval MADE += x)[ ! -t 1 ] || printf '\033[K%s\r' \
    '  [$(words $(MADE))/$(words $(BOOK_PAGES))] $(@F)'

# What a page may have, compressed and without its fonts: on a slow line this is a second.
PAGE_LIMIT := 150000
WEIGH = size=$$(gzip -c $1 | wc -c) && { [ $$size -le $(PAGE_LIMIT) ] || { rm $1; \
    echo "$2: has $$size bytes compressed, and may have $(PAGE_LIMIT)" >&2; exit 1; }; }

# take DRAFT, PAGE: the draft becomes the page; noted is what links and places are on it.
take = $(WEIGH) && lua5.4 tools/page_links.lua $1 $W/links/$(notdir $2) && mv $1 $2

# page NAME, INPUT: makes a page that may cite.
define page
@$(PROGRESS)
@mkdir -p $W/links
@$(PAGE) page=$1 $(CITING) $2 -o $(NEW) && $(call take,$(NEW),$@)
endef

.SECONDEXPANSION:
.PHONY: book
book: $W/links.stamp $(BOOK)/cards.js ## make the book as a site, in build/book: SOLUTIONS=no, COURSE=

# A link to what is not there stops the book, and takes its first page from it; in a tree
# of exercises figures may wait.
BOOK_LINKS := $(patsubst $(BOOK)/%,$W/links/%,$(BOOK_PAGES) $(BOOK)/search-index.js)
$(BOOK_LINKS): $W/links/%: $(BOOK)/% ;
$W/links.stamp: $(BOOK_LINKS) $(BOOK_FLOORS) $W/sources/gone.stamp $(BOOK_FONTS) \
    $(BOOK_STATIC) $(BOOK)/data tools/dead_links.lua
	@[ ! -t 1 ] || printf '\033[K'
	$(if $(UNSOLVED),,@lua5.4 tools/dead_links.lua $(BOOK) $(BOOK_LINKS) || \
	    { rm $(BOOK)/index.html; exit 1; })
	@touch $@

# Where a page cannot be made there is no first page either.
$(BOOK)/index.html: $(SPINE) book.md | $(BOOK_CHAPTERS) $(BOOK_BACK)
	$(call page,index,$<)

# Of the code, a chapter takes its excerpt.
$(BOOK_CHAPTERS): $(BOOK)/%.html: chapters/%.md $W/excerpts/%.txt $W/answers
	$(call page,chapter,$<)

$(BOOK_CITING): $(BOOK)/%.html:
	$(call page,$*,/dev/null)

$(BOOK_TOGETHER) &:
	@$(PROGRESS)$(eval MADE += $(filter-out $@,$(BOOK_TOGETHER)))
	@mkdir -p $W/links $W/drafts
	@$(PAGE) page=back --metadata pages="$(BOOK_TOGETHER:$(BOOK)/%.html=%)" /dev/null -o /dev/null
	@$(foreach page,$(BOOK_TOGETHER),$(call take,$W/drafts/$(notdir $(page)),$(page)) &&) true

$(BOOK_PAGES): $W/survey.json $B/ledger.json $(wildcard $B/soak.json) $(BOOK_TOOLS) \
    tools/template.html chapters/references.bib $(BOOK_LECTURES:%=lectures/%.tsv)
$(BOOK)/index.html $(BOOK_BACK): $B/definitions.tsv
$(BOOK)/index.html $(BOOK)/errata.html: $(BOOK_STEMS:%=$B/boxes/%.erratum)
$(BOOK)/index.html $(BOOK_TOGETHER): $(BOOK_STEMS:%=$B/boxes/%.claim)
$(BOOK_TOGETHER): book.md $(BOOK_CODE) chapters/terms.tsv $W/terms.json \
    $(wildcard $B/bench.json $B/float/ledger.json)

# Whether the chapters show solutions; they are made anew where that changes.
$W/answers: always
	@mkdir -p $(@D)
	@echo '$(if $(UNANSWERED),no,yes)' >$(NEW) && $(IF_CHANGED)

# The repository, where readers report errors.
$W/origin: always
	@mkdir -p $(@D)
	@git config --get remote.origin.url >$(NEW) 2>&1; $(IF_CHANGED)

# Which chapters and lectures there are, so that one is missed that is gone.
$W/stems: always
	@mkdir -p $(@D)
	@echo '$(BOOK_STEMS) $(BOOK_LECTURES) $(wildcard chapters/*.md)' >$(NEW) && $(IF_CHANGED)

# A stamp tells when a run looked last, which may have left what it writes as it was.
$W/survey.json $W/terms.json $(BOOK_STEMS:%=$W/excerpts/%.txt): $W/survey.stamp ;
$W/survey.stamp: $(SPINE) $(wildcard chapters/*.tsv chapters/*.bib lectures/* figures/*) \
    $W/stems $W/origin $(BOOK_STEMS:%=$B/notes/%.json) $B/ledger.json $B/definitions.tsv \
    $(BOOK_TOOLS)
	@mkdir -p $(BOOK) $W/excerpts $W/records
	@rm -f $(filter-out $(BOOK_PAGES),$(wildcard $(BOOK)/*.html))
	@$(PANDOC) --metadata page=survey $< -o /dev/null && touch $@

BOOK_NOTES := $(foreach stem,$(BOOK_STEMS),$B/notes/$(stem).json $B/boxes/$(stem).claim \
    $B/boxes/$(stem).erratum)
$(BOOK_NOTES): $B/notes/$$(basename $$(@F)).stamp ;
$(BOOK_STEMS:%=$B/notes/%.stamp): $B/notes/%.stamp: chapters/%.md chapters/terms.tsv \
    $(BOOK_TOOLS)
	@mkdir -p $B/notes $B/boxes
	@$(PANDOC) --metadata page=notes $< -o /dev/null && touch $@

$B/definitions.tsv: $(BOOK_CODE) tools/book.ctags tools/definitions.lua tools/book/tags.lua
	@mkdir -p $(@D)
	@lua5.4 tools/definitions.lua $(BOOK_CODE) >$(NEW) && mv $(NEW) $@

# The source files, floor by floor: one run makes the pages of all that changed.
of_floor = $(filter $1/%,$(BOOK_FILES))
SOURCE_TOOLS := tools/book.lua tools/book.yaml tools/template.html \
    $(patsubst %,tools/book/%.lua,files frame source code highlight)
$(BOOK_FLOORS): $W/sources/%.stamp: $$(call of_floor,$$*) $(SOURCE_TOOLS)
	$(eval changed := $(if $(filter $(SOURCE_TOOLS),$?),$(call of_floor,$*),$?))
	@mkdir -p $(@D) $(sort $(dir $(changed:%=$(BOOK)/source/%)))
	@$(PAGE) page=sources --metadata files="$(changed)" /dev/null -o /dev/null
	@touch $@

# The page of a file that is gone goes too.
$W/sources/files: always
	@mkdir -p $(@D)
	@echo '$(BOOK_FILES)' >$(NEW) && $(IF_CHANGED)
$W/sources/gone.stamp: $W/sources/files
	@rm -f $(filter-out $(BOOK_FILES:%=$(BOOK)/source/%.html), \
	    $(wildcard $(BOOK)/source/*/*.html $(BOOK)/source/*/*/*.html))
	@touch $@

$(BOOK)/data: $B/ledger.json
	@new="$(CURDIR)/$(NEW)" && mkdir -p "$$new" $B/evidence && (cd $B/evidence && \
	    find . -name '*.tsv' -exec install -D {} "$$new/{}.txt" \;) && \
	    rm -rf $@ && mv -T "$$new" $@

$(BOOK)/cards.js: $W/survey.json $B/ledger.json $B/definitions.tsv $(BOOK_CODE) $(BOOK_TOOLS)
	@$(PANDOC) --metadata page=cards --to plain /dev/null -o $(NEW) && mv $(NEW) $@

# What search finds: each page that it finds anything on has written its records.
RECORDS := $(patsubst $(BOOK)/%.html,$W/records/%.js,$(BOOK_CHAPTERS)) $W/records/back.js
$(BOOK)/search-index.js: $(BOOK_CHAPTERS) $(BOOK)/search.html
	@{ echo 'const records = ['; cat $(RECORDS); echo '];'; } >$(NEW) && \
	    lua5.4 tools/page_links.lua $(NEW) $W/links/$(@F) && mv $(NEW) $@

$(BOOK_STATIC): $(BOOK)/%: tools/%
	@mkdir -p $(@D) && cp $< $@

vpath %.otf $(addprefix /usr/share/texmf/fonts/opentype/public/,tex-gyre tex-gyre-math)
vpath %.ttf /usr/share/fonts/truetype/dejavu
WOFF2 = @mkdir -p $(@D) && cp $< $(@D) && \
    woff2_compress $(@D)/$(<F) >/dev/null 2>&1 && rm $(@D)/$(<F)
$(BOOK)/fonts/texgyre%.woff2: texgyre%.otf ; $(WOFF2)
$(BOOK)/fonts/DejaVu%.woff2: DejaVu%.ttf ; $(WOFF2)
