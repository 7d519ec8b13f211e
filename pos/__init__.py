"""The program: what the counter does, the commands, the words people read, devices wired to business.

`bootstrap` is the composition root: it opens a venue's folder and hands settings, clock, keys and records to whoever
needs them; nothing below knows where they came from. `founding` makes a venue. `settings` reads `venue.toml`. `wording`
has the sentence for every error, `languages` its translation. `counter` holds the procedures of the desk without a
screen, `cli` one file for each group of commands.
"""
