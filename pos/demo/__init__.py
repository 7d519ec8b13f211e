"""The scripted day: a fresh venue, simulated devices in processes of their own, and customers who come and go.

Nothing here is a second path: the venue is founded as `init` founds one, cards are read over a pseudo-terminal, slips
go to a printer over TCP, and everything else is done by the counter's operations. `plan` says who comes when (pure, by
a seed), `customers` plays them at the counter, `day` lets the hours pass, `devices` runs the simulators, `scripted` is
the whole of it.
"""
