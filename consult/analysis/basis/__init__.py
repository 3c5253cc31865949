"""What every figure is made of: tables counted in one pass, covariances, quantiles, tails, many comparisons."""
