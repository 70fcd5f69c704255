# shellcheck shell=sh
# What the launcher says, and how long steps show that they are alive.

say() { printf '%s\n' "$*"; }

# die WORDS REMEDY: one line for what is wrong, one for what to do.
die() {
  printf 'argos: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '       %s\n' "$2" >&2
  exit 1
}

# Prints the elapsed seconds beside $1: each second on a terminal, every 15 s elsewhere. Ends with the launcher.
tick() {
  seconds=0
  while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    seconds=$((seconds + 1))
    if [ -t 1 ]; then
      printf '\r\033[K  %s ... %s s' "$1" "$seconds"
    elif [ $((seconds % 15)) -eq 0 ]; then
      say "  $1 ... $seconds s"
    fi
  done
}

# step WORDS LOG COMMAND...: runs the command with its output in .cache/log/LOG.log, shown only when it fails.
step() {
  words=$1
  log=$ARGOS_CACHE/log/$2.log
  shift 2
  mkdir -p "$ARGOS_CACHE/log"
  began=$(date +%s)
  if [ -t 1 ]; then printf '  %s ...' "$words"; else say "  $words ..."; fi
  tick "$words" &
  ticker=$!
  # The command stays in the foreground, so that Ctrl-C reaches it and all it started.
  trap 'kill "$ticker" 2>/dev/null; printf "\n"; exit 130' INT TERM
  status=0
  "$@" >"$log" 2>&1 </dev/null || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  trap - INT TERM
  took=$(($(date +%s) - began))
  if [ -t 1 ]; then printf '\r\033[K'; fi
  if [ "$status" -ne 0 ]; then
    say "  $words: failed after $took s. The last lines of $log:"
    tail -n 30 "$log" | sed 's/^/    /'
    return "$status"
  fi
  say "  $words: done in $took s"
}

if command -v sha256sum >/dev/null 2>&1; then ARGOS_SHA256=sha256sum; else ARGOS_SHA256='shasum -a 256'; fi

# hash_files FIND-ARGUMENTS...: one hash over the names and contents of the files found.
hash_files() {
  # shellcheck disable=SC2086 # a command with its arguments
  find "$@" -exec $ARGOS_SHA256 {} + | LC_ALL=C sort | $ARGOS_SHA256 | cut -d ' ' -f 1
}

# fresh STAMP HASH: whether what the stamp stands for was made from content with this hash.
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
