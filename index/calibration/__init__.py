"""How sure a match is: the null distribution of scores, p-values, false discovery rate, bits (DESIGN 4.3.4)."""
