# The server in a small image: built once, run as an ordinary user.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/jebena --create-home jebena
COPY --from=build /src/target/release/jebena /usr/local/bin/jebena
USER jebena
WORKDIR /var/lib/jebena
ENV LISTEN=0.0.0.0:8080 UPLOAD_DIR=/var/lib/jebena/documents LOG_FORMAT=json
VOLUME /var/lib/jebena
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["jebena"]
CMD ["serve"]
