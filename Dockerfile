# The image of web, worker, scheduler and migration alike; docker-compose.yml says which runs what.

FROM python:3.12-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock

FROM python:3.12-slim-bookworm
# Pango lays out the PDFs; no wheel brings it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/oms --create-home oms
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/oms
COPY . .
ARG OMS_BUILD=""
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/srv/oms \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=oms.settings \
    OMS_ENV=production \
    OMS_BUILD=$OMS_BUILD \
    OMS_VAR=/var/lib/oms \
    STATIC_ROOT=/srv/static
# The key is made up for this one command and kept nowhere.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    DATABASE_URL=postgres://nobody@localhost/none \
    python manage.py collectstatic --no-input --verbosity 0
USER oms
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "oms.wsgi:application"]
