"""Health of the running deployment, for supervisors and load balancers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text

from kernel import jobs
from kernel.db import session
from kernel.web import now, public, service
from storefront.search.index import Index

blueprint = Blueprint("probes", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """The database answers, the index opens; the worker's lag is told."""
    session().execute(text("select 1"))
    lag = jobs.lag(now=now())
    documents = service(Index).count()
    return jsonify(status="ready", worker_lag_seconds=lag, documents=documents), 200


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Figures for Prometheus."""
    registry = CollectorRegistry()
    lag = Gauge("yuantou_worker_lag_seconds", "Age of the oldest due job", registry=registry)
    lag.set(jobs.lag(now=now()))
    documents = Gauge("yuantou_index_documents", "Listings in the search index", registry=registry)
    documents.set(service(Index).count())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
