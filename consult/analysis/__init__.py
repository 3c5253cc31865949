"""Statistics: arrays or counts in, frozen results out.

Owns every formula behind a published figure. Knows no survey, no database, no language: it imports nothing of
`consult`, so that it can be checked against R by itself. Wording and drawing happen in `consult.results`.

Start reading at `estimate` (what a figure is, and what stands in its place when there is none), then `proportions`.
Samples with weights, strata or clusters start at `design` (how rows were selected, and the variance that follows); the
`design_*` modules estimate from rows and a `Design`, `tables` counts once and `table_estimates`, `crosstab`,
`rao_scott` and others work on the counts alone. `linear` holds several estimates with their covariances.

Three rules hold everywhere here:

- A person never meets NaN or an exception: where a figure cannot be given it is None, with a `Reason`. Only a caller's
  mistake (a negative count, a level of 95 instead of 0.95) raises ValueError.
- Missing answers are left out of a figure and counted beside it; they are never a value.
- SciPy's subpackages take 0.3 to 1.8 s to import, most pages need none of them. So modules write `import scipy` and
  call `scipy.special.ndtri(...)`: SciPy itself loads a subpackage at its first use. Never `from scipy.special import`,
  and `scipy.special` rather than `scipy.stats` where both can answer.
"""
