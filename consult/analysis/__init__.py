"""Statistics: arrays or counts in, frozen results out.

Owns every formula behind a published figure. Knows no survey, no database, no language: it imports nothing of
`consult`, so that it can be checked against R by itself. Wording and drawing happen in `consult.results`.

Start reading at `estimate` (what a figure is, and what stands in its place when there is none). The folders import only
those below them; `trend` (series of waves) stands alone:

    models            what several questions say together: scales, drivers, indices, preferences, path models
    complex_samples   figures and tests under weights, strata and clusters
    simple_samples    figures and tests from counts alone
    sampling          how many to ask, what became of them, weights
    disclosure        what may be published of small groups
    basis             tables counted in one pass, moments, quantiles, many comparisons

Samples with weights, strata or clusters start at `complex_samples.design` (how rows were selected, and the variance
that follows); `complex_samples.linear` holds several estimates with their covariances.

Three rules hold everywhere here:

- A person never meets NaN or an exception: where a figure cannot be given it is None, with a `Reason`. Only a caller's
  mistake (a negative count, a level of 95 instead of 0.95) raises ValueError.
- Missing answers are left out of a figure and counted beside it; they are never a value.
- SciPy's subpackages take 0.3 to 1.8 s to import, most pages need none of them. So modules write `import scipy` and
  call `scipy.special.ndtri(...)`: SciPy itself loads a subpackage at its first use. Never `from scipy.special import`,
  and `scipy.special` rather than `scipy.stats` where both can answer.
"""
