#!/bin/sh
# Starts slipway from its distribution folder, wherever that lies and however this file is reached.
set -eu
self=$(readlink -f -- "$0")
dist=${self%/bin/*}
. "$dist/bin/find-jdk.sh"
slipway_find_jdk

# Commands that end at once are over before the optimising compiler pays; those that stay, or move much, want it.
case ${1:-} in
serve | chat | image | registry) compiler= ;;
bench) compiler=--add-modules=jdk.incubator.vector ;;
doctor) compiler='-XX:TieredStopAtLevel=1 --add-modules=jdk.incubator.vector' ;;
*) compiler=-XX:TieredStopAtLevel=1 ;;
esac

# shellcheck disable=SC2086 # Several flags in one variable are meant to be split.
exec "$JAVA_HOME/bin/java" \
    @FLAGS@ \
    -XX:SharedArchiveFile="$dist/lib/slipway.jsa" \
    $compiler ${SLIPWAY_JAVA_OPTS:-} \
    -Dslipway.dist="$dist" \
    -jar "$dist/lib/@JAR@" "$@"
