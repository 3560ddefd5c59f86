#!/bin/sh
# The library and its examples: compiled against what `make lib` leaves alone, after that
# was moved into a folder with blanks, and asked for what theory says.
cd "$(dirname "$0")/.." || exit
version=$(cat VERSION)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/tap.sh

here="$work/a new place"
mkdir "$here" && cp -R "${BUILD:-build}/measured" examples "$here" || exit
cd "$here/examples" || exit
PKG_CONFIG_PATH=$here/measured/lib/pkgconfig
export PKG_CONFIG_PATH

# run NAME: what the example says, or why it was not compiled.
run() {
    eval "${CC:-cc} -std=c17 -Wall -Wextra -Werror $1.c \
        $(pkg-config --cflags --libs measured) -o $1" >log 2>&1 && "./$1" || cat log
}

# judge EXPRESSION: its value, where n holds all numbers of the standard input in order.
judge() {
    lua5.4 -e '
        n = {}
        for word in io.read("a"):gmatch("[-+]?%d+%.?%d*[e%d+-]*") do
            n[#n + 1] = tonumber(word)
        end' -e "print($1)"
}

echo 1..5
ok 'pkg-config knows the version' "$(pkg-config --modversion measured)" "$version"
# 1.05 * 2 / a_max multiplies the steepest error by 1.1 a step, and the cost by its square.
run fit_and_diverge >said
ok 'below the largest rate descent finds the line, beyond it 1.1^400 of the cost' \
    "$(judge 'math.abs(n[3] - 1) < 0.1 and math.abs(n[4] - 2) < 0.2 and
        math.abs(math.log(n[10], 1.1) - 400) < 40' <said)" true
run kernel_prediction >said
ok 'the kernel says what was wanted to within a tenth' \
    "$(grep -c wanted said) $(judge '(function()
        local worst = 0
        for i = 1, #n, 3 do worst = math.max(worst, math.abs(n[i + 1] - n[i + 2])) end
        return worst < 0.1
    end)()' <said)" '6 true'
run gradient_by_adjoint >said
ok 'the adjoint gives the gradient with respect to theta' \
    "$(sed -n 1p said)" 'dL/dtheta = -0.98638786, by the closed form -0.98638786'
ok 'and to the start' \
    "$(sed -n 2p said)" 'dL/dz(0)  = 0.49319393, by the closed form 0.49319393'
exit $failed
