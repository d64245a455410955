#!/usr/bin/env bash
# What the tests need beyond Python: a browser, Chinese fonts, a PostgreSQL server, node for what looks at pages.
# Does nothing when all is there. Without apt or root it says which tests will be skipped;
# with CI=true anything missing is a failure, so that a green run has skipped nothing.
set -euo pipefail

have_browser() { command -v chromium >/dev/null; }
have_fonts() { fc-list :lang=zh 2>/dev/null | grep -q . || [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ]; }
have_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
have_node() { command -v node >/dev/null && command -v npm >/dev/null; }

missing() {
    have_browser || echo chromium
    have_fonts || echo fonts-noto-cjk
    have_postgresql || echo postgresql
    have_node || printf '%s\n' nodejs npm
}

install() {
    local root=()
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        root=(sudo -n)
    fi
    echo "Installing for the tests: $*"
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

mapfile -t packages < <(missing)
if [ ${#packages[@]} -eq 0 ]; then exit 0; fi
install "${packages[@]}" || true
mapfile -t packages < <(missing)
if [ ${#packages[@]} -eq 0 ]; then exit 0; fi

for package in "${packages[@]}"; do
    case $package in
        chromium) echo "no chromium: tests in a browser are skipped" ;;
        fonts-noto-cjk) echo "no Chinese font: pictures show boxes for characters" ;;
        postgresql) echo "no PostgreSQL server: the suite runs on SQLite alone" ;;
        nodejs) echo "no node: what looks at pages with axe is skipped" ;;
    esac
done
[ "${CI:-}" != true ]
