"""What a worker process runs: Amazon's runtime interface client, for as long as the world lives.

The world holds the other end of standard input. When it goes, however it goes, the read returns and so do we.
"""

import os
import sys
import threading

from awslambdaric.__main__ import main


def leave_with_the_world() -> None:
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=leave_with_the_world, daemon=True).start()
    main(sys.argv)
