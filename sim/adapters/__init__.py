"""Meet others: runs in the shapes that other tools expect."""
