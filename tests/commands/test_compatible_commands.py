# SPDX-License-Identifier: BSD-3-Clause
"""nrniv, nrngui, nrnivmodl, special, modlunit and sortspike, as scripts from before call them."""
import shutil

import pytest

INSERT = "create s\naccess s\ninsert leaky\nprint g_leaky\n"


def test_nrniv_takes_files_and_statements_in_their_order(folder):
    folder.write("a.hoc", 'print "a"\nx = 3\n')
    folder.write("b.hoc", 'print "b ", x\n')
    assert folder.output("nrniv", "-nobanner", "a.hoc", "-c", "x = x + 1", "b.hoc").split() == ["a", "b", "4"]
    assert folder.output("nrniv", "-nobanner", "-nogui", "-NSTACK", "1000", "-NFRAME", 100, "-c", "print 5", "-c", "print 6").split() == ["5", "6"]


def test_nrniv_reads_standard_input_alone_and_after_files(folder):
    folder.write("a.hoc", "x = 3\n")
    assert folder.output("nrniv", "-nobanner", stdin="print 1\nprint 2\n").split() == ["1", "2"]
    assert folder.output("nrniv", "a.hoc", "-", stdin="print x\n").split() == ["3"]
    folder.write("b.hoc", "print x\n")
    assert folder.output("nrniv", "a.hoc", "-", "b.hoc", stdin="x = 4\n").split() == ["4"]
    assert folder.output("nrniv", "-", stdin='strdef s\ns = "abc\\\ndef"\nprint s\nprint 2\n').split() == ["abc", "def", "2"]
    assert "oc>" in folder.output("nrniv", "-isatty", "-", stdin="print 7\n")
    assert "oc>" not in folder.output("nrniv", "-notatty", "-", stdin="print 7\n")


def test_python_scripts_see_the_whole_command_line(folder):
    folder.write("a.py", "import sys\nprint(sys.argv[1:], __name__, sys.path[0])\n")
    printed = folder.output("nrniv", "-nobanner", "-python", "a.py", 1, 2)
    assert printed == f"['-nobanner', '-python', 'a.py', '1', '2'] __main__ {folder.path}\n"
    assert folder.output("nrniv", "-python", "-c", "import sys; print(len(sys.argv))").split() == ["4"]
    folder.write("a.hoc", 'nrnpython("import sys; print(sys.argv[1:])")\n')
    assert "['a.hoc']" in folder.output("nrniv", "a.hoc")


def test_nrn_run_gives_python_the_file_and_what_follows(folder):
    folder.write("a.py", "import sys\nprint(sys.argv)\n")
    assert folder.output("nrn", "run", "a.py", 1, "-x").strip() == "['a.py', '1', '-x']"


def test_nrn_run_takes_several_hoc_files_and_standard_input(folder):
    folder.write("a.hoc", "x = 3\n")
    folder.write("b.hoc", 'print "b ", x\n')
    assert folder.output("nrn", "run", "a.hoc", "b.hoc").split() == ["b", "3"]
    assert folder.output("nrn", "run", "a.hoc", "-", "b.hoc", stdin="x = 4\n").split() == ["b", "4"]
    assert folder.output("nrn", "run", "-", stdin="print 1\n").split() == ["1"]
    assert "none.hoc" in folder.call("nrn", "run", "a.hoc", "none.hoc").stderr


def test_questions_are_not_among_what_a_program_prints(folder):
    text = 'strdef s\ns = "y"\nx = xred("number", 5, 0, 10)\n50\n7\nx\nprint sred("which", s, "yn"), s\nn\n'
    run = folder.call("nrniv", "-", stdin=text)
    assert run.stdout.split() == ["7", "1", "n"]
    assert "number (5)" in run.stderr and "must be > 0 and < 10" in run.stderr and "which (y)" in run.stderr


@pytest.mark.parametrize("words, told", [(["nofile.hoc"], "nofile.hoc"), (["-c", "print foo"], "foo"), (["-dll", "none.so"], "none.so"), (["-c"], "needs a value"), (["-badflag"], "-badflag")])
def test_errors_of_nrniv_name_their_cause(folder, words, told):
    done = folder.call("nrniv", *words)
    assert done.returncode == 1
    assert told in done.stderr


def test_help_and_version(folder):
    assert "-python" in folder.output("nrniv", "-h")
    assert "-o" in folder.output("nrnivmodl", "-h")
    assert not (folder.path / "x86_64").exists()
    assert folder.output("nrniv", "--version") == folder.output("nrn", "config", "--version")


def test_quit_ends_with_status_0(folder):
    assert folder.output("nrniv", "-c", "quit()", "-c", "print 1") == ""


def test_nrngui_brings_its_library_without_a_word(folder):
    folder.write("a.hoc", "tstop = 2\nrun()\nprint t\n")
    assert folder.output("nrngui", "-nogui", "a.hoc").split() == ["2"]


def test_nrnivmodl_makes_a_library_and_special(folder):
    folder.mod()
    folder.mod("other", folder="more mechanisms")
    assert "x86_64/special" in folder.output("nrnivmodl", ".", "more mechanisms")
    assert folder.output("nrniv", "-c", "create s", "-c", "access s", "-c", "insert leaky", "-c", "insert other", "-c", "print g_leaky + g_other").split() == ["0.002"]
    special = str(folder.path / "x86_64" / "special")
    assert folder.output(special, "-nobanner", "-", stdin=INSERT).split() == ["0.001"]
    elsewhere = folder.path / "else where"
    elsewhere.mkdir()
    shutil.move(folder.path / "x86_64", elsewhere)  # the pack may be moved with its special
    folder.write("a.py", "import sys\nfrom neuron import h\ns = h.Section()\ns.insert('leaky')\nprint(s.g_leaky, sys.argv[1:])\n")
    assert folder.output(str(elsewhere / "x86_64/special"), "-python", "a.py").strip() == "0.001 ['-python', 'a.py']"


def test_nrnivmodl_takes_folders_files_and_their_stems(folder):
    folder.mod(folder="mod")
    folder.mod("one")
    folder.mod("two")
    folder.output("nrnivmodl", "mod", "one", "-incflags", "-I/nowhere")
    assert folder.output("nrniv", "-c", "create s", "-c", "s insert leaky", "-c", "s insert one", "-c", "print 1").split() == ["1"]
    assert folder.call("nrniv", "-c", "create s", "-c", "s insert two").returncode == 1
    missing = folder.call("nrnivmodl", "nothing")
    assert missing.returncode == 1 and "nothing" in missing.stderr


def test_libraries_of_dll(folder):
    folder.mod()
    folder.output("nrnivmodl")
    (folder.path / "x86_64").rename(folder.path / "pack")
    assert folder.output("nrniv", "-dll", "pack/libnrnmech.so", "-", stdin=INSERT).split() == ["0.001"]


def test_modlunit_tells_where_units_do_not_agree(folder):
    units = "NEURON {{ SUFFIX u NONSPECIFIC_CURRENT i }}\nUNITS {{ (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }}\nPARAMETER {{ g = 1 (S/cm2) e = 1 (mV) }}\nASSIGNED {{ v (mV) i (mA/cm2) }}\nBREAKPOINT {{ i = g*(v-e){} }}\n"
    folder.write("good.mod", units.format(""))
    folder.write("bad.mod", units.format("*e"))
    assert folder.output("modlunit", "good.mod") == ""
    told = folder.call("modlunit", "bad.mod")
    assert told.returncode == 1 and "bad.mod:5" in told.stderr
    assert not (folder.path / "x86_64").exists()


def test_sortspike_sorts_by_time_then_gid(folder):
    folder.write("in.dat", "2 1\n1 5\n1 2\n0.5 10\n")
    folder.output("sortspike", "in.dat", "out.dat")
    assert (folder.path / "out.dat").read_text() == "0.5 10\n1 2\n1 5\n2 1\n"
    assert folder.call("sortspike", "in.dat").returncode == 2
    assert folder.call("sortspike", "none.dat", "out.dat").returncode == 1


def test_ranks_of_nrniv_mpi(folder):
    if not shutil.which("mpirun"):
        pytest.skip("there is no mpirun")
    folder.write("a.hoc", "objref pc\npc = new ParallelContext()\nprint pc.id, pc.nhost\n{pc.barrier()}\nquit()\n")
    lines = folder.output("nrniv", "-mpi", "-nobanner", "a.hoc", before=("mpirun", "-n", "2")).split("\n")
    assert sorted(line.strip() for line in lines if line.strip()) == ["0 2", "1 2"]


def test_a_session_file_loads_without_a_window(folder):
    folder.write("a.hoc", 'load_file("nrngui.hoc")\ncreate soma\naccess soma\nload_file("a.ses")\nprint tstop\n')
    folder.write("a.ses", """{load_file("nrngui.hoc")}
objectvar save_window_, rvp_
objectvar scene_vector_[4]
objectvar ocbox_, ocbox_list_, scene_, scene_list_
{ocbox_list_ = new List()  scene_list_ = new List()}
{pwman_place(0,0,0)}
{
save_window_ = new Graph(0)
save_window_.size(0,5,-80,40)
scene_vector_[2] = save_window_
{save_window_.view(0, -80, 5, 120, 477, 20, 300, 200)}
graphList[0].append(save_window_)
save_window_.save_name("graphList[0].")
save_window_.addexpr("v(.5)", 1, 1, 0.8, 0.9, 2)
}
{
xpanel("RunControl", 0)
v_init = -65
xvalue("Init","v_init", 1,"stdinit()", 1, 1 )
tstop = 7
xvalue("Tstop","tstop", 1,"tstop_changed()", 0, 1 )
xpanel(582,120)
}
objectvar scene_vector_[1]
{doNotify()}
""")
    assert folder.output("nrngui", "-nogui", "a.hoc").split()[-1] == "7"


def test_a_piped_program_goes_on_after_errors_and_ends_where_it_quits(folder):
    run = folder.call("nrniv", "-nobanner", stdin="print 1\n{f(1}\nprint 2\nprint nothing\nprint 3\n")
    assert run.stdout.split() == ["1", "2", "3"]
    text = "begintemplate A\nproc unref() { if ($1 == 0) quit(5) }\nendtemplate A\nobjref a\na = new A()\nproc p() { objref a  print 2 }\nprint 1\np()\nprint 3\n"
    run = folder.call("nrniv", "-nobanner", stdin=text)
    assert (run.stdout.split(), run.returncode) == (["1"], 5)
