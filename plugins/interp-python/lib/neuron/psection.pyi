# SPDX-License-Identifier: BSD-3-Clause
from typing import Any

from .nrn import Section

def psection(section: Section) -> dict[str, Any]: ...
