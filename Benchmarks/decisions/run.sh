#!/bin/sh
# Measures decisions and the load of a configuration with many tenants; see Benchmarks/README.md.
#   Benchmarks/decisions/run.sh [TENANTS]
set -eu
cd "$(dirname "$0")/../.."

swiftc=${SWIFTC:-swiftc}
out=.build-benchmarks
mkdir -p "$out"
sources=$(find Sources/Policy -name '*.swift' | sort)
# shellcheck disable=SC2086 # a list
"$swiftc" -O -wmo -parse-as-library -swift-version 6 -enable-upcoming-feature ExistentialAny \
    -enable-upcoming-feature InternalImportsByDefault \
    -enable-upcoming-feature MemberImportVisibility \
    -enable-upcoming-feature NonisolatedNonsendingByDefault -enable-experimental-feature Lifetimes \
    -module-name Decisions -o "$out/decisions" $sources Benchmarks/decisions/*.swift
exec "$out/decisions" "$@"
