"""Options, commands, and what works on this machine."""

from posecoach.cli.app import main as main
