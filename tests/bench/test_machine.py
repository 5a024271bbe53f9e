import os
import platform

import numpy as np

from moodstream.bench.machine import machine, package_version, processor


def test_a_machine_has_the_names_that_decide_its_speed():
    found = machine()
    assert found["architecture"] == platform.machine()
    assert found["cores"] == os.cpu_count()
    assert found["numpy"] == np.__version__
    assert found["processor"] == processor() != ""
    assert package_version("no-such-package") == "not installed"
