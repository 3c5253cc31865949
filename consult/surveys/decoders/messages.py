"""What respondents read when an answer cannot be taken as it is."""

from __future__ import annotations

from consult.errors import N_

CHOOSE = N_("Choose an answer: “%(question)s”.")
CHOOSE_ROW = N_("Choose an answer in the row “%(row)s”.")
CHOOSE_ONE = N_("Choose only one answer: “%(question)s”.")
CHOOSE_LISTED = N_("Choose one of the answers shown: “%(question)s”.")
CHOOSE_SOME = N_("Choose at least one answer: “%(question)s”.")
CHOOSE_AT_LEAST = N_("Choose at least %(least)s answers: “%(question)s”.")
CHOOSE_AT_MOST = N_("Choose at most %(most)s answers: “%(question)s”.")
CHOOSE_ALONE = N_("“%(option)s” cannot be chosen together with other answers. Choose one or the other.")
CHOOSE_NUMBER = N_("Choose a number from %(low)s to %(high)s: “%(question)s”.")
WRITE = N_("Write an answer: “%(question)s”.")
WRITE_NUMBER = N_("Write a number, for example 25: “%(question)s”.")
WRITE_WHOLE = N_("Write a whole number, without a decimal part or separators: “%(question)s”.")
WRITE_DECIMALS = N_("Write at most %(decimals)s digits after the decimal point: “%(question)s”.")
WRITE_BETWEEN = N_("Write a number from %(low)s to %(high)s: “%(question)s”.")
WRITE_AT_LEAST = N_("Write a number that is at least %(low)s: “%(question)s”.")
WRITE_AT_MOST = N_("Write a number that is at most %(high)s: “%(question)s”.")
WRITE_LESS = N_("Shorten your answer to %(most)s characters (now %(now)s): “%(question)s”.")
WRITE_MORE = N_("Write at least %(least)s characters: “%(question)s”.")
ONE_VALUE = N_("This was sent twice with different answers. Answer it once: “%(question)s”.")
