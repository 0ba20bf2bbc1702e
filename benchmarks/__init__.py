"""Speed of the model, as ratios measured in one run: `make bench`."""
