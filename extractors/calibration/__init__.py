"""From the signals of a field to the probability that its value is right, and to whether nobody need look."""
