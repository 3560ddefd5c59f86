#!/bin/sh
# platforms.sh -- the README's commands on other systems, each in a folder that
# debootstrap fills.
#
# SYSTEMS in the environment names them; else they are Debian 13 and what will be 14.
#
# A system's folder is kept, in $XDG_CACHE_HOME/measured-descent or in
# /var/cache/measured-descent: the second run only brings it up to date.  The book is
# copied into it, to a path with blanks and an umlaut, and knows nothing but PATH of the
# environment.  What is mounted and what runs there has namespaces of its own, which end
# with this script however it ends.  Each system gets one line; a log stands beside it.
set -u
cache=${XDG_CACHE_HOME:-/var/cache}/measured-descent
book='/tmp/ü ß dir/book'

stop() {
    echo "check-platforms: $1" >&2
    exit 2
}

# ---- In namespaces of its own, as process 1 ------------------------------------------

# Devices: the few that every system has, and terminals.
mount_system() { # ROOT
    mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev" || return
    for device in null zero full random urandom tty; do
        touch "$1/dev/$device" &&
            mount --bind "/dev/$device" "$1/dev/$device" || return
    done
    mkdir "$1/dev/pts" "$1/dev/shm"
    ln -s /proc/self/fd "$1/dev/fd"
    ln -s pts/ptmx "$1/dev/ptmx"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
}

# A mirror may lag behind; Debian's next release is only good for a week.
fill() { # ROOT SYSTEM
    echo '== debootstrap'
    rm -rf "$1.new" && debootstrap --variant=minbase "$2" "$1.new" $mirror || return
    echo 'Acquire::Check-Valid-Until "false";' >"$1.new/etc/apt/apt.conf.d/old-mirror"
    mv "$1.new" "$1"
}

inside() { # ROOT COMMAND...: with nothing of this environment
    root=$1
    shift
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

timed() { # ROOT COMMAND: in the book; adds to $times
    echo "== $2"
    began=$(date +%s)
    inside "$1" sh -c "cd '$book' && $2" || return
    times="$times, ${2#make } $(($(date +%s) - began)) s"
}

update() { # ROOT
    echo '== apt-get dist-upgrade'
    cp /etc/resolv.conf "$1/etc" &&
        inside "$1" apt-get -q update &&
        inside "$1" DEBIAN_FRONTEND=noninteractive apt-get -qy dist-upgrade
}

copy_book() { # ROOT
    rm -rf "$1$book" && mkdir -p "$1$book" &&
        tar -c --exclude=./build --exclude=./.git . | tar -x -C "$1$book"
}

versions() { # ROOT: of what differs most
    inside "$1" dpkg-query -Wf '${Package} ${Version}\n' gcc make pandoc gnuplot-nox \
        universal-ctags libopenblas-dev libflint-dev libsundials-dev |
        sed -E 's/ ([0-9]+:)?/ /; s/[+~-][^ ]*$//' | tr '\n' ',' |
        sed 's/,$//; s/,/, /g'
}

try() { # SYSTEM ROOT
    times=
    [ -d "$2" ] || fill "$2" "$1" || return
    mount_system "$2" && update "$2" && copy_book "$2" || return
    for command in ./bootstrap 'make check' 'make book' 'make check-exercises'; do
        timed "$2" "$command" || return
    done
}

if [ "${1-}" = --inside ]; then
    mirror=$3
    if try "$2" "$cache/$2" >"$cache/$2.log" 2>&1 </dev/null; then
        echo "$2: passes with $(versions "$cache/$2")${times}"
    else
        where=$(sed -n 's/^== //p' "$cache/$2.log" | tail -n 1)
        echo "$2: FAILS in $where; see $cache/$2.log"
        exit 1
    fi
    exit
fi

# ---- Here ----------------------------------------------------------------------------

[ "$(id -u)" = 0 ] || stop "must be root, to make folders in which other systems run"
for tool in debootstrap unshare setpriv chroot flock; do
    command -v $tool >/dev/null || stop "needs $tool; on Debian: apt-get install $tool"
done
unshare --mount --pid --fork true 2>/dev/null ||
    stop "may not mount anything here: is this a container without that right?"
mkdir -p "$cache" || exit
exec 9>"$cache/lock"
flock -n 9 || stop "another run is at work in $cache"

# The mirror of this machine where it is Debian; else debootstrap knows one.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' 2>/dev/null |
    head -n 1)
failed=0
set -f
for system in ${SYSTEMS:-trixie sid}; do
    case $system in
    *[!a-z]*) stop "a system has a name like trixie, got \"$system\"" ;;
    esac
    setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child \
        sh "$0" --inside "$system" "$mirror" || failed=1
done
exit $failed
