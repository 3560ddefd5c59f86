# ref/ as a library, in a folder that may be moved wherever one likes: an archive, the
# headers, and a file for pkg-config, which finds both from where it lies itself.

LIB := $B/measured
LIB_HEADERS := $(patsubst ref/%,$(LIB)/include/measured/%,$(filter ref/%.h,$(FILES)))
LIB_FILES := $(LIB)/lib/libmeasured.a $(LIB)/lib/pkgconfig/measured.pc $(LIB_HEADERS)

.PHONY: lib
lib: $(LIB_FILES) ## ref/ as a library, in build/measured; examples/ shows what for

$(LIB)/lib/libmeasured.a: $(REF) $(DENSE_OBJECT)
	@mkdir -p $(@D) && rm -f $(NEW)
	@echo '  ar $@'
	@$(AR) rcD $(NEW) $^ && mv $(NEW) $@

$(LIB)/include/measured/%.h: ref/%.h
	@mkdir -p $(@D) && cp $< $(NEW) && mv $(NEW) $@

$(LIB)/lib/pkgconfig/measured.pc: VERSION tools/lib.mk
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$${pcfiledir}/../..' \
	    'Name: measured' \
	    'Description: the reference code of Measured Descent' \
	    "Version: $$(cat VERSION)" \
	    'Requires: $(if $(filter blas,$(DENSE)),openblas) zlib' \
	    'Cflags: -I$${prefix}/include/measured' \
	    'Libs: -L$${prefix}/lib -lmeasured $(filter -fsanitize=%,$(CFLAGS)) -lm' \
	    >$(NEW) && mv $(NEW) $@
