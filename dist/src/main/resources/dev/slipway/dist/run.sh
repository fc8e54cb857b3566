#!/bin/sh
# Starts the slipway backend: run.sh --addr=HOST:PORT. Needs sh, coreutils and glibc of the host, from any folder.
set -eu
self=$(readlink -f -- "$0")
here=${self%/*}
# exec: whoever started this process signals, waits for and kills the backend itself.
exec "$here/runtime/bin/java" \
    @FLAGS@ \
    -XX:SharedArchiveFile="$here/lib/backend.jsa" \
    ${SLIPWAY_BACKEND_JAVA_OPTS:-} \
    -jar "$here/lib/@JAR@" "$@"
