"""Names the project's own app and loads the Celery application with it."""

from django.apps import AppConfig

from oms.celery import app as celery_app


class OmsConfig(AppConfig):
    name = "oms"
    verbose_name = "Order management"
    celery_app = celery_app
