# SPDX-License-Identifier: BSD-3-Clause
"""`nrn run` in a folder with .mod files."""
import os
import shutil

import pytest

SCRIPT = "create s\naccess s\ninsert leaky\nprint g_leaky\n"


@pytest.fixture
def model(folder):
    folder.mod()
    folder.write("m.hoc", SCRIPT)
    return folder


def run(folder, *words, status=0, **more):
    done = folder.call("nrn", "run", *words, "m.hoc", **more)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout.strip(), done.stderr


def test_a_folder_without_a_pack_is_compiled_and_said_so(model):
    printed, said = run(model)
    assert printed == "0.001"
    assert "leaky.mod" in said and "--no-compile" in said
    assert run(model) == ("0.001", "")


def test_changed_and_new_files_are_compiled(model):
    run(model)
    model.mod(g=0.002)
    printed, said = run(model)
    assert printed == "0.002" and "leaky.mod" in said
    model.mod("other")
    assert "other.mod" in run(model)[1]
    assert run(model) == ("0.002", "")


def test_a_file_that_only_looks_newer_is_not(model):
    run(model)
    os.utime(model.path / "leaky.mod")
    assert run(model) == ("0.001", "")


def test_included_files_count(model):
    model.write("parts.inc", "PARAMETER { g = 0.001 }\n")
    model.write("leaky.mod", 'NEURON { SUFFIX leaky NONSPECIFIC_CURRENT i RANGE g }\nINCLUDE "parts.inc"\nASSIGNED { v i }\nBREAKPOINT { i = g*(v+70) }\n')
    assert run(model)[0] == "0.001"
    model.write("parts.inc", "PARAMETER { g = 0.004 }\n")
    assert run(model)[0] == "0.004"


def test_no_compile_refuses(model):
    run(model)
    model.mod(g=0.002)
    assert run(model, "--no-compile") == ("0.001", "")
    run(model, "--no-compile")
    assert run(model, "--no-autoload", status=1)[1].count("compiling") == 0


def test_what_was_compiled_by_other_words_is_compiled_by_these(folder):
    folder.mod(folder="mechanisms")
    folder.mod("unused", g="(")  # not of the pack
    folder.write("m.hoc", SCRIPT)
    folder.output("nrn", "compile", "--portable", "mechanisms")
    assert run(folder) == ("0.001", "")
    folder.mod(g=0.003, folder="mechanisms")
    printed, said = run(folder)
    assert printed == "0.003" and "mechanisms/leaky.mod" in said


def test_errors_stop_the_run_and_leave_the_pack(model):
    run(model)
    model.write("leaky.mod", "NEURON { SUFFIX leaky }\nBREAKPOINT { i = }\n")
    printed, said = run(model, status=1)
    assert printed == "" and "leaky.mod:2" in said and "--no-compile" in said
    assert run(model, "--no-compile")[0] == "0.001"


def test_packs_that_users_chose_are_left_alone(model):
    model.output("nrn", "compile", "-o", "chosen/pack.so")
    chosen = str(model.path / "chosen")
    assert run(model, NRN_NMODL_PATH=chosen) == ("0.001", "")
    assert run(model, "--plugin-path", chosen) == ("0.001", "")
    shutil.copy(model.path / "chosen" / "pack.so", model.path)  # loaded by the script, say
    assert "compiling" not in run(model, status=1)[1]
    (model.path / "pack.so").unlink()
    (model.path / "x86_64").mkdir()
    shutil.copy(model.path / "chosen" / "pack.so", model.path / "x86_64")  # somebody else's
    model.mod(g=0.002)
    assert run(model) == ("0.001", "")


def test_a_folder_that_cannot_be_written_is_not_compiled(model):
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    model.path.chmod(0o555)
    try:
        assert "nothing is compiled" in run(model, status=1)[1]
    finally:
        model.path.chmod(0o755)


def test_of_several_ranks_one_compiles(model):
    if not shutil.which("mpirun"):
        pytest.skip("there is no mpirun")
    done = model.call("nrn", "run", "--comm=mpi", "m.hoc", before=("mpirun", "-n", "3"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["0.001"] * 3
    assert done.stderr.count("nrn: compiling") == 1


def test_a_library_put_in_the_packs_place_is_replaced(model):
    assert run(model)[0] == "0.001"
    pack = model.path / "x86_64" / "libnrnmech.so"
    whole = pack.read_bytes()
    pack.write_bytes(b"\x7fELF, of another program")
    model.output("nrn", "compile")
    assert pack.read_bytes() == whole
    assert run(model) == ("0.001", "")
