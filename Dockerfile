# syntax=docker/dockerfile:1
FROM python:3.11.14-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/footnote
COPY requirements/run.txt requirements/run.txt
RUN /opt/footnote/bin/pip install --require-hashes --requirement requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY index index
COPY data data
RUN /opt/footnote/bin/pip install --no-deps .


FROM python:3.11.14-slim-bookworm

RUN useradd --system --uid 10001 --no-create-home footnote \
    && install --directory --owner footnote --group footnote --mode 700 /state
COPY --from=build /opt/footnote /opt/footnote
ENV PATH=/opt/footnote/bin:$PATH \
    OPENBLAS_NUM_THREADS=1 \
    PYTHONUNBUFFERED=1 \
    FOOTNOTE_STATE=/state
USER 10001
WORKDIR /state
VOLUME /state
# Asks the running bot over its socket whether it is connected to Discord.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["footnote", "healthcheck"]
ENTRYPOINT ["footnote"]
CMD ["run"]
