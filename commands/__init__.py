"""The commands of `sohoa`, by what they are about: each module wires flows and storage to a terminal."""
