# SPDX-License-Identifier: BSD-3-Clause
"""Calls everything with wrong arguments: misuse_walk.py list | misuse_walk.py NAME [SEED].

Each NAME (a class, "functions", "Section", ...) is walked in a process of its own, because a crash ends it. What was
tried last is written to the file named by MISUSE_LOG before it is called. Only Python exceptions may come out.
"""
import os
import random
import resource
import signal
import sys
import warnings

from neuron import h, hoc

try:
    import numpy
except ImportError:
    numpy = None

# These end the program, leave it waiting for other ranks or the user, or start programs.
SKIPPED = {"quit", "system", "nrn_shell", "done", "runworker", "nrniv_bind_call", "fscan", "getstr", "xred", "sred", "stop", "context",
           "doNotify", "boolean_dialog", "continue_dialog", "string_dialog", "coredump_on_error", "nrnmpi_init", "neuronhome",
           "abort", "hocobjptr", "chdir", "unlink", "mpi_init"}
CALLS = int(os.environ.get("MISUSE_CALLS", "60"))


class Overdue(Exception):
    """A call took too long; raised by the alarm."""


def overdue(*_):
    raise Overdue


def make_world():
    """A small model, and a pool of all kinds of things to pass."""
    world = {}
    soma, dend = h.Section(name="soma"), h.Section(name="dend")
    dend.connect(soma(1))
    soma.nseg = 3
    for mechanism in ("hh", "pas", "extracellular"):
        soma.insert(mechanism)
    synapse, clamp = h.ExpSyn(soma(0.5)), h.IClamp(dend(0.5))
    connection = h.NetCon(soma(0.5)._ref_v, synapse, sec=soma)
    gone = h.Section(name="gone")
    gone.insert("hh")
    gone_segment, gone_mechanism, gone_reference, orphan = gone(0.5), gone(0.5).hh, gone(0.5)._ref_v, h.IClamp(gone(0.5))
    gone_connection = h.NetCon(gone(0.5)._ref_v, h.ExpSyn(gone(0.5)), sec=gone)
    h.delete_section(sec=gone)
    world["keep"] = [soma, dend, synapse, clamp, connection, gone]
    h("begintemplate MisuseCell\npublic a, f, p\nobjref p\nproc init() { a = 1 }\nfunc f() { return $1 }\nendtemplate MisuseCell")
    cyclic = []
    cyclic.append(cyclic)
    world["pool"] = [
        None, True, 0, 1, -1, 2, 0.5, 1e300, -1e300, 3e9, float("nan"), float("inf"), 2**70, "", "text", "v", "hh", "%s%n%d", "x" * 3000, "\udcff",
        b"bytes", [], [1, 2.0], [None], (), {}, {"a": 1}, object(), cyclic, print, lambda *a: 1, lambda *a: 1 / 0, (print, 1), type, int, h,
        h.Vector(), h.Vector([1, 2, 3]), h.List(), h.Matrix(2, 2), h.SectionList([soma]), h.File(), h.Random(), synapse, clamp, connection,
        orphan, gone_connection, soma, dend, gone, soma(0.5), soma(0), gone_segment, soma(0.5).hh, gone_mechanism, soma(0.5)._ref_v,
        gone_reference, h._ref_t, h.ref(1), h.ref("s"), h.ref(None), h.MisuseCell(), h.Vector, h.sin, soma(0.5).vext]
    if numpy:
        world["pool"] += [numpy.zeros(3), numpy.zeros((2, 2)), numpy.float64(1), numpy.int64(-5), numpy.array(["a"]), numpy.zeros(0)]
    world.update(soma=soma, dend=dend, gone=gone, synapse=synapse, clamp=clamp, connection=connection)
    return world


def instances(cls, world):
    """Objects to call methods of: made with the fewest arguments that work."""
    soma = world["soma"]
    for arguments in ((), (soma(0.5),), (3,), (3, 3), ("v",), (soma,), (None, world["synapse"]), (world["synapse"],), ("hh",), (soma(0.5)._ref_v,), (print,)):
        try:
            made = cls(*arguments)
        except Exception:  # noqa: BLE001
            try:
                made = cls(*arguments, sec=soma)
            except Exception:  # noqa: BLE001
                continue
        return [made]
    return []


def targets(name, world):
    """(label, callable) pairs of one part of the interface, and the objects whose attributes are set."""
    soma = world["soma"]
    special = {"Section": [soma, world["gone"]], "Segment": [soma(0.5), soma(1), soma(0)],
               "Mechanism": [soma(0.5).hh, soma(0.5).na_ion], "RangeVar": [soma(0.5).vext, soma.xraxial], "Ref": [soma(0.5)._ref_v, h.ref(1), h.ref("s")],
               "SectionIterator": [h.allsec()]}
    if name == "functions":
        for function in sorted(dir(h)):
            if function in SKIPPED or function.startswith("__"):
                continue
            try:
                value = getattr(h, function)
            except Exception:  # noqa: BLE001
                continue
            if callable(value) and not isinstance(value, type):
                yield f"h.{function}", value, None
        yield "h", h, h
        return
    objects = special.get(name)
    if objects is None:
        cls = getattr(h, name)
        yield f"h.{name}", cls, None
        objects = instances(cls, world)
    for thing in objects:
        for member in sorted(set(dir(thing)) - {"__class__", "__init_subclass__", "__subclasshook__", "__new__", "__reduce__", "__reduce_ex__"}):
            if member in SKIPPED:
                continue
            try:
                value = getattr(thing, member)
            except Exception:  # noqa: BLE001
                value = None
            if callable(value):
                yield f"{name}.{member}", value, None
        if name != "PythonObject":  # that one is this program's own main module
            yield name, thing, thing


def argument_lists(rng, pool):
    """No argument, each thing alone, then random lists of two to six."""
    yield ()
    for thing in pool:
        yield (thing,)
    for _ in range(CALLS):
        yield tuple(rng.choice(pool) for _ in range(rng.choice((2, 2, 2, 3, 3, 4, 5, 6))))


def attempt(log, label, action):
    """Runs one wrong thing; exceptions are what we want."""
    log.seek(0)
    log.truncate()
    log.write(label[:500].encode("utf-8", "replace"))
    log.flush()
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        action()
    except SystemExit:
        raise
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
        if isinstance(error, SystemError) and type(error).__module__ == "builtins":
            print("SystemError:", label, error, file=sys.__stderr__)
        str(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def use(thing):
    """What programs do with a result."""
    repr(thing)
    hash(thing)
    bool(thing)


def walk(name, seed):
    rng = random.Random(seed)
    world = make_world()
    signal.signal(signal.SIGALRM, overdue)
    with open(os.environ.get("MISUSE_LOG", os.devnull), "wb", buffering=0) as log:
        for label, function, thing in targets(name, world):
            pool = world["pool"] + ([thing] if thing is not None else [])
            for arguments in argument_lists(rng, pool):
                attempt(log, f"{label}{tuple(map(type, arguments))!r} {safe(arguments)}", lambda: use(function(*arguments)))
                if rng.random() < 0.1:
                    attempt(log, f"{label}(..., sec) {safe(arguments)}", lambda: function(*arguments, sec=rng.choice(pool)))
            if thing is None:
                continue
            for member in dir(thing):
                for value in pool:
                    if member.startswith("__"):
                        continue
                    attempt(log, f"{label}.{member} = {safe(value)}", lambda: setattr(thing, member, value))
            for value in pool:
                attempt(log, f"{label}[{safe(value)}]", lambda: use(thing[value]))
                attempt(log, f"{label}[{safe(value)}] = 1", lambda: thing.__setitem__(value, 1))
                attempt(log, f"{label}[1] = {safe(value)}", lambda: thing.__setitem__(1, value))
                attempt(log, f"{label} == {safe(value)}", lambda: (thing == value, thing != value, value in thing))
                attempt(log, f"{label} + {safe(value)}", lambda: thing + value)
                attempt(log, f"{safe(value)} * {label}", lambda: value * thing)
                attempt(log, f"{label} / {safe(value)}", lambda: thing / value)
                attempt(log, f"iter({label})", lambda: [x for x, _ in zip(thing, range(5))])
        # The model must still be usable.
        attempt(log, f"finitialize after {name}", lambda: h.finitialize(-65))
        attempt(log, f"fadvance after {name}", h.fadvance)
        attempt(log, f"leaving {name}", world.clear)


def safe(value):
    try:
        return repr(value)[:200]
    except Exception:  # noqa: BLE001
        return f"<{type(value).__name__}>"


def names():
    classes = [n for n in sorted(dir(h)) if n[:1].isupper() and n not in SKIPPED and isinstance(getattr_or_none(n), type) and n != "Section"]
    return ["functions", "Section", "Segment", "Mechanism", "RangeVar", "Ref", "SectionIterator", *classes]


def getattr_or_none(name):
    try:
        return getattr(h, name)
    except Exception:  # noqa: BLE001
        return None


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "list":
        print("\n".join(names()))
    else:
        # Sizes beyond this are refused before they are allocated. The sanitizer's own maps exceed any limit on addresses.
        resource.setrlimit(resource.RLIMIT_RSS, (2 << 30, 2 << 30))
        if "asan" not in os.environ.get("LD_PRELOAD", ""):
            resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        sys.stdout = sys.stderr = open(os.devnull, "w")
        walk(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
