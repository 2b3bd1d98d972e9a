"""The process that a validation runs in: the judge is started first, and imports while this one does."""

from __future__ import annotations

import gc

from kg.validation.confine import confine
from kg.validation.start import start_judge

if __name__ == "__main__":
    confine()
    gc.disable()  # one run, then the end of the process: nothing to collect in time
    judge = start_judge()
    from kg.validation.run import main

    main(judge)
