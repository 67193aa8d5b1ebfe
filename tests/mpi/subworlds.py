# SPDX-License-Identifier: BSD-3-Clause
"""Four ranks as two groups of two: a job runs on both ranks of a group; the board connects their first ranks."""
from neuron import h

h.nrnmpi_init()
pc = h.ParallelContext()
pc.subworlds(2)
assert pc.nhost() == 2 and pc.id() == pc.id_world() % 2
assert pc.nhost_world() == 4
if pc.id() == 0:
    assert pc.nhost_bbs() == 2 and pc.id_bbs() == pc.id_world() // 2
else:
    assert pc.nhost_bbs() == -1 and pc.id_bbs() == -1


def together(x):
    """Both ranks of the group must come here, else allreduce would wait."""
    assert pc.allreduce(1, 1) == 2
    return x * x


seen = []


def told(text):
    seen.append(text)


pc.runworker()
pc.context(told, "hello")
for i in range(10):
    pc.submit(together, i)
total = 0
while pc.working():
    total += pc.pyret()
assert total == sum(i * i for i in range(10)), total
pc.done()
print("subworlds: ok")
h.quit()
