"""Where the built program starts."""

import multiprocessing
import sys

from ui.__main__ import main

if __name__ == "__main__":
    # Reports and checks run in processes of their own; in a built program they start here again.
    multiprocessing.freeze_support()
    sys.exit(main())
