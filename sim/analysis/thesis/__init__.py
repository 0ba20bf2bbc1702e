"""The six hypotheses put to the test: designs, runs, figures by set, verdicts, where they flip."""
