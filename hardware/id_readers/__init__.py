"""ID-card readers: the frames of the SAM_V module, and the reader that finds, selects and reads a card."""
