NEURON { SUFFIX values RANGE x BBCOREPOINTER b RANDOM r }
ASSIGNED { x b v }
STATE { s }
FUNCTION_TABLE tt(a, c)
INITIAL {
    x = "text"
    x = "a" + 1
    exp("a")
    x = b
    x = r + random_uniform(r)
    r = 3
    x = random_normal(x) + tt(1)
    x = f_flux + sodium_flux
    printf("%g \q\n", x)
}
BREAKPOINT { SOLVE d METHOD cnexp SOLVE p }
DERIVATIVE d {
    SOLVE d METHOD cnexp
    s' = 1
}
PROCEDURE p() { SOLVE p }
