CREATE TABLE board_postings (
    number INTEGER NOT NULL,
    list INTEGER NOT NULL,
    how TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    entry_id TEXT NOT NULL,
    CONSTRAINT pk_board_postings PRIMARY KEY (number),
    CONSTRAINT ck_board_postings_how CHECK (how = 'paper'),
    CONSTRAINT fk_board_postings_list FOREIGN KEY(list) REFERENCES price_lists (number),
    CONSTRAINT fk_board_postings_entry_id FOREIGN KEY(entry_id) REFERENCES entry_marks (entry_id)
)
 STRICT
