# Build first: mvn -DskipTests package
FROM eclipse-temurin:17-jre

RUN useradd --system --create-home --home-dir /opt/lift lift && mkdir /opt/lift/plugins
WORKDIR /opt/lift

# what changes least comes first
COPY evaluator-service/target/quarkus-app/lib/boot/ lib/boot/
COPY evaluator-service/target/quarkus-app/lib/main/ lib/main/
COPY evaluator-service/target/quarkus-app/quarkus-run.jar ./
COPY evaluator-service/target/quarkus-app/quarkus/ quarkus/
COPY evaluator-service/target/quarkus-app/app/ app/

# RocksDB works outside the Java heap
USER lift
ENV QUARKUS_HTTP_HOST=0.0.0.0 \
    LIFT_EVALUATOR_STATE_DIR=/opt/lift/state \
    LIFT_PAGE_UPLOAD_DIR=/opt/lift/state/uploads
EXPOSE 8084
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8084/q/health/ready"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-cp", "quarkus-run.jar:plugins/*", \
  "io.quarkus.bootstrap.runner.QuarkusEntryPoint"]
