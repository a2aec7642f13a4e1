"""What started programs and offices see of the machine's environment."""

import os


def own_environment() -> dict[str, str]:
    """Return this process's environment without the settings of the person who runs it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SOHOA_", "PREFECT_"))}
