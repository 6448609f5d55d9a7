"""Measurements to repetitions, holds, faults and a verdict; the exercises."""
