"""Pose, shared types, errors, translation and files: what every room may use. Imports no other room."""
