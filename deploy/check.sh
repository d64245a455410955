#!/usr/bin/env bash
# The checks of style, types, contracts and templates, as a list of named steps.
# Every step runs, so that one run shows all that is wrong.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=${BIN:-.venv/bin}
failed=()

step() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf '  %-28s ok\n' "$name"
    else
        printf '  %-28s FAILED\n%s\n' "$name" "$output"
        failed+=("$name")
    fi
}

templates() {
    local found
    found=$(find kernel commission onboarding storefront -name '*.html' -print -quit)
    [ -z "$found" ] || "$bin/djlint" kernel commission onboarding storefront --lint --quiet
}

step "style: lint" "$bin/ruff" check --quiet
step "style: layout" "$bin/ruff" format --check --quiet
step "types" "$bin/mypy"
step "contracts between packages" "$bin/lint-imports"
step "templates" templates

if [ ${#failed[@]} -gt 0 ]; then
    printf 'check failed: %s\n' "${failed[*]}" >&2
    exit 1
fi
