# A server for one exported model:
#   visage export; docker build -t visage .
#   docker run --rm -p 127.0.0.1:8000:8000 -v "$PWD/exports/model.onnx:/model/model.onnx:ro" \
#     -e VISAGE_API_KEY --read-only --cap-drop ALL --stop-timeout 60 visage
# Neither torch nor a compiler is in it; nothing is written at run time, so --read-only works.
# The tag names Python and Debian in full. A tag can still be moved: who wants the same bytes appends
# the digest that `docker buildx imagetools inspect` shows (no registry was at hand to look it up).

FROM python:3.12.12-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/visage
ENV PATH=/opt/visage/bin:$PATH
# What visage depends on, by an empty package of its name: an edit of the sources keeps this layer.
COPY pyproject.toml constraints.txt ./
RUN mkdir -p src/visage \
    && echo '__version__ = "0"' > src/visage/__init__.py \
    && touch README.md LICENSE \
    && pip install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[onnx,serve]' \
    && rm -r build src
COPY README.md LICENSE ./
COPY src src
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --force-reinstall .

FROM python:3.12.12-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin visage
COPY --from=build /opt/visage /opt/visage
ENV PATH=/opt/visage/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001
WORKDIR /model
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
# In a container the loopback address reaches nobody; what may reach it is `docker run -p`'s matter.
ENTRYPOINT ["visage"]
CMD ["serve", "--model", "/model/model.onnx", "--host", "0.0.0.0"]
