# The service and its one-shot `load`, from the hash-locked runtime requirements. Everything that either needs is in the
# image; a release is written to the volume /releases.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS environment
RUN python -m venv /environment
COPY requirements/runtime.txt /requirements.txt
RUN /environment/bin/pip install --disable-pip-version-check --no-cache-dir --require-hashes -r /requirements.txt

FROM python:${PYTHON}-slim
# A number, so that an orchestrator can see that it is not root; /releases is made here so that a new volume belongs to
# it.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin peacegraph \
    && install --directory --owner=10001 /releases
COPY --from=environment /environment /environment
WORKDIR /peacegraph
COPY peacegraph.py schema.graphql LICENSE ./
COPY graph graph
COPY api api
COPY seed seed
ENV PATH=/environment/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PEACEGRAPH_HOST=0.0.0.0 \
    PEACEGRAPH_STORE=sqlite:/releases
VOLUME /releases
EXPOSE 8000
USER 10001
ENTRYPOINT ["python", "peacegraph.py"]
CMD ["serve"]
