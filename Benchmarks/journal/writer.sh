#!/bin/sh
# Measures how fast one loop writes events; see Benchmarks/README.md.
#   Benchmarks/journal/writer.sh [FOLDER]
set -eu
cd "$(dirname "$0")/../.."

swiftc=${SWIFTC:-swiftc}
out=.build-benchmarks
mkdir -p "$out"
flags="-O -wmo -parse-as-library -enable-testing -swift-version 6
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature MemberImportVisibility
    -enable-upcoming-feature NonisolatedNonsendingByDefault
    -enable-experimental-feature Lifetimes -cross-module-optimization
    -I $out -I Sources/COpenSSL -I Sources/CLinux"

compile() { # compile MODULE [FLAG...]: the sources of a module into one object, when they changed
    module=$1
    shift
    if [ -e "$out/$module.o" ] \
        && [ -z "$(find Sources -newer "$out/$module.o" -type f)" ]; then return; fi
    echo "compiling $module ..." >&2
    # shellcheck disable=SC2046,SC2086 # lists
    "$swiftc" $flags "$@" -module-name "$module" -emit-module \
        -emit-module-path "$out/$module.swiftmodule" -c -o "$out/$module.o" \
        $(find "Sources/$module" -name '*.swift' | sort)
}

compile HTTP
compile Policy
# Its own entry point gives way to that of the benchmark.
compile Gateway -Xfrontend -entry-point-function-name -Xfrontend Gateway_main
# shellcheck disable=SC2086 # a list
"$swiftc" $flags -module-name Writer -o "$out/writer" Benchmarks/journal/Writer.swift \
    "$out/HTTP.o" "$out/Policy.o" "$out/Gateway.o" -lssl -lcrypto

folder=$(mktemp -d "${1:-/var/tmp}/postern-writer-XXXXXX")
trap 'rm -rf "$folder"' EXIT
"$out/writer" "$folder"
