"""One process of the household, started by the supervisor: the web, or a worker of a queue."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any


def die_with_parent() -> None:
    """On Linux, ask for SIGTERM when the parent dies, even by `kill -9`: no orphans keep a port."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def web(binds: list[str]) -> None:
    """gunicorn with threads: a slow reader holds one thread, not a process."""
    from gunicorn.app.base import BaseApplication

    class Web(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": binds,
                "workers": max(2, min(4, os.cpu_count() or 2)),
                "worker_class": "gthread",
                "threads": 4,
                "timeout": 60,
                "graceful_timeout": 5,
                "keepalive": 5,
                "preload_app": True,
                "loglevel": "error",  # its warnings carry addresses
                "limit_request_line": 4094,
                "child_exit": _gone,
                "proc_name": "comity",
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from comity.site.wsgi import application

            return application

    Web().run()


def _gone(server: object, worker: Any) -> None:
    """Fold a dead web process's figures into the sum."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def main(arguments: list[str]) -> None:
    die_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    match arguments:
        case ["web", *binds]:
            web(binds)
        case ["worker", queue]:
            import django

            django.setup()
            from comity.site import worker

            worker.run(queue)
        case _:
            sys.exit("usage: python -m comity.site.child web ADDRESS… | worker QUEUE")


if __name__ == "__main__":
    main(sys.argv[1:])
