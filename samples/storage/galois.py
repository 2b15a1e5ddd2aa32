"""Arithmetic of GF(2^8) with the polynomial 0x11D, and a Cauchy matrix for Reed-Solomon coding.

Slow and readable: the reference against which a fast codec is tested.
"""

POLYNOMIAL = 0x11D


def multiply(a, b):
    """Product of two field elements: carry-less multiplication, reduced by the polynomial."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= POLYNOMIAL
        b >>= 1
    return product


def inverse(a):
    """The element that gives 1 when multiplied with a; a is not 0."""
    return next(b for b in range(1, 256) if multiply(a, b) == 1)


def cauchy_row(k, i):
    """Coefficients of parity shard i over k data shards."""
    return [inverse((k + i) ^ j) for j in range(k)]


def encode(shards, m):
    """m parity shards of equally long data shards."""
    k = len(shards)
    parity = []
    for i in range(m):
        row = cauchy_row(k, i)
        parity.append(bytes(
            __import__("functools").reduce(lambda x, y: x ^ y, (multiply(c, s[at]) for c, s in zip(row, shards)))
            for at in range(len(shards[0]))))
    return parity
