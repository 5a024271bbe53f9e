"""An examination by the doctor, as users call it."""

import os
import re

from tests.support.program import run_program

NO_DEVICE = {**os.environ, "PULSE_SERVER": "unix:/nonexistent"}


class Examined:
    def __init__(self, *arguments, env=NO_DEVICE):
        result = run_program("doctor", *arguments, env=env)
        self.status, self.text = result.returncode, result.stdout
        self.stages = dict(re.findall(r"^(\w+)\n((?:  .*\n)+)", self.text, re.MULTILINE))

    def found(self, stage, kind):
        """All that this stage found of this kind, what to do included."""
        return re.findall(rf"^  {kind} +(.*\n(?:   .*\n)*)", self.stages[stage], re.MULTILINE)

    def only(self, stage, kind):
        (finding,) = self.found(stage, kind)
        return finding
