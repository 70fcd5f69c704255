# shellcheck shell=sh
# The pinned Node and all packages, from the lockfile.

ARGOS_NODE=$ARGOS_ROOT/node_modules/.bin/node
PNPM=12.21.0

node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || printf '0'; }

# Any Node from 20 on is good enough to start the package manager; everything else runs on the pinned one.
ensure_packages() {
  want=$(hash_files pnpm-lock.yaml package.json pnpm-workspace.yaml)
  if [ -x "$ARGOS_NODE" ] && fresh "$ARGOS_CACHE/packages.stamp" "$want"; then return 0; fi
  if ! command -v npx >/dev/null 2>&1 || [ "$(node_major)" -lt 20 ]; then
    die "Node 20 or newer with npx is needed to install the packages, and was not found." \
      "Install Node (nodejs.org, or your system's packages nodejs and npm), then run this again."
  fi
  pnpm=pnpm@$PNPM
  CI=true step "Installing packages" packages npx -y "$pnpm" install --frozen-lockfile ||
    die "The packages could not be installed." "Check that this machine reaches its npm registry, then run this again."
  [ -x "$ARGOS_NODE" ] ||
    die "No Node is published for this system ($(uname -s) $(uname -m))." "Linux and macOS on x64 and arm64 are supported."
  mkdir -p "$ARGOS_CACHE"
  # Compiled from other versions of the packages; it would only pile up.
  rm -rf "$ARGOS_CACHE/node"
  printf '%s' "$want" >"$ARGOS_CACHE/packages.stamp"
}
