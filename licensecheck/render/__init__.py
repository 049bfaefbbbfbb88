"""One pure function per output format. What comes from a repo passes through `clean` before a person's terminal shows it."""
