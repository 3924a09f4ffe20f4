# The trainer or inference on an NVIDIA GPU; docs/gpu.md says how to build and run it.
# The base image has the libtorch that DJL's native bindings were built against: 2.7.1 for CUDA 12.8.
FROM pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime

RUN apt-get update \
    && apt-get install -y --no-install-recommends openjdk-17-jre-headless curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /opt/lift lift && mkdir /opt/lift/plugins
WORKDIR /opt/lift

# DJL counts GPUs with a libcudart that it finds by this name, and reads libtorch from this folder
ENV PYTORCH_LIBRARY_PATH=/opt/conda/lib/python3.11/site-packages/torch/lib
RUN test -f "$PYTORCH_LIBRARY_PATH/libtorch_cuda.so" \
    && runtime="$(find / -xdev -name 'libcudart.so.12*' -print -quit)" \
    && test -n "$runtime" \
    && ln -s "$runtime" /usr/local/lib/libcudart.so

ARG SERVICE=trainer-service
ARG PORT=8082

# what changes least comes first
COPY ${SERVICE}/target/quarkus-app/lib/boot/ lib/boot/
COPY ${SERVICE}/target/quarkus-app/lib/main/ lib/main/
COPY ${SERVICE}/target/quarkus-app/quarkus-run.jar ./
COPY ${SERVICE}/target/quarkus-app/quarkus/ quarkus/
COPY ${SERVICE}/target/quarkus-app/app/ app/

USER lift
ENV QUARKUS_HTTP_HOST=0.0.0.0 \
    GOMP_SPINCOUNT=10000 \
    QUARKUS_HTTP_PORT=${PORT} \
    DJL_CACHE_DIR=/opt/lift/djl \
    DJL_OFFLINE=true \
    PYTORCH_FLAVOR=cu128 \
    LIFT_MODEL_DEVICE=gpu
EXPOSE ${PORT}
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 \
  CMD curl -fsS -o /dev/null "http://127.0.0.1:$QUARKUS_HTTP_PORT/q/health/ready"
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-Djna.library.path=/usr/local/lib", "-cp", "quarkus-run.jar:plugins/*", \
  "io.quarkus.bootstrap.runner.QuarkusEntryPoint"]
