"""What a form carries along without showing it."""

from __future__ import annotations

import re

HIDDEN = re.compile(r'<input type="hidden"(?: form="survey")? name="([^"]+)" value="([^"]*)"')
