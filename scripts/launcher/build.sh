# shellcheck shell=sh
# What is built from source: the edge (Go) and the pages (Vite). Each only when its own content changed.

edge_sources() { hash_files apps/edge -type f ! -name '*_test.go' ! -path '*/testdata/*'; }

web_sources() {
  hash_files apps/web packages/contract pnpm-lock.yaml -type f \
    ! -path '*/node_modules/*' ! -path '*/dist/*' ! -path '*/test/*' ! -name '*.test.*'
}

# Whether both are there and made from the sources as they are. Builds nothing.
is_built() {
  [ -x "$ARGOS_CACHE/edge/argos-edge" ] && fresh "$ARGOS_CACHE/edge/stamp" "$(edge_sources)" &&
    [ -f apps/web/dist/index.html ] && fresh "$ARGOS_CACHE/web.stamp" "$(web_sources)"
}

ensure_edge() {
  want=$(edge_sources)
  binary=$ARGOS_CACHE/edge/argos-edge
  if [ -x "$binary" ] && fresh "$ARGOS_CACHE/edge/stamp" "$want"; then return 0; fi
  mkdir -p "$ARGOS_CACHE/edge"
  version=$(sed -n 's/^  "version": *"\([^"]*\)".*/\1/p' package.json)
  set -- build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$version"
  if find_go; then
    step "Building the edge (a few minutes the first time)" edge build_edge_with "$GO" "$@" -o "$binary.new" . ||
      die "The edge could not be built." "The whole output is in .cache/log/edge.log."
  elif has_docker; then
    step "Building the edge in Docker (a few minutes the first time)" edge docker_go "$@" \
      -o /src/.cache/edge/argos-edge.new . || die "The edge could not be built." "The whole output is in .cache/log/edge.log."
  else
    die "Go $(go_wanted) or newer is needed to build the edge; this machine has no such Go, no pip and no Docker." \
      "Install Go from go.dev/dl, or python3-pip, or Docker, then run this again."
  fi
  # Renamed into place: a running edge keeps the file it was started from.
  mv "$binary.new" "$binary"
  printf '%s' "$want" >"$ARGOS_CACHE/edge/stamp"
}

build_edge_with() (
  go=$1
  shift
  cd apps/edge || exit
  CGO_ENABLED=0 "$go" "$@"
)

ensure_web() {
  want=$(web_sources)
  if [ -f apps/web/dist/index.html ] && fresh "$ARGOS_CACHE/web.stamp" "$want"; then return 0; fi
  step "Building the pages" web build_web_with || die "The pages could not be built." "The whole output is in .cache/log/web.log."
  printf '%s' "$want" >"$ARGOS_CACHE/web.stamp"
}

build_web_with() (
  cd apps/web || exit
  "$ARGOS_NODE" node_modules/vite/bin/vite.js build
)
