"""What gunicorn does beside what the Procfile tells it; it reads this file from the folder that it is started in."""

import gc


def post_worker_init(worker):
    """Load what the first request would, then leave it out of every garbage collection: it stays as long as the worker."""
    from django.urls import reverse

    reverse("home")
    gc.collect()
    gc.freeze()
