"""Devices of the cashier's desk, and the bytes that go over their lines.

A leaf of the house: it knows ID-card readers and receipt printers and nothing of visits, money or people.
What a card reader returns stays an opaque block (`DocumentRead`); what a printer gets is a device-neutral
`ReceiptDocument`. Only `pos` imports this package.

Everything that waits takes a `Deadline`, so that no unplugged, silent or stalled device can hold the desk.
"""
