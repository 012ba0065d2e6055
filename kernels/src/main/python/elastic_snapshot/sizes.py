"""Where a buffer goes, by its size."""

INBAND_BYTES = 4096  # a smaller buffer costs less inside its pickle than beside it
BLOB_BYTES = 1 << 20  # from here on a buffer or pickle is a file of its own, named by its content
