# Stands between the server and one backend, so that the backend never outlives the server, however the server ends.
#
#   bash -c "$(cat supervisor.sh)" slipway-supervisor GRACE MARK COMMAND [ARGUMENT...]
#
# Standard input is a pipe that only the server holds open: its end means "stop", whether the server closed it or died.
# The backend runs in a process group of its own, so that one signal reaches all that it forks; what left that group is
# found by the mark in its environment. A group, not a session, where the shell can make one (bash): Linux shares the
# processor between sessions first, and a backend that computes could then leave the server waiting for a tenth of a
# second and more. The backend gets neither the pipe nor the terminal. Exits with the backend's status.

grace=$1
mark=SLIPWAY_BACKEND_PROCESS=$2
shift 2
exec 3<&0 </dev/null

if [ -n "${BASH_VERSION:-}" ]; then
    set -m
    env "$mark" "$@" 3<&- &
    backend=$!
    all=-$backend
elif command -v setsid >/dev/null 2>&1; then
    env "$mark" setsid "$@" 3<&- &
    backend=$!
    all=-$backend
else
    echo "slipway: this host has no 'setsid', so processes that the backend forks may outlive it" >&2
    env "$mark" "$@" 3<&- &
    backend=$!
    all=$backend
fi

# Before the backend has its own group there is no group to signal, hence the second try.
signal() {
    kill -s "$1" -- "$all" 2>/dev/null || kill -s "$1" "$backend" 2>/dev/null
}

kill_all() {
    signal KILL
    command -v grep >/dev/null 2>&1 || return 0
    # More than once, because what is being killed may be forking.
    for round in 1 2 3 4 5; do
        left=$(grep -lsF "$mark" /proc/[0-9]*/environ)
        [ -n "$left" ] || return 0
        for file in $left; do
            pid=${file#/proc/}
            kill -s KILL "${pid%/environ}" 2>/dev/null
        done
    done
}

(
    trap - TERM INT HUP
    while read -r _ <&3; do :; done
    signal TERM
    tenths=$((grace * 10))
    while [ "$tenths" -gt 0 ] && kill -s 0 -- "$all" 2>/dev/null; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
    kill_all
) &
watcher=$!
set +m
exec 3<&-

# Ctrl-C in the server's terminal is for the server alone.
trap : INT QUIT
trap 'signal TERM' TERM HUP
wait "$backend"
status=$?
# A signal to this shell ends the wait early: the backend is then still there.
while kill -s 0 "$backend" 2>/dev/null; do
    wait "$backend"
    status=$?
done
kill_all
kill -s KILL "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$status"
