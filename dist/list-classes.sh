#!/bin/sh
# Renews the lists of classes that the start-up archives hold, from one served conversation. Run it after the program's
# start or the backend's first answer has come to load other classes; a stale list costs start-up time, nothing else.
set -eu
module=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dist=$module/target/slipway
lists=$module/src/main/resources/dev/slipway/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

SLIPWAY_JAVA_OPTS="-XX:DumpLoadedClassList=$work/program" \
    SLIPWAY_BACKEND_JAVA_OPTS="-XX:DumpLoadedClassList=$work/backend" \
    "$dist/bin/slipway" serve --port 0 --home "$work/home" >"$work/output" 2>&1 &
server=$!
url=
for _ in $(seq 120); do
    url=$(sed -n 's/.*\(http:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$work/output" | head -n 1)
    [ -z "$url" ] || break
    sleep 1
done
[ -n "$url" ] || { cat "$work/output" >&2; exit 1; }
curl -sSf --retry 60 --retry-delay 1 --retry-all-errors "$url/readyz" >/dev/null
for stream in false true; do
    curl -sSf "$url/v1/chat/completions" -H 'Content-Type: application/json' \
        -d "{\"model\":\"slipway-demo\",\"stream\":$stream,\"messages\":[{\"role\":\"user\",\"content\":\"What is Slipway?\"}]}" \
        >/dev/null
done
kill "$server"
wait "$server" || true

# Names alone: what else the JVM notes differs from run to run, and an archive shall not.
for name in program backend; do
    sed -i '2,$d' "$lists/$name-classes.txt"
    sed -e '/^[@#]/d' -e 's/ .*//' "$work/$name" | grep -vE '^(java|jdk|sun)/|Lambda|\$Proxy' |
        LC_ALL=C sort -u >>"$lists/$name-classes.txt"
done
wc -l "$lists"/*-classes.txt
