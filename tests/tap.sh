# tap.sh -- what the shell tests say, as TAP; to be read by them with `.`.
#
# A test begins with `echo 1..N`, has N lines of ok, and ends with `exit $failed`.
count=0
failed=0

ok() { # NAME GOT EXPECTED
    count=$((count + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $count - $1"
    else
        failed=1
        echo "not ok $count - $1"
        printf '%s\n' got: "$2" expected: "$3" | sed 's/^/# /'
    fi
}
