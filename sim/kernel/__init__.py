"""The projection made fast: mechanisms are read once, rearranged, and run by an engine.

Nothing of the model is written here. `trace` runs the text of `sim.world` on symbols and keeps what
it does to them; `unroll` strings months together and moves everything that does not change out of
the way; `plan` carries it out in NumPy.
"""
