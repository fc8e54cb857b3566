#!/bin/sh
# Renews the lists of classes that the start-up archives hold, from one served conversation. Run it after the program's
# start or the backend's first answer has come to load other classes; a stale list costs start-up time, nothing else.
set -eu
module=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dist=$module/target/slipway
lists=$module/src/main/resources/dev/slipway/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

record() {
    printf '%s' "-XX:DumpLoadedClassList=$work/$1"
}

# Serves until $1 has run with the server's address.
serve_for() {
    : >"$work/output"
    SLIPWAY_JAVA_OPTS=$(record program) \
        "$dist/bin/slipway" serve --port 0 --home "$work/home" >"$work/output" 2>&1 &
    server=$!
    url=
    while [ -z "$url" ] && kill -0 "$server"; do
        sleep 1
        url=$(sed -n 's/.*\(http:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$work/output" | head -n 1)
    done
    "$1" "$url"
    kill "$server"
    wait "$server" || true
}

ask() {
    for stream in false true; do
        curl -sSf "$1/v1/chat/completions" -H 'Content-Type: application/json' -o /dev/null \
            -d "{\"model\":\"slipway-demo\",\"stream\":$stream,\"messages\":[{\"role\":\"user\",\"content\":\"What is Slipway?\"}]}"
    done
}

# The first run installs the backend, whose start script then learns to keep a list as well.
serve_for true
run=$(readlink -f "$work/home/backends/slipway/run.sh")
chmod u+w "$run"
sed -i "s|-jar |$(record backend) -jar |" "$run"
serve_for ask

# Names alone: what else the JVM notes differs from run to run, and an archive shall not.
for name in program backend; do
    sed -i '2,$d' "$lists/$name-classes.txt"
    sed -e '/^[@#]/d' -e 's/ .*//' "$work/$name" | grep -vE '^(java|jdk|sun)/|Lambda|\$Proxy' |
        LC_ALL=C sort -u >>"$lists/$name-classes.txt"
done
wc -l "$lists"/*-classes.txt
