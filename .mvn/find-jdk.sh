# Finds a JDK that can build and run Slipway and exports it as JAVA_HOME. Sourced by ./mvnw and ./slipway.
#
# Looked at in this order: $SLIPWAY_JAVA_HOME, $JAVA_HOME, the javac on PATH, the usual install folders.
# SLIPWAY_JAVA_HOME is an order, not a hint: if it is set and does not fit, nothing else is tried.

slipway_jdk_needed=25

# Prints the feature release of the JDK in folder $1, or nothing when there is no JDK.
slipway_jdk_release() {
    [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

slipway_jdk_fits() {
    release=$(slipway_jdk_release "$1")
    [ -n "$release" ] && [ "$release" -ge "$slipway_jdk_needed" ]
}

slipway_jdk_candidates() {
    printf '%s\n' "${JAVA_HOME:-}"
    on_path=$(command -v javac 2>/dev/null) && dirname "$(dirname "$(readlink -f "$on_path")")"
    for folder in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /usr/local/lib/jvm/* \
        "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        printf '%s\n' "$folder"
    done
}

slipway_find_jdk() {
    if [ -n "${SLIPWAY_JAVA_HOME:-}" ]; then
        if slipway_jdk_fits "$SLIPWAY_JAVA_HOME"; then
            JAVA_HOME=$SLIPWAY_JAVA_HOME
            export JAVA_HOME
            return 0
        fi
        echo "slipway: SLIPWAY_JAVA_HOME is $SLIPWAY_JAVA_HOME, which holds no JDK $slipway_jdk_needed or newer." >&2
        echo "         Point it at one, or unset it to let Slipway look for one." >&2
        exit 10
    fi
    found=$(slipway_jdk_candidates | while IFS= read -r folder; do
        if [ -n "$folder" ] && slipway_jdk_fits "$folder"; then
            printf '%s\n' "$folder"
            break
        fi
    done)
    if [ -z "$found" ]; then
        echo "slipway: no JDK $slipway_jdk_needed or newer was found (looked at JAVA_HOME, PATH and the usual install folders)." >&2
        echo "         Install one, for example Eclipse Temurin $slipway_jdk_needed from https://adoptium.net," >&2
        echo "         or set SLIPWAY_JAVA_HOME to the folder of one you have." >&2
        exit 10
    fi
    JAVA_HOME=$found
    export JAVA_HOME
}
