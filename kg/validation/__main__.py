"""The process that a validation runs in, where none was begun ahead."""

from __future__ import annotations

from kg.validation import ahead

if __name__ == "__main__":
    ahead.import_shared()
    ahead.read()
