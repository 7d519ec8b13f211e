"""The price board (标价牌): what a customer reads before buying, made from the published list and nothing else.

`composing` makes one value, `board.Board`, whose every text is final; `text`, `html` and `pdf` only lay it out. So no
form of the board can say another price, or leave a condition out, that another form shows (REQ-P-5, P-6a, P-19).
"""
