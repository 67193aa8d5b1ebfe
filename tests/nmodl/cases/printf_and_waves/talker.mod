NEURON { SUFFIX talker }
ASSIGNED { v }
INITIAL { LOCAL q
    q = 3
    printf("a %d %5.2f %s|%c 100%% %ld\n", q, q*2, "text", 65, q)
    printf("plain\n")
    q = printf("x %g\n", q)
}
FUNCTION saw(x, y) { saw = sawtooth(x, y, 2) }
FUNCTION back(x, y) { back = revsawtooth(x, y, 2) }
