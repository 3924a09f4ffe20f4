# Build first: mvn -DskipTests package
FROM eclipse-temurin:17-jre

RUN useradd --system --create-home --home-dir /opt/lift lift && mkdir /opt/lift/plugins
WORKDIR /opt/lift

# what changes least comes first
COPY serializer-service/target/quarkus-app/lib/boot/ lib/boot/
COPY serializer-service/target/quarkus-app/lib/main/ lib/main/
COPY serializer-service/target/quarkus-app/quarkus-run.jar ./
COPY serializer-service/target/quarkus-app/quarkus/ quarkus/
COPY serializer-service/target/quarkus-app/app/ app/

USER lift
ENV QUARKUS_HTTP_HOST=0.0.0.0
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8081/q/health/ready"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-cp", "quarkus-run.jar:plugins/*", \
  "io.quarkus.bootstrap.runner.QuarkusEntryPoint"]
