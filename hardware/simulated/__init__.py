"""The desk's devices without metal, for the demo, for tests and for a clerk's first lesson.

Each runs in a process of its own (`python -m hardware.simulated.id_reader`, `… .printer`), prints its port on
the first line and then obeys commands from standard input or a script. They are written from the devices' own
descriptions and share no codec with the drivers: a mistake in one is not mirrored in the other.
"""
