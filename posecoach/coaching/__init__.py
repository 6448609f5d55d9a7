"""Judgements, a plan and time to views and events."""
