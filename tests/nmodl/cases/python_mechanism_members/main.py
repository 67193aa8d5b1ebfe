from neuron import h

s = h.Section(name="s")
s.insert("offering")
s.nseg = 3
for seg in s:
    print(list(seg.offering.r.get_ids()))
s(0.5).offering.r.set_ids(1, 2, 3)
s(0.5).r_offering.set_seq(5)
h.finitialize(-65)
print(["%.8g" % seg.offering.u for seg in s], [seg.offering.r.get_seq() for seg in s])
print("%.8g" % s(0.5).offering.r.uniform(), s(0.5).r_offering.get_seq())

y, x = h.Vector([1, 4, 9, 16]), h.Vector([1, 2, 3, 4])
h.table_f_offering(y, x)
print(h.f_offering(2.5), s(0.5).offering.f(2.2), h.f_offering(9))
h.table_f_offering(3)
print(h.f_offering(2.5))
s(0.5).offering.q = 7
h.setdata_offering(s(0.5))
print(h.k_offering(2), s(0.5).offering.k(3), s(0.1).offering.k(3))
for u in (-50, -20.5, -100, 200):
    print("%.8g" % h.g_offering(u))
h.usetable_offering = 0
for u in (-50, -20.5, -100, 200):
    print("%.8g" % h.g_offering(u))
s(0.9).offering.p(30.3)
print(s(0.9).offering.m, s(0.5).offering.m)
for call in (lambda: h.k_offering(), lambda: s(0.5).offering.k(), lambda: s(0.5).offering.p()):
    try:
        print("done", call())
    except RuntimeError as error:
        print("not enough arguments" in str(error))
print(h.k_offering(2, 5))
h.quit()
