"""CPU time of processes with their children: what `consult rehearse` measures by."""

from consult.cli.rehearsal.processes import TICK_S, cpu_s

__all__ = ["TICK_S", "cpu_s"]
