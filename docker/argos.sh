#!/bin/sh
# `argos` inside the panel's container: `docker compose exec panel argos setup-link`, say.
exec node /app/apps/panel/src/cli/main.ts "$@"
