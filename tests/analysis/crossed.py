"""A small data set without chance in it, that an R script makes in the same way: for figures computed by R.

R 4.2.2, survey 4.1-1:

    i <- 0:119; h <- i %% 3; psu <- i %% 12; w <- 1 + ((i*37) %% 17)/4
    r <- ((i*17 + i %/% 11) %% 13) %% 3; c <- ((i*5 + i %/% 7) %% 9) %% 4; y <- (i*13) %% 29 + 5*(r == 1)
    c[i %% 20 == 3] <- NA
    d <- data.frame(i, h, psu, w, r, c, y, N = c(100, 120, 150)[h + 1], M = c(40, 50, 60)[h + 1])
    strat <- svydesign(~1, strata = ~h, weights = ~w, fpc = ~N, data = d)
    clus <- svydesign(~psu, strata = ~h, weights = ~w, fpc = ~M, data = d)
"""

import numpy as np

from consult.analysis.complex_samples.design import Design

I = np.arange(120)  # noqa: E741 - as in the script
STRATA = I % 3
UNITS = I % 12
WEIGHTS = 1 + (I * 37 % 17) / 4
ROW = ((I * 17 + I // 11) % 13) % 3
COLUMN = np.where(I % 20 == 3, -1, ((I * 5 + I // 7) % 9) % 4)
VALUES = I * 13 % 29 + 5.0 * (ROW == 1)
POPULATION = np.array([100, 120, 150])

STRATIFIED = Design(WEIGHTS, strata=STRATA, fpc=(POPULATION[STRATA].astype(float),))
CLUSTERED = Design(WEIGHTS, strata=STRATA, stages=(UNITS,), fpc=(np.array([40.0, 50, 60])[STRATA],))
