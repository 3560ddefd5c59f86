# The book in print: the whole of it as one document, by the filter tools/print.lua.
#
# What is made has another name until it is whole, so that a good file stays until there
# is a better one.

PRINT_TOOLS := $(BOOK_TOOLS) $(wildcard tools/print.lua tools/print/*)
PRINT_TEXT := book.md $(wildcard chapters/* lectures/*) $B/survey.json $B/ledger.json \
    $(wildcard $B/soak.json) $B/answers $(PRINT_TOOLS)
PRINTING = pandoc --metadata build=$B $(if $(UNSOLVED),--metadata unsolved=yes) \
    $(if $(UNANSWERED),--metadata unanswered=yes) --defaults tools/print

# The figures that move stand where their sliders begin.
PRINT_CURVES := $(MOVING:%=%.tsv)

.PHONY: epub pdf lualatex
epub: $B/measured-descent.epub ## make the book as an EPUB: build/measured-descent.epub; SOLUTIONS=no

$B/measured-descent.epub: $(PRINT_TEXT) $(PRINT_CURVES) $(wildcard figures/*)
	@$(PRINTING)/epub.yaml book.md -o $(NEW) && mv $(NEW) $@

# ---- As a PDF -----------------------------------------------------------------------

PRINT := $B/print
pdf: $B/measured-descent.pdf ## make the book as a PDF to be printed: build/measured-descent.pdf; SOLUTIONS=no

PRINT_FIGURES := $(patsubst figures/%,$(PRINT)/figures/%.pdf, \
    $(basename $(wildcard figures/*.gp figures/*.dot)))
# In a tree of exercises a figure may wait for its data, and is empty.
DRAW = @mkdir -p $(@D) && { sh tools/print/draw.sh $< $B $(NEW) \
    $(if $(UNSOLVED),2>/dev/null || : >$(NEW)); } && mv $(NEW) $@
$(PRINT)/figures/%.pdf: figures/%.gp tools/figure.gp tools/print/draw.sh $B/ledger.json \
    $(PRINT_CURVES)
	$(DRAW)
$(PRINT)/figures/%.pdf: figures/%.dot tools/print/draw.sh
	$(DRAW)

# Who lacks LuaLaTeX hears so before anything is made.
$(PRINT_FIGURES) $(PRINT)/book.tex: | lualatex
lualatex:
	@command -v $@ >/dev/null || { echo 'print: there is no $@ (./bootstrap --print)' >&2; \
	    exit 1; }

$(PRINT)/book.tex: $(PRINT_TEXT) $(PRINT_FIGURES)
	@$(PRINTING)/latex.yaml book.md -o $(NEW) && mv $(NEW) $@

$B/measured-descent.pdf: $(PRINT)/book.tex tools/print/typeset.sh
	@sh tools/print/typeset.sh $(PRINT) && mv $(PRINT)/book.pdf $@
