"""Tilsagn: a knowledge graph of public monetary commitments, traceable to the word."""

__version__ = "0.1.0"
