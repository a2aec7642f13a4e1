"""The noun that calibration learns from: a value that was read, and whether it is right."""

from dataclasses import dataclass

from extractors.signals import KIND


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value that was read, and whether it is right.

    Attributes:
        dossier: What tells dossiers apart; never stored.
        paper_type, field: Which field it is.
        signals: As stored with the field.
        right: True when it is the value that is on the paper.
    """

    dossier: str
    paper_type: str
    field: str
    signals: tuple[str, ...]
    right: bool

    @property
    def kind(self) -> str:
        """How the value is read; empty where the signals do not say."""
        return next((signal.removeprefix(KIND) for signal in self.signals if signal.startswith(KIND)), "")
