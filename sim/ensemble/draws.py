from sim.draws import BLOCK, DEFAULT_DRAWS, DEFAULT_SEED, FORMAT, SETS  # noqa: F401
