"""Settings of the tests: the product's own, in a home that is thrown away."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="comity-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["COMITY_HOME"] = _home

from comity.site.settings import *  # noqa: E402, F403

STORAGES = {  # the manifest exists only after collectstatic
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
