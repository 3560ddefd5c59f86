# The book in print: the whole of it as one document, by the filter tools/print.lua.
#
# What is made has another name until it is whole, so that a good file stays until there
# is a better one.

PRINT_TOOLS := $(BOOK_TOOLS) $(wildcard tools/print.lua tools/print/*)
PRINT_TEXT := book.md $(wildcard chapters/* lectures/*) $B/survey.json $B/ledger.json \
    $(wildcard $B/soak.json) $(PRINT_TOOLS)
# With SOLUTIONS=no it lacks the answers to the exercises.
PRINTING = pandoc --metadata build=$B $(if $(UNSOLVED),--metadata unsolved=yes) \
    $(if $(filter no,$(SOLUTIONS)),--metadata unanswered=yes) --defaults tools/print

# The figures that move stand where their sliders begin.
PRINT_CURVES := $(MOVING:%=%.tsv)

.PHONY: epub
epub: $B/measured-descent.epub ## make the book as an EPUB: build/measured-descent.epub; SOLUTIONS=no

$B/measured-descent.epub: $(PRINT_TEXT) $(PRINT_CURVES) $(wildcard figures/*)
	@$(PRINTING)/epub.yaml book.md -o $(NEW) && mv $(NEW) $@
