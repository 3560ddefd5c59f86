# Archives of the source and of the built book.  Their bytes depend on the commit, and
# those of the book also on the run that it shows: its seed, day and machine.

RELEASE := $B/release/measured-descent-$(shell cat VERSION)

.PHONY: release committed
release: $(RELEASE).tar.gz $(RELEASE)-book.tar.gz ## archives of the source and of the built book
	@sha256sum $^

committed:
	@test -z "$$(git status --porcelain)" || \
	    { echo 'release: there are changes that are not committed' >&2; exit 1; }

$(RELEASE).tar.gz: committed
	@mkdir -p $(@D)
	@git archive --format=tar --prefix=$(notdir $(RELEASE))/ HEAD | gzip -n9 >$(NEW) && \
	    mv $(NEW) $@

# In the order of names, and as old as the commit.
$(RELEASE)-book.tar.gz: committed book
	@mkdir -p $(@D)
	@tar --sort=name --mtime="@$$(git log -1 --format=%ct)" --format=gnu \
	    --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -C $(BOOK) \
	    --transform='s,^\.,$(notdir $(RELEASE)),' -c . | gzip -n9 >$(NEW) && \
	    mv $(NEW) $@
