/**
 * What `client-setup.sh` does, in POSIX sh. Before it stand `daemon`, `names`, `urls`, `sha256` and the functions `ca` (prints the
 * certificates) and `files` (calls `put` for each file). What was there before, and what was left, is kept below /var/lib/nexus-docker: the
 * next run, or --remove, begins from what would be there without it.
 */
export const setupScript = String.raw`
record=/var/lib/nexus-docker json=/etc/docker/daemon.json hosts=/etc/hosts
dry='' remove='' trust='' address='' root='' changed=' '
say() { printf '%s\n' "$*"; }
fail() { printf 'error: %s; nothing was changed\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

while [ $# -gt 0 ]; do
  case $1:$# in --hosts:1 | --root:1) fail "$1 needs a value" ;; esac
  case $1 in
    --help) sed -n 's/^# usage/usage/p' "$0"; exit ;;
    --dry-run) dry='would ' ;;
    --remove) remove=1 ;;
    --system-trust) trust=1 ;;
    --hosts) address=$2; shift ;;
    --root) root=$2; shift; [ "$root" ] || fail '--root needs a value' ;;
    *) fail "unknown option $1: there are --dry-run, --remove, --system-trust, --hosts ADDRESS and --root FOLDER" ;;
  esac
  shift
done
case $address in *[!0-9A-Fa-f.:]*) fail "--hosts: $address is no IP address" ;; esac
[ -d "$root/" ] || fail "--root: there is no folder $root"
[ "$dry$root" ] || [ "$(id -u)" = 0 ] || fail 'only root may do this: sudo sh client-setup.sh'
if has sha256sum && [ "$sha256" ] && ! ca | sha256sum | grep -q "^$sha256"; then fail 'the certificate in this script is damaged'; fi
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
cat "$root$record/folders" >"$tmp/folders" 2>/dev/null

# client NAME PROGRAM...: /etc/NAME is there, or one of the programs.
client() {
  [ ! -d "$root/etc/$1" ] || return 0
  for program; do
    for place in /usr/bin /usr/sbin /usr/local/bin /snap/bin; do [ ! -x "$root$place/$program" ] || return 0; done
  done
  return 1
}

same() { cmp -s "$1" "$2" || { [ ! -f "$1" ] && [ ! -f "$2" ]; }; }
copy() { if [ -f "$1" ]; then mkdir -p "$(dirname "$2")" && cp "$1" "$2"; else rm -f "$2"; fi || exit; }
put() { mkdir -p "$(dirname "$tmp/want$1")" && cat >"$tmp/want$1" || exit; }

# shellcheck disable=SC2016 # what has dollars is a program for jq
# json minus|plus A B: A without what B has; or A with what its lists lack of those of B, in front. A null counts as nothing.
json() {
  if { has iconv && ! iconv -f UTF-8 -t UTF-8 "$2" "$3" >/dev/null 2>&1; } ||
    grep -Eq '(^|[:,[])[[:space:]]*-?([0-9.]{16}|[0-9.]+[eE])' "$2" "$3"; then false
  elif has jq; then
    case $1 in
      minus) code='with_entries($b[.key] as $v | if .value == null or $v == null then . elif [.value, $v | type] | index("array") then .value -= $v | select(.value != []) else empty end)' ;;
      *) code='reduce ($b | to_entries[]) as $e (.; (.[$e.key] | if . == null then [] else . end) as $l | .[$e.key] = $e.value - $l + $l)' ;;
    esac
    jq --exit-status --slurp 'select(map(type) == ["object", "object"]) | .[1] as $b | .[0] | '"$code" "$2" "$3" 2>/dev/null
  elif has python3; then
    python3 -c 'if True:
      import json, sys
      a, b = (json.load(open(name, encoding="utf-8")) for name in sys.argv[2:])
      for key, value in b.items():
          old = a.get(key)
          if sys.argv[1] == "plus":
              old = [] if old is None else old
              a[key] = [one for one in value if one not in old] + old
          elif None not in (old, value):
              isList = list in (type(old), type(value))
              a[key] = [one for one in old + [] if one not in value + []] if isList else []
              a[key] or a.pop(key)
      print(json.dumps(a, indent=2))' "$@" 2>/dev/null
  else fail "merging $json needs jq or python3"
  fi || fail "cannot merge $json: it must be a JSON object in UTF-8, without very large numbers, its registry-mirrors and insecure-registries lists"
}

# base PATH: below $tmp/base, what would be there without this script, if anything. What others changed since then stays.
base() {
  left=$root$record/left$1 before=$root$record/before$1 there=$root$1
  if [ ! -f "$there" ] && { [ -e "$there" ] || [ -h "$there" ]; }; then fail "$1 is no file, nor a link to one"; fi
  [ -z "$root" ] || case $(readlink "$there") in /*) fail "$1 is a link that leads out of $root" ;; esac
  if [ ! -f "$left" ] || [ ! -f "$there" ]; then copy "$there" "$tmp/base$1"
  elif same "$there" "$left" || same "$there" "$before"; then copy "$before" "$tmp/base$1"
  elif [ "$1" = $json ]; then
    if [ -f "$before" ]; then json minus "$left" "$before" >"$tmp/ours"; else cp "$left" "$tmp/ours"; fi || exit
    json minus "$there" "$tmp/ours" >"$tmp/base$1" || exit
    [ -f "$before" ] || grep -q '"' "$tmp/base$1" || rm "$tmp/base$1"
  elif [ "$1" = $hosts ]; then sed '/# nexus-docker$/d' "$there" >"$tmp/base$1" || exit
  else copy "$before" "$tmp/base$1"
  fi
}

folder() {
  [ ! -d "$root$1" ] || return 0
  folder "$(dirname "$1")"
  mkdir "$root$1" && say "$1" >>"$tmp/folders" || exit
  [ ! -d "$root$record" ] || copy "$tmp/folders" "$root$record/folders"
}

# settle PATH: it becomes the file below $tmp/want, or else what it would be without this script.
settle() {
  left=$root$record/left$1 before=$root$record/before$1 there=$root$1 want=$tmp/want$1 base=$tmp/base$1 verb=write
  [ ! -f "$base" ] || verb=change
  [ -f "$want" ] || { want=$base; verb=restore; }
  [ -f "$want" ] || verb=remove
  if ! same "$want" "$there"; then changed="$changed$1 "; say "$dry$verb $1"; fi
  [ ! "$dry" ] || return 0
  # First what --remove needs, whatever happens then.
  if ! same "$want" "$base"; then copy "$base" "$before"; copy "$want" "$left"; fi
  if [ $verb = remove ]; then rm -f "$there" "$there.new"
  elif ! same "$want" "$there"; then
    folder "$(dirname "$1")"
    # Beside it, with its rights: nobody finds half a file. A link stays; it and what is mounted, as /etc/hosts of a container, can only be filled.
    [ ! -f "$there" ] || cp -p "$there" "$there.new"
    cat "$want" >"$there.new" || exit
    { [ ! -h "$there" ] && mv -f "$there.new" "$there" 2>/dev/null; } || { cat "$there.new" >"$there" && rm "$there.new"; } || exit
  fi
  if same "$want" "$base"; then rm -f "$left" "$before"; fi
}

mkdir -p "$tmp/base/etc/docker" "$tmp/want/etc/docker"
if [ ! "$remove" ]; then
  [ ! "$sha256" ] || say "CA certificate, sha256 of its file: $sha256"
  files
  if [ "$trust" ]; then
    for place in /usr/local/share/ca-certificates /etc/pki/ca-trust/source/anchors /etc/pki/trust/anchors ''; do
      [ ! -d "$root$place" ] || break
    done
    if [ ! "$place" ] || [ ! "$sha256" ]; then fail '--system-trust: there is no private CA, or no folder for one'; fi
    ca | put "$place/nexus-docker.crt"
  fi
  if [ "$address" ]; then
    [ "$names" ] || fail '--hosts: the registry has no name'
    base $hosts
    copy "$tmp/base$hosts" "$tmp/want$hosts"
    [ -z "$(tail -c 1 "$tmp/want$hosts" 2>/dev/null)" ] || echo >>"$tmp/want$hosts"
    say "$address $names # nexus-docker" >>"$tmp/want$hosts"
  fi
  if [ "$daemon" != '{}' ] && client docker docker dockerd; then
    base $json
    say "$daemon" >"$tmp/ours"
    if ! grep -q '[^[:space:]]' "$tmp/base$json" 2>/dev/null; then cp "$tmp/ours" "$tmp/want$json"
    else
      json minus "$tmp/ours" "$tmp/base$json" >"$tmp/lacking" || exit
      ! grep -q '"' "$tmp/lacking" || json plus "$tmp/base$json" "$tmp/ours" >"$tmp/want$json" || exit
    fi
  fi
fi
paths=$(for top in "$tmp/want" "$root$record/left"; do [ ! -d "$top" ] || (cd "$top" && find . -type f); done | cut -c 2- | sort -u)
for path in $paths; do base "$path"; done
copy "$root$json" "$tmp/before"
if [ ! "$dry" ]; then
  folder $record
  chmod 700 "$root$record" || exit # it has copies of what others may not read
fi
for path in $paths; do settle "$path"; done
[ "$changed" != ' ' ] || say 'nothing to change'
[ ! "$dry" ] || exit 0
[ ! "$remove" ] || rm -rf "$root$record"
sort -r "$tmp/folders" | while read -r path; do
  rmdir "$root$path" 2>/dev/null || [ ! -d "$root$path" ] || say "$path"
done >"$tmp/kept"
[ "$remove" ] || copy "$tmp/kept" "$root$record/folders"

case $changed in *" $json "*)
  if [ ! "$root" ] && pid=$(cat /var/run/docker.pid 2>/dev/null) && kill -HUP "$pid"; then
    say 'reload docker'
    for key in registry-mirrors insecure-registries; do
      if grep -qs "\"$key\"" "$tmp/before" && ! grep -qs "\"$key\"" "$root$json"; then
        say "note: docker keeps its $key until it is restarted" # a reload passes over lists that are not there
      fi
    done
  fi ;;
esac
case $changed in *'/nexus-docker.crt '*)
  if [ "$root" ]; then :
  elif has update-ca-certificates; then update-ca-certificates --fresh >/dev/null # without it links of what was removed stay
  else update-ca-trust
  fi || exit ;;
esac
if [ "$remove" ]; then exit; fi
if client containerd containerd && ! grep -qs 'config_path.*/etc/containerd/certs.d' "$root/etc/containerd/config.toml"; then
  say 'note: Kubernetes reads these files only with config_path = "/etc/containerd/certs.d" in /etc/containerd/config.toml'
fi
has curl || exit 0
ca >"$tmp/ca.crt"
result=0
for url in $urls; do
  set -- --silent --show-error --globoff --max-time 20 --output /dev/null --write-out '%{http_code}'
  [ ! "$sha256" ] || set -- "$@" --cacert "$tmp/ca.crt"
  status=$(curl "$@" "$url" 2>"$tmp/error")
  case $status in
    200) say "$url answers" ;;
    401) say "$url answers, and asks for a login" ;;
    *) say "no registry at $url: status $status $(sed 1q "$tmp/error")" >&2; result=1 ;;
  esac
done
exit $result
`
