"""What each command does, a file for each; `cli.app` imports one only when it runs."""
