# Build first: mvn -DskipTests package
FROM eclipse-temurin:17-jre

RUN useradd --system --create-home --home-dir /opt/lift lift && mkdir /opt/lift/plugins
WORKDIR /opt/lift

# what changes least comes first
COPY trainer-service/target/quarkus-app/lib/boot/ lib/boot/
COPY trainer-service/target/quarkus-app/lib/main/ lib/main/
COPY trainer-service/target/quarkus-app/quarkus-run.jar ./
COPY trainer-service/target/quarkus-app/quarkus/ quarkus/
COPY trainer-service/target/quarkus-app/app/ app/

# libtorch works outside the Java heap, and its libraries are unpacked at the first start; its
# threads spin for a moment only while they wait, since other programs may need the core
USER lift
ENV QUARKUS_HTTP_HOST=0.0.0.0 \
    GOMP_SPINCOUNT=10000 \
    DJL_CACHE_DIR=/opt/lift/djl \
    DJL_OFFLINE=true
EXPOSE 8082
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8082/q/health/ready"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-cp", "quarkus-run.jar:plugins/*", \
  "io.quarkus.bootstrap.runner.QuarkusEntryPoint"]
