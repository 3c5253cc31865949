"""What staff do with designs and weights, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "design.declared": N_("Sampling design declared"),
    "design.withdrawn": N_("Declared sampling design taken back"),
    "weights.saved": N_("Weights saved"),
    "weights.deleted": N_("Weights deleted"),
    "weights.default": N_("Weights of published results chosen"),
}
WORDS: dict[str, str] = {
    "design": N_("Sampling design"),
    "population": N_("Population"),
    "weights": N_("Weights"),
    "margins": N_("Distributions of the population"),
}
