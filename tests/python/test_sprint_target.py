# SPDX-License-Identifier: BSD-3-Clause
"""sprint wants a variable to put its text into: a str would not change."""
import pytest


def test_sprint_into_a_value_is_refused(h):
    text = h.ref("")
    assert h.sprint(text, "cell %d", 3) == 1 and text[0] == "cell 3"
    with pytest.raises(RuntimeError, match="variable"):
        h.sprint("old", "cell %d", 3)
