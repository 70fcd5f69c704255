#!/bin/sh
# `argos` of an installed service: the verbs of the command line, on the service's own settings and folders.
set -eu

program=/usr/local/lib/argos

if [ "$(id -u)" -ne 0 ]; then
  printf 'argos: The settings and the key of the service are for root alone.\n       Type: sudo argos %s\n' "$*" >&2
  exit 1
fi

case ${1:-help} in
  up) exec systemctl start argos-edge argos-panel ;;
  down) exec systemctl stop argos-panel argos-edge ;;
  restart) exec systemctl restart argos-edge argos-panel ;;
  build | test | bench)
    printf 'argos: %s belongs to the folder with the sources.\n       Type ./argos %s there.\n' "$1" "$1" >&2
    exit 2
    ;;
  logs)
    # The panel's log is the journal.
    if [ "${2:-}" = panel ]; then
      shift 2
      exec journalctl --unit argos-panel --output cat "$@"
    fi
    [ $# -gt 1 ] || exec journalctl --unit argos-edge --unit argos-panel --lines 50 --output cat --no-pager
    ;;
esac

set -a
# shellcheck source=/dev/null
. "$program/service.env"
set +a
export ARGOS_ENV_FILE=/etc/argos/argos.env ARGOS_MASTER_KEY_FILE=/etc/argos/master-key
umask 077
exec "$program/bin/node" "$program/apps/panel/src/cli/main.ts" "$@"
