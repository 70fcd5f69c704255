# The panel: TypeScript as it is on the pinned Node, with the pages built beside it. The repository is the context.
ARG NODE_IMAGE=node:26.10.0-bookworm-slim

FROM ${NODE_IMAGE} AS packages
ARG PNPM=12.21.0
RUN npm install --global --no-audit --no-fund "pnpm@$PNPM"
ENV CI=true
WORKDIR /app
# Few downloads at once, below: a home router's resolver drops what is too much for it.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY bench/package.json bench/
COPY apps/panel/package.json apps/panel/
COPY apps/web/package.json apps/web/
COPY packages/caddy/package.json packages/caddy/
COPY packages/caddy-admin/package.json packages/caddy-admin/
COPY packages/contract/package.json packages/contract/
COPY packages/secretbox/package.json packages/secretbox/
COPY packages/testkit/package.json packages/testkit/

FROM packages AS pages
RUN pnpm install --frozen-lockfile --network-concurrency=8 --filter @argos/web...
COPY packages/contract packages/contract
COPY tsconfig.base.json ./
COPY apps/web apps/web
WORKDIR /app/apps/web
RUN node node_modules/vite/bin/vite.js build

FROM packages AS runtime
RUN pnpm install --frozen-lockfile --network-concurrency=8 --prod --no-optional --filter @argos/panel...

FROM ${NODE_IMAGE}
COPY docker/folders.sh /tmp/
RUN sh /tmp/folders.sh panel && rm /tmp/folders.sh
WORKDIR /app
COPY --from=runtime /app ./
COPY packages/caddy/src packages/caddy/src
COPY packages/caddy-admin/src packages/caddy-admin/src
COPY packages/contract/src packages/contract/src
COPY packages/secretbox/src packages/secretbox/src
COPY apps/panel/src apps/panel/src
COPY --from=pages /app/apps/web/dist apps/web/dist
COPY docker/argos.sh /usr/local/bin/argos
COPY docker/panel-ready.mjs docker/compile.mjs docker/
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/var/cache/argos \
    ARGOS_DATA_DIR=/data \
    ARGOS_RUN_DIR=/run/argos/panel \
    ARGOS_SHARED_DIR=/run/argos/panel \
    ARGOS_EDGE_SOCKET=/run/argos/edge/edge.sock \
    ARGOS_EDGE_ADDRESS=edge \
    ARGOS_PANEL_BIND=0.0.0.0 \
    ARGOS_PRINT_LINK=1
USER argos-panel
# What Node compiles is kept for every start, by its user and its flags: it halves the time to the first answer.
RUN ["node", "docker/compile.mjs", "--optimize-for-size", "--max-semi-space-size=1", "apps/panel/src/main.ts"]
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["node", "docker/panel-ready.mjs"]
# The flags of apps/panel/src/cli/run/programs.ts.
CMD ["node", "--optimize-for-size", "--max-semi-space-size=1", "apps/panel/src/main.ts"]
