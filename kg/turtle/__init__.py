"""Turtle as a text: its tokens and their places, its syntax tree with comments, its canonical layout."""
