"""The process that a validation runs in: it may be killed, and reaches no network."""

from __future__ import annotations

import gc

if __name__ == "__main__":
    gc.disable()  # one run, then the end of the process: nothing to collect in time
    from kg.validation.confine import confine

    confine()
    from kg.validation.run import main

    main()
