"""How a survey's respondents were chosen, and the weights that make them resemble the population.

Owns the declared design of a survey and its named sets of weights. Knows questions as columns only (`columns.frame`)
and leaves all arithmetic to `analysis.weighting`; pages of figures ask `queries.weights_of(frame, name)`.

Start reading at `declared` (the design) and `recipe` (what a set of weights is), then `weighing` (both made numbers).
Weights are never stored: they are a function of the answers, the recipe and the design, made anew when one changes.
"""
