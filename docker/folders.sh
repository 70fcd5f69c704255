#!/bin/sh
# Users and folders of both images, `folders.sh edge` or `folders.sh panel`. Volumes are shared and take the owners and
# modes of whichever image fills them first, so both images have the same ones.
set -eu

groupadd --gid 10000 argos
for user in panel:10001 edge:10002; do
  useradd --uid "${user#*:}" --gid argos --home-dir /data --no-create-home --shell /usr/sbin/nologin "argos-${user%:*}"
done

# Each makes its socket in a folder of its own; the other comes in by the group, and can take nothing out.
install -d -o root -g argos -m 0750 /run/argos
install -d -o argos-edge -g argos -m 0750 /run/argos/edge
install -d -o argos-panel -g argos -m 0750 /run/argos/panel

install -d -o "argos-$1" -g argos -m 0700 /data
install -d -o argos-edge -g argos -m 0750 /data/logs
# What Node has compiled, which the panel's image is filled with while it is built.
[ "$1" = edge ] || install -d -o argos-panel -g argos -m 0750 /var/cache/argos
