# The trainer on an NVIDIA GPU. Build first: mvn -DskipTests -Pcuda package
# Run with: docker run --gpus all …
FROM nvidia/cuda:12.8.1-cudnn-runtime-ubuntu22.04

RUN apt-get update \
    && apt-get install -y --no-install-recommends openjdk-17-jre-headless curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /opt/lift lift
WORKDIR /opt/lift

# what changes least comes first
COPY trainer-service/target/quarkus-app/lib/boot/ lib/boot/
COPY trainer-service/target/quarkus-app/lib/main/ lib/main/
COPY trainer-service/target/quarkus-app/quarkus-run.jar ./
COPY trainer-service/target/quarkus-app/quarkus/ quarkus/
COPY trainer-service/target/quarkus-app/app/ app/

USER lift
ENV QUARKUS_HTTP_HOST=0.0.0.0 \
    DJL_CACHE_DIR=/opt/lift/djl \
    DJL_OFFLINE=true \
    LIFT_MODEL_DEVICE=gpu
EXPOSE 8082
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 \
  CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8082/q/health/ready"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-jar", "quarkus-run.jar"]
