# The book: one run of pandoc for each page, by the filter tools/book.lua.
#
# The survey says what stands where in all chapters, and is where a dangling name stops the
# build.  It is replaced only if it changed, so that a page is not made anew for every word
# of its neighbours.

BOOK := $B/book
BOOK_CHAPTERS := $(patsubst chapters/%.md,$(BOOK)/%.html,$(wildcard chapters/*.md))
BOOK_BACK := $(addprefix $(BOOK)/,$(addsuffix .html,errata claims names bibliography \
    $(addprefix concordance-,$(shell sed 1d chapters/concordance.tsv | cut -f1 | uniq))))
BOOK_CODE := $(wildcard $(addsuffix /*.[ch],ref proofs_numeric tests tools))
BOOK_SHOWN := $(BOOK_CODE) $(wildcard figures/*.gp figures/*.dot tools/*.lua tools/*.gp)
BOOK_TOOLS := $(wildcard tools/book.* tools/book/*) tools/template.html
BOOK_FONTS := $(addprefix $(BOOK)/fonts/,$(addsuffix .woff2,DejaVuSansMono \
    DejaVuSansMono-Bold $(addprefix texgyrepagella-,regular italic bold bolditalic math)))

PANDOC := pandoc --from markdown-implicit_figures --lua-filter tools/book.lua \
    --metadata build=$B
PAGE := $(PANDOC) --mathml --template tools/template.html
CITE := --citeproc --bibliography chapters/references.bib --metadata link-citations=true

.PHONY: book
book: $(BOOK)/index.html ## make the book as a site: build/book/index.html

$(BOOK)/index.html: $(BOOK_CHAPTERS) $(BOOK_BACK) $(BOOK_SHOWN:%=$(BOOK)/source/%.html) \
    $(BOOK_FONTS) $(BOOK)/style.css $(BOOK)/data
$(BOOK)/index.html: book.md $B/survey.json $B/ledger.json $(BOOK_TOOLS)
	@$(PAGE) --toc --toc-depth 2 --metadata page=index $< -o $@

$(BOOK_CHAPTERS): $(BOOK)/%.html: chapters/%.md $B/survey.json $B/ledger.json \
    $(BOOK_TOOLS) $(BOOK_CODE) $(wildcard figures/*) chapters/references.bib
	@mkdir -p $(@D)
	@$(PAGE) $(CITE) --toc --toc-depth 2 --metadata page=chapter $< -o $@

$(BOOK_BACK): $(BOOK)/%.html: $(wildcard chapters/*) $B/survey.json $B/ledger.json \
    $(BOOK_TOOLS) $(BOOK_CODE)
	@mkdir -p $(@D)
	@$(PAGE) $(CITE) --metadata page=$* /dev/null -o $@

$(BOOK)/source/%.html: % $(BOOK_TOOLS)
	@mkdir -p $(@D)
	@$(PAGE) --metadata page=source --metadata file=$< /dev/null -o $@

$B/survey.json: $B/survey.stamp ;
$B/survey.stamp: book.md $(wildcard chapters/* figures/*) $B/ledger.json $B/tags.json \
    $(BOOK_TOOLS)
	@$(PANDOC) --metadata page=survey --to plain book.md -o $(@:.stamp=.new)
	@cmp -s $(@:.stamp=.new) $(@:.stamp=.json) || mv $(@:.stamp=.new) $(@:.stamp=.json)
	@touch $@

$B/tags.json: $(BOOK_CODE) tools/book.mk
	@mkdir -p $(@D)
	@ctags --language-force=C --output-format=json --sort=no --fields=+neS --kinds-C=defgpstuv \
	    -D 'CLAIM(name,grade,sentence)=void name(void)' \
	    -D 'LONG_CLAIM(name,grade,sentence)=void name(void)' \
	    -D 'START_TEST(name)=static void name(int _i)' -f - $(BOOK_CODE) >$@

$(BOOK)/data: $B/ledger.json
	@rm -rf $@
	@mkdir -p $@ $B/evidence
	@cd $B/evidence && find . -name '*.tsv' -exec install -D {} ../book/data/{}.txt \;

$(BOOK)/style.css: tools/style.css
	@mkdir -p $(@D)
	@cp $< $@

vpath %.otf $(addprefix /usr/share/texmf/fonts/opentype/public/,tex-gyre tex-gyre-math)
vpath %.ttf /usr/share/fonts/truetype/dejavu
$(BOOK)/fonts/texgyre%.woff2: texgyre%.otf
	@mkdir -p $(@D)
	@cp $< $(@D) && woff2_compress $(@D)/$(<F) 2>/dev/null && rm $(@D)/$(<F)
$(BOOK)/fonts/DejaVu%.woff2: DejaVu%.ttf
	@mkdir -p $(@D)
	@cp $< $(@D) && woff2_compress $(@D)/$(<F) 2>/dev/null && rm $(@D)/$(<F)
