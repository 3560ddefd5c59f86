# small_book.sh -- the small book of tests/book/, for the tests that make something of it;
# to be read by them with `.`.
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL
count=0 failures=0

# A fresh copy of the small book becomes the current directory.
copy_to() { # NAME
    cd "$work" && rm -rf "$1" && cp -r "$root/tests/book" "$1" && cd "$1" || exit
    mkdir build
    mv ledger.json evidence build
    mv curves build/live
    ln -s "$root/tools" tools
}

# report STATUS WHAT: a line of TAP; of what failed, also what make said.
report() {
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        failures=$((failures + 1))
        echo "not ok $count - $2"
        sed 's/^/# /' log
    fi
}

copy() { copy_to book; }

# keep: what stands here becomes the book that `copy_kept` brings back, as old as it is.
keep() { rm -rf "$work/kept" && cp -rp . "$work/kept"; }

copy_kept() { cd "$work" && rm -rf book && cp -rp kept book && cd book || exit; }

# The fonts and the code of tools/ are left out: they take long and cannot be wrong.
make_of() { # TARGET OR VARIABLE...
    make --no-print-directory BOOK_FONTS= BOOK_CODE='$(wildcard ref/* proofs_numeric/* live/*)' \
        BOOK_FILES='$(BOOK_CODE) $(wildcard figures/*)' "$@" >log 2>&1
}

make_book() { make_of book "$@"; }
make_pages() { make_of $(printf 'build/book/%s ' "$@"); }

# holds FILE TEXT WHAT: a page of the good book holds the text.
holds() {
    tr '\n' ' ' <"build/book/$1" | grep -qF -- "$2"
    report $? "$3"
}

edit() { sed -i "$@"; }
append() { printf '\n%s\n' "$2" >>"$1"; }
