# SPDX-License-Identifier: BSD-3-Clause
"""Helpers of tests: an expression that must fail."""
quiet = True
checking = True


def set_quiet(value):
    """Print the errors that were expected? Returns the earlier setting."""
    global quiet
    old, quiet = quiet, value
    return old


def expect_hocerr(function, args=(), sec=None):
    """Calls function(*args) and requires that it raises."""
    try:
        function(*args, sec=sec) if sec else function(*args)
    except Exception as error:  # noqa: BLE001
        if not quiet:
            print(error)
        return
    raise AssertionError(f"expected an error from {function}{args}")


def expect_err(statement):
    """Executes a statement in the caller's frame and requires that it raises."""
    import inspect

    frame = inspect.currentframe().f_back
    try:
        exec(statement, frame.f_globals, frame.f_locals)
    except Exception as error:  # noqa: BLE001
        if not quiet:
            print(error)
        return
    raise AssertionError(f"expected an error from {statement!r}")
