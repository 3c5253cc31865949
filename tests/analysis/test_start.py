"""What importing the statistics costs, and that they stand alone."""

import subprocess
import sys

IMPORTS = """
from consult.analysis import estimate
from consult.analysis.disclosure import suppression
from consult.analysis.sampling import outcomes
from consult.analysis.simple_samples import frequencies, means, multiple, proportions, scales
"""


def test_importing_the_statistics_loads_no_slow_part_of_scipy_and_nothing_else_of_consult() -> None:
    program = f"""
import sys
{IMPORTS}
slow = {{"scipy.special", "scipy.stats", "scipy.optimize", "scipy.sparse"}} & set(sys.modules)
others = [m for m in sys.modules if m.startswith("consult.") and not m.startswith("consult.analysis")]
assert not slow, slow
assert not others, others
proportions.share(1, 2)
assert "scipy.special" in sys.modules
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
