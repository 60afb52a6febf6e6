#!/bin/sh
# Builds the fuzz targets beside the normal build and runs them.
#   Fuzz/run.sh [SECONDS] [token|keys|json|language|target]...
# A finding is left in .build-fuzz/found/TARGET; once mended it belongs into Fuzz/findings/TARGET,
# where a test looks at it again.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- token keys json language target
swiftc=${SWIFTC:-swiftc}
# The address sanitizer says where it was; Swift's own trace would only fall over it.
export SWIFT_BACKTRACE=enable=no
out=.build-fuzz
mkdir -p "$out"

flags="-O -wmo -parse-as-library -enable-testing -swift-version 6 -sanitize=fuzzer,address
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature MemberImportVisibility
    -enable-upcoming-feature NonisolatedNonsendingByDefault
    -enable-experimental-feature Lifetimes -I $out -I Sources/COpenSSL -I Sources/CLinux"

compile() { # compile MODULE [FLAG...]: the sources of a module into one object, when they changed
    module=$1
    shift
    sources=$(find "Sources/$module" -name '*.swift' | sort)
    if [ -e "$out/$module.o" ] \
        && [ -z "$(find Sources -newer "$out/$module.o" -type f)" ]; then return; fi
    echo "compiling $module ..." >&2
    # shellcheck disable=SC2086 # lists
    "$swiftc" $flags -g "$@" -module-name "$module" -emit-module \
        -emit-module-path "$out/$module.swiftmodule" -c -o "$out/$module.o" $sources
}

compile HTTP
compile Policy
# Its own entry point gives way to that of the fuzzer.
compile Gateway -Xfrontend -entry-point-function-name -Xfrontend Gateway_main

for target in "$@"; do
    case $target in
    token) name=Token ;;
    keys) name=Keys ;;
    json) name=JSON ;;
    language) name=Language ;;
    target) name=Target ;;
    *)
        echo "run.sh: unknown target \`$target\`" >&2
        exit 2
        ;;
    esac
    # shellcheck disable=SC2086 # a list
    "$swiftc" $flags -module-name "Fuzz$name" -o "$out/fuzz-$target" "Fuzz/${name}Target.swift" \
        Fuzz/Finding.swift Tests/GatewayTests/Fuzzing/*Oracle.swift \
        "$out/HTTP.o" "$out/Policy.o" "$out/Gateway.o" -lssl -lcrypto -use-ld=lld
    words=Fuzz/words.dict
    [ ! -e "Fuzz/$target.dict" ] || words=Fuzz/$target.dict
    mkdir -p "$out/corpus/$target" "$out/found/$target"
    echo "== $target, $seconds s"
    "$out/fuzz-$target" -max_total_time="$seconds" -max_len=8192 -timeout=5 -rss_limit_mb=2048 \
        -use_value_profile=1 -print_final_stats=1 -dict="$words" \
        -artifact_prefix="$out/found/$target/" "$out/corpus/$target" "Fuzz/corpus/$target" \
        "Fuzz/findings/$target"
done
