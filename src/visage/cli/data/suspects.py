def suspects() -> None:
    """x."""
