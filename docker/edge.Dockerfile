# The edge: one static binary on Debian. Built with the repository as context; the classic builder suffices.
ARG GO_IMAGE=golang:1.26.8-bookworm
ARG DEBIAN_IMAGE=debian:12.12-slim

FROM ${GO_IMAGE} AS build
ENV CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS="-trimpath -buildvcs=false"
# `.cache/edge` copies the binary that `./argos build` made instead of compiling one.
ARG EDGE_SOURCE=apps/edge
WORKDIR /src/edge
# Caddy compiles once, and again only when a version changes.
COPY apps/edge/go.mod apps/edge/go.sum ./
RUN if [ "$EDGE_SOURCE" = apps/edge ]; then \
      go mod download && go build github.com/caddyserver/caddy/v2/modules/standard; \
    fi
COPY package.json /src/
COPY ${EDGE_SOURCE} ./
RUN if [ "$EDGE_SOURCE" = apps/edge ]; then \
      version=$(sed -n 's/^  "version": *"\([^"]*\)".*/\1/p' /src/package.json) && \
      go build -ldflags "-s -w -X main.version=$version" -o argos-edge .; \
    fi

FROM ${DEBIAN_IMAGE}
COPY docker/folders.sh /tmp/
RUN sh /tmp/folders.sh edge && rm /tmp/folders.sh
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/edge/argos-edge /usr/local/bin/
COPY Caddyfile.template /etc/argos/Caddyfile
USER argos-edge
WORKDIR /data
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 \
  CMD ["argos-edge", "ready", "--run", "/run/argos/edge"]
ENTRYPOINT ["argos-edge"]
# The Caddyfile names the control socket, and what is served before the panel has spoken for the first time.
CMD ["run", "--data", "/data", "--caddyfile", "/etc/argos/Caddyfile"]
