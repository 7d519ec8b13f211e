"""What the counter does, without a screen: check in, seat, sell, take deposits, settle, close the shift, print.

Each operation is one transaction and one commit; only then are devices told (I-9), and nobody waits for them. Desk,
command line and scripted day all call these operations and no others. Every operation asks first whether the person's
role may do it; nothing here can open what was sealed (I-8).

A request carries an id that its maker chose. Asked again with the same id, an operation answers what it answered the
first time: whoever never saw the answer to a payment tries again without paying twice.
"""
